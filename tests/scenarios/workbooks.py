"""Workbooks as counties print them, and how an office brings one in: told once how it is read, then without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.scenarios.conftest import County

__all__ = ["form", "said_once", "two_levels"]


def form(here: County, name: str, heads: Sequence[str], rows: Sequence[Sequence[str | None]]) -> str:
    """Write a workbook as a county prints its plan: title, unit, head, rows with their groups, total."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([f"{name}财政衔接推进乡村振兴补助资金安排表"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(heads))
    sheet.append([*[None] * (len(heads) - 1), "单位:万元"])
    sheet.append([*heads])
    for row in rows:
        sheet.append([*row[:-1], float(row[-1] or 0)])
    path = here.folder / f"{name}.xlsx"
    book.save(path)
    return str(path)


def said_once(here: County, file: str, name: str, *flags: str) -> None:
    """Tell once how the county's form is read; then import it without a flag but the kind."""
    here.program.ok("import", "inspect", file, *flags, "--save-profile", name)
    kind = flags[flags.index("--kind") + 1]
    checked = here.program.json("import", "check", file, "--kind", kind)
    assert (checked["ok"], checked["profile"]) == (True, name)
    assert here.program.json("import", "apply", file, "--kind", kind)["repeated"] is False


def two_levels(
    here: County, title: str, heads: Sequence[tuple[str, Sequence[str]]], rows: Sequence[Sequence[object]], note: str
) -> str:
    """Write a workbook with a head of two levels, merged as people merge it, and a note below."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([title])
    upper: list[str | None] = [
        cell for over, under in heads for cell in (over, *[None] * (len(under) - 1 if under else 0))
    ]
    sheet.append(upper)
    sheet.append([cell for _, under in heads for cell in (under or ("",))])
    column = 1
    for _, under in heads:
        last = column + len(under) - 1 if under else column
        sheet.merge_cells(start_row=2, end_row=2 if under else 3, start_column=column, end_column=last)
        column = last + 1
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=column - 1)
    for row in rows:
        sheet.append(list(row))
    sheet.append([note])
    path = here.folder / f"{title}.xlsx"
    book.save(path)
    return str(path)

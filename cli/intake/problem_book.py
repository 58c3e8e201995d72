"""Refusals as a workbook to work from: the operator's own file with its cells marked, or else a list of the places.

The own file is annotated up to 5,000 rows and only where it is an ordinary XLSX; everything else gets the list.
"""

from __future__ import annotations

import io
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.intake.reader.formats import Format, sniff
from cli.intake.sheets import PROBLEMS_SHEET
from cli.intake.template import write_new
from ledger.characters import quoted
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cli.intake.problems import Problem
    from cli.intake.source import Source

__all__ = ["HEADS", "WIDTHS", "Written", "free_name", "line_of", "write_problems"]

HEADS: Final = ("工作表", "行", "列", "填的内容", "问题", "怎么办", "依据")
WIDTHS: Final = (14, 8, 20, 24, 50, 50, 30)
_MOST_ANNOTATED: Final = 5_000


class Written(NamedTuple):
    """The workbook that was written, and whether it is the own file with its cells marked."""

    path: Path
    annotated: bool

    @property
    def what_to_do(self) -> str:
        """How to go on with it."""
        return f"请在 {self.path} 里按标红的位置改正" if self.annotated else f"请按 {self.path} 所列的位置改正原表"


def write_problems(source: Source, rows: int, problems: Sequence[Problem], path: Path) -> Written:
    """Write the workbook of what is wrong with a file of so many rows.

    Raises:
        StorageError: the file exists already or cannot be written.
        ValueRefusedError: the name does not end in .xlsx.
    """
    if path.suffix.lower() != ".xlsx":
        message = f"文件名{quoted(path.name)}应以 .xlsx 结尾"
        raise ValueRefusedError("import.problems_name", message, hint=f"例如 -o {path.stem}.xlsx")
    annotated = None
    if rows <= _MOST_ANNOTATED and sniff(source) is Format.XLSX:
        from cli.intake.annotating import annotated_copy

        annotated = annotated_copy(source, problems)
    write_new(path, annotated or _listed(problems))
    return Written(path, annotated is not None)


def free_name(file: Path) -> Path:
    """Return a name beside the file that nothing has yet: ``表.问题.xlsx``, then ``表.问题-2.xlsx`` and so on."""
    names = (f"{file.stem}.问题{f'-{number}' if number > 1 else ''}.xlsx" for number in count(1))
    return next(path for path in map(file.with_name, names) if not path.exists())


def line_of(problem: Problem) -> tuple[str | int, ...]:
    """Return a problem as a row under ``HEADS``."""
    return (
        problem.sheet,
        problem.row,
        problem.column,
        problem.value,
        problem.message,
        problem.hint,
        problem.rule,
    )


def _listed(problems: Sequence[Problem]) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet: Any = book.add_worksheet(PROBLEMS_SHEET)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(problems), len(HEADS) - 1)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for index, (head, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
            sheet.write_string(0, index, head, book.add_format({"bold": True}))
            sheet.set_column(index, index, width, wrapped)
        for row, problem in enumerate(problems, start=1):
            for index, value in enumerate(line_of(problem)):
                if isinstance(value, int):
                    sheet.write_number(row, index, value)
                else:
                    sheet.write_string(row, index, value)
    return buffer.getvalue()

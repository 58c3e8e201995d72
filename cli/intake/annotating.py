"""The operator's own workbook with what is wrong marked in it: a red cell, a comment, and a first sheet that lists all.

Only here is a workbook changed rather than read or made anew, so only here openpyxl is used. It expands what it loads:
a workbook that is not small, or not sound in every part, is left alone and gets a list instead.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from cli.intake.columns import column_index
from cli.intake.problem_book import HEADS, WIDTHS, line_of
from cli.intake.reader.parts import Walk, part_names, walk_part
from cli.intake.reader.scan import scan_book, scan_sheet
from cli.intake.sheets import PROBLEMS_SHEET
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cli.intake.problems import Problem
    from cli.intake.source import Source

__all__ = ["annotated_copy"]

_MOST_CELLS: Final = 150_000  # of all sheets; openpyxl takes some 10 µs for each
_MOST_MERGED: Final = 100_000  # places under merged ranges, each of which becomes a cell
_RED: Final = "FFFFC7CE"
_AUTHOR: Final = "衔接账本"
_COMMENT_SIZE: Final = (120, 320)
_RANGE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


def annotated_copy(source: Source, problems: Sequence[Problem]) -> bytes | None:
    """Return the workbook with its refused cells marked, or None where it cannot be copied safely."""
    if not _is_ordinary(source):
        return None
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(source.content))
        _annotate(book, problems)
        buffer = io.BytesIO()
        book.save(buffer)
    except Exception:  # noqa: BLE001 - the library over anybody's bytes: whatever it stumbles over, the list is written
        return None
    return buffer.getvalue()


def _is_ordinary(source: Source) -> bool:
    """Say whether every part is sound, without a document type, and no sheet expands to more than it shows."""
    cells, merged = 0, _Merged()
    try:
        book = scan_book(source)
        for sheet in book.sheets:
            cells += scan_sheet(source, sheet, book.texts).cells
            walk_part(source, sheet.part, merged)
        for name in sorted(part_names(source)):
            if name.endswith((".xml", ".rels", ".vml")):
                walk_part(source, name, Walk())
    except ValueRefusedError:
        return False
    return cells <= _MOST_CELLS and merged.places <= _MOST_MERGED


class _Merged(Walk):
    """Adds up the places under merged ranges."""

    def __init__(self) -> None:
        self.places = 0

    @override
    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name != "mergeCell":
            return
        found = _RANGE.fullmatch(attributes.get("ref", ""))
        if found is None:
            raise ValueError(attributes)
        columns = column_index(found[3]) - column_index(found[1]) + 1
        self.places += columns * (int(found[4]) - int(found[2]) + 1)


def _annotate(book: Any, problems: Sequence[Problem]) -> None:  # noqa: ANN401 - openpyxl's book, imported late
    if PROBLEMS_SHEET in book.sheetnames:  # of an earlier round
        del book[PROBLEMS_SHEET]
    places: dict[tuple[str, int, int], list[Problem]] = {}
    for problem in problems:
        letters = problem.column.partition(" ")[0]
        column = column_index(letters) if letters.isascii() and letters.isalpha() else 0
        places.setdefault((problem.sheet, problem.row, column), []).append(problem)
    for name in {sheet for sheet, _, _ in places}:
        _clear(book[name])
    for (name, row, column), found in places.items():
        _mark(book[name], row, column, found)
    _write_list(book.create_sheet(PROBLEMS_SHEET, 0), problems)
    book.active = 0


def _clear(sheet: Any) -> None:  # noqa: ANN401 - openpyxl's sheet
    """Take away the marks of an earlier round."""
    from openpyxl.styles import PatternFill

    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == _AUTHOR:
                cell.comment, cell.fill = None, PatternFill()


def _mark(sheet: Any, row: int, column: int, found: Iterable[Problem]) -> None:  # noqa: ANN401 - openpyxl's sheet
    from openpyxl.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(row, column + 1)
    if isinstance(cell, MergedCell):  # only the first cell of a merged range can carry anything
        ranges = (each for each in sheet.merged_cells.ranges if cell.coordinate in each)
        cell = next(sheet.cell(each.min_row, each.min_col) for each in ranges)
    text = "\n".join(f"{each.message}\n怎么办:{each.hint}" for each in found)
    before = f"{cell.comment.text}\n" if cell.comment is not None else ""
    height, width = _COMMENT_SIZE
    cell.comment = Comment(f"{before}{text}", _AUTHOR, height=height, width=width)
    cell.fill = PatternFill("solid", fgColor=_RED)


def _write_list(sheet: Any, problems: Iterable[Problem]) -> None:  # noqa: ANN401 - openpyxl's sheet
    from openpyxl.styles import Font

    sheet.freeze_panes = "A2"
    for row, line in enumerate((HEADS, *map(line_of, problems)), start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"  # text that begins with = stays text
            if row == 1:
                cell.font = Font(bold=True)
    for index, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + index)].width = width

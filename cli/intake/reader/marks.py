"""Cells that the reading library gives as nothing, or as something else than people see: put in by their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from cli.intake.cells import BadCell, Cell
from cli.intake.reader.book import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["ERROR", "NOT_COMPUTED", "Place", "marked"]

Place: TypeAlias = tuple[int, int]
"""A row, counted from 1 as in Excel, and a column, counted from 0."""

ERROR: Final = BadCell("cell.error", "单元格是错误值(如 #N/A、#REF!)", "请改正公式,或按原件填写")
NOT_COMPUTED: Final = BadCell(
    "cell.not_computed", "单元格是没有算出结果的公式", "请在表格软件中打开并保存,或直接填写数值"
)


def marked(rows: Iterable[tuple[int, list[Cell]]], marks: Mapping[Place, Cell]) -> Iterator[Row]:
    """Yield the rows by number with the marked cells in their places; rows of marks alone come last."""
    by_row: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in marks.items():
        by_row.setdefault(row, {})[column] = cell
    for number, cells in rows:
        if number in by_row:
            _mark(cells, by_row.pop(number))
        yield Row(number, tuple(cells))
    for number in sorted(by_row):
        blank: list[Cell] = []
        _mark(blank, by_row[number])
        yield Row(number, tuple(blank))


def _mark(cells: list[Cell], marks: Mapping[int, Cell]) -> None:
    cells.extend([None] * (max(marks) + 1 - len(cells)))
    for column, cell in marks.items():
        cells[column] = cell

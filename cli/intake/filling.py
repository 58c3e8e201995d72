"""Merged cells: a place or a document holds for every row of the range, an amount for none but the range itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.intake.cells import BadCell, Cell, is_blank
from cli.intake.heads.names import words
from cli.intake.reader.book import Row

if TYPE_CHECKING:
    from cli.intake.opening import Opened
    from cli.intake.reader.book import Merge

__all__ = ["Filling"]


class Filling:
    """Fills the rows of one sheet as they come, from the top down."""

    def __init__(self, opened: Opened) -> None:
        filled = frozenset(words()["filled_down"])
        money = {found.index for found in opened.layout.found if found.column.money}
        down = {found.index for found in opened.layout.found if found.column.field in filled} - money
        self._starts: dict[int, list[Merge]] = {}
        for merge in opened.facts.merges:
            if merge.last_row > merge.first_row > opened.head.last and merge.first_column in down | money:
                self._starts.setdefault(merge.first_row, []).append(merge)
        self._money = money
        self._open: dict[int, tuple[int, Cell]] = {}

    def filled(self, row: Row) -> Row:
        """Return the row with what merged cells above it say; an amount over several rows becomes a bad cell."""
        starting = self._starts.get(row.number, ())
        if not starting and not self._open:
            return row
        cells = list(row.cells)
        for merge in starting:
            column = merge.first_column
            cell = cells[column] if column < len(cells) else None
            if column in self._money:
                cell = None if is_blank(cell) else _over_several(merge)
            self._open[column] = (merge.last_row, cell)
        for column, (last, cell) in list(self._open.items()):
            if row.number > last:
                del self._open[column]
                continue
            cells.extend([None] * (column + 1 - len(cells)))
            if is_blank(cells[column]) or isinstance(cell, BadCell):
                cells[column] = cell
        return Row(row.number, tuple(cells))


def _over_several(merge: Merge) -> BadCell:
    return BadCell(
        "cell.merged_amount",
        f"金额是合并单元格,跨第 {merge.first_row} 至 {merge.last_row} 行,不知道每行各是多少",
        "请取消合并,逐行填写金额",
    )

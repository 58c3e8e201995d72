"""The values of one row: each cell read by its column, in its unit, through the words of the profile."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.intake.cells import Cell, as_day, is_blank
from cli.intake.columns import column_letter
from cli.intake.heads.names import plain, words
from ledger.errors import LedgerError, ValueRefusedError
from ledger.money import Unit

if TYPE_CHECKING:
    from cli.intake.columns import Column, Found
    from cli.intake.opening import Opened
    from cli.intake.reader.book import Row

__all__ = ["Values"]

_UNCHANGING: Final = (str, int, date)  # what one row may share with another
_MOST_REMEMBERED: Final = 1_000  # cells of a column; memory stays bounded where each is another
_LONGEST_NOTHING: Final = 6  # signs, with blanks among them
_OWN_UNIT: Final = ("元", "万", "亿", "整", "正", "角", "分")


class _NoUnitError(ValueRefusedError):
    """Not one row but the whole file lacks something: told once, not once a row."""


class _Place:
    """A column where it stands in the sheet, and what it made of earlier cells: places and years repeat row by row."""

    __slots__ = ("column", "constant", "field", "found", "index", "known", "may_be_empty")

    def __init__(self, found: Found, constant: str | None) -> None:
        self.found, self.column, self.index, self.field = found, found.column, found.index, found.column.field
        self.constant = constant
        self.may_be_empty = constant is None and not found.column.required
        self.known: dict[str | int, Any] = {}


class Values:
    """Reads the rows of one opened sheet."""

    def __init__(self, opened: Opened) -> None:
        found, layout = opened.layout.found, opened.layout
        self._from_1904 = opened.facts.from_1904
        here = {each.column.field for each in found}
        constants = {column.field: text for column, text in layout.constants}
        self._places = [_Place(each, constants.get(each.column.field)) for each in found]
        self._absent = [(column, text) for column, text in layout.constants if column.field not in here]
        headed = {each.index for each in found} | {*layout.ignored, *layout.unknown}
        self._width = max(headed, default=-1) + 1
        self._headless = [index for index in range(self._width) if index not in headed]
        self._nothing = {plain(sign) for sign in words()["nothing"]}
        self._words = {
            column: {plain(word): meaning for word, meaning in meanings.items()}
            for column, meanings in opened.profile.words.items()
        }

    def of(self, row: Row) -> tuple[dict[str, Any], list[tuple[str, LedgerError]]]:
        """Return the values by field, and what is wrong by place.

        Raises:
            ValueRefusedError: an amount has no unit, neither in its head nor in its cell: the whole file needs one.
        """
        values: dict[str, Any] = {}
        wrong: list[tuple[str, LedgerError]] = []
        cells, width = row.cells, len(row.cells)
        for place in self._places:
            cell = cells[place.index] if place.index < width else None
            if cell is None and place.may_be_empty:
                continue
            # A truth value is no 1, and a decimal no whole number: only what is exactly the same is remembered.
            if (type(cell) is str or type(cell) is int) and cell in place.known:
                values[place.field] = place.known[cell]
                continue
            try:
                self._take(cell, place, values)
            except _NoUnitError:
                raise
            except LedgerError as error:
                wrong.append((place.found.where, error))
        for column, text in self._absent:
            try:
                values[column.field] = self._read(text, column, None)
            except LedgerError as error:
                wrong.append((f"格式给定的“{column.head}”", error))
        if self._headless or width > self._width:
            wrong += self._beyond(row)
        return values, wrong

    def _take(self, cell: Cell, place: _Place, values: dict[str, Any]) -> None:
        """Put what a cell says, if anything, among the values. Raises ValueRefusedError."""
        read = place.constant if self._is_nothing(cell, place.column) else cell
        if is_blank(read):
            if place.column.required:
                # The note of an amount speaks of its unit, which is not what is missing.
                hint = "" if place.column.money else place.column.note
                raise ValueRefusedError("cell.missing", "没有填写", hint=hint or "请按原件填写")
            return
        value = values[place.field] = self._read(read, place.column, place.found)
        if len(place.known) >= _MOST_REMEMBERED or not isinstance(value, _UNCHANGING):
            return
        if type(cell) is str or type(cell) is int:
            place.known[cell] = value

    def meaning(self, column: Column, text: str) -> str:
        """Return what a word of the form means in a column: the word itself, unless the profile says otherwise."""
        return self._words.get(column.head, {}).get(plain(text), text)

    def _is_nothing(self, cell: Cell, column: Column) -> bool:
        """Say whether nothing is filled in: for amounts, days and figures also by a dash, a stroke or 无."""
        if is_blank(cell):
            return True
        if not (column.money or column.day or column.sparse):
            return False
        return isinstance(cell, str) and len(cell) <= _LONGEST_NOTHING and plain(cell) in self._nothing

    def _read(self, cell: Cell, column: Column, found: Found | None) -> Any:  # noqa: ANN401 - what the column's reader gives
        if column.head in self._words and isinstance(cell, str):
            cell = self.meaning(column, cell)
        if column.day:
            return as_day(cell, from_1904=self._from_1904)
        unit = found.unit if found else Unit.YUAN
        if unit is None and column.money and not _states_unit(cell):
            place = found.where if found else column.head
            raise _NoUnitError(
                "import.no_unit",
                f"{place}的金额没有写明单位:表头、表上方和单元格里都没有",
                hint="请加 --unit 万元(或 元、亿元)指明,或在表头写明,如 金额(万元)",
            )
        return column.read(cell, unit or Unit.YUAN)

    def _beyond(self, row: Row) -> list[tuple[str, LedgerError]]:
        """Report a filled cell under no head: it would be lost without a word."""
        for index in (*self._headless, *range(self._width, len(row.cells))):
            if index < len(row.cells) and not is_blank(row.cells[index]):
                error = ValueRefusedError("cell.no_column", "内容不在任何一列之下", hint="请补上列名,或删去该内容")
                return [(f"{column_letter(index)} 列", error)]
        return []


def _states_unit(cell: Cell) -> bool:
    """Say whether the amount needs no unit from elsewhere: it has its own, or it is no amount at all."""
    if isinstance(cell, str):
        return plain(cell).endswith(_OWN_UNIT)
    return isinstance(cell, bool) or not isinstance(cell, int | Decimal)

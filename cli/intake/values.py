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
_MOST_REMEMBERED: Final = 1_000  # texts of a column; memory stays bounded where each is another
_LONGEST_NOTHING: Final = 6  # signs, with blanks among them
_OWN_UNIT: Final = ("元", "万", "亿", "整", "正", "角", "分")


class _NoUnitError(ValueRefusedError):
    """Not one row but the whole file lacks something: told once, not once a row."""


class Values:
    """Reads the rows of one opened sheet."""

    def __init__(self, opened: Opened) -> None:
        self._found = opened.layout.found
        self._known = {found.index for found in opened.layout.found} | {*opened.layout.ignored, *opened.layout.unknown}
        self._from_1904 = opened.facts.from_1904
        here = {found.column.field for found in self._found}
        self._constant_of = {column.field: text for column, text in opened.layout.constants}
        self._absent = [(column, text) for column, text in opened.layout.constants if column.field not in here]
        self._remembered: dict[str, dict[str, Any]] = {}
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
        for found in self._found:
            cell = row.cells[found.index] if found.index < len(row.cells) else None
            if self._is_nothing(cell, found.column):
                cell = self._constant_of.get(found.column.field)
            try:
                if is_blank(cell):
                    if found.column.required:
                        raise ValueRefusedError("cell.missing", "没有填写", hint=found.column.note or "请按原件填写")
                    continue
                values[found.column.field] = self._read_again(cell, found)
            except _NoUnitError:
                raise
            except LedgerError as error:
                wrong.append((found.where, error))
        for column, text in self._absent:
            try:
                values[column.field] = self._read(text, column, None)
            except LedgerError as error:
                wrong.append((f"格式给定的“{column.head}”", error))
        wrong += self._beyond(row)
        return values, wrong

    def _read_again(self, cell: Cell, found: Found) -> Any:  # noqa: ANN401 - what the column's reader gives
        """Read a cell, or remember what its column made of the same text: places and documents repeat row after row."""
        if not isinstance(cell, str):
            return self._read(cell, found.column, found)
        known = self._remembered.setdefault(found.column.field, {})
        if cell in known:
            return known[cell]
        value = self._read(cell, found.column, found)
        if isinstance(value, _UNCHANGING) and len(known) < _MOST_REMEMBERED:
            known[cell] = value
        return value

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
        for index, cell in enumerate(row.cells):
            if index not in self._known and not is_blank(cell):
                error = ValueRefusedError("cell.no_column", "内容不在任何一列之下", hint="请补上列名,或删去该内容")
                return [(f"{column_letter(index)} 列", error)]
        return []


def _states_unit(cell: Cell) -> bool:
    """Say whether the amount needs no unit from elsewhere: it has its own, or it is no amount at all."""
    if isinstance(cell, str):
        return plain(cell).endswith(_OWN_UNIT)
    return isinstance(cell, bool) or not isinstance(cell, int | Decimal)

"""One cell: what a sheet can hold, and how it becomes text, a day, or an exact amount.

Spreadsheets change what people type: codes become numbers and lose digits, dates become numbers, errors become text.
Whatever can no longer be known for certain is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from cli.values import parse_year, parse_yes_no
from ledger.characters import half_width, quoted
from ledger.dates import format_date, parse_date
from ledger.errors import ValueRefusedError
from ledger.money import parse_positive_money

if TYPE_CHECKING:
    from ledger.money import Fen, Unit

__all__ = ["BadCell", "Cell", "as_day", "as_money", "as_text", "as_whole", "as_year", "as_yes_no", "is_blank"]


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that holds no value: an error, or a formula that was never computed."""

    code: str
    message: str
    hint: str


Cell: TypeAlias = str | int | Decimal | date | bool | BadCell | None

_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})
_EXACT_DIGITS: Final = 15  # a double keeps 15 digits; from there on a code has lost its end


def is_blank(cell: Cell) -> bool:
    """Say whether nothing was filled in."""
    return cell is None or (isinstance(cell, str) and not half_width(cell))


def as_text(cell: Cell) -> str:
    """Return the text of a cell; a whole number short enough to be exact is its digits. Raises ValueRefusedError."""
    match _sound(cell):
        case str(text):
            return half_width(text) if text.isascii() else text.strip()
        case bool():
            raise _refused("cell.not_text", "是逻辑值,不是文字", "请把该列设为文本格式后重新填写")
        case int() | Decimal() as number:
            if number != int(number):
                raise _refused("cell.not_text", f"是小数 {number},不是编号", "请把该列设为文本格式后重新填写")
            if abs(int(number)) >= 10 ** (_EXACT_DIGITS - 1):
                raise _refused(
                    "cell.long_number",
                    f"是以数值保存的长编号 {int(number)},末几位可能已经失真",
                    "请把该列设为文本格式,再按原件重新填写",
                )
            return str(int(number))
        case date() as day:
            raise _refused(
                "cell.date_for_text", f"是日期 {format_date(day)},应为文字", "请把该列设为文本格式后重新填写"
            )
        case _:
            return ""


def as_day(cell: Cell) -> date:
    """Return the day of a date cell, or the day that its text states. Raises ValueRefusedError."""
    found = _sound(cell)
    return found if isinstance(found, date) else parse_date(as_text(found))


def as_money(cell: Cell, unit: Unit) -> Fen:
    """Return the amount in fen, exactly; numbers are taken in ``unit``. Raises ValueRefusedError."""
    found = _sound(cell)
    if isinstance(found, bool | date):
        raise _refused("money.not_a_number", "不是金额", "请填写数字")
    return parse_positive_money("" if found is None else found, unit)


def as_year(cell: Cell) -> int:
    """Return the plan year. Raises ValueRefusedError."""
    return parse_year(as_text(cell))


def as_whole(cell: Cell) -> int:
    """Return the whole number, 0 or more; a percent sign after it means nothing. Raises ValueRefusedError."""
    text = as_text(cell).removesuffix("%")
    if not (text.isascii() and text.isdigit()):
        raise _refused("cell.not_whole", f"{quoted(text)}不是不小于零的整数", "请填写整数")
    return int(text)


def as_yes_no(cell: Cell) -> bool:
    """Return whether the cell says 是. Raises ValueRefusedError."""
    return cell if isinstance(cell, bool) else parse_yes_no(as_text(cell))


def _sound(cell: Cell) -> str | int | Decimal | date | bool | None:
    if isinstance(cell, BadCell):
        raise ValueRefusedError(cell.code, cell.message, hint=cell.hint)
    if isinstance(cell, str) and half_width(cell).upper() in _ERRORS:
        raise _refused("cell.error", f"是错误值{quoted(cell)}", "请改正公式,或按原件填写")
    return cell


def _refused(code: str, reason: str, hint: str) -> ValueRefusedError:
    return ValueRefusedError(code, f"单元格{reason}", hint=hint)

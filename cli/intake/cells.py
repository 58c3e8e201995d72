"""One cell: what a sheet can hold, and how it becomes text, a day, or an exact amount.

Spreadsheets change what people type: codes become numbers and lose digits, dates become numbers, errors become text.
Whatever can no longer be known for certain is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from cli.values import parse_year, parse_yes_no
from ledger.characters import half_width, quoted
from ledger.dates import format_date, parse_date
from ledger.errors import ValueRefusedError
from ledger.money import MAX_FEN, parse_positive_money

if TYPE_CHECKING:
    from ledger.money import Fen, Unit

__all__ = [
    "BadCell",
    "Cell",
    "as_code",
    "as_day",
    "as_line",
    "as_money",
    "as_text",
    "as_whole",
    "as_year",
    "as_yes_no",
    "is_blank",
]


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that holds no value: an error, or a formula that was never computed."""

    code: str
    message: str
    hint: str


Cell: TypeAlias = str | int | Decimal | date | bool | BadCell | None

_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_UNKNOWN_SIGN: Final = re.compile(r"[\ue000-\uf8ff\ufffd]")  # private use: only the font of the writer knows them
_ODD_SIGN: Final = re.compile(f"{_INVISIBLE.pattern}|{_UNKNOWN_SIGN.pattern}")
_BREAK: Final = re.compile(r"[ \t\u00a0\u3000]*[\r\n]+[ \t\u00a0\u3000]*")
_GAP: Final = re.compile(r"(?<=[\u4e00-\u9fff])[ \t\u00a0\u3000]+(?=[\u4e00-\u9fff])")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SAFE_RESIDUE: Final = Decimal("0.001")  # of a fen; what adding doubles leaves behind is far less
_LOST_DIGITS: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{1,3}")  # what a spreadsheet makes of long codes in a CSV
_EXACT_DIGITS: Final = 15  # a double keeps 15 digits; from there on a code has lost its end


def is_blank(cell: Cell) -> bool:
    """Say whether nothing was filled in."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def as_text(cell: Cell) -> str:
    """Return the text of a cell; a whole number short enough to be exact is its digits. Raises ValueRefusedError."""
    if type(cell) is str and cell.isascii() and "#" not in cell:
        return cell.strip()
    match _sound(cell):
        case str(text):
            if not _ODD_SIGN.search(text):
                return text.strip()
            seen = _INVISIBLE.sub("", text)
            if _UNKNOWN_SIGN.search(seen):
                raise _refused("cell.unknown_sign", f"里有读不出的字:{quoted(seen)}", "请按原件重新填写这个字")
            return seen.strip()
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


def as_line(cell: Cell) -> str:
    """Return the text of a cell on one line, without the blanks that spread Chinese signs. Raises ValueRefusedError."""
    text = as_text(cell)
    if "E+" in text and _LOST_DIGITS.fullmatch(text):
        raise _refused(
            "cell.long_number",
            f"是 {text}:编号存成了数值,后面的数字已经丢失",
            "请把该列设为文本格式,按原件重新填写,再另存",
        )
    return text if len(text.split()) <= 1 else _GAP.sub("", _BREAK.sub("", text))


def as_code(cell: Cell) -> str:
    """Return the code of a cell; full-width letters and digits are those they mean. Raises ValueRefusedError."""
    return half_width(as_line(cell))


def as_day(cell: Cell, *, from_1904: bool = False) -> date:
    """Return the day of a date cell, of a text, or of a bare number as spreadsheets count days.

    A number from 20,000 to 80,000 counts days from 1899-12-30, or from 1904-01-01; a longer one is like 20221103.
    Raises ValueRefusedError.
    """
    found = _sound(cell)
    if isinstance(found, date):
        return found
    text = as_line(found)
    if text.isascii() and text.isdigit() and _FIRST_SERIAL <= int(text[:9]) <= _LAST_SERIAL:
        return (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(days=int(text))
    return parse_date(text)


def as_money(cell: Cell, unit: Unit) -> Fen:
    """Return the amount in fen, exactly; numbers are taken in ``unit``. Raises ValueRefusedError."""
    found = _sound(cell)
    if isinstance(found, bool | date):
        raise _refused("money.not_a_number", "不是金额", "请填写数字")
    if isinstance(found, Decimal):
        fen = _nearest_fen(found, unit)
        if fen is not None and 0 < fen <= MAX_FEN:
            return int(fen)
        found = found if fen is None else fen / unit
    elif isinstance(found, str):
        found = _INVISIBLE.sub("", found)
    return parse_positive_money("" if found is None else found, unit)


def as_year(cell: Cell) -> int:
    """Return the plan year. Raises ValueRefusedError."""
    return parse_year(as_line(cell).removesuffix("年度").removesuffix("年"))


def as_whole(cell: Cell) -> int:
    """Return the whole number, 0 or more; a percent sign after it means nothing. Raises ValueRefusedError."""
    text = as_text(cell).removesuffix("%")
    if not (text.isascii() and text.isdigit()):
        raise _refused("cell.not_whole", f"{quoted(text)}不是不小于零的整数", "请填写整数")
    return int(text)


def as_yes_no(cell: Cell) -> bool:
    """Return whether the cell says 是. Raises ValueRefusedError."""
    return cell if isinstance(cell, bool) else parse_yes_no(as_text(cell))


def _nearest_fen(number: Decimal, unit: Unit) -> Decimal | None:
    """Return the whole fen that a number is but for what binary arithmetic left behind, or None."""
    if not number.is_finite() or number.adjusted() > _EXACT_DIGITS:
        return None
    fen = number * unit
    whole = fen.to_integral_value()
    return whole if abs(fen - whole) <= _SAFE_RESIDUE else None


def _sound(cell: Cell) -> str | int | Decimal | date | bool | None:
    if isinstance(cell, BadCell):
        raise ValueRefusedError(cell.code, cell.message, hint=cell.hint)
    if isinstance(cell, str) and ("#" in cell or "＃" in cell) and half_width(cell).upper() in _ERRORS:
        raise _refused("cell.error", f"是错误值{quoted(cell)}", "请改正公式,或按原件填写")
    return cell


def _refused(code: str, reason: str, hint: str) -> ValueRefusedError:
    return ValueRefusedError(code, f"单元格{reason}", hint=hint)

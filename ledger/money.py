"""Money is a whole number of fen (分), and nothing else.

Amounts are read exactly or refused: a published amount may carry six decimals of 万元 and still be whole fen, while
a third decimal of 元 is a mistake somewhere that must not be rounded away. The rules for 人民币大写 are those of
正确填写票据和结算凭证的基本规定 (annex 1 of 支付结算办法, 银发〔1997〕393号).

Percentages and splits of money are integer arithmetic too and are rounded once, when they are shown.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Literal, TypeAlias

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "MAX_FEN",
    "Fen",
    "Unit",
    "apportion",
    "format_capital",
    "format_wan",
    "format_yuan",
    "meets",
    "parse_money",
    "parse_positive_money",
    "percent",
]

Fen: TypeAlias = int
"""An amount of money in fen; 100 fen are one yuan."""

MAX_FEN: Fen = 10**15
"""The largest amount taken in, ten trillion yuan: more than the whole country's programme, so a slip of the pen."""


class Unit(IntEnum):
    """The unit a bare number is counted in; the value is that unit in fen."""

    YUAN = 100
    WAN = 1_000_000
    YI = 10_000_000_000


_SUFFIXES = {"元": Unit.YUAN, "万": Unit.WAN, "万元": Unit.WAN, "亿": Unit.YI, "亿元": Unit.YI}
_PREFIX = re.compile(r"(?:人民币)?\s*¥?\s*")
_NUMBER = re.compile(r"(?P<whole>[0-9,]*[0-9])(?:\.(?P<part>[0-9]+))?\s*(?P<suffix>亿元|万元|元|亿|万)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")
_NEGATIVE = re.compile(r"-.*[0-9].*|\(.*[0-9].*\)")
_MAX_CHARACTERS = 80
_FINEST_EXPONENT = -10  # a fen is 10 to the power of -10 亿元
_ACCEPTED = "请填写元、万元或亿元的金额,如 1,234.56、12.5万元、0.3亿元、壹佰元整"

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))
_CAPITAL = re.compile(
    r"(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?零?"
    r"(?:(?P<jiao>[壹贰叁肆伍陆柒捌玖])角)?零?(?:(?P<fen>[壹贰叁肆伍陆柒捌玖])分)?整?"
)
_CAPITAL_SIGNS = frozenset(_DIGITS + "拾佰仟圆角分")


def parse_money(text: str | int | Decimal, unit: Unit = Unit.YUAN) -> Fen:
    """Return the amount that ``text`` states, in fen, exactly.

    Text may carry 元, 万元 or 亿元, which then wins over ``unit``; full-width signs, thousands separators, ¥ and
    人民币大写 are understood. Zero is an amount. Raises `ValueRefusedError` with ``money.empty``,
    ``money.not_a_number``, ``money.bad_grouping``, ``money.bad_capital``, ``money.negative``,
    ``money.finer_than_fen`` or ``money.too_large``.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | Decimal):
        raise _refused("money.not_a_number", text, "不是可以精确读取的金额")
    if isinstance(text, str):
        return _parse_text(text, unit)
    if isinstance(text, Decimal) and not text.is_finite():
        raise _refused("money.not_a_number", text, "不是数字")
    if text < 0:
        raise _negative(text)
    if text == 0:
        return 0
    # Size is settled first: exact arithmetic would turn a huge exponent into a number that fills the memory.
    if text > MAX_FEN:
        raise _too_large(text)
    if isinstance(text, Decimal) and text.adjusted() < _FINEST_EXPONENT:
        raise _too_fine(text)
    if isinstance(text, int):
        return _whole_fen(text * int(unit), text)
    return _whole_fen(Fraction(text) * unit, text)


def parse_positive_money(text: str | int | Decimal, unit: Unit = Unit.YUAN) -> Fen:
    """Return the amount like `parse_money`, but refuse zero with ``money.zero``."""
    fen = parse_money(text, unit)
    if fen == 0:
        raise _refused("money.zero", text, "是零,此处的金额必须大于零")
    return fen


def format_yuan(fen: Fen) -> str:
    """Return the amount in yuan with separators and two decimals, ``1,234,567.89``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{_sign(fen)}{yuan:,}.{rest:02d}"


def format_wan(fen: Fen) -> str:
    """Return the amount in 万元, exact, with as many of six decimals as it needs: ``123.456789``, ``5``."""
    wan, rest = divmod(abs(fen), Unit.WAN)
    return f"{_sign(fen)}{wan}.{rest:06d}".rstrip("0").rstrip(".")


def format_capital(fen: Fen) -> str:
    """Return the amount in 人民币大写, as vouchers write it: ``人民币壹佰元整``.

    Where the regulation leaves a 零 to the writer it is left out. Raises `ValueRefusedError` for a negative amount
    (``money.negative``) and for one above `MAX_FEN` (``money.too_large``).
    """
    if fen < 0:
        raise _negative(format_yuan(fen))
    if fen > MAX_FEN:
        raise _too_large(format_yuan(fen))
    return "人民币" + _spell(fen, free_zero="")


def percent(
    numerator: int, denominator: int, digits: int = 2, mode: Literal["half_up", "truncate"] = "half_up"
) -> str | None:
    """Return ``numerator / denominator`` as a percentage without the sign %, rounded once, or None over zero.

    A half is rounded away from zero. Nothing is clamped: rates above 100 % occur and mean something.
    """
    if denominator == 0:
        return None
    scaled, over = abs(numerator) * 100 * 10**digits, abs(denominator)
    quotient = (2 * scaled + over) // (2 * over) if mode == "half_up" else scaled // over
    sign = "-" if quotient and (numerator < 0) != (denominator < 0) else ""
    whole, part = divmod(quotient, 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def meets(numerator: int, denominator: int, threshold: Fraction) -> bool | None:
    """Return whether ``numerator / denominator`` reaches ``threshold`` (以上 includes it), or None over zero.

    Decided by cross-multiplication, so that a share shown as 55.00 % does not pass when it is a fen short.
    """
    if denominator == 0:
        return None
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    return numerator * threshold.denominator >= threshold.numerator * denominator


def apportion(total: int, weights: Sequence[Fraction] | Sequence[int]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` into whole fen that add up to ``total`` exactly.

    Largest remainder; equal remainders go to the earlier one. A negative total is split like its positive.
    Raises `ValueRefusedError` ``money.no_weights`` when a weight is negative or none is above zero.
    """
    # Over one denominator, because a report splits ten thousands of assets and fractions are slow.
    common = lcm(*(weight.denominator for weight in weights))
    units = [weight.numerator * (common // weight.denominator) for weight in weights]
    whole = sum(units)
    if whole <= 0 or min(units) < 0:
        raise ValueRefusedError(
            "money.no_weights", "无法按比例分摊:比例为空、为负或全部为零", hint="请给出至少一个大于零的比例"
        )
    quotas = [divmod(abs(total) * unit, whole) for unit in units]
    parts = [quotient for quotient, _ in quotas]
    by_remainder = sorted(range(len(parts)), key=lambda index: -quotas[index][1])
    for index in by_remainder[: abs(total) - sum(parts)]:
        parts[index] += 1
    return [-part for part in parts] if total < 0 else parts


def _parse_text(text: str, unit: Unit) -> Fen:
    plain = half_width(text)
    if not plain:
        raise ValueRefusedError("money.empty", "金额为空", hint=_ACCEPTED)
    if len(plain) > _MAX_CHARACTERS:
        raise _refused("money.not_a_number", text, "太长,不是一个金额")
    prefix = _PREFIX.match(plain)
    bare = plain[prefix.end() :] if prefix else plain
    if _NEGATIVE.fullmatch(bare) or _NEGATIVE.fullmatch(plain):
        raise _negative(text)
    if _CAPITAL_SIGNS.intersection(bare):
        return _parse_capital(bare, text)
    number = _NUMBER.fullmatch(bare)
    if number is None:
        raise _refused("money.not_a_number", text, "不是金额")
    whole, part = number["whole"], number["part"] or ""
    if not _GROUPED.fullmatch(whole):
        raise _refused("money.bad_grouping", text, "的千位分隔符位置不对,应每三位一个")
    unit = _SUFFIXES.get(number["suffix"] or "", unit)
    return _whole_fen(Fraction(int(whole.replace(",", "") + part) * unit, 10 ** len(part)), text)


def _whole_fen(fen: Fraction | int, text: object) -> Fen:
    if fen > MAX_FEN:
        raise _too_large(text)
    if fen.denominator != 1:
        raise _too_fine(text)
    return fen.numerator


def _spell(fen: Fen, *, free_zero: str) -> str:
    """Return the capital form without its prefix, with ``free_zero`` wherever a 零 may be written or left out."""
    yuan, (jiao, last) = fen // 100, divmod(fen % 100, 10)
    words = _spell_whole(yuan, free_zero) + "元" if yuan or not fen else ""
    if words and jiao and yuan % 10 == 0:
        words += free_zero
    if words and last and not jiao:
        words += "零"
    words += f"{_DIGITS[jiao]}角" if jiao else ""
    return words + (f"{_DIGITS[last]}分" if last else "整")


def _spell_whole(number: int, free_zero: str) -> str:
    for place, name in _PLACES:
        if number >= place:
            high, low = divmod(number, place)
            words = _spell_whole(high, free_zero) + name
            if low == 0:
                return words
            if low * 10 < place:
                return words + "零" + _spell_whole(low, free_zero)
            optional = free_zero if high % 10 == 0 else ""
            return words + optional + _spell_whole(low, free_zero)
    return _DIGITS[number]


def _parse_capital(bare: str, text: str) -> Fen:
    plain = bare.replace("圆", "元").replace("正", "整")
    read = _CAPITAL.fullmatch(plain)
    if read is None or not any(read.groups()):
        raise _bad_capital(text)
    jiao, last = (_DIGITS.index(read[name] or "零") for name in ("jiao", "fen"))
    fen = _count(read["yuan"] or "") * 100 + jiao * 10 + last
    if fen > MAX_FEN:
        raise _too_large(text)
    # One spelling per amount, apart from the 零 that the regulation leaves free: so nothing is read loosely.
    written = _spell(fen, free_zero="零?").removesuffix("整") + ("" if read["fen"] else "整?")
    if not re.fullmatch(written, plain):
        raise _bad_capital(text)
    return fen


def _count(words: str) -> int:
    for place, name in _PLACES:
        if name in words:
            high, low = words.rsplit(name, 1)
            return _count(high) * place + _count(low)
    return sum(_DIGITS.index(word) for word in words)


def _sign(fen: Fen) -> str:
    return "-" if fen < 0 else ""


def _refused(code: str, text: object, reason: str, hint: str = _ACCEPTED) -> ValueRefusedError:
    return ValueRefusedError(code, f"金额{quoted(text)}{reason}", hint=hint)


def _bad_capital(text: str) -> ValueRefusedError:
    hint = "请按票据大写规则书写,只用零壹贰叁肆伍陆柒捌玖拾佰仟万亿和元角分,如 壹佰零叁元伍角整"
    return _refused("money.bad_capital", text, "不是规范的人民币大写", hint)


def _negative(text: object) -> ValueRefusedError:
    return _refused("money.negative", text, "是负数", "账本只记正数;收回、调减和更正各有自己的登记")


def _too_fine(text: object) -> ValueRefusedError:
    return _refused("money.finer_than_fen", text, "不是整数分:精确到了分以下", "请按原件填写到分;账本不做四舍五入")


def _too_large(text: object) -> ValueRefusedError:
    return _refused("money.too_large", text, "超过十万亿元的上限", "请检查单位是否填错(元、万元、亿元)")

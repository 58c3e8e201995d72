"""Shares of a right are exact fractions that add up to exactly one.

Three equal holders own 1/3 each; three times 33.33 % is 99.99 % and leaves a ten-thousandth without an owner. A
percentage is therefore taken at its word and never guessed to mean a nearby fraction. Co-owners without an agreement
share by contribution, and equally where that is unknown (民法典 §309).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError
from ledger.money import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "MAX_DENOMINATOR",
    "Share",
    "check_share",
    "check_whole",
    "equal_shares",
    "format_share",
    "parse_share",
    "shares_by_contribution",
]

Share: TypeAlias = Fraction
"""A part of a right, above 0 and up to 1, in lowest terms."""

MAX_DENOMINATOR = 10**18
"""The finest share taken in; numerator and denominator then fit the 64-bit columns of every database."""

_FORMS = re.compile(
    r"(?P<sign>-?)(?:(?P<over>[0-9]{1,19})\s*/\s*(?P<under>[0-9]{1,19})|(?P<number>[0-9]{1,4}(?:\.[0-9]{1,18})?)\s*(?P<percent>%?))"
)
_ACCEPTED = "请填写大于 0、不超过 1 的份额,如 1/3、60%、0.25"


def parse_share(text: str) -> Share:
    """Return the share that ``text`` states, exactly: ``1/3``, ``33.33%`` (3333/10000) or ``0.25``.

    Raises `ValueRefusedError` with ``share.not_a_share``, ``share.out_of_range`` or ``share.too_fine``.
    """
    if not isinstance(text, str):
        raise _refused("share.not_a_share", text, "不是文字形式,无法精确读取")
    form = _FORMS.fullmatch(half_width(text))
    if form is None:
        raise _refused("share.not_a_share", text, "无法识别")
    if form["sign"]:
        raise _refused("share.out_of_range", text, "是负数")
    if form["number"]:
        return check_share(Fraction(form["number"]) / (100 if form["percent"] else 1))
    if int(form["under"]) == 0:
        raise _refused("share.not_a_share", text, "的分母是零")
    return check_share(Fraction(int(form["over"]), int(form["under"])))


def check_share(share: Fraction) -> Share:
    """Return ``share`` when it is above 0, at most 1 and not finer than `MAX_DENOMINATOR`.

    Raises `ValueRefusedError` with ``share.out_of_range`` or ``share.too_fine``.
    """
    if share <= 0:
        raise _refused("share.out_of_range", share, "必须大于 0")
    if share > 1:
        raise _refused("share.out_of_range", share, "超过了 1(即 100%)")
    if share.denominator > MAX_DENOMINATOR:
        raise _refused("share.too_fine", share, "的分母过大,超过 10 的 18 次方")
    return share


def check_whole(shares: Iterable[Share], what: str = "") -> None:
    """Pass when ``shares`` add up to exactly 1; ``what`` names the right and the asset in the message.

    Raises `ValueRefusedError` ``share.not_whole`` with the sum and the difference as fractions.
    """
    total = sum(shares, Fraction(0))
    if total == 1:
        return
    difference = f"差 {1 - total}" if total < 1 else f"多 {total - 1}"
    hint = "三人均分请填 1/3,不要填 33.33%" if abs(1 - total) <= Fraction(1, 100) else "请核对每个持有人的份额"
    raise ValueRefusedError("share.not_whole", f"{what}份额合计为 {total},{difference};合计必须正好等于 1", hint=hint)


def equal_shares(holders: int) -> list[Share]:
    """Return one equal share for each of ``holders``; raises `ValueRefusedError` ``share.no_basis`` below one."""
    if holders < 1:
        raise ValueRefusedError("share.no_basis", f"不能在 {holders} 个持有人之间均分", hint="至少要有一个持有人")
    return [Fraction(1, holders)] * holders


def shares_by_contribution(amounts: Sequence[int]) -> list[Share]:
    """Return shares in proportion to ``amounts`` (fen, kilowatts, heads: one unit for all).

    Raises `ValueRefusedError` ``share.no_basis`` without amounts or when one is not above zero: a holder without a
    contribution has no share to be given.
    """
    total = sum(amounts)
    if not amounts or min(amounts) <= 0:
        raise ValueRefusedError(
            "share.no_basis", "按出资(或容量)计算份额时,每个持有人的数额都必须大于零", hint="请补齐数额,或改为约定份额"
        )
    return [check_share(Fraction(amount, total)) for amount in amounts]


def format_share(share: Fraction) -> str:
    """Return the fraction with its rounded percentage, ``1/3 (33.33%)``."""
    return f"{share} ({percent(share.numerator, share.denominator)}%)"


def _refused(code: str, text: object, reason: str) -> ValueRefusedError:
    return ValueRefusedError(code, f"份额{quoted(text)}{reason}", hint=_ACCEPTED)

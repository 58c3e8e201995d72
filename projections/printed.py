"""A printed figure against the exact one: the same, rounded, cut off, or neither.

Only the digits that were printed are compared. A figure is a ``match`` where it is exactly the number, ``rounded``
where the number rounded half up to as many decimals gives it, ``truncated`` where only cutting off the rest gives it,
and ``inconsistent`` otherwise. Nothing is clamped and no tolerance is granted.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from ledger.money import percent

__all__ = ["Compared", "Verdict", "compared"]

Verdict: TypeAlias = Literal["match", "rounded", "truncated", "inconsistent"]


class Compared(NamedTuple):
    """The exact number rounded half up to the decimals printed, what was printed less that, and the verdict."""

    recomputed: str
    difference: str
    verdict: Verdict


def compared(printed: str, exact: Fraction) -> Compared:
    """Compare a printed decimal number with an exact one."""
    digits = len(printed.partition(".")[2])
    rounded, cut = (_shown(exact, digits, mode) for mode in ("half_up", "truncate"))
    verdict: Verdict = "inconsistent"
    if Fraction(printed) == exact:
        verdict = "match"
    elif Fraction(printed) == Fraction(rounded):
        verdict = "rounded"
    elif Fraction(printed) == Fraction(cut):
        verdict = "truncated"
    return Compared(rounded, f"{Decimal(printed) - Decimal(rounded):f}", verdict)


def _shown(exact: Fraction, digits: int, mode: Literal["half_up", "truncate"]) -> str:
    text = percent(exact.numerator, exact.denominator * 100, digits, mode)
    if text is None:  # a fraction has no zero below its line
        raise ZeroDivisionError
    return text

"""The only source of chance: whole numbers drawn from a seed, so that a run can be repeated anywhere."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

from ledger.money import apportion

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Chance"]

T = TypeVar("T")

_LEAST_FEN: Final = 2_500_000  # 2.5万元, the smallest project that a real library shows (funds.md 7.3)
_MOST_FEN: Final = 2_000_000_000  # 2,000万元
_OCTAVES_PERCENT: Final = 964  # from the least to the most it is 9.64 doublings


class Chance:
    """Draws from a seed; integers only, because nothing near money is a float."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - made-up data, not a secret

    def amount_fen(self) -> int:
        """Return an amount with fen between 2.5万 and 2,000万元, every doubling equally likely."""
        floor = _LEAST_FEN << (self._random.randrange(_OCTAVES_PERCENT) // 100)
        return floor + self._random.randrange(min(floor, _MOST_FEN - floor))

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both possible."""
        return self._random.randint(low, high)

    def happens(self, percent: int) -> bool:
        """Return True in ``percent`` of a hundred cases."""
        return self._random.randrange(100) < percent

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices, each equally likely."""
        return self._random.choice(choices)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in another order."""
        return self._random.sample(items, len(items))

    def split(self, total: int, parts: int) -> list[int]:
        """Return ``total`` in unequal parts that add up to it exactly."""
        weights = [self.between(2, 6) for _ in range(parts)]
        return apportion(total, [Fraction(weight, sum(weights)) for weight in weights])

    def later(self, day: date, low: int, high: int) -> date:
        """Return a day from ``low`` to ``high`` days after ``day``."""
        return day + timedelta(days=self.between(low, high))

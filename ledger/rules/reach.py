"""Where and when an item of a rule pack holds: its jurisdiction and the days of its validity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Protocol, TypeVar

__all__ = ["NATION", "Lasting", "covers", "holds", "narrowest", "overlapping", "specificity"]

NATION = "000000"


class Lasting(Protocol):
    """An item with days of validity; both are included, None is open."""

    @property
    def valid_from(self) -> date | None:
        """Return the first day."""

    @property
    def valid_to(self) -> date | None:
        """Return the last day."""


class _Placed(Protocol):
    @property
    def jurisdiction(self) -> str: ...


P = TypeVar("P", bound=_Placed)
L = TypeVar("L", bound=Lasting)


def covers(jurisdiction: str, area: str) -> bool:
    """Say whether an area code lies in the jurisdiction: the nation, a province, a city or a county."""
    return area.startswith(_prefix(jurisdiction))


def specificity(jurisdiction: str) -> int:
    """Return how narrow a jurisdiction is: 0 for the nation, 6 for a county."""
    return len(_prefix(jurisdiction))


def narrowest(items: Iterable[P], area: str) -> P | None:
    """Return the item of the narrowest jurisdiction that covers the area, or None."""
    held = [each for each in items if covers(each.jurisdiction, area)]
    return max(held, key=lambda each: specificity(each.jurisdiction), default=None)


def holds(item: Lasting, on: date) -> bool:
    """Say whether the item holds on that day."""
    return (item.valid_from is None or item.valid_from <= on) and (item.valid_to is None or on <= item.valid_to)


def overlapping(items: Sequence[L]) -> tuple[L, L] | None:
    """Return two of the items that hold on the same day, or None."""
    held = sorted(items, key=lambda item: item.valid_from.toordinal() if item.valid_from else 0)
    return next(
        (
            (earlier, later)
            for earlier, later in pairwise(held)
            if earlier.valid_to is None or later.valid_from is None or later.valid_from <= earlier.valid_to
        ),
        None,
    )


def _prefix(jurisdiction: str) -> str:
    for length in (0, 2, 4):
        if not jurisdiction[length:].strip("0"):
            return jurisdiction[:length]
    return jurisdiction

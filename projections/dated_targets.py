"""Targets with a day: what a rate had to reach by then, and whether it had.

A target is judged by what had happened on its day: a rate that got there later has missed it, and one that was there
keeps having met it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ledger.money import meets, percent

if TYPE_CHECKING:
    from datetime import date

    from ledger.rules.model import Rate, Target
    from projections.counting import Counting
    from projections.scope import Place, Scope

__all__ = ["DatedTargets", "TargetResult"]


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target of a rate in one place, with both integers of its day, or of the report's day while that is to come.

    ``state`` is None where the denominator is zero, so that nothing can be said.
    """

    id: str
    by: str
    target_percent: str
    state: Literal["met", "missed", "not_due"] | None
    numerator: int
    denominator: int
    percent: str | None
    source: str

    def as_json(self) -> dict[str, object]:
        """Return the target as ``docs/reference/json.md`` says."""
        return {name: getattr(self, name) for name in self.__slots__}


class DatedTargets:
    """The targets of the rates of one question; the rates are counted once for each day that a target names."""

    def __init__(self, scope: Scope, today: Counting) -> None:
        self._scope = scope
        self._today = today
        self._counted = {scope.as_of: today}

    def of(self, rate: Rate, place: Place, part: str | None) -> tuple[TargetResult, ...]:
        """Return the targets of a rate, ordered by day; towns and types have none."""
        if self._scope.by != "area" and part is not None:
            return ()
        year = self._scope.plan_year
        targets = self._scope.rules.targets_of(rate.set, rate.id, place.area, year)
        return tuple(self._judged(rate, part, target, target.by_day(year)) for target in targets)

    def _judged(self, rate: Rate, part: str | None, target: Target, day: date) -> TargetResult:
        due = day <= self._scope.as_of
        numerator, denominator, _ = self._counting(day if due else self._scope.as_of).of(rate, part)
        reached = meets(numerator, denominator, target.share)
        state: Literal["met", "missed", "not_due"] | None = None
        if not due:
            state = "not_due"
        elif reached is not None:
            state = "met" if reached else "missed"
        shown = percent(numerator, denominator, rate.digits, rate.rounding)
        by = day.isoformat()
        return TargetResult(target.id, by, target.percent, state, numerator, denominator, shown, target.source)

    def _counting(self, day: date) -> Counting:
        if day not in self._counted:
            self._counted[day] = self._today.at(day)
        return self._counted[day]

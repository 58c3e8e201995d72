"""Working days (工作日): which days are worked, and what day it is so many of them later.

The days off and the weekends worked are announced by the State Council year by year. The years known to the library
``chinesecalendar`` are the default; a rule pack may change or add a year. A year that neither knows has its weekends
only, and every answer that touches it says that it is provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

__all__ = ["CalendarYear", "Due", "WorkCalendar"]

_DAY = timedelta(days=1)
_SATURDAY = 5


class Due(NamedTuple):
    """The last day of a period; ``provisional`` while a year it runs through has no announced holidays."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What a rule pack says of a year: days off that are otherwise worked, and days worked that are otherwise off."""

    year: int
    off: frozenset[date]
    work: frozenset[date]
    source: str


class _Announced(NamedTuple):
    years: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of a rule pack: its own years over the announced ones."""

    years: tuple[CalendarYear, ...] = ()

    def is_workday(self, day: date) -> bool:
        """Say whether the day is worked."""
        own = next((each for each in self.years if each.year == day.year), None)
        if own is not None and (day in own.off or day in own.work):
            return day in own.work
        announced = _announced()
        return day in announced.work or (day.weekday() < _SATURDAY and day not in announced.off)

    def add_working_days(self, start: date, count: int) -> Due:
        """Return the day that ends a period of so many working days; the day it starts on is not counted.

        Source: 民法典 第二百零一条, the day on which a period begins is not counted in (not re-read).
        """
        day = start
        while count > 0:
            day += _DAY
            count -= self.is_workday(day)
        return Due(day, self._is_provisional(start, day))

    def working_days(self, start: date, end: date) -> tuple[int, bool]:
        """Return how many working days follow ``start`` up to and including ``end``, and whether that is provisional.

        The number is negative where ``end`` lies before ``start``, as in `ledger.dates.days_between`.
        """
        if end < start:
            count, provisional = self.working_days(end, start)
            return -count, provisional
        days = (start + _DAY * number for number in range(1, (end - start).days + 1))
        return sum(map(self.is_workday, days)), self._is_provisional(start, end)

    def _is_provisional(self, start: date, end: date) -> bool:
        known = _announced().years | {each.year for each in self.years}
        return not known.issuperset(range(start.year, end.year + 1))


@cache
def _announced() -> _Announced:
    from chinese_calendar.constants import (  # type: ignore[import-untyped]  # noqa: PLC0415 - seldom needed
        holidays,
        workdays,
    )

    return _Announced(frozenset(day.year for day in holidays), frozenset(holidays), frozenset(workdays))

"""What a rule pack says of days, as plain values: targets, deadlines, due days, disclosure duties, indicators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, TypeAlias

from ledger.rules.quantities import MILESTONES
from ledger.rules.reach import covers
from ledger.workdays import Due, WorkCalendar

__all__ = [
    "MOMENTS",
    "PUBLISHERS",
    "Deadline",
    "Disclosure",
    "DueDays",
    "Indicator",
    "KeyArea",
    "Target",
]

MOMENTS = MILESTONES["projects"] | MILESTONES["assets"] | {"issued", "received", "distributed", "created", "changed"}
"""What a period may run from or to: the milestones, and of money and records the days when they came or changed."""

PUBLISHERS = frozenset({"village", "town", "county", "city", "province"})
"""Who can have a duty to publish."""

Unit: TypeAlias = Literal["calendar", "working"]


@dataclass(frozen=True, slots=True)
class Target:
    """The percentage that a rate must reach by a day of the plan year; empty ``years`` and ``areas`` ask for none.

    Targets of one ``id`` are one duty: those that name areas come before the one for all others.
    """

    id: str
    set: str
    rate: str
    by: str
    percent: str
    share: Fraction
    years: frozenset[int]
    areas: frozenset[str]
    jurisdiction: str
    source: str

    def by_day(self, plan_year: int) -> date:
        """Return the day by which the rate must be reached."""
        return date.fromisoformat(f"{plan_year}-{self.by}")

    def asks(self, area: str, plan_year: int) -> bool:
        """Say whether it is a target for the area and plan year."""
        return (
            covers(self.jurisdiction, area)
            and (not self.years or plan_year in self.years)
            and (not self.areas or any(covers(each, area) for each in self.areas))
        )


@dataclass(frozen=True, slots=True)
class Deadline:
    """How many days may pass from one moment to another; an empty ``level`` holds for money of any level.

    The day on which the period starts is not counted (民法典 第二百零一条, not re-read).
    """

    id: str
    name: str
    start: str
    end: str
    days: int
    unit: Unit
    level: str
    jurisdiction: str
    valid_from: date | None
    valid_to: date | None
    source: str

    def due(self, start: date, calendar: WorkCalendar) -> Due:
        """Return the last day on which the end is in time, for what started on a day."""
        if self.unit == "calendar":
            return Due(start + timedelta(days=self.days), provisional=False)
        return calendar.add_working_days(start, self.days)


@dataclass(frozen=True, slots=True)
class DueDays:
    """Days of every year on which something is due, such as the quarterly report."""

    id: str
    name: str
    dates: tuple[str, ...]
    jurisdiction: str
    source: str

    def in_year(self, year: int) -> tuple[date, ...]:
        """Return the days in order."""
        return tuple(date.fromisoformat(f"{year}-{each}") for each in self.dates)


@dataclass(frozen=True, slots=True)
class KeyArea:
    """A county that gets preference (重点帮扶县), and by whom it was named."""

    area: str
    grade: Literal["national", "provincial"]
    source: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A duty to publish: who, through what, within how many days after a moment, and for how many days at least.

    A number of days that no source says is None; ``fields`` are those that the notice must show.
    """

    id: str
    template: str
    by: str
    after: str
    within_days: int | None
    min_days: int | None
    unit: Unit
    channels: frozenset[str]
    fields: tuple[str, ...]
    jurisdiction: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number that a document asks for by a day, reported by hand: what it counts, in which unit, and how much."""

    id: str
    name: str
    unit: str
    direction: Literal["at_least", "at_most"]
    target: Fraction
    target_text: str
    by: date
    jurisdiction: str
    clause: str
    source: str

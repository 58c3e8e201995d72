"""What a red flag is: a pure check over what is known of a subject, and its hit with the numbers of both sides.

A hit is a sentence with two numbers, "left RELATION right", and the positions of the events it stands on. A check sees
facts at one moment and the rules in force then, so it gives the same answer at that moment for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from ledger.dates import months_after
from ledger.rules.flags import FLAG_PARAMETERS

if TYPE_CHECKING:
    from ledger.rules.flags import FlagRule
    from ledger.rules.model import Disclosure, ProjectType, RulePack

__all__ = [
    "CHECKS",
    "About",
    "Check",
    "Hit",
    "Side",
    "Subject",
    "Terms",
    "Trace",
    "after",
    "apart",
    "check",
    "costliest_run",
    "count",
    "day",
    "days",
    "fen",
    "hit",
    "percent",
    "words",
]

About: TypeAlias = Literal["tranche", "project", "asset", "contract", "scheme", "all"]
"""What a check looks at: one subject of a kind at a time, or all of the area together."""

Unit: TypeAlias = Literal["fen", "days", "day", "count", "percent", "words"]


class Subject(NamedTuple):
    """What a hit is about; ``year`` is its plan year, or the year it was formed."""

    kind: str
    code: str
    name: str
    area: str
    town: str
    year: int


class Trace(NamedTuple):
    """Facts of one kind about one subject: their sum in fen or their number, first and last day, positions."""

    fen: int
    first: str
    last: str
    positions: tuple[int, ...] | str

    def at(self) -> tuple[int, ...]:
        """Return the positions of the events that stated the facts; a long list stays a text until it is asked for."""
        return tuple(map(int, self.positions.split(","))) if isinstance(self.positions, str) else self.positions


class Side(NamedTuple):
    """One side of a comparison: what it is, how much, in which unit."""

    name: str
    value: int | str
    unit: Unit


class Hit(NamedTuple):
    """A flag raised: the left side stands in this relation to the right one, and it should not."""

    subject: Subject
    left: Side
    relation: str
    right: Side
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a check is asked with: the day, the pack, the flag as it is set in the subject's area.

    ``memo`` remembers what was looked up in the pack, which thousands of subjects ask alike.
    """

    as_of: str
    area: str
    rules: RulePack
    rule: FlagRule
    memo: dict[Any, Any] = field(default_factory=dict, compare=False)

    def number(self, name: str) -> int:
        """Return a parameter of the flag that is a whole number."""
        return int(dict(self.rule.parameters)[name])

    def words(self, name: str) -> tuple[str, ...]:
        """Return a parameter of the flag that is a list of words."""
        return tuple(str(dict(self.rule.parameters)[name]).split())

    def general(self, name: str) -> int | str | None:
        """Return a parameter of the whole pack as it holds in the area, or None where it is not set."""
        if name not in self.memo:
            found = self.rules.find(name, self.area, date.fromisoformat(self.as_of))
            self.memo[name] = None if found is None else found.value
        value: int | str | None = self.memo[name]
        return value

    def kind(self, code: str) -> ProjectType | None:
        """Return the project type that bears a code on the day."""
        if (key := ("kind", code)) not in self.memo:
            self.memo[key] = self.rules.project_type(code, date.fromisoformat(self.as_of))
        found: ProjectType | None = self.memo[key]
        return found

    def duties(self, on: str) -> tuple[Disclosure, ...]:
        """Return the duties to publish in the area on a day."""
        if (key := ("duties", on)) not in self.memo:
            self.memo[key] = self.rules.disclosures_in(self.area, date.fromisoformat(on))
        found: tuple[Disclosure, ...] = self.memo[key]
        return found

    def industry(self, year: int) -> frozenset[str]:
        """Return the types that count as industry for a plan year."""
        if (key := ("industry", year)) not in self.memo:
            self.memo[key] = self.rules.industry_types(date(year, 12, 31))
        found: frozenset[str] = self.memo[key]
        return found

    def since(self, on: str) -> int:
        """Return how many days have passed since a day."""
        return apart(on, self.as_of)


Found: TypeAlias = Iterator[Hit]
Look: TypeAlias = Callable[[Any, Terms], Iterable[Hit]]


class Check(NamedTuple):
    """One check of a flag; a flag may have several, each about another kind of subject.

    ``formula`` and ``clear`` (what would clear it) are Chinese; ``uses`` names what it reads of the rest of the pack.
    """

    flag: str
    about: About
    look: Look
    formula: str
    clear: str
    uses: tuple[str, ...]


CHECKS: Final[list[Check]] = []
"""Every check, filled while the modules of the checks are imported (``projections.flags.every``)."""


def check(flag: str, about: About, formula: str, clear: str, *uses: str) -> Callable[[Look], Look]:
    """Register a check of the flag."""
    if flag not in FLAG_PARAMETERS:
        msg = f"{flag} is no flag of ledger.rules.flags"
        raise ValueError(msg)

    def registered(look: Look) -> Look:
        CHECKS.append(Check(flag, about, look, formula, clear, uses))
        return look

    return registered


def hit(subject: Subject, left: Side, relation: str, right: Side, *stands_on: Trace | int | None) -> Hit:
    """Return a hit with the positions of everything it stands on, each once, in order."""
    found: set[int] = set()
    for each in stands_on:
        if isinstance(each, int):
            found.add(each)
        elif each is not None:
            found.update(each.at())
    return Hit(subject, left, relation, right, tuple(sorted(found)))


def fen(name: str, value: int) -> Side:
    """Return a side in fen."""
    return Side(name, value, "fen")


def days(name: str, value: int) -> Side:
    """Return a side that is a number of days."""
    return Side(name, value, "days")


def day(name: str, value: str) -> Side:
    """Return a side that is a date; an empty one has not come."""
    return Side(name, value, "day")


def count(name: str, value: int) -> Side:
    """Return a side that counts things."""
    return Side(name, value, "count")


def percent(name: str, value: int) -> Side:
    """Return a side in whole per cent."""
    return Side(name, value, "percent")


def words(name: str, value: str) -> Side:
    """Return a side in words."""
    return Side(name, value, "words")


@lru_cache(maxsize=65536)
def _ordinal(on: str) -> int:
    return date.fromisoformat(on).toordinal()


def apart(start: str, end: str) -> int:
    """Return the number of days from one day to another, both as ISO text."""
    return _ordinal(end) - _ordinal(start)


@lru_cache(maxsize=65536)
class Dated(Protocol):
    """Something of an amount on a day."""

    @property
    def fen(self) -> int:
        """Return the amount."""

    @property
    def on(self) -> str:
        """Return the day."""

    @property
    def position(self) -> int:
        """Return where it was recorded."""


D = TypeVar("D", bound=Dated)


def costliest_run(given: Sequence[D], period: int) -> list[D]:
    """Return those that, within so many days, add up to most."""
    ordered = sorted(given, key=lambda each: (each.on, each.position))
    best: list[D] = []
    first = total = most = 0
    for last, each in enumerate(ordered):
        total += each.fen
        while apart(ordered[first].on, each.on) > period:
            total -= ordered[first].fen
            first += 1
        if total > most:
            most, best = total, ordered[first : last + 1]
    return best


def after(on: str, *, months: int = 0, years: int = 0) -> str:
    """Return the day so many months or years later, as ISO text."""
    return months_after(date.fromisoformat(on), months + 12 * years).isoformat()

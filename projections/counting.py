"""Both integers of the rates of a rule pack: counts of projects and assets, and sums of money.

No rate is written in Python. Counts are taken from one grouped select per kind of subject; a numerator of counts is
counted inside its denominator's population, so that a rate of counts cannot exceed 100 per cent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from sqlalchemy import and_, case, func, select

from ledger.rules.model import CountQuantity, MoneyQuantity, Quantity, Rate
from projections.money import cells_of
from projections.quotients import Sums
from projections.tables import fact_milestone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Subquery

    from projections.scope import Scope

__all__ = ["Counting", "Integers", "lacking", "money_of"]

_Subject: TypeAlias = Literal["projects", "assets"]
_KINDS: dict[_Subject, str] = {"projects": "project", "assets": "asset"}


class Integers(NamedTuple):
    """Both sides of a rate; the denominator is the ``row``'s own, or the ``total``'s where money has no such part."""

    numerator: int
    denominator: int
    denominator_of: str


class Counting:
    """The rates of one question, counted once: ask for any of them in any part, or in the whole (part None)."""

    def __init__(self, scope: Scope, rates: Sequence[Rate], sums: Sums | None = None) -> None:
        """Count; ``sums`` are sums already made that hold every measure of ``money_of`` the rates."""
        self._scope = scope
        self._sums = sums or Sums(scope, cells_of(scope, money_of(rates)))
        self._counts: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
        for subject in _KINDS:
            self._count(subject, [rate for rate in rates if rate.unit == subject])

    @property
    def parts(self) -> set[str]:
        """The parts in which anything was counted."""
        return self._sums.parts.union(*self._counts.values())

    def of(self, rate: Rate, part: str | None) -> Integers:
        """Return both integers of one of the rates."""
        if isinstance(rate.numerator, MoneyQuantity) and isinstance(rate.denominator, MoneyQuantity):
            return Integers(*self._sums.quotient(self._scope, part, rate.numerator, rate.denominator))
        counted = self._counts.get((rate.set, rate.id), {})
        found = counted.values() if part is None else [counted.get(part, (0, 0))]
        return Integers(sum(each[0] for each in found), sum(each[1] for each in found), "row")

    def _count(self, subject: _Subject, rates: list[Rate]) -> None:
        """Add both integers of every rate that counts this kind of subject, for each part."""
        if not rates:
            return
        subjects = _subjects(self._scope, subject, _milestones(rates))
        conditions: list[ColumnElement[bool]] = []
        for rate in rates:
            population = _reached(self._scope, subjects, rate.denominator)
            conditions += (and_(population, _reached(self._scope, subjects, rate.numerator)), population)
        wanted = [func.sum(case((condition, 1), else_=0)) for condition in conditions]
        counted = select(subjects.c.part, *wanted).group_by(subjects.c.part)
        for part, *integers in self._scope.connection.execute(counted):
            here = self._scope.current(part)
            for number, rate in enumerate(rates):
                by_part = self._counts.setdefault((rate.set, rate.id), {})
                so_far = by_part.get(here, (0, 0))
                by_part[here] = so_far[0] + int(integers[2 * number]), so_far[1] + int(integers[2 * number + 1])


def money_of(rates: Iterable[Rate]) -> list[MoneyQuantity]:
    """Return the quantities of money among both sides of the rates."""
    sides = (side for rate in rates for side in (rate.numerator, rate.denominator))
    return [side for side in sides if isinstance(side, MoneyQuantity)]


def lacking(scope: Scope, rate: Rate) -> list[str]:
    """Return the projects of a rate's denominator that are not in its numerator, by code."""
    subjects = _subjects(scope, "projects", _milestones([rate]))
    reached, population = (_reached(scope, subjects, each) for each in (rate.numerator, rate.denominator))
    wanted = select(subjects.c.subject).where(population, ~reached).order_by(subjects.c.subject)
    return list(scope.connection.execute(wanted).scalars())


def _subjects(scope: Scope, subject: _Subject, milestones: list[str]) -> Subquery:
    """Return a select of the subjects with the net number of times that each reached each milestone."""
    facts = fact_milestone.c
    part = {"area": facts.area, "town": facts.town, "type": facts.type}[scope.by].label("part")
    reached = [func.sum(case((facts.milestone == name, facts.sign), else_=0)).label(name) for name in milestones]
    return (
        select(part, facts.subject, facts.type, *reached)
        .where(facts.kind == _KINDS[subject], facts.year == scope.plan_year, facts.milestone.in_(milestones))
        .where(scope.within(fact_milestone))
        .group_by(facts.area, facts.subject, facts.type, *([facts.town] if scope.by == "town" else []))
        .subquery()
    )


def _reached(scope: Scope, subjects: Subquery, quantity: Quantity) -> ColumnElement[bool]:
    if not isinstance(quantity, CountQuantity):
        message = f"{quantity.id} counts nothing"  # the pack's reader has made sure that units agree
        raise TypeError(message)
    conditions = [subjects.c[name] > 0 for name in sorted(quantity.having)]
    conditions += [subjects.c[name] <= 0 for name in sorted(quantity.without)]
    uncounted = scope.rules.uncounted_types(scope.rule_day) if quantity.in_rates else frozenset()
    if excluded := uncounted | quantity.exclude_types:
        conditions.append(subjects.c.type.not_in(sorted(excluded)))
    if quantity.types:
        conditions.append(subjects.c.type.in_(sorted(quantity.types)))
    return and_(*conditions)


def _milestones(rates: list[Rate]) -> list[str]:
    quantities = [each for rate in rates for each in (rate.numerator, rate.denominator)]
    return sorted(
        {name for each in quantities if isinstance(each, CountQuantity) for name in each.having | each.without}
    )

"""Both integers of the rates of a rule pack: counts of projects and assets, sums over them, money, income.

No rate is written in Python. Counts are taken from one grouped select per kind of subject; a numerator of subjects is
counted inside its denominator's population, so that a rate of subjects cannot exceed 100 per cent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from sqlalchemy import and_, case, false, func, select

from ledger.rules.model import CountQuantity, IncomeQuantity, MoneyQuantity, Rate
from projections.asset_states import asset_subjects, passes
from projections.earnings import flows
from projections.money import cells_of
from projections.quotients import Sums
from projections.tables import fact_milestone, fact_money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Subquery

    from ledger.rules.model import Quantity
    from projections.scope import Scope

__all__ = ["Counting", "Integers", "lacking", "money_of"]

_Subject: TypeAlias = Literal["projects", "assets"]


class Integers(NamedTuple):
    """Both sides of a rate; the denominator is the ``row``'s own, or the ``total``'s where money has no such part."""

    numerator: int
    denominator: int
    denominator_of: str


class Counting:
    """The rates of one question, counted once: ask for any of them in any part, or in the whole (part None)."""

    def __init__(self, scope: Scope, rates: Sequence[Rate], sums: Sums | None = None, *, stock: bool = False) -> None:
        """Count; ``sums`` are sums already made that hold every measure of ``money_of`` the rates.

        ``stock`` counts subjects of every year where the question names none.
        """
        self._scope = scope
        self._rates = rates
        self._stock = stock
        self._year = scope.year if stock else scope.plan_year
        self._sums = sums or Sums(scope, cells_of(scope, money_of(rates)))
        self._flows = flows(scope) if any(rate.subject == "income" for rate in rates) else Counter()
        self._counts: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
        for subject in ("projects", "assets"):
            self._count(subject, [rate for rate in rates if subject in map(_counted, _sides(rate))])

    def at(self, day: date) -> Counting:
        """Return the same rates counted on another day."""
        return Counting(replace(self._scope, as_of=day), self._rates, stock=self._stock)

    @property
    def parts(self) -> set[str]:
        """The parts in which anything was counted."""
        earning = {part for part, _ in self._flows} if self._scope.by == "area" else set()
        return self._sums.parts.union(earning, *self._counts.values())

    def of(self, rate: Rate, part: str | None) -> Integers:
        """Return both integers of one of the rates. Income lies in areas only: it has no towns and no types."""
        if isinstance(rate.numerator, MoneyQuantity) and isinstance(rate.denominator, MoneyQuantity):
            return Integers(*self._sums.quotient(self._scope, part, rate.numerator, rate.denominator))
        counted = self._counts.get((rate.set, rate.id), {})
        found = counted.values() if part is None else [counted.get(part, (0, 0))]
        numerator, denominator = sum(each[0] for each in found), sum(each[1] for each in found)
        if isinstance(rate.numerator, IncomeQuantity):
            numerator = self._earned(rate.numerator, part)
        if isinstance(rate.denominator, IncomeQuantity):
            denominator = self._earned(rate.denominator, part)
        return Integers(numerator, denominator, "row")

    def _earned(self, quantity: IncomeQuantity, part: str | None) -> int:
        signs = dict(quantity.flows)
        return sum(signs.get(flow, 0) * fen for (place, flow), fen in self._flows.items() if part in {None, place})

    def _count(self, subject: _Subject, rates: list[Rate]) -> None:
        """Add both integers of every rate that counts this kind of subject, for each part."""
        if not rates:
            return
        subjects = _subjects(self._scope, subject, self._year, rates)
        wanted: list[ColumnElement[int]] = []
        for rate in rates:
            population = _reached(self._scope, subjects, rate.denominator)
            wanted += (
                _number(subjects, rate.numerator, and_(population, _reached(self._scope, subjects, rate.numerator))),
                _number(subjects, rate.denominator, population),
            )
        counted = select(subjects.c.part, *wanted).group_by(subjects.c.part)
        for part, *integers in self._scope.connection.execute(counted):
            here = self._scope.current(part)
            for number, rate in enumerate(rates):
                by_part = self._counts.setdefault((rate.set, rate.id), {})
                so_far = by_part.get(here, (0, 0))
                by_part[here] = so_far[0] + int(integers[2 * number]), so_far[1] + int(integers[2 * number + 1])


def money_of(rates: Iterable[Rate]) -> list[MoneyQuantity]:
    """Return the quantities of money among both sides of the rates."""
    return [side for rate in rates for side in _sides(rate) if isinstance(side, MoneyQuantity)]


def lacking(scope: Scope, rate: Rate) -> list[str]:
    """Return the projects of a rate's denominator that are not in its numerator, by code."""
    subjects = _subjects(scope, "projects", scope.plan_year, [rate])
    reached, population = (_reached(scope, subjects, each) for each in _sides(rate))
    wanted = select(subjects.c.subject).where(population, ~reached).order_by(subjects.c.subject)
    return list(scope.connection.execute(wanted).scalars())


def _sides(rate: Rate) -> tuple[Quantity, Quantity]:
    return rate.numerator, rate.denominator


def _counted(quantity: Quantity) -> str:
    """Return the kind of subject that a quantity counts or sums, empty where it is money by itself."""
    return quantity.count if isinstance(quantity, CountQuantity) else ""


def _number(subjects: Subquery, quantity: Quantity, condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return the number of subjects that meet the condition, or the fen that the quantity sums over them."""
    of_each = subjects.c[f"sum_{quantity.sum}"] if isinstance(quantity, CountQuantity) and quantity.sum else 1
    return func.sum(case((condition, of_each), else_=0))


def _subjects(scope: Scope, subject: _Subject, year: int | None, rates: list[Rate]) -> Subquery:
    """Return a select of the subjects, one row each, with everything that the rates ask of them."""
    sides = (side for rate in rates for side in _sides(rate))
    quantities = [side for side in sides if isinstance(side, CountQuantity)]
    if subject == "assets":
        return asset_subjects(scope, year, quantities)
    facts = fact_milestone.c
    part = {"area": facts.area, "town": facts.town, "type": facts.type}[scope.by].label("part")
    milestones = sorted({name for each in quantities for name in each.having | each.without})
    reached = [func.sum(case((facts.milestone == name, facts.sign), else_=0)).label(name) for name in milestones]
    counted = (
        select(part, facts.subject, facts.type, *reached)
        .where(facts.kind == "project", facts.milestone.in_(milestones), scope.within(fact_milestone))
        .group_by(facts.area, facts.subject, facts.type, *([facts.town] if scope.by == "town" else []))
    )
    projects = (counted if year is None else counted.where(facts.year == year)).subquery()
    measures = sorted({each.sum for each in quantities if each.sum})
    if not measures:
        return projects
    money = _money(scope, measures)
    sums = [func.coalesce(money.c[f"sum_{name}"], 0).label(f"sum_{name}") for name in measures]
    return select(projects, *sums).outerjoin_from(projects, money, money.c.project == projects.c.subject).subquery()


def _money(scope: Scope, measures: list[str]) -> Subquery:
    """Return a select of the fen of each measure in each project, of whatever year the money is."""
    facts = fact_money.c
    sums = [
        func.sum(case((facts.measure == name, facts.amount_fen), else_=0)).label(f"sum_{name}") for name in measures
    ]
    return (
        select(facts.project, *sums)
        .where(facts.measure.in_(measures), scope.within(fact_money))
        .group_by(facts.project)
        .subquery()
    )


def _reached(scope: Scope, subjects: Subquery, quantity: Quantity) -> ColumnElement[bool]:
    """Return the condition for the subjects of a quantity; none of them where it is no number of subjects."""
    if not isinstance(quantity, CountQuantity):
        return false()
    if quantity.count == "assets":
        return passes(subjects, quantity)
    conditions = [subjects.c[name] > 0 for name in sorted(quantity.having)]
    conditions += [subjects.c[name] <= 0 for name in sorted(quantity.without)]
    uncounted = scope.rules.uncounted_types(scope.rule_day) if quantity.in_rates else frozenset[str]()
    if quantity.forms_asset:
        uncounted |= scope.rules.assetless_types(scope.rule_day)
    if excluded := uncounted | quantity.exclude_types:
        conditions.append(subjects.c.type.not_in(sorted(excluded)))
    if quantity.types:
        conditions.append(subjects.c.type.in_(sorted(quantity.types)))
    if asked := _funds_asked(quantity):
        facts = fact_money.c
        funded = select(facts.project).where(facts.measure == "funded", scope.within(fact_money), *asked)
        conditions.append(subjects.c.subject.in_(funded.group_by(facts.project).having(func.sum(facts.amount_fen) > 0)))
    return and_(*conditions)


def _funds_asked(quantity: CountQuantity) -> list[ColumnElement[bool]]:
    """Return the conditions for the money that a counted project must have; none where any project counts."""
    facts = fact_money.c
    filters = (
        (facts.level, quantity.levels),
        (facts.fund_kind, quantity.fund_kinds),
        (facts.direction, quantity.directions),
    )
    return [column.in_(sorted(words)) for column, words in filters if words]

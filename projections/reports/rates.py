"""Rates by the rule pack's definitions: counts of projects and assets, and sums of money.

No rate is written in Python. A count is taken from one grouped select per kind of subject; a numerator of counts is
counted inside its denominator's population, so that a rate of counts cannot exceed 100 per cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from sqlalchemy import and_, case, func, select

from ledger.codes import AssetClass
from ledger.money import percent
from ledger.rules.model import CountQuantity, MoneyQuantity, Rate
from projections.money import amount, cells_of, of_projects
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import fact_milestone

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Engine, Subquery

    from projections.money import Cell

__all__ = ["RateRow", "rates"]

_KINDS: dict[Literal["projects", "assets"], str] = {"projects": "project", "assets": "asset"}
_ASSET_CLASSES = {str(code): code.zh for code in AssetClass}

Counts: TypeAlias = dict[tuple[str, str], tuple[int, int]]
"""Rate id and part to numerator and denominator."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """One rate in one place; ``denominator_of`` says whether the denominator is the row's own or the whole area's."""

    place: Place
    rate: str
    name: str
    unit: str
    numerator: int
    denominator: int
    denominator_of: str
    percent: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def rates(engine: Engine, question: Question, rate_set: str | None = None) -> Answer[RateRow]:
    """Return the rates of a set (the pack's default set if none is named) by county, town or type, and in total.

    Raises:
        NotFoundError: no rule pack was in force, or it has no such set.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        chosen = scope.rules.rates(rate_set)
        counts: Counts = {}
        for count in _KINDS:
            counts |= _counted(scope, count, [rate for rate in chosen if rate.unit == count])
        money = [each for rate in chosen for each in (rate.numerator, rate.denominator)]
        cells = cells_of(scope, [each for each in money if isinstance(each, MoneyQuantity)])
        parts = {part for _, part in counts} | {cell.part for cell in cells}
        rows = tuple(
            _money_row(scope, rate, place, key, cells)
            if rate.unit == "fen"
            else _row(rate, place, _count_of(counts, rate, key), "row")
            for key, place in scope.places(parts, lambda code: _ASSET_CLASSES.get(code) or scope.rules.type_name(code))
            for rate in chosen
            if scope.by != "type" or key is None or (key in _ASSET_CLASSES) == (rate.unit == "assets")
        )
        return Answer(
            "rates", scope, rows, {"set": _set_of(scope, chosen), "definitions": list(map(_definition, chosen))}
        )


def _row(rate: Rate, place: Place, integers: tuple[int, int], denominator_of: str) -> RateRow:
    numerator, denominator = integers
    shown = percent(numerator, denominator, mode=rate.rounding)
    return RateRow(place, rate.id, rate.name, rate.unit, numerator, denominator, denominator_of, shown)


def _money_row(scope: Scope, rate: Rate, place: Place, part: str | None, cells: list[Cell]) -> RateRow:
    industry_types = scope.rules.industry_types(scope.rule_day)
    here = cells if part is None else [cell for cell in cells if cell.part == part]

    def fen(quantity: CountQuantity | MoneyQuantity, within: list[Cell]) -> int:
        return amount(quantity, within, industry_types) if isinstance(quantity, MoneyQuantity) else 0

    own = (
        part is None
        or scope.by == "area"
        or (isinstance(rate.denominator, MoneyQuantity) and of_projects(rate.denominator))
    )
    integers = fen(rate.numerator, here), fen(rate.denominator, here if own else cells)
    return _row(rate, place, integers, "row" if own else "total")


def _counted(scope: Scope, count: Literal["projects", "assets"], chosen: list[Rate]) -> Counts:
    """Return both integers of every rate that counts this kind of subject, for each part."""
    if not chosen:
        return {}
    subjects = _subjects(scope, count, _milestones(chosen))
    conditions: list[ColumnElement[bool]] = []
    for rate in chosen:
        population = _reached(scope, subjects, rate.denominator)
        conditions += (and_(population, _reached(scope, subjects, rate.numerator)), population)
    wanted = [func.sum(case((condition, 1), else_=0)) for condition in conditions]
    counts: Counts = {}
    for part, *integers in scope.connection.execute(select(subjects.c.part, *wanted).group_by(subjects.c.part)):
        for number, rate in enumerate(chosen):
            key = rate.id, scope.current(part)
            so_far = counts.get(key, (0, 0))
            counts[key] = so_far[0] + int(integers[2 * number]), so_far[1] + int(integers[2 * number + 1])
    return counts


def _subjects(scope: Scope, count: Literal["projects", "assets"], milestones: list[str]) -> Subquery:
    """Return a select of the subjects with the net number of times that each reached each milestone."""
    facts = fact_milestone.c
    part = {"area": facts.area, "town": facts.town, "type": facts.type}[scope.by].label("part")
    reached = [func.sum(case((facts.milestone == name, facts.sign), else_=0)).label(name) for name in milestones]
    return (
        select(part, facts.type, *reached)
        .where(facts.kind == _KINDS[count], facts.year == scope.plan_year, facts.milestone.in_(milestones))
        .where(scope.within(fact_milestone))
        .group_by(facts.area, facts.subject, facts.type, *([facts.town] if scope.by == "town" else []))
        .subquery()
    )


def _reached(scope: Scope, subjects: Subquery, quantity: CountQuantity | MoneyQuantity) -> ColumnElement[bool]:
    if not isinstance(quantity, CountQuantity):
        message = f"{quantity.id} counts nothing"  # the pack's reader has made sure that units agree
        raise TypeError(message)
    having = [subjects.c[name] > 0 for name in sorted(quantity.having)]
    without = [subjects.c[name] <= 0 for name in sorted(quantity.without)]
    uncounted = scope.rules.uncounted_types(scope.rule_day) if quantity.in_rates else frozenset()
    return and_(*having, *without, *([subjects.c.type.not_in(sorted(uncounted))] if uncounted else []))


def _milestones(chosen: list[Rate]) -> list[str]:
    quantities = [each for rate in chosen for each in (rate.numerator, rate.denominator)]
    return sorted(
        {name for each in quantities if isinstance(each, CountQuantity) for name in each.having | each.without}
    )


def _count_of(counts: Counts, rate: Rate, part: str | None) -> tuple[int, int]:
    if part is not None:
        return counts.get((rate.id, part), (0, 0))
    mine = [integers for (rate_id, _), integers in counts.items() if rate_id == rate.id]
    return sum(numerator for numerator, _ in mine), sum(denominator for _, denominator in mine)


def _set_of(scope: Scope, chosen: tuple[Rate, ...]) -> dict[str, object]:
    used = next(each for each in scope.rules.rate_sets if each.id == chosen[0].set)
    return {"id": used.id, "name": used.name, "source": used.source}


def _definition(rate: Rate) -> dict[str, object]:
    named = {"numerator": rate.numerator, "denominator": rate.denominator}
    return {
        "rate": rate.id,
        "name": rate.name,
        "source": rate.source,
        "rounding": rate.rounding,
        **{key: {"id": each.id, "name": each.name, "source": each.source} for key, each in named.items()},
    }

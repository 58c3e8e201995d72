"""What rates ask of an asset on a day: the milestones it reached, its condition, disputes, upkeep, revival, value.

One select with one row for each asset of the area, wherever it was when things befell it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Integer, and_, case, cast, func, not_, select

from projections.assets import assets_at, standing
from projections.tables import fact_asset_step, fact_milestone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Subquery

    from ledger.rules.model import CountQuantity
    from projections.scope import Scope

__all__ = ["asset_subjects", "passes"]

_ASSESSED: Final = "condition_assessed"
_TIMES: Final = {
    "disputed": {"objection_filed": 1, "objection_resolved": -1},
    "kept": {"upkeep_assigned": 1},
    "revived": {"revival_closed": 1},
}
"""Which steps make a state hold (1) or end it (-1)."""


def asset_subjects(scope: Scope, year: int | None, quantities: Iterable[CountQuantity]) -> Subquery:
    """Return a select of the assets with what the quantities ask of them, formed in one year or ever.

    Columns: ``part``, ``subject``, ``class``, ``form``, ``condition``, ``live``, the net number of each milestone, of
    each state of ``_TIMES`` and of each set of conditions ever assessed, ``sum_value`` and ``sum_value_months`` in fen.
    """
    asked = list(quantities)
    assets, reached, befell = assets_at(scope, ended=True), _reached(scope, asked), _befell(scope, asked)
    condition = _condition(scope)
    part = {"area": assets.c.area, "town": assets.c.town, "type": assets.c.asset_class}[scope.by]
    found = (
        select(
            part.label("part"),
            assets.c.asset.label("subject"),
            assets.c.asset_class.label("class"),
            assets.c.asset_form.label("form"),
            (assets.c.life == "live").label("live"),
            assets.c.value_fen.label("sum_value"),
            _by_months(scope, assets).label("sum_value_months"),
            func.coalesce(condition.c.what, "").label("condition"),
            *(func.coalesce(each, 0).label(each.key) for each in (*reached.c, *befell.c) if each.key != "asset"),
        )
        .select_from(assets)
        .outerjoin(reached, reached.c.asset == assets.c.asset)
        .outerjoin(befell, befell.c.asset == assets.c.asset)
        .outerjoin(condition, condition.c.asset == assets.c.asset)
    )
    return (found if year is None else found.where(assets.c.year == year)).subquery()


def passes(subjects: Subquery, quantity: CountQuantity) -> ColumnElement[bool]:
    """Return the condition for the assets of a quantity, over ``asset_subjects``."""
    test, asset = quantity.assets, subjects.c
    conditions = [asset[name] > 0 for name in sorted(quantity.having)]
    conditions += [asset[name] <= 0 for name in sorted(quantity.without)]
    conditions += [_is(subjects, state) for state in sorted(test.states)]
    conditions += [not_(_is(subjects, state)) for state in sorted(test.exclude_states)]
    if test.ever_conditions:
        conditions.append(asset[_ever(test.ever_conditions)] > 0)
    if test.exclude_conditions:
        conditions.append(asset.condition.not_in(sorted(test.exclude_conditions)))
    for column, allowed in (("class", test.classes), ("form", test.forms), ("condition", test.conditions)):
        if allowed:
            conditions.append(asset[column].in_(sorted(allowed)))
    return and_(*conditions)


def _is(subjects: Subquery, state: str) -> ColumnElement[bool]:
    return subjects.c.live if state == "live" else subjects.c[state] > 0


def _ever(conditions: frozenset[str]) -> str:
    return "_or_".join(("ever", *sorted(conditions)))


def _reached(scope: Scope, quantities: list[CountQuantity]) -> Subquery:
    facts = fact_milestone.c
    names = sorted({name for each in quantities for name in each.having | each.without})
    reached = [func.sum(case((facts.milestone == name, facts.sign), else_=0)).label(name) for name in names]
    return (
        select(facts.subject.label("asset"), *reached)
        .where(facts.kind == "asset", facts.milestone.in_(names), scope.happened(fact_milestone))
        .group_by(facts.subject)
        .subquery()
    )


def _befell(scope: Scope, quantities: list[CountQuantity]) -> Subquery:
    """Return a select of how often each asset was in a state, and in each set of conditions that is asked about."""
    facts = fact_asset_step.c
    steps = [name for times in _TIMES.values() for name in times]
    sums = [
        func.sum(case(*((facts.step == name, sign * facts.sign) for name, sign in times.items()), else_=0)).label(state)
        for state, times in _TIMES.items()
    ]
    for conditions in sorted({each.assets.ever_conditions for each in quantities} - {frozenset()}, key=_ever):
        found = and_(facts.step == _ASSESSED, facts.what.in_(sorted(conditions)))
        sums.append(func.sum(case((found, facts.sign), else_=0)).label(_ever(conditions)))
    return (
        select(facts.asset, *sums)
        .where(facts.step.in_([*steps, _ASSESSED]), scope.happened(fact_asset_step))
        .group_by(facts.asset)
        .subquery()
    )


def _condition(scope: Scope) -> Subquery:
    """Return a select of the condition of each asset as it was last assessed."""
    facts = fact_asset_step.c
    newest_first = (facts.effective_on.desc(), facts.origin.desc())
    order = func.row_number().over(partition_by=facts.asset, order_by=newest_first).label("nth")
    assessed = (
        select(facts.asset, facts.what, order)
        .where(facts.step == _ASSESSED, standing(scope, fact_asset_step))
        .subquery()
    )
    return select(assessed.c.asset, assessed.c.what).where(assessed.c.nth == 1).subquery()


def _by_months(scope: Scope, assets: Subquery) -> ColumnElement[int]:
    """Return the value times the months of the year since the month after registration, over twelve, half up."""
    passed, registered = scope.as_of.month, assets.c.effective_on
    since = cast(func.substr(registered, 6, 2), Integer)
    months = case((registered < f"{scope.as_of.year}-01-01", passed), else_=passed - since)
    value_fen = cast(assets.c.value_fen, BigInteger)  # PostgreSQL adds whole numbers up to one with decimals
    return (value_fen * months * 2 + 12) // 24

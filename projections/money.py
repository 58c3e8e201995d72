"""Money quantities of a rule pack, computed from one grouped select.

The facts are summed into cells, one for each combination of the dimensions that a rule can ask about; the rules are
then applied to a few hundred cells instead of a million facts, and one select serves every quantity of a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from projections.tables import fact_money

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ledger.rules.model import MoneyQuantity, MoneyTerm
    from projections.scope import Scope

__all__ = ["Cell", "amount", "cells_of", "measured", "measures_of", "of_projects"]

_OF_TRANCHES = frozenset({"issued", "received", "distributed", "recovered", "returned", "carried_over"})


class Cell(NamedTuple):
    """So many fen of one measure in one combination of dimensions; ``part`` is the row of the breakdown."""

    part: str
    measure: str
    level: str
    fund_kind: str
    direction: str
    project_type: str
    industry: int | None
    fen: int


def cells_of(scope: Scope, quantities: Iterable[MoneyQuantity]) -> list[Cell]:
    """Return the cells of the area and plan year that the quantities can need."""
    return measured(scope, measures_of(quantities))


def measures_of(quantities: Iterable[MoneyQuantity]) -> set[str]:
    """Return the measures that the quantities are made of."""
    return {measure for each in quantities for term in each.terms for measure, _ in term.measures}


def measured(scope: Scope, measures: Collection[str]) -> list[Cell]:
    """Return the cells of the area and plan year of these measures."""
    facts = fact_money.c
    if not measures:
        return []
    keys = (
        facts.measure,
        facts.area,
        facts.level,
        facts.fund_kind,
        facts.direction,
        facts.project_type,
        facts.industry,
    )
    towns = (facts.town,) if scope.by == "town" else ()
    summed = (
        select(*keys, func.sum(facts.amount_fen), *towns)
        .where(facts.plan_year == scope.plan_year, facts.measure.in_(sorted(measures)), scope.within(fact_money))
        .group_by(*keys, *towns)
    )
    cells: list[Cell] = []
    rows = scope.connection.execute(summed).all()
    for measure, area, level, fund_kind, direction, project_type, industry, fen, *town in rows:
        part = town[0] if town else project_type if scope.by == "type" else scope.current(area)
        cells.append(Cell(part, measure, level, fund_kind, direction, project_type, industry, int(fen)))
    return cells


def amount(quantity: MoneyQuantity, cells: Iterable[Cell], industry_types: frozenset[str]) -> int:
    """Return the quantity in fen over the cells."""
    total = 0
    for term in quantity.terms:
        signs = dict(term.measures)
        total += sum(
            signs[cell.measure] * cell.fen
            for cell in cells
            if cell.measure in signs and _passes(cell, term, industry_types)
        )
    return total


def of_projects(quantity: MoneyQuantity) -> bool:
    """Say whether all of the quantity lies in projects, so that it has towns and types to be broken down by."""
    return all(measure not in _OF_TRANCHES for term in quantity.terms for measure, _ in term.measures)


def _passes(cell: Cell, term: MoneyTerm, industry_types: frozenset[str]) -> bool:
    if term.industry is not None:
        counts = cell.project_type in industry_types if cell.industry is None else bool(cell.industry)
        if counts != term.industry:
            return False
    return (
        (not term.levels or cell.level in term.levels)
        and (not term.fund_kinds or cell.fund_kind in term.fund_kinds)
        and (not term.directions or cell.direction in term.directions)
        and (not term.types or cell.project_type in term.types)
        and cell.project_type not in term.exclude_types
    )

"""The tranches of an area: where each belongs, on which days its money arrived, and when it was handed on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from projections.movements import Movements, movements, of_year
from projections.tables import fact_money, fact_tranche

if TYPE_CHECKING:
    from projections.scope import Scope

__all__ = ["Tranche", "handed_on", "tranches"]


@dataclass(frozen=True, slots=True)
class Tranche:
    """A tranche that got money, in the order of its arrivals: (day, fen)."""

    area: str
    year: int
    code: str
    fund_kind: str
    level: str
    direction: str
    sums: Movements
    arrivals: list[tuple[date, int]] = field(default_factory=list)

    @property
    def arrived_on(self) -> date:
        """The day its first money arrived."""
        return self.arrivals[0][0]


def tranches(scope: Scope, year: int | None) -> list[Tranche]:
    """Return the tranches of one plan year, or of all, whose money came and was not wholly reversed."""
    keys = ("area", "plan_year", "tranche", "fund_kind", "level", "direction")
    summed = movements(scope, keys, year)
    found: dict[tuple[Any, ...], Tranche] = {}
    for key in sorted(summed):
        area, plan_year, code, fund_kind, level, direction = key
        found[key] = Tranche(area, plan_year, code, fund_kind, level, direction, summed[key])
    facts = fact_tranche.c
    columns = [facts[key] for key in keys]
    living = (
        select(*columns, facts.effective_on, facts.amount_fen)
        .where(scope.within(fact_tranche), *of_year(fact_tranche, year))
        .group_by(*columns, facts.effective_on, facts.origin, facts.line, facts.amount_fen)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.effective_on, facts.origin)
    )
    for *dimensions, on, fen in scope.connection.execute(living):
        if tranche := found.get(tuple(dimensions)):  # it has no sums where one event is looked at alone
            tranche.arrivals.append((date.fromisoformat(on), int(fen)))
    return [tranche for tranche in found.values() if tranche.arrivals]


def handed_on(scope: Scope, year: int | None) -> dict[str, list[tuple[date, int, int]]]:
    """Return for each tranche the days on which money was (day, distributed, allocated), net of what came back."""
    facts = fact_money.c
    down = case((facts.measure == "distributed", facts.amount_fen), (facts.measure == "returned", -facts.amount_fen))
    to_projects = case((facts.measure == "allocated", facts.amount_fen))
    sums = [func.coalesce(func.sum(each), 0) for each in (down, to_projects)]
    measures = ("distributed", "returned", "allocated")
    daily = (
        select(facts.tranche, facts.effective_on, *sums)
        .where(facts.measure.in_(measures), scope.within(fact_money), *of_year(fact_money, year))
        .group_by(facts.tranche, facts.effective_on)
        .order_by(facts.tranche, facts.effective_on)
    )
    found: dict[str, list[tuple[date, int, int]]] = {}
    for tranche, on, distributed, allocated in scope.connection.execute(daily):
        found.setdefault(tranche, []).append((date.fromisoformat(on), int(distributed), int(allocated)))
    return found

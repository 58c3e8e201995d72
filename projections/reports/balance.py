"""The balance of every tranche, and the plan of every year against the money that arrived for it.

No rule decides here: arrived = issued + received + returned - distributed - recovered, and what of it is not yet in
projects. A plan above its money (延津 2022: 8,500 planned, 8,126.728603 万元 there) is reported, never corrected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import fact_money, fact_tranche

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Engine, Table

__all__ = ["BalanceRow", "balance"]

_MEASURES = (
    *("issued", "received", "distributed", "recovered", "returned"),
    *("allocated", "released", "paid", "reimbursed"),
)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What became of one tranche, in fen; ``unallocated_fen`` is what arrived and stayed and is in no project."""

    place: Place
    year: int
    tranche: str
    document: str
    issuer: str
    parent: str
    fund_kind: str
    level: str
    direction: str
    issued_fen: int
    received_fen: int
    distributed_fen: int
    recovered_fen: int
    returned_fen: int
    allocated_fen: int
    released_fen: int
    paid_fen: int
    reimbursed_fen: int
    unallocated_fen: int

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def balance(engine: Engine, question: Question) -> Answer[BalanceRow]:
    """Return the balance of every tranche of an area, of one plan year or of all.

    The answer's ``plans`` set the planned total of each county and year against its money. No rule pack is needed.
    Raises ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        return Answer("balance", scope, tuple(_tranches(scope)), {"plans": _plans(scope)})


def _tranches(scope: Scope) -> list[BalanceRow]:
    facts = fact_money.c
    dimensions = (facts.area, facts.plan_year, facts.tranche, facts.fund_kind, facts.level, facts.direction)
    summed = (
        select(*dimensions, *(_sum_of(measure) for measure in _MEASURES))
        .where(facts.measure.in_(_MEASURES), scope.within(fact_money), *_of_year(scope, fact_money))
        .group_by(*dimensions)
        .order_by(facts.area, facts.plan_year, facts.tranche)
    )
    origins = _origins(scope)
    rows: list[BalanceRow] = []
    for area, year, tranche, fund_kind, level, direction, *sums in scope.connection.execute(summed):
        fen = dict(zip(_MEASURES, map(int, sums), strict=True))
        document, issuer, parent = origins.get(tranche, ("", "", ""))
        amounts = {f"{measure}_fen": amount for measure, amount in fen.items()}
        rows.append(
            BalanceRow(
                place=Place("part", area, scope.name(area)),
                year=year,
                tranche=tranche,
                document=document,
                issuer=issuer,
                parent=parent,
                fund_kind=fund_kind,
                level=level,
                direction=direction,
                unallocated_fen=_arrived(fen) - fen["allocated"],
                **amounts,
            )
        )
    return rows


def _plans(scope: Scope) -> list[dict[str, object]]:
    """Return for each county and year the planned total, the money arrived, and by how much the plan exceeds it."""
    facts = fact_money.c
    measures = ("planned", *_MEASURES[:5])
    summed = (
        select(facts.area, facts.plan_year, *(_sum_of(measure) for measure in measures))
        .where(facts.measure.in_(measures), scope.within(fact_money), *_of_year(scope, fact_money))
        .group_by(facts.area, facts.plan_year)
    )
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for area, year, *sums in scope.connection.execute(summed):
        fen = dict(zip(measures, map(int, sums), strict=True))
        planned, arrived = found.get((scope.current(area), year), (0, 0))
        found[scope.current(area), year] = planned + fen["planned"], arrived + _arrived(fen)
    return [
        {
            "area": area,
            "area_name": scope.name(area),
            "year": year,
            "planned_fen": planned,
            "arrived_fen": arrived,
            "over_fen": max(0, planned - arrived),
        }
        for (area, year), (planned, arrived) in sorted(found.items())
    ]


def _arrived(fen: dict[str, int]) -> int:
    return fen["issued"] + fen["received"] + fen["returned"] - fen["distributed"] - fen["recovered"]


def _sum_of(measure: str) -> ColumnElement[int]:
    facts = fact_money.c
    return func.sum(case((facts.measure == measure, facts.amount_fen), else_=0))


def _of_year(scope: Scope, facts: Table) -> list[ColumnElement[bool]]:
    return [] if scope.year is None else [facts.c.plan_year == scope.year]


def _origins(scope: Scope) -> dict[str, tuple[str, str, str]]:
    """Return for each tranche the document, issuer and parent of the money that came first and still counts."""
    facts = fact_tranche.c
    words = (facts.tranche, facts.document, facts.issuer, facts.parent)
    latest_first = (
        select(*words)
        .where(scope.within(fact_tranche), *_of_year(scope, fact_tranche))
        .group_by(facts.origin, *words)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.origin.desc())
    )
    return {
        tranche: (document, issuer, parent)
        for tranche, document, issuer, parent in scope.connection.execute(latest_first)
    }

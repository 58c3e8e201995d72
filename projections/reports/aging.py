"""Idle money and how long it has lain: not allocated, allocated and not released, released and not paid.

Money lies in its tranche since the tranche's first money arrived; what was handed down lies in the tranche below.
Rule R6 (funds.md 8.2): money unused so many years after the end of its budget year is to be recovered; the number of
years is the parameter ``idle_years`` of the rule pack, and without it nothing is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from projections.parts import only_areas
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tranches import Tranche, tranches

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.rules.model import Parameter

__all__ = ["AgingRow", "aging"]

_LONGEST: Final = (30, 90, 180, 365, 730)
_PIECES: Final = ("unallocated_fen", "unreleased_fen", "unpaid_fen", "idle_fen")


@dataclass(frozen=True, slots=True)
class AgingRow:
    """The idle money of one tranche; ``days`` since its first money arrived, ``up_to_days`` the end of its age class.

    ``up_to_days`` is None in the class of the oldest; ``recoverable`` is the verdict of R6, None without a rule.
    """

    place: Place
    year: int
    tranche: str
    fund_kind: str
    level: str
    direction: str
    arrived_on: date
    days: int
    up_to_days: int | None
    unallocated_fen: int
    unreleased_fen: int
    unpaid_fen: int
    idle_fen: int
    recoverable: bool | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return {**as_fields(self), "arrived_on": self.arrived_on.isoformat()}


def aging(engine: Engine, question: Question) -> Answer[AgingRow]:
    """Return every tranche of an area that holds idle money, of one plan year or of all, the oldest money first.

    The answer's ``buckets`` sum the rows by age class, in each county and in total; ``idle_rule`` is R6 as it holds.
    Raises ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        only_areas(scope)
        rule = scope.pack.find("idle_years", scope.area, scope.as_of) if scope.pack else None
        idle = [_row(scope, tranche, rule) for tranche in tranches(scope, scope.year)]
        rows = sorted((row for row in idle if row.idle_fen), key=lambda row: (row.arrived_on, row.tranche))
        return Answer("aging", scope, tuple(rows), {"buckets": _buckets(scope, rows), "idle_rule": _words(rule)})


def _row(scope: Scope, tranche: Tranche, rule: Parameter | None) -> AgingRow:
    sums, days = tranche.sums, (scope.as_of - tranche.arrived_on).days
    return AgingRow(
        place=Place("part", tranche.area, scope.name(tranche.area)),
        year=tranche.year,
        tranche=tranche.code,
        fund_kind=tranche.fund_kind,
        level=tranche.level,
        direction=tranche.direction,
        arrived_on=tranche.arrived_on,
        days=days,
        up_to_days=next((longest for longest in _LONGEST if days <= longest), None),
        unallocated_fen=sums.unallocated,
        unreleased_fen=sums.unreleased,
        unpaid_fen=sums.unpaid,
        idle_fen=sums.stayed - sums["paid"],
        recoverable=scope.as_of > date(tranche.year + int(rule.value), 12, 31) if rule else None,
    )


def _buckets(scope: Scope, rows: list[AgingRow]) -> list[dict[str, object]]:
    parts = {row.tranche: scope.current(row.place.area) for row in rows}
    found: list[dict[str, object]] = []
    for part, place in scope.places(parts.values(), str):
        here = [row for row in rows if part is None or parts[row.tranche] == part]
        for longest in (*_LONGEST, None):
            aged = [row for row in here if row.up_to_days == longest]
            sums = {piece: sum(getattr(row, piece) for row in aged) for piece in _PIECES}
            found.append({**place._asdict(), "up_to_days": longest, "tranches": len(aged), **sums})
    return found


def _words(rule: Parameter | None) -> dict[str, object] | None:
    return {"id": "R6", "years": rule.value, "source": rule.source} if rule else None

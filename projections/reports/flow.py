"""Where the money came from and how far it got: fund and level, task direction, county, and on to the payee.

Only money that crosses the border of a part counts in it: what a city hands down to its counties leaves the city's
own part and arrives in theirs, and is no movement of the whole. So in every row, in fen:
arrived = distributed + recovered + unallocated + allocated, allocated = unreleased + released,
released = unpaid + paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sqlalchemy import func, select

from projections.movements import LEGS, Movements, in_order, movements, of_year
from projections.parts import only_areas
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import fact_money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

__all__ = ["FlowRow", "flow"]

_Stream: TypeAlias = tuple[str, str, str]
_ALL: _Stream = ("", "", "")


@dataclass(frozen=True, slots=True)
class FlowRow:
    """Money of one kind, level and task direction in one part; all three are empty in the row of all money."""

    place: Place
    year: int
    fund_kind: str
    level: str
    direction: str
    arrived_fen: int
    distributed_fen: int
    recovered_fen: int
    unallocated_fen: int
    allocated_fen: int
    unreleased_fen: int
    released_fen: int
    unpaid_fen: int
    paid_fen: int

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Leg(NamedTuple):
    """So many fen of one stream that left (distributed, recovered) or reached (received, returned) a part."""

    transfer: str
    stream: _Stream
    part: str
    measure: str
    fen: int


def flow(engine: Engine, question: Question) -> Answer[FlowRow]:
    """Return the flow of an area's money of one plan year: each stream in each county, each stream, and all of it.

    No rule pack is needed. Raises ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        only_areas(scope)
        found = _summed(scope)
        places = scope.places((part for part, _ in found if part is not None), str)
        rows = tuple(
            _row(scope, place, stream, found[part, stream])
            for part, place in places
            for stream in sorted((stream for key, stream in found if key == part), key=in_order)
        )
        return Answer("flow", scope, rows, {})


def _summed(scope: Scope) -> dict[tuple[str | None, _Stream], Movements]:
    found: dict[tuple[str | None, _Stream], Movements] = {}

    def add(part: str | None, stream: _Stream, measure: str, fen: int) -> None:
        found.setdefault((part, stream), Movements())[measure] += fen
        if part is None:
            found.setdefault((None, _ALL), Movements())[measure] += fen

    for (*stream, area), sums in movements(scope, ("fund_kind", "level", "direction", "area"), scope.plan_year).items():
        kind, level, direction = stream
        for measure, fen in sums.items():
            if measure not in LEGS:
                for part in (scope.current(area), None):
                    add(part, (kind, level, direction), measure, fen)
    for leg, part in _crossing(scope):
        add(part, leg.stream, leg.measure, leg.fen)
    return found


def _crossing(scope: Scope) -> Iterator[tuple[_Leg, str | None]]:
    """Yield each leg with the parts whose border it crosses; None is the border of the whole area."""
    for transfer, group in groupby(_legs(scope), key=lambda leg: leg.transfer):
        legs = list(group)
        for leg in legs:
            both_here = [other for other in legs if transfer and other is not leg]
            if not both_here:
                yield leg, None
            if all(other.part != leg.part for other in both_here):
                yield leg, leg.part


def _legs(scope: Scope) -> Iterator[_Leg]:
    facts = fact_money.c
    columns = (facts.transfer_id, facts.fund_kind, facts.level, facts.direction, facts.area, facts.measure)
    summed = (
        select(*columns, func.sum(facts.amount_fen))
        .where(facts.measure.in_(LEGS), scope.within(fact_money), *of_year(fact_money, scope.plan_year))
        .group_by(*columns)
        .order_by(facts.transfer_id)
    )
    for transfer, kind, level, direction, area, measure, fen in scope.connection.execute(summed):
        if fen:  # a reversed movement is none
            yield _Leg(transfer, (kind, level, direction), scope.current(area), measure, int(fen))


def _row(scope: Scope, place: Place, stream: _Stream, sums: Movements) -> FlowRow:
    fund_kind, level, direction = stream
    return FlowRow(
        place=place,
        year=scope.plan_year,
        fund_kind=fund_kind,
        level=level,
        direction=direction,
        arrived_fen=sums["issued"] + sums["received"],
        distributed_fen=sums.handed_down,
        recovered_fen=sums["recovered"],
        unallocated_fen=sums.unallocated,
        allocated_fen=sums["allocated"],
        unreleased_fen=sums.unreleased,
        released_fen=sums["released"],
        unpaid_fen=sums.unpaid,
        paid_fen=sums["paid"],
    )

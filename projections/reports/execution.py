"""How fast money was handed on, tranche by tranche, and how much of it was handed on in time and paid.

Whoever got money has to hand it down or allocate it: R1 and R2 of funds.md 8.2, distribution and payment progress as in
row j of its 1.1. What was handed down counts again where it arrived, because the next body has to hand it on as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from ledger.money import percent
from projections.movements import in_order
from projections.parts import only_areas
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tranches import Tranche, handed_on, tranches

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Engine

    from ledger.rules.model import Deadline

__all__ = ["ExecutionRow", "execution"]

_SUMS = ("arrived_fen", "handed_on_fen", "due_fen", "in_time_fen", "stayed_fen", "paid_fen")


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """One tranche; days are counted from its first money, None where nothing was distributed or allocated yet.

    ``handed_on_fen`` of ``arrived_fen`` was distributed or allocated, ``in_time_fen`` of the ``due_fen`` whose deadline
    has passed within it, ``paid_fen`` of the ``stayed_fen`` that was not handed down.
    """

    place: Place
    year: int
    tranche: str
    fund_kind: str
    level: str
    direction: str
    arrived_on: date
    days_to_distribution: int | None
    days_to_allocation: int | None
    arrived_fen: int
    handed_on_fen: int
    handed_on_percent: str | None
    due_on: date | None
    due_provisional: bool | None
    due_fen: int
    in_time_fen: int
    in_time_percent: str | None
    stayed_fen: int
    paid_fen: int
    paid_percent: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        due_on = self.due_on.isoformat() if self.due_on else None
        return {**as_fields(self), "arrived_on": self.arrived_on.isoformat(), "due_on": due_on}


def execution(engine: Engine, question: Question) -> Answer[ExecutionRow]:
    """Return how every tranche of an area and plan year was handed on and paid.

    The answer's ``levels`` sum the rows by level of money, in each county and in total; its ``deadlines`` are those of
    the rule pack that were applied. Without a pack, or one that sets none, nothing falls due. Raises ValueRefusedError
    where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        only_areas(scope)
        moved = handed_on(scope, scope.plan_year)
        found = tranches(scope, scope.plan_year)
        applied = {each.code: _deadline(scope, each) for each in found}
        rows = tuple(_row(scope, each, moved.get(each.code, []), applied[each.code]) for each in found)
        used = {each.id + each.level + each.jurisdiction: each for each in applied.values() if each is not None}
        deadlines = [_words(used[key]) for key in sorted(used)]
        return Answer("execution", scope, rows, {"levels": _levels(scope, rows), "deadlines": deadlines})


def _deadline(scope: Scope, tranche: Tranche) -> Deadline | None:
    if scope.pack is None:
        return None
    return scope.pack.deadline("distribution", tranche.area, tranche.arrived_on, tranche.level)


def _row(scope: Scope, tranche: Tranche, moved: list[tuple[date, int, int]], deadline: Deadline | None) -> ExecutionRow:
    sums, arrived_on = tranche.sums, tranche.arrived_on
    handed = sums.handed_down + sums["allocated"]
    due = deadline.due(arrived_on, scope.rules.calendar) if deadline else None
    due_fen, in_time = _in_time(scope, tranche, moved, deadline) if deadline else (0, 0)
    return ExecutionRow(
        place=Place("part", tranche.area, scope.name(tranche.area)),
        year=tranche.year,
        tranche=tranche.code,
        fund_kind=tranche.fund_kind,
        level=tranche.level,
        direction=tranche.direction,
        arrived_on=arrived_on,
        days_to_distribution=_days(arrived_on, (on for on, distributed, _ in moved if distributed > 0)),
        days_to_allocation=_days(arrived_on, (on for on, _, allocated in moved if allocated > 0)),
        arrived_fen=sums.came,
        handed_on_fen=handed,
        handed_on_percent=percent(handed, sums.came),
        due_on=due.day if due else None,
        due_provisional=due.provisional if due else None,
        due_fen=due_fen,
        in_time_fen=in_time,
        in_time_percent=percent(in_time, due_fen),
        stayed_fen=sums.stayed,
        paid_fen=sums["paid"],
        paid_percent=percent(sums["paid"], sums.stayed),
    )


def _in_time(scope: Scope, tranche: Tranche, moved: list[tuple[date, int, int]], deadline: Deadline) -> tuple[int, int]:
    """Return the money whose deadline has passed, and how much of it was handed on by then: first come, first on.

    What was taken back was the last that came, and nobody has to hand it on.
    """
    due_fen = in_time = 0
    earlier = accumulate((fen for _, fen in tranche.arrivals), initial=0)
    for (on, fen), before in zip(tranche.arrivals, earlier, strict=False):
        lot = min(fen, max(0, tranche.sums.came - before))
        due = deadline.due(on, scope.rules.calendar).day
        gone = sum(distributed + allocated for day, distributed, allocated in moved if day <= due)
        if scope.as_of > due:
            due_fen += lot
            in_time += min(lot, max(0, gone - before))
    return due_fen, in_time


def _days(start: date, days: Iterable[date]) -> int | None:
    first = min(days, default=None)
    return None if first is None else (first - start).days


def _levels(scope: Scope, rows: tuple[ExecutionRow, ...]) -> list[dict[str, object]]:
    parts = {row.tranche: scope.current(row.place.area) for row in rows}
    found: list[dict[str, object]] = []
    for part, place in scope.places(parts.values(), str):
        here = [row for row in rows if part is None or parts[row.tranche] == part]
        for level in sorted({row.level for row in here}, key=lambda level: in_order([level])):
            sums = {name: sum(getattr(row, name) for row in here if row.level == level) for name in _SUMS}
            shares = {
                "handed_on_percent": percent(sums["handed_on_fen"], sums["arrived_fen"]),
                "in_time_percent": percent(sums["in_time_fen"], sums["due_fen"]),
                "paid_percent": percent(sums["paid_fen"], sums["stayed_fen"]),
            }
            found.append({**place._asdict(), "level": level, **sums, **shares})
    return found


def _words(deadline: Deadline) -> dict[str, object]:
    return {
        "id": deadline.id,
        "name": deadline.name,
        "level": deadline.level,
        "days": deadline.days,
        "unit": deadline.unit,
        "source": deadline.source,
    }

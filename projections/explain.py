"""Every event behind one number of a report, and what each adds to it: the report itself is asked, never a copy of it.

Two ways (decision 26). ``facts``: the number is a sum of facts, so the report is asked about each event alone, and the
answers must add up to the number. ``steps``: the number counts things or depends on several facts at once, so the
report is asked again as of each position of the log, and each event adds by how much the number moved there. The rules
and areas stay those of the question: what is explained is the number under one set of rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from sqlalchemy import select, union

from ledger.errors import TamperedError
from projections.additive import EventByEvent
from projections.figures import Address, figures_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Table

    from projections.catalogue import Report
    from projections.figures import Figures
    from projections.scope import Question, Scope

__all__ = ["Addend", "Explanation", "explain", "explain_all", "positions_in"]

_EVERY: Final = 2_000
_FIXED: Final = frozenset({"fact_money", "fact_milestone"})
"""Tables whose facts never leave their area."""


class Addend(NamedTuple):
    """The event at this position adds so much to the number: fen, or how many things."""

    position: int
    change: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The addends of one number, in the order of the log; their sum is ``value``.

    ``exhaustive`` is False where there were too many events to ask at each: events whose effects cancel out between
    two that were asked may then be missing.
    """

    address: Address
    value: int
    way: Literal["facts", "steps"]
    addends: tuple[Addend, ...]
    exhaustive: bool = True


def explain(report: Report, scope: Scope, question: Question, address: Address) -> Explanation:
    """Return the events behind one number of the report in this scope.

    Raises:
        TamperedError: the addends do not add up to the number.
    """
    value = _figures(report, scope, question).get(address, 0)
    apart = EventByEvent(scope.connection)  # answers like a connection, as far as reports ask one
    facts = _apart(report, scope, question, apart)
    if not facts(0).get(address, 0):
        addends = tuple(
            Addend(position, change) for position in apart.positions if (change := facts(position).get(address, 0))
        )
        if sum(each.change for each in addends) == value:
            return Explanation(address, value, "facts", addends)
    positions = positions_in(scope, apart.tables)
    exhaustive = len(positions) <= _EVERY
    steps = tuple(
        _steps(
            lambda at: _figures(report, replace(scope, position=at), question).get(address, 0),
            positions,
            exhaustive=exhaustive,
        )
    )
    _check(address, value, steps)
    return Explanation(address, value, "steps", steps, exhaustive)


def explain_all(report: Report, scope: Scope, question: Question) -> Iterator[Explanation]:
    """Yield the explanation of every number of the report, asking it once for each event. Raises TamperedError."""
    apart = EventByEvent(scope.connection)
    facts = _apart(report, scope, question, apart)
    constant = facts(0)
    alone: dict[Address, list[Addend]] = {}
    for position in apart.positions:
        for address, change in facts(position).items():
            if change:
                alone.setdefault(address, []).append(Addend(position, change))
    left: Figures = {}
    for address, value in figures_of(report(scope, question)).items():
        addends = alone.get(address, [])
        if not constant.get(address, 0) and sum(each.change for each in addends) == value:
            yield Explanation(address, value, "facts", tuple(addends))
        else:
            left[address] = value
    moved = _moved(report, scope, question, positions_in(scope, apart.tables)) if left else {}
    for address, value in left.items():
        steps = tuple(moved.get(address, ()))
        _check(address, value, steps)
        yield Explanation(address, value, "steps", steps)


def _moved(report: Report, scope: Scope, question: Question, positions: Sequence[int]) -> dict[Address, list[Addend]]:
    """Return where each figure of the report moves from position to position."""
    moved: dict[Address, list[Addend]] = {}
    before: Figures = {}
    for position in positions:
        now = _figures(report, replace(scope, position=position), question)
        for address in now.keys() | before.keys():
            if change := now.get(address, 0) - before.get(address, 0):
                moved.setdefault(address, []).append(Addend(position, change))
        before = now
    return moved


def positions_in(scope: Scope, tables: Iterable[Table]) -> list[int]:
    """Return the positions of all events whose facts in these tables may count, in order."""
    asked = [
        # Assets move from area to area: whoever loses one has to hear of it.
        select(table.c.position).where(scope.within(table) if table.name in _FIXED else scope.happened(table))
        for table in sorted(tables, key=lambda table: table.name)
    ]
    return sorted(scope.connection.execute(union(*asked)).scalars()) if asked else []


def _apart(report: Report, scope: Scope, question: Question, apart: EventByEvent) -> Callable[[int], Figures]:
    lens: Any = apart
    alone = replace(scope, connection=lens)

    def figures(position: int) -> Figures:
        apart.position = position
        return _figures(report, alone, question)

    return figures


def _figures(report: Report, scope: Scope, question: Question) -> Figures:
    """Return the report's figures; an area's own part, which goes unsaid where it is all there is, is said again."""
    figures = figures_of(report(scope, question))
    parted = {address.table for address in figures if ("row", "part") in address.keys}
    for address, number in list(figures.items()):
        if scope.by == "area" and address.table not in parted and ("row", "total") in address.keys:
            keys = tuple((name, "part" if name == "row" else value) for name, value in address.keys)
            figures[address._replace(keys=keys)] = number
    return figures


def _steps(value_at: Callable[[int], int], positions: Sequence[int], *, exhaustive: bool) -> Iterator[Addend]:
    """Yield where the value moves, and by how much; from nothing before the first position."""
    if not positions:
        return
    if exhaustive:
        before = value_at(0)
        for position in positions:
            now = value_at(position)
            if now != before:
                yield Addend(position, now - before)
            before = now
        return
    stack = [(-1, len(positions) - 1, value_at(0), value_at(positions[-1]))]
    while stack:
        low, high, before, now = stack.pop()
        if before == now:
            continue
        if high - low == 1:
            yield Addend(positions[high], now - before)
            continue
        middle = (low + high) // 2
        between = value_at(positions[middle])
        stack += [(middle, high, between, now), (low, middle, before, between)]


def _check(address: Address, value: int, addends: Iterable[Addend]) -> None:
    total = sum(each.change for each in addends)
    if total != value:
        raise TamperedError(
            "explain.does_not_add_up",
            f"“{address.column}”为 {value},各条记录合计 {total},不相等",
            hint="请运行 xianjie audit replay 查明报表数据是否与账本一致",
        )

"""Allocations that nobody made: decided as the ledger would decide them, counted as reports count, recorded nowhere.

The handler of the real command works here on a copy of the ledger's state at the moment of a report. So a what-if is
refused exactly where the allocation would be, whatever rules are added later, and the database is only read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from typing_extensions import override

from ledger.commands import Kind, handle
from ledger.commands.work import TRANCHE
from ledger.domain.control import Recorded
from ledger.domain.history import fold, live
from ledger.errors import LedgerError, RuleRefusedError
from ledger.events import Event, MoneyAllocated, registry
from ledger.log.reading import Row, event_at, read_stream, root_at
from ledger.rules.model import covers
from projections.facts import facts_of
from projections.money import Cell
from projections.tables import fact_money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ledger.areas import AreaList
    from ledger.domain.allocation import AllocateMoney
    from ledger.domain.tranche import Tranche
    from ledger.rules.model import Indicator, RulePack
    from projections.scope import Scope

__all__ = ["Hypothesis"]

S = TypeVar("S")

_COLUMNS = tuple(fact_money.c.keys())


class Hypothesis:
    """The ledger as it would be after some allocations, at the moment and under the rules of a report."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._work = _Copy(scope, {}, [])

    @property
    def allocated(self) -> list[MoneyAllocated]:
        """The allocations so far, as the ledger would have recorded them."""
        return [event for event in self._work.recorded if isinstance(event, MoneyAllocated)]

    def tranche(self, code: str) -> Tranche:
        """Return a tranche as it would stand now."""
        return self._work.load(TRANCHE, code)

    def allocate(self, command: AllocateMoney, where: str = "") -> None:
        """Make one allocation more, dated on the day of the report; ``where`` locates it for a message.

        Raises:
            LedgerError: the ledger would refuse it, or it touches money that the report does not ask about.
        """
        try:
            handle(self._work, self._checked(command))
        except LedgerError as error:
            raise (error.at(where) if where else error) from None

    def refusal(self, command: AllocateMoney) -> LedgerError | None:
        """Return why the ledger would refuse the allocation now, or None; it is not made."""
        try:
            handle(self._work.trial(), self._checked(command))
        except LedgerError as error:
            return error
        return None

    def cells(self) -> list[Cell]:
        """Return the money cells by which the allocations change the report."""
        found: list[Cell] = []
        for event in self._work.recorded:
            for table, row in facts_of(event, self._work.position, ""):
                if table == fact_money.name:
                    found.append(_cell(self._scope, dict(zip(_COLUMNS, row, strict=True))))
        return found

    def _checked(self, command: AllocateMoney) -> AllocateMoney:
        tranche, scope = self.tranche(command.tranche), self._scope
        inside = any(covers(code, tranche.area) for code in scope.areas.lineage(scope.area))
        if tranche.exists and not (inside and tranche.plan_year == scope.plan_year):
            raise RuleRefusedError(
                "what_if.outside",
                f"资金批次“{command.tranche}”属于{scope.name(tranche.area)} {tranche.plan_year} 年度,"
                f"本表问的是{scope.name(scope.area)} {scope.plan_year} 年度,试算不会有变化",
                hint="请核对批次编号,或用 --area、--year 指明它所属的地区和年度",
            )
        return command.model_copy(update={"on": scope.as_of})


def _cell(scope: Scope, fact: dict[str, Any]) -> Cell:
    parts = {"area": scope.current(fact["area"]), "town": fact["town"], "type": fact["project_type"]}
    names = ("measure", "level", "fund_kind", "direction", "project_type", "industry")
    return Cell(part=parts[scope.by], fen=fact["amount_fen"], **{name: fact[name] for name in names})


class _Copy:
    """The ledger's state at the moment of a report (``ledger.commands.Work``); what is recorded stays in memory."""

    actor = ""

    def __init__(self, scope: Scope, states: dict[str, tuple[Kind[Any], Any]], recorded: list[Event]) -> None:
        self._scope = scope
        self._states = states
        self.recorded = recorded

    def trial(self) -> _Copy:
        """Return the same state for one decision whose events are thrown away."""
        return _Trial(self._scope, self._states, list(self.recorded))

    @property
    def position(self) -> int:
        return self._scope.position + len(self.recorded)

    @property
    def today(self) -> date:
        return self._scope.as_of

    def load(self, kind: Kind[S], code: str) -> S:
        stream = kind.stream(code)
        if stream not in self._states:
            known = live([each.event for each in self.recorded_in(stream)])
            happened = (event for event in known if event.effective_on <= self.today)
            self._states[stream] = kind, fold(kind.evolve, kind.start, happened)
        state: S = self._states[stream][1]
        return state

    def record(self, events: Iterable[Event]) -> None:
        for event in events:
            self.recorded.append(event)
            if event.stream in self._states:
                kind, state = self._states[event.stream]
                self._states[event.stream] = kind, kind.evolve(state, event)

    def root_at(self, position: int) -> str:
        known = position <= self._scope.position
        return root_at(self._scope.connection, position).hex() if known else ""

    def areas(self) -> AreaList:
        return self._scope.areas

    def rules(self, _area: str, _on: date) -> RulePack:
        return self._scope.rules  # a report stands on one pack, and so does what is asked of it

    def indicators(self, _area: str, _on: date) -> Mapping[str, Indicator]:
        return self._scope.indicators

    def recorded_at(self, position: int) -> Recorded | None:
        row = event_at(self._scope.connection, position)
        return None if row is None else _recorded(row)

    def recorded_in(self, stream: str) -> list[Recorded]:
        rows = read_stream(self._scope.connection, stream)
        return [_recorded(row) for row in rows if row.position <= self._scope.position]


class _Trial(_Copy):
    """A copy that keeps states as they are: what is read for the trial stays known, what it records does not count."""

    @override
    def record(self, events: Iterable[Event]) -> None:
        self.recorded.extend(events)


def _recorded(row: Row) -> Recorded:
    event = registry.decode(row.topic, row.state)
    return Recorded(row.position, row.stream, row.version, row.topic, row.state, event)

"""A ledger in memory whose states are folded as the events come: fast enough for many thousand commands."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from ledger.areas import AreaList, shipped_areas
from ledger.domain.control import Recorded
from ledger.domain.history import fold, live
from ledger.events import Event, EventReversed, registry
from ledger.rules import RulePack, parse_pack, shipped_packs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.commands import Kind
    from ledger.rules import Indicator

S = TypeVar("S")


class Memory:
    """The ledger in memory, its states folded as the events come: what ``ledger.commands.Work`` asks for."""

    today = date(2026, 11, 23)
    actor = "试"

    def __init__(self) -> None:
        self.log: list[Recorded] = []
        self.streams: dict[str, tuple[Recorded, ...]] = {}
        self.states: dict[str, tuple[Kind[Any], Any]] = {}

    def copy(self) -> Memory:
        made = Memory()
        made.log, made.streams, made.states = [*self.log], {**self.streams}, {**self.states}
        return made

    @property
    def position(self) -> int:
        return len(self.log)

    def load(self, kind: Kind[S], code: str) -> S:
        stream = kind.stream(code)
        if stream not in self.states:
            self.states[stream] = (
                kind,
                fold(kind.evolve, kind.start, live([each.event for each in self.recorded_in(stream)])),
            )
        state: S = self.states[stream][1]
        return state

    def record(self, events: Iterable[Event]) -> None:
        for event in events:
            before = self.streams.get(event.stream, ())
            state = registry.encode(event)
            made = Recorded(self.position + 1, event.stream, len(before) + 1, event.TOPIC, state, event)
            self.log.append(made)
            self.streams[event.stream] = (*before, made)
            kind, known = self.states.pop(event.stream, (None, None))
            if kind is not None and not isinstance(event, EventReversed):
                self.states[event.stream] = kind, kind.evolve(known, event)

    def root_at(self, position: int) -> str:
        return sha256(str(position).encode()).hexdigest()

    def areas(self) -> AreaList:
        return shipped_areas()

    def rules(self, area: str, on: date) -> RulePack:  # noqa: ARG002 - one pack for all
        return parse_pack(shipped_packs()["base"])

    def indicators(self, area: str, on: date) -> Mapping[str, Indicator]:  # noqa: ARG002 - there are none
        return {}

    def recorded_at(self, position: int) -> Recorded | None:
        return self.log[position - 1] if position <= len(self.log) else None

    def recorded_in(self, stream: str) -> list[Recorded]:
        return [*self.streams.get(stream, ())]

"""What a command works with: the states it reads, and the place where it records events.

A command is decided while the append lock is held, so what it reads cannot change before it is recorded
(``docs/decisions/0003-decide-under-the-lock.md``). ``Work`` is that view of the ledger; ``ledger.application`` provides
it on top of the log, and tests provide one in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from ledger.areas import AreaList
from ledger.domain.asset import Asset, evolve_asset
from ledger.domain.control import Recorded
from ledger.domain.document import Document, evolve_document
from ledger.domain.notice import Notice, evolve_notice
from ledger.domain.project import Project, evolve_project
from ledger.domain.right import Rights, evolve_rights
from ledger.domain.tranche import Tranche, evolve_tranche
from ledger.events import Event, streams
from ledger.rules import RulePack

__all__ = ["ASSET", "DOCUMENT", "NOTICE", "PROJECT", "RIGHTS", "TRANCHE", "Kind", "Work"]

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Kind(Generic[S]):
    """A kind of stream: how it is named, where its state starts, and how an event changes it."""

    stream: Callable[[str], str]
    start: S
    evolve: Callable[[S, Event], S]


TRANCHE = Kind(streams.tranche, Tranche(), evolve_tranche)
PROJECT = Kind(streams.project, Project(), evolve_project)
ASSET = Kind(streams.asset, Asset(), evolve_asset)
RIGHTS = Kind(streams.right, Rights(), evolve_rights)
NOTICE = Kind(streams.notice, Notice(), evolve_notice)
DOCUMENT = Kind(streams.document, Document(), evolve_document)


class Work(Protocol):
    """The ledger as one batch of commands sees it."""

    @property
    def position(self) -> int:
        """Return the position of the last event, recorded or about to be."""

    @property
    def today(self) -> date:
        """Return the day on which the batch is recorded."""

    @property
    def actor(self) -> str:
        """Return who submits the batch."""

    def load(self, kind: Kind[S], code: str) -> S:
        """Return the state of one stream."""

    def record(self, events: Iterable[Event]) -> None:
        """Take in decided events; they are seen by every later ``load``."""

    def areas(self) -> AreaList:
        """Return the area codes that this ledger accepts."""

    def rules(self, area: str, on: date) -> RulePack:
        """Return the rule pack in force for the area on the day. Raises NotFoundError when none was adopted."""

    def recorded_at(self, position: int) -> Recorded | None:
        """Return the event at a position, or None."""

    def recorded_in(self, stream: str) -> list[Recorded]:
        """Return every event of a stream in order, reversed ones included."""

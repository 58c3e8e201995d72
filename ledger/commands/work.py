"""What a command works with: the states it reads, and the place where it records events.

A command is decided while the append lock is held, so what it reads cannot change before it is recorded
(``docs/decisions/0003-decide-under-the-lock.md``). ``Work`` is that view of the ledger; ``ledger.application`` provides
it on top of the log, and tests provide one in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from ledger.areas import AreaList
from ledger.domain.arrear import Arrear, evolve_arrear
from ledger.domain.asset import Asset, evolve_asset
from ledger.domain.closing import Books, evolve_books
from ledger.domain.contract import Contract, evolve_contract
from ledger.domain.control import Recorded
from ledger.domain.document import Document, evolve_document
from ledger.domain.figure import Reported as ReportedFigures
from ledger.domain.figure import evolve_figures
from ledger.domain.finding import Finding, evolve_finding
from ledger.domain.notice import Notice, evolve_notice
from ledger.domain.people import Opening, People, evolve_opening, evolve_people
from ledger.domain.project import Project, evolve_project
from ledger.domain.proposal import Proposal, evolve_proposal
from ledger.domain.reporting import Reported, evolve_indicator, evolve_submission
from ledger.domain.right import Rights, evolve_rights
from ledger.domain.scheme import Scheme, evolve_scheme
from ledger.domain.subject import PrivateSubject, evolve_subject
from ledger.domain.tranche import Tranche, evolve_tranche
from ledger.events import Event, streams
from ledger.rules import Indicator, RulePack

__all__ = [
    "ARREAR",
    "ASSET",
    "CONTRACT",
    "DOCUMENT",
    "FIGURES",
    "FINDING",
    "INDICATOR",
    "NOTICE",
    "OPENING",
    "PEOPLE",
    "PROJECT",
    "PROPOSAL",
    "RIGHTS",
    "SCHEME",
    "SUBJECT",
    "SUBMISSION",
    "TRANCHE",
    "YEAR",
    "Kind",
    "Work",
]

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Kind(Generic[S]):
    """A kind of stream: how it is named, where its state starts, and how an event changes it."""

    stream: Callable[[str], str]
    start: S
    evolve: Callable[[S, Event], S]


def _of_area(name: Callable[[str, str], str]) -> Callable[[str], str]:
    """Name a stream of an area and a code by the key ``area:code``."""

    def stream(key: str) -> str:
        area, _, code = key.partition(":")
        return name(area, code)

    return stream


TRANCHE = Kind(streams.tranche, Tranche(), evolve_tranche)
PROJECT = Kind(streams.project, Project(), evolve_project)
ASSET = Kind(streams.asset, Asset(), evolve_asset)
RIGHTS = Kind(streams.right, Rights(), evolve_rights)
NOTICE = Kind(streams.notice, Notice(), evolve_notice)
CONTRACT = Kind(streams.contract, Contract(), evolve_contract)
DOCUMENT = Kind(streams.document, Document(), evolve_document)
FIGURES = Kind(streams.figure, ReportedFigures(), evolve_figures)
FINDING = Kind(streams.finding, Finding(), evolve_finding)
ARREAR = Kind(streams.arrear, Arrear(), evolve_arrear)
INDICATOR = Kind(_of_area(streams.indicator), Reported(), evolve_indicator)
OPENING = Kind(lambda _: streams.LEDGER, Opening(), evolve_opening)
PEOPLE = Kind(lambda _: streams.PEOPLE, People(), evolve_people)
PROPOSAL = Kind(streams.proposal, Proposal(), evolve_proposal)
SCHEME = Kind(streams.scheme, Scheme(), evolve_scheme)
SUBJECT = Kind(streams.subject, PrivateSubject(), evolve_subject)
SUBMISSION = Kind(_of_area(streams.submission), Reported(), evolve_submission)
YEAR = Kind(_of_area(lambda area, number: streams.year(area, int(number))), Books(), evolve_books)


class Work(Protocol):
    """The ledger as one batch of commands sees it."""

    @property
    def position(self) -> int:
        """Return the position of the last event, recorded or about to be."""

    def root_at(self, position: int) -> str:
        """Return the root over the first entries in hexadecimal; empty where the batch is still open there."""

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

    def indicators(self, area: str, on: date) -> Mapping[str, Indicator]:
        """Return the indicators that the target packs in force ask of the area, by id."""

    def recorded_at(self, position: int) -> Recorded | None:
        """Return the event at a position, or None."""

    def recorded_in(self, stream: str) -> list[Recorded]:
        """Return every event of a stream in order, reversed ones included."""

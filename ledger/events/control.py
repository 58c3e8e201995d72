"""Events about the ledger itself: opened, areas listed, rule pack adopted, year closed, event reversed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Event, Ident, Name, Text, Year

__all__ = [
    "AreaEntry",
    "AreasListed",
    "EventReversed",
    "LedgerOpened",
    "RulePackAdopted",
    "YearClosed",
]

Sha256 = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class LedgerOpened(Event):
    """The ledger was opened for an area under a name; its origin names its log in every checkpoint.

    ``mode`` trial: one person, nothing need be signed. Signed: every batch is signed by the person it names, and the
    ledger takes nothing else until somebody other than its ``founder`` has confirmed it.
    """

    TOPIC: ClassVar[str] = "ledger.opened"

    area: AreaCode
    name: Name
    origin: Name
    mode: Literal["trial", "signed"] = "trial"
    founder: Text = ""

    @property
    @override
    def stream(self) -> str:
        return streams.LEDGER


class AreaEntry(BaseModel):
    """One administrative area with the days between which its code is valid (``valid_to`` is the last day)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    code: Annotated[str, StringConstraints(pattern=r"^(\d{6}|\d{9}|\d{12})$")]
    name: Name
    valid_from: date
    valid_to: date | None = None
    successor: str = ""


class AreasListed(Event):
    """Areas were added to, or changed in, the list of area codes that this ledger accepts."""

    TOPIC: ClassVar[str] = "areas.listed"

    areas: tuple[AreaEntry, ...] = Field(min_length=1)

    @property
    @override
    def stream(self) -> str:
        return streams.AREAS


class RulePackAdopted(Event):
    """A rule pack is in force from ``effective_on``.

    The event stores the pack's whole text, and that of the pack it extends (``base``), so that an old year is replayed
    under the rules of that year.
    """

    TOPIC: ClassVar[str] = "rule.adopted"

    pack: Ident
    version: Name
    text: str = Field(max_length=1_000_000)
    base: str = Field(default="", max_length=1_000_000)

    @property
    @override
    def stream(self) -> str:
        return streams.RULES


class YearClosed(Event):
    """The books of a calendar year are closed for the area (年度结账): later entries into it need a reason."""

    TOPIC: ClassVar[str] = "year.closed"

    area: AreaCode
    year: Year

    @property
    @override
    def stream(self) -> str:
        return streams.year(self.area, self.year)


class EventReversed(Event):
    """A recorded event was wrong and no longer counts; history keeps both.

    It carries the whole reversed event, so that its facts can cancel the old ones without looking anything up.
    ``effective_on`` is the business date of what it reverses; ``reason`` and ``document`` (the approval) are mandatory.
    """

    TOPIC: ClassVar[str] = "event.reversed"

    document: Name
    reason: Name
    reversed_stream: Name
    reversed_version: int = Field(ge=1)
    reversed_position: int = Field(ge=1)
    reversed_topic: Ident
    reversed_state: str
    corrected_on: date

    @property
    @override
    def stream(self) -> str:
        return self.reversed_stream

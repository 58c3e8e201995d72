"""The event of publication (公开): what was published, where, from when to when, and from which state of the ledger.

Source: funds.md 5. With the position and the hash it can be computed later whether something was published late, too
short, or changed after publication.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Code, Event, Ident, Name, Text, Year

__all__ = ["Cut", "NoticeAmended", "NoticeApproved", "NoticePublished", "NoticeWithdrawn", "Subject"]


class Subject(BaseModel):
    """One thing that a notice is about, with the dimensions under which it is counted."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["tranche", "project", "asset"]
    code: Ident
    area: AreaCode
    town: str = ""
    village: str = ""
    year: Year
    type: Code


class Cut(BaseModel):
    """How a content was cut from the ledger, besides template, area and position: with it anybody cuts it again.

    ``year`` None: all years; ``place`` a town or village, or empty; ``notes`` the sentences under the table.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    as_of: date
    year: Year | None = None
    place: Text = ""
    notes: tuple[Text, ...] = ()


class _Shown(Event, abstract=True):
    """What is shown on a channel from one day to another (``to_on`` empty: kept for good).

    ``root`` is that of the ledger's first ``position`` entries, in hexadecimal: with the position it is the checkpoint
    that the content stands on. Empty in what was recorded before it was written down, and where the content shows
    entries of the very batch that publishes it, which no checkpoint covers yet.
    """

    notice: Ident
    template: Code
    title: Name
    area: AreaCode
    subjects: tuple[Subject, ...] = Field(min_length=1)
    channel: Code
    from_on: date
    to_on: date | None = None
    content_hash: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    position: int = Field(ge=0)
    cut: Cut | None = None
    root: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""

    @property
    @override
    def stream(self) -> str:
        return streams.notice(self.notice)


class NoticePublished(_Shown):
    """Something was published."""

    TOPIC: ClassVar[str] = "notice.published"


class NoticeAmended(_Shown):
    """What was published was replaced on its channel from ``from_on`` on; ``replaces`` is the hash it had before."""

    TOPIC: ClassVar[str] = "notice.amended"

    replaces: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


class NoticeApproved(Event):
    """A draft was examined and may be published under this code: exactly this content, cut at this position."""

    TOPIC: ClassVar[str] = "notice.approved"

    notice: Ident
    template: Code
    title: Name
    area: AreaCode
    subjects: tuple[Subject, ...] = Field(min_length=1)
    content_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    position: int = Field(ge=0)

    @property
    @override
    def stream(self) -> str:
        return streams.notice(self.notice)


class NoticeWithdrawn(Event):
    """What was published was taken down on this day, before its last day."""

    TOPIC: ClassVar[str] = "notice.withdrawn"

    notice: Ident
    area: AreaCode
    why: Text

    @property
    @override
    def stream(self) -> str:
        return streams.notice(self.notice)

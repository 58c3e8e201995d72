"""Events of a document (文件): registered at its first use, and used again for something else.

One document may act on several objects (funds.md 7.1), but its number stands for one document only.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Code, Event, Ident, Name, Text

__all__ = ["DocumentAmended", "DocumentAttached", "DocumentRegistered", "DocumentUsed"]

FileHash = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
"""SHA-256 of the document's file in hex, or empty."""


class _OfDocument(Event, abstract=True):
    number: Name

    @property
    @override
    def stream(self) -> str:
        return streams.document(self.number)


class DocumentRegistered(_OfDocument):
    """A document was registered, or first used: its number stands for this issuer and date only.

    ``tranche`` is the tranche that it issued, ``purpose`` what for (area, kind, level, direction of the money); both
    are empty where it was registered for itself. ``kind`` is a code of ``DocumentKind`` or empty.
    """

    TOPIC: ClassVar[str] = "document.registered"

    issuer: Name
    dated: date
    title: Text = ""
    tranche: Text = ""
    purpose: Text = ""
    kind: Text = ""
    file_hash: FileHash = ""


class DocumentAmended(_OfDocument):
    """What was registered of a document was wrong or wanting: this is how it reads, all of it."""

    TOPIC: ClassVar[str] = "document.amended"

    issuer: Name
    dated: date
    title: Text = ""
    kind: Text = ""
    file_hash: FileHash = ""


class DocumentUsed(_OfDocument):
    """A registered document issued one more tranche."""

    TOPIC: ClassVar[str] = "document.used"

    tranche: Name
    purpose: Name


class DocumentAttached(_OfDocument):
    """The document also bears on this thing, beside what it authorised."""

    TOPIC: ClassVar[str] = "document.attached"

    subject_kind: Literal["tranche", "project", "asset", "finding"]
    subject: Ident
    role: Code
    note: Text = ""

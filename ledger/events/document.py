"""Events of a document (文件): registered at its first use, and used again for something else.

One document may act on several objects (funds.md 7.1), but its number stands for one document only.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Event, Name, Text

__all__ = ["DocumentRegistered", "DocumentUsed"]


class DocumentRegistered(Event):
    """A document was first used: its number stands for this issuer and date only.

    ``tranche`` is the tranche that it issued, ``purpose`` what for (area, kind, level, direction of the money).
    """

    TOPIC: ClassVar[str] = "document.registered"

    number: Name
    issuer: Name
    dated: date
    title: Text = ""
    tranche: Text = ""
    purpose: Text = ""

    @property
    @override
    def stream(self) -> str:
        return streams.document(self.number)


class DocumentUsed(Event):
    """A registered document issued one more tranche."""

    TOPIC: ClassVar[str] = "document.used"

    number: Name
    tranche: Name
    purpose: Name

    @property
    @override
    def stream(self) -> str:
        return streams.document(self.number)

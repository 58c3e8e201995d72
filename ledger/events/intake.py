"""A file was imported: which of its rows are in the ledger, so that the next file adds only what is new."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Code, Event, Name, Text

__all__ = ["ImportRecorded", "ImportedRow"]

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Content = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""The first half of the SHA-256 of what a row says."""
Number = Annotated[int, Field(ge=1, le=10**7, strict=True)]


class ImportedRow(BaseModel):
    """One row of the file: its number, the codes and the day by which people know it, and the hash of all it says.

    ``new`` rows were recorded with this event; the others had been recorded by an earlier import.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    number: Number
    key: Text
    content: Content
    new: bool = True


class ImportRecorded(Event):
    """A file of one kind was imported, in the same batch as this event; a long file takes several (``part``).

    ``effective_on`` is the day of the import. It moves nothing itself.
    """

    TOPIC: ClassVar[str] = "import.recorded"

    kind: Code
    file: Name
    file_hash: Sha256
    part: Number = 1
    rows: tuple[ImportedRow, ...] = Field(min_length=1, max_length=10_000)

    @property
    @override
    def stream(self) -> str:
        return streams.imports(self.kind)

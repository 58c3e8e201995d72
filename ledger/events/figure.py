"""The event of a figure that an office published or reported, kept as evidence beside what the ledger says."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Code, Event, Ident, Text, Year

__all__ = ["FigureReported"]

Printed = Annotated[str, StringConstraints(pattern=r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,10})?$")]
"""A number as it was printed, with all its decimals: ``97.93``, ``100``, ``5.220``; ten decimals of 亿元 are fen."""


class FigureReported(Event):
    """An office published or reported a figure of an area: as printed, never counted, never corrected.

    ``kind`` and ``measure`` name what of the rules it is about, as it stood on ``as_of``; ``year`` is the plan year, or
    None for a stock of all years. The business date is the day it was published. ``cut_from`` is the position of this
    ledger that the figure claims to have been taken from.
    """

    TOPIC: ClassVar[str] = "figure.reported"

    area: AreaCode
    kind: Literal["quantity", "rate", "rest", "share"]
    measure: Ident
    value: Printed
    unit: Code
    as_of: date
    year: Year | None = None
    issuer: Text = ""
    channel: Text = ""
    cut_from: Annotated[int, Field(ge=1, strict=True)] | None = None

    @property
    @override
    def stream(self) -> str:
        return streams.figure(self.area)

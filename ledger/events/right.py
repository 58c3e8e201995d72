"""The event of the five rights (五权): the whole split of one right of one asset, in one event.

Source: assets.md 2 and 9. Because the split is one event it can never be half written.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from typing_extensions import override

from ledger.events import streams
from ledger.events.asset import Holding
from ledger.events.base import Code, Text
from ledger.events.dimensions import AssetEvent

__all__ = ["RightSet"]


class RightSet(AssetEvent):
    """From ``effective_on`` the right is held as ``holdings`` say, or by nobody (``none``), or is ``unsettled``.

    ``basis`` says where the shares come from; ``due_on`` until when an unsettled right must be settled;
    ``body`` is whose meeting decided it: all members', their representatives', or the council's; empty where not told.
    ``confirmation_id`` links the ownership that a confirmation set.
    """

    TOPIC: ClassVar[str] = "right.set"

    right: Code
    status: Literal["held", "none", "unsettled"]
    holdings: tuple[Holding, ...] = ()
    basis: Code | None = None
    due_on: date | None = None
    note: Text = ""
    body: Literal["", "members", "representatives", "council"] = ""
    confirmation_id: Text = ""

    @property
    @override
    def stream(self) -> str:
        return streams.right(self.asset)

    @property
    @override
    def link(self) -> str:
        return self.confirmation_id

    @property
    @override
    def partner(self) -> str:
        return streams.asset(self.asset) if self.confirmation_id else ""

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

    ``basis`` says where the shares come from; ``due_on`` until when an unsettled right must be settled; ``body`` is the
    meeting that decided, where the law reserves it to one. ``confirmation_id`` links what was recorded together: the
    confirmation that set the ownership, or, with ``contract``, the contract that gave or ended the operation right.
    """

    TOPIC: ClassVar[str] = "right.set"

    right: Code
    status: Literal["held", "none", "unsettled"]
    holdings: tuple[Holding, ...] = ()
    basis: Code | None = None
    due_on: date | None = None
    note: Text = ""
    confirmation_id: Text = ""
    contract: Text = ""
    body: Literal["", "members", "representatives", "villagers", "unit", "council"] = ""

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
        if not self.confirmation_id:
            return ""
        return streams.contract(self.contract) if self.contract else streams.asset(self.asset)

"""Events of a tranche (资金批次): money that arrived by one indicator document and where it went.

Source: funds.md 7.2. One movement of money is an out-leg on the paying stream and an in-leg on the receiving one,
with the same ``transfer_id``, recorded together.
"""

from __future__ import annotations

from typing import ClassVar

from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Code, Fen, Ident, Name, TownCode, VillageCode, Year
from ledger.events.dimensions import FundEvent

__all__ = [
    "MoneyAllocated",
    "TrancheDistributed",
    "TrancheIssued",
    "TrancheReceived",
    "TrancheRecovered",
    "TrancheReturned",
]


class _OfTranche(FundEvent, abstract=True):
    """What the events of a tranche share: its dimensions and an amount in fen."""

    amount_fen: Fen

    @property
    @override
    def stream(self) -> str:
        return streams.tranche(self.tranche)


class _Leg(_OfTranche, abstract=True):
    """One leg of a movement of money between two streams."""

    transfer_id: Ident

    @property
    @override
    def link(self) -> str:
        return self.transfer_id


class TrancheIssued(_OfTranche):
    """Money was issued to the area from outside this ledger (下达), by an indicator document.

    ``issuer`` is the body that issued it; ``advance`` marks money issued ahead of its budget year (提前下达).
    """

    TOPIC: ClassVar[str] = "tranche.issued"

    issuer: Name
    advance: bool = False


class TrancheDistributed(_Leg):
    """Part of the tranche was distributed (分解) to a tranche of a lower area: the out-leg."""

    TOPIC: ClassVar[str] = "tranche.distributed"

    child: Ident
    child_area: AreaCode

    @property
    @override
    def partner(self) -> str:
        return streams.tranche(self.child)


class TrancheReceived(_Leg):
    """The tranche received money distributed from its parent tranche: the in-leg."""

    TOPIC: ClassVar[str] = "tranche.received"

    parent: Ident

    @property
    @override
    def partner(self) -> str:
        return streams.tranche(self.parent)


class MoneyAllocated(_Leg):
    """Money of the tranche was allocated (安排) to a project: the out-leg, with the project's dimensions."""

    TOPIC: ClassVar[str] = "tranche.allocated"

    project: Ident
    town: TownCode = ""
    village: VillageCode = ""
    project_year: Year
    project_type: Code
    industry: bool | None = None

    @property
    @override
    def partner(self) -> str:
        return streams.project(self.project)


class TrancheRecovered(_OfTranche):
    """Money not yet allocated was recovered (收回): by the parent tranche, or by a body outside this ledger.

    With a ``parent`` it is the out-leg of a movement; without one ``recovered_by`` names the body.
    """

    TOPIC: ClassVar[str] = "tranche.recovered"

    recovered_by: Name
    parent: str = ""
    transfer_id: str = ""

    @property
    @override
    def link(self) -> str:
        return self.transfer_id

    @property
    @override
    def partner(self) -> str:
        return streams.tranche(self.parent) if self.parent else ""


class TrancheReturned(_Leg):
    """Money came back from a lower tranche that was recovered: the in-leg on the parent."""

    TOPIC: ClassVar[str] = "tranche.returned"

    child: Ident

    @property
    @override
    def partner(self) -> str:
        return streams.tranche(self.child)

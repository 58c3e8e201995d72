"""Events of a tranche (资金批次): money that arrived by one indicator document and where it went.

Source: funds.md 7.2. One movement of money is an out-leg on the paying stream and an in-leg on the receiving one,
with the same ``transfer_id``, recorded together.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Code, Fen, Ident, Name, Text, TownCode, VillageCode, Year
from ledger.events.dimensions import FundEvent

__all__ = [
    "MoneyAllocated",
    "MoneyRegained",
    "TrancheCarriedOver",
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

    ``issuer`` is the body that issued it; ``advance`` marks money issued ahead of its budget year (提前下达),
    ``direct`` money under direct-payment supervision (01中央直达资金), ``incentive`` money for good results
    (激励资金). The three codes are those of the budget system (e.g. Z155110000004, 1100231, 21305):
    attributes, not keys.
    """

    TOPIC: ClassVar[str] = "tranche.issued"

    issuer: Name
    advance: bool = False
    direct: bool = False
    incentive: bool = False
    project_code: Text = ""
    income_item: Text = ""
    expenditure_item: Text = ""


class TrancheDistributed(_Leg):
    """Part of the tranche was distributed (分解) to a tranche of a lower area, a town or a unit: the out-leg."""

    TOPIC: ClassVar[str] = "tranche.distributed"
    LEG: ClassVar[int] = 1

    child: Ident
    child_area: AreaCode
    child_town: TownCode = ""
    child_unit: Text = ""

    @property
    @override
    def partner(self) -> str:
        return streams.tranche(self.child)


class TrancheReceived(_Leg):
    """The tranche received money distributed from its parent tranche: the in-leg.

    ``town`` or ``unit`` name the holder where it is below the county.
    """

    TOPIC: ClassVar[str] = "tranche.received"
    LEG: ClassVar[int] = -1

    parent: Ident
    town: TownCode = ""
    unit: Text = ""

    @property
    @override
    def partner(self) -> str:
        return streams.tranche(self.parent)


class _ProjectLeg(_Leg, abstract=True):
    """The tranche's leg of a movement between it and a project, with the project's dimensions."""

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


class MoneyAllocated(_ProjectLeg):
    """Money of the tranche was allocated (安排) to a project: the out-leg.

    ``cause`` is empty for money that is allocated for the first time, else a code of ``MoveCause``. For a management
    fee ``fee_base_fen`` and ``fee_percent`` say on what and how much the rule allows.
    """

    TOPIC: ClassVar[str] = "tranche.allocated"
    LEG: ClassVar[int] = 1

    cause: Text = ""
    fee_base_fen: Annotated[int, Field(ge=0, le=10**15, strict=True)] = 0
    fee_percent: Text = ""


class MoneyRegained(_ProjectLeg):
    """Money came back from a project and is free again: the in-leg of ``project.withdrawn``."""

    TOPIC: ClassVar[str] = "tranche.regained"
    LEG: ClassVar[int] = -1

    cause: Code


class TrancheRecovered(_OfTranche):
    """Money not yet allocated was recovered (收回): by the parent tranche, or by a body outside this ledger.

    With a ``parent`` it is the out-leg of a movement; without one ``recovered_by`` names the body.
    """

    TOPIC: ClassVar[str] = "tranche.recovered"
    LEG: ClassVar[int] = 1

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
    LEG: ClassVar[int] = -1

    child: Ident

    @property
    @override
    def partner(self) -> str:
        return streams.tranche(self.child)


class TrancheCarriedOver(FundEvent):
    """What the tranche had left unallocated at the end of ``from_year`` was carried over to the next year (结转).

    The money stays in the tranche; ``balance_fen`` says how much it was, and may be 0.
    """

    TOPIC: ClassVar[str] = "tranche.carried_over"

    from_year: Year
    balance_fen: Annotated[int, Field(ge=0, le=10**15, strict=True)]

    @property
    @override
    def stream(self) -> str:
        return streams.tranche(self.tranche)

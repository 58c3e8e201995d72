"""Events of change and end: transfer, split, merger, relocation, re-investment, disposal, loss.

Source: assets.md 3.4, 4.6 and 4.7. Splitting and merging conserve value: what one asset loses
others gain, in one batch.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from ledger.events import streams
from ledger.events.asset import FundSource, OfAsset
from ledger.events.base import AreaCode, Code, Fen, Ident, Name, Text, TownCode, VillageCode

__all__ = [
    "AssetClosed",
    "AssetDisposed",
    "AssetMergedFrom",
    "AssetMergedInto",
    "AssetReinvested",
    "AssetRelocated",
    "AssetSplit",
    "AssetSplitOff",
    "DisposalAppraised",
    "DisposalApproved",
    "DisposalProposed",
    "DisposalVoted",
    "LossAssigned",
    "LossFound",
    "LossRecovered",
    "LossWrittenOff",
    "OwnershipTransferred",
    "ProceedsBooked",
]

Amount = Annotated[int, Field(ge=0, le=10**15, strict=True)]
People = Annotated[int, Field(ge=0, le=10**7, strict=True)]


class OwnershipTransferred(OfAsset):
    """Ownership went from one to another by order or agreement (划转, 转让); the linked ``right.set`` says how."""

    TOPIC: ClassVar[str] = "asset.transferred"

    way: Literal["allocated", "assigned", "bought_back", "ruled"]
    giver: Name
    receiver: Name
    confirmation_id: Ident

    @property
    @override
    def link(self) -> str:
        return self.confirmation_id

    @property
    @override
    def partner(self) -> str:
        return streams.right(self.asset)


class AssetSplit(OfAsset):
    """Part of the asset became an asset of its own: ``value_fen`` is what is left, ``change_fen`` what went.

    ``sources`` is the money behind the part that went, where the sources of the asset are known.
    """

    TOPIC: ClassVar[str] = "asset.split"

    part: Ident
    change_fen: Fen
    change_id: Ident
    sources: tuple[FundSource, ...] = ()

    @property
    @override
    def link(self) -> str:
        return self.change_id

    @property
    @override
    def partner(self) -> str:
        return streams.asset(self.part)


class AssetSplitOff(OfAsset):
    """The asset came out of another one: its birth, with the life that the other had reached (``reached`` codes).

    ``sources`` is the money behind it, taken over from the other one.
    """

    TOPIC: ClassVar[str] = "asset.split_off"

    name: Name
    quantity: Text = ""
    parent: Ident
    change_id: Ident
    reached: tuple[Code, ...] = ()
    sources: tuple[FundSource, ...] = ()

    @property
    @override
    def link(self) -> str:
        return self.change_id

    @property
    @override
    def partner(self) -> str:
        return streams.asset(self.parent)


class AssetMergedInto(OfAsset):
    """The asset went up in another one: its end; ``value_fen`` is what it brought, ``sources`` the money behind it."""

    TOPIC: ClassVar[str] = "asset.merged_into"

    whole: Ident
    change_id: Ident
    sources: tuple[FundSource, ...] = ()

    @property
    @override
    def link(self) -> str:
        return self.change_id

    @property
    @override
    def partner(self) -> str:
        return streams.asset(self.whole)


class AssetMergedFrom(OfAsset):
    """Another asset went up in this one: ``value_fen`` is the value with it, ``change_fen`` what it brought.

    ``sources`` is the money behind what it brought.
    """

    TOPIC: ClassVar[str] = "asset.merged_from"

    part: Ident
    change_fen: Fen
    change_id: Ident
    sources: tuple[FundSource, ...] = ()

    @property
    @override
    def link(self) -> str:
        return self.change_id

    @property
    @override
    def partner(self) -> str:
        return streams.asset(self.part)


class AssetRelocated(OfAsset):
    """A boundary changed: the asset is registered where it now lies; the event's dimensions show the new place."""

    TOPIC: ClassVar[str] = "asset.relocated"

    former_area: AreaCode
    former_town: TownCode = ""
    former_village: VillageCode = ""


class AssetReinvested(OfAsset):
    """Principal, proceeds or income of this asset went into another one (再投资): the lineage of money."""

    TOPIC: ClassVar[str] = "asset.reinvested"

    into: Ident
    amount_fen: Fen
    money: Literal["principal", "proceeds", "income"]


class DisposalProposed(OfAsset):
    """The owner proposes to dispose of the asset (处置): why, and by which way."""

    TOPIC: ClassVar[str] = "asset.disposal_proposed"

    disposal: Ident
    why: Code
    way: Code


class DisposalVoted(OfAsset):
    """A body voted: ``members`` in all, ``present``, ``in_favour``, after so many days of notice.

    ``owner`` is the owner whose body it is; empty for the only one.
    """

    TOPIC: ClassVar[str] = "asset.disposal_voted"

    disposal: Ident
    body: Literal["members", "representatives", "villagers", "unit"]
    members: People
    present: People
    in_favour: People
    notice_days: Annotated[int, Field(ge=0, le=3650, strict=True)]
    party_first: bool = False
    owner: Text = ""


class DisposalAppraised(OfAsset):
    """The asset was appraised, and the result made public from one day to another."""

    TOPIC: ClassVar[str] = "asset.disposal_appraised"

    disposal: Ident
    appraised_fen: Amount
    appraiser: Name
    from_on: date | None = None
    to_on: date | None = None


class DisposalApproved(OfAsset):
    """One authority of the chain approved the disposal; ``step`` counts from 1 in the order of the chain."""

    TOPIC: ClassVar[str] = "asset.disposal_approved"

    disposal: Ident
    step: Annotated[int, Field(ge=1, le=20, strict=True)]
    authority: Name
    notice_days: Annotated[int, Field(ge=0, le=3650, strict=True)] = 0


class AssetDisposed(OfAsset):
    """The asset is disposed of: at this price, 0 for a write-off; the linked ``right.set`` events end its rights."""

    TOPIC: ClassVar[str] = "asset.disposed"

    disposal: Ident
    way: Code
    price_fen: Amount = 0
    buyer_kind: Text = ""

    @property
    @override
    def link(self) -> str:
        return f"disposal:{self.disposal}"

    @property
    @override
    def partner(self) -> str:
        return streams.right(self.asset)


class ProceedsBooked(OfAsset):
    """The price was booked: to the treasury, to the collective, or re-invested."""

    TOPIC: ClassVar[str] = "asset.proceeds_booked"

    disposal: Ident
    amount_fen: Fen
    destination: Literal["treasury", "collective", "reinvested"]
    voucher: Text = ""


class AssetClosed(OfAsset):
    """The file of a household asset, or of one disposed of, was closed (销户); ``why`` in words."""

    TOPIC: ClassVar[str] = "asset.closed"

    why: Name


class LossFound(OfAsset):
    """A loss was found: so many fen, by this cause."""

    TOPIC: ClassVar[str] = "asset.loss_found"

    loss: Ident
    amount_fen: Fen
    cause: Name


class LossAssigned(OfAsset):
    """Somebody answers for the loss: by post, never by name."""

    TOPIC: ClassVar[str] = "asset.loss_assigned"

    loss: Ident
    post: Name
    basis: Name


class LossRecovered(OfAsset):
    """Part or all of the loss was paid back."""

    TOPIC: ClassVar[str] = "asset.loss_recovered"

    loss: Ident
    amount_fen: Fen
    voucher: Text = ""


class LossWrittenOff(OfAsset):
    """The rest of the loss was written off with approval (核销)."""

    TOPIC: ClassVar[str] = "asset.loss_written_off"

    loss: Ident
    amount_fen: Fen
    authority: Name

"""Events of an asset's way into somebody's hands: identified, noticed, confirmed, certified, handed over, booked.

Source: assets.md 3.1, 3.3 and 8. What happens to it afterwards is in ``asset_care`` and ``asset_change``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Code, Fen, Ident, Name, Text, VillageCode
from ledger.events.dimensions import AssetEvent, ProjectEvent

__all__ = [
    "AssetBooked",
    "AssetCertified",
    "AssetClassified",
    "AssetConfirmed",
    "AssetHandedOver",
    "AssetIdentified",
    "FundSource",
    "Holding",
    "ObjectionFiled",
    "ObjectionResolved",
    "OwnershipNoticed",
    "ProjectFormedNone",
    "ValueAdded",
    "ValueFinalised",
]

Amount = Annotated[int, Field(ge=0, le=10**15, strict=True)]


class Holding(BaseModel):
    """One holder's exact share of a right.

    ``holder`` is the code of an organisation, or an opaque reference for a household; never a personal name.
    ``village`` is the village it belongs to, by which reports split an asset of several villages.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    holder: Ident
    kind: Code
    numerator: int = Field(gt=0, le=10**18, strict=True)
    denominator: int = Field(gt=0, le=10**18, strict=True)
    name: Text = ""
    village: VillageCode = ""


class FundSource(BaseModel):
    """So much of an asset's value came from this kind of fund and level."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    fund_kind: Code
    level: Code
    amount_fen: Fen


class OfAsset(AssetEvent, abstract=True):
    """An event on the stream of an asset."""

    @property
    @override
    def stream(self) -> str:
        return streams.asset(self.asset)


class AssetIdentified(OfAsset):
    """An asset was registered (登记): found to have come out of an accepted project, or taken stock of.

    ``provisional`` until final accounts fix its value. ``formation_id`` links it with the project's own half,
    ``project.formed_asset``; an asset older than the ledger has none and names its origin in words (``origin``).
    ``sources`` add up to ``value_fen`` where they are known. ``subclass`` and ``place`` are words.
    """

    TOPIC: ClassVar[str] = "asset.identified"

    name: Name
    quantity: Text = ""
    provisional: bool = False
    formation_id: Text = ""
    place: Text = ""
    subclass: Text = ""
    origin: Text = ""
    sources: tuple[FundSource, ...] = ()

    @property
    @override
    def link(self) -> str:
        return self.formation_id

    @property
    @override
    def partner(self) -> str:
        return streams.project(self.project) if self.formation_id else ""


class ProjectFormedNone(ProjectEvent):
    """It was decided that the accepted project forms no asset (不形成资产), and why."""

    TOPIC: ClassVar[str] = "project.formed_none"

    why: Literal["consumed", "operating_cost", "service", "wages", "other"]

    @property
    @override
    def stream(self) -> str:
        return streams.project(self.project)


class AssetClassified(OfAsset):
    """The class, form or subclass of the asset was decided anew; the event's dimensions already show the new ones."""

    TOPIC: ClassVar[str] = "asset.classified"

    subclass: Text = ""
    authority: Name
    former_class: Code
    former_form: Code


class ValueFinalised(OfAsset):
    """Final accounts fixed the original value (暂估转正): ``value_fen`` is the new one, ``change_fen`` new less old.

    ``sources`` are the parts of the change by the money behind the asset, without its sign.
    """

    TOPIC: ClassVar[str] = "asset.value_finalised"

    change_fen: Annotated[int, Field(ge=-(10**15), le=10**15, strict=True)]
    sources: tuple[FundSource, ...] = ()


class ValueAdded(OfAsset):
    """Another project, or a continuation, added to the asset (续建增值): ``value_fen`` is the value with it."""

    TOPIC: ClassVar[str] = "asset.value_added"

    change_fen: Fen
    added_by: Ident
    sources: tuple[FundSource, ...] = ()


class OwnershipNoticed(OfAsset):
    """The proposed owners were put on notice (公示) on a board from one day to another, both included.

    ``basis_inputs`` are the figures on which the shares rest (contributions in fen, kilowatts, mu), one for each owner.
    """

    TOPIC: ClassVar[str] = "asset.ownership_noticed"

    owners: tuple[Holding, ...] = Field(min_length=1)
    channel: Code
    from_on: date
    to_on: date
    basis: Text = ""
    basis_inputs: tuple[Text, ...] = ()
    place: Text = ""


class ObjectionFiled(OfAsset):
    """Somebody objected to the rights on notice or confirmed (异议); until it is resolved the asset is in dispute."""

    TOPIC: ClassVar[str] = "asset.objection_filed"

    objection: Ident
    content: Name


class ObjectionResolved(OfAsset):
    """The objection was ``upheld`` (a new notice is needed), ``rejected`` or ``withdrawn``, by a named authority."""

    TOPIC: ClassVar[str] = "asset.objection_resolved"

    objection: Ident
    outcome: Literal["upheld", "rejected", "withdrawn"]
    authority: Name


class AssetConfirmed(OfAsset):
    """The rights were confirmed (确权): the owners and their shares, which sum to exactly 1."""

    TOPIC: ClassVar[str] = "asset.confirmed"

    owners: tuple[Holding, ...] = Field(min_length=1)
    confirmation_id: Ident

    @property
    @override
    def link(self) -> str:
        return self.confirmation_id

    @property
    @override
    def partner(self) -> str:
        return streams.right(self.asset)


class AssetCertified(OfAsset):
    """A certificate was issued for the confirmed asset (颁证)."""

    TOPIC: ClassVar[str] = "asset.certified"

    certificate: Name


class AssetHandedOver(OfAsset):
    """The asset was handed over (移交) by one unit to another under the eyes of a third (assets.md 3.2).

    ``documents`` lists the papers that went with it, ``defects`` what is still to be mended and by whom,
    ``warranty_until`` the end of the warranty, ``debts_fen`` what is still owed on it.
    """

    TOPIC: ClassVar[str] = "asset.handed_over"

    giver: Name
    receiver: Name
    supervisor: Name
    documents: tuple[Text, ...] = ()
    defects: Text = ""
    warranty_until: date | None = None
    debts_fen: Amount = 0


class AssetBooked(OfAsset):
    """The asset was booked (入账) in state or collective books."""

    TOPIC: ClassVar[str] = "asset.booked"

    books: Literal["state", "collective"]
    voucher: Name

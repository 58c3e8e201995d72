"""Events of an asset: identified, ownership noticed, confirmed, certified, handed over, booked.

Source: assets.md 3.1 and 8.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Code, Ident, Name, Text
from ledger.events.dimensions import AssetEvent

__all__ = [
    "AssetBooked",
    "AssetCertified",
    "AssetConfirmed",
    "AssetHandedOver",
    "AssetIdentified",
    "Holding",
    "OwnershipNoticed",
]


class Holding(BaseModel):
    """One holder's exact share of a right.

    ``holder`` is the code of an organisation, or an opaque reference for a household; never a personal name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    holder: Ident
    kind: Code
    numerator: int = Field(gt=0, le=10**18, strict=True)
    denominator: int = Field(gt=0, le=10**18, strict=True)
    name: Text = ""


class _OfAsset(AssetEvent, abstract=True):
    @property
    @override
    def stream(self) -> str:
        return streams.asset(self.asset)


class AssetIdentified(_OfAsset):
    """An accepted project was found to have formed this asset; ``provisional`` until final accounts fix its value.

    ``formation_id`` links it with the project's own half, ``project.formed_asset``.
    """

    TOPIC: ClassVar[str] = "asset.identified"

    name: Name
    quantity: Text = ""
    provisional: bool = False
    formation_id: Text = ""

    @property
    @override
    def link(self) -> str:
        return self.formation_id

    @property
    @override
    def partner(self) -> str:
        return streams.project(self.project) if self.formation_id else ""


class OwnershipNoticed(_OfAsset):
    """The proposed owners were put on notice (公示) on a board from one day to another, both included."""

    TOPIC: ClassVar[str] = "asset.ownership_noticed"

    owners: tuple[Holding, ...] = Field(min_length=1)
    channel: Code
    from_on: date
    to_on: date


class AssetConfirmed(_OfAsset):
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


class AssetCertified(_OfAsset):
    """A certificate was issued for the confirmed asset (颁证)."""

    TOPIC: ClassVar[str] = "asset.certified"

    certificate: Name


class AssetHandedOver(_OfAsset):
    """The asset was handed over (移交) by one unit to another under the eyes of a third."""

    TOPIC: ClassVar[str] = "asset.handed_over"

    giver: Name
    receiver: Name
    supervisor: Name


class AssetBooked(_OfAsset):
    """The asset was booked (入账) in state or collective books."""

    TOPIC: ClassVar[str] = "asset.booked"

    books: Literal["state", "collective"]
    voucher: Name

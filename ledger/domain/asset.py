"""An asset: what is known of it, and how each event changes that.

Source: assets.md 3.1 and 8. The decisions are in ``ledger.domain.confirmation``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from ledger.domain.history import misplaced
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import (
    AssetBooked,
    AssetCertified,
    AssetConfirmed,
    AssetHandedOver,
    AssetIdentified,
    Event,
    Holding,
    OwnershipNoticed,
)

__all__ = ["STEP_NAMES", "Asset", "asset_contradiction", "evolve_asset"]

STEP_NAMES = {
    "identified": "登记",
    "noticed": "公示",
    "confirmed": "确权",
    "certified": "颁证",
    "handed_over": "移交",
    "booked": "入账",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """What is known of an asset."""

    asset: str = ""
    project: str = ""
    name: str = ""
    area: str = ""
    town: str = ""
    village: str = ""
    project_year: int = 0
    asset_class: str = ""
    asset_form: str = ""
    value_fen: int = 0
    reached: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    notice_ends_on: date | None = None
    proposed: tuple[Holding, ...] = ()

    @property
    def exists(self) -> bool:
        """Say whether the asset was ever identified."""
        return "identified" in self.reached

    def dimensions(self) -> dict[str, Any]:
        """Return the dimensions that each event of the asset writes down."""
        return {
            "asset": self.asset,
            "project": self.project,
            "area": self.area,
            "town": self.town,
            "village": self.village,
            "project_year": self.project_year,
            "asset_class": self.asset_class,
            "asset_form": self.asset_form,
            "value_fen": self.value_fen,
        }

    def must_have(self, step: str, code: str, doing: str) -> None:
        """Raise unless the asset exists and took the step."""
        if not self.exists:
            raise NotFoundError(
                "asset.unknown", f"没有编号为“{code}”的资产", hint="请核对资产编号,或先用 xianjie asset identify 登记"
            )
        if step not in self.reached:
            raise RuleRefusedError(
                "asset.step_order",
                f"资产“{code}”尚未{STEP_NAMES[step]},不能{doing}",
                hint=f"请先登记{STEP_NAMES[step]}",
            )

    def must_not_have(self, step: str) -> None:
        """Raise when the step was taken already."""
        if step in self.reached:
            raise RuleRefusedError(
                "asset.step_repeated",
                f"资产“{self.asset}”已于 {self.reached[step]} {STEP_NAMES[step]}",
                hint="若上次记错,用 xianjie correct 更正",
            )


def evolve_asset(state: Asset, event: Event) -> Asset:
    """Return the state after one more event."""
    match event:
        case AssetIdentified():
            return replace(
                _reach(state, "identified", event),
                asset=event.asset,
                project=event.project,
                name=event.name,
                area=event.area,
                town=event.town,
                village=event.village,
                project_year=event.project_year,
                asset_class=event.asset_class,
                asset_form=event.asset_form,
                value_fen=event.value_fen,
            )
        case OwnershipNoticed():
            return replace(_reach(state, "noticed", event), notice_ends_on=event.to_on, proposed=event.owners)
        case AssetConfirmed():
            return _reach(state, "confirmed", event)
        case AssetCertified():
            return _reach(state, "certified", event)
        case AssetHandedOver():
            return _reach(state, "handed_over", event)
        case AssetBooked():
            return _reach(state, "booked", event)
        case _:
            raise misplaced(event)


def asset_contradiction(code: str, state: Asset) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    needs = {
        "noticed": "identified",
        "confirmed": "noticed",
        "certified": "confirmed",
        "handed_over": "confirmed",
        "booked": "handed_over",
    }
    for step, before in needs.items():
        if step in state.reached and before not in state.reached:
            return f"资产“{code}”的{STEP_NAMES[step]}仍在账上,其前提({STEP_NAMES[before]})却没有了"
    return ""


def _reach(state: Asset, step: str, event: Event) -> Asset:
    return replace(state, reached=MappingProxyType({**state.reached, step: event.effective_on}))

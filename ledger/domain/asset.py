"""An asset: what is known of it, and how each event changes that.

An asset has one life and several independent sides (assets.md 8). Its way into somebody's hands, its place, class and
value stand here; its use in ``ledger.domain.care``, its change and end in ``ledger.domain.asset_change``. Only a live
asset takes steps; a dispute blocks those that settle who owns it, never its upkeep.

Source: assets.md 3 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from ledger.codes import AssetClass
from ledger.domain.asset_change import Change, change_contradiction, evolve_change
from ledger.domain.care import Care, care_contradiction, evolve_care
from ledger.domain.command import Command
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import (
    AssetBooked,
    AssetCertified,
    AssetClassified,
    AssetConfirmed,
    AssetCounted,
    AssetHandedOver,
    AssetIdentified,
    AssetMergedFrom,
    AssetRelocated,
    AssetSplit,
    AssetSplitOff,
    BatchClassified,
    ConditionAssessed,
    DepreciationPosted,
    DifferenceApproved,
    Event,
    FundSource,
    Holding,
    ObjectionFiled,
    ObjectionResolved,
    OwnershipNoticed,
    RevivalClosed,
    RevivalOpened,
    RevivalSubmitted,
    UpkeepAssigned,
    UpkeepVisited,
    ValueAdded,
    ValueFinalised,
)
from ledger.money import format_yuan

__all__ = ["LIFE_NAMES", "STEP_NAMES", "Asset", "asset_contradiction", "asset_fields", "evolve_asset"]

STEP_NAMES: Final = {
    "identified": "登记",
    "noticed": "公示",
    "confirmed": "确权",
    "certified": "颁证",
    "handed_over": "移交",
    "booked": "入账",
}

LIFE_NAMES: Final = {"live": "在册", "disposed": "已处置", "merged": "已并入其他资产", "closed": "已销户"}

_NO_CARE: Final = Care()
_NO_CHANGE: Final = Change()

_WayEvent = (
    OwnershipNoticed
    | ObjectionFiled
    | ObjectionResolved
    | AssetConfirmed
    | AssetCertified
    | AssetHandedOver
    | AssetBooked
)
_ValueEvent = AssetClassified | AssetRelocated | ValueFinalised | ValueAdded
_CareEvent = (
    ConditionAssessed
    | BatchClassified
    | UpkeepAssigned
    | UpkeepVisited
    | RevivalOpened
    | RevivalSubmitted
    | RevivalClosed
    | AssetCounted
    | DifferenceApproved
    | DepreciationPosted
)


@dataclass(frozen=True, slots=True)
class Asset:
    """What is known of an asset."""

    asset: str = ""
    project: str = ""
    name: str = ""
    area: str = ""
    town: str = ""
    village: str = ""
    place: str = ""
    project_year: int = 0
    asset_class: str = ""
    asset_form: str = ""
    subclass: str = ""
    quantity: str = ""
    origin: str = ""
    value_fen: int = 0
    """The original value as it stands, additions, splits and approved differences included."""
    provisional: bool = False
    """Whether final accounts still have to fix the value."""
    sources: tuple[FundSource, ...] = ()
    """The money it came from, as stated when it was identified and each time something was added."""
    added: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """What each project added to the value, in fen."""
    reached: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    notice_ends_on: date | None = None
    proposed: tuple[Holding, ...] = ()
    basis: str = ""
    """On what the shares of the last notice rest: a code of ``ShareBasis``."""
    owners: tuple[Holding, ...] = ()
    """The owners as confirmed; later changes are in the stream of rights."""
    unnoticed: bool = False
    """Confirmed by the short path of household assets, without a notice."""
    filed: frozenset[str] = frozenset()
    resolved: frozenset[str] = frozenset()
    upheld: bool = False
    """An objection was upheld since the last notice: what was on notice may not be confirmed."""
    certificate: str = ""
    giver: str = ""
    receiver: str = ""
    documents: tuple[str, ...] = ()
    defects: str = ""
    warranty_until: date | None = None
    debts_fen: int = 0
    books: str = ""
    care: Care = _NO_CARE
    change: Change = _NO_CHANGE

    @property
    def exists(self) -> bool:
        """Say whether the asset was ever identified."""
        return "identified" in self.reached

    @property
    def life(self) -> str:
        """Return ``live``, ``disposed``, ``merged`` or ``closed``."""
        return self.change.life

    @property
    def condition(self) -> str:
        """Return the running condition as last assessed, empty before that."""
        return self.care.condition

    @property
    def objections(self) -> frozenset[str]:
        """Return the ids of the objections that are still open."""
        return self.filed - self.resolved

    @property
    def disputed(self) -> bool:
        """Say whether an objection is still open."""
        return bool(self.objections)

    @property
    def formed_fen(self) -> int:
        """Return the value without what other projects added."""
        return self.value_fen - sum(fen for project, fen in self.added.items() if project != self.project)

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

    def must_exist(self, code: str) -> None:
        """Raise NotFoundError when the asset was never identified."""
        if not self.exists:
            raise NotFoundError(
                "asset.unknown", f"没有编号为“{code}”的资产", hint="请核对资产编号,或先用 xianjie asset identify 登记"
            )

    def must_live(self, code: str, doing: str) -> None:
        """Raise unless the asset exists and has not ended."""
        self.must_exist(code)
        if self.life != "live":
            raise RuleRefusedError(
                "asset.ended",
                f"资产“{code}”{LIFE_NAMES[self.life]},不能{doing}",
                hint="请核对资产编号;登记有误的用 xianjie correct 更正",
                rule="已终结的资产不再登记;出处 assets.md 8",
            )

    def must_have(self, step: str, code: str, doing: str) -> None:
        """Raise unless the asset exists, lives and took the step."""
        self.must_live(code, doing)
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

    def must_be_undisputed(self, doing: str) -> None:
        """Raise while an objection is open."""
        if self.disputed:
            raise RuleRefusedError(
                "asset.disputed",
                f"资产“{self.asset}”的异议 {'、'.join(sorted(self.objections))} 尚未处理,不能{doing}",
                hint="请先用 xianjie asset resolve 登记异议的处理结果",
                rule="争议期间不得确权、颁证、处置和变更所有权;出处 assets.md 3.3",
            )


def asset_fields(state: Asset, command: Command, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - event fields
    """Return what each event of the asset states: its dimensions, with those that it changes, and why it happened."""
    why = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    return {**state.dimensions(), **why, **changed}


def evolve_asset(state: Asset, event: Event) -> Asset:
    """Return the state after one more event."""
    if isinstance(event, AssetIdentified | AssetSplitOff):
        return _born(state, event)
    if isinstance(event, _WayEvent):
        return _on_its_way(state, event)
    if isinstance(event, _ValueEvent):
        return _described(state, event)
    if isinstance(event, AssetSplit | AssetMergedFrom | DifferenceApproved):
        sign = -1 if isinstance(event, AssetSplit) or event.change_fen < 0 else 1
        state = replace(state, sources=_with_sources(state, event.sources, sign))
    state = replace(state, value_fen=state.value_fen + _value_change(event))
    if isinstance(event, _CareEvent):
        return replace(state, care=evolve_care(state.care, event))
    return replace(state, change=evolve_change(state.change, event))


def _value_change(event: Event) -> int:
    match event:
        case DifferenceApproved() | AssetMergedFrom():
            return event.change_fen
        case AssetSplit():
            return -event.change_fen
        case _:
            return 0


def _with_sources(state: Asset, sources: tuple[FundSource, ...], sign: int = 1) -> tuple[FundSource, ...]:
    """Return the money behind the asset after some of it came (``sign`` 1) or went to a part (-1)."""
    amounts: dict[tuple[str, str], int] = {}
    for each, times in (*((each, 1) for each in state.sources), *((each, sign) for each in sources)):
        key = each.fund_kind, each.level
        amounts[key] = amounts.get(key, 0) + times * each.amount_fen
    # What came may have been reversed after a part of it went: then nothing is left of it here.
    return tuple(
        FundSource(fund_kind=kind, level=level, amount_fen=fen) for (kind, level), fen in amounts.items() if fen > 0
    )


def _born(state: Asset, event: AssetIdentified | AssetSplitOff) -> Asset:
    state = replace(
        state,
        asset=event.asset,
        project=event.project,
        name=event.name,
        area=event.area,
        town=event.town,
        village=event.village,
        project_year=event.project_year,
        asset_class=event.asset_class,
        asset_form=event.asset_form,
        quantity=event.quantity,
        value_fen=event.value_fen,
        sources=event.sources,
    )
    if isinstance(event, AssetSplitOff):
        days = dict.fromkeys(("identified", *event.reached), event.effective_on)
        return replace(state, reached=MappingProxyType(days), unnoticed="noticed" not in event.reached)
    return replace(
        _reach(state, "identified", event),
        place=event.place,
        subclass=event.subclass,
        origin=event.origin,
        provisional=event.provisional,
    )


def _on_its_way(state: Asset, event: _WayEvent) -> Asset:
    match event:
        case OwnershipNoticed():
            state = replace(state, notice_ends_on=event.to_on, proposed=event.owners, basis=event.basis, upheld=False)
            return _reach(state, "noticed", event)
        case ObjectionFiled():
            return replace(state, filed=state.filed | {event.objection})
        case ObjectionResolved():
            resolved = state.resolved | {event.objection}
            return replace(state, resolved=resolved, upheld=state.upheld or event.outcome == "upheld")
        case AssetConfirmed():
            short = event.asset_class == AssetClass.HOUSEHOLD
            return replace(_reach(state, "confirmed", event), owners=event.owners, unnoticed=short)
        case AssetCertified():
            return replace(_reach(state, "certified", event), certificate=event.certificate)
        case AssetHandedOver():
            return replace(
                _reach(state, "handed_over", event),
                giver=event.giver,
                receiver=event.receiver,
                documents=event.documents,
                defects=event.defects,
                warranty_until=event.warranty_until,
                debts_fen=event.debts_fen,
            )
        case AssetBooked():
            return replace(_reach(state, "booked", event), books=event.books)


def _described(state: Asset, event: _ValueEvent) -> Asset:
    match event:
        case AssetClassified():
            return replace(state, asset_class=event.asset_class, asset_form=event.asset_form, subclass=event.subclass)
        case AssetRelocated():
            return replace(state, area=event.area, town=event.town, village=event.village)
        case ValueFinalised():
            sources = _with_sources(state, event.sources, -1 if event.change_fen < 0 else 1)
            return replace(state, value_fen=state.value_fen + event.change_fen, provisional=False, sources=sources)
        case ValueAdded():
            added = {**state.added, event.added_by: state.added.get(event.added_by, 0) + event.change_fen}
            return replace(
                state,
                value_fen=state.value_fen + event.change_fen,
                added=MappingProxyType(added),
                sources=_with_sources(state, event.sources),
            )


def asset_contradiction(code: str, state: Asset) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    needs = {
        "noticed": "identified",
        "confirmed": "identified" if state.unnoticed else "noticed",
        "certified": "confirmed",
        "handed_over": "confirmed",
        "booked": "handed_over",
    }
    for step, before in needs.items():
        if step in state.reached and before not in state.reached:
            return f"资产“{code}”的{STEP_NAMES[step]}仍在账上,其前提({STEP_NAMES[before]})却没有了"
    if orphans := state.resolved - state.filed:
        return f"资产“{code}”异议 {'、'.join(sorted(orphans))} 的处理仍在账上,异议本身却没有了"
    if not state.exists and state != Asset():
        return f"资产“{code}”将没有登记,却还有别的记录"
    if state.exists and state.value_fen <= 0:
        return f"资产“{code}”的原值将为 {format_yuan(state.value_fen)} 元"
    return care_contradiction(code, state.care) or change_contradiction(code, state.change)


def _reach(state: Asset, step: str, event: Event) -> Asset:
    return replace(state, reached=MappingProxyType({**state.reached, step: event.effective_on}))

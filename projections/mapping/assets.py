"""Facts of assets: what they are at first, what becomes of them, and who holds the rights to them."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from ledger import events as e
from projections.mapping.asset_steps import step_of
from projections.mapping.rows import FactRow, Mapping, Stamp, at_line

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

__all__ = ["MAPPINGS"]

_REACHED = attrgetter("asset", "area", "town", "village", "project_year", "asset_class", "document")
_ASSET = attrgetter(
    "asset", "project", "area", "town", "village", "project_year", "asset_class", "value_fen", "document"
)
_STANDS = attrgetter("area", "town", "village", "asset_class", "asset_form")


def _told(event: Any, stamp: Stamp) -> list[FactRow]:  # noqa: ANN401 - any event of an asset
    """Return the step that every event of an asset is."""
    return [step_of(event, stamp)]


def _reached(milestone: str) -> Mapping:
    """Return the mapping of an event by which an asset reached a milestone."""

    def rows(event: e.AssetConfirmed, stamp: Stamp) -> list[FactRow]:
        return [("fact_milestone", (*stamp, "asset", milestone, *_REACHED(event))), step_of(event, stamp)]

    return rows


def _changed(
    aspect: str,
    event: Any,  # noqa: ANN401 - any event of an asset
    stamp: Stamp,
    *,
    change: int = 0,
    depreciation: int = 0,
    life: str = "live",
) -> list[FactRow]:
    """Return the rows of an event that changed the asset in one aspect."""
    subclass = event.subclass if isinstance(event, e.AssetClassified) else ""
    stands = (event.asset, aspect, *_STANDS(event), subclass, change, depreciation, life, event.document)
    return [("fact_asset_state", (*stamp, *stands)), step_of(event, stamp)]


def _identified(event: e.AssetIdentified, stamp: Stamp) -> list[FactRow]:
    words = (event.asset_form, event.name, event.quantity, int(event.provisional))
    more = (event.place, event.subclass, event.origin, "")
    return [
        *_reached("identified")(event, stamp),
        ("fact_asset", (*stamp, *_ASSET(event), *words, *more)),
        *_sources(event, stamp),
    ]


def _split_off(event: e.AssetSplitOff, stamp: Stamp) -> list[FactRow]:
    reached = dict.fromkeys(("identified", *event.reached))
    words = (event.asset_form, event.name, event.quantity, 0)
    return [
        *(
            ("fact_milestone", (*at_line(stamp, line), "asset", milestone, *_REACHED(event)))
            for line, milestone in enumerate(reached)
        ),
        ("fact_asset", (*stamp, *_ASSET(event), *words, "", "", "", event.parent)),
        *_sources(event, stamp),
        step_of(event, stamp),
    ]


def _sources(event: Any, stamp: Stamp, sign: int = 1) -> list[FactRow]:  # noqa: ANN401 - eight classes have sources
    """Return the money behind the value that came to the asset, or (-1) left it."""
    return [
        (
            "fact_asset_source",
            (*at_line(stamp, line), sign * each.amount_fen, event.asset, each.fund_kind, each.level, event.document),
        )
        for line, each in enumerate(event.sources)
    ]


def _classified(event: e.AssetClassified, stamp: Stamp) -> list[FactRow]:
    return _changed("class", event, stamp)


def _relocated(event: e.AssetRelocated, stamp: Stamp) -> list[FactRow]:
    return _changed("place", event, stamp)


def _finalised(event: e.ValueFinalised, stamp: Stamp) -> list[FactRow]:
    return [*_changed("final", event, stamp, change=event.change_fen), *_sources(event, stamp, _sign(event))]


def _moved(sign: int) -> Mapping:
    """Return the mapping of an event by which value and the money behind it came to the asset, or (-1) left it."""

    def rows(event: e.ValueAdded | e.AssetSplit | e.AssetMergedFrom, stamp: Stamp) -> list[FactRow]:
        return [*_changed("value", event, stamp, change=sign * event.change_fen), *_sources(event, stamp, sign)]

    return rows


def _counted(event: e.DifferenceApproved, stamp: Stamp) -> list[FactRow]:
    return [*_changed("value", event, stamp, change=event.change_fen), *_sources(event, stamp, _sign(event))]


def _sign(event: e.ValueFinalised | e.DifferenceApproved) -> int:
    return -1 if event.change_fen < 0 else 1


def _depreciated(event: e.DepreciationPosted, stamp: Stamp) -> list[FactRow]:
    return _changed("depreciation", event, stamp, depreciation=event.amount_fen)


def _merged(event: e.AssetMergedInto, stamp: Stamp) -> list[FactRow]:
    return [*_changed("life", event, stamp, change=-event.value_fen, life="merged"), *_sources(event, stamp, -1)]


def _ended(life: str) -> Mapping:
    """Return the mapping of an event that ends an asset."""

    def rows(event: e.AssetDisposed | e.AssetClosed, stamp: Stamp) -> list[FactRow]:
        return _changed("life", event, stamp, life=life)

    return rows


def _voted(event: e.DisposalVoted, stamp: Stamp) -> list[FactRow]:
    counts = (event.members, event.present, event.in_favour, event.notice_days, int(event.party_first))
    vote = (
        event.asset,
        "",
        event.area,
        event.disposal,
        "disposal_voted",
        event.body,
        event.owner,
        *counts,
        "",
        event.document,
    )
    return [("fact_vote", (*stamp, *vote)), step_of(event, stamp)]


def _right_set(event: e.RightSet, stamp: Stamp) -> list[FactRow]:
    due_on = event.due_on.isoformat() if event.due_on else ""
    setting = (*_ASSET(event), event.right, event.status, event.basis or "", due_on, event.body)
    holders = [
        (each.holder, each.kind, each.name, each.village, each.numerator, each.denominator) for each in event.holdings
    ]
    return [
        ("fact_holding", (*at_line(stamp, line), *setting, *holder, len(holders)))
        for line, holder in enumerate(holders or [("", "", "", "", 0, 1)])
    ]


MAPPINGS: Final[ReadOnly[type[e.Event], Mapping]] = {
    e.AssetIdentified: _identified,
    e.AssetSplitOff: _split_off,
    e.AssetClassified: _classified,
    e.AssetRelocated: _relocated,
    e.ValueFinalised: _finalised,
    e.ValueAdded: _moved(1),
    e.AssetSplit: _moved(-1),
    e.AssetMergedFrom: _moved(1),
    e.DifferenceApproved: _counted,
    e.DepreciationPosted: _depreciated,
    e.AssetMergedInto: _merged,
    e.AssetDisposed: _ended("disposed"),
    e.AssetClosed: _ended("closed"),
    e.OwnershipNoticed: _reached("noticed"),
    e.AssetConfirmed: _reached("confirmed"),
    e.AssetCertified: _reached("certified"),
    e.AssetHandedOver: _reached("handed_over"),
    e.AssetBooked: _reached("booked"),
    e.ObjectionFiled: _told,
    e.ObjectionResolved: _told,
    e.OwnershipTransferred: _told,
    e.ConditionAssessed: _told,
    e.BatchClassified: _told,
    e.UpkeepAssigned: _told,
    e.UpkeepVisited: _told,
    e.RevivalOpened: _told,
    e.RevivalSubmitted: _told,
    e.RevivalClosed: _told,
    e.AssetCounted: _told,
    e.AssetReinvested: _told,
    e.DisposalProposed: _told,
    e.DisposalVoted: _voted,
    e.DisposalAppraised: _told,
    e.DisposalApproved: _told,
    e.ProceedsBooked: _told,
    e.LossFound: _told,
    e.LossAssigned: _told,
    e.LossRecovered: _told,
    e.LossWrittenOff: _told,
    e.RightSet: _right_set,
}

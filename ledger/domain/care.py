"""What is known of an asset in use: condition, yearly class, upkeep, revival, count, depreciation.

What an event does to the asset's value, place and class, ``ledger.domain.asset`` does; here stands the rest. The
decisions are in ``upkeep``, ``revival`` and ``yearly_count``. Source: assets.md 4.2, 4.3 and 4.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from ledger.codes import AssetCondition
from ledger.domain.history import misplaced
from ledger.events import (
    AssetCounted,
    BatchClassified,
    ConditionAssessed,
    DepreciationPosted,
    DifferenceApproved,
    Event,
    RevivalClosed,
    RevivalOpened,
    RevivalSubmitted,
    UpkeepAssigned,
    UpkeepVisited,
)

__all__ = ["IN_USE", "UNUSED", "Care", "Count", "Revival", "care_contradiction", "evolve_care"]

IN_USE: Final = frozenset({AssetCondition.GOOD, AssetCondition.ORDINARY})
"""The conditions of an asset that does what it was built for."""

UNUSED: Final = frozenset({AssetCondition.LOW, AssetCondition.IDLE, AssetCondition.STOPPED})
"""The conditions of an asset that stands and could be revived (盘活)."""


@dataclass(frozen=True, slots=True)
class Revival:
    """One attempt to revive the asset."""

    opened_on: date | None = None
    deadline: date | None = None
    last_on: date | None = None
    submitters: frozenset[str] = frozenset()
    """Who asked to strike it off."""
    evidenced: bool = False
    """Whether a document stands behind the result."""
    closed_by: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """What the count of one year found; ``difference_fen`` is signed."""

    on: date
    outcome: str
    difference_fen: int
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Care:
    """What is known of an asset in use; amounts in fen."""

    condition: str = ""
    """The running condition as last assessed."""
    condition_on: date | None = None
    used_on: date | None = None
    """The last day on which it was assessed as in use."""
    batches: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    """The four-batch class of each year."""
    upkeep_unit: str = ""
    upkeep_since: date | None = None
    visited_on: date | None = None
    revivals: Mapping[str, Revival] = field(default_factory=lambda: MappingProxyType({}))
    counts: Mapping[int, Count] = field(default_factory=lambda: MappingProxyType({}))
    uncounted: frozenset[int] = frozenset()
    """Years of which a difference was approved that no count found: only a correction leaves that behind."""
    depreciated: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    """The depreciation posted for each year."""

    @property
    def open_revival(self) -> str:
        """Return the id of the revival that is not struck off, empty where there is none."""
        return next((code for code, each in self.revivals.items() if not each.closed_by), "")

    @property
    def depreciated_fen(self) -> int:
        """Return the depreciation posted so far."""
        return sum(self.depreciated.values())


def evolve_care(state: Care, event: Event) -> Care:
    """Return the state after one more event of the asset's use."""
    match event:
        case ConditionAssessed():
            used = event.effective_on if event.condition in IN_USE else state.used_on
            return replace(state, condition=event.condition, condition_on=event.effective_on, used_on=used)
        case BatchClassified():
            return replace(state, batches=MappingProxyType({**state.batches, event.year: event.batch}))
        case UpkeepAssigned():
            return replace(state, upkeep_unit=event.unit, upkeep_since=event.effective_on)
        case UpkeepVisited():
            return replace(state, visited_on=event.effective_on)
        case RevivalOpened() | RevivalSubmitted() | RevivalClosed():
            revival = _evolve_revival(state.revivals.get(event.revival, Revival()), event)
            return replace(state, revivals=MappingProxyType({**state.revivals, event.revival: revival}))
        case AssetCounted():
            count = Count(event.effective_on, event.outcome, event.difference_fen)
            return replace(state, counts=MappingProxyType({**state.counts, event.year: count}))
        case DifferenceApproved():
            found = state.counts.get(event.year)
            if found is None:
                return replace(state, uncounted=state.uncounted | {event.year})
            return replace(state, counts=MappingProxyType({**state.counts, event.year: replace(found, approved=True)}))
        case DepreciationPosted():
            return replace(state, depreciated=MappingProxyType({**state.depreciated, event.year: event.amount_fen}))
        case _:
            raise misplaced(event)


def _evolve_revival(state: Revival, event: RevivalOpened | RevivalSubmitted | RevivalClosed) -> Revival:
    state = replace(state, last_on=event.effective_on)
    match event:
        case RevivalOpened():
            return replace(state, opened_on=event.effective_on, deadline=event.deadline)
        case RevivalSubmitted():
            evidenced = state.evidenced or bool(event.document)
            return replace(state, submitters=state.submitters | {event.by}, evidenced=evidenced)
        case RevivalClosed():
            return replace(state, closed_by=event.by, evidenced=state.evidenced or bool(event.document))


def care_contradiction(code: str, state: Care) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    for name, revival in state.revivals.items():
        if revival.opened_on is None:
            return f"资产“{code}”盘活“{name}”的后续环节仍在账上,其立项却没有了"
        if revival.closed_by and (not revival.evidenced or not revival.submitters - {revival.closed_by}):
            return f"资产“{code}”盘活“{name}”已由{revival.closed_by}销号,其佐证或另一人的申请却没有了"
    if state.uncounted:
        return f"资产“{code}”{min(state.uncounted)} 年度的清查差异已经批准,清查却没有了"
    return ""

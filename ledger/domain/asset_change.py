"""What is known of an asset's change and end: transfer, split and merger, re-investment, disposal, loss.

Source: assets.md 3.4, 4.6 and 4.7. What an event does to the asset's value, place and class, ``ledger.domain.asset``
does (birth by ``asset.split_off`` included); here stands the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from ledger.domain.history import misplaced
from ledger.events import (
    AssetClosed,
    AssetDisposed,
    AssetMergedFrom,
    AssetMergedInto,
    AssetReinvested,
    AssetRelocated,
    AssetSplit,
    AssetSplitOff,
    DisposalAppraised,
    DisposalApproved,
    DisposalProposed,
    DisposalVoted,
    Event,
    LossAssigned,
    LossFound,
    LossRecovered,
    LossWrittenOff,
    OwnershipTransferred,
    ProceedsBooked,
)
from ledger.money import format_yuan

__all__ = ["Change", "Disposal", "Loss", "change_contradiction", "evolve_change"]

_Reshaping = AssetSplit | AssetSplitOff | AssetMergedFrom | AssetRelocated | OwnershipTransferred
_DisposalStep = DisposalProposed | DisposalVoted | DisposalAppraised | DisposalApproved | AssetDisposed | ProceedsBooked
_LossStep = LossFound | LossAssigned | LossRecovered | LossWrittenOff


@dataclass(frozen=True, slots=True)
class Disposal:
    """One disposal of an asset: each step that was taken; amounts in fen."""

    disposal: str = ""
    why: str = ""
    way: str = ""
    proposed_on: date | None = None
    votes: tuple[DisposalVoted, ...] = ()
    appraisal: DisposalAppraised | None = None
    approvals: tuple[DisposalApproved, ...] = ()
    disposed: AssetDisposed | None = None
    booked: tuple[ProceedsBooked, ...] = ()

    @property
    def booked_fen(self) -> int:
        """Return how much of the price was booked."""
        return sum(each.amount_fen for each in self.booked)


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss; amounts in fen."""

    loss: str = ""
    found_on: date | None = None
    found_fen: int = 0
    assigned_on: date | None = None
    recovered_fen: int = 0
    written_off_fen: int = 0

    @property
    def left_fen(self) -> int:
        """Return what was neither recovered nor written off."""
        return self.found_fen - self.recovered_fen - self.written_off_fen


@dataclass(frozen=True, slots=True)
class Change:
    """What is known of an asset's change and end."""

    life: str = "live"
    """``live``, ``disposed``, ``merged`` or ``closed``; only a live asset takes further steps."""
    disposals: Mapping[str, Disposal] = field(default_factory=lambda: MappingProxyType({}))
    losses: Mapping[str, Loss] = field(default_factory=lambda: MappingProxyType({}))
    reinvested_fen: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """How much of its principal, proceeds and income went into other assets."""

    @property
    def pending(self) -> str:
        """Return the code of the disposal last proposed while the asset still lives, or nothing."""
        return next(reversed(tuple(self.disposals)), "") if self.life == "live" else ""

    @property
    def done(self) -> Disposal | None:
        """Return the disposal that was carried out, or None."""
        return next((each for each in self.disposals.values() if each.disposed is not None), None)


def evolve_change(state: Change, event: Event) -> Change:
    """Return the state after one more event of the asset's change or end."""
    match event:
        case AssetDisposed():
            return replace(_step_of_disposal(state, event), life="disposed")
        case AssetMergedInto():
            return replace(state, life="merged")
        case AssetClosed():
            return replace(state, life="closed")
        case AssetReinvested():
            total = Counter(state.reinvested_fen) + Counter({event.money: event.amount_fen})
            return replace(state, reinvested_fen=MappingProxyType(dict(total)))
        case _ if isinstance(event, _DisposalStep):
            return _step_of_disposal(state, event)
        case _ if isinstance(event, _LossStep):
            return _step_of_loss(state, event)
        case _ if isinstance(event, _Reshaping):
            return state
        case _:
            raise misplaced(event)


def change_contradiction(code: str, state: Change) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    return next(filter(None, (*_disposals_amiss(code, state), *_losses_amiss(code, state))), "")


def _disposals_amiss(code: str, state: Change) -> list[str]:
    found = []
    for each in state.disposals.values():
        steps = [approval.step for approval in each.approvals]
        if each.proposed_on is None:
            found.append(f"资产“{code}”的处置“{each.disposal}”仍有后续记录,其提出却没有了")
        if steps != list(range(1, len(steps) + 1)):
            found.append(f"资产“{code}”处置“{each.disposal}”的审批步骤只剩 {'、'.join(map(str, steps))},不连续")
        if each.disposed is not None and not (each.votes or each.approvals):
            found.append(f"资产“{code}”仍为已处置,表决和审批却没有了")
        price = each.disposed.price_fen if each.disposed is not None else 0
        if each.booked_fen > price:
            found.append(f"资产“{code}”处置价款 {format_yuan(price)} 元,已入账 {format_yuan(each.booked_fen)} 元")
    return found


def _losses_amiss(code: str, state: Change) -> list[str]:
    found = []
    for each in state.losses.values():
        if each.left_fen < 0 or each.found_on is None:
            amounts = (each.found_fen, each.recovered_fen, each.written_off_fen)
            shown = "发现 {} 元、追回 {} 元、核销 {} 元".format(*map(format_yuan, amounts))
            found.append(f"资产“{code}”的损失“{each.loss}”{shown},前后不符")
    return found


def _step_of_disposal(state: Change, event: _DisposalStep) -> Change:
    known = state.disposals.get(event.disposal, Disposal(event.disposal))
    match event:
        case DisposalProposed():
            known = replace(known, why=event.why, way=event.way, proposed_on=event.effective_on)
        case DisposalVoted():
            known = replace(known, votes=(*known.votes, event))
        case DisposalAppraised():
            known = replace(known, appraisal=event)
        case DisposalApproved():
            known = replace(known, approvals=(*known.approvals, event))
        case AssetDisposed():
            known = replace(known, disposed=event)
        case ProceedsBooked():
            known = replace(known, booked=(*known.booked, event))
    return replace(state, disposals=MappingProxyType({**state.disposals, event.disposal: known}))


def _step_of_loss(state: Change, event: _LossStep) -> Change:
    known = state.losses.get(event.loss, Loss(event.loss))
    match event:
        case LossFound():
            known = replace(known, found_on=event.effective_on, found_fen=event.amount_fen)
        case LossAssigned():
            known = replace(known, assigned_on=event.effective_on)
        case LossRecovered():
            known = replace(known, recovered_fen=known.recovered_fen + event.amount_fen)
        case LossWrittenOff():
            known = replace(known, written_off_fen=known.written_off_fen + event.amount_fen)
    return replace(state, losses=MappingProxyType({**state.losses, event.loss: known}))

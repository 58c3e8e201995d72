"""Handlers of assets in use: condition, yearly class, upkeep, revival, count, depreciation."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ledger.commands.contracts import let_assets
from ledger.commands.dispatch import handles
from ledger.commands.work import ASSET, Work
from ledger.domain import revival, upkeep, yearly_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.domain.asset import Asset
    from ledger.events import Event

C = TypeVar(
    "C",
    upkeep.ClassifyBatch,
    upkeep.AssignUpkeep,
    upkeep.VisitAsset,
    revival.OpenRevival,
    yearly_count.CountAsset,
    yearly_count.ApproveDifference,
)


@handles(upkeep.AssessCondition)
def _assess(work: Work, command: upkeep.AssessCondition) -> None:
    state = work.load(ASSET, command.asset)
    state.must_exist(command.asset)
    (let,) = let_assets(work, (command.asset,))
    work.record(upkeep.decide_assess(state, command, work.rules(state.area, command.on), let.contracts))


def _plain(kind: type[C], decide: Callable[[Asset, C], list[Event]]) -> None:
    """Register the handler of a command that needs nothing but the asset."""

    @handles(kind)
    def _take(work: Work, command: C) -> None:
        work.record(decide(work.load(ASSET, command.asset), command))


_plain(upkeep.ClassifyBatch, upkeep.decide_batch)
_plain(upkeep.AssignUpkeep, upkeep.decide_assign)
_plain(upkeep.VisitAsset, upkeep.decide_visit)
_plain(revival.OpenRevival, revival.decide_open_revival)
_plain(yearly_count.CountAsset, yearly_count.decide_count)
_plain(yearly_count.ApproveDifference, yearly_count.decide_approve_difference)


@handles(revival.SubmitRevival)
def _submit(work: Work, command: revival.SubmitRevival) -> None:
    work.record(revival.decide_submit_revival(work.load(ASSET, command.asset), command, work.actor))


@handles(revival.CloseRevival)
def _close(work: Work, command: revival.CloseRevival) -> None:
    work.record(revival.decide_close_revival(work.load(ASSET, command.asset), command, work.actor))


@handles(yearly_count.PostDepreciation)
def _depreciate(work: Work, command: yearly_count.PostDepreciation) -> None:
    state = work.load(ASSET, command.asset)
    state.must_exist(command.asset)
    work.record(yearly_count.decide_depreciate(state, command, work.rules(state.area, command.on)))

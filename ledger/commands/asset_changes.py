"""Handlers of what changes or ends an asset: rights that end, transfer, split, merger, disposal, loss."""

from __future__ import annotations

from ledger.commands.contracts import let_assets
from ledger.commands.dispatch import handles
from ledger.commands.work import ASSET, RIGHTS, Work
from ledger.domain import disposal, letting, loss, proceeds, reshaping, right, transfer
from ledger.domain.asset import Asset
from ledger.domain.command import Command
from ledger.rules import RulePack


@handles(right.EndRight)
def _end_right(work: Work, command: right.EndRight) -> None:
    asset, rules = _with_rules(work, command.asset, command)
    (let,) = let_assets(work, (command.asset,))
    letting.check_unbound(let.rights, command, let.contracts)
    work.record(right.decide_end(asset, work.load(RIGHTS, command.asset), command, rules))


@handles(transfer.TransferOwnership)
def _transfer(work: Work, command: transfer.TransferOwnership) -> None:
    asset, rights = work.load(ASSET, command.asset), work.load(RIGHTS, command.asset)
    work.record(transfer.decide_transfer(asset, rights, command, f"C{work.position + 1}"))


@handles(transfer.RelocateAsset)
def _relocate(work: Work, command: transfer.RelocateAsset) -> None:
    work.record(transfer.decide_relocate(work.load(ASSET, command.asset), command, work.areas()))


@handles(reshaping.SplitAsset)
def _split(work: Work, command: reshaping.SplitAsset) -> None:
    asset, part = work.load(ASSET, command.asset), work.load(ASSET, command.part)
    rights = work.load(RIGHTS, command.asset)
    work.record(reshaping.decide_split(asset, part, rights, command, f"X{work.position + 1}"))


@handles(reshaping.MergeAsset)
def _merge(work: Work, command: reshaping.MergeAsset) -> None:
    part, whole = work.load(ASSET, command.asset), work.load(ASSET, command.whole)
    rights = work.load(RIGHTS, command.asset), work.load(RIGHTS, command.whole)
    work.record(reshaping.decide_merge(part, whole, rights, command, f"X{work.position + 1}"))


@handles(reshaping.ReinvestAsset)
def _reinvest(work: Work, command: reshaping.ReinvestAsset) -> None:
    asset, into = work.load(ASSET, command.asset), work.load(ASSET, command.into)
    work.record(reshaping.decide_reinvest(asset, into, command))


@handles(reshaping.CloseAsset)
def _close(work: Work, command: reshaping.CloseAsset) -> None:
    work.record(reshaping.decide_close(work.load(ASSET, command.asset), command))


@handles(disposal.ProposeDisposal)
def _propose(work: Work, command: disposal.ProposeDisposal) -> None:
    work.record(disposal.decide_propose(work.load(ASSET, command.asset), command))


@handles(disposal.VoteDisposal)
def _vote(work: Work, command: disposal.VoteDisposal) -> None:
    asset, rules = _with_rules(work, command.asset, command)
    work.record(disposal.decide_vote(asset, work.load(RIGHTS, command.asset), command, rules))


@handles(disposal.AppraiseDisposal)
def _appraise(work: Work, command: disposal.AppraiseDisposal) -> None:
    asset, rules = _with_rules(work, command.asset, command)
    work.record(disposal.decide_appraise(asset, command, rules))


@handles(disposal.ApproveDisposal)
def _approve(work: Work, command: disposal.ApproveDisposal) -> None:
    asset, rules = _with_rules(work, command.asset, command)
    work.record(disposal.decide_approve(asset, work.load(RIGHTS, command.asset), command, rules))


@handles(disposal.DisposeAsset)
def _dispose(work: Work, command: disposal.DisposeAsset) -> None:
    asset, rules = _with_rules(work, command.asset, command)
    work.record(disposal.decide_dispose(asset, work.load(RIGHTS, command.asset), command, rules))


@handles(proceeds.BookProceeds)
def _proceeds(work: Work, command: proceeds.BookProceeds) -> None:
    work.record(proceeds.decide_proceeds(work.load(ASSET, command.asset), work.load(RIGHTS, command.asset), command))


@handles(loss.FindLoss)
def _find_loss(work: Work, command: loss.FindLoss) -> None:
    work.record(loss.decide_find(work.load(ASSET, command.asset), command))


@handles(loss.AssignLoss)
def _assign_loss(work: Work, command: loss.AssignLoss) -> None:
    work.record(loss.decide_assign(work.load(ASSET, command.asset), command))


@handles(loss.RecoverLoss)
def _recover_loss(work: Work, command: loss.RecoverLoss) -> None:
    work.record(loss.decide_recover(work.load(ASSET, command.asset), command))


@handles(loss.WriteOffLoss)
def _write_off_loss(work: Work, command: loss.WriteOffLoss) -> None:
    work.record(loss.decide_write_off(work.load(ASSET, command.asset), command))


def _with_rules(work: Work, code: str, command: Command) -> tuple[Asset, RulePack]:
    """Return the asset with the rules where it lies. Raises NotFoundError when it is unknown."""
    asset = work.load(ASSET, code)
    asset.must_exist(code)
    return asset, work.rules(asset.area, command.on)

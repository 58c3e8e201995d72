"""Decisions on a loss: found, assigned to a post, recovered, written off; never more than was found.

Source: assets.md 4.7; 行政事业性国有资产管理条例 §53 and §54, 农村集体经济组织法 §58 and §60.
"""

from __future__ import annotations

from typing import Any

from ledger.domain.asset import Asset
from ledger.domain.asset_change import Loss
from ledger.domain.command import Command, Fen, Filled, Ident, Line
from ledger.domain.history import not_before
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import Event, LossAssigned, LossFound, LossRecovered, LossWrittenOff
from ledger.money import format_yuan

__all__ = [
    "AssignLoss",
    "FindLoss",
    "RecoverLoss",
    "WriteOffLoss",
    "decide_assign",
    "decide_find",
    "decide_recover",
    "decide_write_off",
]

_CHAIN = "先发现、后定责、再追回或核销;出处 assets.md 4.7"


class FindLoss(Command):
    """Record that a loss was found, and its cause."""

    asset: Ident
    loss: Ident
    amount_fen: Fen
    cause: Filled


class AssignLoss(Command):
    """Record which post answers for the loss, and on what basis."""

    asset: Ident
    loss: Ident
    post: Filled
    basis: Filled


class RecoverLoss(Command):
    """Record that part or all of the loss was paid back."""

    asset: Ident
    loss: Ident
    amount_fen: Fen
    voucher: Line = ""


class WriteOffLoss(Command):
    """Record that part or all of the loss was written off, and who approved it."""

    asset: Ident
    loss: Ident
    amount_fen: Fen
    authority: Filled


def decide_find(asset: Asset, command: FindLoss) -> list[Event]:
    """Record a loss of an asset, of one that has ended too.

    Raises:
        NotFoundError: unknown asset.
        RuleRefusedError: the code is taken; without a reason also more than the asset is worth.
    """
    asset.must_exist(command.asset)
    known = asset.change.losses.get(command.loss)
    if known is not None:
        raise RuleRefusedError(
            "loss.exists",
            f"资产“{command.asset}”的损失“{command.loss}”已登记:{format_yuan(known.found_fen)} 元",
            hint="若是另一笔,请换一个编号;若上次记错,用 xianjie correct 更正",
        )
    found = sum(each.found_fen for each in asset.change.losses.values()) + command.amount_fen
    if found > asset.value_fen and not command.reason:
        raise RuleRefusedError(
            "loss.above_value",
            f"资产“{command.asset}”的损失合计 {format_yuan(found)} 元,超过原值 {format_yuan(asset.value_fen)} 元",
            hint="请核对金额;含收益等损失的,用 --reason 说明",
            rule="损失不超过原值;出处 assets.md 4.7",
        )
    not_before(command.on, asset.reached["identified"], what="发现损失", cause="资产登记", reason=command.reason)
    fields = _fields(asset, command)
    return [LossFound(**fields, loss=command.loss, amount_fen=command.amount_fen, cause=command.cause)]


def decide_assign(asset: Asset, command: AssignLoss) -> list[Event]:
    """Record who answers for a loss.

    Raises:
        NotFoundError: unknown asset or loss.
        RuleRefusedError: dated before the loss was found, and no reason.
    """
    known = _known(asset, command)
    not_before(command.on, known.found_on, what="定责", cause="发现损失", reason=command.reason)
    fields = _fields(asset, command)
    return [LossAssigned(**fields, loss=command.loss, post=command.post, basis=command.basis)]


def decide_recover(asset: Asset, command: RecoverLoss) -> list[Event]:
    """Record money paid back.

    Raises:
        NotFoundError: unknown asset or loss.
        RuleRefusedError: more than is left; without a reason also before it was assigned.
    """
    _check_left(asset, command, "追回")
    fields = _fields(asset, command)
    return [LossRecovered(**fields, loss=command.loss, amount_fen=command.amount_fen, voucher=command.voucher)]


def decide_write_off(asset: Asset, command: WriteOffLoss) -> list[Event]:
    """Write off what cannot be recovered, under an approving document.

    Raises:
        NotFoundError: unknown asset or loss.
        RuleRefusedError: more than is left, no approving document; without a reason also before it was assigned.
    """
    _check_left(asset, command, "核销")
    if not command.document:
        raise RuleRefusedError(
            "loss.unapproved",
            f"核销损失“{command.loss}”没有写明批准文件",
            hint="请用 --doc 写明批准核销的文号",
            rule="RF25 核销须经批准;出处 assets.md 4.7",
        )
    fields = _fields(asset, command)
    return [LossWrittenOff(**fields, loss=command.loss, amount_fen=command.amount_fen, authority=command.authority)]


def _known(asset: Asset, command: AssignLoss | RecoverLoss | WriteOffLoss) -> Loss:
    asset.must_exist(command.asset)
    known = asset.change.losses.get(command.loss)
    if known is None:
        raise NotFoundError(
            "loss.unknown",
            f"资产“{command.asset}”没有编号为“{command.loss}”的损失",
            hint="请核对编号,或先用 xianjie loss find 登记",
        )
    return known


def _check_left(asset: Asset, command: RecoverLoss | WriteOffLoss, doing: str) -> None:
    known = _known(asset, command)
    if command.amount_fen > known.left_fen:
        raise RuleRefusedError(
            "loss.exceeds",
            f"{doing} {format_yuan(command.amount_fen)} 元,超过损失“{known.loss}”未了 {format_yuan(known.left_fen)} 元"
            f"(发现 {format_yuan(known.found_fen)},追回 {format_yuan(known.recovered_fen)},"
            f"核销 {format_yuan(known.written_off_fen)})",
            hint="请核对金额",
            rule="追回与核销合计不超过损失;出处 assets.md 4.7",
        )
    if known.assigned_on is None and not command.reason:
        raise RuleRefusedError(
            "loss.unassigned",
            f"损失“{command.loss}”尚未定责,不能{doing}",
            hint="请先用 xianjie loss assign 登记责任,或用 --reason 说明原因",
            rule=_CHAIN,
        )
    not_before(command.on, known.assigned_on or known.found_on, what=doing, cause="定责", reason=command.reason)


def _fields(asset: Asset, command: Command) -> dict[str, Any]:
    common = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    return {**common, **asset.dimensions()}

"""Decisions on money that leaves a project: adjusted to another one, recovered, or left over after settlement.

Sources: funds.md 7.2 (AllocationAdjusted, Recovered, SurplusConfirmed) and 8.2 (R28). Every movement has an out-leg on
the project and an in-leg on the tranche from which the money came.
"""

from __future__ import annotations

from typing import Annotated, Any

from ledger.codes import MoveCause, name_of
from ledger.domain.command import Command, Fen, Filled, Ident, Line, coded
from ledger.domain.document import Document
from ledger.domain.funding import Funding
from ledger.domain.history import not_before
from ledger.domain.line import MoneyCommand, line_of, money_fields, must_cover
from ledger.domain.project import Project
from ledger.errors import RuleRefusedError
from ledger.events import Event, MoneyRegained, MoneyWithdrawn, ReleaseReturned
from ledger.money import format_yuan

__all__ = [
    "AdjustMoney",
    "ConfirmSurplus",
    "RecoverFromProject",
    "decide_recover_from_project",
    "decide_surplus",
    "decide_withdraw",
    "line_to_adjust",
]


class AdjustMoney(Command):
    """Move allocated money from one project to another; ``cause`` is a changed plan or a replaced project."""

    from_project: Ident
    to_project: Ident
    tranche: Line = ""
    amount_fen: Fen
    cause: Annotated[str, coded(MoveCause)] = MoveCause.ADJUSTED.value


class RecoverFromProject(MoneyCommand):
    """Recover unpaid money of a project for its tranche."""

    recovered_by: Filled


class ConfirmSurplus(MoneyCommand):
    """Confirm that money is left over after the project was settled."""


def line_to_adjust(source: Project, command: AdjustMoney) -> Funding:
    """Return the money of the source that the adjustment means. Raises NotFoundError, RuleRefusedError."""
    return line_of(source, _withdrawal(command))


def decide_withdraw(
    source: Project, target: Project, document: Document, command: AdjustMoney, transfer_id: str
) -> list[Event]:
    """Take money out of the source for the target: the first half of an adjustment, whose total stays the same.

    Raises:
        RuleRefusedError: no approving document, or one dated too late without a reason; the same project twice;
            another county; or more than is allocated and neither released, reimbursed nor held back.
    """
    line = line_to_adjust(source, command)
    target.must_exist(command.to_project)
    if command.cause not in (MoveCause.ADJUSTED, MoveCause.REPLACED):
        raise RuleRefusedError(
            "adjustment.cause",
            f"调整资金的原因不能是“{name_of(MoveCause, command.cause)}”,只能是:计划调整、项目替换",
            hint="收回用 xianjie fund recover,结余用 xianjie fund surplus",
            rule="资金调整有出有进;出处 funds.md 7.2",
        )
    if source.project == target.project:
        raise RuleRefusedError(
            "adjustment.same_project",
            f"调出和调入的是同一个项目“{source.project}”({format_yuan(command.amount_fen)} 元)",
            hint="请核对项目编号",
            rule="R28 资金调整须有出有进;出处 funds.md 8.2",
        )
    if source.area != target.area:
        raise RuleRefusedError(
            "adjustment.other_area",
            f"项目“{source.project}”属于 {source.area},项目“{target.project}”属于 {target.area},资金不能跨县调整",
            hint="请先收回资金,由上级重新分解",
            rule="资金调整不出本县;出处 funds.md 7.2",
        )
    _check_approval(target, document, command)
    withdrawal = _withdrawal(command)
    must_cover(withdrawal, line.withdrawable_fen, "调出", line)
    return _legs(source, line, withdrawal, command.cause, transfer_id)


def decide_recover_from_project(project: Project, command: RecoverFromProject, transfer_id: str) -> list[Event]:
    """Recover unpaid money: what the unit holds of it unpaid comes back first.

    The body that recovers is written into the reason.

    Raises:
        RuleRefusedError: more than is unpaid, reimbursed or held back as retention, or before the allocation.
    """
    line = line_of(project, command)
    must_cover(command, line.recoverable_fen, "收回", line)
    by = f"收回单位:{command.recovered_by}"
    why = {"reason": f"{by};{command.reason}" if command.reason else by}
    legs = _legs(project, line, command, MoveCause.RECOVERED, transfer_id)
    back = line.released_fen - (line.allocated_fen - command.amount_fen)
    if back > 0:
        legs = [ReleaseReturned(**{**money_fields(project, line, command), "amount_fen": back}), *legs]
    return [leg.model_copy(update=why) for leg in legs]


def decide_surplus(project: Project, command: ConfirmSurplus, transfer_id: str) -> list[Event]:
    """Confirm a surplus: what is left when the price is settled goes back to the tranche.

    Raises:
        RuleRefusedError: no audit document; not settled (accepted needs a reason); more than may go back; or so much
            that less than the audited price stays, without a reason.
    """
    line = line_of(project, command)
    if not command.document:
        raise RuleRefusedError(
            "surplus.no_document",
            f"确认项目“{project.project}”的结余 {format_yuan(command.amount_fen)} 元,必须注明审计或决算文件的文号",
            hint="请用 --doc 写明文号",
            rule="R7 结余依审计确认;出处 恒口 [S7]",
        )
    if "settled" not in project.reached and ("accepted" not in project.reached or not command.reason):
        raise RuleRefusedError(
            "surplus.not_settled",
            f"项目“{project.project}”尚未决算审计,不能确认结余 {format_yuan(command.amount_fen)} 元",
            hint="请先用 xianjie project settle 登记审定价;已验收、确无须决算的,用 --reason 说明",
            rule="R7 结余=安排-审定;出处 恒口 [S7]",
        )
    must_cover(command, line.withdrawable_fen, "确认结余", line)
    left = project.allocated_fen - command.amount_fen
    if left < project.settled_fen and not command.reason:
        raise RuleRefusedError(
            "surplus.below_settlement",
            f"确认结余 {format_yuan(command.amount_fen)} 元后,项目“{project.project}”只剩 {format_yuan(left)} 元,"
            f"少于审定价 {format_yuan(project.settled_fen)} 元",
            hint="请核对金额;审定价中有自筹部分的,用 --reason 说明",
            rule="R7 结余=安排-审定;出处 恒口 [S7]",
        )
    settled = project.reached.get("settled")
    not_before(command.on, settled, what="确认结余", cause="决算审计", reason=command.reason)
    return _legs(project, line, command, MoveCause.SURPLUS, transfer_id)


def _withdrawal(command: AdjustMoney) -> MoneyCommand:
    shared = {"on": command.on, "document": command.document, "reason": command.reason}
    moved = {"project": command.from_project, "tranche": command.tranche, "amount_fen": command.amount_fen}
    return MoneyCommand.of(**shared, **moved)


def _check_approval(target: Project, document: Document, command: AdjustMoney) -> None:
    if not command.document:
        raise RuleRefusedError(
            "adjustment.no_document",
            f"从项目“{command.from_project}”调整 {format_yuan(command.amount_fen)} 元,必须注明批准文号",
            hint="请用 --doc 写明批准调整的文号",
            rule="R28 调整须经批准;出处 沁水 [S9]",
        )
    if document.dated is None or command.reason:
        return
    paid = min((line.paid_on for line in target.funding.values() if line.paid_on), default=None)
    late = f"调整日期 {command.on}" if document.dated > command.on else ""
    if not late and paid and document.dated > paid:
        late = f"项目“{target.project}”第一次支付日期 {paid}"
    if late:
        raise RuleRefusedError(
            "adjustment.document_later",
            f"批准文号“{command.document}”的日期 {document.dated} 晚于{late}",
            hint="请核对文号和日期;确属先调后批的,用 --reason 说明",
            rule="R28 先批准后调整;出处 沁水 [S9]",
        )


def _legs(project: Project, line: Funding, command: MoneyCommand, cause: str, transfer_id: str) -> list[Event]:
    not_before(command.on, line.first_on, what="退出项目", cause="资金安排", reason=command.reason)
    shared: dict[str, Any] = {**money_fields(project, line, command), "transfer_id": transfer_id, "cause": cause}
    return [MoneyWithdrawn(**shared), MoneyRegained(**shared)]

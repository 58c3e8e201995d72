"""Decisions on money in a project: allocated from a tranche, then released, paid, reimbursed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ledger.codes import TaskDirection, name_of
from ledger.domain.command import Command, Fen, Filled, Ident, Line
from ledger.domain.funding import Funding
from ledger.domain.history import not_before
from ledger.domain.project import Project
from ledger.domain.tranche import Tranche
from ledger.errors import RuleRefusedError
from ledger.events import Event, MoneyAllocated, MoneyPaid, MoneyReimbursed, MoneyReleased, ProjectFunded
from ledger.money import format_yuan
from ledger.rules import RulePack

__all__ = [
    "AllocateMoney",
    "MoneyCommand",
    "PayMoney",
    "ReimburseMoney",
    "ReleaseMoney",
    "decide_allocate",
    "decide_pay",
    "decide_reimburse",
    "decide_release",
]


class AllocateMoney(Command):
    """Allocate money of a tranche to a project."""

    tranche: Ident
    project: Ident
    amount_fen: Fen


class MoneyCommand(Command):
    """Move money within a project; the tranche may be left out where the project has only one."""

    project: Ident
    tranche: Line = ""
    amount_fen: Fen
    voucher: Line = ""


class ReleaseMoney(MoneyCommand):
    """Release money to the project's unit."""


class PayMoney(MoneyCommand):
    """Pay released money out."""

    payee_kind: Annotated[Filled, Field(max_length=40)] = "unit"


class ReimburseMoney(MoneyCommand):
    """Accept vouchers for spent money."""


def decide_allocate(
    tranche: Tranche, project: Project, command: AllocateMoney, rules: RulePack, transfer_id: str
) -> list[Event]:
    """Allocate money: two legs, one movement.

    Raises:
        RuleRefusedError: not in the library, cancelled, another county, a direction that does not fit, or more than
            the tranche has left.
    """
    tranche.must_exist(command.tranche)
    project.must_exist(command.project)
    project.must_live()
    if tranche.area != project.area:
        raise RuleRefusedError(
            "allocation.other_area",
            f"资金批次“{tranche.tranche}”属于 {tranche.area},项目“{project.project}”属于 {project.area}",
            hint="请先把资金分解到项目所在县",
        )
    kind = rules.project_type(project.project_type, command.on)
    if kind is not None and kind.directions and tranche.direction not in kind.directions:
        raise RuleRefusedError(
            "allocation.wrong_direction",
            f"资金任务方向“{name_of(TaskDirection, tranche.direction)}”不能用于“{kind.name}”类项目",
            hint="请选用任务方向相符的资金批次",
            rule=f"{rules.pack} {rules.version}",
        )
    tranche.must_afford(command.amount_fen, "安排")
    not_before(command.on, tranche.first_on, what="安排", cause="资金到账", reason=command.reason)
    not_before(command.on, project.reached["listed"], what="安排", cause="项目入库", reason=command.reason)
    common: dict[str, Any] = {
        "effective_on": command.on,
        "document": command.document,
        "reason": command.reason,
        "amount_fen": command.amount_fen,
        "transfer_id": transfer_id,
    }
    dimensions: dict[str, Any] = {**project.dimensions(), **tranche.dimensions()}
    return [MoneyAllocated(**dimensions, **common), ProjectFunded(**dimensions, **common)]


def decide_release(project: Project, command: ReleaseMoney) -> list[Event]:
    """Release money: never more than was allocated.

    Raises:
        RuleRefusedError: more than is allocated and not yet released, or before the allocation.
    """
    line = _funding(project, command)
    left = line.allocated_fen - line.released_fen
    _must_cover(
        command, left, "核拨", f"已安排 {format_yuan(line.allocated_fen)},已核拨 {format_yuan(line.released_fen)}"
    )
    not_before(command.on, line.first_on, what="核拨", cause="资金安排", reason=command.reason)
    return [MoneyReleased(**_money_fields(project, line, command), voucher=command.voucher)]


def decide_pay(project: Project, command: PayMoney) -> list[Event]:
    """Pay money out: never more than was released.

    Raises:
        RuleRefusedError: more than is released and not yet paid, or before the release.
    """
    line = _funding(project, command)
    left = line.released_fen - line.paid_fen
    _must_cover(command, left, "支付", f"已核拨 {format_yuan(line.released_fen)},已支付 {format_yuan(line.paid_fen)}")
    not_before(command.on, line.released_on, what="支付", cause="核拨", reason=command.reason)
    fields = _money_fields(project, line, command)
    return [MoneyPaid(**fields, voucher=command.voucher, payee_kind=command.payee_kind)]


def decide_reimburse(project: Project, command: ReimburseMoney) -> list[Event]:
    """Reimburse: never more than was allocated.

    Raises:
        RuleRefusedError: more than is allocated and not yet reimbursed, or before the allocation.
    """
    line = _funding(project, command)
    left = line.allocated_fen - line.reimbursed_fen
    state = f"已安排 {format_yuan(line.allocated_fen)},已报账 {format_yuan(line.reimbursed_fen)}"
    _must_cover(command, left, "报账", state)
    not_before(command.on, line.first_on, what="报账", cause="资金安排", reason=command.reason)
    return [MoneyReimbursed(**_money_fields(project, line, command), voucher=command.voucher)]


def _funding(project: Project, command: MoneyCommand) -> Funding:
    project.must_exist(command.project)
    if not command.tranche and len(project.funding) == 1:
        return next(iter(project.funding.values()))
    if not command.tranche and project.funding:
        raise RuleRefusedError(
            "payment.which_tranche",
            f"项目“{command.project}”有多个资金批次:{'、'.join(project.funding)}",
            hint="请用 --tranche 写明是哪一个批次",
        )
    line = project.funding.get(command.tranche)
    if line is None:
        named = f"批次“{command.tranche}”的" if command.tranche else ""
        raise RuleRefusedError(
            "payment.not_allocated",
            f"项目“{command.project}”没有安排{named}资金",
            hint="请先用 xianjie fund allocate 安排资金",
        )
    return line


def _must_cover(command: MoneyCommand, left: int, verb: str, state: str) -> None:
    if command.amount_fen > left:
        raise RuleRefusedError(
            "payment.exceeds",
            f"{verb} {format_yuan(command.amount_fen)} 元,"
            f"超过项目“{command.project}”可{verb}的 {format_yuan(left)} 元({state})",
            hint="请核对金额",
            rule="支付≤核拨≤安排,报账≤安排",
        )


def _money_fields(project: Project, line: Funding, command: MoneyCommand) -> dict[str, Any]:
    return {
        "effective_on": command.on,
        "document": command.document,
        "reason": command.reason,
        "amount_fen": command.amount_fen,
        **project.dimensions(),
        **line.dimensions(),
    }

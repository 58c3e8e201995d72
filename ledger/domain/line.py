"""What commands on money within a project share: the line of money they mean, and what their events write down."""

from __future__ import annotations

from typing import Any

from ledger.domain.command import Command, Fen, Ident, Line
from ledger.domain.funding import Funding
from ledger.domain.project import Project
from ledger.errors import RuleRefusedError
from ledger.money import format_yuan

__all__ = ["MoneyCommand", "VoucherCommand", "line_of", "money_fields", "must_cover"]


class MoneyCommand(Command):
    """Move money within a project; the tranche may be left out where the project has only one."""

    project: Ident
    tranche: Line = ""
    amount_fen: Fen


class VoucherCommand(MoneyCommand):
    """A movement that stands on a voucher."""

    voucher: Line = ""


def line_of(project: Project, command: MoneyCommand) -> Funding:
    """Return the money that the command means.

    Raises:
        NotFoundError: the project is unknown.
        RuleRefusedError: the project has no such money, or several tranches and the command names none.
    """
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


def must_cover(command: MoneyCommand, left: int, verb: str, line: Funding) -> None:
    """Refuse a movement of more than is left for it; the message gives every amount of the line."""
    if command.amount_fen > left:
        held = f",质保金 {format_yuan(line.retained_fen)}" if line.retained_fen else ""
        raise RuleRefusedError(
            "payment.exceeds",
            f"{verb} {format_yuan(command.amount_fen)} 元,"
            f"超过项目“{command.project}”可{verb}的 {format_yuan(left)} 元"
            f"(批次“{line.tranche}”已安排 {format_yuan(line.allocated_fen)},已核拨 {format_yuan(line.released_fen)},"
            f"已支付 {format_yuan(line.paid_fen)},已报账 {format_yuan(line.reimbursed_fen)}{held})",
            hint=f"请核对金额;用 xianjie project show {command.project} 查看项目的资金",
            rule="R13 支付≤核拨≤安排,报账≤安排;出处 funds.md 7.2",
        )


def money_fields(project: Project, line: Funding, command: MoneyCommand) -> dict[str, Any]:
    """Return what every event on the line writes down."""
    return {
        "effective_on": command.on,
        "document": command.document,
        "reason": command.reason,
        "amount_fen": command.amount_fen,
        **project.dimensions(),
        **line.dimensions(),
    }

"""Decisions on allocated money: released, paid, reimbursed, and back again.

Sources: funds.md 3.2 and 7.2; the caps on payments are in ``ledger.domain.caps``.
"""

from __future__ import annotations

from typing import Annotated

from ledger.codes import PayeeKind
from ledger.domain.caps import check_payment
from ledger.domain.command import coded
from ledger.domain.history import not_before
from ledger.domain.line import VoucherCommand, line_of, money_fields, must_cover
from ledger.domain.project import Project
from ledger.events import Event, MoneyPaid, MoneyReimbursed, MoneyReleased, PaymentRefunded, ReleaseReturned
from ledger.rules import RulePack

__all__ = [
    "PayMoney",
    "RefundPayment",
    "ReimburseMoney",
    "ReleaseMoney",
    "ReturnRelease",
    "decide_pay",
    "decide_refund",
    "decide_reimburse",
    "decide_release",
    "decide_return",
]


class ReleaseMoney(VoucherCommand):
    """Release money to the project's unit."""


class ReturnRelease(VoucherCommand):
    """Take released money that was not paid out back from the project's unit."""


class PayMoney(VoucherCommand):
    """Pay released money out."""

    payee_kind: Annotated[str, coded(PayeeKind)] = PayeeKind.UNIT.value


class RefundPayment(VoucherCommand):
    """Record that paid money came back from the payee."""


class ReimburseMoney(VoucherCommand):
    """Accept vouchers for spent money."""


def decide_release(project: Project, command: ReleaseMoney) -> list[Event]:
    """Release money: never more than was allocated.

    Raises:
        RuleRefusedError: more than is allocated and not yet released, or before the allocation.
    """
    line = line_of(project, command)
    must_cover(command, line.allocated_fen - line.released_fen, "核拨", line)
    not_before(command.on, line.first_on, what="核拨", cause="资金安排", reason=command.reason)
    return [MoneyReleased(**money_fields(project, line, command), voucher=command.voucher)]


def decide_return(project: Project, command: ReturnRelease) -> list[Event]:
    """Take released money back: never what is paid already.

    Raises:
        RuleRefusedError: more than is released and not paid, or before the release.
    """
    line = line_of(project, command)
    must_cover(command, line.released_fen - line.paid_fen, "退回核拨", line)
    not_before(command.on, line.released_on, what="退回核拨", cause="核拨", reason=command.reason)
    return [ReleaseReturned(**money_fields(project, line, command), voucher=command.voucher)]


def decide_pay(project: Project, command: PayMoney, rules: RulePack) -> list[Event]:
    """Pay money out: never more than was released, never what is held back, and within the caps of the rules.

    Raises:
        RuleRefusedError: more than is released and not yet paid, before the release, or as ``check_payment``.
    """
    line = line_of(project, command)
    must_cover(command, line.payable_fen, "支付", line)
    not_before(command.on, line.released_on, what="支付", cause="核拨", reason=command.reason)
    check_payment(project, command, rules)
    fields = money_fields(project, line, command)
    return [MoneyPaid(**fields, voucher=command.voucher, payee_kind=command.payee_kind)]


def decide_refund(project: Project, command: RefundPayment) -> list[Event]:
    """Record a refund: never more than was paid.

    Raises:
        RuleRefusedError: more than was paid, or before the payment.
    """
    line = line_of(project, command)
    must_cover(command, line.paid_fen, "退款", line)
    not_before(command.on, line.paid_on, what="退款", cause="支付", reason=command.reason)
    return [PaymentRefunded(**money_fields(project, line, command), voucher=command.voucher)]


def decide_reimburse(project: Project, command: ReimburseMoney) -> list[Event]:
    """Reimburse: never more than was allocated.

    Raises:
        RuleRefusedError: more than is allocated and not yet reimbursed, or before the allocation.
    """
    line = line_of(project, command)
    must_cover(command, line.allocated_fen - line.reimbursed_fen, "报账", line)
    not_before(command.on, line.first_on, what="报账", cause="资金安排", reason=command.reason)
    return [MoneyReimbursed(**money_fields(project, line, command), voucher=command.voucher)]

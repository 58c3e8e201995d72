"""``xianjie payment``: money within a project: released, paid, reimbursed, held back, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.help import Noun
from cli.params import TEXT, code_option, money_option
from cli.recording import Entry, write_options

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["payment"]

F = TypeVar("F", bound="Callable[..., Any]")


@click.group(cls=Noun, help="资金拨付:核拨、支付、报账、退回、退款、质保金")
def payment() -> None:
    """Money within a project."""


_voucher_option = click.option("--voucher", type=TEXT, help="凭证号")


def _money_options(command: F) -> F:
    for option in (
        money_option("--amount", "amount_fen", "金额"),
        click.option("--tranche", type=TEXT, help="资金批次;项目只有一个批次时可省略"),
        click.argument("project", metavar="项目编号", type=TEXT),
    ):
        command = option(command)
    return command


@payment.command(help="登记核拨:财政把资金拨给项目单位")
@_money_options
@_voucher_option
@write_options
def release(entry: Entry, **values: object) -> None:
    """Record that money was released to the project's unit."""
    from ledger.domain.payment import ReleaseMoney

    entry.record_asking([entry.build(ReleaseMoney, values)], "确认登记核拨?")


@payment.command(help="登记支付:已核拨的资金实际付出")
@_money_options
@_voucher_option
@code_option("--payee-kind", "payee_kind", "收款方类别:单位(默认)、企业、农户等;不写姓名")
@write_options
def pay(entry: Entry, **values: object) -> None:
    """Record that released money was paid out."""
    from ledger.domain.payment import PayMoney

    entry.record_asking([entry.build(PayMoney, values)], "确认登记支付?")


@payment.command(help="登记报账:支出凭证经财政认可")
@_money_options
@_voucher_option
@write_options
def reimburse(entry: Entry, **values: object) -> None:
    """Record that vouchers for spent money were accepted."""
    from ledger.domain.payment import ReimburseMoney

    entry.record_asking([entry.build(ReimburseMoney, values)], "确认登记报账?")


@payment.command("return", help="登记退回核拨:项目单位把未支付的资金退回财政")
@_money_options
@_voucher_option
@write_options
def return_(entry: Entry, **values: object) -> None:
    """Record that released money came back unpaid."""
    from ledger.domain.payment import ReturnRelease

    entry.record_asking([entry.build(ReturnRelease, values)], "确认登记退回核拨?")


@payment.command(help="登记退款:收款方把已支付的资金退回")
@_money_options
@_voucher_option
@write_options
def refund(entry: Entry, **values: object) -> None:
    """Record that paid money came back from the payee."""
    from ledger.domain.payment import RefundPayment

    entry.record_asking([entry.build(RefundPayment, values)], "确认登记退款?")


@payment.command("hold-retention", help="登记预留质保金")
@_money_options
@write_options
def hold_retention(entry: Entry, **values: object) -> None:
    """Record that money is held back as a guarantee of quality."""
    from ledger.domain.retention import HoldRetention

    entry.record_asking([entry.build(HoldRetention, values)], "确认登记预留质保金?")


@payment.command("release-retention", help="登记质保金到期,可以支付(缺陷责任期满前须写 --reason)")
@_money_options
@write_options
def release_retention(entry: Entry, **values: object) -> None:
    """Record that money held back may be paid."""
    from ledger.domain.retention import ReleaseRetention

    entry.record_asking([entry.build(ReleaseRetention, values)], "确认登记质保金到期?")

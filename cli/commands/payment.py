"""``xianjie payment``: money within a project: released, paid, reimbursed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.help import Noun
from cli.params import TEXT, money_option
from cli.recording import Entry, write_options

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["payment"]

F = TypeVar("F", bound="Callable[..., Any]")


@click.group(cls=Noun, help="资金拨付:核拨、支付、报账")
def payment() -> None:
    """Money within a project."""


def _money_options(command: F) -> F:
    for option in (
        click.option("--voucher", type=TEXT, help="凭证号"),
        money_option("--amount", "amount_fen", "金额"),
        click.option("--tranche", type=TEXT, help="资金批次;项目只有一个批次时可省略"),
        click.argument("project", metavar="项目编号"),
    ):
        command = option(command)
    return command


@payment.command(help="登记核拨:财政把资金拨给项目单位")
@_money_options
@write_options
def release(entry: Entry, **values: object) -> None:
    """Record that money was released to the project's unit."""
    from ledger.domain.payment import ReleaseMoney

    entry.record(ReleaseMoney, values)


@payment.command(help="登记支付:已核拨的资金实际付出")
@_money_options
@click.option("--payee-kind", "payee_kind", type=TEXT, help="收款方类别,默认 unit;不写姓名")
@write_options
def pay(entry: Entry, **values: object) -> None:
    """Record that released money was paid out."""
    from ledger.domain.payment import PayMoney

    entry.record(PayMoney, values)


@payment.command(help="登记报账:支出凭证经财政认可")
@_money_options
@write_options
def reimburse(entry: Entry, **values: object) -> None:
    """Record that vouchers for spent money were accepted."""
    from ledger.domain.payment import ReimburseMoney

    entry.record(ReimburseMoney, values)

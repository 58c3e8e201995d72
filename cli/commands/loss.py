"""``xianjie loss``: what was lost of an asset, who answers for it, and how it ended."""

from __future__ import annotations

from typing import Final

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of
from cli.output import Table, show
from cli.params import TEXT, money_option
from cli.recording import Entry, write_options
from ledger.money import format_yuan

__all__ = ["loss"]

_HEADS: Final = ("损失编号", "发现日期", ">发现(元)", "定责日期", ">追回(元)", ">核销(元)", ">未了(元)")
_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)
_loss_option = click.option("--loss", type=TEXT, required=True, help="损失编号")


@click.group(cls=Noun, help="资产损失:发现、定责、追回、核销、查看")
def loss() -> None:
    """Losses."""


@loss.command(help="登记发现的损失")
@_asset_argument
@_loss_option
@money_option("--amount", "amount_fen", "损失金额")
@click.option("--cause", type=TEXT, required=True, help="损失原因")
@write_options
def find(entry: Entry, **values: object) -> None:
    """Record a loss."""
    from ledger.domain.loss import FindLoss

    entry.record(FindLoss, values)


@loss.command(help="登记责任岗位和依据;只记岗位,不记姓名")
@_asset_argument
@_loss_option
@click.option("--post", type=TEXT, required=True, help="责任岗位")
@click.option("--basis", type=TEXT, required=True, help="定责依据")
@write_options
def assign(entry: Entry, **values: object) -> None:
    """Record who answers for it."""
    from ledger.domain.loss import AssignLoss

    entry.record(AssignLoss, values)


@loss.command(help="登记追回,全部或一部分")
@_asset_argument
@_loss_option
@money_option("--amount", "amount_fen", "追回金额")
@click.option("--voucher", type=TEXT, help="凭证号")
@write_options
def recover(entry: Entry, **values: object) -> None:
    """Record what was paid back."""
    from ledger.domain.loss import RecoverLoss

    entry.record(RecoverLoss, values)


@loss.command("write-off", help="登记核销,全部或一部分(须写批准文号 --doc)")
@_asset_argument
@_loss_option
@money_option("--amount", "amount_fen", "核销金额")
@click.option("--authority", type=TEXT, required=True, help="批准单位")
@write_options
def write_off(entry: Entry, **values: object) -> None:
    """Write the rest off."""
    from ledger.domain.loss import WriteOffLoss

    entry.record_asking([entry.build(WriteOffLoss, values)], "损失核销后不再追索。确认核销?")


@loss.command("show", help="查看一项资产的各笔损失")
@_asset_argument
@answer_options
@with_settings
def show_(settings: Settings, asset: str) -> None:
    """Show the losses of an asset."""
    from ledger.commands.work import ASSET

    with open_log(settings) as engine:
        state = history_of(engine, ASSET.stream(asset)).state(ASSET)
    state.must_exist(asset)
    losses = state.change.losses.values()
    data = [
        {
            "loss": each.loss,
            "found_on": each.found_on.isoformat() if each.found_on else None,
            "found_fen": each.found_fen,
            "assigned_on": each.assigned_on.isoformat() if each.assigned_on else None,
            "recovered_fen": each.recovered_fen,
            "written_off_fen": each.written_off_fen,
            "left_fen": each.left_fen,
        }
        for each in losses
    ]
    rows = [
        [
            *(each.loss, str(each.found_on or ""), format_yuan(each.found_fen), str(each.assigned_on or "")),
            *(format_yuan(fen) for fen in (each.recovered_fen, each.written_off_fen, each.left_fen)),
        ]
        for each in losses
    ]
    show(settings.format, data, Table(_HEADS, rows, title=f"资产 {asset} 的损失"))

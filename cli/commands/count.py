"""``xianjie count``: the yearly count of assets, its differences, and depreciation."""

from __future__ import annotations

import click

from cli.help import Noun
from cli.params import MONEY, TEXT, YEAR, Choice, money_option
from cli.recording import Entry, write_options
from cli.words import COUNTS

__all__ = ["count"]

_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)


@click.group(cls=Noun, help="清查:登记结果、批准差异、计提折旧")
def count() -> None:
    """Group the verbs of the yearly count."""


@count.command(help="登记一项资产的年度清查结果")
@_asset_argument
@click.option("--year", type=YEAR, required=True, help="清查年度")
@click.option("--outcome", type=Choice(COUNTS), required=True, help="相符、有差异或缺失")
@money_option("--gain", "gain_fen", "盘盈", required=False)
@click.option("--loss", "loss_fen", type=MONEY, help="盘亏")
@click.option("--note", type=TEXT, help="说明")
@write_options
def record(entry: Entry, **values: object) -> None:
    """Record what the count found."""
    from ledger.domain.yearly_count import CountAsset

    entry.record(CountAsset, values)


@count.command(help="批准清查差异,资产原值随之调整(须写 --doc)")
@_asset_argument
@click.option("--year", type=YEAR, required=True, help="清查年度")
@click.option("--authority", type=TEXT, required=True, help="批准机关")
@write_options
def approve(entry: Entry, **values: object) -> None:
    """Enter a difference."""
    from ledger.domain.yearly_count import ApproveDifference

    entry.record(ApproveDifference, values)


@count.command(help="按规则包的方法和年限计提一年的折旧;规则包没有规定的不计提")
@_asset_argument
@click.option("--year", type=YEAR, required=True, help="折旧年度")
@write_options
def depreciate(entry: Entry, **values: object) -> None:
    """Post the depreciation of a year."""
    from ledger.domain.yearly_count import PostDepreciation

    entry.record(PostDepreciation, values)

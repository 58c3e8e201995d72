"""``xianjie upkeep``: who cares for an asset, and the visits."""

from __future__ import annotations

import click

from cli.help import Noun
from cli.params import TEXT, WHOLE, money_option
from cli.recording import Entry, write_options

__all__ = ["upkeep"]

_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)


@click.group(cls=Noun, help="管护:落实责任、登记巡查;应巡未巡见 xianjie report upkeep-due")
def upkeep() -> None:
    """Upkeep."""


@upkeep.command(help="落实管护单位、岗位和经费,自业务日期起,取代以前的安排")
@_asset_argument
@click.option("--by", "unit", type=TEXT, required=True, help="管护责任单位")
@click.option("--post", type=TEXT, help="责任岗位,如 村级公益岗位;不写姓名")
@click.option("--money-from", type=TEXT, help="经费来源")
@money_option("--yearly", "yearly_fen", "每年的管护经费", required=False)
@click.option("--times", "times_per_year", type=WHOLE, help="每年应巡查几次")
@write_options
def assign(entry: Entry, **values: object) -> None:
    """Say who answers for the upkeep."""
    from ledger.domain.upkeep import AssignUpkeep

    entry.record(AssignUpkeep, values)


@upkeep.command(help="登记一次巡查:发现的缺陷、维修和费用")
@_asset_argument
@click.option("--defects", type=TEXT, help="发现的缺陷")
@click.option("--repairs", type=TEXT, help="做了什么维修")
@money_option("--cost", "cost_fen", "维修费用", required=False)
@write_options
def visit(entry: Entry, **values: object) -> None:
    """Record a visit."""
    from ledger.domain.upkeep import VisitAsset

    entry.record(VisitAsset, values)

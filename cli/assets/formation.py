"""The verbs of ``xianjie asset`` that say what a project became: identify, none, stocktake, classify, and its value."""

from __future__ import annotations

import click

from cli.help import Verb
from cli.params import FINANCING, TEXT, YEAR, Choice, code_option, money_option
from cli.recording import Entry, write_options
from cli.words import NO_ASSET

__all__ = ["add_value", "classify", "finalise", "identify", "none", "stocktake"]

_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)
_sources = click.option(
    "--source", "sources", type=FINANCING, multiple=True, help="资金来源和金额,可重复;合计须等于原值"
)


@click.command(cls=Verb, help="登记验收项目形成的资产;资金来源按项目的支付自动分摊")
@_asset_argument
@click.option("--project", type=TEXT, required=True, help="形成资产的项目")
@click.option("--name", type=TEXT, required=True, help="资产名称")
@code_option("--class", "asset_class", "资产类别:经营性、公益性、到户类", required=True)
@code_option("--form", "asset_form", "资产形态,默认为固定资产")
@click.option("--subclass", type=TEXT, help="细类,如 光伏电站、道路交通")
@money_option("--value", "value_fen", "原值")
@click.option("--quantity", type=TEXT, help="数量和单位")
@click.option("--place", type=TEXT, help="坐落地点")
@click.option("--provisional", is_flag=True, help="原值为暂估,待决算")
@_sources
@write_options
def identify(entry: Entry, **values: object) -> None:
    """Record the asset that an accepted project formed."""
    from ledger.domain.formation import IdentifyAsset

    entry.record(IdentifyAsset, values)


@click.command(cls=Verb, help="认定验收项目不形成资产(须写 --reason)")
@click.argument("project", metavar="项目编号", type=TEXT)
@click.option("--why", type=Choice(NO_ASSET), required=True, help=f"原因:{'、'.join(NO_ASSET.values())}")
@write_options
def none(entry: Entry, **values: object) -> None:
    """Record that the project forms no asset."""
    from ledger.domain.formation import FormNoAsset

    entry.record(FormNoAsset, values)


@click.command(cls=Verb, help="清产核资:登记账本启用之前形成的资产")
@_asset_argument
@click.option("--origin", type=TEXT, required=True, help="来由,如 2013年整村推进项目")
@click.option("--name", type=TEXT, required=True, help="资产名称")
@click.option("--area", type=TEXT, required=True, help="县区代码")
@click.option("--town", type=TEXT, help="乡镇代码")
@click.option("--village", type=TEXT, help="村代码")
@click.option("--year", "project_year", type=YEAR, required=True, help="形成年度,从 2012 年起")
@code_option("--class", "asset_class", "资产类别:经营性、公益性、到户类", required=True)
@code_option("--form", "asset_form", "资产形态,默认为固定资产")
@click.option("--subclass", type=TEXT, help="细类,如 光伏电站、道路交通")
@money_option("--value", "value_fen", "原值")
@click.option("--quantity", type=TEXT, help="数量和单位")
@click.option("--place", type=TEXT, help="坐落地点")
@click.option("--provisional", is_flag=True, help="原值为暂估")
@_sources
@write_options
def stocktake(entry: Entry, **values: object) -> None:
    """Record an asset older than the ledger."""
    from ledger.domain.formation import TakeStock

    entry.record(TakeStock, values)


@click.command(cls=Verb, help="重新认定资产的类别、形态、细类(须写 --reason)")
@_asset_argument
@code_option("--class", "asset_class", "新的资产类别")
@code_option("--form", "asset_form", "新的资产形态")
@click.option("--subclass", type=TEXT, help="新的细类")
@click.option("--authority", type=TEXT, required=True, help="认定单位")
@write_options
def classify(entry: Entry, **values: object) -> None:
    """Decide class, form or sub-class anew."""
    from ledger.domain.valuation import ClassifyAsset

    entry.record(ClassifyAsset, values)


@click.command(cls=Verb, help="暂估转正:决算核定原值")
@_asset_argument
@money_option("--value", "value_fen", "决算核定的原值")
@write_options
def finalise(entry: Entry, **values: object) -> None:
    """State the value that final accounts fixed."""
    from ledger.domain.valuation import FinaliseValue

    entry.record(FinaliseValue, values)


@click.command(cls=Verb, help="续建增值:另一验收项目投入这项资产")
@_asset_argument
@click.option("--project", "added_by", type=TEXT, required=True, help="投入的项目")
@money_option("--amount", "amount_fen", "增加的原值")
@_sources
@write_options
def add_value(entry: Entry, **values: object) -> None:
    """Add what another project put into the asset."""
    from ledger.domain.valuation import AddValue

    entry.record(AddValue, values)

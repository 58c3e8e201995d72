"""The verbs of ``xianjie asset`` that change or end it: transfer, split, merge, relocate, reinvest, close."""

from __future__ import annotations

import click

from cli.help import Verb
from cli.params import HOLDER, TEXT, Choice, money_option
from cli.recording import Entry, write_options
from cli.words import MONEY_OF_ASSETS, TRANSFERS

__all__ = ["close", "merge", "reinvest", "relocate", "split", "transfer"]

_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)


@click.command(cls=Verb, help="变更所有权(须写依据文号 --doc);经营权等其他权利不变")
@_asset_argument
@click.option("--way", type=Choice(TRANSFERS), required=True, help=f"方式:{'、'.join(TRANSFERS.values())}")
@click.option("--giver", type=TEXT, required=True, help="原所有权人")
@click.option("--receiver", type=TEXT, required=True, help="新所有权人")
@click.option("--holder", "owners", type=HOLDER, multiple=True, required=True, help="变更后的全部所有权人和份额,可重复")
@write_options
def transfer(entry: Entry, **values: object) -> None:
    """Transfer the ownership."""
    from ledger.domain.transfer import TransferOwnership

    entry.record(TransferOwnership, values)


@click.command(cls=Verb, help="拆分:把一部分另立为一项资产,权利随之;前后原值相等")
@_asset_argument
@click.option("--part", type=TEXT, required=True, help="拆出部分的资产编号")
@click.option("--name", type=TEXT, required=True, help="拆出部分的名称")
@money_option("--value", "value_fen", "拆出部分的原值")
@click.option("--quantity", type=TEXT, help="数量和单位")
@write_options
def split(entry: Entry, **values: object) -> None:
    """Split the asset."""
    from ledger.domain.reshaping import SplitAsset

    entry.record(SplitAsset, values)


@click.command(cls=Verb, help="并入另一项资产;前后原值相等")
@_asset_argument
@click.option("--into", "whole", type=TEXT, required=True, help="并入哪一项资产")
@write_options
def merge(entry: Entry, **values: object) -> None:
    """Merge the asset into another one."""
    from ledger.domain.reshaping import MergeAsset

    entry.record(MergeAsset, values)


@click.command(cls=Verb, help="属地变更:区划调整后登记到现所在地")
@_asset_argument
@click.option("--area", type=TEXT, required=True, help="现所在县,六位代码")
@click.option("--town", type=TEXT, help="现所在乡镇,九位代码")
@click.option("--village", type=TEXT, help="现所在村,十二位代码")
@write_options
def relocate(entry: Entry, **values: object) -> None:
    """Register the asset where it now lies."""
    from ledger.domain.transfer import RelocateAsset

    entry.record(RelocateAsset, values)


@click.command(cls=Verb, help="再投资:本金、处置价款或收益投入另一项资产")
@_asset_argument
@click.option("--into", type=TEXT, required=True, help="投入哪一项资产")
@money_option("--amount", "amount_fen", "投入金额")
@click.option("--money", type=Choice(MONEY_OF_ASSETS), required=True, help=f"是{'、'.join(MONEY_OF_ASSETS.values())}")
@write_options
def reinvest(entry: Entry, **values: object) -> None:
    """Record where its money went."""
    from ledger.domain.reshaping import ReinvestAsset

    entry.record(ReinvestAsset, values)


@click.command(cls=Verb, help="销户:已移交的到户类资产,或已处置且价款入账的资产")
@_asset_argument
@click.option("--why", type=TEXT, required=True, help="销户缘由")
@write_options
def close(entry: Entry, **values: object) -> None:
    """Close the file."""
    from ledger.domain.reshaping import CloseAsset

    entry.record(CloseAsset, values)

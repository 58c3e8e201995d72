"""``xianjie condition``: how an asset runs, and its class among the four batches."""

from __future__ import annotations

from typing import Final

import click

from cli.help import Noun
from cli.params import TEXT, YEAR, code_option
from cli.recording import Entry, write_options
from ledger.codes import AssetCondition, FourBatch

__all__ = ["condition"]

_CONDITIONS: Final = "运行状况:" + "、".join(each.zh for each in AssetCondition)
_BATCHES: Final = "分类:" + "、".join(each.zh for each in FourBatch)

_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)


@click.group(cls=Noun, help="运行状况:评定、四个一批分类;闲置资产见 xianjie report idle")
def condition() -> None:
    """Condition and class."""


@condition.command(help="评定运行状况;闲置须有依据,并满规则包规定的月数")
@_asset_argument
@code_option("--condition", "condition", _CONDITIONS, required=True)
@click.option("--note", type=TEXT, help="现场所见")
@write_options
def assess(entry: Entry, **values: object) -> None:
    """Assess how the asset runs."""
    from ledger.domain.upkeep import AssessCondition

    entry.record(AssessCondition, values)


@condition.command(help="把经营性资产列入某年度的四个一批;其他年度的分类不变")
@_asset_argument
@click.option("--year", type=YEAR, required=True, help="分类年度")
@code_option("--batch", "batch", _BATCHES, required=True)
@write_options
def classify(entry: Entry, **values: object) -> None:
    """Put the asset into one of the four batches."""
    from ledger.domain.upkeep import ClassifyBatch

    entry.record(ClassifyBatch, values)

"""``xianjie revival``: assets that stand, until a second person strikes their revival off."""

from __future__ import annotations

import click

from cli.help import Noun
from cli.params import DATE, TEXT, money_option
from cli.recording import Entry, write_options

__all__ = ["revival"]

_asset_argument = click.argument("asset", metavar="资产编号", type=TEXT)
_revival_option = click.option("--revival", type=TEXT, required=True, help="盘活编号,在这项资产之内不重复")


@click.group(cls=Noun, help="盘活:立项、申请销号、销号;未盘活的见 xianjie report idle")
def revival() -> None:
    """Reviving assets."""


@revival.command("open", help="为低效、闲置或停用的资产立项盘活")
@_asset_argument
@_revival_option
@click.option("--measure", type=TEXT, required=True, help="盘活措施")
@click.option("--by", "unit", type=TEXT, required=True, help="责任单位")
@click.option("--deadline", type=DATE, required=True, help="完成期限")
@write_options
def open_(entry: Entry, **values: object) -> None:
    """Open a plan."""
    from ledger.domain.revival import OpenRevival

    entry.record(OpenRevival, values)


@revival.command(help="责任单位申请销号,写明成效")
@_asset_argument
@_revival_option
@click.option("--result", type=TEXT, required=True, help="成效")
@money_option("--cost", "cost_fen", "盘活费用", required=False)
@write_options
def submit(entry: Entry, **values: object) -> None:
    """Hand the plan in as done."""
    from ledger.domain.revival import SubmitRevival

    entry.record(SubmitRevival, values)


@revival.command(help="核实后销号,须由申请人以外的人办理,并已重新评定运行状况")
@_asset_argument
@_revival_option
@click.option("--note", type=TEXT, help="核实情况")
@write_options
def close(entry: Entry, **values: object) -> None:
    """Strike the plan off."""
    from ledger.domain.revival import CloseRevival

    entry.record(CloseRevival, values)

"""``xianjie report``: rates of assets, by number and by value."""

from __future__ import annotations

import click

from cli.help import Verb
from cli.params import TEXT
from cli.reports.asking import Asked, answering, report_options
from cli.reports.rates import show_rates

__all__ = ["asset_rates"]


@click.command(cls=Verb, help="资产各率:登记、确权、颁证、移交、纳管、管护、闲置、盘活、公示、收益、到账,按数量和价值")
@click.option("--set", "rate_set", type=TEXT, help="比率组,默认 assets")
@report_options
def asset_rates(asked: Asked, rate_set: str | None) -> None:
    """Show the rates of assets."""
    from projections.reports.asset_rates import asset_rates as asset_rates_report

    with answering(asked) as (engine, question):
        answer = asset_rates_report(engine, question, rate_set)
    show_rates(asked, answer, "资产各率")

"""``xianjie report``: the figures, each with its definition, its rule, and the moment it stands on."""

from __future__ import annotations

from typing import Final

import click

from cli.help import LazyNoun

__all__ = ["report"]

_REPORTS: Final = {
    "share": ("cli.reports.share:share", "产业占比:安排到产业项目的资金占多少"),
    "rates": ("cli.reports.rates:rates", "四率等比率,定义见规则包"),
    "rights": ("cli.reports.rights:rights", "五权:每一项权利由哪类权利人持有"),
    "balance": ("cli.reports.balance:balance", "资金余额:每个批次到账、分解、安排、支付、未安排"),
}


@click.group(cls=LazyNoun, lazy=_REPORTS, help="报表:产业占比、四率、五权、资金余额")
def report() -> None:
    """Group the reports."""

"""``xianjie target``: the values that areas report of the indicators a target pack asks for."""

from __future__ import annotations

import click

from cli.help import Noun
from cli.params import TEXT
from cli.recording import Entry, write_options

__all__ = ["target"]


@click.group(cls=Noun, help="目标指标:填报(目标由规则包规定,完成情况见 report targets)")
def target() -> None:
    """Targets."""


@target.command(help="填报一个指标的数值;同一报告期再次填报须写 --reason")
@click.argument("indicator", metavar="指标")
@click.option("--area", type=TEXT, required=True, help="填报地区,六位代码")
@click.option("--period", type=TEXT, required=True, help="报告期:2022、2022Q1、2022H1、2022-03")
@click.option("--value", type=TEXT, required=True, help="数值,如 98.3")
@click.option("--unit", type=TEXT, help="单位,填写时须与目标一致")
@write_options
def report(entry: Entry, **values: object) -> None:
    """Report a value of an indicator."""
    from ledger.domain.reporting import ReportIndicator

    entry.record(ReportIndicator, values)

"""``xianjie figure``: figures that offices published, taken in as evidence."""

from __future__ import annotations

import click

from cli.help import Noun
from cli.params import DATE, TEXT, WHOLE, YEAR, code_option
from cli.recording import Entry, write_options
from ledger.characters import quoted
from ledger.errors import ValueRefusedError

__all__ = ["figure"]


@click.group(cls=Noun, help="公布数:登记公布的数,只作证据,不入账;对照见 report discrepancies")
def figure() -> None:
    """Figures as they were published."""


@figure.command(help="登记一个公布的数,照原件的数字和小数位,写明单位;--doc 写明出处,--date 为公布日期")
@click.argument("measure", metavar="指标")
@click.argument("value", metavar="公布数")
@click.option("--area", type=TEXT, required=True, help="地区,六位代码或名称")
@click.option("--as-of", "as_of", type=DATE, required=True, help="这个数截至哪一天")
@click.option("--year", type=YEAR, help="计划年度;存量(如资产)不填")
@click.option("--set", "rate_set", type=TEXT, help="比率组,如 kezhou-2021")
@click.option("--issuer", type=TEXT, help="公布单位")
@code_option("--channel", "channel", "渠道:政府网站、村公示栏 等")
@click.option("--cut-from", "cut_from", type=WHOLE, help="原件写明取自账本第几号的填写,按当时所知重算")
@write_options
def add(entry: Entry, measure: str, value: str, **values: object) -> None:
    """Take in one figure."""
    from ledger.domain.figure import ReportFigures, split_printed

    number, unit = split_printed(value)
    if unit is None:
        message = f"公布数{quoted(value)}没有写明单位"
        raise ValueRefusedError("figure.no_unit", message, hint="照原件写,如 97.93%、5.22亿元、142个", where="公布数")
    entry.record(ReportFigures, {**values, "figures": [{"measure": measure, "value": number, "unit": unit.value}]})

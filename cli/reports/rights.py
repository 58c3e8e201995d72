"""``xianjie report``: the split of the rights to assets."""

from __future__ import annotations

from typing import Any

import click

from cli.help import Verb
from cli.output import Table
from cli.params import TEXT
from cli.reports.asking import (
    Asked,
    answering,
    asset_report_options,
    percent_words,
    place_name,
    show_answer,
    title,
)
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["rights"]


@click.command(cls=Verb, help="五权:每一项权利由哪类权利人持有,按地区、村、类别、年度、资金来源分列")
@click.option("--holder", type=TEXT, help="只看一个权利人:编号")
@click.option("--asset", type=TEXT, help="只看一项资产:编号")
@asset_report_options
def rights(asked: Asked, holder: str | None, asset: str | None) -> None:
    """Show the split of the rights."""
    from projections.reports.rights import rights as rights_report

    with answering(asked) as (engine, question):
        answer = rights_report(engine, question, holder=holder, asset=asset)
    rows = [
        [
            row.part_name or place_name(row.place),
            row.right_name,
            row.holder_kind_name,
            str(row.assets),
            str(row.assets_touched),
            format_yuan(row.value_fen),
            percent_words(row.percent),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "权利", "权利人类别", ">资产数", ">涉及资产数", ">原值(元)", ">占原值")
    notes = ["监督权是覆盖面:一项资产有几类监督单位就分别计入,各行不相加"]
    below = [_holdings(answer.more["holdings"])] if holder or asset else []
    show_answer(asked, answer, Table(heads, rows, title("五权", answer), notes), *below)


def _holdings(found: Any) -> Table:  # noqa: ANN401 - what only this report has
    rows = [
        [
            each["asset"],
            each["asset_name"],
            each["right_name"],
            each["name"] or each["holder"] or code_name("status", each["status"]),
            code_name("kind", each["kind"]),
            f"{each['numerator']}/{each['denominator']}" if each["holder"] else "",
            format_yuan(each["value_fen"]),
            each["since"],
            each["due_on"] or "",
            each["document"],
        ]
        for each in found
    ]
    heads = ("资产编号", "资产", "权利", "权利人", "类别", ">份额", ">原值(元)", "自", "应明确期限", "文号")
    return Table(heads, rows, "逐项权利")

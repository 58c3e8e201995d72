"""``xianjie report``: where the money came from and how far it got."""

from __future__ import annotations

from typing import Final

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, place_name, report_options, show_answer, title
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["flow"]

_AMOUNTS: Final = {
    "arrived": ">到账",
    "distributed": ">分解下达",
    "recovered": ">收回",
    "unallocated": ">未安排",
    "allocated": ">安排",
    "unreleased": ">未核拨",
    "released": ">核拨",
    "unpaid": ">未支付",
    "paid": ">支付",
}


@click.command(cls=Verb, help="资金流向:来源、级次、方向、县区,直到支付")
@report_options
def flow(asked: Asked) -> None:
    """Show every stream of money in every county."""
    from projections.reports.flow import flow as flow_report

    with answering(asked) as (engine, question):
        answer = flow_report(engine, question)
    rows = [
        [
            place_name(row.place),
            *(
                code_name(field, getattr(row, field)) if getattr(row, field) else "全部"
                for field in ("fund_kind", "level", "direction")
            ),
            *(format_yuan(getattr(row, f"{name}_fen")) for name in _AMOUNTS),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "资金类别", "级次", "任务方向", *_AMOUNTS.values())
    notes = ["到账 = 分解下达 + 收回 + 未安排 + 安排;范围以内的分解不重复计算"]
    show_answer(asked, answer, Table(heads, rows, f"{title('资金流向', answer)}\n单位:元", notes))

"""``xianjie report``: how fast money was handed on, and how much of it in time."""

from __future__ import annotations

from typing import Any, Final

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, percent_words, report_options, show_answer, source_words, title
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["execution"]

_UNITS: Final = {"calendar": "日", "working": "个工作日"}
_SIDES: Final = {"handed_on": "arrived", "in_time": "due", "paid": "stayed"}
_SUM_HEADS: Final = (
    *(">分解和安排", ">到账", ">分配进度"),
    *(">按期分解和安排", ">已到期限", ">按期比例"),
    *(">支付", ">留用", ">支付进度"),
)


@click.command(cls=Verb, help="资金执行:分解和安排用了几天、是否按期、支付进度")
@report_options
def execution(asked: Asked) -> None:
    """Show the days, the shares in time and the progress of every tranche."""
    from projections.reports.execution import execution as execution_report

    with answering(asked) as (engine, question):
        answer = execution_report(engine, question)
    rows = [
        [
            row.tranche,
            row.place.area_name,
            code_name("level", row.level),
            row.arrived_on.isoformat(),
            *("" if days is None else str(days) for days in (row.days_to_distribution, row.days_to_allocation)),
            f"{row.due_on or ''}{'(暂定)' if row.due_provisional else ''}",
            *(percent_words(share) for share in (row.handed_on_percent, row.in_time_percent, row.paid_percent)),
        ]
        for row in answer.rows
    ]
    heads = (
        "批次",
        "地区",
        "级次",
        "首笔到账",
        ">分解天数",
        ">安排天数",
        "期限",
        ">分配进度",
        ">按期比例",
        ">支付进度",
    )
    used: Any = answer.more["deadlines"]
    notes = [
        f"{each['name']}:{each['days']} {_UNITS[each['unit']]}(出处:{source_words(each['source'])})" for each in used
    ]
    sums: Any = answer.more["levels"]
    by_level = [
        [
            f"{each['area_name']}{' 合计' if each['row'] == 'total' else ''}",
            code_name("level", each["level"]),
            *_sides(each),
        ]
        for each in sums
    ]
    words = [
        "分配进度 = (分解 + 安排) ÷ 到账;下达到下级的资金,在下级再计一次",
        "支付进度 = 支付 ÷ 留用(到账 - 分解 - 收回);按期比例只算期限已过的资金",
    ]
    below = Table(("范围", "级次", *_SUM_HEADS), by_level, "按级次汇总(单位:元)", words)
    show_answer(asked, answer, Table(heads, rows, title("资金执行", answer), notes), below)


def _sides(sums: dict[str, Any]) -> list[str]:
    cells: list[str] = []
    for numerator, denominator in _SIDES.items():
        amounts = (sums[f"{numerator}_fen"], sums[f"{denominator}_fen"])
        cells += [*map(format_yuan, amounts), percent_words(sums[f"{numerator}_percent"])]
    return cells

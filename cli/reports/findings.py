"""``xianjie report``: rectification of findings."""

from __future__ import annotations

from typing import Any

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, percent_words, place_name, report_options, show_answer, title
from cli.words import code_name

__all__ = ["findings"]


@click.command(cls=Verb, help="整改销号:问题总数、已销号、超期、反弹")
@report_options
def findings(asked: Asked) -> None:
    """Show the register of findings."""
    from projections.reports.findings import findings as findings_report

    with answering(asked) as (engine, question):
        answer = findings_report(engine, question)
    rows = [
        [
            place_name(row.place),
            "全部" if row.source is None else code_name("source", row.source),
            "全部" if row.kind is None else code_name("finding_kind", row.kind),
            "全部" if row.unit is None else row.unit,
            *(str(count) for count in (row.opened, row.closed, row.open, row.overdue, row.reopened)),
            percent_words(row.closed_percent),
            f"{row.closed_on_time}/{row.closed}",
            percent_words(row.on_time_percent),
        ]
        for row in answer.rows
    ]
    heads = (
        *("范围", "来源层级", "问题来源", "责任单位"),
        *(">问题数", ">已销号", ">未销号", ">超期", ">反弹", ">销号率", ">按期/已销号", ">按期率"),
    )
    listed: Any = answer.more["findings"]
    open_ones = [
        [
            each["finding"],
            each["title"],
            each["unit"],
            each["state_name"],
            each["deadline"],
            f"超期 {each['days_overdue']} 天" if each["days_overdue"] else "",
        ]
        for each in sorted(listed, key=lambda each: (-each["days_overdue"], each["finding"]))
        if each["state"] != "closed"
    ]
    below = Table(("问题编号", "问题", "责任单位", "状态", "整改期限", "超期"), open_ones, "未销号的问题")
    show_answer(asked, answer, Table(heads, rows, title("整改销号", answer)), below)

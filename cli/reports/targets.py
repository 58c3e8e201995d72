"""``xianjie report``: indicators against their targets."""

from __future__ import annotations

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, place_name, report_options, show_answer, title

__all__ = ["targets"]

_DIRECTIONS = {"at_least": "不低于", "at_most": "不高于"}
_STATES = {
    "met": "达到",
    "missed": "未达到",
    "not_due": "未到期",
    "unreported": "未填报",
    "not_judged": "计入合计",
}


@click.command(cls=Verb, help="目标任务:各项指标的目标与填报值")
@report_options
def targets(asked: Asked) -> None:
    """Show every indicator with its target and the latest value."""
    from projections.reports.targets import targets as targets_report

    with answering(asked) as (engine, question):
        answer = targets_report(engine, question)
    rows = [
        [
            place_name(row.place),
            row.name,
            f"{_DIRECTIONS[row.direction]} {row.target}",
            "—" if row.value is None else row.value + (f"({row.areas} 县合计)" if row.value_of == "sum" else ""),
            row.unit,
            row.difference or "",
            row.period or "",
            row.due_on,
            _STATES[row.state],
        ]
        for row in answer.rows
    ]
    heads = ("范围", "指标", "目标", ">填报值", "单位", ">相差", "报告期", "期限", "结论")
    notes = [f"出处:{source}" for source in dict.fromkeys(row.source for row in answer.rows)]
    if not rows:
        notes = ["没有采用目标任务规则包;采用:xianjie rule adopt 文件"]
    show_answer(asked, answer, Table(heads, rows, title("目标任务", answer), notes))

"""``xianjie report``: performance of projects."""

from __future__ import annotations

from typing import Any

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, percent_words, place_name, report_options, show_answer, title

__all__ = ["performance"]

_TRACK = {True: "正常", False: "偏离", None: "未监控"}


@click.command(cls=Verb, help="项目绩效:目标、监控、评价得分")
@report_options
def performance(asked: Asked) -> None:
    """Show which projects have targets, were monitored and evaluated."""
    from projections.reports.performance import performance as performance_report

    with answering(asked) as (engine, question):
        answer = performance_report(engine, question)
    rows = [
        [
            place_name(row.place),
            *(str(count) for count in (row.projects, row.with_goals)),
            percent_words(row.goals_percent),
            *(str(count) for count in (row.monitored, row.off_track, row.evaluated)),
            row.mean_score or "—",
        ]
        for row in answer.rows
    ]
    heads = ("范围", ">项目数", ">有绩效目标", ">占比", ">已监控", ">偏离目标", ">已评价", ">平均得分")
    listed: Any = answer.more["projects"]
    projects = [
        [
            each["project"],
            each["name"],
            each["stage_name"],
            "有" if each["has_goal"] else "无",
            _TRACK[each["on_track"]],
            _score(each["score_hundredths"]),
            each["grade"],
        ]
        for each in listed
    ]
    below = Table(
        ("项目编号", "名称", "阶段", "绩效目标", "监控", ">得分", "等次"),
        projects,
        "已评价、偏离目标或没有绩效目标的项目",
    )
    show_answer(asked, answer, Table(heads, rows, title("项目绩效", answer)), below)


def _score(hundredths: int | None) -> str:
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"

"""``xianjie report``: progress against time and dated targets."""

from __future__ import annotations

from typing import Any, Final

import click

from cli.help import Verb
from cli.output import Table
from cli.params import TEXT
from cli.reports.asking import (
    Asked,
    answering,
    of_total,
    percent_words,
    place_name,
    report_options,
    show_answer,
    source_words,
    title,
)
from ledger.money import format_yuan

__all__ = ["progress"]

_STATES: Final = {"met": "达到", "missed": "未达到", "not_due": "未到期", None: "—"}


@click.command(cls=Verb, help="进度:对照序时进度和限期目标,列出未按期和停滞的项目")
@click.option("--set", "rate_set", type=TEXT, help="比率组,默认为规则包的默认组")
@report_options
def progress(asked: Asked, rate_set: str | None) -> None:
    """Show progress against time, and the projects that hold it up."""
    from projections.reports.progress import progress as progress_report

    with answering(asked) as (engine, question):
        answer = progress_report(engine, question, rate_set)
    rows = [
        [
            place_name(row.place),
            row.name,
            _counted(row.numerator, row.unit),
            _counted(row.denominator, row.unit) + of_total(row.denominator_of),
            percent_words(row.percent),
            "" if row.months is None else f"{percent_words(row.time_percent)}({row.months}/12)",
            "" if row.ahead_points is None else f"{row.ahead_points} 个百分点",
        ]
        for row in answer.rows
    ]
    heads = ("范围", "比率", ">分子", ">分母", ">比率值", ">序时进度", ">超序时进度")
    tables = [_milestones(answer.more["milestones"]), _late(answer.more["late"])]
    stalled = _stalled(answer.more["stalled"], answer.more["stalled_days"])
    show_answer(asked, answer, Table(heads, rows, title("进度", answer)), *tables, stalled)


def _counted(number: int, unit: str) -> str:
    return format_yuan(number) if unit == "fen" else str(number)


def _milestones(found: Any) -> Table:  # noqa: ANN401 - what only this report has
    rows = [
        [
            each["area_name"],
            each["name"],
            each["by"],
            f"{each['target_percent']}%",
            f"{_counted(each['numerator'], each['unit'])}/{_counted(each['denominator'], each['unit'])}",
            percent_words(each["percent"]),
            _STATES[each["state"]],
        ]
        for each in found
    ]
    sources = [f"出处:{source_words(source)}" for source in dict.fromkeys(each["source"] for each in found)]
    return Table(("地区", "比率", "期限", ">目标", ">届时", ">比率值", "结论"), rows, "限期目标", sources)


def _late(found: Any) -> Table:  # noqa: ANN401 - what only this report has
    rows = [
        [
            each["project"],
            each["name"],
            each["due_on"],
            f"{each['days_late']} 天",
            format_yuan(each["allocated_fen"]),
            format_yuan(each["paid_fen"]),
        ]
        for each in found
    ]
    return Table(("项目编号", "名称", "期限", ">超期", ">安排(元)", ">支付(元)"), rows, "未按期的项目(R4)")


def _stalled(found: Any, rule: Any) -> Table:  # noqa: ANN401 - what only this report has
    rows = [
        [
            each["project"],
            each["name"],
            each["stage_name"],
            each["last_on"],
            f"{each['days']} 天",
            format_yuan(each["allocated_fen"]),
            format_yuan(each["paid_fen"]),
        ]
        for each in found
    ]
    notes = ["规则包未规定停滞天数"]
    if rule:
        none = "" if rows else "没有项目"
        notes = [f"{none}超过 {rule['value']} 天没有进展;出处:{source_words(rule['source'])}"]
    heads = ("项目编号", "名称", "阶段", "最近进展", ">至今", ">安排(元)", ">支付(元)")
    return Table(heads, rows, "停滞的项目(R5)", notes)

"""``xianjie report``: the quarterly report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.help import Verb
from cli.output import Table
from cli.params import Choice
from cli.reports.asking import Asked, answering, percent_words, place_name, report_options, show_answer, title
from cli.words import code_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from projections.reports.quarterly import QuarterlyRow
    from projections.scope import Answer

__all__ = ["quarterly"]

_QUARTERS: Final = {"1": "一季度", "2": "二季度", "3": "三季度", "4": "四季度"}
_MONEY: Final = {
    "issued_fen": ">下达",
    "distributed_fen": ">分解",
    "arrived_fen": ">到账",
    "allocated_fen": ">安排",
    "released_fen": ">核拨",
    "paid_fen": ">支付",
    "reimbursed_fen": ">报账",
}
_STAGES: Final = ("reserve", "started", "in_progress", "suspended", "completed")


@click.command(cls=Verb, help="季度报告:资金、占比、四率、项目、资产、整改、报送")
@click.option("--quarter", type=Choice(_QUARTERS), help="季度:1 至 4;不填时为 --as-of 所在季度")
@report_options
def quarterly(asked: Asked, quarter: str | None) -> None:
    """Show the report of a quarter."""
    from projections.reports.quarterly import quarterly as quarterly_report

    with answering(asked) as (engine, question):
        answer = quarterly_report(engine, question, int(quarter) if quarter else None)
    show_answer(asked, answer, *_money(answer), _shares(answer), _counts(answer), _submissions(answer))


def _money(answer: Answer[QuarterlyRow]) -> list[Table]:
    levels: Any = answer.more["levels"]
    rows = [[place_name(row.place), *(format_yuan(getattr(row, name)) for name in _MONEY)] for row in answer.rows]
    by_level = [
        [
            code_name("fund_kind", each["fund_kind"]),
            code_name("level", each["level"]),
            *(format_yuan(each[name]) for name in _MONEY),
        ]
        for each in levels
    ]
    heading = title(f"{answer.more['quarter']} 季度报告", answer)
    return [
        Table(("范围", *_MONEY.values()), rows, f"{heading}\n资金(单位:元)"),
        Table(("资金类别", "级次", *_MONEY.values()), by_level, "资金按级次(单位:元)"),
    ]


def _shares(answer: Answer[QuarterlyRow]) -> Table:
    rows: list[list[str]] = []
    for row in answer.rows:
        share: Any = row.share
        sides = f"{format_yuan(share['numerator_fen'])}/{format_yuan(share['denominator_fen'])}"
        met = {True: "达标", False: "未达标", None: ""}[share["met"]]
        met += f"(目标 {share['threshold_percent']}%)" if met else ""
        rows.append([place_name(row.place), f"产业占比 {share['pair']}", sides, percent_words(share["percent"]), met])
        each: Any
        for each in row.rates:
            shown = [
                format_yuan(n) if each["unit"] == "fen" else str(n) for n in (each["numerator"], each["denominator"])
            ]
            rows.append([place_name(row.place), each["name"], "/".join(shown), percent_words(each["percent"]), ""])
    sources = dict.fromkeys(row.share["threshold_source"] for row in answer.rows if row.share["threshold_source"])
    notes = [f"目标出处:{source}" for source in sources]
    return Table(("范围", "比率", ">分子/分母", ">比率值", "结论"), rows, "占比和比率", notes)


def _counts(answer: Answer[QuarterlyRow]) -> Table:
    names: Any = answer.more["stages"]
    rows = [
        [
            place_name(row.place),
            *(str(row.pipeline[stage]) for stage in _STAGES),
            *(str(count) for count in (row.assets_identified, row.assets_confirmed, row.assets_handed_over)),
            *(str(count) for count in (row.findings_open, row.findings_overdue, row.findings_closed)),
        ]
        for row in answer.rows
    ]
    stages = [f">{names[stage]}" for stage in _STAGES]
    heads = ("范围", *stages, ">资产登记", ">确权", ">移交", ">问题未销号", ">其中超期", ">本年销号")
    return Table(heads, rows, "项目、资产、整改(项目和资产为计划年度数)")


def _submissions(answer: Answer[QuarterlyRow]) -> Table:
    words = {"on_time": "按时", "late": "迟报", "missing": "未报", "not_due": "未到期", None: "未规定期限"}
    rows = [
        [
            place_name(row.place),
            row.submitted_on or "",
            words[row.submission] + (f" {row.days_late} 天" if row.days_late else ""),
        ]
        for row in answer.rows
        if row.place.row == "total" or row.place.area != answer.scope.area
    ]
    return Table(("范围", "报送日期", "结论"), rows, f"报送(期限 {answer.more['due_on'] or '未规定'})")

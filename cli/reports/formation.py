"""``xianjie report``: from money to assets."""

from __future__ import annotations

from typing import Any, Final

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import (
    Asked,
    answering,
    percent_words,
    place_name,
    report_options,
    show_answer,
    source_words,
    title,
)
from cli.words import NO_ASSET
from ledger.money import format_yuan

__all__ = ["formation"]

_OUTCOMES: Final[dict[str | None, str]] = {
    None: "全部",
    "formed": "已形成资产",
    **{why: f"不形成资产:{word}" for why, word in NO_ASSET.items()},
    "undecided": "未认定",
}


@click.command(cls=Verb, help="资产形成:验收项目花了多少钱、形成多少资产、哪些不形成资产、哪些还没有认定")
@report_options
def formation(asked: Asked) -> None:
    """Show what accepted projects formed."""
    from projections.reports.formation import formation as formation_report

    with answering(asked) as (engine, question):
        answer = formation_report(engine, question)
    rows = [
        [
            place_name(row.place),
            _OUTCOMES[row.outcome],
            str(row.projects),
            format_yuan(row.funded_fen),
            format_yuan(row.paid_fen),
            str(row.assets),
            format_yuan(row.formed_fen),
            percent_words(row.percent),
            "—" if row.overdue is None else str(row.overdue),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "结果", ">项目数", ">安排(元)", ">支付(元)", ">资产数", ">形成原值(元)", ">形成率", ">超期")
    notes = ["已验收、按规则应形成资产的项目;形成率:形成原值 ÷ 支付"]
    rule: Any = answer.more["registration_rule"]
    if rule:
        notes.append(f"超期(RF01):验收后满 {rule['days']} 天未登记;出处:{source_words(rule['source'])}")
    listed: Any = answer.more["undecided"]
    open_ones = [
        [
            each["project"],
            each["name"],
            each["accepted_on"],
            str(each["days"]),
            format_yuan(each["paid_fen"]),
            "超期" if each["overdue"] else "",
        ]
        for each in listed
    ]
    below = Table(("项目编号", "名称", "验收", ">天数", ">支付(元)", "结论"), open_ones, "未认定的项目(RF01)")
    show_answer(asked, answer, Table(heads, rows, title("资产形成", answer), notes), below)

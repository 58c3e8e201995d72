"""``xianjie report``: arrears to enterprises and workers."""

from __future__ import annotations

from typing import Any

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, percent_words, place_name, report_options, show_answer, title
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["arrears"]


@click.command(cls=Verb, help="两拖欠:拖欠企业和农民工的款项及清偿")
@report_options
def arrears(asked: Asked) -> None:
    """Show what is owed and what was settled."""
    from projections.reports.arrears import arrears as arrears_report

    with answering(asked) as (engine, question):
        answer = arrears_report(engine, question)
    rows = [
        [
            place_name(row.place),
            "全部" if row.creditor_kind is None else code_name("creditor_kind", row.creditor_kind),
            str(row.arrears),
            str(row.arrears_left),
            *(format_yuan(fen) for fen in (row.recorded_fen, row.settled_fen, row.left_fen)),
            percent_words(row.percent),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "债权人", ">笔数", ">未清笔数", ">拖欠(元)", ">已清偿(元)", ">未清偿(元)", ">清偿率")
    listed: Any = answer.more["arrears"]
    left = [
        [
            each["arrear"],
            each["project"],
            each["debtor"],
            code_name("creditor_kind", each["creditor_kind"]),
            format_yuan(each["left_fen"]),
            each["due_on"] or "",
            f"{each['days_overdue']} 天",
        ]
        for each in listed
        if each["left_fen"] > 0
    ]
    below = Table(
        ("拖欠编号", "项目编号", "欠款单位", "债权人", ">未清偿(元)", "应付期限", ">已拖欠"), left, "未清偿的拖欠"
    )
    show_answer(asked, answer, Table(heads, rows, title("两拖欠", answer)), below)

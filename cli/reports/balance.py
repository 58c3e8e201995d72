"""``xianjie report``: the balance of every tranche."""

from __future__ import annotations

from typing import Any

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, report_options, show_answer, title
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["balance"]


@click.command(cls=Verb, help="资金余额:每个批次到账、分解、安排、支付、未安排")
@report_options
def balance(asked: Asked) -> None:
    """Show the balance of every tranche, and plans against their money."""
    from projections.reports.balance import balance as balance_report

    with answering(asked) as (engine, question):
        answer = balance_report(engine, question)
    names = ("distributed", "recovered", "allocated", "released", "paid", "reimbursed", "unallocated")
    rows = [
        [
            row.tranche,
            row.place.area_name,
            str(row.year),
            code_name("level", row.level),
            format_yuan(row.issued_fen + row.received_fen + row.returned_fen),
            *(format_yuan(getattr(row, f"{name}_fen")) for name in names),
        ]
        for row in answer.rows
    ]
    heads = ("批次", "地区", "年度", "级次", ">到账", ">分解", ">收回", ">安排", ">核拨", ">支付", ">报账", ">未安排")
    plans: Any = answer.more["plans"]
    planned = [
        [
            f"{each['area_name']}({each['area']})",
            str(each["year"]),
            *(format_yuan(each[name]) for name in ("planned_fen", "arrived_fen", "over_fen")),
        ]
        for each in plans
    ]
    over = Table(("地区", "年度", ">计划投资", ">到账资金", ">计划超出资金"), planned, "计划与资金(单位:元)")
    show_answer(asked, answer, Table(heads, rows, f"{title('资金余额', answer)}\n单位:元"), over)

"""``xianjie report``: the use rate of the money for relocation follow-up."""

from __future__ import annotations

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import (
    Asked,
    answering,
    definitions,
    of_total,
    percent_words,
    place_name,
    report_options,
    show_answer,
    title,
)
from ledger.money import format_yuan

__all__ = ["relocation"]


@click.command(cls=Verb, help="易地搬迁后续扶持资金使用率")
@report_options
def relocation(asked: Asked) -> None:
    """Show both readings of the use rate."""
    from projections.reports.relocation import relocation as relocation_report

    with answering(asked) as (engine, question):
        answer = relocation_report(engine, question)
    rows = [
        [
            place_name(row.place),
            row.name,
            format_yuan(row.paid_fen),
            format_yuan(row.money_fen) + of_total(row.money_of),
            format_yuan(row.unused_fen),
            percent_words(row.percent),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "口径", ">支付(元)", ">到位或安排(元)", ">未使用(元)", ">使用率")
    show_answer(asked, answer, Table(heads, rows, title("后续扶持资金使用率", answer), definitions(answer, "name")))

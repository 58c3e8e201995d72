"""``xianjie report``: the industry share."""

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
    question_options,
    show_answer,
    title,
)
from ledger.money import format_yuan

__all__ = ["share"]


@click.command(cls=Verb, help="产业占比:安排到产业项目的资金占多少")
@question_options
def share(asked: Asked) -> None:
    """Show the industry share by every pair of numerator and denominator."""
    from projections.reports.share import share as share_report

    with answering(asked) as (engine, question):
        answer = share_report(engine, question)
    rows = [
        [
            place_name(row.place),
            f"{row.pair}{'(默认)' if row.default else ''}",
            format_yuan(row.numerator_fen),
            format_yuan(row.denominator_fen) + of_total(row.denominator_of),
            percent_words(row.percent),
            "" if row.threshold_percent is None else f"{'' if row.threshold_firm else '力争 '}{row.threshold_percent}%",
            {True: "达标", False: "未达标", None: ""}[row.met],
            "" if row.short_fen is None else format_yuan(row.short_fen),
            "" if row.unallocated_fen is None else format_yuan(row.unallocated_fen),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "口径", ">分子(元)", ">分母(元)", ">占比", ">目标", "结论", ">尚差(元)", ">未安排(元)")
    sources = dict.fromkeys(row.threshold_source for row in answer.rows if row.threshold_source)
    notes = [f"目标出处:{source}" for source in sources]
    show_answer(asked, answer, Table(heads, rows, title("产业占比", answer), [*definitions(answer, "pair"), *notes]))

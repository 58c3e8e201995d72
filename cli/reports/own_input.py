"""``xianjie report``: the city's and the counties' own money against the year before."""

from __future__ import annotations

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, place_name, report_options, show_answer, source_words, title
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["own_input"]


@click.command(cls=Verb, help="市县投入:本级资金与上年相比")
@report_options
def own_input(asked: Asked) -> None:
    """Show what city and counties gave of their own in two years."""
    from projections.reports.own_input import own_input as own_input_report

    with answering(asked) as (engine, question):
        answer = own_input_report(engine, question)
    rows = [
        [
            place_name(row.place),
            code_name("level", row.level),
            str(row.year),
            *(format_yuan(fen) for fen in (row.current_fen, row.previous_fen, row.change_fen)),
            {True: "不减", False: "低于上年", None: ""}[row.met],
        ]
        for row in answer.rows
    ]
    heads = ("范围", "级次", "年度", ">本年(元)", ">上年(元)", ">增减(元)", "结论")
    sources = dict.fromkeys(row.source for row in answer.rows if row.source)
    notes = [
        "本级投入:当地留用的本级衔接资金和常态化帮扶资金,扣除收回",
        *([] if answer.more["year_over"] else ["本年度尚未结束,低于上年不是最后结果"]),
        *(f"规则出处(R25):{source_words(source)}" for source in sources),
    ]
    show_answer(asked, answer, Table(heads, rows, title("市县投入", answer), notes))

"""``xianjie report``: the share of the key counties in the money."""

from __future__ import annotations

from typing import Final

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
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["tilt"]

_GRADES: Final = {"national": "国家重点帮扶县", "provincial": "省级重点帮扶县", "": "全部重点帮扶县"}


@click.command(cls=Verb, help="倾斜支持:重点帮扶县得到多少资金")
@report_options
def tilt(asked: Asked) -> None:
    """Show what share of the money reached the key counties."""
    from projections.reports.tilt import tilt as tilt_report

    with answering(asked) as (engine, question):
        answer = tilt_report(engine, question)
    rows = [
        [
            place_name(row.place) if row.place.row == "part" else "合计",
            _GRADES[row.grade],
            code_name("level", row.level) if row.level else "全部",
            format_yuan(row.numerator_fen),
            format_yuan(row.denominator_fen),
            percent_words(row.percent),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "类别", "级次", ">得到资金(元)", ">全区域资金(元)", ">占比")
    sources = dict.fromkeys(row.source for row in answer.rows if row.source)
    notes = ["资金:留在当地的各类资金,扣除收回", *(f"出处:{source_words(source)}" for source in sources)]
    show_answer(asked, answer, Table(heads, rows, title("倾斜支持", answer), notes))

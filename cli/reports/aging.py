"""``xianjie report``: idle money by age."""

from __future__ import annotations

from typing import Any, Final

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, report_options, show_answer, source_words, title
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["aging"]

_PIECES: Final = ("unallocated_fen", "unreleased_fen", "unpaid_fen", "idle_fen")
_HEADS: Final = (">未安排", ">已安排未核拨", ">已核拨未支付", ">滞留合计")


@click.command(cls=Verb, help="滞留资金:未安排、未核拨、未支付各有多久")
@report_options
def aging(asked: Asked) -> None:
    """Show the tranches that hold idle money, and the sums by age."""
    from projections.reports.aging import aging as aging_report

    with answering(asked) as (engine, question):
        answer = aging_report(engine, question)
    rows = [
        [
            row.tranche,
            row.place.area_name,
            str(row.year),
            code_name("level", row.level),
            row.arrived_on.isoformat(),
            str(row.days),
            *(format_yuan(getattr(row, piece)) for piece in _PIECES),
            "应收回" if row.recoverable else "",
        ]
        for row in answer.rows
    ]
    heads = ("批次", "地区", "年度", "级次", "首笔到账", ">天数", *_HEADS, "结论")
    rule: Any = answer.more["idle_rule"]
    notes = (
        [f"应收回(R6):预算年度结束满 {rule['years']} 年仍未支付;出处:{source_words(rule['source'])}"] if rule else []
    )
    sums: Any = answer.more["buckets"]
    by_age = [
        [
            f"{each['area_name']}{' 合计' if each['row'] == 'total' else ''}",
            f"{each['up_to_days']} 天以内" if each["up_to_days"] else "更久",
            str(each["tranches"]),
            *(format_yuan(each[piece]) for piece in _PIECES),
        ]
        for each in sums
        if each["tranches"]
    ]
    below = Table(("范围", "到账至今", ">批次数", *_HEADS), by_age, "按时间分段(单位:元)")
    show_answer(asked, answer, Table(heads, rows, f"{title('滞留资金', answer)}\n单位:元", notes), below)

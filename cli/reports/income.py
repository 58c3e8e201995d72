"""``xianjie report``: income of assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.help import Verb
from cli.named_codes import name_in
from cli.output import Table
from cli.reports.asking import Asked, answering, percent_words, place_name, report_options, show_answer, title
from ledger.money import format_yuan

if TYPE_CHECKING:
    from projections.reports.income import IncomeRow

__all__ = ["income"]

_SUMS: Final = ("gross_fen", "cost_fen", "net_fen", "planned_fen", "undistributed_fen", "paid_fen", "unpaid_fen")
_HEADS: Final = (">收益", ">成本", ">净收益", ">方案分配", ">未分配", ">已发放", ">未发放")
_MET: Final = {True: "达到", False: "未达到", None: ""}


@click.command(cls=Verb, help="资产收益:各账户各期间的收益、成本、分配和发放,最低比例是否达到,合同应收与实收")
@report_options
def income(asked: Asked) -> None:
    """Show the income accounts."""
    from projections.reports.income import income as income_report

    with answering(asked) as (engine, question):
        answer = income_report(engine, question)
    rows = [
        [
            place_name(row.place),
            "全部" if row.scheme is None else f"{row.scheme} {row.name}",
            row.period or "",
            *(format_yuan(getattr(row, name)) for name in _SUMS),
            "、".join(f"{name_in(answer.scope, 'cost', cost)} {format_yuan(fen)}" for cost, fen in row.costs.items()),
            _MET[row.floors_met],
        ]
        for row in answer.rows
    ]
    heads = ("范围", "收益账户", "期间", *_HEADS, "成本构成", "最低比例")
    shown = Table(heads, rows, f"{title('资产收益', answer)}\n单位:元", ["未编方案的期间,净收益全部列为未分配"])
    floors = Table(
        ("收益账户", "期间", "受益方", ">基数", ">至少", ">方案分配", ">占基数", ">已发放", "结论"),
        [line for row in answer.rows for line in _floors(row)],
        "最低比例(RF15,单位:元)",
    )
    collected: Any = answer.more["collection"]
    collection = Table(
        ("范围", ">年度", ">到期应收", ">已收", ">未收", ">到账率"),
        [
            [
                f"{each['area_name']}{' 合计' if each['row'] == 'total' else ''}",
                str(each["year"]),
                *(format_yuan(each[name]) for name in ("due_fen", "received_fen", "left_fen")),
                percent_words(each["percent"]),
            ]
            for each in collected
        ],
        "合同租金和收益:到期应收与实收(单位:元)",
        ["收款先抵最早到期的应收"],
    )
    show_answer(asked, answer, shown, *([floors] if floors.rows else []), collection)


def _floors(row: IncomeRow) -> list[list[str]]:
    floors: Any = row.floors
    return [
        [
            f"{row.scheme} {row.name}",
            row.period or "",
            each["name"],
            format_yuan(each["base_fen"]),
            f"{each['numerator']}/{each['denominator']}",
            format_yuan(each["planned_fen"]),
            percent_words(each["percent"]),
            format_yuan(each["paid_fen"]),
            _MET[each["met"]],
        ]
        for each in floors
    ]

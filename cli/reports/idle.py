"""``xianjie report``: unused assets and their revival."""

from __future__ import annotations

from typing import Any

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, place_name, report_options, show_answer, source_words, title
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["idle"]


@click.command(cls=Verb, help="闲置资产:低效、闲置、停用的资产有多久、值多少、盘活到哪一步、是否超期")
@report_options
def idle(asked: Asked) -> None:
    """Show the unused assets."""
    from projections.reports.idle import REVIVALS
    from projections.reports.idle import idle as idle_report

    with answering(asked) as (engine, question):
        answer = idle_report(engine, question)
    rows = [
        [
            place_name(row.place),
            "全部" if row.condition is None else code_name("condition", row.condition),
            str(row.assets),
            format_yuan(row.value_fen),
            str(row.planned),
            str(row.overdue),
            format_yuan(row.overdue_value_fen),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "运行状况", ">资产数", ">原值(元)", ">盘活中", ">超期", ">超期原值(元)")
    rule: Any = answer.more["idle_rule"]
    notes = ["天数自最近一次评定为在用之日起,没有的自登记之日起"]
    if rule:
        said = f"闲置满 {rule['months']} 个月未立项盘活,或盘活逾期"
        notes.append(f"超期(RF18):{said};出处:{source_words(rule['source'])}")
    listed: Any = answer.more["assets"]
    assets = [
        [
            each["asset"],
            each["name"],
            code_name("condition", each["condition"]),
            each["since"],
            str(each["days"]),
            format_yuan(each["value_fen"]),
            REVIVALS[each["revival_state"]],
            each["unit"],
            each["deadline"] or "",
            "超期" if each["overdue"] else "",
        ]
        for each in listed
    ]
    below = Table(
        ("资产编号", "名称", "运行状况", "自", ">天数", ">原值(元)", "盘活", "责任单位", "盘活期限", "结论"),
        assets,
        "闲置资产清单",
    )
    show_answer(asked, answer, Table(heads, rows, title("闲置资产", answer), notes), below)

"""``xianjie report``: upkeep that is due."""

from __future__ import annotations

from typing import Any

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, place_name, report_options, show_answer, source_words, title
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["upkeep_due"]


@click.command(cls=Verb, help="管护:未落实管护单位的公益性资产,本年应巡查和已巡查的次数")
@report_options
def upkeep_due(asked: Asked) -> None:
    """Show the upkeep that is due."""
    from projections.reports.upkeep_due import upkeep_due as upkeep_due_report

    with answering(asked) as (engine, question):
        answer = upkeep_due_report(engine, question)
    rows = [
        [
            place_name(row.place),
            *(str(number) for number in (row.assets, row.kept, row.unkept)),
            format_yuan(row.unkept_value_fen),
            *(str(number) for number in (row.visits_owed, row.visits_made, row.visits_missing)),
            "" if row.unrecorded is None else str(row.unrecorded),
        ]
        for row in answer.rows
    ]
    heads = (
        *("范围", ">应管护资产", ">已落实", ">未落实", ">未落实原值(元)"),
        *(">应巡查", ">已巡查", ">欠巡查", ">久无记录"),
    )
    rule: Any = answer.more["record_rule"]
    notes = ["应管护资产:公益性资产,以及其他已落实管护单位的资产;应巡查次数按本年已过天数折算"]
    if rule:
        notes.append(f"久无记录(RF20):{rule['months']} 个月没有管护记录;出处:{source_words(rule['source'])}")
    listed: Any = answer.more["assets"]
    wanting = [
        [
            each["asset"],
            each["name"],
            code_name("asset_class", each["asset_class"]),
            each["unit"] or "未落实",
            each["post"],
            f"{each['visits_made']}/{each['visits_owed']}" if each["times_per_year"] else "",
            each["last_on"] or "",
            "久无记录" if each["unrecorded"] else "",
        ]
        for each in listed
    ]
    below = Table(
        ("资产编号", "名称", "类别", "管护单位", "岗位", ">已巡查/应巡查", "最近记录", "问题"), wanting, "待办的管护"
    )
    show_answer(asked, answer, Table(heads, rows, title("管护", answer), notes), below)

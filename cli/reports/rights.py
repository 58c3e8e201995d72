"""``xianjie report``: the split of the five rights."""

from __future__ import annotations

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, percent_words, place_name, question_options, show_answer, title
from ledger.money import format_yuan

__all__ = ["rights"]


@click.command(cls=Verb, help="五权:每一项权利由哪类权利人持有")
@question_options
def rights(asked: Asked) -> None:
    """Show the split of the five rights."""
    from projections.reports.rights import rights as rights_report

    with answering(asked) as (engine, question):
        answer = rights_report(engine, question)
    rows = [
        [
            place_name(row.place),
            row.right_name,
            row.holder_kind_name,
            str(row.assets),
            str(row.assets_touched),
            format_yuan(row.value_fen),
            percent_words(row.percent),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "权利", "权利人类别", ">资产数", ">涉及资产数", ">原值(元)", ">占原值")
    notes = ["监督权是覆盖面:一项资产有几类监督单位就分别计入,各行不相加"]
    show_answer(asked, answer, Table(heads, rows, title("五权", answer), notes))

"""``xianjie report``: rates such as the four rates."""

from __future__ import annotations

from typing import Any, Final

import click

from cli.help import Verb
from cli.output import Table
from cli.params import TEXT
from cli.reports.asking import (
    Asked,
    answering,
    definitions,
    of_total,
    percent_words,
    place_name,
    question_options,
    show_answer,
    source_words,
    title,
)
from ledger.money import format_yuan

__all__ = ["rates"]

_UNITS: Final = {"projects": "个项目", "assets": "项资产", "fen": "元"}


@click.command(cls=Verb, help="四率等比率,定义见规则包")
@click.option("--set", "rate_set", type=TEXT, help="比率组:gz-silv-default(默认)、kezhou-2021、lifecycle 等")
@question_options
def rates(asked: Asked, rate_set: str | None) -> None:
    """Show the rates of a set."""
    from projections.reports.rates import rates as rates_report

    with answering(asked) as (engine, question):
        answer = rates_report(engine, question, rate_set)

    def counted(number: int, unit: str) -> str:
        return format_yuan(number) if unit == "fen" else str(number)

    rows = [
        [
            place_name(row.place),
            row.name,
            counted(row.numerator, row.unit),
            counted(row.denominator, row.unit) + of_total(row.denominator_of),
            _UNITS[row.unit],
            percent_words(row.percent),
        ]
        for row in answer.rows
    ]
    used: Any = answer.more["set"]
    heading = f"{title(str(used['name']), answer)}\n比率组:{used['id']};出处:{source_words(used['source'])}"
    heads = ("范围", "比率", ">分子", ">分母", "单位", ">比率值")
    show_answer(asked, answer, Table(heads, rows, heading, definitions(answer, "name")))

"""``xianjie report``: rates such as the four rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
    report_options,
    show_answer,
    source_words,
    title,
)
from ledger.money import format_yuan

if TYPE_CHECKING:
    from projections.reports.rates import RateRow
    from projections.scope import Answer

__all__ = ["rates", "show_rates"]

_UNITS: Final = {"projects": "个项目", "assets": "项资产", "fen": "元"}
_STATES: Final = {"met": "达标", "missed": "未达标", "not_due": "未到期", None: ""}


@click.command(cls=Verb, help="四率等比率,定义见规则包;有目标的写明到哪一天应达到多少")
@click.option("--set", "rate_set", type=TEXT, help="比率组:gz-silv-default(默认)、kezhou-2021、lifecycle 等;all 为全部")
@report_options
def rates(asked: Asked, rate_set: str | None) -> None:
    """Show the rates of a set, and what they had to reach."""
    from projections.reports.rates import rates as rates_report

    with answering(asked) as (engine, question):
        answer = rates_report(engine, question, rate_set)
    show_rates(asked, answer, "比率")


def show_rates(asked: Asked, answer: Answer[RateRow], name: str) -> None:
    """Show rates with both integers, their definitions, and their targets; ``name`` heads what has no set."""
    names = {each["id"]: str(each["name"]) for each in _sets(answer)}
    several = len(names) > 1
    rows = [
        [
            place_name(row.place),
            f"{names[row.set]}:{row.name}" if several else row.name,
            _counted(row.numerator, row.unit),
            _counted(row.denominator, row.unit) + of_total(row.denominator_of),
            _UNITS[row.unit],
            percent_words(row.percent),
        ]
        for row in answer.rows
    ]
    sources = [f"比率组:{each['id']};出处:{source_words(each['source'])}" for each in _sets(answer)]
    heading = "\n".join([title("全部比率" if several else next(iter(names.values()), name), answer), *sources])
    heads = ("范围", "比率", ">分子", ">分母", "单位", ">比率值")
    shown = Table(heads, rows, heading, definitions(answer, "name"))
    targets = _targets(answer)
    show_answer(asked, answer, shown, *([targets] if targets.rows else []))


def _sets(answer: Answer[RateRow]) -> list[dict[str, str]]:
    sets: Any = answer.more["sets"]
    found: list[dict[str, str]] = sets
    return found


def _targets(answer: Answer[RateRow]) -> Table:
    """Return the table of the targets: judged by their day once it has come, as things stand until then."""
    rows = [
        [
            place_name(row.place),
            row.name,
            each.by,
            f"{each.target_percent}%",
            _counted(each.numerator, row.unit),
            _counted(each.denominator, row.unit),
            percent_words(each.percent),
            _STATES[each.state],
        ]
        for row in answer.rows
        for each in row.targets
    ]
    sources = dict.fromkeys(each.source for row in answer.rows for each in row.targets)
    heads = ("范围", "比率", "期限", ">目标", ">分子", ">分母", ">比率值", "结论")
    notes = ["到期的按期限当天计算,未到期的按截至日计算", *(f"目标出处:{source_words(each)}" for each in sources)]
    return Table(heads, rows, "限期目标", notes)


def _counted(number: int, unit: str) -> str:
    return format_yuan(number) if unit == "fen" else str(number)

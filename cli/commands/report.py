"""``xianjie report``: the figures, each with its definition, its rule, and the moment it stands on."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, format_option, open_facts
from cli.help import Noun
from cli.output import Table, show
from cli.params import DATE, MOMENT, TEXT, YEAR, Choice
from cli.words import code_name
from ledger.money import format_yuan
from ledger.rules.model import ASSUMED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from sqlalchemy import Engine

    from projections.scope import Answer, By, Place, Question

__all__ = ["report"]

_BY: Final = {"area": "地区", "town": "乡镇", "type": "类型"}
_UNITS: Final = {"projects": "个项目", "assets": "项资产", "fen": "元"}


@dataclass(frozen=True, slots=True)
class _Asked:
    settings: Settings
    area: str | None
    year: int | None
    by: By
    as_of: date | None
    known_at: int | datetime | None


@click.group(cls=Noun, help="报表:产业占比、四率、五权、资金余额")
def report() -> None:
    """Group the reports."""


def _question_options(command: Callable[..., None]) -> Callable[..., None]:
    @click.option("--area", type=TEXT, help="省、市或县,六位代码,默认为账本所属地区")
    @click.option("--year", type=YEAR, help="计划年度;不填时占比和四率取 --as-of 所在年度,五权和余额取全部年度")
    @click.option("--by", type=Choice(_BY), default="area", help="按什么分列:area(地区,默认)、town(乡镇)、type(类型)")
    @click.option("--as-of", "as_of", type=DATE, help="截至哪一天发生的事,默认为今天")
    @click.option("--known-at", "known_at", type=MOMENT, help="账本当时所知:第几号记录,或某个时间;默认为现在")
    @format_option
    @click.pass_context
    def with_question(
        ctx: click.Context,
        /,
        *,
        area: str | None,
        year: int | None,
        by: By,
        as_of: date | None,
        known_at: int | datetime | None,
        **values: object,
    ) -> None:
        command(_Asked(ctx.ensure_object(Settings), area, year, by, as_of, known_at), **values)

    with_question.__name__, with_question.__doc__ = command.__name__, command.__doc__
    return with_question


@report.command(help="产业占比:安排到产业项目的资金占多少")
@_question_options
def share(asked: _Asked) -> None:
    """Show the industry share by every pair of numerator and denominator."""
    from projections.reports.share import share as share_report

    with _answering(asked) as (engine, question):
        answer = share_report(engine, question)
    rows = [
        [
            _place(row.place),
            f"{row.pair}{'(默认)' if row.default else ''}",
            format_yuan(row.numerator_fen),
            format_yuan(row.denominator_fen) + _of_total(row.denominator_of),
            _percent(row.percent),
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
    _show(asked, answer, Table(heads, rows, _title("产业占比", answer), [*_definitions(answer, "pair"), *notes]))


@report.command(help="四率等比率,定义见规则包")
@click.option("--set", "rate_set", type=TEXT, help="比率组:gz-silv-default(默认)、kezhou-2021、lifecycle 等")
@_question_options
def rates(asked: _Asked, rate_set: str | None) -> None:
    """Show the rates of a set."""
    from projections.reports.rates import rates as rates_report

    with _answering(asked) as (engine, question):
        answer = rates_report(engine, question, rate_set)

    def counted(number: int, unit: str) -> str:
        return format_yuan(number) if unit == "fen" else str(number)

    rows = [
        [
            _place(row.place),
            row.name,
            counted(row.numerator, row.unit),
            counted(row.denominator, row.unit) + _of_total(row.denominator_of),
            _UNITS[row.unit],
            _percent(row.percent),
        ]
        for row in answer.rows
    ]
    used: Any = answer.more["set"]
    title = f"{_title(str(used['name']), answer)}\n比率组:{used['id']};出处:{_source(used['source'])}"
    heads = ("范围", "比率", ">分子", ">分母", "单位", ">比率值")
    _show(asked, answer, Table(heads, rows, title, _definitions(answer, "name")))


@report.command(help="五权:每一项权利由哪类权利人持有")
@_question_options
def rights(asked: _Asked) -> None:
    """Show the split of the five rights."""
    from projections.reports.rights import rights as rights_report

    with _answering(asked) as (engine, question):
        answer = rights_report(engine, question)
    rows = [
        [
            _place(row.place),
            row.right_name,
            row.holder_kind_name,
            str(row.assets),
            str(row.assets_touched),
            format_yuan(row.value_fen),
            _percent(row.percent),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "权利", "权利人类别", ">资产数", ">涉及资产数", ">原值(元)", ">占原值")
    notes = ["监督权是覆盖面:一项资产有几类监督单位就分别计入,各行不相加"]
    _show(asked, answer, Table(heads, rows, _title("五权", answer), notes))


@report.command(help="资金余额:每个批次到账、分解、安排、支付、未安排")
@_question_options
def balance(asked: _Asked) -> None:
    """Show the balance of every tranche, and plans against their money."""
    from projections.reports.balance import balance as balance_report

    with _answering(asked) as (engine, question):
        answer = balance_report(engine, question)
    names = ("distributed", "recovered", "allocated", "released", "paid", "reimbursed", "unallocated")
    rows = [
        [
            row.tranche,
            row.place.area_name,
            str(row.year),
            code_name("level", row.level),
            format_yuan(row.issued_fen + row.received_fen + row.returned_fen),
            *(format_yuan(getattr(row, f"{name}_fen")) for name in names),
        ]
        for row in answer.rows
    ]
    heads = ("批次", "地区", "年度", "级次", ">到账", ">分解", ">收回", ">安排", ">核拨", ">支付", ">报账", ">未安排")
    plans: Any = answer.more["plans"]
    planned = [
        [
            f"{each['area_name']}({each['area']})",
            str(each["year"]),
            *(format_yuan(each[name]) for name in ("planned_fen", "arrived_fen", "over_fen")),
        ]
        for each in plans
    ]
    over = Table(("地区", "年度", ">计划投资", ">到账资金", ">计划超出资金"), planned, "计划与资金(单位:元)")
    _show(asked, answer, Table(heads, rows, f"{_title('资金余额', answer)}\n单位:元"), over)


@contextmanager
def _answering(asked: _Asked) -> Iterator[tuple[Engine, Question]]:
    from projections.scope import Question, home_area

    with open_facts(asked.settings) as engine:
        area = asked.area or home_area(engine) or ""
        yield engine, Question(area, asked.year, asked.by, asked.as_of, asked.known_at)


def _show(asked: _Asked, answer: Answer[Any], *tables: Table) -> None:
    show(asked.settings.format, answer.as_json(), *tables)


def _title(name: str, answer: Answer[Any]) -> str:
    scope, pack = answer.scope, answer.scope.pack
    year = f"{scope.year} 年度" if scope.year is not None else ""
    stands_on = f"截至 {scope.as_of},账本第 {scope.position} 号"
    rule = f";规则包 {pack.pack} {pack.version}" if pack else ""
    return f"{name} {scope.name(scope.area)} {year}({stands_on}{rule})".replace("  ", " ").replace(" (", "(")


def _definitions(answer: Answer[Any], label: str) -> list[str]:
    found: Any = answer.more["definitions"]
    return [
        f"{each[label]}:{each['numerator']['name']} ÷ {each['denominator']['name']}(出处:{_source(each['source'])})"
        for each in found
    ]


def _source(source: str) -> str:
    """Return a source as people read it; a rule that no document states says so."""
    if not source.startswith(ASSUMED):
        return source
    at = source.find("(")
    return "暂定,未见文件规定" + (source[at:] if at > 0 else "")


def _place(place: Place) -> str:
    if place.row == "total":
        return f"{place.area_name} 合计"
    return place.town_name or place.type_name or place.area_name


def _percent(value: str | None) -> str:
    return "—" if value is None else f"{value}%"


def _of_total(denominator_of: str) -> str:
    return "(全区域)" if denominator_of == "total" else ""

"""What every report on the command line shares: the question's options, the facts it is put to, words of the answer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, format_option, open_facts, output_options
from cli.output import Table, show
from cli.params import DATE, MOMENT, TEXT, YEAR, Choice
from ledger.money import format_yuan
from ledger.rules.model import ASSUMED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from sqlalchemy import Engine

    from projections.scope import Answer, By, Place, Question

__all__ = [
    "Asked",
    "answering",
    "asset_report_options",
    "definitions",
    "flag_report_options",
    "of_total",
    "percent_words",
    "place_name",
    "question_options",
    "report_options",
    "show_answer",
    "source_words",
    "title",
]

_BY: Final = {"area": "地区", "town": "乡镇", "type": "类型"}
_ASSETS_BY: Final = {
    "area": "地区",
    "town": "乡镇",
    "village": "村",
    "class": "类别",
    "type": "同 class",
    "year": "形成年度",
    "source": "资金来源",
}
_FLAGS_BY: Final = {"area": "地区", "id": "疑点", "town": "乡镇"}
_CLASS_BY: Final = {"class": "type"}  # what a project's type is to projects, its class is to assets


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report command was asked on the command line."""

    settings: Settings
    area: str | None
    year: int | None
    by: By
    as_of: date | None
    known_at: int | datetime | None


def question_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--area --year --by --as-of --known-at -f``; the command is called with an ``Asked`` first."""
    return _asking(command, _BY)


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a question, and ``-o`` and ``--unit`` for its answer."""
    return output_options(question_options(command))


def asset_report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the same, with every way in which assets can be broken down."""
    return output_options(_asking(command, _ASSETS_BY))


def flag_report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the same, with the ways in which red flags are counted."""
    return output_options(_asking(command, _FLAGS_BY))


def _asking(command: Callable[..., None], breakdowns: dict[str, str]) -> Callable[..., None]:
    named = "、".join(f"{by}({name})" for by, name in breakdowns.items())

    @click.option("--area", type=TEXT, help="省、市或县,六位代码,默认为账本所属地区")
    @click.option("--year", type=YEAR, help="计划年度;不填时取 --as-of 所在年度,五权、余额等存量报表取全部年度")
    @click.option("--by", type=Choice(breakdowns), default="area", help=f"按什么分列,默认 area:{named}")
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
        by: str,
        as_of: date | None,
        known_at: int | datetime | None,
        **values: object,
    ) -> None:
        chosen: Any = _CLASS_BY.get(by, by)
        command(Asked(ctx.ensure_object(Settings), area, year, chosen, as_of, known_at), **values)

    with_question.__name__, with_question.__doc__ = command.__name__, command.__doc__
    return with_question


@contextmanager
def answering(asked: Asked) -> Iterator[tuple[Engine, Question]]:
    """Open the facts, brought up to date, and put the question to them. Raises LedgerError."""
    from projections.scope import Question, home_area

    with open_facts(asked.settings) as engine:
        area = asked.area or home_area(engine) or ""
        yield engine, Question(area, asked.year, asked.by, asked.as_of, asked.known_at)


def show_answer(asked: Asked, answer: Answer[Any], *tables: Table) -> None:
    """Print the answer as tables with the remarks that every report owes its reader, or its JSON or CSV."""
    *before, last = tables
    nothing = [] if last.rows or last.notes else ["(没有)"]
    noted = replace(last, notes=[*last.notes, *nothing, *_remarks(answer)])
    show(asked.settings.format, answer.as_json(), *before, noted)


def _remarks(answer: Answer[Any]) -> list[str]:
    pending = answer.scope.pending
    trial = ["试用账本:一人记账,没有签名和双人复核"] if answer.scope.mode == "trial" else []
    waiting = f"另有 {pending.proposals} 项待批准,{format_yuan(pending.total_fen)} 元,未计入"
    return [*trial, *([waiting] if pending.proposals else [])]


def title(name: str, answer: Answer[Any]) -> str:
    """Return the title: report, area, year, and the moment and rules it stands on."""
    scope, pack = answer.scope, answer.scope.pack
    year = f"{scope.year} 年度" if scope.year is not None else ""
    stands_on = f"截至 {scope.as_of},账本第 {scope.position} 号"
    rule = f";规则包 {pack.pack} {pack.version}" if pack else ""
    return f"{name} {scope.name(scope.area)} {year}({stands_on}{rule})".replace("  ", " ").replace(" (", "(")


def definitions(answer: Answer[Any], label: str) -> list[str]:
    """Return one line for each quotient: numerator, denominator, source."""
    found: Any = answer.more["definitions"]
    return [
        f"{each[label]}:{each['numerator']['name']} ÷ {each['denominator']['name']}"
        f"(出处:{source_words(each['source'])})"
        for each in found
    ]


def source_words(source: str) -> str:
    """Return a source as people read it; a rule that no document states says so."""
    if not source.startswith(ASSUMED):
        return source
    at = source.find("(")
    return "暂定,未见文件规定" + (source[at:] if at > 0 else "")


def place_name(place: Place) -> str:
    """Return which part of the area a row is about, as people read it."""
    if place.row == "total":
        return f"{place.area_name} 合计"
    return place.town_name or place.type_name or place.area_name


def percent_words(value: str | None) -> str:
    """Return a percentage as people read it; a dash where the denominator is zero."""
    return "—" if value is None else f"{value}%"


def of_total(denominator_of: str) -> str:
    """Say so where a denominator is the whole area's."""
    return "(全区域)" if denominator_of == "total" else ""

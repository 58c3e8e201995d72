"""``xianjie audit diff``: what changed between two days, or what the ledger learned between two moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import click

from cli.audit.entries import amount_or_count
from cli.context import Settings, answer_options, open_facts, with_settings
from cli.help import Verb
from cli.output import Table, fields_table, show
from cli.params import DATE, DAY_OR_MOMENT, MOMENT, TEXT, YEAR
from cli.words import beijing, topic_name
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from projections.difference import ChangedFigure, LateEntry, Moment
    from projections.scope import Question, Scope

__all__ = ["diff"]

_MOST: Final = 1_000
_SHOWN: Final = 12


@click.command(cls=Verb, help="比较两个时点:两个日期之间发生了什么,或两个记账时点之间账本得知了什么(含迟记、补记)")
@click.option("--from", "first", type=DAY_OR_MOMENT, required=True, help="前一时点:日期(业务日期),或序号、时间(记账)")
@click.option("--to", "last", type=DAY_OR_MOMENT, required=True, help="后一时点,与 --from 同类")
@click.option("--report", "reports", type=TEXT, multiple=True, help="只比较这些报表,可重复;默认全部")
@click.option("--area", type=TEXT, help="哪个地区,默认为账本所属地区")
@click.option("--year", type=YEAR, help="计划年度,默认为后一时点所在年度")
@click.option("--as-of", "as_of", type=DATE, help="比较两个记账时点时:报表截至哪一天,默认为今天")
@click.option("--known-at", "known_at", type=MOMENT, help="比较两个日期时:账本当时所知,默认为现在")
@answer_options
@with_settings
def diff(
    settings: Settings,
    *,
    first: date | datetime | int,
    last: date | datetime | int,
    reports: tuple[str, ...],
    area: str | None,
    year: int | None,
    as_of: date | None,
    known_at: int | datetime | None,
) -> None:
    """Compare two moments."""
    from projections.catalogue import REPORTS, report_named
    from projections.difference import changed_figures
    from projections.scope import Question, home_area, open_scope

    by_day = _is_day(first)
    if by_day != _is_day(last):
        raise ValueRefusedError(
            "diff.mixed", "--from 和 --to 必须同是日期,或同是记账的序号、时间", hint="如 2022-03-31 与 2022-06-30"
        )
    for name in reports:
        report_named(name)
    names = [name.replace("-", "_") for name in reports] or REPORTS
    with open_facts(settings) as engine:
        question = Question(area or home_area(engine) or "", year, as_of=as_of, known_at=known_at)
        if isinstance(last, int | datetime):
            question = replace(question, known_at=last)
        else:
            question = replace(question, as_of=last)
        with open_scope(engine, question) as opened:
            scope = opened if year else replace(opened, year=opened.as_of.year)
            start, moments = _days(scope, first) if by_day else _positions(scope, question, first)
            late = [] if by_day else _late(start, scope)
            changed = list(changed_figures(names, question, start, moments))
    _show(settings, (start, scope), late, changed, by_day=by_day)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _days(scope: Scope, first: Any) -> tuple[Scope, list[Moment]]:  # noqa: ANN401 - a day, as the option read it
    """Return the scope at the first day, and one for each later day on which anything happened."""
    from projections.difference import Moment, events_by_day

    if first > scope.as_of:
        raise _backwards()
    days = events_by_day(scope, first)
    return replace(scope, as_of=first), [
        Moment(replace(scope, as_of=day), positions) for day, positions in [*days, (scope.as_of, ())]
    ]


def _positions(scope: Scope, question: Question, first: Any) -> tuple[Scope, list[Moment]]:  # noqa: ANN401 - as above
    """Return the scope at the first position, and one for each later one: all of them, or where batches end."""
    from ledger.dates import to_utc_text
    from ledger.log.reading import batch_ends, position_at
    from projections.difference import Moment
    from projections.scope import scope_over

    at = position_at(scope.connection, to_utc_text(first)) if isinstance(first, datetime) else int(first)
    if at > scope.position:
        raise _backwards()

    def known(position: int) -> Scope:
        return replace(scope_over(scope.connection, question, position, ""), year=scope.year)

    ends = [at, *range(at + 1, scope.position + 1)]
    if len(ends) > _MOST:
        ends = [at, *batch_ends(scope.connection, at, scope.position)]
    if ends[-1] != scope.position:
        ends.append(scope.position)
    moments = [Moment(known(end), tuple(range(before + 1, end + 1))) for before, end in pairwise(ends)]
    return known(at), moments


def _backwards() -> ValueRefusedError:
    return ValueRefusedError("diff.backwards", "--from 晚于 --to", hint="请把较早的时点写在 --from")


def _late(start: Scope, scope: Scope) -> list[LateEntry]:
    from ledger.dates import today
    from ledger.log.reading import batch_of
    from projections.difference import day_of, late_entries

    day = day_of(batch_of(scope.connection, start.position).recorded_at) if start.position else today()
    return list(late_entries(scope.connection, start.position, scope.position, min(day, scope.as_of)))


def _show(
    settings: Settings,
    ends: tuple[Scope, Scope],
    late: list[LateEntry],
    changed: list[ChangedFigure],
    *,
    by_day: bool,
) -> None:
    start, end = ends
    data = {
        "kind": "days" if by_day else "known_at",
        "from": {"as_of": start.as_of.isoformat(), "position": start.position},
        "to": {"as_of": end.as_of.isoformat(), "position": end.position},
        "late": [
            {
                "position": each.row.position,
                "effective_on": each.effective_on.isoformat(),
                "recorded_at": each.row.recorded_at,
                "topic": each.row.topic,
                "stream": each.row.stream,
                "correction": each.correction,
            }
            for each in late
        ],
        "changed": [_changed_json(each) for each in changed],
    }
    about = [
        ("从", f"截至 {start.as_of},账本第 {start.position} 号"),
        ("到", f"截至 {end.as_of},账本第 {end.position} 号"),
        ("迟记和更正", "" if by_day else f"{len(late)} 条"),
        ("有变动的数", f"{len(changed)} 个"),
    ]
    tables = [fields_table("比较", about)]
    if not by_day:
        tables.append(_late_table(late))
    tables.append(_changed_table(changed))
    show(settings.format, data, *(tables[::-1] if settings.format == "csv" else tables))


def _changed_json(each: ChangedFigure) -> dict[str, Any]:
    return {
        "report": each.report,
        "table": each.address.table,
        "keys": dict(each.address.keys),
        "column": each.address.column,
        "before": each.before,
        "after": each.after,
        "steps": [{"positions": list(step.positions), "change": step.change} for step in each.steps],
    }


def _late_table(late: list[LateEntry]) -> Table:
    rows = [
        [
            str(each.row.position),
            each.effective_on.isoformat(),
            beijing(each.row.recorded_at),
            topic_name(each.row.topic),
            each.row.stream,
            "更正" if each.correction else "迟记",
        ]
        for each in late
    ]
    heads = ("序号", "业务日期", "记账时间", "事项", "对象", "性质")
    return Table(heads, rows, "迟记和更正:前一时点以后才记,说的却是那天或更早的事")


def _changed_table(changed: list[ChangedFigure]) -> Table:
    rows = []
    for each in changed:
        column = each.address.column
        positions = [position for step in each.steps for position in step.positions]
        shown = "、".join(map(str, positions[:_SHOWN])) + (
            f" 等 {len(positions)} 条" if len(positions) > _SHOWN else ""
        )
        rows.append(
            [
                each.report.replace("_", "-"),
                " ".join(value for _, value in each.address.keys if value),
                column,
                amount_or_count(column, each.before),
                amount_or_count(column, each.after),
                amount_or_count(column, each.after - each.before),
                shown,
            ]
        )
    return Table(("报表", "行", "列", ">前", ">后", ">变动", "记录序号"), rows, "有变动的数")

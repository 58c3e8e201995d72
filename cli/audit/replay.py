"""``xianjie audit replay``: the facts once more from verified bytes, and the reports on both."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from cli.context import Settings, answer_options, open_facts, with_settings
from cli.help import Verb
from cli.output import Table, fields_table, show
from cli.params import DATE, MOMENT, TEXT, YEAR
from cli.progress import progress
from ledger.errors import TamperedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from sqlalchemy import Engine

    from projections.replay import Replayed
    from projections.side_by_side import Start

__all__ = ["replay"]

_SHOWN: Final = 50
_LONG: Final = 20_000
"""Events from which on more processes gain more than starting them costs."""


@click.command(cls=Verb, help="重放:先核验字节,再由流水重建报表数据,与所存数据和各张报表逐一比对;不一致时退出码为 5")
@click.option("--to", "to", type=MOMENT, help="重放到第几号记录或某个时间,默认为全部")
@click.option("--report", "reports", type=TEXT, multiple=True, help="只比对这些报表,可重复;默认全部")
@click.option("--area", type=TEXT, help="比对哪个地区的报表,默认为账本所属地区")
@click.option("--year", type=YEAR, help="比对哪个计划年度,默认为有资金的每个年度")
@click.option("--as-of", "as_of", type=DATE, help="报表截至哪一天,默认为今天")
@answer_options
@with_settings
def replay(
    settings: Settings,
    *,
    to: int | datetime | None,
    reports: tuple[str, ...],
    area: str | None,
    year: int | None,
    as_of: date | None,
) -> None:
    """Replay the log and compare."""
    from projections.catalogue import REPORTS, report_named
    from projections.replay import replay as replay_log
    from projections.scope import Question, home_area, money_years

    for name in reports:
        report_named(name)
    with open_facts(settings) as engine:
        home = area or home_area(engine) or ""
        years = [year] if year else money_years(engine)
        questions = [Question(home, each, as_of=as_of) for each in years]
        names = [name.replace("-", "_") for name in reports] or REPORTS
        with progress("重放") as heard, _starting(settings, engine) as start:
            done = replay_log(engine, to, questions, names, heard, start=start)
    _show(settings, done)
    if not done.same:
        raise TamperedError(
            "replay.differs",
            f"重放的结果与所存的不一致:报表数据 {len(done.differences)} 行,报表"
            f" {sum(not each.same for each in done.reports)} 张",
            hint="流水已核验无误;报表数据可用 xianjie db rebuild 重建,并查明是谁改动的",
        )


@contextmanager
def _starting(settings: Settings, engine: Engine) -> Iterator[Start]:
    """Use all processors for a long log, unless a session has the ledger open in this process."""
    from ledger.database import read_transaction
    from ledger.log.reading import head
    from projections.side_by_side import in_processes, in_turn, usable_processors

    with read_transaction(engine) as connection:
        long = head(connection).position >= _LONG
    processes = usable_processors() if long and settings.ledger is None else 1
    if processes == 1:
        yield in_turn
        return
    with in_processes(engine, processes) as start:
        yield start


def _show(settings: Settings, done: Replayed) -> None:
    data = {
        "same": done.same,
        "events": done.events,
        "position": done.position,
        "root": done.root,
        "facts": done.rows,
        "differences": [
            {"table": each.table, "position": each.position, "line": each.line} for each in done.differences
        ],
        "reports": [
            {
                "report": each.report,
                "year": each.year,
                "figures": each.figures,
                "same": each.same,
                "refused": each.refused or None,
            }
            for each in done.reports
        ],
    }
    about = [
        ("已核验", f"{done.events} 条记录的字节"),
        ("重放到", f"第 {done.position} 号"),
        ("根值", done.root),
        ("报表数据", f"比对 {sum(done.rows.values())} 行、{len(done.rows)} 张表,不一致 {len(done.differences)} 行"),
        ("报表", f"比对 {len(done.reports)} 次、{sum(each.figures for each in done.reports)} 个数"),
        ("结论", "全部一致" if done.same else "不一致"),
    ]
    rows = [
        [
            each.report.replace("_", "-"),
            "" if each.year is None else str(each.year),
            str(each.figures),
            "一致" if each.same else "不一致",
            each.refused,
        ]
        for each in done.reports
    ]
    tables = [
        fields_table("重放", about),
        Table(("报表", "年度", ">个数", "结论", "不能编制的原因"), rows, "比对的报表"),
    ]
    if done.differences:
        wrong = [[each.table, str(each.position), str(each.line)] for each in done.differences[:_SHOWN]]
        tables.append(Table(("数据表", "序号", "行"), wrong, "不一致的报表数据"))
    show(settings.format, data, *tables)

"""``xianjie submission``: reports that were handed in, such as the quarterly one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.context import Settings, answer_options, with_settings
from cli.help import Noun
from cli.params import TEXT
from cli.recording import Entry, write_options
from cli.registers import Listing, list_options, register, show_rows

if TYPE_CHECKING:
    from projections.scope import Scope

__all__ = ["submission"]


@click.group(cls=Noun, help="报告报送:登记、查看")
def submission() -> None:
    """Record reports handed in."""


@submission.command(help="登记一次报送;同一报告期再次报送须写 --reason")
@click.argument("report", metavar="报告")
@click.option("--area", type=TEXT, required=True, help="报送地区,六位代码")
@click.option("--period", type=TEXT, required=True, help="报告期:2022、2022Q1、2022H1、2022-03")
@click.option("--unit", type=TEXT, required=True, help="报送单位")
@write_options
def add(entry: Entry, **values: object) -> None:
    """Record that a report was handed in."""
    from ledger.domain.reporting import SubmitReport

    entry.record(SubmitReport, values)


@submission.command("list", help="列出报送")
@list_options
@answer_options
@with_settings
def list_(settings: Settings, area: str | None, year: int | None, limit: int) -> None:
    """List the reports that were handed in."""
    listing = Listing(settings, area, year, limit)
    with register(listing) as scope:
        records = _submissions(scope, limit + 1)
    show_rows(listing, records, ("报告", "地区", "报告期", "报送单位", "报送日期", "文号"), _row)


def _submissions(scope: Scope, limit: int) -> list[dict[str, Any]]:
    from sqlalchemy import func, select

    from projections.tables import fact_submission

    facts = fact_submission.c
    names = ("report", "area", "year", "period", "unit", "effective_on", "document", "origin")
    columns = [facts[name] for name in names]
    wanted = (
        select(*columns)
        .where(scope.within(fact_submission))
        .group_by(*columns)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.report, facts.period, facts.area, facts.effective_on)
        .limit(limit)
    )
    if scope.year is not None:
        wanted = wanted.where(facts.year == scope.year)
    rows = scope.connection.execute(wanted).mappings()
    return [{**row, "area_name": scope.name(row["area"])} for row in rows]


def _row(record: dict[str, Any]) -> list[str]:
    return [record[name] for name in ("report", "area_name", "period", "unit", "effective_on", "document")]

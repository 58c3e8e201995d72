"""The registers (台账) behind the ``list`` verbs: what stands in the facts now, whatever day it is dated."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cli.context import Settings, open_facts
from cli.output import Table, show
from cli.params import TEXT, WHOLE, YEAR
from cli.words import STAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import CTE, Select, Subquery

    from projections.scope import Scope

__all__ = ["Listing", "assets", "list_options", "notices", "projects", "register", "rights", "show_rows"]

F = TypeVar("F", bound="Callable[..., Any]")

_LIMIT: Final = 200
_END_OF_TIME: Final = date(2100, 12, 31)
_PROJECT_STAGES: Final = (
    *("declared", "reviewed", "appraised", "listed", "approved", "planned", "started", "completed", "accepted"),
    *("settled", "concluded", "handed_over", "removed", "cancelled", "replaced"),
)
_ASSET_STEPS: Final = ("identified", "noticed", "confirmed", "certified", "handed_over", "booked")


@dataclass(frozen=True, slots=True)
class Listing:
    """Which part of a register is asked for."""

    settings: Settings
    area: str | None
    year: int | None
    limit: int


def list_options(command: F) -> F:
    """Add ``--area --year --limit``."""
    for option in (
        click.option("--limit", type=WHOLE, default=_LIMIT, help=f"最多列出多少条,默认 {_LIMIT}"),
        click.option("--year", type=YEAR, help="只看这个年度"),
        click.option("--area", type=TEXT, help="只看这个地区及其下级,默认为账本所属地区"),
    ):
        command = option(command)
    return command


@contextmanager
def register(listing: Listing, as_of: date = _END_OF_TIME) -> Iterator[Scope]:
    """Open the facts for a register. Raises StorageError, ValueRefusedError (unknown area)."""
    from projections.scope import Question, home_area, open_scope

    with open_facts(listing.settings) as engine:
        area = listing.area or home_area(engine) or ""
        with open_scope(engine, Question(area, listing.year, as_of=as_of)) as scope:
            yield scope


def show_rows(
    listing: Listing,
    records: Sequence[dict[str, Any]],
    heads: Sequence[str],
    row: Callable[[dict[str, Any]], list[str]],
) -> None:
    """Print the records of a register; one more than the limit was read to know whether there are others."""
    more = len(records) > listing.limit
    notes = [f"只列出前 {listing.limit} 条;要看更多请用 --limit"] if more else []
    kept = records[: listing.limit]
    show(listing.settings.format, kept, Table(heads, [row(record) for record in kept], notes=notes))


def projects(scope: Scope, limit: int, standing: str | None = None) -> list[dict[str, Any]]:
    """Return the projects as last described, with the stage they have reached and their money in fen.

    ``standing`` keeps those that stand at one stage of the library (``projections.stages``).
    """
    from sqlalchemy import case, func, select

    from projections.latest import latest, written_by
    from projections.stages import standing as standings
    from projections.tables import fact_money, fact_project

    facts, newest = fact_project.c, latest(scope, fact_project, ("project",))
    columns = (facts.project, facts.name, facts.area, facts.project_year, facts.project_type, facts.unit)
    living = select(*columns).join_from(fact_project, newest, written_by(newest, fact_project))
    if scope.year is not None:
        living = living.where(facts.project_year == scope.year)
    if standing is not None:
        found = standings(scope, None, counted=False)
        living = living.where(facts.project.in_(select(found.c.project).where(found.c.stage == standing)))
    kept = living.order_by(facts.project).limit(limit).cte("kept")
    stage = _reached(scope, "project", _PROJECT_STAGES, kept)
    measures = ("funded", "released", "paid", "reimbursed")
    sums = [
        func.sum(case((fact_money.c.measure == name, fact_money.c.amount_fen), else_=0)).label(name)
        for name in measures
    ]
    money = (
        select(fact_money.c.project, *sums)
        .where(scope.within(fact_money), fact_money.c.project.in_(select(kept.c.project)))
        .group_by(fact_money.c.project)
        .subquery()
    )
    wanted = (
        select(kept, stage.c.reached, *(func.coalesce(money.c[name], 0).label(f"{name}_fen") for name in measures))
        .select_from(
            kept.outerjoin(stage, stage.c.subject == kept.c.project).outerjoin(money, money.c.project == kept.c.project)
        )
        .order_by(kept.c.project)
    )
    return _with_stage(scope, wanted, _PROJECT_STAGES)


def assets(scope: Scope, limit: int) -> list[dict[str, Any]]:
    """Return the assets, ended ones included, with the step they have reached and their value as it stands in fen."""
    from sqlalchemy import select

    from projections.assets import assets_at

    found = assets_at(scope, ended=True).c
    names = ("asset", "name", "project", "area", "year", "asset_class", "value_fen", "life")
    chosen = select(*(found[name] for name in names)).order_by(found.asset).limit(limit)
    kept = (chosen if scope.year is None else chosen.where(found.year == scope.year)).cte("kept")
    step = _reached(scope, "asset", _ASSET_STEPS, kept)
    wanted = (
        select(kept, step.c.reached)
        .select_from(kept.outerjoin(step, step.c.subject == kept.c.asset))
        .order_by(kept.c.asset)
    )
    return _with_stage(scope, wanted, _ASSET_STEPS)


def rights(scope: Scope, limit: int, asset: str | None) -> list[dict[str, Any]]:
    """Return every holding that stands, settings that were followed by others included."""
    from sqlalchemy import func, select

    from projections.tables import fact_holding

    facts = fact_holding.c
    names = ("asset", "right", "effective_on", "status", "holder", "holder_kind", "holder_name")
    columns = [facts[name] for name in (*names, "numerator", "denominator", "document", "origin", "line")]
    wanted = select(*columns).where(scope.within(fact_holding)).group_by(*columns).having(func.sum(facts.sign) > 0)
    if scope.year is not None:
        wanted = wanted.where(facts.year == scope.year)
    if asset is not None:
        wanted = wanted.where(facts.asset == asset)
    ordered = wanted.order_by(facts.asset, facts.right, facts.effective_on, facts.origin, facts.line).limit(limit)
    return [dict(row) for row in scope.connection.execute(ordered).mappings()]


def notices(scope: Scope, limit: int) -> list[dict[str, Any]]:
    """Return the notices with the number of things that each was about."""
    from sqlalchemy import func, select

    from projections.tables import fact_notice

    facts = fact_notice.c
    names = ("notice", "template", "title", "channel", "from_on", "to_on", "document", "origin", "cut_from")
    columns = [facts[name] for name in names]
    wanted = (
        select(*columns, func.count().label("subjects"))
        .where(scope.within(fact_notice))
        .group_by(*columns)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.from_on, facts.notice)
        .limit(limit)
    )
    if scope.year is not None:
        wanted = wanted.where(facts.year == scope.year)
    return [dict(row) for row in scope.connection.execute(wanted).mappings()]


def _reached(scope: Scope, kind: str, order: Sequence[str], subjects: CTE) -> Subquery:
    """Return a select of the furthest milestone of each subject, as its number in the order."""
    from sqlalchemy import case, func, select

    from projections.tables import fact_milestone

    facts = fact_milestone.c
    living = (
        select(facts.subject, facts.milestone)
        .where(facts.kind == kind, scope.within(fact_milestone), facts.subject.in_(select(subjects.c[kind])))
        .group_by(facts.subject, facts.milestone)
        .having(func.sum(facts.sign) > 0)
        .subquery()
    )
    rank = case({name: number for number, name in enumerate(order)}, value=living.c.milestone, else_=-1)
    return select(living.c.subject, func.max(rank).label("reached")).group_by(living.c.subject).subquery()


def _with_stage(scope: Scope, wanted: Select[Any], order: Sequence[str]) -> list[dict[str, Any]]:
    records = []
    for row in scope.connection.execute(wanted).mappings():
        number = row["reached"]
        stage = order[number] if number is not None and number >= 0 else order[0]
        record = {name: int(value) if name.endswith("_fen") else value for name, value in row.items()}
        del record["reached"]
        records.append({**record, "area_name": scope.name(row["area"]), "stage": stage, "stage_name": STAGES[stage]})
    return records

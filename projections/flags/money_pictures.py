"""The pictures of tranches and projects: records, milestones and money, each from one grouped select."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, or_, select

from projections.assets import standing
from projections.flags.model import Subject, Trace
from projections.flags.pictures import Month, Piece, Project, Tranche, Works, joined
from projections.flags.selecting import here, trace, traced
from projections.latest import latest, written_by
from projections.tables import (
    fact_milestone,
    fact_money,
    fact_progress,
    fact_project,
    fact_tranche,
    fact_works_contract,
)

if TYPE_CHECKING:
    from projections.flags.pictures import World
    from projections.scope import Scope

__all__ = ["look_at_money"]

_MILESTONES: Final = (
    *("listed", "approved", "planned", "contracted", "started", "resumed", "completed", "accepted", "settled"),
    *("formed_asset", "formed_none", "removed", "cancelled", "replaced", "published"),
    *("confirmed", "handed_over", "booked"),
)
_CHECKED: Final = {"allocated": "tranche.allocated", "released": "project.released", "paid": "project.paid"}
"""The movements of a project's money that a checker may have to see, by their measure."""
_DESCRIBED: Final = ("name", "unit", "content", "goal", "linkage", "begin_on", "project_type", "industry")


def look_at_money(scope: Scope, world: World) -> None:
    """Add tranches, projects, fees and the months in which money was paid."""
    fee_types = {each.code for each in scope.rules.project_types if each.is_fee}
    _tranches(scope, world)
    _records(scope, world)
    _money(scope, world, fee_types)
    _milestones(scope, world)
    _progress(scope, world)
    _works(scope, world)
    _retention(scope, world)
    _early(scope, world)
    _months(scope, world)
    _pieces(scope, world)


def _tranches(scope: Scope, world: World) -> None:
    facts = fact_tranche.c
    names = ("tranche", "area", "plan_year", "level", "fund_kind", "direction")
    wanted = select(*(facts[name] for name in names)).distinct()
    for code, area, plan_year, *fund in scope.connection.execute(here(scope, fact_tranche, wanted)):
        subject = Subject("tranche", code, code, area, "", plan_year)
        world.tranches[code] = Tranche(subject, {}, *fund)


def _records(scope: Scope, world: World) -> None:
    newest = latest(scope, fact_project, ("project",))
    facts = fact_project.c
    words = (facts[name] for name in ("project", "area", "town", "village", "project_year", *_DESCRIBED, "position"))
    wanted = select(*words).join_from(newest, fact_project, written_by(newest, fact_project))
    for code, area, town, village, year, *row in scope.connection.execute(wanted):
        name, unit, content, goal, linkage, begin_on, kind, industry, position = row
        subject = Subject("project", code, name, area, town, year)
        world.projects[code] = Project(
            *(subject, {}, village, kind, industry, goal, linkage, f"{name} {content}", unit, begin_on, position)
        )


def _money(scope: Scope, world: World, fee_types: set[str]) -> None:
    facts = fact_money.c
    keys = (facts.tranche, facts.project, facts.measure)
    summed = here(scope, fact_money, select(*keys, *traced(fact_money, facts.amount_fen)).group_by(*keys))
    rows = scope.connection.execute(summed).all()
    _undescribed(scope, world, {row[1] for row in rows} - world.projects.keys() - {""})
    for code, project_code, measure, *row in rows:
        found = trace(row)
        tranche, project = world.tranches.get(code), world.projects.get(project_code)
        if tranche is not None:
            tranche.add(measure, found)
        if project is not None:
            project.add(measure, found)
        if tranche is None or project is None:
            continue
        if measure == "funded":
            so_far = project.directions.get(tranche.direction)
            project.directions[tranche.direction] = found if so_far is None else joined(so_far, found)
        elif measure == "allocated" and project.type in fee_types:
            key = (tranche.subject.area, tranche.subject.year, tranche.level)
            before = world.fees.get(key)
            world.fees[key] = found if before is None else joined(before, found)


def _undescribed(scope: Scope, world: World, codes: set[str]) -> None:
    """Add projects that have money but stand in no library: only an imported log holds such."""
    if not codes:
        return
    facts = fact_money.c
    place = (func.max(facts[name]) for name in ("area", "town", "village", "project_year", "project_type"))
    wanted = select(facts.project, *place).where(facts.project.in_(sorted(codes))).group_by(facts.project)
    for code, area, town, village, year, kind in scope.connection.execute(here(scope, fact_money, wanted)):
        subject = Subject("project", code, code, area, town, year)
        world.projects[code] = Project(subject, {}, village, kind)


def _milestones(scope: Scope, world: World) -> None:
    """Add the milestones of the projects and assets that are known."""
    facts = fact_milestone.c
    keys = (facts.kind, facts.subject, facts.milestone)
    wanted = (
        select(*keys, *traced(fact_milestone))
        .where(facts.kind.in_(("project", "asset")), facts.milestone.in_(_MILESTONES))
        .where(standing(scope, fact_milestone))
        .group_by(*keys)
    )
    for kind, code, milestone, *row in scope.connection.execute(wanted).all():
        found = world.projects.get(code) if kind == "project" else world.assets.get(code)
        if found is not None:
            found.reached[milestone] = trace(row)


def _progress(scope: Scope, world: World) -> None:
    newest = latest(scope, fact_progress, ("project",))
    facts = fact_progress.c
    wanted = select(facts.project, facts.percent, facts.effective_on, facts.position).join_from(
        newest, fact_progress, written_by(newest, fact_progress)
    )
    for code, percent, on, position in scope.connection.execute(wanted):
        if project := world.projects.get(code):
            project.percent, project.progress = percent, Trace(percent, on, on, (position,))


def _works(scope: Scope, world: World) -> None:
    facts = fact_works_contract.c
    signed = select(facts.project, facts.contractor, facts.contract_fen, facts.effective_on, facts.position)
    for row in scope.connection.execute(here(scope, fact_works_contract, signed)):
        if project := world.projects.get(row[0]):
            project.works.append(Works(*row))


def _pieces(scope: Scope, world: World) -> None:
    """Add the movements of one tranche and project that, each below what is checked, add up to it."""
    facts = fact_money.c
    for measure, topic in _CHECKED.items():
        lines = [each.checked_from_fen for each in scope.rules.approvals if each.covers(topic)]
        line = min((each for each in lines if each), default=None)
        if line is None:
            continue
        below = (facts.measure == measure, facts.amount_fen > 0, facts.amount_fen < line, facts.project != "")
        sums = select(facts.tranche, facts.project).where(*below).group_by(facts.tranche, facts.project)
        many = here(scope, fact_money, sums.having(func.sum(facts.amount_fen) >= line)).subquery()
        same = (many.c.tranche == facts.tranche) & (many.c.project == facts.project)
        wanted = select(facts.tranche, facts.project, facts.amount_fen, facts.effective_on, facts.position)
        rows = scope.connection.execute(here(scope, fact_money, wanted.join_from(fact_money, many, same).where(*below)))
        world.pieces += (Piece(row[0], row[1], measure, int(row[2]), row[3], row[4], line) for row in rows)


def _retention(scope: Scope, world: World) -> None:
    facts = fact_money.c
    held = func.sum(case((facts.amount_fen > 0, facts.amount_fen), else_=0))
    released = func.min(case((facts.amount_fen < 0, facts.effective_on)))
    wanted = select(facts.project, held, released).where(facts.measure == "retained").group_by(facts.project)
    for code, fen, on in scope.connection.execute(here(scope, fact_money, wanted)):
        project = world.projects[code]
        project.held_fen, project.retention_released_on = int(fen), on or ""


def _early(scope: Scope, world: World) -> None:
    """Add what was paid before the project started; of one that never started, all of it."""
    reached, facts = fact_milestone.c, fact_money.c
    started = (
        select(reached.subject, func.min(reached.effective_on).label("on"))
        .where(reached.kind == "project", reached.milestone == "started", standing(scope, fact_milestone))
        .group_by(reached.subject)
        .subquery()
    )
    paid = here(
        scope,
        fact_money,
        select(facts.project, *traced(fact_money, facts.amount_fen))
        .select_from(fact_money.outerjoin(started, started.c.subject == facts.project))
        .where(facts.measure == "paid", or_(started.c.on.is_(None), facts.effective_on < started.c.on))
        .group_by(facts.project),
    )
    for code, *row in scope.connection.execute(paid):
        world.projects[code].early = trace(row)


def _months(scope: Scope, world: World) -> None:
    facts = fact_money.c
    month = func.substr(facts.effective_on, 1, 7)
    wanted = (
        select(facts.area, facts.plan_year, month, *traced(fact_money, facts.amount_fen))
        .where(facts.measure == "paid")
        .group_by(facts.area, facts.plan_year, month)
    )
    for area, plan_year, when, *row in scope.connection.execute(here(scope, fact_money, wanted)):
        world.months.append(Month(area, plan_year, when, trace(row)))

"""Where every project stands in the library: exactly one stage each, so that the counts add up to the whole.

储备, 开工, 在建 and 竣工 are the four batches of the seed (funds.md 4.1). No document says where 开工 ends and 在建
begins; here a started project is in progress as soon as work on it was reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, func, or_, select, union_all

from projections.tables import fact_milestone, fact_money, fact_progress

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select, Subquery

    from projections.scope import Scope

__all__ = ["FOUR_BATCHES", "LIVING", "STAGES", "standing"]

STAGES: Final = {
    "declared": "申报中",
    "reserve": "储备",
    "started": "开工",
    "in_progress": "在建",
    "suspended": "停工",
    "completed": "竣工",
    "removed": "出库",
    "cancelled": "取消",
    "replaced": "替换",
}
"""The stages in the order of a project's life, with their Chinese names."""

FOUR_BATCHES: Final = ("reserve", "started", "in_progress", "completed")
"""储备一批、开工一批、在建一批、竣工一批 (四个一批)."""

LIVING: Final = (*FOUR_BATCHES, "suspended")
"""The stages of projects that are in the library and were not taken out of it."""

_ENDED: Final = ("removed", "cancelled", "replaced")
_ASKED: Final = ("declared", "listed", "planned", "started", "suspended", "resumed", "completed", *_ENDED)


def standing(scope: Scope, year: int | None, *, counted: bool = True) -> Subquery:
    """Return a select of every project's ``project``, ``area``, ``type`` and ``stage``, and by town its ``town``.

    ``year`` limits it to the projects of one year, which is that of the annual plan once they are planned. ``counted``
    leaves out the types that do not count as projects, such as the management fee, where rules are in force.
    """
    net, worked = _net(scope, year), _worked(scope, year)
    stage = _stage(net, worked)
    towns = (net.c.town,) if scope.by == "town" else ()
    wanted = (
        select(net.c.project, net.c.area, net.c.type, *towns, stage.label("stage"))
        .select_from(net.outerjoin(worked, worked.c.project == net.c.project))
        .where(stage.is_not(None))
    )
    if counted and scope.pack is not None:
        wanted = wanted.where(net.c.type.not_in(sorted(scope.pack.uncounted_types(scope.rule_day))))
    return wanted.subquery()


def _net(scope: Scope, year: int | None) -> Subquery:
    """Return a select of each project and the net number of times that it reached each milestone."""
    facts = fact_milestone.c
    reached = [func.sum(case((facts.milestone == name, facts.sign), else_=0)).label(name) for name in _ASKED]
    # The index that serves the counts has no towns: they are read only where they are shown.
    towns = (func.max(facts.town).label("town"),) if scope.by == "town" else ()
    wanted = (
        select(facts.subject.label("project"), facts.area, func.max(facts.type).label("type"), *towns, *reached)
        .where(facts.kind == "project", facts.milestone.in_(_ASKED), scope.within(fact_milestone))
        .group_by(facts.area, facts.subject)
    )
    if year is not None:
        wanted = wanted.where(facts.year == year, facts.subject.not_in(_moved_on(scope, year)))
    return wanted.subquery()


def _moved_on(scope: Scope, year: int) -> Select[tuple[str]]:
    """Return a select of the projects that were listed or planned for a later year than they were put down for."""
    facts = fact_milestone.c
    return (
        select(facts.subject)
        .where(facts.kind == "project", facts.year > year, facts.milestone.in_(("listed", "planned")))
        .where(scope.within(fact_milestone))
        .group_by(facts.subject, facts.milestone)
        .having(func.sum(facts.sign) > 0)
    )


def _worked(scope: Scope, year: int | None) -> Subquery:
    """Return a select of each project and the net number of its reports of work, in per cent or in money."""
    progress, money = fact_progress.c, fact_money.c
    in_percent = select(progress.project, progress.sign).where(scope.within(fact_progress))
    in_money = select(money.project, money.sign).where(money.measure == "invested", scope.within(fact_money))
    if year is not None:
        in_percent = in_percent.where(progress.project_year == year)
        in_money = in_money.where(money.plan_year == year)
    reports = union_all(in_percent, in_money).subquery()
    return select(reports.c.project, func.sum(reports.c.sign).label("reports")).group_by(reports.c.project).subquery()


def _stage(net: Subquery, worked: Subquery) -> ColumnElement[str | None]:
    begun = net.c.started > 0
    return case(
        *((net.c[name] > 0, name) for name in _ENDED),
        (net.c.completed > 0, "completed"),
        (and_(begun, net.c.suspended > net.c.resumed), "suspended"),
        (and_(begun, worked.c.reports > 0), "in_progress"),
        (begun, "started"),
        (or_(net.c.listed > 0, net.c.planned > 0), "reserve"),
        (net.c.declared > 0, "declared"),
    )

"""Industry projects of the library that could take more money: where a missing share can still come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from projections.latest import latest, written_by
from projections.tables import fact_milestone, fact_money, fact_project

if TYPE_CHECKING:
    from projections.scope import Scope

__all__ = ["Room", "adjustable"]

# What stands for good in the way of more money; a suspended project has none to spend either, until it goes on.
_OVER: Final = ("completed", "removed", "cancelled", "replaced")
_PAUSE: Final = {"suspended": 1, "resumed": -1}


class Room(NamedTuple):
    """A project and the money it could still take: its cost, planned or estimated, less what it has; ``part`` its area.

    ``industry`` is the project's own override of its type, as in the facts.
    """

    project: str
    name: str
    area: str
    part: str
    project_type: str
    industry: int | None
    cost_fen: int
    allocated_fen: int

    @property
    def room_fen(self) -> int:
        """The money that is missing to its cost."""
        return self.cost_fen - self.allocated_fen


def adjustable(scope: Scope) -> list[Room]:
    """Return the industry projects in the library, up to the plan year, whose cost exceeds the money they have.

    Projects that are completed, suspended or taken out of the library are not among them. Largest room first.
    """
    closed, money = _closed(scope), _money(scope)
    industry_types = scope.rules.industry_types(scope.rule_day)
    facts = fact_project.c
    newest = latest(scope, fact_project, ("project",))
    described = (
        select(facts.project, facts.name, facts.area, facts.project_type, facts.industry, facts.estimate_fen)
        .join_from(fact_project, newest, written_by(newest, fact_project))
        .where(facts.state == "listed", facts.project_year <= scope.plan_year)
    )
    rooms: list[Room] = []
    for project, name, area, project_type, industry, estimate in scope.connection.execute(described):
        counts = project_type in industry_types if industry is None else bool(industry)
        if not counts or project in closed:
            continue
        cost = max(int(estimate), money.get((project, "planned"), 0))
        allocated = money.get((project, "funded"), 0)
        if cost > allocated:
            part = scope.current(area)
            rooms.append(Room(project, name, area, part, project_type, industry, cost, allocated))
    return sorted(rooms, key=lambda room: (-room.room_fen, room.project))


def _closed(scope: Scope) -> set[str]:
    """Return the projects that take no more money."""
    facts = fact_milestone.c
    reached = (
        select(facts.subject, facts.milestone, func.sum(facts.sign))
        .where(facts.kind == "project", facts.milestone.in_([*_OVER, *_PAUSE]), scope.within(fact_milestone))
        .group_by(facts.subject, facts.milestone)
    )
    closed: set[str] = set()
    pauses: dict[str, int] = {}
    for project, milestone, times in scope.connection.execute(reached):
        if milestone in _PAUSE:
            pauses[project] = pauses.get(project, 0) + _PAUSE[milestone] * int(times)
        elif times > 0:
            closed.add(project)
    return closed | {project for project, times in pauses.items() if times > 0}


def _money(scope: Scope) -> dict[tuple[str, str], int]:
    """Return what each project was planned with, and what it has, from every tranche and year."""
    facts = fact_money.c
    summed = (
        select(facts.project, facts.measure, func.sum(facts.amount_fen))
        .where(facts.measure.in_(["planned", "funded"]), scope.within(fact_money))
        .group_by(facts.project, facts.measure)
    )
    return {(project, measure): int(fen) for project, measure, fen in scope.connection.execute(summed)}

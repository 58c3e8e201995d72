"""Projects as the public may see them: as last described, how far they got, and their money by source.

A responsible person is never shown, only the unit; beneficiaries are counts. Every value remembers the event it came
from, because a published line must be traceable to its entries.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from projections.latest import latest, written_by
from projections.tables import fact_milestone, fact_money, fact_project

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement

    from projections.scope import Scope

__all__ = ["Movement", "Project", "money_of", "projects_of"]

_WORDS: Final = ("name", "town", "village", "project_type", "unit", "content", "goal", "place", "begin_on", "finish_on")
_LINKS: Final = ("linkage", "participation", "build_kind", "state")


class Movement(NamedTuple):
    """So many fen of one measure, of one tranche, between a project and the event that says so."""

    project: str
    tranche: str
    fund_kind: str
    level: str
    direction: str
    document: str
    day: str
    fen: int
    position: int


@dataclass(slots=True)
class Project:
    """One project of the area: its words, the days of its milestones, and the events these stand on."""

    code: str
    area: str
    year: int
    words: dict[str, str]
    estimate_fen: int
    households: int
    persons: int
    position: int
    reached: dict[str, tuple[str, int]] = field(default_factory=dict)

    def day(self, milestone: str) -> str:
        """Return the first day on which it reached a milestone, empty where it did not."""
        return self.reached.get(milestone, ("", 0))[0]

    def positions(self, *milestones: str) -> tuple[int, ...]:
        """Return the positions of its description and of the milestones it reached."""
        found = {self.reached[name][1] for name in milestones if name in self.reached}
        return tuple(sorted({self.position, *found}))


def projects_of(scope: Scope, milestones: Collection[str]) -> list[Project]:
    """Return the projects of the area (and of the plan year, where one is asked) with the milestones they reached."""
    facts, newest = fact_project.c, latest(scope, fact_project, ("project",))
    columns = (facts.project, facts.area, facts.project_year, facts.estimate_fen, facts.households, facts.persons)
    words = [facts[name] for name in (*_WORDS, *_LINKS)]
    wanted = (
        select(*columns, facts.position, *words)
        .join_from(fact_project, newest, written_by(newest, fact_project))
        .order_by(facts.area, facts.town, facts.project)
    )
    reached = _reached(scope, milestones)
    found = []
    for code, area, year, estimate, households, persons, position, *texts in scope.connection.execute(wanted):
        project = Project(
            code=code,
            area=area,
            year=int(year),
            words=dict(zip((*_WORDS, *_LINKS), texts, strict=True)),
            estimate_fen=int(estimate),
            households=int(households),
            persons=int(persons),
            position=int(position),
            reached=reached.get(code, {}),
        )
        if scope.year is None or project.year == scope.year:
            found.append(project)
    return found


def _reached(scope: Scope, milestones: Collection[str]) -> dict[str, dict[str, tuple[str, int]]]:
    """Return for each project the first day of each milestone that still stands, and the event that says so."""
    facts = fact_milestone.c
    standing = (
        select(facts.subject, facts.milestone, facts.effective_on, facts.origin)
        .where(facts.kind == "project", facts.milestone.in_(sorted(milestones)), scope.within(fact_milestone))
        .group_by(facts.subject, facts.milestone, facts.effective_on, facts.origin)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.effective_on, facts.origin)
    )
    found: defaultdict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    for subject, milestone, day, origin in scope.connection.execute(standing):
        found[subject].setdefault(milestone, (day, int(origin)))
    return found


def money_of(scope: Scope, measures: Iterable[str]) -> list[Movement]:
    """Return the movements of these measures in the area and plan year, each with its event; reversed ones are none."""
    facts = fact_money.c
    columns: tuple[ColumnElement[str], ...] = (
        facts.project,
        facts.tranche,
        facts.fund_kind,
        facts.level,
        facts.direction,
        facts.document,
        facts.effective_on,
    )
    summed = (
        select(*columns, facts.origin, func.sum(facts.amount_fen))
        .where(facts.measure.in_(sorted(measures)), scope.within(fact_money))
        .group_by(*columns, facts.origin)
        .having(func.sum(facts.amount_fen) != 0)
        .order_by(facts.project, facts.effective_on, facts.origin)
    )
    if scope.year is not None:
        summed = summed.where(facts.plan_year == scope.year)
    return [Movement._make((*words, int(fen), int(origin))) for *words, origin, fen in scope.connection.execute(summed)]

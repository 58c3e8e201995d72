"""Performance: projects with targets, monitored, off track, and evaluated, with the mean of their scores.

Only living projects of the library count. Source: seed clause (六), funds.md 6: targets are set at approval, monitored
in the year and evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, select

from ledger.money import percent
from projections.latest import latest, written_by
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.stages import LIVING, STAGES, standing
from projections.tables import fact_goal, fact_performance, fact_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Engine, Subquery

__all__ = ["PerformanceRow", "performance"]

_FULL_SCORE: Final = 10_000  # in hundredths of a point, so that a mean score is a percentage of it


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """The projects of one place; the mean score is ``score_hundredths`` / ``evaluated`` in hundredths of a point.

    ``goals_percent`` is with_goals / projects; ``mean_score`` is rounded once to hundredths, None where none is known.
    """

    place: Place
    projects: int
    with_goals: int
    goals_percent: str | None
    monitored: int
    off_track: int
    evaluated: int
    score_hundredths: int
    mean_score: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def performance(engine: Engine, question: Question) -> Answer[PerformanceRow]:
    """Return the performance of an area's projects, by county, town or type, and in total: of one year or of all.

    The answer's ``projects`` lists those evaluated, off track or without a target. No rule pack is needed. Raises
    ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        projects = list(_projects(scope))
        type_name = scope.pack.type_name if scope.pack else str
        rows = tuple(
            _row(place, [each for each in projects if key is None or each["part"] == key])
            for key, place in scope.places((each["part"] for each in projects), type_name)
        )
        listed = [_listed(each) for each in projects if _is_remarkable(each)]
        return Answer("performance", scope, rows, {"projects": listed})


def _row(place: Place, projects: list[dict[str, Any]]) -> PerformanceRow:
    scores = [each["score_hundredths"] for each in projects if each["score_hundredths"] is not None]
    with_goals = sum(each["has_goal"] for each in projects)
    return PerformanceRow(
        place=place,
        projects=len(projects),
        with_goals=with_goals,
        goals_percent=percent(with_goals, len(projects)),
        monitored=sum(each["on_track"] is not None for each in projects),
        off_track=sum(each["on_track"] is False for each in projects),
        evaluated=len(scores),
        score_hundredths=sum(scores),
        mean_score=percent(sum(scores), len(scores) * _FULL_SCORE),
    )


def _is_remarkable(each: dict[str, Any]) -> bool:
    """Say whether a project has a score, is off track, or lacks a target."""
    return each["score_hundredths"] is not None or each["on_track"] is False or not each["has_goal"]


def _listed(each: dict[str, Any]) -> dict[str, object]:
    return {name: value for name, value in each.items() if name != "part"}


def _projects(scope: Scope) -> Iterator[dict[str, Any]]:
    """Yield every living project with the last that was said of its targets, monitoring and evaluation, by code."""
    projects, described = standing(scope, scope.year), _described(scope)
    said = {step: _said(scope, step) for step in ("monitored", "evaluated")}
    joined = projects.outerjoin(described, described.c.project == projects.c.project)
    for each in said.values():
        joined = joined.outerjoin(each, each.c.project == projects.c.project)
    monitored, evaluated = said["monitored"], said["evaluated"]
    wanted = (
        select(
            *(projects.c[scope.by].label("part"), projects.c.project, projects.c.area, projects.c.stage),
            *(described.c.name, described.c.goal, func.coalesce(described.c.goals, 0).label("goals")),
            *(monitored.c.on_track, monitored.c.effective_on.label("monitored_on")),
            *(evaluated.c.score_hundredths, evaluated.c.grade, evaluated.c.evaluator),
            evaluated.c.effective_on.label("evaluated_on"),
        )
        .select_from(joined)
        .where(projects.c.stage.in_(LIVING))
        .order_by(projects.c.project)
    )
    return (_project(scope, row) for row in scope.connection.execute(wanted).mappings())


def _project(scope: Scope, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "part": scope.current(row["part"]),
        "project": row["project"],
        "name": row["name"] or "",
        "area": row["area"],
        "stage": row["stage"],
        "stage_name": STAGES[row["stage"]],
        "has_goal": bool(row["goal"] or row["goals"]),
        "goals": int(row["goals"]),
        "monitored_on": row["monitored_on"],
        "on_track": None if row["on_track"] is None else bool(row["on_track"]),
        "evaluated_on": row["evaluated_on"],
        "score_hundredths": row["score_hundredths"],
        "grade": row["grade"] or "",
        "evaluator": row["evaluator"] or "",
    }


def _described(scope: Scope) -> Subquery:
    """Return a select of each project's name, goal in words, and number of targets, as last described."""
    newest = latest(scope, fact_project, ["project"])
    goals = (
        select(fact_goal.c.position, fact_goal.c.project, func.count().label("goals"))
        .where(fact_goal.c.sign > 0)
        .group_by(fact_goal.c.position, fact_goal.c.project)
        .subquery()
    )
    same = and_(goals.c.position == newest.c.origin, goals.c.project == newest.c.project)
    return (
        select(newest.c.project, fact_project.c.name, fact_project.c.goal, goals.c.goals)
        .select_from(newest.join(fact_project, written_by(newest, fact_project)).outerjoin(goals, same))
        .subquery()
    )


def _said(scope: Scope, step: str) -> Subquery:
    """Return a select of what the last event of this step said of each project."""
    newest = latest(scope, fact_performance, ["project", "step"])
    facts = fact_performance.c
    columns = (facts.on_track, facts.effective_on, facts.score_hundredths, facts.grade, facts.evaluator)
    return (
        select(newest.c.project, *columns)
        .select_from(newest.join(fact_performance, written_by(newest, fact_performance)))
        .where(newest.c.step == step)
        .subquery()
    )

"""The library as a pipeline: how many projects, and how much money, stand at 储备, 开工, 在建 and 竣工.

Each project is in one stage, so the rows of a place add up to all of its projects. Source: 四个一批 of the seed, see
funds.md 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, func, select

from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.stages import FOUR_BATCHES, STAGES, standing
from projections.tables import fact_money

if TYPE_CHECKING:
    from sqlalchemy import Engine, Subquery

__all__ = ["PipelineRow", "pipeline"]

_MEASURES = ("estimated", "funded", "paid")


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """The projects of one place in one stage, and their money in fen."""

    place: Place
    stage: str
    stage_name: str
    projects: int
    estimated_fen: int
    allocated_fen: int
    paid_fen: int

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Sum(NamedTuple):
    projects: int = 0
    estimated_fen: int = 0
    allocated_fen: int = 0
    paid_fen: int = 0

    def plus(self, other: _Sum) -> _Sum:
        return _Sum(*(mine + more for mine, more in zip(self, other, strict=True)))


def pipeline(engine: Engine, question: Question) -> Answer[PipelineRow]:
    """Return the projects of an area by stage, by county, town or type, and in total: of one project year or of all.

    The four batches are always shown, other stages where they occur. No rule pack is needed. Raises ValueRefusedError
    where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        sums = _summed(scope)
        type_name = scope.pack.type_name if scope.pack else str
        rows = tuple(
            PipelineRow(place, stage, name, *sums.get((key, stage), _Sum()))
            for key, place in scope.places((part for part, _ in sums if part is not None), type_name)
            for stage, name in STAGES.items()
            if stage in FOUR_BATCHES or (key, stage) in sums
        )
        return Answer("pipeline", scope, rows, {})


def _summed(scope: Scope) -> dict[tuple[str | None, str], _Sum]:
    """Return the sums of each part and stage; part None is the whole area."""
    projects, money = standing(scope, scope.year), _money(scope)
    part = projects.c[scope.by]
    amounts = [func.coalesce(func.sum(money.c[measure]), 0) for measure in _MEASURES]
    wanted = (
        select(part, projects.c.stage, func.count(), *amounts)
        .select_from(projects.outerjoin(money, money.c.project == projects.c.project))
        .group_by(part, projects.c.stage)
    )
    sums: dict[tuple[str | None, str], _Sum] = {}
    for found, stage, *integers in scope.connection.execute(wanted):
        for key in (scope.current(found), None):
            sums[key, stage] = sums.get((key, stage), _Sum()).plus(_Sum(*map(int, integers)))
    return sums


def _money(scope: Scope) -> Subquery:
    """Return a select of each project's estimate, allocated and paid money."""
    facts = fact_money.c
    sums = [func.sum(case((facts.measure == name, facts.amount_fen), else_=0)).label(name) for name in _MEASURES]
    # Not by year: money may have come before the project was planned for another year than it was listed for.
    wanted = select(facts.project, *sums).where(facts.measure.in_(_MEASURES), scope.within(fact_money))
    return wanted.group_by(facts.project).subquery()

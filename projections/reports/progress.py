"""Progress against time: money against 序时进度, rates against dated targets, and the projects that hold them up.

序时进度 is the months of the plan year that have passed, over twelve. How far a rate is ahead of it is computed from
the unrounded quotient and rounded once: 张掖 2023 published 8.68 points, the rounded rate makes 8.69 (funds.md 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import case, func, select, union_all

from ledger.dates import days_between
from ledger.money import percent
from projections.counting import Counting, lacking
from projections.dated_targets import DatedTargets
from projections.latest import latest, written_by
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.stages import STAGES, standing
from projections.tables import fact_milestone, fact_money, fact_progress, fact_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Engine, FromClause, Select, Subquery, Table

    from ledger.rules.model import Parameter, Rate

__all__ = ["ProgressRow", "progress"]

_MONTHS: Final = 12
_SUBJECTS: Final = ("projects", "money")
_MEASURES: Final = ("funded", "paid")
_UNDER_WAY: Final = ("started", "in_progress", "suspended")


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One rate in one place; ``months`` of twelve have passed, ``ahead_points`` is how far a money rate is before that.

    ``months``, ``time_percent`` and ``ahead_points`` are None for counts, and where no rule says how months count.
    """

    place: Place
    rate: str
    name: str
    unit: str
    numerator: int
    denominator: int
    denominator_of: str
    percent: str | None
    months: int | None
    time_percent: str | None
    ahead_points: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Project(NamedTuple):
    """What is known of a project of the plan year; ``last_on`` is the day of the last news of its work, or empty."""

    project: str
    area: str
    stage: str
    name: str
    allocated_fen: int
    paid_fen: int
    last_on: str

    def as_json(self) -> dict[str, object]:
        """Return what every list says of a project."""
        names = ("project", "area", "name", "allocated_fen", "paid_fen")
        return {name: getattr(self, name) for name in names}


def progress(engine: Engine, question: Question, rate_set: str | None = None) -> Answer[ProgressRow]:
    """Return the rates of a set against time, by county, town or type, and in total.

    The answer's ``milestones`` are dated targets, ``late`` the projects that missed one (R4), ``stalled`` those under
    way on which no work was reported for longer than the rule's days (R5).

    Raises:
        NotFoundError: no rule pack was in force, or it has no such set.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        rates = [rate for rate in scope.rules.rates(rate_set) if rate.subject in _SUBJECTS]
        counting, months = Counting(scope, rates), _months(scope)
        places = scope.places(counting.parts, scope.rules.type_name)
        rows = tuple(_row(rate, place, counting, part, months) for part, place in places for rate in rates)
        projects = {each.project: each for each in _projects(scope)}
        more: dict[str, object] = {
            "milestones": list(_milestones(DatedTargets(scope, counting), rates, places)),
            "late": list(_late(scope, rates, projects)),
            "stalled_days": _as_rule(_rule(scope, "stalled_days")),
            "stalled": list(_stalled(scope, projects.values())),
        }
        return Answer("progress", scope, rows, more)


def _row(rate: Rate, place: Place, counting: Counting, part: str | None, months: int | None) -> ProgressRow:
    numerator, denominator, denominator_of = counting.of(rate, part)
    passed = months if rate.subject == "money" else None

    def shown(numerator: int, denominator: int) -> str | None:
        return percent(numerator, denominator, rate.digits, rate.rounding)

    return ProgressRow(
        place=place,
        rate=rate.id,
        name=rate.name,
        unit=rate.unit,
        numerator=numerator,
        denominator=denominator,
        denominator_of=denominator_of,
        percent=shown(numerator, denominator),
        months=passed,
        time_percent=None if passed is None else shown(passed, _MONTHS),
        ahead_points=None
        if passed is None
        else shown(numerator * _MONTHS - passed * denominator, denominator * _MONTHS),
    )


def _milestones(
    targets: DatedTargets, rates: Sequence[Rate], places: Sequence[tuple[str | None, Place]]
) -> Iterator[dict[str, object]]:
    """Yield the dated targets of every place, each with its rate."""
    for part, place in places:
        for rate in rates:
            named = {"area": place.area, "area_name": place.area_name, "rate": rate.id, "name": rate.name}
            for target in targets.of(rate, place, part):
                yield {**named, "unit": rate.unit, **target.as_json()}


def _months(scope: Scope) -> int | None:
    """Return how many months of the plan year have passed, None where no rule says whether one begun counts."""
    rule = _rule(scope, "time_progress_month")
    if rule is None:
        return None
    if scope.as_of.year != scope.plan_year:
        return _MONTHS if scope.as_of.year > scope.plan_year else 0
    is_whole = (scope.as_of + timedelta(days=1)).month != scope.as_of.month
    return scope.as_of.month if is_whole or rule.value == "begun" else scope.as_of.month - 1


def _rule(scope: Scope, name: str) -> Parameter | None:
    return scope.rules.find(name, scope.area, scope.as_of)


def _as_rule(rule: Parameter | None) -> dict[str, object] | None:
    return None if rule is None else {"value": rule.value, "source": rule.source}


def _late(scope: Scope, rates: Sequence[Rate], projects: dict[str, _Project]) -> Iterator[dict[str, object]]:
    """Yield each project that is missing from a rate whose target day is over, with the money that is still in it."""
    for rate in rates:
        missing = lacking(scope, rate) if rate.unit == "projects" else []
        for each in (projects[project] for project in missing if project in projects):
            for target in scope.rules.targets_of(rate.set, rate.id, scope.current(each.area), scope.plan_year):
                due_on = target.by_day(scope.plan_year)
                if scope.as_of > due_on:
                    yield {
                        **each.as_json(),
                        "rate": rate.id,
                        "target": target.id,
                        "due_on": due_on.isoformat(),
                        "days_late": days_between(due_on, scope.as_of),
                        "source": target.source,
                    }


def _stalled(scope: Scope, projects: Iterable[_Project]) -> Iterator[dict[str, object]]:
    """Yield each project under way without news for longer than the rule allows, none where there is no rule."""
    rule = _rule(scope, "stalled_days")
    for each in projects:
        if rule is not None and each.stage in _UNDER_WAY:
            days = days_between(date.fromisoformat(each.last_on), scope.as_of)
            if days > int(rule.value):
                stage = {"stage": each.stage, "stage_name": STAGES[each.stage]}
                yield {**each.as_json(), **stage, "last_on": each.last_on, "days": days}


def _projects(scope: Scope) -> Iterator[_Project]:
    """Yield the projects of the plan year by code."""
    projects, news, money = standing(scope, scope.plan_year), _news(scope), _money(scope)
    newest = latest(scope, fact_project, ["project"])
    named = (
        select(newest.c.project, fact_project.c.name).join(fact_project, written_by(newest, fact_project)).subquery()
    )
    joined: FromClause = projects
    for each in (named, news, money):
        joined = joined.outerjoin(each, each.c.project == projects.c.project)
    wanted = (
        select(
            *(projects.c.project, projects.c.area, projects.c.stage, func.coalesce(named.c.name, "")),
            *(func.coalesce(money.c[measure], 0) for measure in _MEASURES),
            func.coalesce(news.c.last_on, ""),
        )
        .select_from(joined)
        .order_by(projects.c.project)
    )
    row: Any
    for row in scope.connection.execute(wanted):
        project, area, stage, name, allocated, paid, last_on = row
        yield _Project(project, area, stage, name, int(allocated), int(paid), last_on)


def _news(scope: Scope) -> Subquery:
    """Return a select of each project and ``last_on``, the day when work last started, went on or was reported."""
    year, milestone, progress, money = scope.plan_year, fact_milestone.c, fact_progress.c, fact_money.c
    begun = (milestone.kind == "project", milestone.year == year, milestone.milestone.in_(("started", "resumed")))
    told = (
        _living(scope, fact_milestone, milestone.subject).where(*begun),
        _living(scope, fact_progress, progress.project).where(progress.project_year == year),
        _living(scope, fact_money, money.project).where(money.measure == "invested", money.plan_year == year),
    )
    news = union_all(*told).subquery()
    return select(news.c.project, func.max(news.c.effective_on).label("last_on")).group_by(news.c.project).subquery()


def _living(scope: Scope, facts: Table, project: ColumnElement[str]) -> Select[tuple[str, str]]:
    """Return a select of the project and day of each event that nobody took back."""
    return (
        select(project.label("project"), facts.c.effective_on)
        .where(scope.within(facts))
        .group_by(project, facts.c.effective_on, facts.c.origin)
        .having(func.sum(facts.c.sign) > 0)
    )


def _money(scope: Scope) -> Subquery:
    """Return a select of each project's allocated and paid money, whatever year it was listed for when it came."""
    facts = fact_money.c
    sums = [func.sum(case((facts.measure == name, facts.amount_fen), else_=0)).label(name) for name in _MEASURES]
    wanted = select(facts.project, *sums).where(facts.measure.in_(_MEASURES), scope.within(fact_money))
    return wanted.group_by(facts.project).subquery()

"""From money to assets: what was spent on accepted projects that form assets, and what became of each of them.

A project has formed assets, or it was decided that it forms none, and why, or nobody has said so yet (RF01). What a
project formed is the value at which its assets were registered, changed by their final accounts, and what it added to
assets of other projects; splitting and merging form nothing. Source: assets.md 6, 7 RF01.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from ledger.dates import days_between
from ledger.money import percent
from projections.assets import standing
from projections.latest import latest, written_by
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import (
    fact_asset,
    fact_asset_state,
    fact_asset_step,
    fact_formed_none,
    fact_milestone,
    fact_money,
    fact_project,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from ledger.rules.model import Parameter

__all__ = ["FormationRow", "formation"]

FORMED, UNDECIDED = "formed", "undecided"
_REASONS: Final = ("consumed", "operating_cost", "service", "wages", "other")
_OUTCOMES: Final = (None, FORMED, *_REASONS, UNDECIDED)
_SPENT: Final = ("funded", "paid")


@dataclass(frozen=True, slots=True)
class FormationRow:
    """The accepted projects of one place with one ``outcome``, all of them together where that is None; money in fen.

    The outcome is ``formed``, ``undecided``, or why a project forms no asset. ``percent`` is formed of paid;
    ``overdue`` counts the undecided projects that are late by RF01, None without a rule.
    """

    place: Place
    outcome: str | None
    projects: int
    funded_fen: int
    paid_fen: int
    assets: int
    formed_fen: int
    percent: str | None
    overdue: int | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Project(NamedTuple):
    """An accepted project and what became of it."""

    project: str
    area: str
    part: str
    accepted_on: date
    outcome: str
    funded_fen: int
    paid_fen: int
    assets: int
    formed_fen: int
    days: int
    overdue: bool | None


def formation(engine: Engine, question: Question) -> Answer[FormationRow]:
    """Return what accepted projects spent and formed, by county, town or project type, and in total.

    ``question.year`` is the projects' year, by default every year. Projects of types that form no asset by the rules
    are left out, unless they formed one. The answer's ``undecided`` lists the projects of which nobody has said what
    they formed, the longest accepted first; ``registration_rule`` is RF01 as it holds.

    Raises:
        NotFoundError: no rule pack was in force.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        rule = scope.rules.find("registration_days", scope.area, scope.as_of)
        projects = list(_projects(scope, rule))
        found: defaultdict[str | None, list[_Project]] = defaultdict(list)
        for each in projects:
            for key in (each.part, None):
                found[key].append(each)
        parts = scope.places((part for part in found if part is not None), scope.rules.type_name)
        rows = tuple(row for part, place in parts for row in _rows(place, found[part], rule))
        open_ones = sorted(
            (each for each in projects if each.outcome == UNDECIDED), key=lambda each: (each.accepted_on, each.project)
        )
        names = _names(scope) if open_ones else {}
        more: dict[str, object] = {
            "registration_rule": {"id": "RF01", "days": rule.value, "source": rule.source} if rule else None,
            "undecided": [_as_json(each, names.get(each.project, "")) for each in open_ones],
        }
        return Answer("formation", scope, rows, more)


def _rows(place: Place, projects: list[_Project], rule: Parameter | None) -> Iterator[FormationRow]:
    for outcome in _OUTCOMES:
        own = [each for each in projects if outcome in {None, each.outcome}]
        if own or outcome in {None, UNDECIDED}:
            formed, paid = sum(each.formed_fen for each in own), sum(each.paid_fen for each in own)
            yield FormationRow(
                place=place,
                outcome=outcome,
                projects=len(own),
                funded_fen=sum(each.funded_fen for each in own),
                paid_fen=paid,
                assets=sum(each.assets for each in own),
                formed_fen=formed,
                percent=percent(formed, paid),
                overdue=None if rule is None else sum(bool(each.overdue) for each in own),
            )


def _projects(scope: Scope, rule: Parameter | None) -> Iterator[_Project]:
    money, formed, counted = _money(scope), *_formed(scope)
    decided = _formed_none(scope)
    assetless = scope.rules.assetless_types(scope.as_of)
    facts = fact_milestone.c
    accepted = (
        select(facts.subject, facts.area, facts.town, facts.type, facts.effective_on)
        .where(facts.kind == "project", facts.milestone == "accepted", scope.inside(fact_milestone))
        .where(standing(scope, fact_milestone))
        .order_by(facts.subject)
    )
    if scope.year is not None:
        accepted = accepted.where(facts.year == scope.year)
    for project, area, town, project_type, on in scope.connection.execute(accepted):
        touched = counted[project] or formed[project]
        if project_type in assetless and not touched and project not in decided:
            continue
        outcome = FORMED if touched else decided.get(project, UNDECIDED)
        days = days_between(date.fromisoformat(on), scope.as_of)
        yield _Project(
            project=project,
            area=area,
            part={"town": town, "type": project_type}.get(scope.by, scope.current(area)),
            accepted_on=date.fromisoformat(on),
            outcome=outcome,
            funded_fen=money[project, "funded"],
            paid_fen=money[project, "paid"],
            assets=counted[project],
            formed_fen=formed[project],
            days=days,
            overdue=None if rule is None else outcome == UNDECIDED and days > int(rule.value),
        )


def _formed(scope: Scope) -> tuple[Counter[str], Counter[str]]:
    """Return the value that each project formed, in fen, and the number of its assets."""
    first, since, steps = fact_asset.c, fact_asset_state.c, fact_asset_step.c
    final = (
        select(since.asset, func.sum(since.change_fen).label("fen"))
        .where(since.aspect == "final", standing(scope, fact_asset_state))
        .group_by(since.asset)
        .subquery()
    )
    born = (
        select(first.project, func.count(), func.sum(first.value_fen + func.coalesce(final.c.fen, 0)))
        .select_from(fact_asset.outerjoin(final, final.c.asset == first.asset))
        .where(first.parent == "", standing(scope, fact_asset))
        .group_by(first.project)
    )
    added = (
        select(steps.code, func.sum(steps.amount_fen))
        .where(steps.step == "value_added", standing(scope, fact_asset_step))
        .group_by(steps.code)
    )
    formed: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for project, number, fen in scope.connection.execute(born):
        counted[project] += int(number)
        formed[project] += int(fen)
    for project, fen in scope.connection.execute(added):
        formed[project] += int(fen)
    return formed, counted


def _formed_none(scope: Scope) -> dict[str, str]:
    """Return why each project forms no asset, of those of which it was decided."""
    facts = fact_formed_none.c
    decided = select(facts.project, facts.why).where(standing(scope, fact_formed_none)).order_by(facts.position)
    return {project: why for project, why in scope.connection.execute(decided)}  # noqa: C416 - a result has keys


def _money(scope: Scope) -> Counter[tuple[str, str]]:
    facts = fact_money.c
    summed = (
        select(facts.project, facts.measure, func.sum(facts.amount_fen))
        .where(facts.measure.in_(_SPENT), scope.within(fact_money))
        .group_by(facts.project, facts.measure)
    )
    found: Counter[tuple[str, str]] = Counter()
    for project, measure, fen in scope.connection.execute(summed):
        found[project, measure] += int(fen)
    return found


def _names(scope: Scope) -> dict[str, str]:
    newest, facts = latest(scope, fact_project, ["project"]), fact_project.c
    named = select(facts.project, facts.name).join_from(newest, fact_project, written_by(newest, fact_project))
    return {project: name for project, name in scope.connection.execute(named)}  # noqa: C416 - a result has keys


def _as_json(project: _Project, name: str) -> dict[str, object]:
    return {
        "project": project.project,
        "name": name,
        "area": project.area,
        "accepted_on": project.accepted_on.isoformat(),
        "days": project.days,
        "funded_fen": project.funded_fen,
        "paid_fen": project.paid_fen,
        "overdue": project.overdue,
    }

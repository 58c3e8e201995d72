"""Lines of the notices about money and projects: allocation, plan, adjustment, start, completion, library, results."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from ledger.codes import BuildKind, FundKind, FundLevel, TaskDirection
from projections.extracts.extract import Line
from projections.extracts.projects import Movement, Project, money_of, projects_of
from projections.extracts.summands import Sum, sums_of
from projections.tables import fact_money, fact_tranche

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.codes import Code
    from projections.scope import Scope

__all__ = ["adjustment", "allocation", "before_start", "completion", "library", "plan", "plan_completion"]

_LEVELS: Final = ("central", "provincial", "city", "county")
_GONE: Final = ("removed", "cancelled", "replaced")
_WITHDRAWN: Final = {"adjusted": "资金调出", "surplus": "结余收回", "reclaimed": "资金收回"}
"""What happened to money that left a project, by what it counts as (``projections.mapping.money``)."""


def allocation(scope: Scope) -> list[Line]:
    """Return what was allotted: money handed down to an area or unit, and money given to a project."""
    known = {project.code: project for project in projects_of(scope, ())}
    documents = _documents_of_tranches(scope)
    lines = _handed_down(scope, documents)
    for each in money_of(scope, ("funded",)):
        project = known.get(each.project)
        lines.append(
            Line(
                {
                    "kind": "安排到项目" if each.fen > 0 else "从项目调出",
                    "receiver": each.project,
                    "receiver_name": project.words["name"] if project else each.project,
                    "town": project.words["town"] if project else "",
                    **_source(each, documents),
                    "day": each.day,
                    "document": each.document,
                    "amount_fen": each.fen,
                    "unit": project.words["unit"] if project else "",
                },
                _sorted((each.position, *((project.position,) if project else ()))),
                each.project,
                each.position if each.fen > 0 else 0,
                {"amount_fen": (each.position,)},
            )
        )
    return lines


def plan(scope: Scope) -> list[Line]:
    """Return the projects of the annual plan that were not taken out of it."""
    return _planned(scope, lambda project: not any(project.day(name) for name in _GONE))


def before_start(scope: Scope) -> list[Line]:
    """Return the planned projects that have not begun."""
    return _planned(scope, lambda project: not any(project.day(name) for name in (*_GONE, "started")))


def adjustment(scope: Scope) -> list[Line]:
    """Return what was changed of the plan: money taken from a project or given again, and projects taken out."""
    projects = {project.code: project for project in projects_of(scope, _GONE)}
    documents = _documents_of_tranches(scope)
    lines = []
    for measure, words in _WITHDRAWN.items():
        for each in money_of(scope, (measure,)):
            project = projects.get(each.project)
            if project is not None:
                lines.append(_changed(project, each, words, documents))
    for project in projects.values():
        for milestone, words in (("removed", "出库"), ("cancelled", "取消"), ("replaced", "被替换")):
            if project.day(milestone):
                nothing = Movement(project.code, "", "", "", "", "", project.day(milestone), 0, 0)
                line = _changed(project, nothing, words, documents)
                lines.append(Line(line.values, project.positions(milestone), project.code))
    return lines


def completion(scope: Scope) -> list[Line]:
    """Return the completed projects with what was allotted, audited and paid."""
    measures = ("funded", "settled", "paid")
    sums = sums_of(scope, measures)
    return [
        Line(
            {
                **_named(project),
                "content": project.words["content"],
                "started_on": project.day("started"),
                "completed_on": project.day("completed"),
                "accepted_on": project.day("accepted"),
                **{f"{name}_fen": sums[project.code][name].fen for name in measures},
                "unit": project.words["unit"],
                "goal": project.words["goal"],
            },
            project.positions("started", "completed", "accepted"),
            project.code,
            project.position,
            {f"{name}_fen": sums[project.code][name].parts for name in measures},
        )
        for project in projects_of(scope, ("started", "completed", "accepted"))
        if project.day("completed")
    ]


def library(scope: Scope) -> list[Line]:
    """Return the projects that stand in the library."""
    return [
        Line(
            {
                **_named(project),
                "project_type": _type_name(scope, project),
                "build_kind": _zh(BuildKind, project.words["build_kind"]),
                "place": project.words["place"],
                "content": project.words["content"],
                "estimate_fen": project.estimate_fen,
                "listed_on": project.day("listed"),
                "unit": project.words["unit"],
                "goal": project.words["goal"],
                "linkage": project.words["linkage"],
            },
            project.positions("listed"),
            project.code,
            project.position,
        )
        for project in projects_of(scope, ("listed", *_GONE))
        if project.day("listed") and not any(project.day(name) for name in _GONE)
    ]


def plan_completion(scope: Scope) -> list[Line]:
    """Return every project that was ever in the annual plan, with how far it and its money got."""
    measures = ("planned", "funded", "paid")
    sums = sums_of(scope, measures)
    asked = ("planned", "started", "completed", "accepted", *_GONE)
    return [
        Line(
            {
                **_named(project),
                "state": _state(project),
                **{f"{name}_fen": sums[project.code][name].fen for name in measures},
                "completed_on": project.day("completed"),
                "accepted_on": project.day("accepted"),
                "unit": project.words["unit"],
            },
            project.positions("planned", "completed", "accepted"),
            project.code,
            project.position,
            {f"{name}_fen": sums[project.code][name].parts for name in measures},
        )
        for project in projects_of(scope, asked)
        if project.day("planned")
    ]


def _planned(scope: Scope, chosen: Callable[[Project], bool]) -> list[Line]:
    money = _by_level(money_of(scope, ("funded",)))
    lines = []
    for project in projects_of(scope, ("planned", "started", *_GONE)):
        if not project.day("planned") or not chosen(project):
            continue
        levels = money[project.code]
        other = [level for level in levels if level not in _LEVELS]
        columns = {f"{level}_fen": [level] for level in _LEVELS} | {"other_fen": other, "funded_fen": list(levels)}
        parts = {key: sorted(at for level in own for at in levels[level].parts) for key, own in columns.items()}
        lines.append(
            Line(
                {
                    **_named(project),
                    "project_type": _type_name(scope, project),
                    "build_kind": _zh(BuildKind, project.words["build_kind"]),
                    "place": project.words["place"],
                    "content": project.words["content"],
                    **{key: sum(levels[level].fen for level in own) for key, own in columns.items()},
                    "begin_on": project.words["begin_on"],
                    "finish_on": project.words["finish_on"],
                    "unit": project.words["unit"],
                    "goal": project.words["goal"],
                    "households": project.households,
                    "persons": project.persons,
                    "linkage": project.words["linkage"],
                    "participation": project.words["participation"],
                },
                project.positions("planned"),
                project.code,
                project.position,
                parts,
            )
        )
    return lines


def _by_level(movements: Iterable[Movement]) -> defaultdict[str, defaultdict[str, Sum]]:
    """Return for each project its money by level: what funded it, net of what went back."""
    found: defaultdict[str, defaultdict[str, Sum]] = defaultdict(lambda: defaultdict(Sum))
    for each in movements:
        found[each.project][each.level].add(each.fen, each.position)
    return found


def _handed_down(scope: Scope, documents: dict[str, str]) -> list[Line]:
    """Return what tranches of the area handed down: both legs of a movement share a transfer."""
    facts, child = fact_money.c, fact_tranche.c
    received = (
        select(facts.transfer_id, facts.area, child.unit)
        .join_from(fact_money, fact_tranche, child.position == facts.position)
        .where(facts.measure == "received", facts.sign > 0, scope.happened(fact_money))
    )
    into = {transfer: (area, unit) for transfer, area, unit in scope.connection.execute(received)}
    columns = (facts.tranche, facts.fund_kind, facts.level, facts.direction, facts.document, facts.effective_on)
    moved = (
        select(facts.transfer_id, facts.origin, func.sum(facts.amount_fen), *columns)
        .where(facts.measure == "distributed", scope.within(fact_money))
        .group_by(facts.transfer_id, facts.origin, *columns)
        .having(func.sum(facts.amount_fen) != 0)
        .order_by(facts.effective_on, facts.origin)
    )
    if scope.year is not None:
        moved = moved.where(facts.plan_year == scope.year)
    lines = []
    for transfer, position, fen, tranche, kind, level, direction, document, day in scope.connection.execute(moved):
        area, unit = into[transfer]
        each = Movement("", tranche, kind, level, direction, document, day, int(fen), int(position))
        values = {
            "kind": "分解下达",
            "receiver": area,
            "receiver_name": unit or scope.name(area),
            "town": "",
            **_source(each, documents),
            "day": day,
            "document": document,
            "amount_fen": each.fen,
            "unit": unit,
        }
        lines.append(Line(values, (each.position,), tranche, each.position))
    return lines


def _documents_of_tranches(scope: Scope) -> dict[str, str]:
    """Return for each tranche the document that issued its money, its own or that of the tranche above."""
    facts = fact_tranche.c
    found: dict[str, tuple[str, str]] = {}
    wanted = (
        select(facts.tranche, facts.document, facts.parent)
        .where(scope.happened(fact_tranche), facts.sign > 0)
        .order_by(facts.position)
    )
    for tranche, document, parent in scope.connection.execute(wanted):
        found.setdefault(tranche, (document, parent))

    def named(tranche: str) -> str:
        document, parent = found[tranche]
        return document or (named(parent) if parent in found else "")

    return {tranche: named(tranche) for tranche in found}


def _changed(project: Project, each: Movement, words: str, documents: dict[str, str]) -> Line:
    return Line(
        {
            **_named(project),
            "change": words,
            **_source(each, documents),
            "day": each.day,
            "document": each.document,
            "amount_fen": each.fen,
        },
        _sorted((project.position, each.position)),
        project.code,
        parts={"amount_fen": (each.position,)} if each.position else {},
    )


def _source(each: Movement, documents: dict[str, str]) -> dict[str, str]:
    return {
        "fund_kind": _zh(FundKind, each.fund_kind),
        "level": _zh(FundLevel, each.level),
        "direction": _zh(TaskDirection, each.direction),
        "source_document": documents.get(each.tranche, ""),
    }


def _named(project: Project) -> dict[str, str]:
    words = project.words
    return {"project": project.code, "name": words["name"], "town": words["town"], "village": words["village"]}


def _state(project: Project) -> str:
    stages = (
        *(("replaced", "已替换"), ("cancelled", "已取消"), ("removed", "已出库")),
        *(("accepted", "已验收"), ("completed", "已完工"), ("started", "已开工")),
    )
    return next((words for milestone, words in stages if project.day(milestone)), "未开工")


def _type_name(scope: Scope, project: Project) -> str:
    code = project.words["project_type"]
    return code if scope.pack is None else scope.pack.type_name(code)


def _zh(codes: type[Code], value: str) -> str:
    return codes(value).zh if value else ""


def _sorted(positions: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({each for each in positions if each}))

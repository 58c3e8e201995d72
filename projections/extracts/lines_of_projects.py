"""Lines of the notices about money and projects: allocation, plan, adjustment, start, completion, library, results."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from ledger.codes import BuildKind, FundKind, FundLevel, TaskDirection
from projections.extracts.extract import Line, Told
from projections.extracts.projects import Movement, Project, money_of, projects_of
from projections.extracts.summands import Sum, sums_of
from projections.tables import fact_money, fact_tranche

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.codes import Code
    from projections.scope import Scope

__all__ = [
    "GONE",
    "KINDS",
    "STAGES",
    "WITHDRAWN",
    "adjustment",
    "allocation",
    "before_start",
    "completion",
    "library",
    "plan",
    "plan_completion",
]

_LEVELS: Final = ("central", "provincial", "city", "county")
STAGES: Final = {
    "replaced": "已替换",
    "cancelled": "已取消",
    "removed": "已出库",
    "accepted": "已验收",
    "completed": "已完工",
    "started": "已开工",
}
"""How far a project of the plan got, by milestone: the first of them that it reached counts."""
GONE: Final = {"removed": "出库", "cancelled": "取消", "replaced": "被替换"}
"""What took a project out of the plan, by milestone."""
KINDS: Final = {
    "tranche.distributed": "分解下达",
    "project.funded": "安排到项目",
    "project.withdrawn": "从项目调出",
}
"""What the allocation shows, by topic."""
WITHDRAWN: Final = {"adjusted": "资金调出", "surplus": "结余收回", "reclaimed": "资金收回"}
"""What happened to money that left a project, by what it counts as (``projections.mapping.money``)."""


class _Document(NamedTuple):
    """The number of a document, and the entries that lead to it: of the tranche, and of those above it."""

    number: str
    way: tuple[int, ...]

    def told(self, own: int) -> Told | None:
        """Return where the ledger tells it, from the line's ``own`` entry on."""
        return Told(self.way[-1], "document", via=(own, *self.way)) if self.number else None


_NO_DOCUMENT: Final = _Document("", ())


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
                    "kind": KINDS["project.funded" if each.fen > 0 else "project.withdrawn"],
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
                each.position,
                {"amount_fen": (each.position,)},
                {
                    "receiver_name": _of_record(project, "name") or Told(each.position, "project"),
                    "town": _of_record(project, "town"),
                    "unit": _of_record(project, "unit"),
                    "source_document": documents.get(each.tranche, _NO_DOCUMENT).told(each.position),
                    "amount_fen": None,
                },
                ("project", each.project),
            )
        )
    return lines


def plan(scope: Scope) -> list[Line]:
    """Return the projects of the annual plan that were not taken out of it."""
    return _planned(scope, lambda project: not any(project.day(name) for name in GONE))


def before_start(scope: Scope) -> list[Line]:
    """Return the planned projects that have not begun."""
    return _planned(scope, lambda project: not any(project.day(name) for name in (*GONE, "started")))


def adjustment(scope: Scope) -> list[Line]:
    """Return what was changed of the plan: money taken from a project or given again, and projects taken out."""
    projects = {project.code: project for project in projects_of(scope, GONE)}
    documents = _documents_of_tranches(scope)
    lines = []
    for measure, words in WITHDRAWN.items():
        for each in money_of(scope, (measure,)):
            project = projects.get(each.project)
            if project is not None:
                lines.append(_changed(project, each, words, documents))
    for project in projects.values():
        for milestone, words in GONE.items():
            if project.day(milestone):
                day, position = project.reached[milestone]
                nothing = Movement(project.code, "", "", "", "", "", day, 0, position)
                lines.append(_changed(project, nothing, words, documents))
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
            _days(project, "started", "completed", "accepted"),
            ("project", project.code),
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
            told=_days(project, "listed"),
            thing=("project", project.code),
        )
        for project in projects_of(scope, ("listed", *GONE))
        if project.day("listed") and not any(project.day(name) for name in GONE)
    ]


def plan_completion(scope: Scope) -> list[Line]:
    """Return every project that was ever in the annual plan, with how far it and its money got."""
    measures = ("planned", "funded", "paid")
    sums = sums_of(scope, measures)
    asked = ("planned", "started", "completed", "accepted", *GONE)
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
            {**_days(project, "completed", "accepted"), "state": _told_state(project)},
            ("project", project.code),
        )
        for project in projects_of(scope, asked)
        if project.day("planned")
    ]


def _planned(scope: Scope, chosen: Callable[[Project], bool]) -> list[Line]:
    money = _by_level(money_of(scope, ("funded",)))
    lines = []
    for project in projects_of(scope, ("planned", "started", *GONE)):
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
                thing=("project", project.code),
            )
        )
    return lines


def _by_level(movements: Iterable[Movement]) -> defaultdict[str, defaultdict[str, Sum]]:
    """Return for each project its money by level: what funded it, net of what went back."""
    found: defaultdict[str, defaultdict[str, Sum]] = defaultdict(lambda: defaultdict(Sum))
    for each in movements:
        found[each.project][each.level].add(each.fen, each.position)
    return found


def _handed_down(scope: Scope, documents: dict[str, _Document]) -> list[Line]:
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
            "kind": KINDS["tranche.distributed"],
            "receiver": area,
            "receiver_name": unit or scope.name(area),
            "town": "",
            **_source(each, documents),
            "day": day,
            "document": document,
            "amount_fen": each.fen,
            "unit": unit,
        }
        told = {
            "receiver": Told(each.position, "child_area"),
            "receiver_name": Told(each.position, "child_unit" if unit else "child_area"),
            "unit": Told(each.position, "child_unit"),
            "source_document": documents.get(tranche, _NO_DOCUMENT).told(each.position),
        }
        thing = ("tranche", tranche)
        lines.append(Line(values, (each.position,), tranche, each.position, told=told, thing=thing))
    return lines


def _documents_of_tranches(scope: Scope) -> dict[str, _Document]:
    """Return for each tranche the document that issued its money, its own or that of the tranche above."""
    facts = fact_tranche.c
    found: dict[str, tuple[str, str, int]] = {}
    wanted = (
        select(facts.tranche, facts.document, facts.parent, facts.position)
        .where(scope.happened(fact_tranche), facts.sign > 0)
        .order_by(facts.position)
    )
    for tranche, document, parent, position in scope.connection.execute(wanted):
        found.setdefault(tranche, (document, parent, int(position)))

    def named(tranche: str) -> _Document:
        document, parent, position = found[tranche]
        above = _NO_DOCUMENT if document or parent not in found else named(parent)
        return _Document(document or above.number, (position, *above.way))

    return {tranche: named(tranche) for tranche in found}


def _changed(project: Project, each: Movement, words: str, documents: dict[str, _Document]) -> Line:
    """Return the line of money that left a project, or, where there is none, of the step that took it out."""
    record = {key: _of_record(project, key) for key in ("name", "town", "village")}
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
        each.position,
        {"amount_fen": (each.position,) if each.fen else ()},
        record
        | (
            {"source_document": documents.get(each.tranche, _NO_DOCUMENT).told(each.position)}
            if each.fen
            else {"change": Told(each.position, "@change"), "document": None}
        ),
        ("project", project.code),
    )


def _source(each: Movement, documents: dict[str, _Document]) -> dict[str, str]:
    return {
        "fund_kind": _zh(FundKind, each.fund_kind),
        "level": _zh(FundLevel, each.level),
        "direction": _zh(TaskDirection, each.direction),
        "source_document": documents.get(each.tranche, _NO_DOCUMENT).number,
    }


def _named(project: Project) -> dict[str, str]:
    words = project.words
    return {"project": project.code, "name": words["name"], "town": words["town"], "village": words["village"]}


def _of_record(project: Project | None, key: str) -> Told | None:
    return Told(project.position, key) if project is not None else None


def _days(project: Project, *milestones: str) -> dict[str, Told | None]:
    """Return where the day of each milestone is told, by the column that shows it."""
    reached = {name: project.reached[name][1] for name in milestones if name in project.reached}
    return {f"{name}_on": Told(position, "effective_on") for name, position in reached.items()}


def _state(project: Project) -> str:
    return next((words for milestone, words in STAGES.items() if project.day(milestone)), "未开工")


def _told_state(project: Project) -> Told | None:
    """Return where it is told how far the project got; that it has not begun, no entry tells."""
    return next((Told(project.reached[name][1], "@state") for name in STAGES if name in project.reached), None)


def _type_name(scope: Scope, project: Project) -> str:
    code = project.words["project_type"]
    return code if scope.pack is None else scope.pack.type_name(code)


def _zh(codes: type[Code], value: str) -> str:
    return codes(value).zh if value else ""


def _sorted(positions: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({each for each in positions if each}))

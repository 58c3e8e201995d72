"""Works projects as OC4IDS 0.9.5 (Open Contracting for Infrastructure Data Standard), for comparison across countries.

Works are projects of a type that forms an asset and does not go to households. Receivers of payments are never named:
payments are grouped by day and paid to the project's unit. What the standard has no place for (the five rights, care,
income, disposal) is left out (ecosystem.md 3.3). The prefix of the identifiers is given by the Open Contracting
Partnership; without one of its own an office uses ``PROVISIONAL``, and its ids are provisional.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from ledger.codes import FundKind, FundLevel
from projections.latest import latest, written_by
from projections.stages import standing
from projections.tables import fact_financing, fact_milestone, fact_money, fact_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from projections.scope import Scope

__all__ = ["PROVISIONAL", "VERSION", "as_text", "package"]

VERSION: Final = "0.9"
PROVISIONAL: Final = "oc4ids-xxxxxx"
_STATUS: Final = {
    "declared": "identification",
    "reserve": "preparation",
    "started": "implementation",
    "in_progress": "implementation",
    "suspended": "implementation",
    "completed": "completion",
    "removed": "cancelled",
    "cancelled": "cancelled",
    "replaced": "cancelled",
}
_REHABILITATION: Final = frozenset({"repair"})
_EXPANSION: Final = frozenset({"extension", "continued"})
_LEVELS: Final = {str(level): level.zh for level in FundLevel}
_KINDS: Final = {str(kind): kind.zh for kind in FundKind}
_PAYER: Final = "payer"
_MARK: Final = "\ue000"
_MARKED: Final = re.compile(rf'"{_MARK}(-?[0-9]+\.[0-9]+){_MARK}"')
"""An amount on its way through ``json``, which has no exact decimals: a private sign on both sides."""


def package(scope: Scope, prefix: str, publisher: str) -> dict[str, Any]:
    """Return the project package of the works projects of the plan year, in the order of their codes.

    Raises NotFoundError: no rule pack was in force, which says what forms an asset.
    """
    works = {each.code for each in scope.rules.project_types if each.forms_asset and not each.to_household}
    stages = {row.project: row.stage for row in scope.connection.execute(select(standing(scope, scope.year)))}
    money, reached, financing = _money(scope), _reached(scope), _financing(scope)
    described = [row for row in _described(scope) if row["project"] in stages and row["project_type"] in works]
    return {
        "version": VERSION,
        "uri": f"urn:xianjie:oc4ids:{scope.area}:{scope.plan_year}:{scope.position}",
        "publishedDate": f"{scope.as_of.isoformat()}T00:00:00+08:00",
        "publisher": {"name": publisher},
        "projects": [
            _project(
                scope,
                row,
                identifier=f"{prefix}-{row['project']}",
                stage=stages[row["project"]],
                money=money.get(row["project"], []),
                reached=reached.get(row["project"], {}),
                financing=financing.get(row["project"], []),
            )
            for row in described
        ],
    }


def _project(
    scope: Scope,
    row: Mapping[str, Any],
    *,
    identifier: str,
    stage: str,
    money: list[Mapping[str, Any]],
    reached: Mapping[str, str],
    financing: list[Mapping[str, Any]],
) -> dict[str, Any]:
    unit = row["unit"] or scope.name(row["area"])
    sources = sorted({(each["level"], each["fund_kind"]) for each in (*financing, *money) if each["level"]})
    funder = {source: f"funder-{source[0]}-{source[1]}" for source in sources}
    paid = _paid(money)
    project: dict[str, Any] = {
        "id": identifier,
        "title": row["name"],
        "description": row["content"] or row["name"],
        "status": "completed" if "handed_over" in reached else _STATUS[stage],
        "type": _type(row["build_kind"]),
        "additionalClassifications": [
            {
                "scheme": "x-xianjie-project-type",
                "id": row["project_type"],
                "description": scope.rules.type_name(row["project_type"]),
            }
        ],
        "locations": [_location(scope, row)],
        "parties": [
            {"id": "unit", "name": unit, "roles": ["publicAuthority", "procuringEntity", "payee"]},
            {"id": _PAYER, "name": f"{scope.name(row['area'])}财政部门", "roles": [_PAYER]},
            *(
                {"id": funder[source], "name": _source(source), "roles": ["funder", "sourceParty"]}
                for source in sources
            ),
        ],
        "publicAuthority": {"id": "unit", "name": unit},
    }
    if budget := _budget(row, reached, money, financing, funder):
        project["budget"] = budget
    if paid:
        project["transactions"] = [
            {
                "id": f"{identifier}-{on}",
                "date": f"{on}T00:00:00+08:00",
                "value": _value(fen),
                "payer": {"id": _PAYER, "name": f"{scope.name(row['area'])}财政部门"},
                "payee": {"id": "unit", "name": unit},
            }
            for on, fen in sorted(paid.items())
        ]
    if ended := reached.get("completed"):
        completion: dict[str, Any] = {"endDate": f"{ended}T00:00:00+08:00"}
        if "settled" in reached or "accepted" in reached:
            completion |= {"finalValue": _value(sum(paid.values())), "finalValueDetails": "截至本文件日期已支付的资金"}
        project["completion"] = completion
    return project


def _location(scope: Scope, row: Mapping[str, Any]) -> dict[str, Any]:
    code = row["village"] or row["town"] or row["area"]
    return {
        "id": code,
        "description": row["place"] or scope.name(code),
        "gazetteer": {"scheme": "CN-GB2260", "identifiers": [code]},
    }


def _budget(
    row: Mapping[str, Any],
    reached: Mapping[str, str],
    money: list[Mapping[str, Any]],
    financing: list[Mapping[str, Any]],
    funder: Mapping[tuple[str, str], str],
) -> dict[str, Any]:
    in_plan = sum(each["fen"] for each in money if each["measure"] == "planned")
    planned = int(in_plan) or sum(each["planned_fen"] for each in financing) or row["estimate_fen"]
    if not planned:
        return {}
    budget: dict[str, Any] = {"amount": _value(planned)}
    if approved := reached.get("approved"):
        budget["approvalDate"] = f"{approved}T00:00:00+08:00"
    if financing:
        lines = [
            {
                "id": str(number),
                "description": _source((each["level"], each["fund_kind"])),
                "amount": _value(each["planned_fen"]),
                "sourceParty": {
                    "id": funder[each["level"], each["fund_kind"]],
                    "name": _source((each["level"], each["fund_kind"])),
                },
            }
            for number, each in enumerate(financing, 1)
        ]
        budget["budgetBreakdowns"] = [{"id": "1", "description": "按资金来源", "budgetBreakdown": lines}]
    return budget


def _type(build_kind: str) -> str:
    if build_kind in _REHABILITATION:
        return "rehabilitation"
    return "expansion" if build_kind in _EXPANSION else "construction"


def _source(source: tuple[str, str]) -> str:
    level, kind = source
    return f"{_LEVELS.get(level, level)}{_KINDS.get(kind, kind)}"


def as_text(made: Mapping[str, Any]) -> str:
    """Return the package as JSON; amounts are JSON numbers written from exact decimals."""
    marked = json.dumps(made, ensure_ascii=False, indent=1, default=lambda yuan: f"{_MARK}{yuan}{_MARK}")
    return _MARKED.sub(r"\1", marked) + "\n"


def _value(fen: int) -> dict[str, Any]:
    return {"amount": Decimal(fen).scaleb(-2), "currency": "CNY"}


def _described(scope: Scope) -> list[Mapping[str, Any]]:
    newest = latest(scope, fact_project, ("project",))
    wanted = select(fact_project).join(newest, written_by(newest, fact_project)).order_by(fact_project.c.project)
    return [dict(row) for row in scope.connection.execute(wanted).mappings()]


def _financing(scope: Scope) -> dict[str, list[Mapping[str, Any]]]:
    newest = latest(scope, fact_financing, ("project",))
    wanted = select(fact_financing).join(newest, written_by(newest, fact_financing))
    rows = scope.connection.execute(wanted.order_by(fact_financing.c.project, fact_financing.c.line)).mappings()
    return _by_project(rows)


def _money(scope: Scope) -> dict[str, list[Mapping[str, Any]]]:
    facts = fact_money.c
    keys = (facts.project, facts.level, facts.fund_kind, facts.measure, facts.effective_on)
    wanted = (
        select(*keys, func.sum(facts.amount_fen).label("fen"))
        .where(facts.measure.in_(("planned", "funded", "paid")), scope.within(fact_money))
        .group_by(*keys)
        .order_by(*keys)
    )
    return _by_project(scope.connection.execute(wanted).mappings())


def _paid(money: list[Mapping[str, Any]]) -> dict[str, int]:
    """Return what was paid on each day, of all tranches together; days whose money went back are not shown."""
    paid: defaultdict[str, int] = defaultdict(int)
    for row in money:
        if row["measure"] == "paid":
            paid[row["effective_on"]] += int(row["fen"])
    return {on: fen for on, fen in paid.items() if fen}


def _reached(scope: Scope) -> dict[str, dict[str, str]]:
    """Return the first day of each milestone that stands, for each project."""
    facts = fact_milestone.c
    keys = (facts.subject, facts.milestone, facts.effective_on)
    wanted = (
        select(*keys)
        .where(facts.kind == "project", scope.within(fact_milestone))
        .group_by(*keys)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.effective_on.desc())
    )
    found: dict[str, dict[str, str]] = {}
    for project, milestone, on in scope.connection.execute(wanted):
        found.setdefault(project, {})[milestone] = on
    return found


def _by_project(rows: Iterable[Mapping[Any, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["project"], []).append(dict(row))
    return found

"""The card of every project and asset: what it is, its money or rights, and its course, each step with its event."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, select

from ledger.codes import AssetClass, AssetForm, BuildKind, FundKind, FundLevel
from ledger.money import format_yuan
from projections.assets import assets_at
from projections.extracts.lines_of_assets import rights
from projections.extracts.projects import projects_of
from projections.extracts.summands import Sum, values_of
from projections.site.pages import Cell, Head, Summed
from projections.site.words import MILESTONES, STEPS
from projections.tables import fact_asset_step, fact_milestone, fact_money

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Table

    from projections.scope import Scope

__all__ = ["asset_cards", "project_cards"]

_MEASURES: Final = ("planned", "funded", "released", "paid", "reimbursed", "settled")
_MONEY: Final = ("计划", "安排", "核拨", "支付", "报账", "审定")


class _Step(NamedTuple):
    on: str
    words: str
    document: str
    position: int


def project_cards(scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each project's code with what its card shows, and the entries that its amounts are made of."""
    steps, money = _steps(scope, fact_milestone, "subject", "milestone", MILESTONES), _money(scope)
    for project in projects_of(scope, ()):
        words = project.words
        facts = [
            ("项目编号", project.code),
            ("类型", scope.rules.type_name(words["project_type"])),
            ("建设性质", BuildKind(words["build_kind"]).zh if words["build_kind"] else ""),
            ("地点", "".join(scope.name(each) for each in (words["town"], words["village"]) if each) + words["place"]),
            ("建设任务", words["content"]),
            ("责任单位", words["unit"]),
            ("绩效目标", words["goal"]),
            ("受益", f"{project.households} 户 {project.persons} 人" if project.households or project.persons else ""),
            ("联农带农机制", words["linkage"]),
        ]
        rows = [
            [
                Cell(FundKind(kind).zh if kind else "(不分资金)"),
                Cell(FundLevel(level).zh if level else ""),
                *(_amount(sums[measure], measure, level, project.code) for measure in _MEASURES),
            ]
            for (kind, level), sums in sorted(money.get(project.code, {}).items())
        ]
        heads = [Head("资金种类"), Head("级次"), *(Head(f"{name}(元)", True) for name in _MONEY)]
        yield (
            project.code,
            {
                "title": words["name"],
                "facts": _facts(facts),
                "parts": [{"name": "资金", "columns": heads, "rows": rows, "total": None}],
                "steps": steps.get(project.code, []),
                "entries": [
                    at for sums in money.get(project.code, {}).values() for each in sums.values() for at in each.parts
                ],
            },
        )


def asset_cards(scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each standing asset's code with what its card shows; households are numbers on it, never holders."""
    found, values = assets_at(scope), values_of(scope)
    steps = _steps(scope, fact_asset_step, "asset", "step", STEPS)
    held: defaultdict[str, list[list[Cell]]] = defaultdict(list)
    for line in rights(scope):
        shown = [line.values[key] for key in ("right", "holder", "share", "since", "document")]
        held[str(line.values["asset"])].append([Cell(str(value or "")) for value in shown])
    heads = [Head(name) for name in ("权利", "权利人", "份额", "起始", "依据")]
    for asset in scope.connection.execute(select(found).order_by(found.c.asset)):
        made_of = tuple(values[asset.asset])
        facts = [
            ("资产编号", asset.asset),
            ("类别", AssetClass(asset.asset_class).zh),
            ("形态", AssetForm(asset.asset_form).zh),
            ("地点", "".join(scope.name(each) for each in (asset.town, asset.village) if each) + asset.place),
            ("数量", asset.quantity),
            ("形成年度", str(asset.year)),
            ("来源项目", asset.project),
            ("原值(元)", Cell(format_yuan(int(asset.value_fen)), sum=Summed("value", "", asset.asset, made_of))),
        ]
        yield (
            asset.asset,
            {
                "title": asset.name,
                "facts": _facts(facts),
                "parts": [{"name": "权利分置", "columns": heads, "rows": held[asset.asset], "total": None}],
                "steps": steps.get(asset.asset, []),
                "entries": made_of,
            },
        )


def _facts(pairs: Sequence[tuple[str, str | Cell]]) -> dict[str, Any]:
    shown = [(name, each if isinstance(each, Cell) else Cell(each)) for name, each in pairs]
    rows = [[Cell(name), cell] for name, cell in shown if cell.text]
    return {"columns": [Head("项目"), Head("内容")], "rows": rows}


def _amount(amount: Sum, measure: str, level: str, project: str) -> Cell:
    return Cell(format_yuan(amount.fen), sum=Summed(measure, level, project, tuple(amount.parts)))


def _money(scope: Scope) -> dict[str, dict[tuple[str, str], defaultdict[str, Sum]]]:
    """Return each project's money by fund kind and level, then by measure."""
    facts = fact_money.c
    columns = (facts.project, facts.fund_kind, facts.level, facts.measure, facts.origin)
    standing = (
        select(*columns, func.sum(facts.amount_fen))
        .where(facts.measure.in_(_MEASURES), facts.project != "", scope.within(fact_money))
        .group_by(*columns)
        .having(func.sum(facts.amount_fen) != 0)
        .order_by(facts.origin)
    )
    found: defaultdict[str, dict[tuple[str, str], defaultdict[str, Sum]]] = defaultdict(dict)
    for project, kind, level, measure, origin, fen in scope.connection.execute(standing):
        found[project].setdefault((kind, level), defaultdict(Sum))[measure].add(int(fen), int(origin))
    return found


def _steps(scope: Scope, table: Table, subject: str, step: str, words: Mapping[str, str]) -> dict[str, list[_Step]]:
    """Return the steps of each subject that still stand and have words, in the order in which they happened."""
    facts = table.c
    columns = (facts[subject], facts.effective_on, facts[step], facts.document, facts.origin)
    living = (
        select(*columns)
        .where(facts[step].in_(sorted(words)), scope.within(table))
        .group_by(*columns)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.effective_on, facts.origin)
    )
    if "kind" in facts:
        living = living.where(facts.kind == "project")
    found: defaultdict[str, list[_Step]] = defaultdict(list)
    for code, day, name, document, origin in scope.connection.execute(living):
        found[code].append(_Step(day, words[name], document, int(origin)))
    return found

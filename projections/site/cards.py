"""The card of every project and asset: what it is, its money or rights, and its course, each step with its event."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select

from ledger.codes import AssetClass, AssetForm, BuildKind, FundKind, FundLevel, NoticeTemplate
from ledger.money import format_yuan
from projections.assets import assets_at
from projections.extracts.extract import Told
from projections.extracts.lines_of_assets import rights
from projections.extracts.projects import projects_of
from projections.extracts.summands import Sum, values_of
from projections.extracts.templates import TEMPLATES
from projections.site.pages import Cell, Head, Summed
from projections.site.rows import Row, summands_of, told_in
from projections.site.words import MILESTONES, STEPS
from projections.tables import fact_asset_step, fact_milestone, fact_money

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Table

    from projections.scope import Scope

__all__ = ["Card", "asset_cards", "project_cards"]

_MEASURES: Final = ("planned", "funded", "released", "paid", "reimbursed", "settled")
_MONEY: Final = ("计划", "安排", "核拨", "支付", "报账", "审定")


class _Step(NamedTuple):
    on: Cell
    words: Cell
    document: Cell
    position: int


class Part(NamedTuple):
    """A table of a card."""

    name: str
    columns: list[Head]
    rows: list[Row]


class Card(NamedTuple):
    """What the page of a thing shows: its heading, what it is, its money or its rights, and its course."""

    thing: str
    heading: Cell
    facts: Part
    part: Part
    steps: list[_Step]

    def told(self) -> list[Told]:
        """Return where everything on the card is told, in the order of the page."""
        course = [Row([each for each in step[:3] if each.text], self.thing) for step in self.steps]
        return told_in([Row([self.heading], self.thing), *self.facts.rows, *self.part.rows, *course])

    def summands(self) -> list[int]:
        """Return the entries that its amounts add up."""
        return summands_of([*self.facts.rows, *self.part.rows])

    @property
    def lines(self) -> int:
        """How many lines and steps the card has."""
        return len(self.facts.rows) + len(self.part.rows) + len(self.steps)


def project_cards(scope: Scope) -> Iterator[tuple[str, Card]]:
    """Yield each project's code with its card."""
    steps, money = _steps(scope, fact_milestone, "subject", "milestone", MILESTONES), _money(scope)
    for project in projects_of(scope, ()):
        words, here = project.words, f"project {project.code}"
        place = "".join(scope.name(each) for each in (words["town"], words["village"]) if each) + words["place"]
        facts = [
            ("项目编号", project.code, "project"),
            ("类型", scope.rules.type_name(words["project_type"]), "project_type"),
            ("建设性质", BuildKind(words["build_kind"]).zh if words["build_kind"] else "", "build_kind"),
            ("地点", place, "town village place"),
            ("建设任务", words["content"], "content"),
            ("责任单位", words["unit"], "unit"),
            ("绩效目标", words["goal"], "goal"),
            ("受益户数", str(project.households or ""), "households"),
            ("受益人数", str(project.persons or ""), "persons"),
            ("联农带农机制", words["linkage"], "linkage"),
        ]
        told = [(name, Cell(text, told=Told(project.position, field))) for name, text, field in facts]
        rows = [
            _amounts(project.code, kind, level, sums) for (kind, level), sums in sorted(money[project.code].items())
        ]
        heads = [Head("资金种类"), Head("级次"), *(Head(f"{name}(元)", True) for name in _MONEY)]
        heading = Cell(words["name"], told=Told(project.position, "name"))
        yield project.code, Card(here, heading, _facts(here, told), Part("资金", heads, rows), steps[project.code])


def asset_cards(scope: Scope) -> Iterator[tuple[str, Card]]:
    """Yield each standing asset's code with its card; households are numbers on it, never holders."""
    found, values = assets_at(scope), values_of(scope)
    steps = _steps(scope, fact_asset_step, "asset", "step", STEPS)
    held: defaultdict[str, list[Row]] = defaultdict(list)
    columns = [column for column in TEMPLATES[NoticeTemplate.RIGHTS].columns if column.key not in {"asset", "name"}]
    for line in rights(scope):
        cells = [Cell(str(line.values[each.key] or ""), told=line.source_of(each)) for each in columns]
        held[line.thing[1]].append(Row(cells, " ".join(line.thing)))
    for asset in scope.connection.execute(select(found).order_by(found.c.asset)):
        here, first = f"asset {asset.asset}", int(asset.position)
        placed, classed = int(asset.place_at), int(asset.class_at)
        villages = "".join(scope.name(each) for each in (asset.town, asset.village) if each)
        facts = [
            ("资产编号", asset.asset, Told(first, "asset")),
            ("类别", AssetClass(asset.asset_class).zh, Told(classed, "asset_class")),
            ("形态", AssetForm(asset.asset_form).zh, Told(classed, "asset_form")),
            ("乡镇和村", villages, Told(placed, "town village")),
            ("地点", asset.place, Told(first, "place")),
            ("数量", asset.quantity, Told(first, "quantity")),
            ("形成年度", str(asset.year), Told(first, "project_year")),
            ("来源项目", asset.project, Told(first, "project")),
        ]
        value = Summed("value", "", asset.asset, tuple(values[asset.asset]))
        told = [(name, Cell(text, told=source)) for name, text, source in facts]
        told.append(("原值(元)", Cell(format_yuan(int(asset.value_fen)), sum=value)))
        part = Part("权利分置", [Head(column.name) for column in columns], held[asset.asset])
        heading = Cell(asset.name, told=Told(first, "name"))
        yield asset.asset, Card(here, heading, _facts(here, told), part, steps[asset.asset])


def _facts(thing: str, told: Sequence[tuple[str, Cell]]) -> Part:
    rows = [Row([Cell(name, name=True), cell], thing) for name, cell in told if cell.text]
    return Part("基本情况", [Head("项目"), Head("内容")], rows)


def _amounts(project: str, kind: str, level: str, sums: Mapping[str, Sum]) -> Row:
    """Return the amounts of one kind and level of money, which the first of their entries tells."""
    first = min(at for each in sums.values() for at in each.parts)
    amounts = [sums.get(measure, Sum()) for measure in _MEASURES]
    return Row(
        [
            Cell(FundKind(kind).zh if kind else "(不分资金)", told=Told(first, "fund_kind") if kind else None),
            Cell(FundLevel(level).zh if level else "", told=Told(first, "level")),
            *(
                Cell(format_yuan(each.fen), sum=Summed(measure, level, project, tuple(each.parts)))
                for measure, each in zip(_MEASURES, amounts, strict=True)
            ),
        ],
        f"project {project}",
    )


def _money(scope: Scope) -> defaultdict[str, dict[tuple[str, str], defaultdict[str, Sum]]]:
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


def _steps(
    scope: Scope, table: Table, subject: str, step: str, words: Mapping[str, str]
) -> defaultdict[str, list[_Step]]:
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
        fields = (day, "effective_on"), (words[name], "@step"), (document, "document")
        on, what, by = (Cell(text, told=Told(int(origin), field)) for text, field in fields)
        found[code].append(_Step(on, what, by, int(origin)))
    return found

"""The verbs of ``xianjie project`` that show: list, show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Verb
from cli.histories import history_of, history_table
from cli.output import Table, fields_table, show
from cli.params import TEXT, Choice
from cli.project_types import project_type_name
from cli.registers import Listing, list_options, projects, register, show_rows
from cli.words import FIELDS, STAGES, code_name, field_text
from ledger.money import format_yuan

if TYPE_CHECKING:
    from ledger.domain.funding import Funding
    from ledger.domain.project import Project

__all__ = ["VERBS"]

_project_argument = click.argument("project", metavar="项目编号", type=TEXT)

_MEASURES: Final = ("allocated_fen", "released_fen", "paid_fen", "reimbursed_fen", "retained_fen")
# The stages of projections.stages, said here so that the help need not import them; a test compares them.
_STANDINGS: Final = {
    "declared": "申报中",
    "reserve": "储备",
    "started": "开工",
    "in_progress": "在建",
    "suspended": "停工",
    "completed": "竣工",
    "removed": "出库",
    "cancelled": "取消",
    "replaced": "替换",
}


@click.command("list", cls=Verb, help="列出项目")
@list_options
@click.option("--stage", type=Choice(_STANDINGS), metavar="阶段", help=f"只看这一阶段:{'、'.join(_STANDINGS.values())}")
@answer_options
@with_settings
def list_(settings: Settings, area: str | None, year: int | None, limit: int, stage: str | None) -> None:
    """List the projects with stage and money."""
    listing = Listing(settings, area, year, limit)
    with register(listing) as scope:
        records = projects(scope, limit + 1, stage)
    heads = ("项目编号", "名称", "地区", "年度", "类型", "阶段", ">安排(元)", ">支付(元)")
    show_rows(listing, records, heads, _row)


def _row(record: dict[str, Any]) -> list[str]:
    amounts = [format_yuan(record[name]) for name in ("funded_fen", "paid_fen")]
    words = [project_type_name(record["project_type"]), record["stage_name"]]
    return [record["project"], record["name"], record["area_name"], str(record["project_year"]), *words, *amounts]


@click.command("show", cls=Verb, help="查看一个项目:现在的登记内容、到过的环节、资金和每一笔")
@_project_argument
@answer_options
@with_settings
def show_(settings: Settings, project: str) -> None:
    """Show one project as it stands and all that happened to it."""
    from ledger.commands.work import PROJECT

    with open_log(settings) as engine:
        history = history_of(engine, PROJECT.stream(project))
    state = history.state(PROJECT)
    state.must_be_known(project)
    lines = list(state.funding.values())
    data = {
        **state.dimensions(),
        "name": state.name,
        "record": _record(state),
        "reached": {stage: on.isoformat() for stage, on in state.reached.items()},
        "suspended": state.suspended,
        "percent": state.percent,
        "planned_fen": state.planned_fen,
        "contract_fen": state.contract_fen,
        "invested_fen": state.invested_fen,
        "settled_fen": state.settled_fen,
        "funding": [{**line.dimensions(), **{name: getattr(line, name) for name in _MEASURES}} for line in lines],
        "events": history.as_json(),
    }
    tables = [fields_table(f"项目 {project}", _fields(state)), _money_table(lines)]
    if state.record.financing:
        tables.append(_sources_table(state))
    show(settings.format, data, *tables, history_table(history))


def _fields(state: Project) -> list[tuple[str, str]]:
    """Return what is known of the project, as labels and values; a sum of money of zero is not shown."""
    record = _record(state)
    sums = {name: getattr(state, name) for name in ("planned_fen", "contract_fen", "invested_fen", "settled_fen")}
    return [
        ("名称", state.name),
        ("地区", state.area),
        ("乡镇", state.town),
        ("村", state.village),
        ("项目年度", str(state.project_year)),
        ("项目类型", project_type_name(state.project_type)),
        ("已到环节", ";".join(f"{STAGES[stage]} {on}" for stage, on in state.reached.items())),
        ("是否停工", "停工中" if state.suspended else ""),
        *((FIELDS[name], field_text(name, value) if value else "") for name, value in record.items() if name != "name"),
        ("形象进度", "" if state.percent is None else f"{state.percent}%"),
        *((FIELDS[name], format_yuan(fen) if fen else "") for name, fen in sums.items()),
    ]


def _record(state: Project) -> dict[str, Any]:
    """Return the record as JSON."""
    from pydantic_core import to_jsonable_python

    record: dict[str, Any] = to_jsonable_python(state.record.stated())
    return record


def _money_table(lines: list[Funding]) -> Table:
    heads = ("批次", "资金类别", "级次", ">安排(元)", ">核拨(元)", ">支付(元)", ">报账(元)", ">质保金(元)")
    rows = [
        [
            line.tranche,
            code_name("fund_kind", line.fund_kind),
            code_name("level", line.level),
            *(format_yuan(getattr(line, name)) for name in _MEASURES),
        ]
        for line in lines
    ]
    return Table(heads, rows, title="资金")


def _sources_table(state: Project) -> Table:
    """Return what each source was meant to give beside what it gave."""
    planned = {(part.fund_kind, part.level): part.amount_fen for part in state.record.financing}
    given: dict[tuple[str, str], list[Funding]] = {}
    for line in state.funding.values():
        given.setdefault((line.fund_kind, line.level), []).append(line)
    rows = [
        [
            code_name("fund_kind", source[0]),
            code_name("level", source[1]),
            format_yuan(planned.get(source, 0)),
            format_yuan(sum(line.allocated_fen for line in given.get(source, []))),
            format_yuan(sum(line.paid_fen for line in given.get(source, []))),
        ]
        for source in dict.fromkeys([*planned, *given])
    ]
    return Table(("资金类别", "级次", ">计划筹措(元)", ">安排(元)", ">支付(元)"), rows, title="资金来源")


VERBS: Final = (list_, show_)

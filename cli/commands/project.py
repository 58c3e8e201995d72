"""``xianjie project``: a project's life from the library to acceptance."""

from __future__ import annotations

from typing import Any

import click

from cli.context import Settings, format_option, open_log, with_settings
from cli.help import Noun
from cli.histories import history_of, history_table
from cli.output import Table, fields_table, show
from cli.params import TEXT, YEAR, YES_NO, money_option
from cli.project_types import project_type_code, project_type_name
from cli.recording import Entry, write_options
from cli.registers import Listing, list_options, projects, register, show_rows
from cli.words import STAGES
from ledger.money import format_yuan

__all__ = ["project"]

_project_argument = click.argument("project", metavar="项目编号")


@click.group(cls=Noun, help="项目:入库、批复、列入计划、开工、完成投资、完工、验收、取消、查看")
def project() -> None:
    """Projects."""


@project.command(help="项目审定入库")
@_project_argument
@click.option("--name", type=TEXT, required=True, help="项目名称")
@click.option("--area", type=TEXT, required=True, help="所在县,六位代码")
@click.option("--town", type=TEXT, help="所在乡镇,九位代码")
@click.option("--village", type=TEXT, help="所在村,十二位代码")
@click.option("--year", "project_year", type=YEAR, required=True, help="项目年度")
@click.option("--type", "project_type", type=TEXT, required=True, help="项目类型,代码或名称(xianjie rule show base)")
@click.option("--industry", type=YES_NO, help="另行认定是否属于产业项目(须写 --reason)")
@click.option("--content", type=TEXT, help="建设内容")
@click.option("--unit-name", "unit", type=TEXT, help="实施单位")
@click.option("--goal", type=TEXT, help="绩效目标")
@money_option("--estimate", "estimate_fen", "概算", required=False)
@write_options
def add(entry: Entry, project_type: str, **values: object) -> None:
    """Enter a project in the library."""
    from ledger.domain.stages import ListProject

    entry.record(ListProject, {**values, "project_type": project_type_code(project_type)})


@project.command(help="登记批复")
@_project_argument
@write_options
def approve(entry: Entry, **values: object) -> None:
    """Record the approval."""
    from ledger.domain.stages import ApproveProject

    entry.record(ApproveProject, values)


@project.command(help="列入年度计划")
@_project_argument
@click.option("--year", "project_year", type=YEAR, help="计划年度,默认为项目年度")
@money_option("--amount", "planned_fen", "计划投资", required=False)
@write_options
def plan(entry: Entry, **values: object) -> None:
    """Take the project into an annual plan."""
    from ledger.domain.stages import PlanProject

    entry.record(PlanProject, values)


@project.command(help="登记开工")
@_project_argument
@write_options
def start(entry: Entry, **values: object) -> None:
    """Record that work started."""
    from ledger.domain.stages import StartProject

    entry.record(StartProject, values)


@project.command(help="登记自上次以来完成的投资")
@_project_argument
@money_option("--amount", "invested_fen", "完成投资(增加的部分)")
@write_options
def progress(entry: Entry, **values: object) -> None:
    """Record work done since the last report."""
    from ledger.domain.stages import ReportProgress

    entry.record(ReportProgress, values)


@project.command(help="登记完工")
@_project_argument
@write_options
def complete(entry: Entry, **values: object) -> None:
    """Record that the project is complete."""
    from ledger.domain.stages import CompleteProject

    entry.record(CompleteProject, values)


@project.command(help="登记验收")
@_project_argument
@write_options
def accept(entry: Entry, **values: object) -> None:
    """Record that the project was accepted."""
    from ledger.domain.stages import AcceptProject

    entry.record(AcceptProject, values)


@project.command(help="取消项目或移出项目库(须写 --reason)")
@_project_argument
@write_options
def cancel(entry: Entry, **values: object) -> None:
    """Cancel the project."""
    from ledger.domain.stages import CancelProject

    entry.record(CancelProject, values)


@project.command("list", help="列出项目")
@list_options
@format_option
@with_settings
def list_(settings: Settings, area: str | None, year: int | None, limit: int) -> None:
    """List the projects with stage and money."""
    listing = Listing(settings, area, year, limit)
    with register(listing) as scope:
        records = projects(scope, limit + 1)
    heads = ("项目编号", "名称", "地区", "年度", "类型", "阶段", ">安排(元)", ">支付(元)")
    show_rows(listing, records, heads, _row)


def _row(record: dict[str, Any]) -> list[str]:
    amounts = [format_yuan(record[name]) for name in ("funded_fen", "paid_fen")]
    words = [project_type_name(record["project_type"]), record["stage_name"]]
    return [record["project"], record["name"], record["area_name"], str(record["project_year"]), *words, *amounts]


@project.command("show", help="查看一个项目:阶段、资金和每一笔")
@_project_argument
@format_option
@with_settings
def show_(settings: Settings, project: str) -> None:
    """Show one project and all that happened to it."""
    from ledger.commands.work import PROJECT

    with open_log(settings) as engine:
        history = history_of(engine, PROJECT.stream(project))
    state = history.state(PROJECT)
    state.must_exist(project)
    reached = ";".join(f"{STAGES[stage]} {on}" for stage, on in state.reached.items())
    pairs = [
        ("名称", state.name),
        ("地区", state.area),
        ("乡镇", state.town),
        ("村", state.village),
        ("项目年度", str(state.project_year)),
        ("项目类型", project_type_name(state.project_type)),
        ("已到环节", reached),
    ]
    measures = ("allocated_fen", "released_fen", "paid_fen", "reimbursed_fen")
    money = [
        [line.tranche, *(format_yuan(getattr(line, name)) for name in measures)] for line in state.funding.values()
    ]
    data = {
        **state.dimensions(),
        "name": state.name,
        "reached": {stage: on.isoformat() for stage, on in state.reached.items()},
        "funding": [
            {**line.dimensions(), **{name: getattr(line, name) for name in measures}} for line in state.funding.values()
        ],
        "events": history.as_json(),
    }
    heads = ("批次", ">安排(元)", ">核拨(元)", ">支付(元)", ">报账(元)")
    tables = (fields_table(f"项目 {project}", pairs), Table(heads, money, title="资金"), history_table(history))
    show(settings.format, data, *tables)

"""The verbs of ``xianjie project`` about the library: declare, review, appraise, add, amend, approve, plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cli.help import Verb
from cli.params import DATE, FINANCING, TARGET, TEXT, WHOLE, YEAR, YES_NO, code_option, money_option
from cli.project_types import project_type_code
from cli.recording import Entry, write_options

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["VERBS"]

F = TypeVar("F", bound="Callable[..., Any]")

_project_argument = click.argument("project", metavar="项目编号", type=TEXT)


def _place_options(*, required: bool) -> Callable[[F], F]:
    """Add what a project is called and where it belongs; a declared project may be listed without."""

    def add_options(command: F) -> F:
        for option in (
            click.option("--industry", type=YES_NO, help="另行认定是否属于产业项目(须写 --reason)"),
            click.option(
                "--type",
                "project_type",
                type=TEXT,
                required=required,
                help="项目类型,代码或名称(xianjie rule show base)",
            ),
            click.option("--year", "project_year", type=YEAR, required=required, help="项目年度"),
            click.option("--village", type=TEXT, help="所在村,十二位代码"),
            click.option("--town", type=TEXT, help="所在乡镇,九位代码"),
            click.option("--area", type=TEXT, required=required, help="所在县,六位代码"),
            click.option("--name", type=TEXT, required=required, help="项目名称"),
        ):
            command = option(command)
        return command

    return add_options


def _record_options(command: F) -> F:
    """Add the fields of a library record."""
    for option in (
        click.option("--goal-item", "goals", type=TARGET, multiple=True, help="绩效指标,可写多次,如 受益户:120:户"),
        click.option("--goal", type=TEXT, help="绩效目标"),
        click.option("--participation", type=TEXT, help="群众参与"),
        click.option("--linkage", type=TEXT, help="联农带农机制"),
        click.option("--poor-persons", type=WHOLE, help="其中脱贫人口和监测对象数"),
        click.option("--poor-households", type=WHOLE, help="其中脱贫户和监测户数"),
        click.option("--persons", type=WHOLE, help="受益人数"),
        click.option("--households", type=WHOLE, help="受益户数"),
        click.option("--financing", type=FINANCING, multiple=True, help="资金筹措,可写多次,如 衔接资金:中央:50万元"),
        money_option("--estimate", "estimate_fen", "概算", required=False),
        click.option("--finish", "finish_on", type=DATE, help="计划完工日期"),
        click.option("--begin", "begin_on", type=DATE, help="计划开工日期"),
        click.option("--place", type=TEXT, help="实施地点"),
        code_option("--build-kind", "build_kind", "建设性质:新建、续建、改扩建、维修"),
        click.option("--unit-name", "unit", type=TEXT, help="实施单位"),
        click.option("--content", type=TEXT, help="建设内容"),
    ):
        command = option(command)
    return command


@click.command(cls=Verb, help="登记村、乡镇或单位的项目申报")
@_project_argument
@_place_options(required=True)
@_record_options
@write_options
def declare(entry: Entry, **values: Any) -> None:  # noqa: ANN401 - flags as click hands them over
    """Record that a project was declared."""
    from ledger.domain.stages import DeclareProject

    entry.record(DeclareProject, _given(values))


@click.command(cls=Verb, help="登记乡镇审核")
@_project_argument
@write_options
def review(entry: Entry, **values: object) -> None:
    """Record the town's review."""
    from ledger.domain.stages import ReviewProject

    entry.record(ReviewProject, values)


@click.command(cls=Verb, help="登记论证")
@_project_argument
@write_options
def appraise(entry: Entry, **values: object) -> None:
    """Record the appraisal."""
    from ledger.domain.stages import AppraiseProject

    entry.record(AppraiseProject, values)


@click.command(cls=Verb, help="项目审定入库;已申报的项目只写与申报不同的内容,未申报的须写名称、县、年度、类型")
@_project_argument
@_place_options(required=False)
@_record_options
@write_options
def add(entry: Entry, **values: Any) -> None:  # noqa: ANN401 - flags as click hands them over
    """Enter a project in the library."""
    from ledger.domain.stages import ListProject

    entry.record(ListProject, _given(values))


@click.command(cls=Verb, help="变更项目内容(须写批准文号 --doc),只写要变更的")
@_project_argument
@click.option("--name", type=TEXT, help="项目名称")
@_record_options
@write_options
def amend(entry: Entry, **values: Any) -> None:  # noqa: ANN401 - flags as click hands them over
    """Change the record of a project."""
    from ledger.domain.stages import AmendProject

    entry.record(AmendProject, _given(values))


@click.command(cls=Verb, help="登记批复")
@_project_argument
@write_options
def approve(entry: Entry, **values: object) -> None:
    """Record the approval."""
    from ledger.domain.stages import ApproveProject

    entry.record(ApproveProject, values)


@click.command(cls=Verb, help="列入年度计划")
@_project_argument
@click.option("--year", "project_year", type=YEAR, help="计划年度,默认为项目年度")
@money_option("--amount", "planned_fen", "计划投资", required=False)
@write_options
def plan(entry: Entry, **values: object) -> None:
    """Take the project into an annual plan."""
    from ledger.domain.stages import PlanProject

    entry.record(PlanProject, values)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the type's code; a list that was not given at all is no list."""
    given: dict[str, Any] = {name: None if value == () else value for name, value in values.items()}
    named = given.get("project_type")
    if named is not None:
        given["project_type"] = project_type_code(named)
    return given


VERBS: Final = (declare, review, appraise, add, amend, approve, plan)

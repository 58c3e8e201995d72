"""Decisions on a project's life: entered, approved, planned, started, completed, accepted, cancelled."""

from __future__ import annotations

from ledger.areas import AreaList
from ledger.domain.command import AreaRef, Command, Fen, Filled, Flag, Ident, Line, TownRef, VillageRef, Year
from ledger.domain.history import not_before
from ledger.domain.project import STAGE_NAMES, STAGES, Project
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import (
    Event,
    ProjectAccepted,
    ProjectApproved,
    ProjectCancelled,
    ProjectCompleted,
    ProjectListed,
    ProjectPlanned,
    ProjectProgressed,
    ProjectStarted,
)
from ledger.money import format_yuan
from ledger.rules import RulePack

__all__ = [
    "AcceptProject",
    "ApproveProject",
    "CancelProject",
    "CompleteProject",
    "ListProject",
    "PlanProject",
    "ReportProgress",
    "StageCommand",
    "StartProject",
    "decide_cancel",
    "decide_list",
    "decide_plan",
    "decide_progress",
    "decide_stage",
]


class ListProject(Command):
    """Enter a project in the library."""

    project: Ident
    name: Filled
    area: AreaRef
    town: TownRef = ""
    village: VillageRef = ""
    project_year: Year
    project_type: Line
    industry: Flag | None = None
    content: Line = ""
    unit: Line = ""
    goal: Line = ""
    estimate_fen: Fen | None = None


class StageCommand(Command):
    """A step in the life of a project."""

    project: Ident


class ApproveProject(StageCommand):
    """Approve the project."""


class PlanProject(StageCommand):
    """Take the project into an annual plan."""

    project_year: Year | None = None
    planned_fen: Fen | None = None


class StartProject(StageCommand):
    """Record that work started."""


class ReportProgress(StageCommand):
    """Record work done since the last report, as money invested."""

    invested_fen: Fen


class CompleteProject(StageCommand):
    """Record that the project is complete."""


class AcceptProject(StageCommand):
    """Record that the project was accepted."""


class CancelProject(StageCommand):
    """Cancel the project or take it out of the library."""


_EVENTS = {
    ApproveProject: ("approved", ProjectApproved),
    StartProject: ("started", ProjectStarted),
    CompleteProject: ("completed", ProjectCompleted),
    AcceptProject: ("accepted", ProjectAccepted),
}


def decide_list(state: Project, command: ListProject, areas: AreaList, rules: RulePack) -> list[Event]:
    """Enter a project in the library: a new code, a known place, a known type.

    Raises:
        RuleRefusedError: the code is taken, or the industry mark is overridden without a reason.
        ValueRefusedError: unknown or expired area, unknown project type.
    """
    for place in (command.area, command.town, command.village):
        if place:
            areas.get(place, command.on)
    for part, whole in ((command.town, command.area), (command.village, command.town or command.area)):
        if part and not part.startswith(whole):
            raise ValueRefusedError("area.outside", f"{part} 不在 {whole} 之内", hint="请核对乡镇、村的区划代码")
    if rules.project_type(command.project_type, command.on) is None:
        raise ValueRefusedError(
            "project.unknown_type",
            f"没有代码为“{command.project_type}”的项目类型",
            hint="用 xianjie rule show base 查看项目类型",
        )
    if command.industry is not None and not command.reason:
        raise RuleRefusedError(
            "project.industry_reason", "另行认定是否属于产业项目,须说明原因", hint="请用 --reason 说明依据"
        )
    if state.exists:
        raise RuleRefusedError(
            "project.exists", f"项目编号“{command.project}”已用于“{state.name}”", hint="请换一个编号,或核对是否重复申报"
        )
    return [
        ProjectListed(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            project=command.project,
            area=command.area,
            town=command.town,
            village=command.village,
            project_year=command.project_year,
            project_type=command.project_type,
            industry=command.industry,
            name=command.name,
            content=command.content,
            unit=command.unit,
            goal=command.goal,
            estimate_fen=command.estimate_fen or 0,
        )
    ]


def decide_stage(state: Project, command: StageCommand) -> list[Event]:
    """Take the next step: the step before must have been taken, and not later.

    Raises:
        RuleRefusedError: out of order, taken already, cancelled, or dated before the step it follows.
    """
    stage, event = _EVENTS[type(command)]
    _check_step(state, stage, command)
    return [event(effective_on=command.on, document=command.document, reason=command.reason, **state.dimensions())]


def decide_plan(state: Project, command: PlanProject) -> list[Event]:
    """Take the project into the annual plan of a year.

    Raises:
        RuleRefusedError: as ``decide_stage``.
    """
    _check_step(state, "planned", command)
    dimensions = {**state.dimensions(), "project_year": command.project_year or state.project_year}
    return [
        ProjectPlanned(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **dimensions,
            planned_fen=command.planned_fen or 0,
        )
    ]


def decide_progress(state: Project, command: ReportProgress) -> list[Event]:
    """Record invested money: only for a project under way.

    Raises:
        RuleRefusedError: the project has not started or was cancelled.
    """
    state.must_exist(command.project)
    state.must_live()
    if "started" not in state.reached:
        raise RuleRefusedError(
            "project.not_started", f"项目“{command.project}”尚未开工,不能登记完成投资", hint="请先登记开工"
        )
    not_before(command.on, state.reached["started"], what="完成投资", cause="开工", reason=command.reason)
    return [
        ProjectProgressed(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **state.dimensions(),
            invested_fen=command.invested_fen,
        )
    ]


def decide_cancel(state: Project, command: CancelProject) -> list[Event]:
    """Cancel a project that is not accepted and holds no money.

    Raises:
        RuleRefusedError: accepted, still funded, cancelled already, or no reason given.
    """
    state.must_exist(command.project)
    state.must_live()
    if not command.reason:
        raise RuleRefusedError("project.cancel_reason", "取消项目须说明原因", hint="请用 --reason 说明原因")
    if "accepted" in state.reached:
        raise RuleRefusedError("project.accepted", f"项目“{command.project}”已验收,不能取消", hint="请核对项目编号")
    if state.allocated_fen:
        raise RuleRefusedError(
            "project.still_funded",
            f"项目“{command.project}”仍有已安排资金 {format_yuan(state.allocated_fen)} 元,不能取消",
            hint="请先用 xianjie correct 冲销资金安排",
        )
    stage, latest = max(state.reached.items(), key=lambda reached: reached[1])
    if command.on < latest:
        raise RuleRefusedError(
            "date.before_cause",
            f"取消日期 {command.on} 早于{STAGE_NAMES[stage]}日期 {latest}",
            hint="请核对日期;取消不能补记到已登记的环节之前",
        )
    return [
        ProjectCancelled(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **state.dimensions(),
            planned_fen=state.planned_fen,
        )
    ]


def _check_step(state: Project, stage: str, command: StageCommand) -> None:
    state.must_exist(command.project)
    state.must_live()
    name = STAGE_NAMES[stage]
    if stage in state.reached:
        raise RuleRefusedError(
            "project.stage_repeated",
            f"项目“{command.project}”已于 {state.reached[stage]} 登记{name}",
            hint="若上次记错,用 xianjie correct 更正",
        )
    before = STAGES[STAGES.index(stage) - 1]
    if before not in state.reached:
        raise RuleRefusedError(
            "project.stage_order",
            f"项目“{command.project}”尚未{STAGE_NAMES[before]},不能登记{name}",
            hint=f"请先登记{STAGE_NAMES[before]}",
            rule="环节次序:" + "→".join(STAGE_NAMES[each] for each in STAGES),
        )
    not_before(command.on, state.reached[before], what=name, cause=STAGE_NAMES[before], reason=command.reason)

"""The commands of a project's life, and the steps that ask for nothing but what they presuppose.

Source: funds.md 4.1. The other decisions are in ``library`` (declared, listed, amended), ``works`` (contracts,
progress, stops), ``finishing`` (completed to handed over) and ``ending`` (removed, cancelled, replaced).
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import Field

from ledger.domain.command import AreaRef, Command, Fen, Filled, Flag, Ident, Line, TownRef, VillageRef, Year
from ledger.domain.history import not_before
from ledger.domain.project import PREREQUISITES, STAGE_NAMES, Project
from ledger.domain.record import RecordCommand
from ledger.errors import RuleRefusedError
from ledger.events import Event, ProjectAppraised, ProjectApproved, ProjectPlanned, ProjectReviewed, ProjectStarted

__all__ = [
    "AcceptProject",
    "AmendProject",
    "AppraiseProject",
    "ApproveProject",
    "CancelProject",
    "CompleteProject",
    "ConcludeProject",
    "ContractProject",
    "DeclareProject",
    "HandOverProject",
    "ListProject",
    "PlanProject",
    "RemoveProject",
    "ReplaceProject",
    "ReportProgress",
    "ResumeProject",
    "ReviewProject",
    "SettleProject",
    "StageCommand",
    "StartProject",
    "SuspendProject",
    "common_fields",
    "decide_plan",
    "decide_stage",
    "must_follow",
    "must_not_repeat",
]

_ORDER: Final = (
    "环节次序:申报→乡镇审核(→论证)→入库→批复、列入年度计划→开工→完工→验收→决算审计→报账完结,验收后移交;"
    "出处 funds.md 4.1(村申报、乡审核、县审定,黑乡振发〔2021〕7号等)"
)
_VERBS: Final = {
    "declared": "declare",
    "reviewed": "review",
    "listed": "add",
    "approved": "approve",
    "planned": "plan",
    "started": "start",
    "suspended": "suspend",
    "completed": "complete",
    "accepted": "accept",
    "settled": "settle",
}


class DeclareProject(RecordCommand):
    """Record that a village, town or unit declared a project."""

    area: AreaRef | None = None
    town: TownRef | None = None
    village: VillageRef | None = None
    project_year: Year | None = None
    project_type: Line | None = None
    industry: Flag | None = None


class ListProject(DeclareProject):
    """Enter a project in the library; what is not given is as it was declared."""


class AmendProject(RecordCommand):
    """Change the record of a project in the library."""


class StageCommand(Command):
    """A step in the life of a project."""

    project: Ident


class ReviewProject(StageCommand):
    """Record the town's review of a declared project."""


class AppraiseProject(StageCommand):
    """Record the appraisal of a reviewed project."""


class ApproveProject(StageCommand):
    """Approve the project."""


class PlanProject(StageCommand):
    """Take the project into an annual plan."""

    project_year: Year | None = None
    planned_fen: Fen | None = None


class ContractProject(StageCommand):
    """Record a contract."""

    contract: Ident
    contractor: Filled
    contract_fen: Fen


class StartProject(StageCommand):
    """Record that work started."""


class ReportProgress(StageCommand):
    """Record work done since the last report, as money invested, and how much is done in all, in per cent."""

    invested_fen: Fen | None = None
    percent: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None


class SuspendProject(StageCommand):
    """Record that work stopped."""


class ResumeProject(StageCommand):
    """Record that work went on."""


class CompleteProject(StageCommand):
    """Record that the project is complete."""


class AcceptProject(StageCommand):
    """Record that the project was accepted."""


class SettleProject(StageCommand):
    """Record the audited price of the project."""

    settled_fen: Fen
    auditor: Line = ""


class ConcludeProject(StageCommand):
    """Record that the project's money is reimbursed in full."""


class HandOverProject(StageCommand):
    """Hand the project over to the unit that keeps it."""

    receiver: Filled


class RemoveProject(StageCommand):
    """Take the project out of the library."""


class CancelProject(StageCommand):
    """Cancel a project that was approved or planned."""


class ReplaceProject(StageCommand):
    """Let another project take this one's place."""

    successor: Ident


_EVENTS: Final = {
    ReviewProject: ("reviewed", ProjectReviewed),
    AppraiseProject: ("appraised", ProjectAppraised),
    ApproveProject: ("approved", ProjectApproved),
    StartProject: ("started", ProjectStarted),
}


def decide_stage(state: Project, command: StageCommand) -> list[Event]:
    """Take a step that asks for nothing but what it presupposes.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: out of order, taken already, the project ended, or dated before what it follows.
    """
    stage, event = _EVENTS[type(command)]
    must_follow(state, stage, command)
    must_not_repeat(state, stage)
    if "listed" in state.reached and stage in {"reviewed", "appraised"}:
        raise RuleRefusedError(
            "project.listed_already",
            f"项目“{command.project}”已于 {state.reached['listed']} 入库,不再登记{STAGE_NAMES[stage]}",
            hint="请核对项目编号;入库登记有误的,用 xianjie correct 更正",
            rule=_ORDER,
        )
    return [event(**common_fields(state, command))]


def decide_plan(state: Project, command: PlanProject) -> list[Event]:
    """Take the project into the annual plan of a year.

    Raises:
        NotFoundError, RuleRefusedError: as ``decide_stage``.
    """
    must_follow(state, "planned", command)
    must_not_repeat(state, "planned")
    fields = {**common_fields(state, command), "project_year": command.project_year or state.project_year}
    return [ProjectPlanned(**fields, planned_fen=command.planned_fen or 0)]


def must_follow(state: Project, stage: str, command: StageCommand | AmendProject) -> None:
    """Refuse a stage before those it presupposes, or dated before them without a reason.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: the project ended, a stage is missing, or a later one is dated before an earlier one.
    """
    state.must_be_known(command.project)
    state.must_live()
    name = STAGE_NAMES[stage]
    for before in PREREQUISITES[stage]:
        if before not in state.reached:
            raise RuleRefusedError(
                "project.stage_order",
                f"项目“{command.project}”尚未{STAGE_NAMES[before]},不能登记{name}",
                hint=f"请先登记{STAGE_NAMES[before]}:xianjie project {_VERBS[before]}",
                rule=_ORDER,
            )
        not_before(command.on, state.reached[before], what=name, cause=STAGE_NAMES[before], reason=command.reason)


def must_not_repeat(state: Project, stage: str) -> None:
    """Refuse a stage that was reached already. Raises RuleRefusedError."""
    if stage in state.reached:
        raise RuleRefusedError(
            "project.stage_repeated",
            f"项目“{state.project}”已于 {state.reached[stage]} 登记{STAGE_NAMES[stage]}",
            hint="若上次记错,用 xianjie correct 更正",
        )


def common_fields(state: Project, command: Command) -> dict[str, Any]:
    """Return what every event of the project writes down."""
    return {
        "effective_on": command.on,
        "document": command.document,
        "reason": command.reason,
        **state.dimensions(),
    }

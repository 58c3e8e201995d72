"""A finding (整改问题): opened, worked on, handed in as mended, struck off by a second person, perhaps come back.

Source: seed clause (二), which asks for a register of rectification in which each finding is struck off (整改销号台账);
funds.md R31.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from ledger.areas import AreaList
from ledger.codes import FindingKind, FindingSource
from ledger.domain.command import AreaRef, Command, Day, FileHash, Filled, Ident, Line, Prose, TownRef, coded
from ledger.domain.history import misplaced, not_before
from ledger.domain.places import check_place
from ledger.domain.project import Project
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import (
    Event,
    FindingClosed,
    FindingOpened,
    FindingProgressed,
    FindingReopened,
    FindingSubmitted,
)
from ledger.rules import covers

__all__ = [
    "CloseFinding",
    "Finding",
    "OpenFinding",
    "ProgressFinding",
    "ReopenFinding",
    "SubmitFinding",
    "decide_close",
    "decide_open",
    "decide_progress",
    "decide_reopen",
    "decide_submit",
    "evolve_finding",
    "finding_contradiction",
]

_STEPS = {
    FindingOpened: "opened",
    FindingProgressed: "progressed",
    FindingSubmitted: "submitted",
    FindingClosed: "closed",
    FindingReopened: "reopened",
}
_UNDER_WORK = frozenset({"opened", "submitted", "reopened"})
_AFTER = {
    "opened": frozenset({""}),
    "progressed": _UNDER_WORK,
    "submitted": _UNDER_WORK,
    "closed": frozenset({"submitted"}),
    "reopened": frozenset({"closed"}),
}
_STANDING = {"opened": "整改中", "submitted": "待销号", "closed": "已销号", "reopened": "反弹,整改中"}
_NEXT = {
    "progressed": "已销号的问题反弹时,用 xianjie finding reopen 重新登记",
    "submitted": "已销号的问题反弹时,用 xianjie finding reopen 重新登记",
    "closed": "请先由责任单位用 xianjie finding submit 申请销号",
    "reopened": "尚未销号的问题继续用 xianjie finding progress 登记整改进展",
}
_LONGEST_NAME = 200
_SECOND_PERSON = "R31 销号须由另一人核实并有佐证;出处:六盘水 2022-04-08 实施意见(二)整改销号"


class OpenFinding(Command):
    """Enter a fault that was found: by which level and work, who must mend it and until when."""

    finding: Ident
    area: AreaRef
    town: TownRef = ""
    source: Annotated[str, coded(FindingSource)]
    kind: Annotated[str, coded(FindingKind)]
    unit: Filled
    deadline: Day
    title: Filled
    detail: Prose = ""
    measures: Prose = ""
    project: Line = ""


class ProgressFinding(Command):
    """Report work on a finding, also to complete what was handed in."""

    finding: Ident
    note: Filled
    evidence: FileHash = ""


class SubmitFinding(ProgressFinding):
    """Hand the finding in as mended."""


class CloseFinding(Command):
    """Strike the finding off, having examined the evidence; by another person than handed it in."""

    finding: Ident
    note: Filled


class ReopenFinding(Command):
    """Take a finding that came back into work again, with a new deadline; the reason says what came back."""

    finding: Ident
    deadline: Day


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of a finding."""

    finding: str = ""
    area: str = ""
    town: str = ""
    source: str = ""
    kind: str = ""
    unit: str = ""
    deadline: date | None = None
    title: str = ""
    detail: str = ""
    measures: str = ""
    project: str = ""
    steps: tuple[tuple[str, date], ...] = ()
    """Every step that was taken, with its day."""
    submitters: frozenset[str] = frozenset()
    """Who handed it in since it was opened or came back."""
    evidenced: bool = False
    """Whether a file or a document was given with the work on it since then."""
    closed_by: str = ""

    @property
    def exists(self) -> bool:
        """Say whether it was ever entered."""
        return bool(self.steps)

    @property
    def stage(self) -> str:
        """Return the step that says where it stands: the last one that is not just more work."""
        return next((step for step, _ in reversed(self.steps) if step != "progressed"), "")

    @property
    def standing(self) -> str:
        """Return in Chinese where it stands."""
        return _STANDING.get(self.stage, "")

    def must_exist(self, code: str) -> None:
        """Raise NotFoundError when the finding is unknown."""
        if not self.exists:
            raise NotFoundError(
                "finding.unknown",
                f"整改台账中没有编号为“{code}”的问题",
                hint="用 xianjie finding list 查看已登记的问题",
            )

    def dimensions(self) -> dict[str, Any]:
        """Return what each event of the finding writes down."""
        return {
            "finding": self.finding,
            "area": self.area,
            "town": self.town,
            "source": self.source,
            "kind": self.kind,
            "unit": self.unit,
            "deadline": self.deadline,
        }


def evolve_finding(state: Finding, event: Event) -> Finding:
    """Return the state after one more event."""
    match event:
        case FindingOpened():
            state = replace(
                state, title=event.title, detail=event.detail, measures=event.measures, project=event.project
            )
        case FindingProgressed():
            state = replace(state, evidenced=state.evidenced or bool(event.evidence or event.document))
        case FindingSubmitted():
            state = replace(
                state,
                evidenced=state.evidenced or bool(event.evidence or event.document),
                submitters=state.submitters | {event.by},
            )
        case FindingClosed():
            state = replace(state, evidenced=state.evidenced or bool(event.document), closed_by=event.by)
        case FindingReopened():
            state = replace(state, evidenced=False, submitters=frozenset(), closed_by="")
        case _:
            raise misplaced(event)
    return replace(
        state,
        finding=event.finding,
        area=event.area,
        town=event.town,
        source=event.source,
        kind=event.kind,
        unit=event.unit,
        deadline=event.deadline,
        steps=(*state.steps, (_STEPS[type(event)], event.effective_on)),
    )


def finding_contradiction(code: str, state: Finding) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    before = ""
    for step, _ in state.steps:
        if before not in _AFTER[step]:
            return f"问题“{code}”后来的环节仍在账上,其前一环节却没有了"
        before = before if step == "progressed" else step
    if state.stage == "closed" and (not state.evidenced or state.closed_by in state.submitters):
        return f"问题“{code}”已由{state.closed_by}销号,其佐证或另一人的申请却没有了"
    return ""


def decide_open(state: Finding, project: Project | None, command: OpenFinding, areas: AreaList) -> list[Event]:
    """Enter a finding: a new code, a known place, a deadline that is still to come; ``project`` is the one it names.

    Raises:
        RuleRefusedError: the code is taken.
        ValueRefusedError: unknown area, a deadline before the day of entry, or a project of another area.
        NotFoundError: the project is unknown.
    """
    check_place(areas, command.on, command.area, command.town)
    if state.exists:
        raise RuleRefusedError(
            "finding.exists",
            f"问题编号“{command.finding}”已用于“{state.title}”({state.unit},{state.standing})",
            hint="请换一个编号;同一问题反弹的,用 xianjie finding reopen",
        )
    if project is not None:
        project.must_exist(command.project)
        if not covers(command.area, project.area):
            raise ValueRefusedError(
                "finding.project_elsewhere",
                f"项目“{command.project}”在 {project.area},不在问题所属地区 {command.area} 之内",
                hint="请核对项目编号和地区代码",
            )
    _check_deadline(command.deadline, command.on)
    return [FindingOpened(effective_on=command.on, **command.model_dump(exclude={"on"}))]


def decide_progress(state: Finding, command: ProgressFinding) -> list[Event]:
    """Report work on a finding that is not struck off.

    Raises:
        NotFoundError: the finding is unknown.
        RuleRefusedError: it is struck off, or the day lies before its last step.
    """
    _check_step(state, "progressed", command.finding, command)
    return [FindingProgressed(**_common(state, command), note=command.note, evidence=command.evidence)]


def decide_submit(state: Finding, command: SubmitFinding, actor: str) -> list[Event]:
    """Hand a finding in as mended; ``actor`` is who does.

    Raises:
        NotFoundError, RuleRefusedError: as for progress, or nobody is named as the actor.
    """
    _check_step(state, "submitted", command.finding, command)
    by = _person(actor)
    return [FindingSubmitted(**_common(state, command), note=command.note, evidence=command.evidence, by=by)]


def decide_close(state: Finding, command: CloseFinding, actor: str) -> list[Event]:
    """Strike a finding off: ``actor`` is another person than handed it in, and there is evidence.

    Raises:
        NotFoundError: the finding is unknown.
        RuleRefusedError: not handed in, handed in by the same person, or without evidence (R31).
    """
    _check_step(state, "closed", command.finding, command)
    by = _person(actor)
    if by in state.submitters:
        raise RuleRefusedError(
            "finding.same_person",
            f"问题“{command.finding}”由 {'、'.join(sorted(state.submitters))} 申请销号,不能再由 {by} 本人销号",
            hint="请由另一人核实后销号:xianjie --as 姓名 finding close …",
            rule=_SECOND_PERSON,
        )
    if not (state.evidenced or command.document):
        raise RuleRefusedError(
            "finding.no_evidence",
            f"问题“{command.finding}”没有整改佐证:申请和进展中都没有文件,也没有文号",
            hint="请用 --doc 写明整改报告文号,或由责任单位用 xianjie finding submit --file 重新申请",
            rule=_SECOND_PERSON,
        )
    return [FindingClosed(**_common(state, command), note=command.note, by=by)]


def decide_reopen(state: Finding, command: ReopenFinding) -> list[Event]:
    """Take a finding that came back into work again, with a new deadline.

    Raises:
        NotFoundError: the finding is unknown.
        RuleRefusedError: it is not struck off, or no reason is given.
        ValueRefusedError: the new deadline lies before the day on which it came back.
    """
    _check_step(state, "reopened", command.finding, command)
    if not command.reason:
        raise RuleRefusedError(
            "finding.reopen_reason",
            f"问题“{command.finding}”已于 {state.steps[-1][1]} 由 {state.closed_by} 销号,重新登记须写明原因",
            hint="请用 --reason 写明怎样反弹",
        )
    _check_deadline(command.deadline, command.on)
    return [FindingReopened(**{**_common(state, command), "deadline": command.deadline}, note=command.reason)]


def _common(state: Finding, command: Command) -> dict[str, Any]:
    return {
        "effective_on": command.on,
        "document": command.document,
        "reason": command.reason,
        **state.dimensions(),
    }


def _check_step(state: Finding, step: str, code: str, command: Command) -> None:
    state.must_exist(code)
    if state.stage not in _AFTER[step]:
        raise RuleRefusedError(
            "finding.step_order", f"问题“{code}”现为“{state.standing}”,不能办理这一环节", hint=_NEXT[step]
        )
    not_before(command.on, state.steps[-1][1], what="本环节", cause="上一环节", reason=command.reason)


def _check_deadline(deadline: date, on: date) -> None:
    if deadline < on:
        raise ValueRefusedError(
            "finding.deadline", f"整改期限 {deadline} 早于登记日期 {on}", hint="请核对整改期限和业务日期"
        )


def _person(actor: str) -> str:
    name = actor.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise RuleRefusedError(
            "finding.no_actor",
            f"申请和销号须写明经办人,1至{_LONGEST_NAME}个字",
            hint="请用 xianjie --as 姓名 写明经办人",
        )
    return name

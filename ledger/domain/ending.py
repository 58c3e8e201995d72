"""Decisions that end a project before its time: taken out of the library, cancelled, replaced by another.

Source: funds.md 4.1 (side states), 7.2 (ProjectReplaced), 8.2 R28. Each needs a reason, and none leaves money behind.
"""

from __future__ import annotations

from ledger.domain.project import STAGE_NAMES, Project
from ledger.domain.stages import CancelProject, RemoveProject, ReplaceProject, StageCommand, common_fields
from ledger.errors import RuleRefusedError
from ledger.events import Event, ProjectCancelled, ProjectRemoved, ProjectReplaced
from ledger.money import format_yuan

__all__ = ["decide_cancel", "decide_remove", "decide_replace"]


def decide_remove(state: Project, command: RemoveProject) -> list[Event]:
    """Take a project that is neither approved nor planned out of the library.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: approved or planned, ended, still funded, dated before an earlier stage, or no reason.
    """
    _must_end(state, command, "removed", hint=f"请先用 xianjie fund recover --project {command.project} 收回资金")
    for stage in ("approved", "planned"):
        if stage in state.reached:
            raise RuleRefusedError(
                "project.begun",
                f"项目“{command.project}”已于 {state.reached[stage]} {STAGE_NAMES[stage]},不能出库",
                hint="已批复或列入计划的项目请用 xianjie project cancel 取消",
            )
    return [ProjectRemoved(**common_fields(state, command))]


def decide_cancel(state: Project, command: CancelProject) -> list[Event]:
    """Cancel an approved or planned project that is not accepted and holds no unspent money.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: neither approved nor planned, accepted, ended, still funded, dated before an earlier stage,
            or no reason.
    """
    _must_end(state, command, "cancelled", hint=f"请先用 xianjie fund recover --project {command.project} 收回资金")
    if not {"approved", "planned"} & set(state.reached):
        raise RuleRefusedError(
            "project.not_begun",
            f"项目“{command.project}”既未批复也未列入计划,不必取消",
            hint="请用 xianjie project remove 移出项目库",
        )
    return [ProjectCancelled(**common_fields(state, command), planned_fen=state.planned_fen)]


def decide_replace(state: Project, successor: Project, command: ReplaceProject) -> list[Event]:
    """Let another project of the library take the place of one that cannot be carried out.

    Raises:
        NotFoundError: one of the two is unknown.
        RuleRefusedError: as ``decide_cancel``; or the successor is not listed, ended, this very project or of another
            county; or there is no approving document.
    """
    hint = f"请先用 xianjie fund adjust --from {command.project} --to {command.successor} 调整资金"
    _must_end(state, command, "replaced", hint=hint)
    successor.must_exist(command.successor)
    successor.must_live()
    if successor.project == state.project or successor.area != state.area:
        raise RuleRefusedError(
            "project.no_successor",
            f"项目“{command.project}”({state.area})不能由“{command.successor}”({successor.area})替换",
            hint="替换的项目应是同一县的另一个项目",
            rule="资金总额和用途地区不变;出处 funds.md 7.2 ProjectReplaced [S8][S11]",
        )
    if not command.document:
        raise RuleRefusedError(
            "project.replace_unapproved",
            f"替换项目“{command.project}”没有写明批准文件",
            hint="请用 --doc 写明批准调整的文号",
            rule="R28 未经批准不得调整项目;出处 funds.md 8.2 [S9]",
        )
    fields = common_fields(state, command)
    return [ProjectReplaced(**fields, successor=command.successor, planned_fen=state.planned_fen)]


def _must_end(state: Project, command: StageCommand, end: str, *, hint: str) -> None:
    name = STAGE_NAMES[end]
    state.must_be_known(command.project)
    state.must_live()
    if not command.reason:
        raise RuleRefusedError("project.end_reason", f"{name}项目须说明原因", hint="请用 --reason 说明原因")
    if "accepted" in state.reached:
        raise RuleRefusedError("project.accepted", f"项目“{command.project}”已验收,不能{name}", hint="请核对项目编号")
    unspent = state.allocated_fen - state.paid_fen
    if unspent:
        raise RuleRefusedError(
            "project.still_funded",
            f"项目“{command.project}”安排 {format_yuan(state.allocated_fen)} 元,支付 {format_yuan(state.paid_fen)} 元,"
            f"还有 {format_yuan(unspent)} 元未用,不能{name}",
            hint=hint,
            rule="终止的项目不得留有未用资金;出处 funds.md 4.1、8.2 R4",
        )
    stage, latest = max(state.reached.items(), key=lambda reached: reached[1])
    if command.on < latest:
        raise RuleRefusedError(
            "date.before_cause",
            f"{name}日期 {command.on} 早于{STAGE_NAMES[stage]}日期 {latest}",
            hint=f"请核对日期;{name}不能补记到已登记的环节之前",
        )

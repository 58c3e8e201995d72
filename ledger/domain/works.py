"""Decisions on works under way: contracts, progress, stops."""

from __future__ import annotations

from ledger.domain.project import Project
from ledger.domain.stages import (
    ContractProject,
    ReportProgress,
    ResumeProject,
    SuspendProject,
    common_fields,
    must_follow,
)
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import Event, ProjectContracted, ProjectProgressed, ProjectResumed, ProjectSuspended
from ledger.money import format_yuan

__all__ = ["decide_contract", "decide_progress", "decide_resume", "decide_suspend", "must_go_on"]


def decide_contract(state: Project, command: ContractProject) -> list[Event]:
    """Record a contract of an approved project; several add up.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not approved, ended, dated before the approval, or the contract number is taken.
    """
    must_follow(state, "contracted", command)
    if command.contract in state.contracts:
        raise RuleRefusedError(
            "project.contract_repeated",
            f"合同“{command.contract}”已登记,金额 {format_yuan(state.contracts[command.contract])} 元",
            hint="请核对合同编号;补充合同请用自己的编号,记错的用 xianjie correct 更正",
        )
    return [
        ProjectContracted(
            **common_fields(state, command),
            contract=command.contract,
            contractor=command.contractor,
            contract_fen=command.contract_fen,
        )
    ]


def decide_progress(state: Project, command: ReportProgress) -> list[Event]:
    """Record work of a project under way: money invested since the last report, physical progress, or both.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not started, suspended, ended, or less done than was reported before, without a reason.
        ValueRefusedError: neither money nor progress is given.
    """
    if command.invested_fen is None and command.percent is None:
        raise ValueRefusedError(
            "project.nothing_reported",
            "完成投资和形象进度都没有填写",
            hint="请用 --amount 填写新增的完成投资,或用 --percent 填写形象进度",
        )
    must_follow(state, "progressed", command)
    must_go_on(state, "填报进度")
    if command.percent is not None and command.percent < (state.percent or 0) and not command.reason:
        raise RuleRefusedError(
            "project.progress_falls",
            f"形象进度 {command.percent}% 低于项目“{command.project}”已填报的 {state.percent}%",
            hint="请核对进度;返工或上次多报的,用 --reason 说明原因",
            rule="形象进度为累计数,只增不减",
        )
    return [
        ProjectProgressed(
            **common_fields(state, command), invested_fen=command.invested_fen or 0, percent=command.percent
        )
    ]


def decide_suspend(state: Project, command: SuspendProject) -> list[Event]:
    """Record that work stopped, and why.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not under way, suspended already, ended, or without a reason.
    """
    must_follow(state, "suspended", command)
    _must_be_unfinished(state, "停工")
    must_go_on(state, "停工")
    _must_say_why(command, "停工")
    return [ProjectSuspended(**common_fields(state, command))]


def decide_resume(state: Project, command: ResumeProject) -> list[Event]:
    """Record that suspended work went on.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not suspended, ended, or without a reason.
    """
    must_follow(state, "resumed", command)
    if not state.suspended:
        raise RuleRefusedError(
            "project.not_suspended",
            f"项目“{command.project}”没有停工(上次已于 {state.reached['resumed']} 复工)",
            hint="请核对项目编号;停工先用 xianjie project suspend 登记",
        )
    _must_say_why(command, "复工")
    return [ProjectResumed(**common_fields(state, command))]


def must_go_on(state: Project, doing: str) -> None:
    """Refuse what cannot happen while work stands still. Raises RuleRefusedError."""
    if state.suspended:
        raise RuleRefusedError(
            "project.suspended",
            f"项目“{state.project}”自 {state.reached['suspended']} 起停工,不能登记{doing}",
            hint="请先登记复工:xianjie project resume",
        )


def _must_be_unfinished(state: Project, doing: str) -> None:
    if "completed" in state.reached:
        raise RuleRefusedError(
            "project.completed",
            f"项目“{state.project}”已于 {state.reached['completed']} 完工,不能登记{doing}",
            hint="请核对项目编号",
        )


def _must_say_why(command: SuspendProject | ResumeProject, doing: str) -> None:
    if not command.reason:
        raise RuleRefusedError("project.stop_reason", f"登记{doing}须说明原因", hint="请用 --reason 说明原因")

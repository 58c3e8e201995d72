"""Decisions on the end of the works: completed, accepted, settled, concluded, handed over.

Source: funds.md 4.1; 8.2 R11 (no more than the audited price) and R18 (sham acceptance).
"""

from __future__ import annotations

from typing import Final

from ledger.domain.project import Project
from ledger.domain.stages import (
    AcceptProject,
    CompleteProject,
    ConcludeProject,
    HandOverProject,
    SettleProject,
    common_fields,
    must_follow,
    must_not_repeat,
)
from ledger.domain.works import must_go_on
from ledger.errors import RuleRefusedError
from ledger.events import (
    Event,
    ProjectAccepted,
    ProjectCompleted,
    ProjectConcluded,
    ProjectHandedOver,
    ProjectSettled,
)
from ledger.money import format_yuan

__all__ = ["decide_accept", "decide_complete", "decide_conclude", "decide_hand_over", "decide_settle"]

_WHOLE: Final = 100


def decide_complete(state: Project, command: CompleteProject) -> list[Event]:
    """Record that a started project is complete; its progress stays what was reported.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not started, suspended, complete already, or ended.
    """
    must_follow(state, "completed", command)
    must_not_repeat(state, "completed")
    must_go_on(state, "完工")
    return [ProjectCompleted(**common_fields(state, command))]


def decide_accept(state: Project, command: AcceptProject) -> list[Event]:
    """Accept a complete project.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not complete, accepted already, ended, or less than all work was reported, without a reason.
    """
    must_follow(state, "accepted", command)
    must_not_repeat(state, "accepted")
    if state.percent is not None and state.percent < _WHOLE and not command.reason:
        raise RuleRefusedError(
            "project.accepted_unfinished",
            f"项目“{command.project}”的形象进度为 {state.percent}%,不足 {_WHOLE}%,不能验收",
            hint="请先用 xianjie project progress 填报实际进度;确已完成的,用 --reason 说明原因",
            rule="R18 虚假验收;出处 funds.md 8.2 [S40]",
        )
    return [ProjectAccepted(**common_fields(state, command))]


def decide_settle(state: Project, command: SettleProject) -> list[Event]:
    """Record the audited price of an accepted project.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not accepted, settled already, ended, or more was paid than the price, without a reason.
    """
    must_follow(state, "settled", command)
    must_not_repeat(state, "settled")
    if state.paid_fen > command.settled_fen and not command.reason:
        raise RuleRefusedError(
            "project.overpaid",
            f"项目“{command.project}”已支付 {format_yuan(state.paid_fen)} 元,"
            f"超过审定金额 {format_yuan(command.settled_fen)} 元",
            hint="多付的先用 xianjie payment refund 登记退款;尚未退回的,用 --reason 说明原因",
            rule="R11 支付不超过审定金额;出处 funds.md 8.2 [S11]",
        )
    return [ProjectSettled(**common_fields(state, command), settled_fen=command.settled_fen, auditor=command.auditor)]


def decide_conclude(state: Project, command: ConcludeProject) -> list[Event]:
    """Record that all money of a settled project is reimbursed.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not settled, concluded already, ended, or money not reimbursed, without a reason.
    """
    must_follow(state, "concluded", command)
    must_not_repeat(state, "concluded")
    if state.reimbursed_fen < state.allocated_fen and not command.reason:
        raise RuleRefusedError(
            "project.not_reimbursed",
            f"项目“{command.project}”安排 {format_yuan(state.allocated_fen)} 元,"
            f"报账 {format_yuan(state.reimbursed_fen)} 元,"
            f"还有 {format_yuan(state.allocated_fen - state.reimbursed_fen)} 元没有报账",
            hint="请先用 xianjie payment reimburse 登记报账,结余用 xianjie fund surplus 退回;"
            "确应完结的,用 --reason 说明原因",
            rule="全部报账后方可完结;出处 funds.md 4.1",
        )
    return [ProjectConcluded(**common_fields(state, command))]


def decide_hand_over(state: Project, command: HandOverProject) -> list[Event]:
    """Hand an accepted project over to the unit that keeps it.

    Raises:
        NotFoundError: nobody declared or listed the project.
        RuleRefusedError: not accepted, handed over already, or ended.
    """
    must_follow(state, "handed_over", command)
    must_not_repeat(state, "handed_over")
    return [ProjectHandedOver(**common_fields(state, command), receiver=command.receiver)]

"""Decisions on retention (质保金): money of the settled price that is held back until the defect period is over.

Source: funds.md 3.2 and 8.2 (R12). How much must be held is checked when the money is paid (``ledger.domain.caps``).
"""

from __future__ import annotations

from datetime import timedelta

from ledger.domain.caps import check_settled, number, source_of
from ledger.domain.history import not_before
from ledger.domain.line import MoneyCommand, line_of, money_fields, must_cover
from ledger.domain.project import Project
from ledger.errors import RuleRefusedError
from ledger.events import Event, RetentionHeld, RetentionReleased
from ledger.money import format_yuan
from ledger.rules import RulePack

__all__ = ["HoldRetention", "ReleaseRetention", "decide_hold", "decide_release_retention"]


class HoldRetention(MoneyCommand):
    """Hold money back as a guarantee of quality."""


class ReleaseRetention(MoneyCommand):
    """Let money that is held back be paid."""


def decide_hold(project: Project, command: HoldRetention) -> list[Event]:
    """Hold money back: only what is allocated, unpaid and within the audited price.

    Raises:
        RuleRefusedError: more than is allocated and unpaid, above the audited price, or before the allocation.
    """
    line = line_of(project, command)
    must_cover(command, line.allocated_fen - line.paid_fen - line.retained_fen, "预留质保金", line)
    check_settled(project, command)
    not_before(command.on, line.first_on, what="预留质保金", cause="资金安排", reason=command.reason)
    return [RetentionHeld(**money_fields(project, line, command))]


def decide_release_retention(project: Project, command: ReleaseRetention, rules: RulePack) -> list[Event]:
    """Free money that is held back, when the defect period after acceptance is over.

    Raises:
        RuleRefusedError: more than is held, or before the end of the defect period without a reason.
    """
    line = line_of(project, command)
    must_cover(command, line.retained_fen, "退还质保金", line)
    _check_period(project, command, rules)
    return [RetentionReleased(**money_fields(project, line, command))]


def _check_period(project: Project, command: ReleaseRetention, rules: RulePack) -> None:
    period = rules.find("defect_period_days", project.area, command.on)
    if period is None or command.reason:
        return
    accepted = project.reached.get("accepted")
    over = accepted + timedelta(days=int(number(period))) if accepted else None
    if over is None or command.on < over:
        since = f"{accepted} 验收,缺陷责任期到 {over}" if accepted else "尚未验收"
        raise RuleRefusedError(
            "retention.too_early",
            f"项目“{project.project}”{since},{command.on} 不能退还质保金 {format_yuan(command.amount_fen)} 元",
            hint="请在缺陷责任期满后办理;确须提前的,用 --reason 说明",
            rule=source_of("R12 质保金在缺陷责任期满后退还", period),
        )

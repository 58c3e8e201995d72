"""Decisions on a plan's way to the payees: the steps of its approval, and its payment.

A step of approval whose code ends in ``vote`` (or 表决) is a vote of all members.

Source: assets.md 4.4 and 7 (RF17); 农村集体经济组织法 §27-28, §46.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import Field

from ledger.dates import days_between
from ledger.domain.caps import number, source_of
from ledger.domain.command import Command, Day, Fen, Filled, Ident, Line
from ledger.domain.history import not_before
from ledger.domain.scheme import Plan, Rule, Scheme
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import DistributionPaid, DistributionResolved, Event
from ledger.money import format_yuan
from ledger.rules import RulePack
from ledger.shares import parse_share

__all__ = ["PayDistribution", "ResolveDistribution", "decide_pay", "decide_resolve"]

_VOTES: Final = ("vote", "表决")
_APPROVED: Final = "RF17 先审议、公示期满,后发放;出处 assets.md 7"

People = Annotated[int, Field(ge=0, le=10**7, strict=True)]


class ResolveDistribution(Command):
    """Take the next step of a plan's approval; ``notice_to_on`` is the last day on which it is on notice."""

    scheme: Ident
    plan: Ident
    step: Ident
    body: Filled
    members: People = 0
    in_favour: People = 0
    notice_to_on: Day | None = None


class PayDistribution(Command):
    """Pay money of an approved plan to a kind of payee; never who the single receivers are."""

    scheme: Ident
    plan: Ident
    payee: Ident
    amount_fen: Fen
    voucher: Line = ""


def decide_resolve(state: Scheme, command: ResolveDistribution, rules: RulePack) -> list[Event]:
    """Take the next step of approval; a vote needs the votes of the rules' part of all members, and a public plan.

    The plan counts as public from its own day on.

    Raises:
        NotFoundError: the account or the plan is unknown.
        RuleRefusedError: another step is next, or a vote without its counts; or, without a reason, too few votes, a
            vote too soon after the plan, or a day before the step before.
        ValueRefusedError: more votes than members, or a notice that ends before the plan.
    """
    plan, rule = _plan_of(state, command)
    _check_order(plan, rule, command)
    if command.in_favour > command.members:
        raise ValueRefusedError(
            "income.votes",
            f"赞成 {command.in_favour} 人,多于应到 {command.members} 人",
            hint="请核对 --members 和 --in-favour",
        )
    if command.notice_to_on is not None and command.notice_to_on < plan.on:
        raise ValueRefusedError(
            "income.notice_period", f"公示截止日 {command.notice_to_on} 早于方案日期 {plan.on}", hint="请核对日期"
        )
    if command.step.endswith(_VOTES):
        _check_vote(state, plan, command, rules)
    before = plan.steps[-1][1] if plan.steps else plan.on
    not_before(command.on, before, what="审议", cause="上一环节", reason=command.reason)
    return [
        DistributionResolved(
            **_common(state, command),
            plan=command.plan,
            step=command.step,
            body=command.body,
            members=command.members,
            in_favour=command.in_favour,
            notice_to_on=command.notice_to_on,
        )
    ]


def decide_pay(state: Scheme, command: PayDistribution) -> list[Event]:
    """Pay a payee of the plan, after every step of approval and every notice, never more than planned.

    Raises:
        NotFoundError: the account or the plan is unknown.
        RuleRefusedError: a step of approval is missing or later, a notice still runs (RF17), or more than is left.
        ValueRefusedError: the plan has no such payee.
    """
    plan, rule = _plan_of(state, command)
    missing = rule.approvals[len(plan.steps) :]
    ready = max((plan.on, *(day for _, day in plan.steps)))
    if missing or command.on < ready:
        lacks = f"尚未经过 {'、'.join(missing)}" if missing else f"{ready} 才审批完毕"
        raise RuleRefusedError(
            "income.not_approved",
            f"方案“{command.plan}”{lacks},不能在 {command.on} 发放",
            hint="请先用 xianjie income resolve 按次序登记审议;日期有误的请核对",
            rule=_APPROVED,
        )
    if plan.notice_to_on is not None and command.on <= plan.notice_to_on:
        raise RuleRefusedError(
            "income.notice_running",
            f"方案“{command.plan}”公示到 {plan.notice_to_on},不能在 {command.on} 发放",
            hint="请在公示期满后发放",
            rule=_APPROVED,
        )
    if command.payee not in plan.lines:
        raise ValueRefusedError(
            "income.unknown_payee",
            f"方案“{command.plan}”没有受益方“{command.payee}”",
            hint=f"可填:{'、'.join(plan.lines)}",
        )
    planned, paid = plan.lines[command.payee], plan.paid.get(command.payee, 0)
    if paid + command.amount_fen > planned:
        raise RuleRefusedError(
            "income.exceeds",
            f"发放 {format_yuan(command.amount_fen)} 元,超过方案“{command.plan}”中“{command.payee}”尚未发放的 "
            f"{format_yuan(planned - paid)} 元(方案 {format_yuan(planned)},已发放 {format_yuan(paid)})",
            hint="请核对金额;用 xianjie income show 查看方案",
            rule="发放≤方案",
        )
    return [
        DistributionPaid(
            **_common(state, command),
            plan=command.plan,
            payee=command.payee,
            amount_fen=command.amount_fen,
            voucher=command.voucher,
        )
    ]


def _plan_of(state: Scheme, command: ResolveDistribution | PayDistribution) -> tuple[Plan, Rule]:
    state.must_exist(command.scheme)
    plan = state.plans.get(command.plan)
    rule = None if plan is None else state.rule_for(plan.period)
    if plan is None or rule is None:
        raise NotFoundError(
            "income.unknown_plan",
            f"收益账户“{command.scheme}”没有编号为“{command.plan}”的方案",
            hint="用 xianjie income show 查看方案,或先用 xianjie income plan 登记",
        )
    return plan, rule


def _check_order(plan: Plan, rule: Rule, command: ResolveDistribution) -> None:
    expected = next(iter(rule.approvals[len(plan.steps) :]), "")
    if command.step != expected:
        then = f"下一环节是“{expected}”" if expected else "已全部经过"
        raise RuleRefusedError(
            "income.step_order",
            f"方案“{command.plan}”的审批环节依次为 {'、'.join(rule.approvals) or '(无)'},{then},不是“{command.step}”",
            hint="请按次序登记" if expected else "可用 xianjie income pay 登记发放",
            rule=f"分配办法“{rule.version}”的审批环节",
        )


def _check_vote(state: Scheme, plan: Plan, command: ResolveDistribution, rules: RulePack) -> None:
    if not command.members:
        raise RuleRefusedError(
            "income.vote_counts",
            f"方案“{command.plan}”的“{command.step}”没有写明应到人数和赞成人数",
            hint="请用 --members 写明全体成员(代表)人数,用 --in-favour 写明赞成人数",
        )
    if command.reason:
        return
    needed = rules.parameter("distribution_vote_share", state.area, command.on)
    share = parse_share(str(needed.value))
    if command.in_favour < share * command.members:
        raise RuleRefusedError(
            "income.vote_short",
            f"赞成 {command.in_favour} 人,不到全体 {command.members} 人的 {share}",
            hint="未通过的方案不登记审议;依法适用其他比例的,用 --reason 说明",
            rule=source_of("方案须经全体成员表决", needed),
        )
    least = rules.parameter("distribution_notice_days", state.area, command.on)
    passed = days_between(plan.on, command.on)
    if passed < number(least):
        raise RuleRefusedError(
            "income.vote_too_soon",
            f"方案“{command.plan}”{plan.on} 提出,{command.on} 表决只隔 {passed} 天,少于 {least.value} 天",
            hint="请核对日期;确已提前公布的,用 --reason 说明",
            rule=source_of("方案先公布,后表决", least),
        )


def _common(state: Scheme, command: Command) -> dict[str, Any]:
    return {
        "effective_on": command.on,
        "document": command.document,
        "reason": command.reason,
        "scheme": state.scheme,
        "area": state.area,
    }

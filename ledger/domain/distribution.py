"""Decisions on the distribution of income: the rule and the plan.

A plan follows the rule in force on the last day of its period; a new rule never reaches back behind a plan that stands.
Approval and payment of a plan are in ``ledger.domain.payout``.

Source: assets.md 4.4 and 7 (RF15, RF16); 农村集体经济组织法 §26.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from ledger.domain.command import Amount, Command, Filled, Flag, Ident, Line
from ledger.domain.division import departure, divide
from ledger.domain.history import not_before
from ledger.domain.income import Period
from ledger.domain.scheme import Rule, Scheme, base_of, last_day_of, share_of
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import (
    DistributionLine,
    DistributionPlanned,
    Event,
    IncomeRuleSet,
    RuleLine,
)
from ledger.money import format_yuan
from ledger.shares import parse_share

__all__ = ["AmountPart", "PlanDistribution", "SetIncomeRule", "SharePart", "decide_plan", "decide_set_rule"]

_FOLLOWED: Final = "RF16 分配须按期间末日现行的办法;出处 assets.md 7"
_FLOOR: Final = "RF15 分配不得低于办法规定的下限;出处 assets.md 7"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    payee: Ident


class SharePart(_Part):
    """What a rule gives one kind of payee: a share as people write it, ``floor`` where it is the least."""

    name: Filled
    share: Line
    floor: Flag = False

    def line(self) -> RuleLine:
        """Return the line with the exact share; only a least part may be 0: as much as each plan says."""
        share = Fraction(0) if self.floor and self.share == "0" else parse_share(self.share)
        return RuleLine(
            payee=self.payee,
            name=self.name,
            numerator=share.numerator,
            denominator=share.denominator,
            floor=self.floor,
        )


class AmountPart(_Part):
    """What a plan gives one kind of payee."""

    amount_fen: Amount


class SetIncomeRule(Command):
    """Set how income is distributed from ``on``: of which base, to whom in which parts, approved in which steps."""

    scheme: Ident
    version: Filled
    base: Literal["gross", "net"]
    costs: tuple[Ident, ...] = ()
    lines: tuple[SharePart, ...]
    approvals: tuple[Ident, ...] = ()


class PlanDistribution(Command):
    """Plan the distribution of a period's income; without lines, exactly as the rule says."""

    scheme: Ident
    plan: Ident
    period: Period
    lines: tuple[AmountPart, ...] = ()


def decide_set_rule(state: Scheme, command: SetIncomeRule) -> list[Event]:
    """Set a rule from its day on.

    Raises:
        NotFoundError: the account is unknown.
        RuleRefusedError: the version or the day has its rule already, a plan stands for a period that ends on the day
            or later; or, without a reason, no step of approval, or a day before the account was opened.
        ValueRefusedError: parts of more than the whole, something named twice, or costs that do not fit the base.
    """
    state.must_exist(command.scheme)
    lines = tuple(each.line() for each in command.lines)
    _check_rule(lines, command)
    for known in state.rules:
        if known.version == command.version or known.on == command.on:
            raise RuleRefusedError(
                "income.rule_exists",
                f"收益账户“{command.scheme}”已有自 {known.on} 起的分配办法“{known.version}”",
                hint="请换一个版本和起始日期;若上次记错,用 xianjie correct 更正",
            )
    for plan in state.plans.values():
        former = state.rule_for(plan.period)
        if former is not None and former.on < command.on <= last_day_of(plan.period):
            raise RuleRefusedError(
                "income.rule_backwards",
                f"分配办法“{command.version}”自 {command.on} 起,而 {plan.period} 已按“{former.version}”"
                f"作出方案“{plan.plan}”",
                hint="请把起始日期定在已分配期间之后;确应重新分配的,先用 xianjie correct 冲销方案",
                rule="办法自生效日起适用,不溯及已作出的方案;出处 assets.md 4.4",
            )
    if not command.approvals and not command.reason:
        raise RuleRefusedError(
            "income.no_approval",
            f"分配办法“{command.version}”没有写明审批环节",
            hint="请用 --approval 按次序写明,如 village_vote;确不需要的,用 --reason 说明",
            rule="收益分配方案须经成员大会表决;出处 农村集体经济组织法 第二十六条",
        )
    not_before(command.on, state.opened_on, what="分配办法", cause="收益账户设立", reason=command.reason)
    return [
        IncomeRuleSet(
            **_common(state, command),
            version=command.version,
            base=command.base,
            costs=command.costs,
            lines=lines,
            approvals=command.approvals,
        )
    ]


def decide_plan(state: Scheme, command: PlanDistribution) -> list[Event]:
    """Plan the distribution of what was posted for a period, by the rule in force on its last day.

    Raises:
        NotFoundError: the account is unknown.
        RuleRefusedError: the code or the period has its plan, no rule is in force, there is nothing to distribute, more
            is given than that; or, without a reason, amounts that do not follow the rule, or a day before the end of
            the period or before its accounts.
    """
    state.must_exist(command.scheme)
    rule = _rule_of(state, command)
    accounts = state.accounts(command.period)
    base = base_of(rule, accounts)
    if base <= 0:
        raise _nothing(command, base, has_income=any(not each.cost for each in accounts))
    lines = _lines(rule, base, command)
    ended, posted = last_day_of(command.period), max(each.on for each in accounts)
    not_before(command.on, ended, what="分配方案", cause=f"期间 {command.period} 终了", reason=command.reason)
    not_before(command.on, posted, what="分配方案", cause="最后一笔收支入账", reason=command.reason)
    return [
        DistributionPlanned(
            **_common(state, command),
            plan=command.plan,
            period=command.period,
            rule_version=rule.version,
            base_fen=base,
            lines=tuple(DistributionLine(payee=payee, amount_fen=fen) for payee, fen in lines.items()),
            undistributed_fen=base - sum(lines.values()),
        )
    ]


def _check_rule(lines: tuple[RuleLine, ...], command: SetIncomeRule) -> None:
    total = sum((share_of(line) for line in lines), Fraction(0))
    if not lines or total > 1:
        raise ValueRefusedError(
            "income.rule_over_whole",
            f"分配办法“{command.version}”各受益方的份额合计为 {total};至少一项,合计不得超过 1",
            hint="请核对 --line 的份额;不足 1 的部分留作未分配",
        )
    for what, codes in (
        ("受益方", [line.payee for line in lines]),
        ("成本", command.costs),
        ("审批环节", command.approvals),
    ):
        if doubled := _doubled(codes):
            raise ValueRefusedError(
                "income.rule_doubled",
                f"分配办法“{command.version}”的{what}“{doubled}”写了两次",
                hint="请删去重复的一项",
            )
    if bool(command.costs) != (command.base == "net"):
        said = "净收益,却没有写明扣除哪些成本" if command.base == "net" else "总收益,却写了扣除的成本"
        raise ValueRefusedError(
            "income.rule_costs", f"分配办法“{command.version}”的基数为{said}", hint="请核对 --base 和 --cost"
        )


def _doubled(codes: Iterable[str]) -> str:
    return next((code for code, times in Counter(codes).items() if times > 1), "")


def _rule_of(state: Scheme, command: PlanDistribution) -> Rule:
    if command.plan in state.plans:
        raise RuleRefusedError(
            "income.plan_exists",
            f"方案编号“{command.plan}”已用于 {state.plans[command.plan].period} 的分配",
            hint="请换一个编号",
        )
    over = state.plan_over(command.period)
    if over is not None:
        raise RuleRefusedError(
            "income.planned_already",
            f"{command.period} 的收益已由方案“{over.plan}”({over.period})分配,基数 {format_yuan(over.base_fen)} 元",
            hint="方案有误的,先用 xianjie correct 冲销",
            rule="同一笔收益只分配一次",
        )
    rule = state.rule_for(command.period)
    if rule is None:
        raise RuleRefusedError(
            "income.no_rule",
            f"收益账户“{command.scheme}”在 {last_day_of(command.period)}({command.period} 末日)没有分配办法",
            hint="请先用 xianjie income rule 登记办法",
            rule=_FOLLOWED,
        )
    return rule


def _nothing(command: PlanDistribution, base: int, *, has_income: bool) -> RuleRefusedError:
    if has_income:
        message = f"{command.period} 扣除成本后可分配 {format_yuan(base)} 元,没有可分配的收益"
    else:
        message = f"{command.period} 没有入账的收益,不能作出分配方案"
    hint = "请先用 xianjie income post、xianjie income cost 登记该期间的收支"
    return RuleRefusedError("income.nothing_to_distribute", message, hint=hint, rule="先核算,后分配;出处 assets.md 4.4")


def _lines(rule: Rule, base: int, command: PlanDistribution) -> dict[str, int]:
    """Return the amounts given, once they are known to follow the rule, or those that the rule gives."""
    if not command.lines:
        return _by_rule(rule, base, command)
    if doubled := _doubled(each.payee for each in command.lines):
        raise ValueRefusedError("income.payee_doubled", f"受益方“{doubled}”写了两次", hint="请合并同一受益方的金额")
    given = {each.payee: each.amount_fen for each in command.lines}
    total = sum(given.values())
    if total > base:
        raise RuleRefusedError(
            "income.plan_exceeds",
            f"方案“{command.plan}”合计 {format_yuan(total)} 元,超过可分配的 {format_yuan(base)} 元",
            hint="请核对金额",
            rule="分配≤基数",
        )
    kind, where = departure(rule.lines, base, given)
    if kind and not command.reason:
        message = f"方案“{command.plan}”不合分配办法“{rule.version}”(基数 {format_yuan(base)} 元):{where}"
        hint = "请按办法分配(不写 --line 即按办法计算);确有依据的,用 --reason 说明"
        if kind == "floor":
            raise RuleRefusedError("income.floor_not_met", message, hint=hint, rule=_FLOOR)
        raise RuleRefusedError("income.rule_not_followed", message, hint=hint, rule=_FOLLOWED)
    return given


def _by_rule(rule: Rule, base: int, command: PlanDistribution) -> dict[str, int]:
    lines = divide(rule.lines, base)
    if not any(lines.values()):
        raise RuleRefusedError(
            "income.lines_needed",
            f"分配办法“{rule.version}”没有定出各受益方的数额,方案“{command.plan}”须逐项写明",
            hint=f"请用 --line 受益方:金额 写明;可填:{'、'.join(lines)}",
            rule=_FOLLOWED,
        )
    return lines


def _common(state: Scheme, command: Command) -> dict[str, Any]:
    return {
        "effective_on": command.on,
        "document": command.document,
        "reason": command.reason,
        "scheme": state.scheme,
        "area": state.area,
    }

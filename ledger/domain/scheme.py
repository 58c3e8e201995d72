"""An income account (收益账户): the assets that share it, its accounts by period, its rules and its plans.

A period is a year, a half year, a quarter or a month, so two periods either lie one within the other or do not touch.
The rule of a period is the one in force on its last day. Money is distributed once: what lies within the period of a
plan belongs to that plan, and no later plan counts it again.

Source: assets.md 4.4. The decisions are in ``ledger.domain.income`` and ``ledger.domain.distribution``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from ledger.domain.history import misplaced
from ledger.domain.reporting import first_day_of
from ledger.errors import NotFoundError
from ledger.events import (
    CostPosted,
    DistributionPaid,
    DistributionPlanned,
    DistributionResolved,
    Event,
    IncomePosted,
    IncomeRuleSet,
    RuleLine,
    SchemeOpened,
)
from ledger.money import format_yuan

__all__ = [
    "Plan",
    "Posting",
    "Rule",
    "Scheme",
    "base_of",
    "evolve_scheme",
    "last_day_of",
    "scheme_contradiction",
    "share_of",
    "within",
]

_MONTHS: Final = {"Q": 3, "H": 6, "-": 1}
_YEAR_DIGITS: Final = 4


def last_day_of(period: str) -> date:
    """Return the day on which a period ends: ``2022``, ``2022H1``, ``2022Q1`` or ``2022-03``."""
    first = first_day_of(period)
    months = _MONTHS.get(period[_YEAR_DIGITS : _YEAR_DIGITS + 1], 12)
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1) - timedelta(days=1)


def within(inner: str, outer: str) -> bool:
    """Say whether a period lies within another one or is the same."""
    return first_day_of(outer) <= first_day_of(inner) and last_day_of(inner) <= last_day_of(outer)


def share_of(line: RuleLine) -> Fraction:
    """Return the part of the base that a line of a rule gives."""
    return Fraction(line.numerator, line.denominator)


@dataclass(frozen=True, slots=True)
class Rule:
    """How income is distributed from a day on; what each field means stands at ``IncomeRuleSet``."""

    version: str
    on: date
    base: str
    costs: tuple[str, ...]
    lines: tuple[RuleLine, ...]
    approvals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Posting:
    """All income (``cost`` is empty) or all of one cost of a period, in fen, and the day of the last entry."""

    period: str
    cost: str
    amount_fen: int
    on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """A distribution: who gets how many fen, which steps of approval it took, and what was paid."""

    plan: str
    period: str
    rule_version: str
    base_fen: int
    lines: Mapping[str, int]
    on: date
    steps: tuple[tuple[str, date], ...] = ()
    notice_to_on: date | None = None
    """The last day on which the plan or a resolution on it is on notice."""
    paid: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Scheme:
    """What is known of an income account."""

    scheme: str = ""
    name: str = ""
    area: str = ""
    assets: tuple[str, ...] = ()
    opened_on: date | None = None
    postings: Mapping[tuple[str, str], Posting] = field(default_factory=lambda: MappingProxyType({}))
    """What was posted, by period and cost."""
    rules: tuple[Rule, ...] = ()
    plans: Mapping[str, Plan] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def exists(self) -> bool:
        """Say whether the account was ever opened."""
        return self.opened_on is not None

    def must_exist(self, code: str) -> None:
        """Raise NotFoundError when the account is unknown."""
        if not self.exists:
            raise NotFoundError(
                "income.unknown_scheme",
                f"没有编号为“{code}”的收益账户",
                hint="请核对编号,或先用 xianjie income open 设立",
            )

    def rule_for(self, period: str) -> Rule | None:
        """Return the rule of a period: the one in force on its last day."""
        day = last_day_of(period)
        return max((each for each in self.rules if each.on <= day), key=lambda each: each.on, default=None)

    def plan_over(self, period: str) -> Plan | None:
        """Return the plan that distributes what is posted for the period, or None."""
        return next((each for each in self.plans.values() if within(period, each.period)), None)

    def accounts(self, period: str, but: str = "") -> tuple[Posting, ...]:
        """Return what a plan of the period distributes: postings within it that no other plan within it took.

        ``but`` is the code of the plan itself, once it is recorded.
        """
        taken = [each.period for each in self.plans.values() if each.plan != but and within(each.period, period)]
        return tuple(
            each
            for each in self.postings.values()
            if within(each.period, period) and not any(within(each.period, other) for other in taken)
        )


def base_of(rule: Rule, accounts: tuple[Posting, ...]) -> int:
    """Return the base by a rule: the income, less the costs that the rule names; below zero where they are more."""
    income = sum(each.amount_fen for each in accounts if not each.cost)
    return income - sum(each.amount_fen for each in accounts if each.cost and each.cost in rule.costs)


def evolve_scheme(state: Scheme, event: Event) -> Scheme:
    """Return the state after one more event."""
    match event:
        case SchemeOpened():
            return replace(
                state,
                scheme=event.scheme,
                name=event.name,
                area=event.area,
                assets=event.assets,
                opened_on=event.effective_on,
            )
        case IncomePosted():
            return _posted(state, event, "")
        case CostPosted():
            return _posted(state, event, event.cost)
        case IncomeRuleSet():
            rule = Rule(event.version, event.effective_on, event.base, event.costs, event.lines, event.approvals)
            return replace(state, rules=tuple(sorted((*state.rules, rule), key=lambda each: each.on)))
        case DistributionPlanned():
            lines = MappingProxyType({each.payee: each.amount_fen for each in event.lines})
            plan = Plan(event.plan, event.period, event.rule_version, event.base_fen, lines, event.effective_on)
            return _with(state, plan)
        case DistributionResolved():
            plan = _plan(state, event.plan, event)
            ends = [day for day in (plan.notice_to_on, event.notice_to_on) if day is not None]
            steps = (*plan.steps, (event.step, event.effective_on))
            return _with(state, replace(plan, steps=steps, notice_to_on=max(ends, default=None)))
        case DistributionPaid():
            plan = _plan(state, event.plan, event)
            paid = {**plan.paid, event.payee: plan.paid.get(event.payee, 0) + event.amount_fen}
            return _with(state, replace(plan, paid=MappingProxyType(paid)))
        case _:
            raise misplaced(event)


def scheme_contradiction(code: str, state: Scheme) -> str:
    """Say in which way the state contradicts itself (after a correction), or return an empty text."""
    if not state.exists and (state.postings or state.rules or state.plans):
        return f"收益账户“{code}”的收支、办法或方案仍在账上,账户本身却没有了"
    return next(filter(None, (_amiss(state, plan) for plan in state.plans.values())), "")


def _amiss(state: Scheme, plan: Plan) -> str:
    rule = state.rule_for(plan.period)
    if not plan.rule_version:
        return f"方案“{plan.plan}”的审议或发放仍在账上,方案本身却没有了"
    if rule is None or rule.version != plan.rule_version:
        return f"方案“{plan.plan}”所依的分配办法“{plan.rule_version}”不再是 {plan.period} 的现行办法"
    base = base_of(rule, state.accounts(plan.period, plan.plan))
    if base != plan.base_fen:
        return f"方案“{plan.plan}”的基数为 {format_yuan(plan.base_fen)} 元,账上将只剩 {format_yuan(base)} 元可分配"
    taken = tuple(step for step, _ in plan.steps)
    if taken != rule.approvals[: len(taken)]:
        return f"方案“{plan.plan}”的审批环节 {'、'.join(taken)} 仍在账上,其前的环节却没有了"
    if plan.paid and taken != rule.approvals:
        return f"方案“{plan.plan}”已发放 {format_yuan(sum(plan.paid.values()))} 元,审批环节却不全"
    return ""


def _posted(state: Scheme, event: IncomePosted | CostPosted, cost: str) -> Scheme:
    key = event.period, cost
    known = state.postings.get(key, Posting(*key, 0, event.effective_on))
    posting = Posting(*key, known.amount_fen + event.amount_fen, max(known.on, event.effective_on))
    return replace(state, postings=MappingProxyType({**state.postings, key: posting}))


def _plan(state: Scheme, code: str, event: Event) -> Plan:
    """Return the plan; a nameless one where it was reversed, which ``scheme_contradiction`` then finds."""
    return state.plans.get(
        code, Plan(code, str(event.effective_on.year), "", 0, MappingProxyType({}), event.effective_on)
    )


def _with(state: Scheme, plan: Plan) -> Scheme:
    return replace(state, plans=MappingProxyType({**state.plans, plan.plan: plan}))

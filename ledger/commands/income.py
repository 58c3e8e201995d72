"""Handlers of income: accounts, rules of distribution, plans, their approval and payment."""

from __future__ import annotations

from ledger.commands.dispatch import handles
from ledger.commands.work import ASSET, CONTRACT, SCHEME, YEAR, Work
from ledger.domain import closing, distribution, income, payout
from ledger.domain.command import Command
from ledger.domain.scheme import Scheme
from ledger.rules.named import code_named


@handles(income.OpenScheme)
def _open(work: Work, command: income.OpenScheme) -> None:
    assets = {code: work.load(ASSET, code) for code in command.assets}
    work.record(income.decide_open(work.load(SCHEME, command.scheme), assets, command, work.areas()))


@handles(income.PostIncome)
def _post_income(work: Work, command: income.PostIncome) -> None:
    state = work.load(SCHEME, command.scheme)
    _check_open(work, state, command)
    earning = (command.asset,) if command.asset else state.assets
    assets = {code: work.load(ASSET, code) for code in earning}
    named = command.contract
    let = work.load(CONTRACT, named).must_exist(named).assets if named else None
    work.record(income.decide_post_income(state, assets, let, command))


@handles(income.PostCost)
def _post_cost(work: Work, command: income.PostCost) -> None:
    state = work.load(SCHEME, command.scheme)
    _check_open(work, state, command)
    known = command.model_copy(update={"cost": _cost(work, state, command.cost, command)})
    work.record(income.decide_post_cost(state, known))


@handles(distribution.SetIncomeRule)
def _set_rule(work: Work, command: distribution.SetIncomeRule) -> None:
    state = work.load(SCHEME, command.scheme)
    state.must_exist(command.scheme)
    costs = tuple(_cost(work, state, each, command) for each in command.costs)
    work.record(distribution.decide_set_rule(state, command.model_copy(update={"costs": costs})))


@handles(distribution.PlanDistribution)
def _plan(work: Work, command: distribution.PlanDistribution) -> None:
    work.record(distribution.decide_plan(work.load(SCHEME, command.scheme), command))


@handles(payout.ResolveDistribution)
def _resolve(work: Work, command: payout.ResolveDistribution) -> None:
    state = work.load(SCHEME, command.scheme)
    state.must_exist(command.scheme)
    work.record(payout.decide_resolve(state, command, work.rules(state.area, command.on)))


@handles(payout.PayDistribution)
def _pay(work: Work, command: payout.PayDistribution) -> None:
    state = work.load(SCHEME, command.scheme)
    _check_open(work, state, command)
    work.record(payout.decide_pay(state, command))


def _cost(work: Work, state: Scheme, text: str, command: Command) -> str:
    """Return the cost code that is named, by the list of the account's area on the day."""
    if not state.exists:
        return text
    return code_named(text, "cost_codes", "成本类别", work.rules(state.area, command.on), state.area, command.on)


def _check_open(work: Work, state: Scheme, command: Command) -> None:
    """Refuse an entry dated in a year for which the area's books are closed, unless it states a reason."""
    closing.check_open(work.load(YEAR, f"{state.area}:{command.on.year}"), state.area, command)

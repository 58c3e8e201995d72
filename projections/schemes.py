"""Income accounts as they stood: what each period earned and cost, what was planned of it, and what was paid.

Income and costs of a period that a plan distributes are shown under the plan's period: twelve months under the year
that was distributed (``ledger.domain.scheme``). Source: assets.md 4.4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from ledger.domain.reporting import first_day_of
from ledger.domain.scheme import last_day_of, within
from projections.tables import fact_income, fact_income_rule, fact_scheme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.scope import Scope

__all__ = ["Account", "Floor", "accounts_of"]


class Floor(NamedTuple):
    """The least part of the base that a rule gives a payee, and what the payee was given; money in fen."""

    payee: str
    name: str
    numerator: int
    denominator: int
    planned_fen: int
    paid_fen: int


@dataclass(slots=True)
class Account:
    """One period of one income account, in fen; ``base_fen`` and the rest from there are of its plans, if any.

    ``parts`` are the positions of the entries behind it: ``gross``, ``cost``, ``planned`` and ``paid``; ``opened`` is
    that of the entry which opened the account and named it, 0 where none did.
    """

    scheme: str
    name: str
    area: str
    period: str
    gross_fen: int = 0
    costs: Counter[str] = field(default_factory=Counter)
    plans: list[str] = field(default_factory=list)
    base_fen: int = 0
    planned_fen: int = 0
    undistributed_fen: int = 0
    paid_fen: int = 0
    rules: list[str] = field(default_factory=list)
    floors: list[Floor] = field(default_factory=list)
    parts: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    opened: int = 0


@dataclass(slots=True)
class _Plan:
    period: str
    rule: str
    position: int
    base_fen: int = 0
    undistributed_fen: int = 0
    planned: Counter[str] = field(default_factory=Counter)
    paid: Counter[str] = field(default_factory=Counter)
    payments: list[int] = field(default_factory=list)


class _Posted(NamedTuple):
    """Income, or a cost where ``cost`` says which, of a period of an account."""

    scheme: str
    period: str
    cost: str
    fen: int
    position: int


def accounts_of(scope: Scope) -> list[Account]:
    """Return every period of every income account of the area, by account and last day; of one year, or of all."""
    plans, posted = _money(scope)
    names, floors = _names(scope), _floors(scope)
    found: dict[tuple[str, str], Account] = {}

    def account(scheme: str, period: str) -> Account:
        name, area, opened = names.get(scheme, ("", scope.area, 0))
        return found.setdefault((scheme, period), Account(scheme, name, area, period, opened=opened))

    for each in posted:
        here = account(each.scheme, _shown_under(each.period, (plan.period for plan in plans[each.scheme].values())))
        if each.cost:
            here.costs[each.cost] += each.fen
        else:
            here.gross_fen += each.fen
        here.parts["cost" if each.cost else "gross"].append(each.position)
    for scheme, own in plans.items():
        for code, plan in own.items():
            here = account(scheme, plan.period)
            here.plans.append(code)
            here.rules.append(plan.rule)
            here.base_fen += plan.base_fen
            here.planned_fen += plan.planned.total()
            here.undistributed_fen += plan.undistributed_fen
            here.paid_fen += plan.paid.total()
            here.parts["planned"].append(plan.position)
            here.parts["paid"] += plan.payments
            here.floors += [
                Floor(payee, name, numerator, denominator, plan.planned[payee], plan.paid[payee])
                for payee, name, numerator, denominator in floors[scheme, plan.rule]
            ]
    ordered = sorted(found.values(), key=lambda each: (each.scheme, last_day_of(each.period), each.period))
    return [each for each in ordered if scope.year in {None, int(each.period[:4])}]


def _shown_under(period: str, planned: Iterable[str]) -> str:
    """Return the shortest period of a plan that holds the period, or the period itself."""
    holding = [each for each in planned if within(period, each)]
    return min(holding, key=lambda each: last_day_of(each) - first_day_of(each), default=period)


def _money(scope: Scope) -> tuple[defaultdict[str, dict[str, _Plan]], list[_Posted]]:
    """Return the plans by account and code, and what was posted, entry by entry."""
    facts = fact_income.c
    what = (facts.scheme, facts.measure, facts.period, facts.what, facts.plan, facts.payee, facts.rule_version)
    keys = (*what, facts.origin)
    summed = (
        select(*keys, func.sum(facts.amount_fen), func.sum(facts.sign))
        .where(facts.scheme != "", scope.within(fact_income))
        .group_by(*keys)
        .order_by(*keys)
    )
    plans: defaultdict[str, dict[str, _Plan]] = defaultdict(dict)
    posted: list[_Posted] = []
    paid: list[tuple[str, str, str, int, int]] = []
    for scheme, measure, period, cost, code, payee, rule, origin, fen, living in scope.connection.execute(summed):
        if int(living) <= 0:
            continue
        if measure in {"income", "cost"}:
            posted.append(_Posted(scheme, period, cost, int(fen), int(origin)))
        elif measure == "paid":
            paid.append((scheme, code, payee, int(fen), int(origin)))
        else:
            plan = plans[scheme].setdefault(code, _Plan(period, rule, int(origin)))
            if measure == "planned":
                plan.planned[payee] = int(fen)
            elif measure == "base":
                plan.base_fen = int(fen)
            else:
                plan.undistributed_fen = int(fen)
    for scheme, code, payee, fen, origin in paid:
        if code in plans[scheme]:
            plans[scheme][code].paid[payee] += fen
            plans[scheme][code].payments.append(origin)
    return plans, posted


def _names(scope: Scope) -> dict[str, tuple[str, str, int]]:
    """Return the name, the area and the opening of each account."""
    facts = fact_scheme.c
    living = (
        select(facts.scheme, facts.name, facts.area, facts.origin)
        .where(scope.within(fact_scheme))
        .group_by(facts.scheme, facts.name, facts.area, facts.origin)
        .having(func.sum(facts.sign) > 0)
    )
    return {scheme: (name, area, int(origin)) for scheme, name, area, origin in scope.connection.execute(living)}


def _floors(scope: Scope) -> defaultdict[tuple[str, str], list[tuple[str, str, int, int]]]:
    """Return the least parts that each version of each account's rule sets; the latest event of a version counts."""
    facts = fact_income_rule.c
    keys = (facts.scheme, facts.version, facts.origin, facts.line)
    words = (facts.payee, facts.name, facts.numerator, facts.denominator)
    living = (
        select(*keys, *words)
        .where(facts.floor == 1, scope.within(fact_income_rule))
        .group_by(*keys, *words)
        .having(func.sum(facts.sign) > 0)
        .order_by(*keys)
    )
    found: defaultdict[tuple[str, str], list[tuple[str, str, int, int]]] = defaultdict(list)
    last: dict[tuple[str, str], int] = {}
    for scheme, version, origin, _, payee, name, numerator, denominator in scope.connection.execute(living):
        if last.get((scheme, version)) != origin:
            found[scheme, version] = []
            last[scheme, version] = origin
        found[scheme, version].append((payee, name, numerator, denominator))
    return found

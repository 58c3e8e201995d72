"""The pictures of assets, contracts and income accounts: terms, rights, steps and what they earned."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, or_, select

from projections.assets import assets_at, standing
from projections.contracts import contracts_of
from projections.flags.model import Subject, Trace
from projections.flags.pictures import Asset, Contract, Holder, Plan, Scheme, Setting, Step, joined
from projections.flags.selecting import here, trace, traced
from projections.latest import latest, written_by
from projections.tables import (
    fact_asset,
    fact_asset_step,
    fact_contract,
    fact_holding,
    fact_income,
    fact_income_rule,
    fact_scheme,
    fact_vote,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from projections.flags.pictures import World
    from projections.scope import Scope

__all__ = ["look_at_assets"]

_COUNTED_OFTEN: Final = ("upkeep_visited", "identified", "counted", "depreciation_posted", "batch_classified")
_IN_MILESTONES: Final = ("confirmed", "certified", "booked")
_STEP: Final = (
    *("step", "effective_on", "position", "code", "what", "detail", "note", "unit", "receiver", "by", "deadline"),
    *("amount_fen", "number", "days"),
)


def look_at_assets(scope: Scope, world: World) -> None:
    """Add the assets, ended ones included, with their contracts and accounts."""
    _assets(scope, world)
    if world.assets:
        _rights(scope, world)
        _steps(scope, world)
        _votes(scope, world)
    _contracts(scope, world)
    _schemes(scope, world)


def _assets(scope: Scope, world: World) -> None:
    at, born = assets_at(scope, ended=True), fact_asset.c
    names = ("asset", "area", "town", "village", "year", "project", "asset_class", "asset_form", "subclass", "name")
    more = ("quantity", "place", "value_fen", "provisional", "life", "effective_on")
    wanted = select(*(at.c[name] for name in (*names, *more)))
    first = select(born.asset, born.value_fen, born.position).where(standing(scope, fact_asset))
    formed = {code: (int(fen), position) for code, fen, position in scope.connection.execute(first)}
    for code, area, town, village, year, project, kind, form, subclass, name, *row in scope.connection.execute(wanted):
        quantity, place, fen, provisional, life, on = row
        formed_fen, position = formed[code]
        subject = Subject("asset", code, name, area, town, year)
        world.assets[code] = Asset(
            *(subject, village, project, kind, form, subclass, quantity, place),
            *(int(fen), formed_fen, bool(provisional), life, on, position),
        )


def _rights(scope: Scope, world: World) -> None:
    """Add every setting of every right; holders of one kind together, however many they are."""
    facts = fact_holding.c
    keys = (
        *(facts[name] for name in ("effective_on", "position", "asset", "right", "status", "body")),
        *(facts[name] for name in ("holder_kind", "denominator")),
    )
    number = func.count(func.distinct(facts.holder))
    wanted = (
        select(*keys, func.sum(facts.numerator), number, func.min(facts.holder))
        .where(standing(scope, fact_holding))
        .group_by(*keys)
        .order_by(*keys)
    )
    for on, position, asset_code, right, status, body, kind, denominator, share, many, one in scope.connection.execute(
        wanted
    ):
        asset = world.assets.get(asset_code)
        if asset is None:
            continue
        settings = asset.rights.setdefault(right, [])
        if not settings or settings[-1].position != position:
            settings.append(Setting(on, position, status, body, ()))
        if kind:
            holder = Holder(one, kind, Fraction(int(share), int(denominator)), int(many))
            settings[-1] = settings[-1]._replace(holders=(*settings[-1].holders, holder))


def _steps(scope: Scope, world: World) -> None:
    facts = fact_asset_step.c
    each = (
        select(facts.asset, *(facts[name] for name in _STEP))
        .where(facts.step.not_in((*_COUNTED_OFTEN, *_IN_MILESTONES)), standing(scope, fact_asset_step))
        .order_by(facts.effective_on, facts.position)
    )
    for code, *row in scope.connection.execute(each):
        if asset := world.assets.get(code):
            asset.steps.setdefault(row[0], []).append(Step(*row))
    visited = (
        select(facts.asset, func.max(facts.effective_on), func.max(facts.position), func.sum(facts.amount_fen))
        .where(facts.step == "upkeep_visited", standing(scope, fact_asset_step))
        .group_by(facts.asset)
    )
    for code, on, position, fen in scope.connection.execute(visited):
        if asset := world.assets.get(code):
            words = ("",) * 8
            asset.steps["upkeep_visited"] = [Step("upkeep_visited", on, position, *words, int(fen), 0, 0)]


def _votes(scope: Scope, world: World) -> None:
    """Add to each vote about a disposal how many there are in all, beside those in favour: ``fen`` holds them."""
    facts = fact_vote.c
    wanted = select(facts.asset, facts.position, facts.members, facts.party_first).where(
        facts.asset != "", standing(scope, fact_vote)
    )
    for code, position, members, party_first in scope.connection.execute(wanted):
        asset = world.assets.get(code)
        votes = asset.steps.get("disposal_voted", []) if asset else []
        for at, vote in enumerate(votes):
            if vote.position == position:
                votes[at] = vote._replace(fen=int(members), note="party" if party_first else "")


def _contracts(scope: Scope, world: World) -> None:
    dues = {each.contract: each for each in contracts_of(scope)}
    if not dues:
        return
    newest, facts = latest(scope, fact_contract, ("contract",)), fact_contract.c
    names = ("contract", "area", "mode", "operator", "return_kind", "return_fen", "return_numerator")
    more = ("return_denominator", "base_fen", "guarantee", "procurement", "clauses", "position", "effective_on")
    wanted = select(*(facts[name] for name in (*names, *more))).join_from(
        newest, fact_contract, written_by(newest, fact_contract)
    )
    first = (
        select(facts.contract, func.min(facts.effective_on))
        .where(standing(scope, fact_contract))
        .group_by(facts.contract)
    )
    signed = {contract: on for contract, on in scope.connection.execute(first)}  # noqa: C416 - rows are no pairs
    for code, area, mode, operator, kind, fen, numerator, denominator, base_fen, *row in scope.connection.execute(
        wanted.order_by(facts.contract)
    ):
        if code in world.contracts:
            continue
        guarantee, procurement, clauses, position, on = row
        known = dues[code]
        subject = Subject("contract", code, known.operator_name or operator, area, "", known.from_on.year)
        rate = Fraction(int(numerator), int(denominator))
        world.contracts[code] = contract = Contract(
            *(subject, position, known.assets, mode, operator, kind, int(fen), rate, int(base_fen), guarantee),
            *(procurement, frozenset(clauses.split()), signed.get(code, on), known),
        )
        for each in known.assets:
            if asset := world.assets.get(each):
                asset.contracts.append(contract)
    _received(scope, world)


def _received(scope: Scope, world: World) -> None:
    facts = fact_income.c
    wanted = (
        select(facts.contract, *traced(fact_income, facts.amount_fen))
        .where(facts.measure == "received", facts.what == "rent")
        .group_by(facts.contract)
    )
    for code, *row in scope.connection.execute(here(scope, fact_income, wanted)):
        if contract := world.contracts.get(code):
            contract.received = trace(row)
            for asset in contract.assets:
                _earned(world, asset, contract.received)
    for code, voucher, position in _telling(scope, facts.contract):
        if contract := world.contracts.get(code):
            contract.vouchers += ((voucher, position),)


def _telling(scope: Scope, code: ColumnElement[str]) -> list[tuple[str, str, int]]:
    """Return the receipts whose voucher has one of the words of RF30, by contract or scheme."""
    rule = scope.rules.flag("RF30", scope.area)
    if rule is None:
        return []
    facts = fact_income.c
    found = or_(*(facts.voucher.contains(word, autoescape=True) for word in _words(rule.parameters, "account_words")))
    wanted = select(code, facts.voucher, facts.position).where(code != "", facts.voucher != "", found)
    return [
        (each, voucher, position)
        for each, voucher, position in scope.connection.execute(here(scope, fact_income, wanted))
    ]


def _words(parameters: tuple[tuple[str, int | str], ...], name: str) -> list[str]:
    return str(dict(parameters)[name]).split()


def _earned(world: World, asset: str, income: Trace) -> None:
    known = world.assets.get(asset)
    if known is None:
        return
    known.income = income if known.income is None else joined(known.income, income)


def _schemes(scope: Scope, world: World) -> None:
    facts = fact_scheme.c
    assets: defaultdict[str, list[str]] = defaultdict(list)
    opened = select(facts.scheme, facts.name, facts.area, facts.effective_on, facts.position, facts.asset)
    for code, name, area, on, position, asset in scope.connection.execute(here(scope, fact_scheme, opened)):
        assets[code].append(asset)
        subject = Subject("scheme", code, name, area, "", int(on[:4]))
        world.schemes.setdefault(code, Scheme(subject, position))
    if not assets:
        return
    for code, held in assets.items():
        scheme, known = world.schemes[code], [world.assets[each] for each in held if each in world.assets]
        scheme.assets, scheme.let = tuple(held), any(each.contracts for each in known)
        scheme.about = " ".join((scheme.subject.name, *(f"{each.subject.name} {each.subclass}" for each in known)))
    _rules(scope, world)
    _incomes(scope, world)
    _plans(scope, world)


def _rules(scope: Scope, world: World) -> None:
    facts = fact_income_rule.c
    names = ("scheme", "version", "effective_on", "position", "payee", "name", "numerator", "denominator", "floor")
    wanted = select(*(facts[name] for name in (*names, "base"))).order_by(facts.position, facts.line)
    for code, version, on, position, payee, name, numerator, denominator, floor, base in scope.connection.execute(
        here(scope, fact_income_rule, wanted)
    ):
        if scheme := world.schemes.get(code):
            line = (on, position, payee, name, Fraction(int(numerator), int(denominator)), bool(floor), base)
            scheme.rules.setdefault(version, []).append(line)


def _incomes(scope: Scope, world: World) -> None:
    facts = fact_income.c
    keys = (facts.scheme, facts.asset, facts.contract == "")
    wanted = select(*keys, *traced(fact_income, facts.amount_fen)).where(facts.measure == "income").group_by(*keys)
    for code, asset, loose, *row in scope.connection.execute(here(scope, fact_income, wanted)):
        scheme, income = world.schemes.get(code), trace(row)
        if scheme is None:
            continue
        if loose:
            scheme.loose = income if scheme.loose is None else joined(scheme.loose, income)
        for each in (asset,) if asset else scheme.assets:
            _earned(world, each, income)
    for code, voucher, position in _telling(scope, facts.scheme):
        if scheme := world.schemes.get(code):
            scheme.vouchers += ((voucher, position),)


def _plans(scope: Scope, world: World) -> None:
    facts = fact_income.c
    keys = (facts.scheme, facts.plan, facts.measure, facts.payee)
    wanted = (
        select(*keys, func.max(facts.rule_version), *traced(fact_income, facts.amount_fen))
        .where(facts.plan != "")
        .group_by(*keys)
    )
    for code, plan_code, measure, payee, version, *row in scope.connection.execute(here(scope, fact_income, wanted)):
        if (scheme := world.schemes.get(code)) is None:
            continue
        plan, found = scheme.plans.setdefault(plan_code, Plan(plan_code)), trace(row)
        if measure == "paid":
            plan.paid = found if plan.paid is None else joined(plan.paid, found)
            continue
        plan.on, plan.version, plan.position = found.first, version, found.at()[0]
        if measure == "base":
            plan.base_fen = found.fen
        elif measure == "planned":
            plan.planned[payee] = found.fen
    votes = fact_vote.c
    resolved = select(votes.scheme, votes.code, votes.step, votes.effective_on, votes.position, votes.notice_to_on)
    for code, plan_code, step, on, position, notice_to_on in scope.connection.execute(
        resolved.where(votes.scheme != "", standing(scope, fact_vote))
    ):
        scheme = world.schemes.get(code)
        if scheme and plan_code in scheme.plans:
            words = ("",) * 7
            scheme.plans[plan_code].resolved.append(Step(step, on, position, *words, notice_to_on, 0, 0, 0))

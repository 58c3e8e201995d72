"""A journal of the whole ledger: entries from the events, and what every account must hold from the facts.

Both are made from the same log in two ways, so that a bookkeeping program that agrees with both has proved the
projection. Balances are given for the last day of every month in which the account moved.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import replace as with_changes
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, select

from ledger.events import EventReversed, registry
from ledger.log.reading import read_page
from projections.assets import assets_at
from projections.exports.accounts import Posting, account_code, postings_of, project_account, quota_account
from projections.tables import fact_asset_state, fact_income, fact_money

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.scope import Scope

__all__ = ["Balance", "Entry", "Journal", "expected_json", "journal_of"]

_PAGE: Final = 5_000
_MONEY: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "issued": (("quota", 1),),
    "received": (("quota", 1),),
    "returned": (("quota", 1),),
    "distributed": (("quota", -1),),
    "recovered": (("quota", -1),),
    "allocated": (("quota", -1),),
    "funded": (("Assets:Allocated", 1),),
    "released": (("Assets:Allocated", -1), ("Assets:Released", 1)),
    "paid": (("Assets:Released", -1), ("Expenses:Paid", 1)),
    "reimbursed": (("Assets:Memo:Reimbursed", 1),),
    "retained": (("Assets:Memo:Retained", 1),),
}
"""To which accounts each measure of money adds, and with which sign."""

_INCOME: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "income": (("Assets:VillageIncome", 1), ("Income:AssetReturn", -1)),
    "cost": (("Assets:VillageIncome", -1), ("Expenses:IncomeCost", 1)),
    "paid": (("Assets:VillageIncome", -1), ("Expenses:Distribution", 1)),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a transaction; ``reverses`` is the position of the event that it takes back, or 0."""

    on: date
    position: int
    topic: str
    document: str
    postings: tuple[Posting, ...]
    reverses: int = 0


class Balance(NamedTuple):
    """What the account holds at the end of the day."""

    on: date
    account: str
    fen: int


@dataclass(frozen=True, slots=True)
class Journal:
    """Entries by day and position, expected balances by day and account, and all accounts in order."""

    entries: tuple[Entry, ...]
    balances: tuple[Balance, ...]
    accounts: tuple[str, ...]


def journal_of(scope: Scope) -> Journal:
    """Return the journal of everything known and happened in the scope, of all areas and years.

    Raises TamperedError: an event is unreadable.
    """
    entries = sorted(_entries(scope), key=lambda entry: (entry.on, entry.position))
    moved: dict[str, set[date]] = defaultdict(set)
    for entry in entries:
        for posting in entry.postings:
            moved[posting.account].add(_month_end(entry.on))
    held = _held(scope, sorted({day for days in moved.values() for day in days}))
    # An account whose facts never moved is expected to hold nothing, and so is one that facts do not know.
    balances = [
        Balance(day, account, held.get(account, {}).get(day, 0))
        for account, days in moved.items()
        for day in days
        if _is_expected(account)
    ]
    return Journal(tuple(entries), tuple(sorted(balances)), tuple(sorted(moved)))


def _is_expected(account: str) -> bool:
    """Say whether the facts have this account: not the other side of a memo, a grant or a formed asset."""
    return not account.startswith(
        ("Equity:", "Income:Grant", "Expenses:AssetLoss", "Expenses:Depreciation", "Assets:Memo:Rent")
    )


def _entries(scope: Scope) -> Iterator[Entry]:
    done = 0
    while rows := read_page(scope.connection, done, _PAGE, scope.position):
        for row in rows:
            event, sign, reverses = registry.decode(row.topic, row.state), 1, 0
            document = event.document
            if isinstance(event, EventReversed):
                reverses, sign = event.reversed_position, -1
                event = registry.decode(event.reversed_topic, event.reversed_state.encode())
            postings = tuple(Posting(account, sign * fen) for account, fen in postings_of(event))
            if postings and event.effective_on <= scope.as_of:
                yield Entry(event.effective_on, row.position, event.TOPIC, document, postings, reverses)
        done = rows[-1].position


def _held(scope: Scope, days: list[date]) -> dict[str, dict[date, int]]:
    """Return what each account holds at each of the days, by the facts."""
    changes: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for account, on, fen in (*_money(scope), *_income(scope), *_depreciation(scope)):
        changes[account][_month_end(date.fromisoformat(on))] += fen
    held: dict[str, dict[date, int]] = defaultdict(dict)
    for account, by_day in changes.items():
        total = 0
        for day in days:
            total += by_day.get(day, 0)
            held[account][day] = total
    for day in days:
        assets = assets_at(with_changes(scope, as_of=min(day, scope.as_of)))
        for asset, fen in scope.connection.execute(select(assets.c.asset, assets.c.value_fen)):
            held[f"Assets:Fixed:{account_code('A', asset)}"][day] = int(fen)
    return held


def _money(scope: Scope) -> Iterator[tuple[str, str, int]]:
    facts = fact_money.c
    keys = (facts.measure, facts.level, facts.fund_kind, facts.plan_year, facts.tranche, facts.project)
    summed = (
        select(*keys, facts.effective_on, func.sum(facts.amount_fen))
        .where(facts.measure.in_(sorted(_MONEY)), scope.happened(fact_money))
        .group_by(*keys, facts.effective_on)
    )
    for measure, level, fund_kind, plan_year, tranche, project, on, fen in scope.connection.execute(summed):
        for root, sign in _MONEY[measure]:
            of_tranche = root == "quota"
            account = (
                quota_account(level, fund_kind, plan_year, tranche)
                if of_tranche
                else project_account(root, project, tranche)
            )
            yield account, on, sign * int(fen)


def _income(scope: Scope) -> Iterator[tuple[str, str, int]]:
    facts = fact_income.c
    summed = (
        select(facts.measure, facts.scheme, facts.effective_on, func.sum(facts.amount_fen))
        .where(facts.measure.in_(sorted(_INCOME)), scope.happened(fact_income))
        .group_by(facts.measure, facts.scheme, facts.effective_on)
    )
    for measure, scheme, on, fen in scope.connection.execute(summed):
        for root, sign in _INCOME[measure]:
            yield f"{root}:{account_code('S', scheme)}", on, sign * int(fen)


def _depreciation(scope: Scope) -> Iterator[tuple[str, str, int]]:
    facts = fact_asset_state.c
    summed = (
        select(facts.asset, facts.effective_on, func.sum(facts.depreciation_fen * facts.sign))
        .where(facts.aspect == "depreciation", scope.happened(fact_asset_state))
        .group_by(facts.asset, facts.effective_on)
    )
    for asset, on, fen in scope.connection.execute(summed):
        yield f"Assets:Depreciation:{account_code('A', asset)}", on, -int(fen)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def expected_json(journal: Journal) -> dict[str, Any]:
    """Return the expected balances by account and day, in fen."""
    found: dict[str, dict[str, int]] = {}
    for day, account, fen in journal.balances:
        found.setdefault(account, {})[day.isoformat()] = fen
    return dict(sorted(found.items()))

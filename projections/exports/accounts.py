"""From one event to postings of double-entry bookkeeping: a stateless map, like that of facts, but not made from facts.

Mapping after ecosystem.md 4.2, with these choices. A movement between two streams is two events, so each leg is an
entry of its own against ``Assets:Transit``, which is nil at the end of every day. Reimbursed vouchers, money held back
and rent received are no movements of the fund's money: pairs of ``Memo`` accounts. Receivers of distributions are
grouped by income account and never named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from ledger import events as e
from ledger.codes import FundKind, FundLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Posting", "account_code", "postings_of", "project_account", "quota_account"]


class Posting(NamedTuple):
    """So many fen, signed, to this account."""

    account: str
    fen: int


_Rule: TypeAlias = "Callable[[Any], tuple[str, str, int]]"
"""Returns the account that gains, the account that gives, and how much."""

_LEVELS: Final = {str(level): f"L{number}-{level}" for number, level in enumerate(FundLevel, 1)}
_KINDS: Final = {str(kind): f"F{number}-{kind}".replace("_", "-") for number, kind in enumerate(FundKind, 1)}
_TRANSIT: Final = "Assets:Transit"


def account_code(prefix: str, code: str) -> str:
    """Return a component of an account name: letters, digits and ``-`` stay, any other sign becomes its code point.

    A hyphen before ``u`` is written as a code point as well, so no two codes give one component.
    """
    signs = [
        sign
        if (sign.isascii() and sign.isalnum()) or (sign == "-" and code[at + 1 : at + 2] != "u")
        else f"-u{ord(sign):x}-"
        for at, sign in enumerate(code)
    ]
    return prefix + "".join(signs)


def quota_account(level: str, fund_kind: str, plan_year: int, tranche: str) -> str:
    """Return the account of the money of a tranche that is in no project."""
    return f"Assets:Quota:{_of_fund(level, fund_kind, plan_year)}:{account_code('T', tranche)}"


def project_account(root: str, project: str, tranche: str) -> str:
    """Return the account of a tranche's money in a project, under ``Assets:Allocated``, ``Expenses:Paid``, …."""
    return f"{root}:{account_code('P', project)}:{account_code('T', tranche)}"


def postings_of(event: e.Event) -> list[Posting]:
    """Return the postings of an event, which add up to nil; none where no money moved. Reversals are the caller's."""
    rule = _RULES.get(type(event))
    if rule is None:
        return []
    to, by, fen = rule(event)
    return [Posting(to, fen), Posting(by, -fen)] if fen else []


def _of_fund(level: str, fund_kind: str, plan_year: int) -> str:
    of_level = _LEVELS.get(level) or account_code("L0-", level)
    return f"{of_level}:{_KINDS.get(fund_kind) or account_code('F0-', fund_kind)}:Y{plan_year}"


def _quota(event: Any) -> str:  # noqa: ANN401 - here and below: several classes lend the same fields
    return quota_account(event.level, event.fund_kind, event.plan_year, event.tranche)


def _grant(event: Any) -> str:  # noqa: ANN401
    return f"Income:Grant:{_of_fund(event.level, event.fund_kind, event.plan_year)}"


def _in(root: str) -> Callable[[Any], str]:
    return lambda event: project_account(root, event.project, event.tranche)


_allocated, _released, _paid = (_in(root) for root in ("Assets:Allocated", "Assets:Released", "Expenses:Paid"))


def _named(name: str) -> Callable[[Any], str]:
    return lambda _event: name


def _asset(root: str) -> Callable[[Any], str]:
    return lambda event: f"{root}:{account_code('A', event.asset)}"


def _scheme(root: str) -> Callable[[Any], str]:
    return lambda event: f"{root}:{account_code('S', event.scheme)}"


def _rule(to: Callable[[Any], str], by: Callable[[Any], str], field: str = "amount_fen", sign: int = 1) -> _Rule:
    return lambda event: (to(event), by(event), sign * getattr(event, field))


def _recovered(event: e.TrancheRecovered) -> tuple[str, str, int]:
    # Without a parent the money leaves the ledger: the grant is the less.
    return (_TRANSIT if event.parent else _grant(event)), _quota(event), event.amount_fen


_fixed, _capital = _asset("Assets:Fixed"), _asset("Equity:Capitalised")
_loss, _purse = _asset("Expenses:AssetLoss"), _scheme("Assets:VillageIncome")
_transit = _named(_TRANSIT)
_memo, _counter = "Assets:Memo", "Equity:Memo"

_RULES: Final[Mapping[type[e.Event], _Rule]] = {
    e.TrancheIssued: _rule(_quota, _grant),
    e.TrancheDistributed: _rule(_transit, _quota),
    e.TrancheReceived: _rule(_quota, _transit),
    e.TrancheRecovered: _recovered,
    e.TrancheReturned: _rule(_quota, _transit),
    e.MoneyAllocated: _rule(_transit, _quota),
    e.ProjectFunded: _rule(_allocated, _transit),
    e.MoneyWithdrawn: _rule(_transit, _allocated),
    e.MoneyRegained: _rule(_quota, _transit),
    e.MoneyReleased: _rule(_released, _allocated),
    e.ReleaseReturned: _rule(_allocated, _released),
    e.MoneyPaid: _rule(_paid, _released),
    e.PaymentRefunded: _rule(_released, _paid),
    e.MoneyReimbursed: _rule(_in(f"{_memo}:Reimbursed"), _named(f"{_counter}:Reimbursed")),
    e.RetentionHeld: _rule(_in(f"{_memo}:Retained"), _named(f"{_counter}:Retained")),
    e.RetentionReleased: _rule(_in(f"{_memo}:Retained"), _named(f"{_counter}:Retained"), sign=-1),
    e.AssetIdentified: _rule(_fixed, _capital, "value_fen"),
    e.AssetSplitOff: _rule(_fixed, _capital, "value_fen"),
    e.ValueFinalised: _rule(_fixed, _capital, "change_fen"),
    e.ValueAdded: _rule(_fixed, _capital, "change_fen"),
    e.AssetSplit: _rule(_fixed, _capital, "change_fen", -1),
    e.AssetMergedFrom: _rule(_fixed, _capital, "change_fen"),
    e.AssetMergedInto: _rule(_fixed, _capital, "value_fen", -1),
    e.DifferenceApproved: _rule(_fixed, _loss, "change_fen"),
    e.AssetDisposed: _rule(_loss, _fixed, "value_fen"),
    e.AssetClosed: _rule(_loss, _fixed, "value_fen"),
    e.DepreciationPosted: _rule(_asset("Expenses:Depreciation"), _asset("Assets:Depreciation")),
    e.RentReceived: _rule(
        lambda event: f"{_memo}:Rent:{account_code('H', event.contract)}", _named(f"{_counter}:Rent")
    ),
    e.IncomePosted: _rule(_purse, _scheme("Income:AssetReturn")),
    e.CostPosted: _rule(_scheme("Expenses:IncomeCost"), _purse),
    e.DistributionPaid: _rule(_scheme("Expenses:Distribution"), _purse),
}

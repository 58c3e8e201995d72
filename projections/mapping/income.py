"""Facts of income: accounts, rules of distribution, income and costs by period, plans, decisions, payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger import events as e
from projections.mapping.rows import FactRow, Mapping, Stamp, at_line

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

__all__ = ["MAPPINGS"]


def _opened(event: e.SchemeOpened, stamp: Stamp) -> list[FactRow]:
    return [
        ("fact_scheme", (*at_line(stamp, line), event.scheme, event.area, event.name, asset, event.document))
        for line, asset in enumerate(event.assets)
    ]


def _rule_set(event: e.IncomeRuleSet, stamp: Stamp) -> list[FactRow]:
    rule = (event.scheme, event.area, event.version, event.base, " ".join(event.costs), " ".join(event.approvals))
    rows: list[FactRow] = []
    for line, each in enumerate(event.lines):
        part = (each.payee, each.name, each.numerator, each.denominator, int(each.floor), event.document)
        rows.append(("fact_income_rule", (*at_line(stamp, line), *rule, *part)))
    return rows


def _posted(event: e.IncomePosted, stamp: Stamp) -> list[FactRow]:
    source = (event.scheme, event.asset, event.area, event.period, event.contract, "")
    posted = (event.amount_fen, "income", *source, "", "", "", event.voucher, event.document)
    return [("fact_income", (*stamp, *posted))]


def _cost(event: e.CostPosted, stamp: Stamp) -> list[FactRow]:
    source = (event.scheme, event.asset, event.area, event.period, "", event.cost)
    return [("fact_income", (*stamp, event.amount_fen, "cost", *source, "", "", "", event.voucher, event.document))]


def _planned(event: e.DistributionPlanned, stamp: Stamp) -> list[FactRow]:
    source = (event.scheme, "", event.area, event.period, "", "", event.plan)
    amounts = [("base", "", event.base_fen), ("undistributed", "", event.undistributed_fen)]
    amounts += [("planned", each.payee, each.amount_fen) for each in event.lines]
    return [
        (
            "fact_income",
            (*at_line(stamp, line), fen, measure, *source, payee, event.rule_version, "", event.document),
        )
        for line, (measure, payee, fen) in enumerate(amounts)
    ]


def _resolved(event: e.DistributionResolved, stamp: Stamp) -> list[FactRow]:
    notice_to_on = event.notice_to_on.isoformat() if event.notice_to_on else ""
    counts = (event.members, 0, event.in_favour, 0, 0)
    vote = ("", event.scheme, event.area, event.plan, event.step, event.body, "", *counts, notice_to_on, event.document)
    return [("fact_vote", (*stamp, *vote))]


def _paid(event: e.DistributionPaid, stamp: Stamp) -> list[FactRow]:
    source = (event.scheme, "", event.area, "", "", "", event.plan, event.payee)
    return [("fact_income", (*stamp, event.amount_fen, "paid", *source, "", event.voucher, event.document))]


MAPPINGS: Final[ReadOnly[type[e.Event], Mapping]] = {
    e.SchemeOpened: _opened,
    e.IncomeRuleSet: _rule_set,
    e.IncomePosted: _posted,
    e.CostPosted: _cost,
    e.DistributionPlanned: _planned,
    e.DistributionResolved: _resolved,
    e.DistributionPaid: _paid,
}

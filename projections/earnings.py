"""What assets earned in the calendar year of a report, up to its day: the flows that rates of income are made of."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from projections.contracts import contracts_of
from projections.tables import fact_income

if TYPE_CHECKING:
    from projections.scope import Scope

__all__ = ["flows"]


def flows(scope: Scope) -> Counter[tuple[str, str]]:
    """Return fen by the area's part and flow: ``income``, ``cost``, and the rent ``due`` and ``met`` by contracts."""
    facts = fact_income.c
    posted = (
        select(facts.area, facts.measure, func.sum(facts.amount_fen))
        .where(facts.measure.in_(("income", "cost")), func.substr(facts.period, 1, 4) == str(scope.as_of.year))
        .where(scope.within(fact_income))
        .group_by(facts.area, facts.measure)
    )
    found: Counter[tuple[str, str]] = Counter()
    for area, measure, fen in scope.connection.execute(posted):
        found[scope.current(area), measure] += int(fen)
    for contract in contracts_of(scope):
        part = scope.current(contract.area)
        for due in contract.dues:
            if due.what == "rent" and due.on.year == scope.as_of.year and due.on <= scope.as_of:
                found[part, "due"] += due.due_fen
                found[part, "met"] += due.received_fen
    return found

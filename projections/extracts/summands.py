"""Of which entries the amounts of a notice are sums, so that a reader who has the entries can add them up himself.

An entry that was reversed is no summand, nor is its reversal: both cancel, and what is left adds up to the amount. That
no entry is missing from a sum is what only the ledger shows: ``notice verify`` cuts the notice again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from projections.assets import standing
from projections.tables import fact_asset, fact_asset_state, fact_money

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.scope import Scope

__all__ = ["MEASURES", "Sum", "sums_of", "values_of"]

MEASURES: Final[dict[str, dict[str, Any]]] = {
    "planned": {
        "of": "project",
        "topics": {
            "project.planned": ["planned_fen", 1],
            "project.cancelled": ["planned_fen", -1],
            "project.replaced": ["planned_fen", -1],
        },
    },
    "funded": {
        "of": "project",
        "topics": {"project.funded": ["amount_fen", 1], "project.withdrawn": ["amount_fen", -1]},
    },
    "withdrawn": {"of": "project", "topics": {"project.withdrawn": ["amount_fen", 1]}},
    "released": {
        "of": "project",
        "topics": {"project.released": ["amount_fen", 1], "project.release_returned": ["amount_fen", -1]},
    },
    "paid": {
        "of": "project",
        "topics": {"project.paid": ["amount_fen", 1], "project.refunded": ["amount_fen", -1]},
    },
    "reimbursed": {"of": "project", "topics": {"project.reimbursed": ["amount_fen", 1]}},
    "settled": {"of": "project", "topics": {"project.settled": ["settled_fen", 1]}},
    "value": {
        "of": "asset",
        "topics": {
            "asset.identified": ["value_fen", 1],
            "asset.split_off": ["value_fen", 1],
            "asset.value_finalised": ["change_fen", 1],
            "asset.value_added": ["change_fen", 1],
            "asset.difference_approved": ["change_fen", 1],
            "asset.merged_from": ["change_fen", 1],
            "asset.split": ["change_fen", -1],
            "asset.merged_into": ["value_fen", -1],
        },
    },
    "gross": {"of": "scheme", "topics": {"income.posted": ["amount_fen", 1]}},
    "cost": {"of": "scheme", "topics": {"income.cost_posted": ["amount_fen", 1]}},
    "allotted": {"of": "scheme", "topics": {"income.distribution_planned": ["lines.amount_fen", 1]}},
    "given": {"of": "scheme", "topics": {"income.distribution_paid": ["amount_fen", 1]}},
    "undistributed": {
        "of": "scheme",
        "topics": {
            "income.distribution_planned": ["undistributed_fen", 1],
            "income.posted": ["amount_fen", 1],
            "income.cost_posted": ["amount_fen", -1],
        },
    },
}
"""By measure: the field that names the thing, and by topic the field of the amount and whether it is added or taken.
``lines.amount_fen`` stands for that field of each line.

What ``projections.mapping`` says of facts, in the words of entries, for readers who know nothing of facts; a test holds
the two together.
"""


@dataclass(slots=True)
class Sum:
    """An amount in fen, and the positions of the entries that add up to it."""

    fen: int = 0
    parts: list[int] = field(default_factory=list)

    def add(self, fen: int, position: int) -> None:
        """Add one entry."""
        self.fen += fen
        self.parts.append(position)


def sums_of(scope: Scope, measures: Iterable[str]) -> defaultdict[str, defaultdict[str, Sum]]:
    """Return the money of each project of the area, by measure; 0 made of nothing where there is none."""
    facts = fact_money.c
    standing = (
        select(facts.project, facts.measure, facts.origin, func.sum(facts.amount_fen))
        .where(facts.measure.in_(sorted(measures)), scope.within(fact_money), facts.project != "")
        .group_by(facts.project, facts.measure, facts.origin)
        .having(func.sum(facts.amount_fen) != 0)
        .order_by(facts.origin)
    )
    found: defaultdict[str, defaultdict[str, Sum]] = defaultdict(lambda: defaultdict(Sum))
    for project, measure, origin, fen in scope.connection.execute(standing):
        found[project][measure].add(int(fen), int(origin))
    return found


def values_of(scope: Scope) -> defaultdict[str, list[int]]:
    """Return for each asset the entries that its value is made of: its registration, and the changes since."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for facts, amount in ((fact_asset, fact_asset.c.value_fen), (fact_asset_state, fact_asset_state.c.change_fen)):
        wanted = select(facts.c.asset, facts.c.position).where(standing(scope, facts), amount != 0)
        for asset, position in scope.connection.execute(wanted.order_by(facts.c.position)):
            found[asset].append(int(position))
    return found

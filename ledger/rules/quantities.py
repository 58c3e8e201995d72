"""The numbers that rates and shares are made of, as plain values: sums of money and counts of projects and assets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["MEASURES", "MILESTONES", "CountQuantity", "MoneyQuantity", "MoneyTerm", "Quantity"]

MEASURES = frozenset(
    {
        *("issued", "received", "distributed", "recovered", "returned"),
        *("allocated", "funded", "released", "paid", "reimbursed"),
        *("surplus", "reclaimed", "adjusted", "retained", "carried_over"),
        *("estimated", "planned", "invested", "contracted", "settled"),
    }
)
"""The measures of money that events give rise to; ``funded`` is the project's leg of ``allocated``.

What went back from a project lowers ``allocated`` and ``funded`` and counts as ``surplus`` (left after settlement),
``reclaimed`` (recovered from the project) or ``adjusted`` (moved or replaced); what was refunded lowers ``paid``.
"""

MILESTONES = {
    "projects": frozenset(
        {
            *("declared", "reviewed", "appraised", "listed", "approved", "planned", "allocated", "published"),
            *("contracted", "started", "suspended", "resumed", "completed", "accepted", "settled", "concluded"),
            *("handed_over", "removed", "cancelled", "replaced", "monitored", "evaluated"),
        }
    ),
    "assets": frozenset({"identified", "noticed", "confirmed", "certified", "handed_over", "booked", "published"}),
}
"""The milestones that projects and assets can reach."""


@dataclass(frozen=True, slots=True)
class MoneyTerm:
    """One part of a money quantity: measures with their signs, over the money that passes every filter.

    An empty filter lets everything pass; ``industry`` None does not ask.
    """

    measures: tuple[tuple[str, int], ...]
    levels: frozenset[str]
    fund_kinds: frozenset[str]
    directions: frozenset[str]
    types: frozenset[str]
    exclude_types: frozenset[str]
    industry: bool | None


@dataclass(frozen=True, slots=True)
class MoneyQuantity:
    """A defined amount of money in fen: the sum of its terms, those of the quantities it is composed of included."""

    id: str
    name: str
    source: str
    terms: tuple[MoneyTerm, ...]


@dataclass(frozen=True, slots=True)
class CountQuantity:
    """A defined number of projects or assets: those that reached every milestone of one list and none of another.

    ``in_rates`` leaves out project types that do not count in project rates. Empty ``types`` let every type pass.
    """

    id: str
    name: str
    source: str
    count: Literal["projects", "assets"]
    having: frozenset[str]
    without: frozenset[str]
    in_rates: bool
    types: frozenset[str]
    exclude_types: frozenset[str]


Quantity: TypeAlias = MoneyQuantity | CountQuantity

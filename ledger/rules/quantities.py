"""The numbers that rates and shares are made of, as plain values: money, counts and sums of subjects, income."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "FLOWS",
    "MEASURES",
    "MILESTONES",
    "STATES",
    "SUMS",
    "AssetTest",
    "CountQuantity",
    "IncomeQuantity",
    "MoneyQuantity",
    "MoneyTerm",
    "Quantity",
]

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
            *("handed_over", "formed_asset", "formed_none", "removed", "cancelled", "replaced"),
            *("monitored", "evaluated"),
        }
    ),
    "assets": frozenset({"identified", "noticed", "confirmed", "certified", "handed_over", "booked", "published"}),
}
"""The milestones that projects and assets can reach."""

STATES = frozenset({"live", "disputed", "kept", "revived"})
"""What an asset can be on the day asked about.

``live``: neither disposed of, nor merged, nor closed; ``disputed``: an objection is open; ``kept``: a unit answers for
its upkeep; ``revived``: a revival of it was struck off.
"""

SUMS = {"projects": frozenset({"funded", "paid", "settled"}), "assets": frozenset({"value", "value_months"})}
"""What can be summed over subjects instead of counting them, in fen.

``value`` is the original value as it stands, ``value_months`` that value times the months of the calendar year since
the month after the asset was registered, over twelve.
"""

FLOWS = frozenset({"income", "cost", "due", "met"})
"""Money that assets earn, of the calendar year up to the day asked about: income and costs posted for its periods, what
fell due under contracts, and what of that was met by receipts, oldest due first.
"""


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
class AssetTest:
    """Which assets pass by what they are on the day asked about; an empty filter lets everything pass.

    ``ever_conditions`` asks whether the asset was ever assessed to be in one of them; of ``states`` all must hold.
    """

    classes: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    exclude_conditions: frozenset[str] = frozenset()
    ever_conditions: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    exclude_states: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CountQuantity:
    """A defined number of projects or assets: those that reached every milestone of one list and none of another.

    ``sum`` names what is summed over them; empty: they are counted. Of projects, ``in_rates`` leaves out types that do
    not count in project rates, ``forms_asset`` those that form no asset; empty ``types`` let every type pass. Where
    ``levels``, ``fund_kinds`` or ``directions`` are given, only projects with allocated money that is so count.
    """

    id: str
    name: str
    source: str
    count: Literal["projects", "assets"]
    having: frozenset[str]
    without: frozenset[str]
    sum: str
    in_rates: bool = False
    forms_asset: bool = False
    types: frozenset[str] = frozenset()
    exclude_types: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    fund_kinds: frozenset[str] = frozenset()
    directions: frozenset[str] = frozenset()
    assets: AssetTest = AssetTest()

    @property
    def unit(self) -> Literal["projects", "assets", "fen"]:
        """What the number is a number of."""
        return "fen" if self.sum else self.count


@dataclass(frozen=True, slots=True)
class IncomeQuantity:
    """A defined amount of money in fen that assets earn: the sum of its ``flows`` with their signs."""

    id: str
    name: str
    source: str
    flows: tuple[tuple[str, int], ...]


Quantity: TypeAlias = MoneyQuantity | CountQuantity | IncomeQuantity

"""What a rule pack says, as plain values: thresholds, quantities, share pairs, rates, parameters, project types.

Nothing that a county may set differently is a constant in Python: reports read these values and compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

from ledger.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from fractions import Fraction

__all__ = [
    "ASSUMED",
    "MEASURES",
    "MILESTONES",
    "NATION",
    "CountQuantity",
    "Forbidden",
    "MoneyQuantity",
    "MoneyTerm",
    "Parameter",
    "ProjectType",
    "Quantity",
    "Rate",
    "RateSet",
    "RulePack",
    "SharePair",
    "Threshold",
    "covers",
    "overlapping",
    "specificity",
]

NATION = "000000"
ASSUMED = "assumed"

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
    """A defined amount of money in fen: the sum of its terms."""

    id: str
    name: str
    source: str
    terms: tuple[MoneyTerm, ...]

    @property
    def scopes(self) -> frozenset[tuple[str, str]]:
        """Return the pairs of fund kind and level it asks for, as far as its terms name them."""
        return frozenset((kind, level) for term in self.terms for kind in term.fund_kinds for level in term.levels)


@dataclass(frozen=True, slots=True)
class CountQuantity:
    """A defined number of projects or assets: those that reached every milestone of one list and none of another.

    ``in_rates`` leaves out project types that do not count in project rates.
    """

    id: str
    name: str
    source: str
    count: Literal["projects", "assets"]
    having: frozenset[str]
    without: frozenset[str]
    in_rates: bool


Quantity: TypeAlias = MoneyQuantity | CountQuantity


@dataclass(frozen=True, slots=True)
class Threshold:
    """The industry share that money of one kind, level and plan year must reach; ``firm`` is false for 力争."""

    id: str
    jurisdiction: str
    fund_kind: str
    level: str
    plan_year: int
    share: Fraction
    percent: str
    firm: bool
    source: str


@dataclass(frozen=True, slots=True)
class SharePair:
    """A numerator and a denominator of the industry share; ``remainder`` is the money of it not yet allocated."""

    id: str
    name: str
    default: bool
    numerator: MoneyQuantity
    denominator: MoneyQuantity
    remainder: MoneyQuantity
    source: str


@dataclass(frozen=True, slots=True)
class RateSet:
    """A named collection of rates; one of the pack is the default."""

    id: str
    name: str
    default: bool
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate: both quantities of one unit; a count numerator counts inside its denominator's population."""

    set: str
    id: str
    name: str
    unit: Literal["projects", "assets", "fen"]
    numerator: Quantity
    denominator: Quantity
    rounding: Literal["half_up", "truncate"]
    source: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or word that a rule uses (a deadline, a cap), where and when it holds; ``valid_to`` is its last day."""

    name: str
    value: int | str
    unit: str
    jurisdiction: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class ProjectType:
    """A type of project (our own codes) and how it counts; empty ``directions`` let money of any direction fund it.

    ``is_fee`` marks the management fee, ``to_household`` projects whose money or goods go to single households.
    """

    code: str
    class_name: str
    name: str
    industry: bool
    forms_asset: bool
    in_rates: bool
    is_fee: bool
    to_household: bool
    directions: frozenset[str]
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Forbidden:
    """An item of the negative list: what these funds must not pay for, known by words or by project types."""

    id: str
    name: str
    words: tuple[str, ...]
    types: frozenset[str]
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class RulePack:
    """A complete set of rules for a jurisdiction; packs do not add to one another."""

    pack: str
    version: str
    title: str
    source: str
    jurisdiction: str
    thresholds: tuple[Threshold, ...]
    share_pairs: tuple[SharePair, ...]
    rate_sets: tuple[RateSet, ...]
    all_rates: tuple[Rate, ...]
    parameters: tuple[Parameter, ...]
    project_types: tuple[ProjectType, ...]
    forbidden: tuple[Forbidden, ...]

    def project_type(self, code: str, on: date) -> ProjectType | None:
        """Return the type that bears the code on that day, or None."""
        return next((each for each in self.project_types if each.code == code and _holds(each, on)), None)

    def type_name(self, code: str) -> str:
        """Return the Chinese name of a project type, or the code itself where the pack does not know it."""
        return next((each.name for each in self.project_types if each.code == code), code)

    def industry_types(self, on: date) -> frozenset[str]:
        """Return the codes of the types that count as industry on that day."""
        return frozenset(each.code for each in self.project_types if each.industry and _holds(each, on))

    def uncounted_types(self, on: date) -> frozenset[str]:
        """Return the codes of the types that do not count in project rates on that day."""
        return frozenset(each.code for each in self.project_types if not each.in_rates and _holds(each, on))

    def parameter(self, name: str, area: str, on: date) -> Parameter:
        """Return the parameter as it holds in the area on that day; the most specific jurisdiction wins.

        Raises:
            NotFoundError: the pack does not set it for that area and day.
        """
        found = self.find(name, area, on)
        if found is None:
            raise NotFoundError(
                "rule.no_parameter",
                f"规则包“{self.pack}”{self.version} 没有为 {area} 在 {on} 规定参数“{name}”",
                hint="采用含有该参数的规则包:xianjie rule adopt",
                rule=f"{self.pack} {self.version}",
            )
        return found

    def find(self, name: str, area: str, on: date) -> Parameter | None:
        """Return the parameter as it holds in the area on that day, or None where the pack does not set it."""
        held = [
            each
            for each in self.parameters
            if each.name == name and covers(each.jurisdiction, area) and _holds(each, on)
        ]
        return max(held, key=lambda each: specificity(each.jurisdiction), default=None)

    def forbids(self, project_type: str, words: str, on: date) -> Forbidden | None:
        """Return the item of the negative list that a project of this type and description falls under, or None."""
        return next(
            (
                each
                for each in self.forbidden
                if _holds(each, on) and (project_type in each.types or any(word in words for word in each.words))
            ),
            None,
        )

    def threshold(self, area: str, fund_kind: str, level: str, plan_year: int) -> Threshold | None:
        """Return the threshold for that money in the area, or None; the most specific jurisdiction wins."""
        held = [
            each
            for each in self.thresholds
            if (each.fund_kind, each.level, each.plan_year) == (fund_kind, level, plan_year)
            and covers(each.jurisdiction, area)
        ]
        return max(held, key=lambda each: specificity(each.jurisdiction), default=None)

    def rates(self, name: str | None = None) -> tuple[Rate, ...]:
        """Return the rates of the named set, or of the default set.

        Raises:
            NotFoundError: the pack has no such set.
        """
        wanted = next((each.id for each in self.rate_sets if each.default), None) if name is None else name
        if wanted not in {each.id for each in self.rate_sets}:
            raise NotFoundError(
                "rule.no_rate_set",
                f"规则包“{self.pack}”{self.version} 没有比率组“{wanted}”",
                hint="可选:" + "、".join(each.id for each in self.rate_sets),
                rule=f"{self.pack} {self.version}",
            )
        return tuple(each for each in self.all_rates if each.set == wanted)


def covers(jurisdiction: str, area: str) -> bool:
    """Say whether an area code lies in the jurisdiction: the nation, a province, a city or a county."""
    return area.startswith(_prefix(jurisdiction))


def specificity(jurisdiction: str) -> int:
    """Return how narrow a jurisdiction is: 0 for the nation, 6 for a county."""
    return len(_prefix(jurisdiction))


def _prefix(jurisdiction: str) -> str:
    for length in (0, 2, 4):
        if not jurisdiction[length:].strip("0"):
            return jurisdiction[:length]
    return jurisdiction


def _holds(item: Parameter | ProjectType | Forbidden, on: date) -> bool:
    return (item.valid_from is None or item.valid_from <= on) and (item.valid_to is None or on <= item.valid_to)


def overlapping(items: Iterable[Parameter | ProjectType]) -> bool:
    """Say whether two of the items hold on the same day."""
    held = sorted(items, key=lambda item: item.valid_from.toordinal() if item.valid_from else 0)
    return any(
        earlier.valid_to is None or later.valid_from is None or later.valid_from <= earlier.valid_to
        for earlier, later in pairwise(held)
    )

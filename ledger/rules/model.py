"""What a rule pack says, as plain values, and the questions it answers.

Nothing that a county may set differently is a constant in Python: reports and decisions read these values and compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from ledger.errors import NotFoundError
from ledger.rules.dated import Deadline, Disclosure, DueDays, Indicator, KeyArea, Target
from ledger.rules.duties import Approval, Duty, Incompatible
from ledger.rules.flags import FlagRule
from ledger.rules.quantities import (
    MEASURES,
    MILESTONES,
    CountQuantity,
    IncomeQuantity,
    MoneyQuantity,
    MoneyTerm,
    Quantity,
)
from ledger.rules.reach import NATION, covers, holds, narrowest, specificity
from ledger.workdays import WorkCalendar

__all__ = [
    "ASSUMED",
    "MEASURES",
    "MILESTONES",
    "NATION",
    "CountQuantity",
    "Deadline",
    "Disclosure",
    "DueDays",
    "FlagRule",
    "Forbidden",
    "IncomeQuantity",
    "Indicator",
    "KeyArea",
    "MoneyQuantity",
    "MoneyTerm",
    "Parameter",
    "ProjectType",
    "Quantity",
    "Rate",
    "RateSet",
    "RulePack",
    "SharePair",
    "Target",
    "Threshold",
    "covers",
    "specificity",
]

ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The industry share that money of one kind, these levels and a plan year must reach; ``firm`` is false for 力争.

    With a ``base_year`` there is a second test: the share must not be below that of the base year.
    """

    id: str
    jurisdiction: str
    fund_kind: str
    levels: frozenset[str]
    plan_year: int
    share: Fraction
    percent: str
    firm: bool
    base_year: int | None
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
    """A rate: both quantities of one unit; a numerator of subjects counts inside its denominator's population.

    Its percentage is shown with so many ``digits``, rounded once.
    """

    set: str
    id: str
    name: str
    unit: Literal["projects", "assets", "fen"]
    numerator: Quantity
    denominator: Quantity
    rounding: Literal["half_up", "truncate"]
    digits: int
    source: str

    @property
    def subject(self) -> Literal["projects", "assets", "money", "income"]:
        """What the rate is about, which decides by what it can be broken down."""
        sides = (self.numerator, self.denominator)
        if any(isinstance(side, IncomeQuantity) for side in sides):
            return "income"
        return self.numerator.count if isinstance(self.numerator, CountQuantity) else "money"


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


@dataclass(frozen=True, slots=True, eq=False)
class RulePack:
    """A complete set of rules for a jurisdiction, or (``purpose`` targets) the indicators of a document.

    ``extends`` names the shipped pack that it started from; its items are among these. A pack is equal to itself alone,
    so that what it says can be remembered by it.
    """

    pack: str
    version: str
    title: str
    source: str
    jurisdiction: str
    purpose: Literal["rules", "targets"]
    extends: str
    thresholds: tuple[Threshold, ...]
    quantities: tuple[Quantity, ...]
    share_pairs: tuple[SharePair, ...]
    rate_sets: tuple[RateSet, ...]
    all_rates: tuple[Rate, ...]
    parameters: tuple[Parameter, ...]
    project_types: tuple[ProjectType, ...]
    forbidden: tuple[Forbidden, ...]
    targets: tuple[Target, ...]
    deadlines: tuple[Deadline, ...]
    dues: tuple[DueDays, ...]
    key_areas: tuple[KeyArea, ...]
    disclosures: tuple[Disclosure, ...]
    indicators: tuple[Indicator, ...]
    flags: tuple[FlagRule, ...]
    duties: tuple[Duty, ...]
    incompatible: tuple[Incompatible, ...]
    approvals: tuple[Approval, ...]
    calendar: WorkCalendar

    def project_type(self, code: str, on: date) -> ProjectType | None:
        """Return the type that bears the code on that day, or None."""
        return next((each for each in self.project_types if each.code == code and holds(each, on)), None)

    def type_name(self, code: str) -> str:
        """Return the Chinese name of a project type, or the code itself where the pack does not know it."""
        return next((each.name for each in self.project_types if each.code == code), code)

    def industry_types(self, on: date) -> frozenset[str]:
        """Return the codes of the types that count as industry on that day."""
        return frozenset(each.code for each in self.project_types if each.industry and holds(each, on))

    def uncounted_types(self, on: date) -> frozenset[str]:
        """Return the codes of the types that do not count in project rates on that day."""
        return frozenset(each.code for each in self.project_types if not each.in_rates and holds(each, on))

    def assetless_types(self, on: date) -> frozenset[str]:
        """Return the codes of the types that form no asset on that day."""
        return frozenset(each.code for each in self.project_types if not each.forms_asset and holds(each, on))

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
        return narrowest((each for each in self.parameters if each.name == name and holds(each, on)), area)

    def forbids(self, project_type: str, words: str, on: date) -> Forbidden | None:
        """Return the item of the negative list that a project of this type and description falls under, or None."""
        return next(
            (
                each
                for each in self.forbidden
                if holds(each, on) and (project_type in each.types or any(word in words for word in each.words))
            ),
            None,
        )

    def threshold(
        self, area: str, fund_kinds: frozenset[str], levels: frozenset[str], plan_year: int
    ) -> Threshold | None:
        """Return the threshold for money of exactly these levels and one of the kinds in the area, or None.

        The most specific jurisdiction wins.
        """
        asked = [
            each
            for each in self.thresholds
            if each.fund_kind in fund_kinds and each.levels == levels and each.plan_year == plan_year
        ]
        return narrowest(asked, area)

    def targets_of(self, rate_set: str, rate: str, area: str, plan_year: int) -> tuple[Target, ...]:
        """Return what a rate must reach in the area and plan year, ordered by day.

        Of the targets of one id, one that names areas wins, then the most specific jurisdiction.
        """
        asked = [
            each for each in self.targets if (each.set, each.rate) == (rate_set, rate) and each.asks(area, plan_year)
        ]
        best: dict[str, Target] = {}
        for each in sorted(asked, key=lambda each: (bool(each.areas), specificity(each.jurisdiction))):
            best[each.id] = each
        return tuple(sorted(best.values(), key=lambda each: each.by))

    def deadline(self, name: str, area: str, on: date, level: str = "") -> Deadline | None:
        """Return the deadline as it holds in the area on that day for money of a level, or None.

        One that names the level wins over one for all levels, then the most specific jurisdiction.
        """
        asked = [each for each in self.deadlines if each.id == name and holds(each, on)]
        of_level = narrowest((each for each in asked if each.level == level), area)
        return of_level or narrowest((each for each in asked if not each.level), area)

    def flag(self, name: str, area: str) -> FlagRule | None:
        """Return the flag as it is set in the area, the most specific jurisdiction wins; None where it is not."""
        return narrowest((each for each in self.flags if each.id == name), area)

    def disclosures_in(self, area: str, on: date) -> tuple[Disclosure, ...]:
        """Return the duties to publish in the area on that day: of each id the most specific jurisdiction."""
        held = [each for each in self.disclosures if holds(each, on)]
        found = (narrowest((each for each in held if each.id == name), area) for name in {each.id: 0 for each in held})
        return tuple(each for each in found if each is not None)

    def due_days(self, name: str, area: str, year: int) -> tuple[date, ...]:
        """Return the days of a year on which something is due in the area; none where the pack does not say."""
        asked = narrowest((each for each in self.dues if each.id == name), area)
        return asked.in_year(year) if asked else ()

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

"""What is known of each subject at one moment, as plain values: the pictures that the checks look at.

A picture holds what the database summed up of a subject, so its size does not grow with the subject's history.
Days are ISO text. ``unknown`` of an asset are codes into which its money went and that no asset bears.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from projections.flags.model import Subject, Trace

if TYPE_CHECKING:
    from projections.contracts import Contract as Dues

__all__ = [
    "Asset",
    "Contract",
    "Document",
    "FindingState",
    "Holder",
    "Month",
    "Notice",
    "Plan",
    "Project",
    "Scheme",
    "Setting",
    "Step",
    "Tranche",
    "Works",
    "World",
]


class Works(NamedTuple):
    """A contract of a project with a firm."""

    project: str
    contractor: str
    fen: int
    on: str
    position: int


class Piece(NamedTuple):
    """One movement of money below the amount from which a checker is asked, where they add up to more."""

    tranche: str
    project: str
    measure: str
    fen: int
    on: str
    position: int
    line_fen: int


class Notice(NamedTuple):
    """A publication about a subject."""

    template: str
    channel: str
    from_on: str
    to_on: str
    content_hash: str
    cut_from: int
    position: int


@dataclass(slots=True)
class _Moneyed:
    subject: Subject
    money: dict[str, Trace] = field(default_factory=dict)

    def fen(self, *measures: str) -> int:
        """Return the sum of some measures in fen."""
        total = 0
        for each in measures:  # a plain loop: this is asked more often than anything else
            if each in self.money:
                total += self.money[each].fen
        return total

    def first(self, measure: str) -> str:
        """Return the first day of a measure, or an empty text."""
        return self.money[measure].first if measure in self.money else ""

    def add(self, measure: str, more: Trace) -> None:
        """Add facts of a measure to those that are there."""
        so_far = self.money.get(measure)
        self.money[measure] = more if so_far is None else joined(so_far, more)


@dataclass(slots=True)
class Tranche(_Moneyed):
    """A tranche: its money by measure, that of projects included."""

    level: str = ""
    fund_kind: str = ""
    direction: str = ""

    @property
    def arrived_fen(self) -> int:
        """Return what came and stayed: issued or received, less distributed and recovered, plus returned."""
        return self.fen("issued", "received", "returned") - self.fen("distributed", "recovered")

    @property
    def came(self) -> list[Trace]:
        """Return the facts behind ``arrived_fen``."""
        names = ("issued", "received", "returned", "distributed", "recovered")
        return [self.money[name] for name in names if name in self.money]

    @property
    def arrived_on(self) -> str:
        """Return the first day on which money came."""
        return min(filter(None, (self.first("issued"), self.first("received"))), default="")


@dataclass(slots=True)
class Project(_Moneyed):
    """A project: its latest record, its milestones, its money by measure over all tranches."""

    village: str = ""
    type: str = ""
    industry: int | None = None
    goal: str = ""
    linkage: str = ""
    told: str = ""
    unit: str = ""
    begin_on: str = ""
    described: int = 0
    percent: int | None = None
    progress: Trace | None = None
    reached: dict[str, Trace] = field(default_factory=dict)
    directions: dict[str, Trace] = field(default_factory=dict)
    works: list[Works] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    held_fen: int = 0
    retention_released_on: str = ""
    early: Trace | None = None
    confirmed: bool = False
    formed_fen: int = 0
    formed_at: tuple[int, ...] = ()

    def on(self, milestone: str) -> str:
        """Return the first day of a milestone, or an empty text."""
        return self.reached[milestone].first if milestone in self.reached else ""

    @property
    def gone(self) -> bool:
        """Say whether the project was removed, cancelled or replaced."""
        return not self.reached.keys().isdisjoint(("removed", "cancelled", "replaced"))


class Step(NamedTuple):
    """One step of an asset, in the columns of ``fact_asset_step``."""

    step: str
    on: str
    position: int
    code: str
    what: str
    detail: str
    note: str
    unit: str
    receiver: str
    by: str
    deadline: str
    fen: int
    number: int
    days: int


class Holder(NamedTuple):
    """What all holders of one kind hold of a right together; ``holder`` is one of them."""

    holder: str
    kind: str
    share: Fraction
    number: int


class Setting(NamedTuple):
    """How a right was set at once: by whose meeting, among whom."""

    on: str
    position: int
    status: str
    body: str
    holders: tuple[Holder, ...]


@dataclass(slots=True)
class Asset:
    """An asset: what it is, its milestones, its rights as they were set, its steps in order."""

    subject: Subject
    village: str
    project: str
    asset_class: str
    form: str
    subclass: str
    quantity: str
    place: str
    value_fen: int
    formed_fen: int
    provisional: bool
    life: str
    registered_on: str
    position: int
    accepted: Trace | None = None
    reached: dict[str, Trace] = field(default_factory=dict)
    rights: dict[str, list[Setting]] = field(default_factory=dict)
    steps: dict[str, list[Step]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    income: Trace | None = None
    unknown: frozenset[str] = frozenset()

    def on(self, milestone: str) -> str:
        """Return the first day of a milestone, or an empty text."""
        return self.reached[milestone].first if milestone in self.reached else ""

    def last(self, *steps: str) -> Step | None:
        """Return the latest of some steps, or None."""
        found = [each for name in steps for each in self.steps.get(name, ())]
        return max(found, key=lambda each: (each.on, each.position), default=None)

    def right(self, name: str) -> Setting | None:
        """Return how a right stands, or None where it was never set."""
        settings = self.rights.get(name)
        return settings[-1] if settings else None

    @property
    def accepted_on(self) -> str:
        """Return the day on which its project was accepted, or an empty text."""
        return self.accepted.first if self.accepted else ""

    @property
    def live(self) -> bool:
        """Say whether the asset has not ended."""
        return self.life == "live"


@dataclass(slots=True)
class Contract:
    """An operation contract: its terms as they stand, and its dues with what was met of them."""

    subject: Subject
    position: int
    assets: tuple[str, ...]
    mode: str
    operator: str
    return_kind: str
    return_fen: int
    rate: Fraction
    base_fen: int
    guarantee: str
    procurement: str
    clauses: frozenset[str]
    signed_on: str
    dues: Dues
    received: Trace | None = None
    vouchers: tuple[tuple[str, int], ...] = ()

    @property
    def from_on(self) -> str:
        """Return the first day."""
        return self.dues.from_on.isoformat()

    @property
    def to_on(self) -> str:
        """Return the last day."""
        return self.dues.to_on.isoformat()

    @property
    def yearly_fen(self) -> Fraction:
        """Return the return of a year as agreed, 0 where it depends on profit or quantity."""
        if self.return_kind == "fixed":
            return Fraction(self.return_fen)
        return self.rate * self.base_fen if self.return_kind == "percent" else Fraction(0)

    @property
    def worth_fen(self) -> int:
        """Return what the contract is about in all: its dues, or else the base or one year's return."""
        return sum(due.due_fen for due in self.dues.dues) or self.base_fen or int(self.yearly_fen)

    def runs(self, on: str) -> bool:
        """Say whether the contract holds on a day."""
        ended = self.dues.ended_on
        return self.from_on <= on <= self.to_on and (ended is None or on < ended.isoformat())


@dataclass(slots=True)
class Plan:
    """A plan of distribution: what it divides, by which version of the rule, and what became of it."""

    plan: str
    on: str = ""
    position: int = 0
    version: str = ""
    base_fen: int = 0
    planned: dict[str, int] = field(default_factory=dict)
    paid: Trace | None = None
    resolved: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class Scheme:
    """An income account: its assets, the rules of distribution by version, its plans.

    ``let`` says whether any of its assets has a contract, ``about`` holds its name and theirs, ``loose`` is income
    that names no contract.
    """

    subject: Subject
    position: int
    assets: tuple[str, ...] = ()
    rules: dict[str, list[tuple[str, int, str, str, Fraction, bool, str]]] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    loose: Trace | None = None
    let: bool = False
    about: str = ""
    vouchers: tuple[tuple[str, int], ...] = ()

    def version_on(self, on: str) -> str:
        """Return the version of the rule in force on a day, or an empty text."""
        held = [(lines[0][0], lines[0][1], version) for version, lines in self.rules.items() if lines[0][0] <= on]
        return max(held)[2] if held else ""


@dataclass(slots=True)
class FindingState:
    """A finding as it stands after its last step."""

    subject: Subject
    step: str
    deadline: str
    positions: tuple[int, ...]
    evidence: bool


class Document(NamedTuple):
    """Money of one document by kind of fund."""

    subject: Subject
    kinds: dict[str, Trace]


class Month(NamedTuple):
    """What was paid of an area's money of one plan year in one month of the calendar."""

    area: str
    plan_year: int
    month: str
    paid: Trace


@dataclass(slots=True)
class World:
    """Everything known of the area at the moment; ``areas`` are those with money or projects of the year.

    What stands below the findings only checks of the whole need.
    """

    as_of: str
    year: int
    areas: frozenset[str] = frozenset()
    tranches: dict[str, Tranche] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    schemes: dict[str, Scheme] = field(default_factory=dict)
    findings: list[FindingState] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    months: list[Month] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    fees: dict[tuple[str, int, str], Trace] = field(default_factory=dict)
    submitted: dict[tuple[str, str], Trace] = field(default_factory=dict)
    republished: list[tuple[Subject, str, int, int, tuple[int, ...]]] = field(default_factory=list)
    adjusted: list[tuple[Subject, str, str, str, tuple[int, ...]]] = field(default_factory=list)
    late: list[tuple[Subject, int, str, int, int]] = field(default_factory=list)
    shares: list[tuple[str, int, int, int, str]] = field(default_factory=list)


def joined(one: Trace, other: Trace) -> Trace:
    """Return both traces as one."""
    if isinstance(one.positions, str) and isinstance(other.positions, str):
        positions: tuple[int, ...] | str = f"{one.positions},{other.positions}"
    else:
        positions = one.at() + other.at()
    return Trace(one.fen + other.fen, min(one.first, other.first), max(one.last, other.last), positions)

"""What every report shares: the question, the moment it is asked about, the rules in force, the form of the answer.

A moment has two axes. ``known_at`` is a position of the log: what the ledger knew. ``as_of`` is a day: what had
happened in the world. Every select filters by both and by nothing else about time.
"""

from __future__ import annotations

import base64
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from sqlalchemy import and_, func, or_, select

from ledger.areas import Area, AreaList, shipped_areas
from ledger.database import read_transaction
from ledger.dates import check_plan_year, to_utc_text, today
from ledger.errors import NotFoundError, ValueRefusedError
from ledger.log.reading import position_at, root_at
from ledger.rules.adoption import Adoption, in_force, targets_in_force
from ledger.rules.model import specificity
from ledger.rules.pack import RulePack, parse_pack
from projections.catch_up import facts_position
from projections.proposals import proposals
from projections.tables import fact_area, fact_ledger, fact_money, fact_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import ColumnElement, Connection, Engine, FromClause

    from ledger.rules.dated import Indicator

__all__ = [
    "Answer",
    "By",
    "Place",
    "Question",
    "Scope",
    "as_fields",
    "home_area",
    "money_years",
    "open_scope",
    "scope_over",
]

By: TypeAlias = Literal["area", "town", "type", "village", "year", "source"]
"""By what a report is broken down; the last three only where it counts assets."""

_COUNTY_DIGITS = 6
_TOWN_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: an area of six digits, a plan year, a breakdown, a day and what was known when.

    ``year`` None is the year of ``as_of``, or every year where a report counts a stock; ``as_of`` None is today;
    ``known_at`` is a position, a moment, or None for everything known.
    """

    area: str
    year: int | None = None
    by: By = "area"
    as_of: date | None = None
    known_at: int | datetime | None = None


class Place(NamedTuple):
    """Which part of the area a row is about; ``row`` tells a part from the total."""

    row: Literal["part", "total"]
    area: str
    area_name: str
    town: str | None = None
    town_name: str | None = None
    type: str | None = None
    type_name: str | None = None


class Pending(NamedTuple):
    """So many proposals, and so many fen in them, wait for somebody's agreement."""

    proposals: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class Scope:
    """A question with everything looked up, and the open transaction in which it is answered."""

    connection: Connection
    area: str
    year: int | None
    by: By
    as_of: date
    position: int
    root: str
    areas: AreaList
    successors: dict[str, str]
    pack: RulePack | None
    indicators: dict[str, Indicator]
    mode: str
    """How the ledger is kept: trial or signed."""
    pending: Pending
    """What waits for approval and is not counted."""

    @property
    def plan_year(self) -> int:
        """The year asked for, or that of ``as_of``."""
        return self.as_of.year if self.year is None else self.year

    @property
    def rule_day(self) -> date:
        """The last day of the plan year: project types count for a year as they stood then."""
        return date(self.plan_year, 12, 31)

    @property
    def rules(self) -> RulePack:
        """The rule pack in force.

        Raises:
            NotFoundError: none had been adopted.
        """
        if self.pack is None:
            raise NotFoundError(
                "rule.none_in_force",
                f"截至 {self.as_of}(账本第 {self.position} 条记录)没有采用适用于 {self.area} 的规则包",
                hint="先采用规则包:xianjie rule adopt base",
            )
        return self.pack

    def within(self, facts: FromClause) -> ColumnElement[bool]:
        """Return the condition for facts of the area, its old codes included, that were known and had happened.

        Facts of tables without areas (documents) are those of the whole ledger.
        """
        return and_(self.happened(facts), self.inside(facts)) if "area" in facts.c else self.happened(facts)

    def happened(self, facts: FromClause) -> ColumnElement[bool]:
        """Return the condition for facts that were known and had happened, wherever: of things that may move."""
        return and_(facts.c.position <= self.position, facts.c.effective_on <= self.as_of.isoformat())

    def inside(self, facts: FromClause) -> ColumnElement[bool]:
        """Return the condition for facts of the area, its old codes included."""
        places = []
        for code in sorted(self.areas.lineage(self.area)):
            last = code[: specificity(code)].ljust(_COUNTY_DIGITS, "9")
            places.append(facts.c.area == code if last == code else and_(facts.c.area >= code, facts.c.area <= last))
        return or_(*places)

    def current(self, part: str) -> str:
        """Return the part under which an area's facts are shown: that of the code which took over from it."""
        while self.by == "area" and part != self.area and part in self.successors:
            part = self.successors[part]
        return part

    def places(self, parts: Iterable[str], type_name: Callable[[str], str]) -> list[tuple[str | None, Place]]:
        """Return the rows to show for the parts found: each part in order, then the total (key None)."""
        total = Place("total", self.area, self.name(self.area))
        found = sorted(set(parts))
        if self.by == "area" and set(found) <= {self.area}:
            return [(None, total)]
        return [*((part, self._place(part, type_name)) for part in found), (None, total)]

    def name(self, code: str) -> str:
        """Return the name of an area or town, or its code where the list does not have it."""
        return self.areas.name(code) if code in self.areas else code

    def _place(self, part: str, type_name: Callable[[str], str]) -> Place:
        if self.by == "area":
            own = "本级" if part == self.area else ""
            return Place("part", part, self.name(part) + own)
        here = Place("part", self.area, self.name(self.area))
        match self.by:
            case "town":
                return here._replace(town=part, town_name=self.name(part) if part else "未落到乡镇")
            case "village":
                town = part[:_TOWN_DIGITS]
                return here._replace(town=town, town_name=self.name(town) if town else "未落到乡镇")
            case "type":
                return here._replace(type=part, type_name=type_name(part) if part else "未落到类型")
            case _:
                return here


class _Row(Protocol):
    def as_json(self) -> dict[str, object]: ...


Row = TypeVar("Row", bound=_Row)


@dataclass(frozen=True, slots=True)
class Answer(Generic[Row]):
    """A report: its rows, and everything needed to print it again later.

    ``more`` holds what only this report has (definitions of its quantities, a second table).
    """

    report: str
    scope: Scope
    rows: tuple[Row, ...]
    more: dict[str, object]

    def as_json(self) -> dict[str, object]:
        """Return the answer in the form of ``docs/reference/json.md``."""
        scope, pack = self.scope, self.scope.pack
        return {
            "report": self.report,
            "as_of": scope.as_of.isoformat(),
            "position": scope.position,
            "root": scope.root,
            "rule": None if pack is None else {"id": pack.pack, "version": pack.version, "source": pack.source},
            "area": scope.area,
            "year": scope.year,
            "by": scope.by,
            "mode": scope.mode,
            "pending": scope.pending._asdict(),
            **self.more,
            "rows": [row.as_json() for row in self.rows],
        }


@contextmanager
def open_scope(engine: Engine | Scope, question: Question) -> Iterator[Scope]:
    """Look everything up and hold one unmoving picture of the ledger while the report is made.

    A scope that is open already is used as it is: so a report can be asked again about part of what it stands on.

    Raises:
        ValueRefusedError: the area is unknown or not of six digits, the year is out of range, or ``known_at`` lies
            beyond what the facts hold.
        StorageError: the facts were mapped by another revision of the program.
    """
    if isinstance(engine, Scope):
        yield engine
        return
    if question.year is not None:
        check_plan_year(question.year)
    with read_transaction(engine) as connection:
        position = _position(connection, question.known_at)
        yield scope_over(
            connection, question, position, base64.b64encode(root_at(connection, position)).decode("ascii")
        )


def scope_over(connection: Connection, question: Question, position: int, root: str) -> Scope:
    """Look everything up in the facts that the connection holds; the log is not asked.

    Raises ValueRefusedError: the area is unknown or not of six digits.
    """
    as_of = today() if question.as_of is None else question.as_of
    areas = _areas(connection, position)
    areas.name(question.area)
    if len(question.area) != _COUNTY_DIGITS:
        raise ValueRefusedError(
            "report.area_too_small",
            f"报表按省、市、县编制,{question.area} 不是六位代码",
            hint="看乡镇请用 --by town",
        )
    adoptions = _adoptions(connection, position, as_of)
    return Scope(
        connection,
        question.area,
        question.year,
        question.by,
        as_of,
        position,
        root,
        areas,
        {area.code: area.successor for area in areas if area.successor},
        _pack_in_force(adoptions, question.area, as_of),
        targets_in_force(adoptions, question.area, as_of),
        _mode(connection),
        _pending(connection, position),
    )


def home_area(engine: Engine) -> str | None:
    """Return the area for which the ledger was opened, or None before that."""
    with read_transaction(engine) as connection:
        return connection.execute(select(fact_ledger.c.area).order_by(fact_ledger.c.position).limit(1)).scalar()


def money_years(engine: Engine) -> list[int]:
    """Return the plan years for which there is any money, in order."""
    with read_transaction(engine) as connection:
        return sorted(connection.execute(select(fact_money.c.plan_year).distinct()).scalars())


def as_fields(row: Any) -> dict[str, object]:  # noqa: ANN401 - any report's row dataclass
    """Return a row as JSON: the place's fields, then the row's own, in order."""
    own = {field.name: getattr(row, field.name) for field in fields(row)}
    place: Place = own.pop("place")
    return {**place._asdict(), **own}


def _position(connection: Connection, known_at: int | datetime | None) -> int:
    last = facts_position(connection)
    if known_at is None:
        return last
    position = position_at(connection, to_utc_text(known_at)) if isinstance(known_at, datetime) else known_at
    if isinstance(known_at, datetime):
        return min(position, last)
    if not 0 <= position <= last:
        raise ValueRefusedError(
            "report.position_unknown", f"账本没有第 {position} 条记录:报表数据到第 {last} 条", hint="请核对 --known-at"
        )
    return position


def _areas(connection: Connection, position: int) -> AreaList:
    facts = fact_area
    listed = (
        select(facts.c.code, facts.c.name, facts.c.valid_from, facts.c.valid_to, facts.c.successor, facts.c.origin)
        .where(facts.c.position <= position)
        .group_by(facts.c.origin, facts.c.line, facts.c.code, facts.c.name)
        .group_by(facts.c.valid_from, facts.c.valid_to, facts.c.successor)
        .having(func.sum(facts.c.sign) > 0)
        .order_by(facts.c.origin, facts.c.line)
    )
    by_origin: dict[int, list[Area]] = {}
    for code, name, valid_from, valid_to, successor, origin in connection.execute(listed):
        last = date.fromisoformat(valid_to) if valid_to else None
        by_origin.setdefault(origin, []).append(Area(code, name, date.fromisoformat(valid_from), last, successor))
    areas = shipped_areas()
    for listed_together in by_origin.values():
        areas = areas.with_areas(listed_together)
    return areas


def _mode(connection: Connection) -> str:
    """Return how the ledger was opened; one that was never opened is no better than a trial."""
    return connection.execute(select(fact_ledger.c.mode).order_by(fact_ledger.c.position).limit(1)).scalar() or "trial"


def _pending(connection: Connection, position: int) -> Pending:
    waiting = [each for each in proposals(connection, position) if each.is_open]
    return Pending(len(waiting), sum(each.total_fen for each in waiting))


def _adoptions(connection: Connection, position: int, as_of: date) -> list[Adoption]:
    facts = fact_rule
    adopted = (
        select(func.min(facts.c.text), func.min(facts.c.base), facts.c.effective_on, facts.c.origin)
        .where(facts.c.position <= position, facts.c.effective_on <= as_of.isoformat())
        .group_by(facts.c.effective_on, facts.c.origin)
        .having(func.sum(facts.c.sign) > 0)
    )
    return [
        Adoption(parse_pack(text, base), date.fromisoformat(effective_on), origin)
        for text, base, effective_on, origin in connection.execute(adopted)
    ]


def _pack_in_force(adoptions: list[Adoption], area: str, as_of: date) -> RulePack | None:
    try:
        return in_force(adoptions, area, as_of)
    except NotFoundError:
        return None

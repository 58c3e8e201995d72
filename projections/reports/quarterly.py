"""The quarterly report: money, industry share, rates, projects, assets, findings, and who has handed in on time.

Lead departments report by the 25th of each quarter (seed clause (十八)); the due days are rule data, a report that is
missing on them is R32 of funds.md 8.2. Figures are those of the plan year up to the day asked about; findings count
whenever they were opened.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, select

from ledger.areas import AreaLevel
from ledger.dates import days_between, today
from ledger.errors import ValueRefusedError
from ledger.money import meets, percent
from projections.counting import Counting, money_of
from projections.money import measured, measures_of
from projections.parts import only_areas
from projections.quotients import Sums, default_pair, threshold_of
from projections.rectification import Finding, findings_of
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.stages import STAGES, standing
from projections.tables import fact_milestone, fact_submission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from projections.money import Cell

__all__ = ["QuarterlyRow", "quarterly"]

_REPORT: Final = "quarterly"
_ARRIVED: Final = {"issued": 1, "received": 1, "returned": 1, "distributed": -1, "recovered": -1}
_SPENT: Final = ("allocated", "released", "paid", "reimbursed")
_ASSET_STEPS: Final = ("identified", "confirmed", "handed_over")
_QUARTERS: Final = 4
_MONTHS: Final = 3


@dataclass(frozen=True, slots=True)
class QuarterlyRow:
    """The figures of one county, or of the whole area, and when it handed in its own report.

    ``share`` is the default pair; ``rates`` the default set; ``pipeline`` projects by stage; ``findings_closed`` those
    struck off in the calendar year. ``submission`` is None where the rules name no due day, and for 本级.
    """

    place: Place
    issued_fen: int
    distributed_fen: int
    arrived_fen: int
    allocated_fen: int
    released_fen: int
    paid_fen: int
    reimbursed_fen: int
    share: dict[str, object]
    rates: list[dict[str, object]]
    pipeline: dict[str, int]
    assets_identified: int
    assets_confirmed: int
    assets_handed_over: int
    findings_open: int
    findings_overdue: int
    findings_closed: int
    submitted_on: str | None
    submission: str | None
    days_late: int

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Quarter(NamedTuple):
    """A quarter and the day on which its report is due, None where the rules do not say."""

    year: int
    number: int
    due_on: date | None

    @property
    def period(self) -> str:
        return f"{self.year}Q{self.number}"


def quarterly(engine: Engine, question: Question, quarter: int | None = None) -> Answer[QuarterlyRow]:
    """Return the report of a quarter for each county and in total: quarter 1 to 4, or None for that of ``as_of``.

    A quarter without ``as_of`` is asked about as it stood on its last day, or today if that is earlier.

    Raises:
        NotFoundError: no rule pack was in force.
        ValueRefusedError: there is no such quarter, or the question cannot be answered as put.
    """
    with open_scope(engine, _dated(question, quarter)) as scope:
        only_areas(scope)
        asked = _quarter(scope, question, quarter)
        figures = _Figures(scope, asked)
        rows = tuple(figures.row(part, place) for part, place in scope.places(figures.parts, scope.rules.type_name))
        more: dict[str, object] = {
            "quarter": asked.period,
            "due_on": asked.due_on.isoformat() if asked.due_on else None,
            "levels": figures.levels(),
            "stages": STAGES,
        }
        return Answer(_REPORT, scope, rows, more)


def _dated(question: Question, quarter: int | None) -> Question:
    if quarter is None:
        return question
    if not 1 <= quarter <= _QUARTERS:
        raise ValueRefusedError("report.no_quarter", f"没有第 {quarter} 季度", hint="季度为 1 至 4")
    if question.as_of is not None:
        return question
    now = today()
    year = now.year if question.year is None else question.year
    first_after = date(year, quarter * _MONTHS + 1, 1) if quarter < _QUARTERS else date(year + 1, 1, 1)
    return replace(question, as_of=min(now, first_after - timedelta(days=1)))


def _quarter(scope: Scope, question: Question, quarter: int | None) -> _Quarter:
    year = scope.as_of.year if quarter is None or question.year is None else question.year
    number = (scope.as_of.month + _MONTHS - 1) // _MONTHS if quarter is None else quarter
    days = scope.rules.due_days(_REPORT, scope.area, year)
    return _Quarter(year, number, days[number - 1] if len(days) == _QUARTERS else None)


class _Figures:
    """Everything that is counted for the report, each from one grouped select, by part; part None is the whole."""

    def __init__(self, scope: Scope, asked: _Quarter) -> None:
        self._scope = scope
        self._asked = asked
        self._pair = default_pair(scope.rules)
        self._rates = scope.rules.rates()
        quantities = (self._pair.numerator, self._pair.denominator, *money_of(self._rates))
        self._cells = measured(scope, {*_ARRIVED, *_SPENT, *measures_of(quantities)})
        self._sums = Sums(scope, self._cells)
        self._counting = Counting(scope, self._rates, self._sums)
        self._stages = _stages(scope)
        self._assets = _assets(scope)
        self._findings = _findings(scope)
        self._submitted = _submitted(scope, asked.period)

    @property
    def parts(self) -> set[str]:
        """The counties of a city, whether or not they have figures, and whatever else has."""
        area, areas = self._scope.area, self._scope.areas
        counties = {each.code for each in areas.children(area, self._scope.as_of) if each.level is AreaLevel.COUNTY}
        counted = {part for part, _ in (*self._stages, *self._assets) if part is not None}
        named = {part for part in (*self._findings, *self._submitted) if part is not None}
        found = counties | self._sums.parts | self._counting.parts | counted | named
        # A city that did no more than hand in its own report has no part of its own beside its total.
        return found if area in self._sums.parts | counted else found - {area}

    def row(self, part: str | None, place: Place) -> QuarterlyRow:
        """Return the figures of one part, or of the whole."""
        cells = self._cells if part is None else [cell for cell in self._cells if cell.part == part]
        found = self._findings.get(part, [])
        # The area's own money is a part beside its counties; its report is that of the whole.
        is_own = part == self._scope.area
        submitted_on = None if is_own else self._submitted.get(place.area)
        state, days_late = (None, 0) if is_own else self._judged(submitted_on)
        steps = {f"assets_{step}": self._assets[part, step] for step in _ASSET_STEPS}
        return QuarterlyRow(
            place=place,
            **_money(cells),
            share=self._share(part, place),
            rates=self._rated(part),
            pipeline={stage: self._stages[part, stage] for stage in STAGES},
            **steps,
            findings_open=sum(not each.closed for each in found),
            findings_overdue=sum(each.overdue for each in found),
            findings_closed=sum(
                each.closed_on is not None and each.closed_on.year == self._asked.year for each in found
            ),
            submitted_on=submitted_on,
            submission=state,
            days_late=days_late,
        )

    def levels(self) -> list[dict[str, object]]:
        """Return the money of the whole area by kind and level."""
        by_level: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
        for cell in self._cells:
            by_level[cell.fund_kind, cell.level].append(cell)
        return [
            {"fund_kind": kind, "level": level, **_money(by_level[kind, level])} for kind, level in sorted(by_level)
        ]

    def _share(self, part: str | None, place: Place) -> dict[str, object]:
        scope, pair = self._scope, self._pair
        numerator, denominator, _ = self._sums.quotient(scope, part, pair.numerator, pair.denominator)
        threshold = threshold_of(scope.rules, pair, place.area, scope.plan_year)
        return {
            "pair": pair.id,
            "numerator_fen": numerator,
            "denominator_fen": denominator,
            "percent": percent(numerator, denominator),
            "threshold_percent": threshold.percent if threshold else None,
            "threshold_source": threshold.source if threshold else None,
            "met": meets(numerator, denominator, threshold.share) if threshold else None,
        }

    def _rated(self, part: str | None) -> list[dict[str, object]]:
        rated: list[dict[str, object]] = []
        for rate in self._rates:
            numerator, denominator, _ = self._counting.of(rate, part)
            shown = percent(numerator, denominator, rate.digits, rate.rounding)
            sides = {"numerator": numerator, "denominator": denominator, "percent": shown}
            rated.append({"rate": rate.id, "name": rate.name, "unit": rate.unit, **sides})
        return rated

    def _judged(self, submitted_on: str | None) -> tuple[str | None, int]:
        """Return whether the report came ``on_time`` or ``late``, is ``missing`` or ``not_due``, and the days late."""
        due_on = self._asked.due_on
        if due_on is None:
            return None, 0
        day = self._scope.as_of if submitted_on is None else date.fromisoformat(submitted_on)
        late = max(0, days_between(due_on, day))
        if submitted_on is None:
            return ("missing" if late else "not_due"), late
        return ("late" if late else "on_time"), late


def _money(cells: Iterable[Cell]) -> dict[str, int]:
    fen: Counter[str] = Counter()
    for cell in cells:
        fen[cell.measure] += cell.fen
    arrived = sum(sign * fen[measure] for measure, sign in _ARRIVED.items())
    own = {f"{measure}_fen": fen[measure] for measure in ("issued", "distributed")}
    return {**own, "arrived_fen": arrived, **{f"{measure}_fen": fen[measure] for measure in _SPENT}}


def _stages(scope: Scope) -> Counter[tuple[str | None, str]]:
    projects = standing(scope, scope.plan_year)
    counted = select(projects.c.area, projects.c.stage, func.count()).group_by(projects.c.area, projects.c.stage)
    return _by_part(scope, counted)


def _assets(scope: Scope) -> Counter[tuple[str | None, str]]:
    """Return how many assets of the plan year's projects reached each step."""
    facts = fact_milestone.c
    reached = (
        select(facts.area, facts.subject, facts.milestone)
        .where(facts.kind == "asset", facts.year == scope.plan_year, facts.milestone.in_(_ASSET_STEPS))
        .where(scope.within(fact_milestone))
        .group_by(facts.area, facts.subject, facts.milestone)
        .having(func.sum(facts.sign) > 0)
        .subquery()
    )
    counted = select(reached.c.area, reached.c.milestone, func.count()).group_by(reached.c.area, reached.c.milestone)
    return _by_part(scope, counted)


def _by_part(scope: Scope, counted: Any) -> Counter[tuple[str | None, str]]:  # noqa: ANN401 - selects of any columns
    counts: Counter[tuple[str | None, str]] = Counter()
    for area, word, count in scope.connection.execute(counted):
        counts[scope.current(area), word] += int(count)
        counts[None, word] += int(count)
    return counts


def _findings(scope: Scope) -> dict[str | None, list[Finding]]:
    every = findings_of(replace(scope, year=None))
    found: dict[str | None, list[Finding]] = {None: every}
    for each in every:
        found.setdefault(scope.current(each.area), []).append(each)
    return found


def _submitted(scope: Scope, period: str) -> dict[str, str]:
    """Return the day on which each area first handed in the report of the period."""
    facts = fact_submission.c
    living = (
        select(facts.area, facts.effective_on)
        .where(facts.report == _REPORT, facts.period == period, scope.within(fact_submission))
        .group_by(facts.area, facts.effective_on, facts.origin)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.effective_on.desc())
    )
    return {scope.current(area): day for area, day in scope.connection.execute(living)}

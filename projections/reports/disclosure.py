"""What must be published, and what of it was late, too short or is missing, duty by duty and thing by thing.

A duty of the rule pack says who publishes what kind of notice within how many days after a moment, and for how many
days at least. The moments of projects, assets and tranches are milestones and movements in the facts; a publication
meets a duty when its kind, its subject and its channel do. Nothing is judged that no source asks for: a duty without a
number of days is never late. Source: funds.md 5; R26 of funds.md 8.2.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from sqlalchemy import func, select

from projections.parts import only_areas
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import fact_milestone, fact_money, fact_notice, fact_notice_end

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Engine

    from ledger.rules.dated import Disclosure

__all__ = ["DutyRow", "State", "disclosure"]

State: TypeAlias = Literal["met", "waiting", "missing", "late", "short"]
"""``waiting``: not published, and there is time; ``short``: in time, but not for long enough."""

_OF_MONEY: Final = {"distributed": "tranche", "changed": "project"}
_MEASURES: Final = {"distributed": ("distributed",), "changed": ("adjusted", "surplus", "reclaimed")}


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty towards one thing. ``due_on`` is None where no source sets a time; days are counted as the duty says.

    ``published_on`` and ``notice`` are those of the first publication that meets the duty, ``shown_days`` how long it
    stayed up to the day of the report (None: for good).
    """

    place: Place
    duty: str
    template: str
    by: str
    subject_kind: str
    subject: str
    moment: str
    moment_on: str
    due_on: str | None
    provisional: bool
    min_days: int | None
    unit: str
    state: State
    days_late: int
    notice: str | None
    published_on: str | None
    shown_days: int | None
    source: str

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Thing(NamedTuple):
    kind: str
    subject: str
    area: str
    on: date


class _Shown(NamedTuple):
    notice: str
    channel: str
    from_on: date
    to_on: date | None


def disclosure(engine: Engine, question: Question, *, everything: bool = False) -> Answer[DutyRow]:
    """Return the duties of an area and plan year that are not met; with ``everything`` also those that are.

    The answer's ``states`` count all of them by duty. Raises NotFoundError when no rule pack was in force,
    ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        only_areas(scope)
        shown = _publications(scope)
        rows = [
            row
            for moment in sorted({duty.after for duty in scope.rules.disclosures})
            for thing in _things(scope, moment)
            for duty in scope.rules.disclosures_in(thing.area, thing.on)
            if duty.after == moment
            for row in [_row(scope, duty, thing, shown.get((duty.template, thing.subject), []))]
        ]
        rows.sort(key=lambda row: (row.duty, row.place.area, row.moment_on, row.subject))
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            counts[row.duty][row.state] += 1
        states = [{"duty": duty, **{each: counts[duty][each] for each in _STATES}} for duty in sorted(counts)]
        kept = rows if everything else [row for row in rows if row.state != "met"]
        return Answer("disclosure", scope, tuple(kept), {"states": states})


_STATES: Final = ("met", "waiting", "missing", "late", "short")


def _row(scope: Scope, duty: Disclosure, thing: _Thing, shown: list[_Shown]) -> DutyRow:
    due, provisional = _due(scope, duty, thing.on)
    here = sorted((each for each in shown if not duty.channels or each.channel in duty.channels), key=_first)
    first = here[0] if here else None
    days = None if first is None else _days_shown(scope, duty, first)
    state, late = _state(scope, duty, due, first, days)
    return DutyRow(
        place=Place("part", scope.current(thing.area), scope.name(scope.current(thing.area))),
        duty=duty.id,
        template=duty.template,
        by=duty.by,
        subject_kind=thing.kind,
        subject=thing.subject,
        moment=duty.after,
        moment_on=thing.on.isoformat(),
        due_on=None if due is None else due.isoformat(),
        provisional=provisional,
        min_days=duty.min_days,
        unit=duty.unit,
        state=state,
        days_late=late,
        notice=None if first is None else first.notice,
        published_on=None if first is None else first.from_on.isoformat(),
        shown_days=None if first is None or first.to_on is None else days,
        source=duty.source,
    )


def _first(each: _Shown) -> tuple[date, str]:
    return each.from_on, each.notice


def _due(scope: Scope, duty: Disclosure, start: date) -> tuple[date | None, bool]:
    if duty.within_days is None:
        return None, False
    if duty.unit == "working":
        return scope.rules.calendar.add_working_days(start, duty.within_days)
    return date.fromordinal(start.toordinal() + duty.within_days), False


def _days_shown(scope: Scope, duty: Disclosure, shown: _Shown) -> int:
    """Return for how many days it was to be seen, both ends included, up to the day of the report."""
    last = scope.as_of if shown.to_on is None else min(shown.to_on, scope.as_of)
    if duty.unit == "working":
        before = date.fromordinal(shown.from_on.toordinal() - 1)
        return scope.rules.calendar.working_days(before, last)[0]
    return (last - shown.from_on).days + 1


def _state(
    scope: Scope, duty: Disclosure, due: date | None, first: _Shown | None, days: int | None
) -> tuple[State, int]:
    if first is None:
        late = 0 if due is None else (scope.as_of - due).days
        return ("missing", late) if late > 0 else ("waiting", 0)
    if due is not None and first.from_on > due:
        return "late", (first.from_on - due).days
    ended = first.to_on is not None and first.to_on <= scope.as_of
    if duty.min_days is not None and ended and days is not None and days < duty.min_days:
        return "short", 0
    return "met", 0


def _things(scope: Scope, moment: str) -> list[_Thing]:
    """Return the projects, assets or tranches that reached the moment, with its first day that still stands."""
    table = fact_money if moment in _OF_MONEY else fact_milestone
    facts = table.c
    if moment in _OF_MONEY:
        subject, kind = (facts.tranche if moment == "distributed" else facts.project), _OF_MONEY[moment]
        chosen: list[ColumnElement[bool]] = [facts.measure.in_(_MEASURES[moment])]
        year = facts.plan_year
    else:
        subject, kind = facts.subject, None
        chosen = [facts.milestone == moment]
        year = facts.year
    columns = (subject, facts.area, *(() if kind else (facts.kind,)))
    standing = (
        select(*columns, facts.effective_on, facts.origin)
        .where(scope.within(table), *chosen, *(() if scope.year is None else (year == scope.year,)))
        .group_by(*columns, facts.effective_on, facts.origin)
        .having(func.sum(facts.sign) > 0)
        .subquery()
    )
    keys = [standing.c[column.name] for column in columns]
    first = select(*keys, func.min(standing.c.effective_on)).group_by(*keys)
    return [
        _Thing(kind or row[2], row[0], row[1], date.fromisoformat(row[-1])) for row in scope.connection.execute(first)
    ]


def _publications(scope: Scope) -> dict[tuple[str, str], list[_Shown]]:
    """Return where and when each subject was published, by kind of notice, up to the day it was taken down."""
    facts = fact_notice.c
    columns = (facts.template, facts.subject, facts.notice, facts.channel, facts.from_on, facts.to_on)
    living = (
        select(*columns)
        .where(scope.happened(fact_notice), facts.template != "")
        .group_by(facts.origin, *columns)
        .having(func.sum(facts.sign) > 0)
    )
    ended = _taken_down(scope)
    found: defaultdict[tuple[str, str], list[_Shown]] = defaultdict(list)
    for template, subject, notice, channel, from_on, to_on in scope.connection.execute(living):
        last = min(filter(None, (to_on, ended.get(notice))), default="")
        until = date.fromisoformat(last) if last else None
        found[template, subject].append(_Shown(notice, channel, date.fromisoformat(from_on), until))
    return found


def _taken_down(scope: Scope) -> dict[str, str]:
    """Return the day on which each withdrawn notice was taken down."""
    facts = fact_notice_end.c
    living = (
        select(facts.notice, facts.effective_on)
        .where(scope.happened(fact_notice_end))
        .group_by(facts.origin, facts.notice, facts.effective_on)
        .having(func.sum(facts.sign) > 0)
    )
    return {notice: day for notice, day in scope.connection.execute(living)}  # noqa: C416 - rows, not pairs

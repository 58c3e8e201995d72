"""What changed between two moments, figure by figure, and what was entered late.

Two days, as known at one position: what happened in between. Two positions, as of one day: what the ledger learned in
between; of that, entries of days before the first moment are late, and reversals are corrections.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select, union

from ledger.dates import CHINA, from_utc_text
from ledger.errors import LedgerError
from ledger.events import EventReversed, registry
from ledger.log.reading import read_page
from projections.catalogue import report_named
from projections.catch_up import FACT_TABLES
from projections.figures import figures_of
from projections.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from ledger.log.reading import Row
    from projections.figures import Address, Figures
    from projections.scope import Question, Scope

__all__ = ["ChangedFigure", "LateEntry", "Moment", "Step", "changed_figures", "day_of", "events_by_day", "late_entries"]

_PAGE: Final = 2_000


class Moment(NamedTuple):
    """A scope, and the events by which it differs from the one before it."""

    scope: Scope
    positions: tuple[int, ...]


class Step(NamedTuple):
    """The figure moved by so much with these events."""

    positions: tuple[int, ...]
    change: int


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """One number of a report at both moments, and where it moved in between; the steps sum to the difference."""

    report: str
    address: Address
    before: int
    after: int
    steps: tuple[Step, ...]


class LateEntry(NamedTuple):
    """An event recorded after a moment about a day not after it; ``correction`` where it reverses another one."""

    row: Row
    effective_on: date
    correction: bool


def changed_figures(
    reports: Sequence[str], question: Question, first: Scope, moments: Sequence[Moment]
) -> Iterator[ChangedFigure]:
    """Yield every figure that is not the same at both ends, report by report, with the steps of its way."""
    for name in reports:
        ask = _asker(name, question)
        before = start = ask(first)
        steps: dict[Address, list[Step]] = {}
        for scope, positions in moments:
            now = ask(scope)
            for address in before.keys() | now.keys():
                if change := now.get(address, 0) - before.get(address, 0):
                    steps.setdefault(address, []).append(Step(positions, change))
            before = now
        for address in sorted(steps):
            was, becomes = start.get(address, 0), before.get(address, 0)
            if was != becomes:
                yield ChangedFigure(name, address, was, becomes, tuple(steps[address]))


def _asker(name: str, question: Question) -> Callable[[Scope], Figures]:
    report = report_named(name)

    def ask(scope: Scope) -> Figures:
        try:
            return figures_of(report(scope, question))
        except LedgerError:
            return {}  # it cannot be asked there: no rule pack yet, or no such breakdown

    return ask


def events_by_day(scope: Scope, after: date) -> list[tuple[date, tuple[int, ...]]]:
    """Return the days after ``after`` on which anything happened, each with the positions of its events."""
    asked = [
        select(table.c.effective_on, table.c.position).where(
            scope.happened(table), table.c.effective_on > after.isoformat()
        )
        for name, table in sorted(metadata.tables.items())
        if name in FACT_TABLES
    ]
    days: dict[str, list[int]] = {}
    for on, position in scope.connection.execute(union(*asked)):
        days.setdefault(on, []).append(position)
    return [(date.fromisoformat(on), tuple(sorted(days[on]))) for on in sorted(days)]


def late_entries(connection: Connection, after: int, to: int, day: date) -> Iterator[LateEntry]:
    """Yield what was recorded in the positions above ``after`` about days up to ``day``. Raises TamperedError."""
    while rows := read_page(connection, after, _PAGE, to):
        for row in rows:
            event = registry.decode(row.topic, row.state)
            correction = isinstance(event, EventReversed)
            if isinstance(event, EventReversed):
                event = registry.decode(event.reversed_topic, event.reversed_state.encode())
            if event.effective_on <= day:
                yield LateEntry(row, event.effective_on, correction)
        after = rows[-1].position


def day_of(recorded_at: str) -> date:
    """Return the day in China of a moment as stored."""
    return from_utc_text(recorded_at).astimezone(CHINA).date()

"""The register of findings (整改销号台账) as it stood: every finding with its state, deadline and days overdue.

Findings are few, so their steps are read in order and followed one by one. Source: seed clause (二), funds.md 8.2 R31.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from ledger.dates import days_between
from projections.tables import fact_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from projections.scope import Scope

__all__ = ["STATES", "Finding", "findings_of"]

STATES: Final = {"open": "整改中", "submitted": "待销号", "closed": "已销号"}
"""What a finding can be, with its Chinese name."""

_STATE_AFTER: Final = {"submitted": "submitted", "closed": "closed"}
_DIMENSIONS: Final = ("area", "town", "source", "kind", "unit")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as it stood; ``days_overdue`` runs until it was struck off, or until the day asked about."""

    finding: str
    title: str
    area: str
    town: str
    source: str
    kind: str
    unit: str
    project: str
    state: str
    opened_on: date
    deadline: date
    closed_on: date | None
    reopened: int
    days_overdue: int

    @property
    def closed(self) -> bool:
        """Say whether it is struck off."""
        return self.closed_on is not None

    @property
    def overdue(self) -> bool:
        """Say whether it is past its deadline and not struck off (R31)."""
        return not self.closed and self.days_overdue > 0


def findings_of(scope: Scope) -> list[Finding]:
    """Return the findings of the area by code: those opened in the year asked about, or all."""
    steps = _living_steps(scope)
    followed = (_followed(scope, list(group)) for _, group in groupby(steps, key=itemgetter("finding")))
    return [found for found in followed if found is not None and scope.year in {None, found.opened_on.year}]


def _living_steps(scope: Scope) -> Iterable[Mapping[Any, Any]]:
    """Return the steps that nobody took back, in the order in which they happened."""
    facts = fact_finding.c
    columns = [facts[name] for name in ("finding", "step", "effective_on", "origin", "deadline", "title", "project")]
    columns += [facts[name] for name in _DIMENSIONS]
    living = (
        select(*columns)
        .where(scope.within(fact_finding))
        .group_by(*columns)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.finding, facts.effective_on, facts.origin)
    )
    return scope.connection.execute(living).mappings()


def _followed(scope: Scope, steps: list[Mapping[Any, Any]]) -> Finding | None:
    """Return the finding after all of its steps, None where its opening was taken back."""
    opening = next((step for step in steps if step["step"] == "opened"), None)
    if opening is None:
        return None
    last, names = steps[-1], [step["step"] for step in steps]
    state = next(_states(names), "open")
    closed_on = date.fromisoformat(last["effective_on"]) if state == "closed" else None
    deadline = date.fromisoformat(last["deadline"])
    return Finding(
        finding=opening["finding"],
        title=opening["title"],
        project=opening["project"],
        state=state,
        opened_on=date.fromisoformat(opening["effective_on"]),
        deadline=deadline,
        closed_on=closed_on,
        reopened=names.count("reopened"),
        days_overdue=max(0, days_between(deadline, closed_on or scope.as_of)),
        **{name: last[name] for name in _DIMENSIONS},
    )


def _states(names: list[str]) -> Iterator[str]:
    """Yield what the last step made of the finding; more work reported on a submitted one leaves it submitted."""
    for name in reversed(names):
        if name != "progressed":
            yield _STATE_AFTER.get(name, "open")

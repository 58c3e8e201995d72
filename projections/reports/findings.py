"""Rectification: findings opened, struck off, open, overdue and reopened, by who found them, how, and who answers.

A finding is overdue when its deadline has passed and nobody has struck it off (funds.md 8.2 R31; seed clause (二)).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ledger.money import percent
from projections.parts import no_types, part_of
from projections.rectification import STATES, findings_of
from projections.scope import Answer, Place, Question, as_fields, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from projections.rectification import Finding

__all__ = ["FindingRow", "findings"]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """The findings of one place, source, kind and unit, or of all of them together where those are None.

    ``closed_percent`` is closed / opened (销号率); ``on_time_percent`` is closed_on_time / closed (按期销号率).
    """

    place: Place
    source: str | None
    kind: str | None
    unit: str | None
    opened: int
    closed: int
    open: int
    overdue: int
    reopened: int
    closed_on_time: int
    closed_percent: str | None
    on_time_percent: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def findings(engine: Engine, question: Question) -> Answer[FindingRow]:
    """Return the register of findings by county or town, and in total: those opened in one year, or all.

    The answer's ``findings`` lists them one by one. No rule pack is needed. Raises ValueRefusedError where the question
    cannot be answered as put; findings have no types.
    """
    with open_scope(engine, question) as scope:
        no_types(scope)
        found = findings_of(scope)
        parts: dict[str | None, list[Finding]] = {None: found}
        for each in found:
            parts.setdefault(part_of(scope, each.area, each.town), []).append(each)
        rows = tuple(
            row
            for key, place in scope.places((part for part in parts if part is not None), str)
            for row in _rows(place, parts[key])
        )
        return Answer("findings", scope, rows, {"findings": [_listed(each) for each in found]})


def _rows(place: Place, found: list[Finding]) -> list[FindingRow]:
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for each in found:
        groups.setdefault((each.source, each.kind, each.unit), []).append(each)
    return [*(_row(place, *group, groups[group]) for group in sorted(groups)), _row(place, None, None, None, found)]


def _row(place: Place, source: str | None, kind: str | None, unit: str | None, found: list[Finding]) -> FindingRow:
    closed = [each for each in found if each.closed]
    on_time = sum(each.days_overdue == 0 for each in closed)
    return FindingRow(
        place=place,
        source=source,
        kind=kind,
        unit=unit,
        opened=len(found),
        closed=len(closed),
        open=len(found) - len(closed),
        overdue=sum(each.overdue for each in found),
        reopened=sum(each.reopened > 0 for each in found),
        closed_on_time=on_time,
        closed_percent=percent(len(closed), len(found)),
        on_time_percent=percent(on_time, len(closed)),
    )


def _listed(each: Finding) -> dict[str, object]:
    days = {
        "opened_on": each.opened_on.isoformat(),
        "deadline": each.deadline.isoformat(),
        "closed_on": each.closed_on.isoformat() if each.closed_on else None,
    }
    return {**asdict(each), "state_name": STATES[each.state], **days}

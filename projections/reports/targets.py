"""The indicators of the adopted target packs against the values that areas reported for them.

A value is what an area reported last, for the latest period. Where the area asked about reported nothing itself, the
values of its parts for that period are added up, but only of what is counted: percentages are never added or averaged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from sqlalchemy import select

from projections.latest import latest, written_by
from projections.parts import only_areas
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope
from projections.tables import fact_indicator

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.rules.dated import Indicator

__all__ = ["TargetRow", "targets"]

_COUNTED: Final = frozenset(
    {
        *("户", "万户", "个", "人", "万人", "人次", "万人次", "名", "家", "村", "处", "座", "所", "项", "件", "次"),
        *("亩", "万亩", "公里", "千米", "头", "万头", "羽", "万羽"),
    }
)
"""The units of things that are counted, so that the numbers of counties add up to that of their city."""

_PERIOD: Final = re.compile(r"([0-9]{4})(?:Q([1-4])|H([12])|-([0-9]{2}))?")
_LAST_MONTH: Final = 12
_MONTHS_OF_A_QUARTER: Final = 3
_MONTHS_OF_A_HALF: Final = 6


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One indicator in one place. Values are exact decimals as text; ``difference`` is value less target.

    ``value_of`` says whether the value was ``reported`` by the place or is the ``sum`` of ``areas`` of its parts.
    ``met`` is None without a value, and for parts of an area whose target counts things: it is set for the whole.
    """

    place: Place
    indicator: str
    name: str
    unit: str
    direction: str
    target: str
    due_on: str
    clause: str
    source: str
    period: str | None
    value: str | None
    value_of: Literal["reported", "sum"] | None
    areas: int
    difference: str | None
    met: bool | None
    state: Literal["met", "missed", "not_due", "unreported", "not_judged"]

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Value(NamedTuple):
    """What is known of an indicator in one place; the greatest is the latest."""

    year: int
    month: int
    on: str
    origin: int
    period: str
    text: str
    areas: int = 1

    @property
    def of(self) -> Literal["reported", "sum"]:
        return "reported" if self.origin else "sum"


def targets(engine: Engine, question: Question) -> Answer[TargetRow]:
    """Return every indicator asked of the area: its target, due day, and the latest value, for each county and in all.

    ``question.year`` limits the values to the periods of one year. Raises ValueRefusedError where the question cannot
    be answered as put; indicators are reported by areas.
    """
    with open_scope(engine, question) as scope:
        only_areas(scope)
        values = _reported(scope)
        parts = {part for _, part in values if part != scope.area}
        rows: list[TargetRow] = []
        for key, place in scope.places(parts, str):
            for indicator in sorted(scope.indicators.values(), key=lambda each: each.id):
                value = _whole(scope, indicator, values) if key is None else values.get((indicator.id, key))
                if key is None or value is not None:
                    rows.append(_row(scope, place, indicator, value))
        return Answer("targets", scope, tuple(rows), {})


def _row(scope: Scope, place: Place, indicator: Indicator, value: _Value | None) -> TargetRow:
    judged = place.row == "total" or indicator.unit not in _COUNTED
    difference = None if value is None else Decimal(value.text) - Decimal(indicator.target_text)
    met = None if difference is None or not judged else _reaches(difference, indicator)
    return TargetRow(
        place=place,
        indicator=indicator.id,
        name=indicator.name,
        unit=indicator.unit,
        direction=indicator.direction,
        target=indicator.target_text,
        due_on=indicator.by.isoformat(),
        clause=indicator.clause,
        source=indicator.source,
        period=value.period if value else None,
        value=value.text if value else None,
        value_of=value.of if value else None,
        areas=value.areas if value else 0,
        difference=None if difference is None else f"{difference:f}",
        met=met,
        state=_state(scope, indicator, met=met, judged=judged),
    )


def _reaches(difference: Decimal, indicator: Indicator) -> bool:
    return difference >= 0 if indicator.direction == "at_least" else difference <= 0


def _state(
    scope: Scope, indicator: Indicator, *, met: bool | None, judged: bool
) -> Literal["met", "missed", "not_due", "unreported", "not_judged"]:
    if not judged:
        return "not_judged"
    if met:
        return "met"
    if scope.as_of <= indicator.by:
        return "not_due"
    return "unreported" if met is None else "missed"


def _whole(scope: Scope, indicator: Indicator, values: dict[tuple[str, str], _Value]) -> _Value | None:
    """Return what the area reported itself, or the sum of its parts for the latest period that any of them reported."""
    own = values.get((indicator.id, scope.area))
    parts = [value for (found, _), value in values.items() if found == indicator.id]
    if own is not None or not parts or indicator.unit not in _COUNTED:
        return own
    newest = max(parts)
    same = [value for value in parts if value.period == newest.period]
    total = sum((Decimal(value.text) for value in same), Decimal())
    return newest._replace(origin=0, text=f"{total:f}", areas=len(same))


def _reported(scope: Scope) -> dict[tuple[str, str], _Value]:
    """Return the latest value of each indicator in each area, by indicator and part."""
    newest, facts = latest(scope, fact_indicator, ["indicator", "area", "period"]), fact_indicator.c
    reported = (facts.indicator, facts.area, facts.effective_on, facts.origin, facts.period, facts.value)
    wanted = select(*reported).select_from(newest.join(fact_indicator, written_by(newest, fact_indicator)))
    values: dict[tuple[str, str], _Value] = {}
    row: Any
    for row in scope.connection.execute(wanted):
        year, month = _end(row.period)
        if scope.year in {None, year}:
            value = _Value(year, month, row.effective_on, row.origin, row.period, row.value)
            key = row.indicator, scope.current(row.area)
            values[key] = max(value, values.get(key, value))
    return values


def _end(period: str) -> tuple[int, int]:
    """Return the year and the last month of a period: a year, quarter, half-year or month."""
    read = _PERIOD.fullmatch(period)
    if read is None:
        message = f"{period} is no period"  # the event's own pattern lets no other text in
        raise ValueError(message)
    year, quarter, half, month = read.groups()
    if quarter:
        return int(year), int(quarter) * _MONTHS_OF_A_QUARTER
    return int(year), int(half) * _MONTHS_OF_A_HALF if half else int(month or _LAST_MONTH)

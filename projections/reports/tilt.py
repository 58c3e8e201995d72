"""How much of the money reached the key counties (重点帮扶县倾斜支持, seed clauses (七) and (十五)).

Which counties are key, and of which grade, the rule pack says. Money of every kind of fund counts where it stayed; the
denominator is all that came to the whole area, what the city still holds included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ledger.money import percent
from ledger.rules.model import covers
from projections.movements import in_order, movements
from projections.parts import only_areas
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

__all__ = ["TiltRow", "tilt"]


@dataclass(frozen=True, slots=True)
class TiltRow:
    """The share of a key county, of the key counties of one grade, or of all of them in the money of one level.

    An empty ``level`` is all levels, an empty ``grade`` all grades.
    """

    place: Place
    year: int
    grade: str
    level: str
    numerator_fen: int
    denominator_fen: int
    percent: str | None
    source: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def tilt(engine: Engine, question: Question) -> Answer[TiltRow]:
    """Return what share of an area's money of a plan year reached its key counties, by level and altogether.

    Raises:
        NotFoundError: no rule pack was in force.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        only_areas(scope)
        stayed = _stayed(scope)
        rows = tuple(
            _row(scope, group, level, stayed)
            for group in _groups(scope)
            for level in sorted({level for _, level in stayed}, key=lambda level: in_order([level]))
        )
        return Answer("tilt", scope, rows, {})


class _Group(NamedTuple):
    place: Place
    grade: str
    source: str | None
    areas: frozenset[str]


def _groups(scope: Scope) -> Iterator[_Group]:
    """Yield each key county inside the area, then the counties of each grade, then all of them."""
    inside = [(scope.current(each.area), each) for each in scope.rules.key_areas if covers(scope.area, each.area)]
    for area, each in inside:
        yield _Group(Place("part", area, scope.name(area)), each.grade, each.source, frozenset({area}))
    whole = Place("total", scope.area, scope.name(scope.area))
    for grade in sorted({each.grade for _, each in inside}):
        yield _Group(whole, grade, None, frozenset(area for area, each in inside if each.grade == grade))
    yield _Group(whole, "", None, frozenset(area for area, _ in inside))


def _stayed(scope: Scope) -> dict[tuple[str, str], int]:
    """Return the money that stayed in each county by level; an empty level sums them."""
    stayed: dict[tuple[str, str], int] = {}
    for (area, level), sums in movements(scope, ("area", "level"), scope.plan_year).items():
        for key in ((scope.current(area), level), (scope.current(area), "")):
            stayed[key] = stayed.get(key, 0) + sums.stayed
    return stayed


def _row(scope: Scope, group: _Group, level: str, stayed: dict[tuple[str, str], int]) -> TiltRow:
    numerator = sum(fen for (area, of), fen in stayed.items() if of == level and area in group.areas)
    denominator = sum(fen for (_, of), fen in stayed.items() if of == level)
    return TiltRow(
        place=group.place,
        year=scope.plan_year,
        grade=group.grade,
        level=level,
        numerator_fen=numerator,
        denominator_fen=denominator,
        percent=percent(numerator, denominator),
        source=group.source,
    )

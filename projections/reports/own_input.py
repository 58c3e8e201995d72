"""The city's and the counties' own money, this year against last (保持市、县两级投入力度不减, seed clause (六); R25).

Own money is transition and regular help money of the level itself that stayed in the area. The county level is judged
in each county, the city level only in a city: what it gives to one county may change without its giving less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.codes import FundKind, FundLevel
from ledger.rules.model import specificity
from projections.movements import movements
from projections.parts import only_areas
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from projections.movements import Movements

__all__ = ["OwnInputRow", "own_input"]

_KINDS: Final = frozenset({FundKind.TRANSITION, FundKind.REGULAR})
_RULE: Final = "own_input_kept"
_CITY_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class OwnInputRow:
    """What one level gave of its own for one area in two plan years; ``met`` says whether it is not less than before.

    ``met`` is None where no rule asks for it or nothing was given in the year before.
    """

    place: Place
    level: str
    year: int
    current_fen: int
    previous_fen: int
    change_fen: int
    met: bool | None
    source: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def own_input(engine: Engine, question: Question) -> Answer[OwnInputRow]:
    """Return the own money of a plan year and of the one before, by level: each county, then the whole area.

    ``year_over`` at the top says whether the year has ended, so that a shortfall is final. No rule pack is needed.
    Raises ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        only_areas(scope)
        years = (scope.plan_year, scope.plan_year - 1)
        current, previous = (_given(scope, year) for year in years)
        places = scope.places((part for part, _ in (*current, *previous) if part is not None), str)
        rows = tuple(
            _row(scope, place, level, current.get((part, level), 0), previous.get((part, level), 0))
            for part, place in places
            for level in _levels(place)
        )
        more: dict[str, object] = {"year_over": scope.as_of >= scope.rule_day}
        return Answer("own_input", scope, rows, more)


def _given(scope: Scope, year: int) -> dict[tuple[str | None, str], int]:
    """Return the own money of a plan year by part and level; part None is the whole area."""
    summed: dict[tuple[str, str, str], Movements] = movements(scope, ("area", "level", "fund_kind"), year)
    given: dict[tuple[str | None, str], int] = {}
    for (area, level, kind), sums in summed.items():
        if kind in _KINDS:
            for part in (scope.current(area), None):
                given[part, level] = given.get((part, level), 0) + sums.stayed
    return given


def _levels(place: Place) -> tuple[str, ...]:
    """Return the levels whose own money a place answers for; the city's own part has no more than the city."""
    if specificity(place.area) > _CITY_DIGITS:
        return (str(FundLevel.COUNTY),)
    return (str(FundLevel.CITY), str(FundLevel.COUNTY)) if place.row == "total" else ()


def _row(scope: Scope, place: Place, level: str, current: int, previous: int) -> OwnInputRow:
    rule = scope.pack.find(f"{_RULE}_{level}", place.area, scope.rule_day) if scope.pack else None
    asked = rule is not None and rule.value == 1
    return OwnInputRow(
        place=place,
        level=level,
        year=scope.plan_year,
        current_fen=current,
        previous_fen=previous,
        change_fen=current - previous,
        met=current >= previous if asked and previous else None,
        source=rule.source if rule and asked else None,
    )

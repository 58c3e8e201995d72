"""How much of the money for relocation follow-up was used (提高后续扶持资金使用率, seed clause (五)).

No document says what the rate is. The rule pack's set ``relocation`` reads it in two ways: paid of the money of that
task direction that arrived, and, because other money serves the same end, paid of what was allocated to follow-up
projects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.money import percent
from projections.counting import Counting
from projections.scope import Answer, Place, Question, as_fields, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.rules.model import Rate
    from projections.counting import Integers

__all__ = ["RelocationRow", "relocation"]

_SET: Final = "relocation"


@dataclass(frozen=True, slots=True)
class RelocationRow:
    """One reading of the use rate in one place; ``unused_fen`` is what of its money was not paid."""

    place: Place
    year: int
    rate: str
    name: str
    paid_fen: int
    money_fen: int
    money_of: str
    unused_fen: int
    percent: str | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


def relocation(engine: Engine, question: Question) -> Answer[RelocationRow]:
    """Return the use rates of a plan year by county, town or project type, and in total.

    Raises:
        NotFoundError: no rule pack was in force, or it has no set ``relocation``.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        rates = scope.rules.rates(_SET)
        counting = Counting(scope, rates)
        rows = tuple(
            _row(scope.plan_year, rate, place, counting.of(rate, part))
            for part, place in scope.places(counting.parts, scope.rules.type_name)
            for rate in rates
        )
        return Answer("relocation", scope, rows, {"definitions": [_definition(rate) for rate in rates]})


def _row(year: int, rate: Rate, place: Place, sides: Integers) -> RelocationRow:
    return RelocationRow(
        place=place,
        year=year,
        rate=rate.id,
        name=rate.name,
        paid_fen=sides.numerator,
        money_fen=sides.denominator,
        money_of=sides.denominator_of,
        unused_fen=sides.denominator - sides.numerator,
        percent=percent(sides.numerator, sides.denominator, rate.digits, rate.rounding),
    )


def _definition(rate: Rate) -> dict[str, object]:
    named = {"numerator": rate.numerator, "denominator": rate.denominator}
    return {
        "rate": rate.id,
        "name": rate.name,
        "source": rate.source,
        **{key: {"id": each.id, "name": each.name, "source": each.source} for key, each in named.items()},
    }

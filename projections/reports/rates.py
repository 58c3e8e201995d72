"""Rates by the rule pack's definitions: counts of projects and assets, and sums of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.codes import AssetClass
from ledger.money import percent
from projections.counting import Counting
from projections.dated_targets import DatedTargets
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.rules.model import Rate, RateSet, RulePack
    from projections.dated_targets import TargetResult

__all__ = ["ALL_SETS", "RateRow", "rates"]

ALL_SETS: Final = "all"
"""The name that asks for every set of the pack."""

_ASSET_CLASSES = {str(code): code.zh for code in AssetClass}


@dataclass(frozen=True, slots=True)
class RateRow:
    """One rate in one place; ``denominator_of`` says whether the denominator is the row's own or the whole area's."""

    place: Place
    rate: str
    name: str
    unit: str
    numerator: int
    denominator: int
    denominator_of: str
    percent: str | None
    set: str
    targets: tuple[TargetResult, ...]

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return {**as_fields(self), "targets": [target.as_json() for target in self.targets]}


def rates(engine: Engine, question: Question, rate_set: str | None = None) -> Answer[RateRow]:
    """Return the rates of a set (None: the pack's default set) by county, town or type, and in total.

    Raises:
        NotFoundError: no rule pack was in force, or it has no such set.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        chosen = scope.rules.all_rates if rate_set == ALL_SETS else scope.rules.rates(rate_set)
        counting = Counting(scope, chosen)
        targets = DatedTargets(scope, chosen, counting)
        places = scope.places(counting.parts, lambda code: _ASSET_CLASSES.get(code) or scope.rules.type_name(code))
        rows = tuple(
            _row(rate, place, part, counting, targets)
            for part, place in places
            for rate in chosen
            if _has(scope, rate, part)
        )
        sets = _sets(scope.rules, chosen)
        only = sets[0] if len(sets) == 1 else None
        return Answer("rates", scope, rows, {"set": only, "sets": sets, "definitions": list(map(_definition, chosen))})


def _has(scope: Scope, rate: Rate, part: str | None) -> bool:
    """Say whether a rate can be broken down to the part: assets have classes, all else has project types."""
    return scope.by != "type" or part is None or (part in _ASSET_CLASSES) == (rate.unit == "assets")


def _row(rate: Rate, place: Place, part: str | None, counting: Counting, targets: DatedTargets) -> RateRow:
    numerator, denominator, denominator_of = counting.of(rate, part)
    return RateRow(
        place=place,
        rate=rate.id,
        name=rate.name,
        unit=rate.unit,
        numerator=numerator,
        denominator=denominator,
        denominator_of=denominator_of,
        percent=percent(numerator, denominator, rate.digits, rate.rounding),
        set=rate.set,
        targets=targets.of(rate, place, part),
    )


def _sets(pack: RulePack, chosen: tuple[Rate, ...]) -> list[dict[str, object]]:
    """Return the sets that the rates come from, in the order of the pack."""
    used = {rate.set for rate in chosen}
    return [_set(each) for each in pack.rate_sets if each.id in used]


def _set(each: RateSet) -> dict[str, object]:
    return {"id": each.id, "name": each.name, "source": each.source}


def _definition(rate: Rate) -> dict[str, object]:
    named = {"numerator": rate.numerator, "denominator": rate.denominator}
    return {
        "rate": rate.id,
        "name": rate.name,
        "source": rate.source,
        "rounding": rate.rounding,
        **{key: {"id": each.id, "name": each.name, "source": each.source} for key, each in named.items()},
        "set": rate.set,
        "digits": rate.digits,
    }

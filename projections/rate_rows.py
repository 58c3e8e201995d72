"""The rows of reports on rates: one rate in one place with both integers, its targets, and what defines it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.codes import AssetClass
from ledger.money import percent
from projections.dated_targets import DatedTargets
from projections.scope import Answer, Place, Scope, as_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.rules.model import Rate, RateSet, RulePack
    from projections.counting import Counting
    from projections.dated_targets import TargetResult

__all__ = ["RateRow", "rate_answer"]

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


def rate_answer(report: str, scope: Scope, chosen: Sequence[Rate], counting: Counting) -> Answer[RateRow]:
    """Return the answer about rates already counted: a row for each part and rate, definitions and sets."""
    targets = DatedTargets(scope, counting)
    places = scope.places(counting.parts, lambda code: _ASSET_CLASSES.get(code) or scope.rules.type_name(code))
    rows = tuple(
        _row(rate, place, part, counting, targets)
        for part, place in places
        for rate in chosen
        if _has(scope, rate, part)
    )
    sets = _sets(scope.rules, chosen)
    only = sets[0] if len(sets) == 1 else None
    return Answer(report, scope, rows, {"set": only, "sets": sets, "definitions": list(map(_definition, chosen))})


def _has(scope: Scope, rate: Rate, part: str | None) -> bool:
    """Say whether a rate can be broken down to the part: assets have classes, income has areas only."""
    if part is None or scope.by == "area":
        return True
    if rate.subject == "income":
        return False
    return scope.by == "town" or (part in _ASSET_CLASSES) == (rate.subject == "assets")


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


def _sets(pack: RulePack, chosen: Sequence[Rate]) -> list[dict[str, object]]:
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

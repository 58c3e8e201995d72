"""Upkeep that is due: public assets for which nobody answers, visits owed and not made, assets nobody has seen to.

RF20: a public asset without a responsible unit, or without any record of care for as many months as the parameter
``upkeep_record_months`` says. Visits become owed evenly over the calendar year. Source: assets.md 4.2, 7.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ledger.codes import AssetClass
from ledger.dates import days_between, months_after
from projections.assets_in_use import AssetInUse, Step, assets_in_use, part_of_asset
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.rules.model import Parameter

__all__ = ["UpkeepDueRow", "upkeep_due"]

_ASSIGNED: Final = "upkeep_assigned"
_VISITED: Final = "upkeep_visited"
_CLASSES: Final = {str(code): code.zh for code in AssetClass}


@dataclass(frozen=True, slots=True)
class UpkeepDueRow:
    """The assets of one place that are public or have a unit for upkeep, and the visits of the calendar year so far.

    ``unrecorded`` counts public assets with a unit but no record of care within the months, None without a rule.
    """

    place: Place
    assets: int
    kept: int
    unkept: int
    unkept_value_fen: int
    visits_owed: int
    visits_made: int
    visits_missing: int
    unrecorded: int | None

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


@dataclass(frozen=True, slots=True)
class _Upkeep:
    """The upkeep of one asset; ``last_on`` is the last day on which it was assigned or visited."""

    about: AssetInUse
    unit: str
    post: str
    times_per_year: int
    visits_owed: int
    visits_made: int
    last_on: date | None
    unrecorded: bool | None

    @property
    def missing(self) -> int:
        return max(0, self.visits_owed - self.visits_made)

    @property
    def wanting(self) -> bool:
        return not self.unit or bool(self.unrecorded) or self.missing > 0

    def as_json(self) -> dict[str, object]:
        names = ("asset", "name", "area", "town", "asset_class", "value_fen")
        own = ("unit", "post", "times_per_year", "visits_owed", "visits_made")
        return {
            **{name: getattr(self.about, name) for name in names},
            **{name: getattr(self, name) for name in own},
            "visits_missing": self.missing,
            "last_on": self.last_on.isoformat() if self.last_on else None,
            "unrecorded": self.unrecorded,
        }


def upkeep_due(engine: Engine, question: Question) -> Answer[UpkeepDueRow]:
    """Return the upkeep that is due by county, town or class, and in total; ``question.year`` is the year formed.

    The answer's ``assets`` lists the assets that want something, ``record_rule`` is the rule for records of care. No
    rule pack is needed. Raises ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        rule = scope.pack.find("upkeep_record_months", scope.area, scope.as_of) if scope.pack else None
        every: list[_Upkeep] = []
        found: defaultdict[str, list[_Upkeep]] = defaultdict(list)
        for asset, steps in assets_in_use(scope, (_ASSIGNED, _VISITED)):
            upkeep = _upkeep(scope, asset, steps, rule)
            if upkeep.unit or _is_public(asset):
                every.append(upkeep)
                found[part_of_asset(scope, asset)].append(upkeep)
        rows = tuple(
            _row(place, every if part is None else found[part], rule)
            for part, place in scope.places(found, lambda code: _CLASSES.get(code, code))
        )
        more: dict[str, object] = {
            "record_rule": {"id": "RF20", "months": rule.value, "source": rule.source} if rule else None,
            "assets": [each.as_json() for each in every if each.wanting],
        }
        return Answer("upkeep_due", scope, rows, more)


def _row(place: Place, found: list[_Upkeep], rule: Parameter | None) -> UpkeepDueRow:
    unkept = [each for each in found if not each.unit]
    return UpkeepDueRow(
        place=place,
        assets=len(found),
        kept=len(found) - len(unkept),
        unkept=len(unkept),
        unkept_value_fen=sum(each.about.value_fen for each in unkept),
        visits_owed=sum(each.visits_owed for each in found),
        visits_made=sum(each.visits_made for each in found),
        visits_missing=sum(each.missing for each in found),
        unrecorded=sum(bool(each.unrecorded) for each in found) if rule else None,
    )


def _upkeep(scope: Scope, asset: AssetInUse, steps: list[Step], rule: Parameter | None) -> _Upkeep:
    assigned = [step for step in steps if step.step == _ASSIGNED]
    unit, post, times = (assigned[-1].unit, assigned[-1].by, assigned[-1].number) if assigned else ("", "", 0)
    last_on = steps[-1].on if steps else None
    unrecorded = None
    if rule is not None:
        long_ago = last_on is not None and months_after(last_on, int(rule.value)) < scope.as_of
        unrecorded = bool(unit) and _is_public(asset) and long_ago
    return _Upkeep(
        about=asset,
        unit=unit,
        post=post,
        times_per_year=times,
        visits_owed=_owed(assigned, scope.as_of),
        visits_made=sum(step.step == _VISITED and step.on.year == scope.as_of.year for step in steps),
        last_on=last_on,
        unrecorded=unrecorded,
    )


def _owed(assigned: list[Step], as_of: date) -> int:
    """Return the visits owed in the year of a day, the day included; each assignment owes its own until the next."""
    begin, end = date(as_of.year, 1, 1), date(as_of.year + 1, 1, 1)
    untils = [*(step.on for step in assigned[1:]), as_of + timedelta(days=1)]
    owed = (
        step.number * max(0, days_between(max(step.on, begin), until))
        for step, until in zip(assigned, untils, strict=False)
    )
    return sum(owed) // days_between(begin, end)


def _is_public(asset: AssetInUse) -> bool:
    return asset.asset_class == AssetClass.PUBLIC

"""Assets that stand unused: of low efficiency, idle or stopped; since when, what is done about it, and until when.

RF18: idle for as many months as the parameter ``idle_months`` says and no plan to revive it, or a plan past its
deadline. Days run from the last day on which the asset was assessed as in use, or from its registration. Source:
assets.md 4.3, 7.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.codes import AssetClass, AssetCondition
from ledger.dates import days_between, months_after
from ledger.domain.care import IN_USE, UNUSED
from projections.assets_in_use import AssetInUse, Step, assets_in_use, part_of_asset
from projections.scope import Answer, Place, Question, Scope, as_fields, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.rules.model import Parameter

__all__ = ["REVIVALS", "IdleRow", "idle"]

REVIVALS: Final = {"none": "未立项", "open": "盘活中", "submitted": "待销号", "closed": "已销号"}
"""How far the revival of an asset is, with its Chinese name."""

_STATE_AFTER: Final = {"revival_opened": "open", "revival_submitted": "submitted", "revival_closed": "closed"}
_ASSESSED: Final = "condition_assessed"
_CLASSES: Final = {str(code): code.zh for code in AssetClass}


@dataclass(frozen=True, slots=True)
class IdleRow:
    """The unused assets of one place and condition, or of all three together where that is None; values in fen.

    ``planned`` have a revival that is not struck off; ``overdue`` is the verdict of RF18.
    """

    place: Place
    condition: str | None
    assets: int
    value_fen: int
    planned: int
    overdue: int
    overdue_value_fen: int

    def as_json(self) -> dict[str, object]:
        """Return the row as ``docs/reference/json.md`` says."""
        return as_fields(self)


class _Revival(NamedTuple):
    """The last plan to revive the asset."""

    code: str
    state: str
    unit: str
    deadline: date | None


@dataclass(frozen=True, slots=True)
class _Unused:
    about: AssetInUse
    condition: str
    assessed_on: date
    since: date
    days: int
    revival: _Revival
    overdue: bool

    def as_json(self) -> dict[str, object]:
        names = ("asset", "name", "area", "town", "asset_class", "value_fen")
        deadline = self.revival.deadline
        return {
            **{name: getattr(self.about, name) for name in names},
            "condition": self.condition,
            "assessed_on": self.assessed_on.isoformat(),
            "since": self.since.isoformat(),
            "days": self.days,
            "revival": self.revival.code or None,
            "revival_state": self.revival.state,
            "unit": self.revival.unit,
            "deadline": deadline.isoformat() if deadline else None,
            "overdue": self.overdue,
        }


def idle(engine: Engine, question: Question) -> Answer[IdleRow]:
    """Return the unused assets by county, town or class, and in total; ``question.year`` is the year formed.

    The answer's ``assets`` lists them, the longest unused first; ``idle_rule`` is the rule of RF18. No rule pack is
    needed. Raises ValueRefusedError where the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        rule = scope.pack.find("idle_months", scope.area, scope.as_of) if scope.pack else None
        every: list[_Unused] = []
        found: defaultdict[str, list[_Unused]] = defaultdict(list)
        for asset, steps in assets_in_use(scope, (_ASSESSED, *_STATE_AFTER)):
            unused = _unused(scope, asset, steps, rule)
            if unused is not None:
                every.append(unused)
                found[part_of_asset(scope, asset)].append(unused)
        rows = tuple(
            row
            for part, place in scope.places(found, lambda code: _CLASSES.get(code, code))
            for row in _rows(place, every if part is None else found[part])
        )
        more: dict[str, object] = {
            "idle_rule": {"id": "RF18", "months": rule.value, "source": rule.source} if rule else None,
            "assets": [each.as_json() for each in sorted(every, key=lambda each: (each.since, each.about.asset))],
        }
        return Answer("idle", scope, rows, more)


def _rows(place: Place, found: list[_Unused]) -> list[IdleRow]:
    conditions = [str(code) for code in AssetCondition if code in UNUSED]
    by_condition = {code: [each for each in found if each.condition == code] for code in conditions}
    return [*(_row(place, code, here) for code, here in by_condition.items() if here), _row(place, None, found)]


def _row(place: Place, condition: str | None, found: list[_Unused]) -> IdleRow:
    return IdleRow(
        place=place,
        condition=condition,
        assets=len(found),
        value_fen=sum(each.about.value_fen for each in found),
        planned=sum(each.revival.state in {"open", "submitted"} for each in found),
        overdue=sum(each.overdue for each in found),
        overdue_value_fen=sum(each.about.value_fen for each in found if each.overdue),
    )


def _unused(scope: Scope, asset: AssetInUse, steps: list[Step], rule: Parameter | None) -> _Unused | None:
    """Return what is known of an asset that was last assessed as unused, None of any other."""
    assessed = [step for step in steps if step.step == _ASSESSED]
    if not assessed or assessed[-1].what not in UNUSED:
        return None
    in_use = [step.on for step in assessed if step.what in IN_USE]
    since = in_use[-1] if in_use else asset.registered_on
    condition, revival = assessed[-1].what, _revival(steps)
    if revival.state in {"open", "submitted"}:
        overdue = revival.deadline is not None and revival.deadline < scope.as_of
    else:
        long = rule is not None and months_after(since, int(rule.value)) <= scope.as_of
        overdue = long and condition == AssetCondition.IDLE
    days = days_between(since, scope.as_of)
    return _Unused(asset, condition, assessed[-1].on, since, days, revival, overdue)


def _revival(steps: list[Step]) -> _Revival:
    opened = next((step for step in reversed(steps) if step.step == "revival_opened"), None)
    if opened is None:
        return _Revival("", "none", "", None)
    state = [_STATE_AFTER[step.step] for step in steps if step.step in _STATE_AFTER and step.code == opened.code][-1]
    deadline = date.fromisoformat(opened.deadline) if opened.deadline else None
    return _Revival(opened.code, state, opened.unit, deadline)

"""The rights of an asset: each is held, held by nobody by nature, or unsettled until a day.

Source: assets.md 2 and 9. One decision sets the whole split of one right; which rights there are, the rules say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from ledger.codes import AssetClass, Right, ShareBasis
from ledger.domain.asset import Asset
from ledger.domain.command import Command, Day, Filled, Ident, Prose, coded
from ledger.domain.history import misplaced, not_before
from ledger.domain.holders import Holder, check_holders
from ledger.domain.quantification import check_meeting, check_quantified
from ledger.errors import RuleRefusedError
from ledger.events import Event, Holding, RightSet
from ledger.rules import RulePack
from ledger.rules.rights import NamedRight, find_right

__all__ = ["EndRight", "Rights", "SetRight", "copied_to", "decide_end", "decide_set", "ended", "evolve_rights"]

_CONTENT = ("status", "holdings", "basis", "due_on")
_SETTLED_BY_DISPUTE = (Right.OWNERSHIP, Right.DISPOSAL)


class SetRight(Command):
    """Set the whole split of one right of an asset, from ``on``.

    ``note`` keeps the figures that the shares rest on, ``body`` is the meeting that decided.
    """

    asset: Ident
    right: Filled
    status: Literal["held", "none", "unsettled"] = "held"
    holders: tuple[Holder, ...] = ()
    basis: Annotated[str, coded(ShareBasis)] = "agreed"
    due_on: Day | None = None
    note: Prose = ""
    body: Literal["", "members", "representatives", "villagers", "unit", "council"] = ""


class EndRight(Command):
    """End a right that is held: nobody holds it from ``on``, or it is to be settled again by a day."""

    asset: Ident
    right: Filled
    due_on: Day | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """Every setting of the rights of one asset, by the day it takes effect."""

    settings: tuple[RightSet, ...] = ()

    @property
    def since(self) -> dict[str, date]:
        """Return for each right the day of its latest setting."""
        return {each.right: each.effective_on for each in self.settings}

    @property
    def latest(self) -> dict[str, RightSet]:
        """Return the latest setting of each right."""
        return {each.right: each for each in self.settings}

    @property
    def owners(self) -> tuple[Holding, ...]:
        """Return the owners; those of the end, where the asset has ended."""
        held = [each for each in self.settings if each.right == Right.OWNERSHIP and each.status == "held"]
        return held[-1].holdings if held else ()

    def at(self, right: str, day: date) -> RightSet | None:
        """Return the setting of the right that is in effect on the day, or None."""
        begun = [each for each in self.settings if each.right == right and each.effective_on <= day]
        return begun[-1] if begun else None


def evolve_rights(state: Rights, event: Event) -> Rights:
    """Return the state after one more event."""
    if not isinstance(event, RightSet):
        raise misplaced(event)
    return Rights(tuple(sorted((*state.settings, event), key=lambda each: each.effective_on)))


def decide_set(asset: Asset, state: Rights, command: SetRight, rules: RulePack) -> list[Event]:
    """Set a right: whole when held, with a reason when nobody holds it, with a due date while unsettled.

    Ownership is first set by confirmation and changes only afterwards. Each supervisor supervises the whole asset, so
    for supervision every share is 1 and they do not add up. Other rights stay as they are: a lease survives a change
    of owner (民法典 §725).

    Raises:
        NotFoundError: unknown asset.
        RuleRefusedError: ended asset, ownership before confirmation or in dispute, a status without what it needs,
            income shares of households that the rules forbid, or a second setting of one day without a reason.
        ValueRefusedError: an unknown right, or shares that do not sum to exactly 1.
    """
    asset.must_have("identified", command.asset, "登记权利")
    right = find_right(command.right, rules, asset.area, command.on)
    if right.code == Right.OWNERSHIP:
        asset.must_have("confirmed", command.asset, "变更所有权")
    if right.code in _SETTLED_BY_DISPUTE:
        asset.must_be_undisputed(f"变更{right.zh}")
    holdings = _holdings(asset, right, command)
    if right.code == Right.INCOME:
        check_quantified(asset, holdings, command, rules)
        check_meeting(asset, state.owners, holdings, command, command.body)
    if right.code == Right.OPERATION:
        _check_household(asset, holdings, state.owners or asset.owners, command)
    event = RightSet(
        effective_on=command.on,
        document=command.document,
        reason=command.reason,
        **asset.dimensions(),
        right=right.code,
        status=command.status,
        holdings=holdings,
        basis=ShareBasis(command.basis) if holdings else None,
        due_on=command.due_on,
        note=command.note,
        body=command.body,
    )
    _check_days(asset, state, right, event)
    return [event]


def decide_end(asset: Asset, state: Rights, command: EndRight, rules: RulePack) -> list[Event]:
    """End a right that is held.

    Raises:
        NotFoundError: unknown asset.
        RuleRefusedError: nobody holds the right, no reason, or as ``decide_set``.
        ValueRefusedError: an unknown right.
    """
    asset.must_have("identified", command.asset, "登记权利")
    right = find_right(command.right, rules, asset.area, command.on)
    latest = state.latest.get(right.code)
    if latest is None or latest.status != "held":
        raise RuleRefusedError(
            "right.not_held",
            f"资产“{command.asset}”的{right.zh}现在无人持有,不能终止",
            hint=f"用 xianjie right history {command.asset} --right {right.zh} 查看",
        )
    ending = SetRight(
        **command.model_dump(exclude={"right"}), right=right.code, status="unsettled" if command.due_on else "none"
    )
    return decide_set(asset, state, ending, rules)


def ended(place: Mapping[str, Any], state: Rights, common: Mapping[str, Any], link: str, note: str) -> list[Event]:
    """Return the end of every right of the asset that is held or unsettled, linked with what ended it."""
    return [
        RightSet(**common, **place, right=right, status="none", note=note, confirmation_id=link)
        for right, setting in state.latest.items()
        if setting.status != "none"
    ]


def copied_to(place: Mapping[str, Any], state: Rights, common: Mapping[str, Any], link: str, note: str) -> list[Event]:
    """Return the same rights for another asset, linked with what gave it birth."""
    return [
        RightSet(
            **common,
            **place,
            right=right,
            **{name: getattr(setting, name) for name in _CONTENT},
            note=note,
            confirmation_id=link,
        )
        for right, setting in state.latest.items()
    ]


def _check_household(asset: Asset, holdings: Sequence[Holding], owners: Sequence[Holding], command: SetRight) -> None:
    if asset.asset_class != AssetClass.HOUSEHOLD or command.reason:
        return
    others = {each.holder for each in holdings} - {each.holder for each in owners}
    if others:
        raise RuleRefusedError(
            "right.household_operator",
            f"到户类资产“{asset.asset}”归农户所有并自用,经营者却写作“{'、'.join(sorted(others))}”",
            hint="请核对资产编号和类别;农户委托他人经营的,用 --reason 说明",
            rule="RF37 状态矛盾:到户类资产有经营者;出处 assets.md 7",
        )


def _check_days(asset: Asset, state: Rights, right: NamedRight, event: RightSet) -> None:
    day, reason = event.effective_on, event.reason
    latest = state.latest.get(right.code)
    not_before(day, asset.reached["identified"], what=right.zh, cause="资产登记", reason=reason)
    if latest is None:
        return
    not_before(day, latest.effective_on, what=right.zh, cause=f"该资产{right.zh}现行安排的起始", reason=reason)
    differs = any(getattr(event, name) != getattr(latest, name) for name in _CONTENT)
    if day == latest.effective_on and latest.status != "unsettled" and differs and not reason:
        raise RuleRefusedError(
            "right.same_day",
            f"资产“{asset.asset}”的{right.zh}自 {day} 起已有安排,同一天又有不同的一项",
            hint="若上次记错,用 xianjie correct 更正;确须当日再定的,用 --reason 说明原因",
            rule="同一权利同一时间只有一种安排;出处 assets.md 9",
        )


def _holdings(asset: Asset, right: NamedRight, command: SetRight) -> tuple[Holding, ...]:
    if command.status == "held":
        if right.code == Right.SUPERVISION:
            return _supervisors(command.holders)
        known = Right(right.code) if right.code in set(Right) else right
        return check_holders(command.holders, known, asset.asset_class)
    if command.holders:
        raise RuleRefusedError(
            "right.holders_unexpected",
            f"{right.zh}既为“无”或“未明确”,就不能再写权利人",
            hint="请删去权利人,或改为“已明确”",
        )
    if not command.reason:
        raise RuleRefusedError(
            "right.reason_missing", f"{right.zh}为“无”或“未明确”时须说明原因", hint="请用 --reason 说明原因"
        )
    if right.code == Right.OWNERSHIP:
        raise RuleRefusedError(
            "right.no_owner",
            "确权后的资产不能没有所有权人,也不能未明确",
            hint="权属有争议的,用 xianjie asset object 登记异议;变更所有权用 xianjie asset transfer",
            rule="所有权在任何一天合计为一;出处 assets.md 9",
        )
    if command.status == "unsettled" and command.due_on is None:
        raise RuleRefusedError(
            "right.due_missing", f"{right.zh}未明确的,须写明应于何日前明确", hint="请用 --due 写明期限"
        )
    return ()


def _supervisors(holders: Sequence[Holder]) -> tuple[Holding, ...]:
    holdings = tuple(each.holding() for each in holders)
    if not holdings:
        raise RuleRefusedError("right.no_holder", "监督权没有写明权利人", hint="请写明监督单位")
    if any(each.numerator != each.denominator for each in holdings):
        raise RuleRefusedError(
            "right.supervision_share", "监督权不分份额:每个监督单位都监督整项资产", hint="监督权的份额一律写 1"
        )
    if len({each.holder for each in holdings}) < len(holdings):
        raise RuleRefusedError("right.holder_doubled", "监督权的同一权利人写了两次", hint="请删去重复的一行")
    return holdings

"""The five rights of an asset: each is held, held by nobody by nature, or unsettled until a day.

Source: assets.md 2 and 9. One decision sets the whole split of one right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Literal

from ledger.codes import Right, ShareBasis
from ledger.domain.asset import Asset
from ledger.domain.command import Command, Day, Ident, coded
from ledger.domain.history import misplaced, not_before
from ledger.domain.holders import Holder, check_holders
from ledger.errors import RuleRefusedError
from ledger.events import Event, Holding, RightSet

__all__ = ["Rights", "SetRight", "decide_set", "evolve_rights"]


class SetRight(Command):
    """Set the whole split of one right of an asset, from ``on``."""

    asset: Ident
    right: Annotated[str, coded(Right)]
    status: Literal["held", "none", "unsettled"] = "held"
    holders: tuple[Holder, ...] = ()
    basis: Annotated[str, coded(ShareBasis)] = "agreed"
    due_on: Day | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """The latest setting of each right of one asset: the day it took effect."""

    since: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))


def evolve_rights(state: Rights, event: Event) -> Rights:
    """Return the state after one more event."""
    if not isinstance(event, RightSet):
        raise misplaced(event)
    latest = max(event.effective_on, state.since.get(event.right, event.effective_on))
    return replace(state, since=MappingProxyType({**state.since, event.right: latest}))


def decide_set(asset: Asset, state: Rights, command: SetRight) -> list[Event]:
    """Set a right: whole when held, with a reason when nobody holds it, with a due date while unsettled.

    Ownership is first set by confirmation and changes only afterwards. Each supervisor supervises the whole asset, so
    for supervision every share is 1 and they do not add up.

    Raises:
        RuleRefusedError: unknown asset, ownership before confirmation, or a status without what it needs.
        ValueRefusedError: shares that do not sum to exactly 1.
    """
    asset.must_have("identified", command.asset, "登记权利")
    right = Right(command.right)
    if right is Right.OWNERSHIP:
        asset.must_have("confirmed", command.asset, "变更所有权")
    holdings = _holdings(asset, right, command)
    cause = f"该资产{right.zh}现行安排的起始"
    not_before(command.on, asset.reached["identified"], what=right.zh, cause="资产登记", reason=command.reason)
    not_before(command.on, state.since.get(command.right), what=right.zh, cause=cause, reason=command.reason)
    fields: dict[str, Any] = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    return [
        RightSet(
            **fields,
            **asset.dimensions(),
            right=command.right,
            status=command.status,
            holdings=holdings,
            basis=command.basis if holdings else None,
            due_on=command.due_on,
        )
    ]


def _holdings(asset: Asset, right: Right, command: SetRight) -> tuple[Holding, ...]:
    if command.status == "held":
        if right is Right.SUPERVISION:
            return _supervisors(command)
        return check_holders(command.holders, right, asset.asset_class)
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
    if right is Right.OWNERSHIP and command.status == "none":
        raise RuleRefusedError("right.no_owner", "资产不能没有所有权人", hint="尚未明确的,登记为“未明确”并写明期限")
    if command.status == "unsettled" and command.due_on is None:
        raise RuleRefusedError(
            "right.due_missing", f"{right.zh}未明确的,须写明应于何日前明确", hint="请用 --due 写明期限"
        )
    return ()


def _supervisors(command: SetRight) -> tuple[Holding, ...]:
    holdings = tuple(each.holding() for each in command.holders)
    if not holdings:
        raise RuleRefusedError("right.no_holder", "监督权没有写明权利人", hint="请写明监督单位")
    if any(each.numerator != each.denominator for each in holdings):
        raise RuleRefusedError(
            "right.supervision_share", "监督权不分份额:每个监督单位都监督整项资产", hint="监督权的份额一律写 1"
        )
    if len({each.holder for each in holdings}) < len(holdings):
        raise RuleRefusedError("right.holder_doubled", "监督权的同一权利人写了两次", hint="请删去重复的一行")
    return holdings

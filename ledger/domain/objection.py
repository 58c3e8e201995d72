"""Objections to the rights of an asset: filed while on notice or later, resolved by a named authority.

Source: assets.md 3.3 and 8 (an objection opens a dispute); 农村集体经济组织法 第五十六条.
"""

from __future__ import annotations

from typing import Literal

from ledger.domain.asset import Asset, asset_fields
from ledger.domain.command import Command, Filled, Ident
from ledger.domain.history import not_before
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import Event, ObjectionFiled, ObjectionResolved

__all__ = ["FileObjection", "ResolveObjection", "decide_file", "decide_resolve"]


class FileObjection(Command):
    """Somebody objects to the rights on notice or confirmed; names of persons stay outside the ledger."""

    asset: Ident
    objection: Ident
    content: Filled


class ResolveObjection(Command):
    """An authority upheld the objection, rejected it, or took note that it was withdrawn."""

    asset: Ident
    objection: Ident
    outcome: Literal["upheld", "rejected", "withdrawn"]
    authority: Filled


def decide_file(state: Asset, command: FileObjection) -> list[Event]:
    """File an objection: from now on the asset is in dispute.

    Raises:
        RuleRefusedError: nobody's rights were on notice or confirmed yet, or the id is taken.
    """
    if "confirmed" not in state.reached:
        state.must_have("noticed", command.asset, "登记异议")
    state.must_live(command.asset, "登记异议")
    if command.objection in state.filed:
        raise RuleRefusedError(
            "asset.objection_exists",
            f"资产“{command.asset}”已有编号为“{command.objection}”的异议",
            hint="请换一个异议编号",
        )
    earlier = state.reached.get("noticed", state.reached.get("confirmed"))
    not_before(command.on, earlier, what="异议", cause="公示", reason=command.reason)
    return [ObjectionFiled(**asset_fields(state, command), objection=command.objection, content=command.content)]


def decide_resolve(state: Asset, command: ResolveObjection) -> list[Event]:
    """Resolve an objection; one that is upheld asks for a new notice before the rights are confirmed.

    Raises:
        NotFoundError: no such objection.
        RuleRefusedError: resolved already.
    """
    state.must_live(command.asset, "处理异议")
    if command.objection not in state.filed:
        raise NotFoundError(
            "asset.objection_unknown",
            f"资产“{command.asset}”没有编号为“{command.objection}”的异议",
            hint="请核对异议编号,见 xianjie asset show",
        )
    if command.objection in state.resolved:
        raise RuleRefusedError(
            "asset.objection_resolved",
            f"资产“{command.asset}”的异议“{command.objection}”已登记处理结果",
            hint="若上次记错,用 xianjie correct 更正",
        )
    return [
        ObjectionResolved(
            **asset_fields(state, command),
            objection=command.objection,
            outcome=command.outcome,
            authority=command.authority,
        )
    ]

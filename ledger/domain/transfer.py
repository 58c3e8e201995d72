"""Decisions that move an asset: to another owner (划转, 转让), to where it now lies after a boundary changed.

Source: assets.md 3.4; 行政事业性国有资产管理条例 §22, 民法典 §301 and §305 (co-owners), RF31.
"""

from __future__ import annotations

from typing import Any, Literal

from ledger.areas import AreaList
from ledger.codes import Right
from ledger.domain.asset import Asset
from ledger.domain.command import AreaRef, Command, Filled, Ident, TownRef, VillageRef
from ledger.domain.history import not_before
from ledger.domain.holders import Holder, check_holders
from ledger.domain.places import check_place
from ledger.domain.right import Rights
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import AssetRelocated, Event, OwnershipTransferred, RightSet

__all__ = ["RelocateAsset", "TransferOwnership", "check_movable", "decide_relocate", "decide_transfer"]


class TransferOwnership(Command):
    """Hand the ownership from one to another; ``owners`` is the whole split afterwards."""

    asset: Ident
    way: Literal["allocated", "assigned", "bought_back", "ruled"]
    giver: Filled
    receiver: Filled
    owners: tuple[Holder, ...]


class RelocateAsset(Command):
    """Register the asset where it now lies."""

    asset: Ident
    area: AreaRef
    town: TownRef = ""
    village: VillageRef = ""


def check_movable(asset: Asset, command: Command, doing: str) -> None:
    """Refuse to change what is being disposed of, unless a reason is given. Raises RuleRefusedError."""
    if asset.change.pending and not command.reason:
        raise RuleRefusedError(
            "asset.disposal_pending",
            f"资产“{asset.asset}”正在处置(“{asset.change.pending}”),不能{doing}",
            hint="请先完成处置;已不再处置的,用 --reason 说明",
            rule="处置期间资产不变动;出处 assets.md 8",
        )


def decide_transfer(asset: Asset, rights: Rights, command: TransferOwnership, transfer_id: str) -> list[Event]:
    """Transfer the ownership and set its whole split in the same breath; every other right stays as it is.

    Raises:
        NotFoundError: unknown asset.
        RuleRefusedError: ended, unconfirmed or disputed asset, no order or agreement named, the same owners again, or
            a rule about holders; without a reason also several owners, or while it is being disposed of.
        ValueRefusedError: shares that do not sum to exactly 1.
    """
    asset.must_have("confirmed", command.asset, "变更所有权")
    asset.must_be_undisputed("变更所有权")
    check_movable(asset, command, "变更所有权")
    owners = check_holders(command.owners, Right.OWNERSHIP, asset.asset_class)
    if not command.document:
        raise RuleRefusedError(
            "transfer.no_document",
            f"变更资产“{command.asset}”的所有权没有写明依据文件",
            hint="请用 --doc 写明划转、转让或裁决的文号",
            rule="产权变更须有批准或协议;出处 行政事业性国有资产管理条例 第二十二条",
        )
    if owners == rights.owners:
        raise RuleRefusedError(
            "transfer.same_owners", f"资产“{command.asset}”的所有权人和份额没有变化", hint="请核对 --holder"
        )
    if len(rights.owners) > 1 and not command.reason:
        raise RuleRefusedError(
            "transfer.co_owned",
            f"资产“{command.asset}”由 {len(rights.owners)} 个权利人共有,变更所有权须有占份额三分之二以上的共有人同意",
            hint="请用 --reason 写明共有人的决议;只转让自己份额的,写明其他共有人放弃优先购买",
            rule="RF31 共有资产不得由一方变更;出处 民法典 第三百零一条、第三百零五条",
        )
    common = _fields(asset, command)
    since = rights.since.get(Right.OWNERSHIP)
    not_before(command.on, since, what="变更所有权", cause="现所有权起始", reason=command.reason)
    return [
        OwnershipTransferred(
            **common,
            way=command.way,
            giver=command.giver,
            receiver=command.receiver,
            confirmation_id=transfer_id,
        ),
        RightSet(
            **common,
            right=Right.OWNERSHIP.value,
            status="held",
            holdings=owners,
            basis="agreed",
            confirmation_id=transfer_id,
        ),
    ]


def decide_relocate(asset: Asset, command: RelocateAsset, areas: AreaList) -> list[Event]:
    """Register the asset at another place that exists on the day.

    Raises:
        NotFoundError: unknown asset.
        ValueRefusedError: the place does not exist on the day, or is the present one.
        RuleRefusedError: ended asset, or another county that did not take over the old one and no reason.
    """
    asset.must_have("identified", command.asset, "变更属地")
    check_place(areas, command.on, command.area, command.town, command.village)
    if (asset.area, asset.town, asset.village) == (command.area, command.town, command.village):
        raise ValueRefusedError(
            "relocation.same_place",
            f"资产“{command.asset}”已登记在 {command.village or command.town or command.area}",
            hint="请核对区划代码",
        )
    if asset.area not in areas.lineage(command.area) and not command.reason:
        raise RuleRefusedError(
            "relocation.other_county",
            f"{areas.name(command.area)}({command.area})不是 {areas.name(asset.area)}({asset.area})的接续区划",
            hint="请核对区划代码;确因区划调整划入的,用 --reason 说明依据",
            rule="区划调整后由现所在地登记;出处 德办函〔2022〕10号(assets.md 3.4 [P22])",
        )
    not_before(command.on, asset.reached["identified"], what="属地变更", cause="资产登记", reason=command.reason)
    place = {
        "area": command.area,
        "town": command.town,
        "village": command.village,
        "former_area": asset.area,
        "former_town": asset.town,
        "former_village": asset.village,
    }
    return [AssetRelocated(**{**_fields(asset, command), **place})]


def _fields(asset: Asset, command: Command) -> dict[str, Any]:
    common = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    return {**common, **asset.dimensions()}

"""Decisions that make several assets of one, one of several, put money of one into another, and close the file.

Source: assets.md 3.4. Value and the money behind it are conserved to the fen: what one asset loses another gains, in
one batch. Rights go along: a part is born with the rights of the whole, what is merged loses its own.
"""

from __future__ import annotations

from typing import Any, Literal

from ledger.codes import AssetClass
from ledger.domain.asset import Asset
from ledger.domain.backing import share_of_sources
from ledger.domain.command import Command, Fen, Filled, Ident, Line
from ledger.domain.history import not_before
from ledger.domain.right import Rights, copied_to, ended
from ledger.domain.transfer import check_movable
from ledger.errors import RuleRefusedError
from ledger.events import (
    AssetClosed,
    AssetMergedFrom,
    AssetMergedInto,
    AssetReinvested,
    AssetSplit,
    AssetSplitOff,
    Event,
)
from ledger.money import format_yuan

__all__ = [
    "CloseAsset",
    "MergeAsset",
    "ReinvestAsset",
    "SplitAsset",
    "decide_close",
    "decide_merge",
    "decide_reinvest",
    "decide_split",
]

_MONEY = {"principal": "本金", "proceeds": "处置价款", "income": "收益"}


class SplitAsset(Command):
    """Make part of an asset an asset of its own."""

    asset: Ident
    part: Ident
    name: Filled
    value_fen: Fen
    quantity: Line = ""


class MergeAsset(Command):
    """Let an asset go up in another one."""

    asset: Ident
    whole: Ident


class ReinvestAsset(Command):
    """Record that principal, proceeds or income of an asset went into another one."""

    asset: Ident
    into: Ident
    amount_fen: Fen
    money: Literal["principal", "proceeds", "income"]


class CloseAsset(Command):
    """Close the file of a household asset, or of one that was disposed of."""

    asset: Ident
    why: Filled


def decide_split(asset: Asset, part: Asset, rights: Rights, command: SplitAsset, change_id: str) -> list[Event]:
    """Split an asset: the rest and the part are worth what the whole was; the part has the same place and rights.

    A part of an asset that is not confirmed has to be confirmed by itself.

    Raises:
        NotFoundError: unknown asset.
        RuleRefusedError: ended, disputed or provisional asset, a code that is taken, a part worth as much as the whole;
            without a reason also while it is being disposed of.
    """
    _must_be_whole(asset, command.asset, "拆分", command)
    if part.exists:
        raise RuleRefusedError("asset.exists", f"资产编号“{command.part}”已用于“{part.name}”", hint="请换一个资产编号")
    rest = asset.value_fen - command.value_fen
    if rest <= 0:
        raise RuleRefusedError(
            "split.too_much",
            f"资产“{command.asset}”原值 {format_yuan(asset.value_fen)} 元,不能拆出 {format_yuan(command.value_fen)} 元",
            hint="拆出的原值应小于全部原值;全部更名或换编号的不是拆分",
            rule="拆分前后原值相等;出处 assets.md 3.4",
        )
    sources = share_of_sources(asset, command.value_fen)
    common = {**_why(command), "change_id": change_id, "sources": sources}
    reached = tuple(asset.reached) if "confirmed" in asset.reached else ("identified",)
    place = asset.dimensions()
    born = {**place, "asset": command.part, "value_fen": command.value_fen}
    split_off = AssetSplitOff(
        **common, **born, name=command.name, quantity=command.quantity, parent=command.asset, reached=reached
    )
    taken_over = copied_to(born, rights, _why(command), change_id, f"自“{command.asset}”拆分")
    return [
        AssetSplit(**common, **{**place, "value_fen": rest}, part=command.part, change_fen=command.value_fen),
        split_off,
        *(taken_over if "confirmed" in asset.reached else ()),
    ]


def decide_merge(
    part: Asset, whole: Asset, rights: tuple[Rights, Rights], command: MergeAsset, change_id: str
) -> list[Event]:
    """Merge an asset into another one of the same class, form and owners.

    Raises:
        NotFoundError: one of the two is unknown.
        RuleRefusedError: ended, disputed or provisional, the same asset, another county, class, form or stage; without
            a reason also other owners, or while one is being disposed of.
    """
    _must_be_whole(part, command.asset, "合并", command)
    _must_be_whole(whole, command.whole, "合并", command)
    kinds = [(each.area, each.asset_class, each.asset_form, "confirmed" in each.reached) for each in (part, whole)]
    if command.asset == command.whole or kinds[0] != kinds[1]:
        raise RuleRefusedError(
            "merge.unlike",
            f"资产“{command.asset}”不能并入“{command.whole}”:两项应是同一县、同一类别和形态的不同资产,且同已确权或同未确权",
            hint="请核对资产编号;类别不同的先用 xianjie asset classify 调整",
            rule="合并前后类别和权属不变;出处 assets.md 3.4",
        )
    if rights[0].owners != rights[1].owners and not command.reason:
        raise RuleRefusedError(
            "merge.other_owners",
            f"资产“{command.asset}”与“{command.whole}”的所有权人或份额不同,合并即变更所有权",
            hint="请先用 xianjie asset transfer 变更所有权;已有决议的,用 --reason 说明",
            rule="RF31 共有资产不得由一方变更;出处 民法典 第三百零一条",
        )
    common = {**_why(command), "change_id": change_id, "sources": part.sources}
    together = {**whole.dimensions(), "value_fen": whole.value_fen + part.value_fen}
    return [
        AssetMergedInto(**common, **part.dimensions(), whole=command.whole),
        AssetMergedFrom(**common, **together, part=command.asset, change_fen=part.value_fen),
        *ended(part.dimensions(), rights[0], _why(command), change_id, f"并入“{command.whole}”"),
    ]


def decide_reinvest(asset: Asset, into: Asset, command: ReinvestAsset) -> list[Event]:
    """Record the lineage of money from one asset into another one (RF33).

    Raises:
        NotFoundError: one of the two is unknown.
        RuleRefusedError: the other one has ended or is the same, or more than its principal or its price.
    """
    asset.must_exist(command.asset)
    into.must_live(command.into, "接受再投资")
    done = asset.change.done
    price = done.disposed.price_fen if done is not None and done.disposed is not None else 0
    used = asset.change.reinvested_fen.get(command.money, 0)
    left = {"principal": asset.value_fen - used, "proceeds": price - used}.get(command.money, command.amount_fen)
    if command.asset == command.into or command.amount_fen > left:
        raise RuleRefusedError(
            "reinvestment.no_parent",
            f"资产“{command.asset}”的{_MONEY[command.money]}已再投资 {format_yuan(used)} 元,还可再投资 "
            f"{format_yuan(left)} 元,不能有 {format_yuan(command.amount_fen)} 元投入“{command.into}”",
            hint="请核对资产编号、金额和 --money(本金、处置价款或收益)",
            rule="RF33 再投资须有来源资产且不超过其资金;出处 埔府办〔2024〕20号(assets.md 3.4 [P23])",
        )
    not_before(command.on, asset.reached["identified"], what="再投资", cause="资产登记", reason=command.reason)
    return [
        AssetReinvested(
            **_why(command),
            **asset.dimensions(),
            into=command.into,
            amount_fen=command.amount_fen,
            money=command.money,
        )
    ]


def decide_close(asset: Asset, command: CloseAsset) -> list[Event]:
    """Close a file: of a household asset that was handed over, or of a disposed one whose price is booked.

    Raises:
        NotFoundError: unknown asset.
        RuleRefusedError: any other asset, or a price that is not booked in full and no reason.
    """
    asset.must_exist(command.asset)
    handed_over = asset.asset_class == AssetClass.HOUSEHOLD and "handed_over" in asset.reached
    if asset.life != "disposed" and not (asset.life == "live" and handed_over):
        raise RuleRefusedError(
            "asset.not_closable",
            f"资产“{command.asset}”不能销户:只有已移交的到户类资产和已处置的资产可以销户",
            hint="其他资产请先处置:xianjie disposal propose",
            rule="终结的次序;出处 assets.md 8",
        )
    done = asset.change.done
    if done is not None and done.disposed is not None and not command.reason:
        missing = done.disposed.price_fen - done.booked_fen
        if missing:
            raise RuleRefusedError(
                "asset.proceeds_missing",
                f"资产“{command.asset}”处置价款 {format_yuan(done.disposed.price_fen)} 元,"
                f"还有 {format_yuan(missing)} 元未入账",
                hint=f"请先用 xianjie disposal proceeds {command.asset} 登记;其余归其他所有权人的,用 --reason 说明",
                rule="RF24 处置价款须入账;出处 assets.md 4.6",
            )
    return [AssetClosed(**_why(command), **asset.dimensions(), why=command.why)]


def _must_be_whole(asset: Asset, code: str, doing: str, command: Command) -> None:
    asset.must_have("identified", code, doing)
    asset.must_be_undisputed(doing)
    check_movable(asset, command, doing)
    if asset.provisional:
        raise RuleRefusedError(
            "asset.provisional",
            f"资产“{code}”的原值 {format_yuan(asset.value_fen)} 元尚为暂估,不能{doing}",
            hint="请先用 xianjie asset finalise 登记决算后的原值",
            rule="决算后再拆分、合并,原值方可核对;出处 行政事业性国有资产管理条例 第三十一条",
        )
    latest = max(asset.reached.values())
    not_before(command.on, latest, what=doing, cause="已登记环节", reason=command.reason)


def _why(command: Command) -> dict[str, Any]:
    return {"effective_on": command.on, "document": command.document, "reason": command.reason}

"""From an asset to its owner: put on notice, confirmed, certified, handed over, booked.

A household asset may be confirmed without a notice (assets.md 8: the short path). While an objection is open nothing
that settles who owns the asset happens, unless an authority decides otherwise.

Source: assets.md 3.1-3.3 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from ledger.codes import AssetClass, AssetForm, HolderKind, NoticeChannel, Right, ShareBasis
from ledger.dates import days_between
from ledger.domain.asset import Asset, asset_fields
from ledger.domain.command import Command, Day, Filled, Ident, Line, Prose, coded
from ledger.domain.history import not_before
from ledger.domain.holders import COLLECTIVES, Holder, check_holders
from ledger.domain.sharing import share_out
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import (
    AssetBooked,
    AssetCertified,
    AssetConfirmed,
    AssetHandedOver,
    Event,
    Holding,
    OwnershipNoticed,
    RightSet,
)
from ledger.rules import RulePack
from ledger.shares import check_whole

__all__ = [
    "BookAsset",
    "CertifyAsset",
    "ConfirmAsset",
    "HandOverAsset",
    "NoticeOwnership",
    "decide_book",
    "decide_certify",
    "decide_confirm",
    "decide_hand_over",
    "decide_notice",
]


class NoticeOwnership(Command):
    """Put the proposed owners on notice; their shares are given, or follow from a basis and its figures."""

    asset: Ident
    owners: tuple[Holder, ...]
    basis: Annotated[str, coded(ShareBasis)] | None = None
    inputs: tuple[Line, ...] = ()
    channel: Annotated[str, coded(NoticeChannel)] = "village_board"
    place: Line = ""
    from_on: Day
    to_on: Day


class ConfirmAsset(Command):
    """Confirm the rights; without owners, those that were on notice.

    ``authority`` is who decided that the rights are confirmed although an objection is open.
    """

    asset: Ident
    owners: tuple[Holder, ...] = ()
    authority: Line = ""


class CertifyAsset(Command):
    """Record the certificate."""

    asset: Ident
    certificate: Filled


class HandOverAsset(Command):
    """Hand the asset over: three parties, the papers that go with it, what is to be mended and what is still owed."""

    asset: Ident
    giver: Line = ""
    receiver: Line = ""
    supervisor: Line = ""
    documents: tuple[Line, ...] = ()
    defects: Prose = ""
    warranty_until: Day | None = None
    debts_fen: Annotated[int, Field(ge=0, le=10**15, strict=True)] = 0


class BookAsset(Command):
    """Book the asset in state or collective books."""

    asset: Ident
    books: Literal["state", "collective"]
    voucher: Filled


def decide_notice(state: Asset, command: NoticeOwnership, rules: RulePack) -> list[Event]:
    """Put the proposed owners on notice, for at least the days that the rules ask.

    Raises:
        RuleRefusedError: not identified, confirmed already, too short, or shares other than those that follow from the
            basis.
        ValueRefusedError: shares that do not make up the whole, or figures that do not fit the owners.
    """
    state.must_have("identified", command.asset, "公示")
    state.must_not_have("confirmed")
    holders, basis = share_out(command.owners, command.basis or "", command.inputs)
    owners = check_holders(holders, Right.OWNERSHIP, state.asset_class)
    _check_state_investor(state, owners, command)
    if command.to_on < command.from_on:
        raise ValueRefusedError(
            "notice.period", f"公示止期 {command.to_on} 早于起期 {command.from_on}", hint="请核对日期"
        )
    least = rules.parameter("ownership_notice_days", state.area, command.on)
    days = days_between(command.from_on, command.to_on) + 1
    if days < int(least.value):
        raise RuleRefusedError(
            "asset.notice_short",
            f"公示 {command.from_on} 至 {command.to_on} 共 {days} 天,少于 {least.value} 天",
            hint="请延长公示期",
            rule=f"{rules.pack} ownership_notice_days({least.source})",
        )
    not_before(command.from_on, state.reached["identified"], what="公示", cause="资产登记", reason=command.reason)
    return [
        OwnershipNoticed(
            **asset_fields(state, command),
            owners=owners,
            channel=command.channel,
            from_on=command.from_on,
            to_on=command.to_on,
            basis=basis,
            basis_inputs=command.inputs,
            place=command.place,
        )
    ]


def _check_state_investor(state: Asset, owners: Sequence[Holding], command: NoticeOwnership) -> None:
    invested = state.asset_form in {AssetForm.EQUITY, AssetForm.DEBT_CLAIM}
    if invested and not command.reason and any(each.kind == HolderKind.STATE_UNIT for each in owners):
        raise RuleRefusedError(
            "asset.state_invests",
            f"资产“{command.asset}”是{AssetForm(state.asset_form).zh},拟由国有单位所有:行政单位对外投资或出借须有法律依据",
            hint="请核对所有权人;确有法律依据的,用 --reason 写明",
            rule="RF35 行政单位不得以国有资产对外投资或设立营利性组织,法律另有规定的除外;"
            "出处 行政事业性国有资产管理条例 第十二条",
        )


def decide_confirm(state: Asset, command: ConfirmAsset, confirmation_id: str) -> list[Event]:
    """Confirm the rights after the notice has ended, and set the ownership in the same breath.

    Raises:
        RuleRefusedError: confirmed already; no notice (but for household assets), notice not ended, an objection
            upheld since, or one open without a decision by an authority.
        ValueRefusedError: shares that do not sum to exactly 1.
    """
    state.must_have("identified", command.asset, "确权")
    state.must_not_have("confirmed")
    if state.asset_class != AssetClass.HOUSEHOLD:
        state.must_have("noticed", command.asset, "确权")
    _check_notice_done(state, command)
    reason = _decided_despite_dispute(state, command)
    owners = check_holders(command.owners, Right.OWNERSHIP, state.asset_class) if command.owners else state.proposed
    if "noticed" in state.reached and owners != state.proposed and not command.reason:
        raise RuleRefusedError(
            "asset.owners_differ",
            f"资产“{command.asset}”确权的权利人或份额与公示的不同",
            hint="请按公示内容确权;公示后确有变动的,重新公示,或用 --reason 说明依据",
        )
    if not owners:
        raise RuleRefusedError(
            "right.no_holder", f"资产“{command.asset}”没有公示,确权须写明权利人", hint="请用 --holder 写明权利人和份额"
        )
    check_whole([Fraction(each.numerator, each.denominator) for each in owners], "所有权")
    basis = state.basis if owners == state.proposed and state.basis else "agreed"
    fields = asset_fields(state, command, reason=reason, confirmation_id=confirmation_id)
    return [
        AssetConfirmed(**fields, owners=owners),
        RightSet(**fields, right="ownership", status="held", holdings=owners, basis=basis),
    ]


def decide_certify(state: Asset, command: CertifyAsset) -> list[Event]:
    """Record a certificate for a confirmed asset.

    Raises:
        RuleRefusedError: not confirmed, certified already, in dispute; or, without a reason, an objection was upheld.
    """
    state.must_have("confirmed", command.asset, "颁证")
    state.must_not_have("certified")
    state.must_be_undisputed("颁证")
    if not command.reason:
        _must_not_be_upheld(state, "颁证")
    not_before(command.on, state.reached["confirmed"], what="颁证", cause="确权", reason=command.reason)
    return [AssetCertified(**asset_fields(state, command), certificate=command.certificate)]


def decide_hand_over(state: Asset, command: HandOverAsset) -> list[Event]:
    """Hand over a confirmed asset: three parties, and the giver is not the receiver.

    A collective that built the asset itself keeps it: then a reason stands for the second party.

    Raises:
        RuleRefusedError: not confirmed, handed over already, or one of the three parties missing or doubled.
    """
    state.must_have("confirmed", command.asset, "移交")
    state.must_not_have("handed_over")
    parties = {"移交单位": command.giver, "接收单位": command.receiver, "监交单位": command.supervisor}
    missing = [name for name, unit in parties.items() if not unit]
    if missing:
        raise RuleRefusedError(
            "asset.party_missing",
            f"资产“{command.asset}”移交缺少{'、'.join(missing)}",
            hint="移交须有移交单位、接收单位、监交单位三方",
            rule="三方移交(assets.md 3.2)",
        )
    kept = command.giver == command.receiver and command.reason and _is_collective(state)
    if len(set(parties.values())) < len(parties) - bool(kept):
        raise RuleRefusedError(
            "asset.party_doubled",
            "移交单位、接收单位、监交单位不能是同一单位",
            hint="请核对三方单位名称;村集体自建自管的资产,移交与接收可为同一单位,用 --reason 说明",
            rule="三方移交,自建的集体资产凭接收单即可(assets.md 3.2、8)",
        )
    not_before(command.on, state.reached["confirmed"], what="移交", cause="确权", reason=command.reason)
    return [
        AssetHandedOver(
            **asset_fields(state, command),
            **command.model_dump(exclude={"on", "document", "reason", "asset"}),
        )
    ]


def decide_book(state: Asset, command: BookAsset) -> list[Event]:
    """Book an asset that was handed over.

    Raises:
        RuleRefusedError: not handed over, or booked already.
    """
    state.must_have("handed_over", command.asset, "入账")
    state.must_not_have("booked")
    not_before(command.on, state.reached["handed_over"], what="入账", cause="移交", reason=command.reason)
    return [AssetBooked(**asset_fields(state, command), books=command.books, voucher=command.voucher)]


def _check_notice_done(state: Asset, command: ConfirmAsset) -> None:
    if state.notice_ends_on is not None and command.on <= state.notice_ends_on:
        raise RuleRefusedError(
            "asset.notice_running",
            f"资产“{command.asset}”的公示到 {state.notice_ends_on} 才结束,不能在 {command.on} 确权",
            hint="请在公示期满后确权",
            rule="公示期满无异议方可确权",
        )
    _must_not_be_upheld(state, "确权")


def _must_not_be_upheld(state: Asset, doing: str) -> None:
    if state.upheld:
        raise RuleRefusedError(
            "asset.objection_upheld",
            f"资产“{state.asset}”公示或确权的内容有异议成立,不能据此{doing}",
            hint="请先按异议处理结果用 xianjie asset notice 重新公示;已确权的,先用 xianjie correct 冲销确权",
            rule="异议成立的须重新公示;出处 assets.md 3.3、8",
        )


def _decided_despite_dispute(state: Asset, command: ConfirmAsset) -> str:
    """Return the reason to record: where an authority decided in a dispute, it begins with that authority."""
    if not state.disputed:
        return command.reason
    if not command.authority or not command.reason:
        state.must_be_undisputed("确权")
    return f"经{command.authority}决定,异议 {'、'.join(sorted(state.objections))} 未结时确权:{command.reason}"


def _is_collective(state: Asset) -> bool:
    return all(each.kind in COLLECTIVES for each in state.owners)

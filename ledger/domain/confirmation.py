"""Decisions on an asset: identified, put on notice, confirmed, certified, handed over, booked.

Source: assets.md 3.1 and 8.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from ledger.codes import AssetClass, AssetForm, NoticeChannel, Right
from ledger.dates import days_between
from ledger.domain.asset import Asset
from ledger.domain.command import Command, Day, Fen, Filled, Flag, Ident, Line, coded
from ledger.domain.history import not_before
from ledger.domain.holders import Holder, check_holders
from ledger.domain.project import Project
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import (
    AssetBooked,
    AssetCertified,
    AssetConfirmed,
    AssetHandedOver,
    AssetIdentified,
    Event,
    OwnershipNoticed,
    ProjectFormedAsset,
    RightSet,
)
from ledger.rules import RulePack
from ledger.shares import check_whole

__all__ = [
    "BookAsset",
    "CertifyAsset",
    "ConfirmAsset",
    "HandOverAsset",
    "IdentifyAsset",
    "NoticeOwnership",
    "decide_book",
    "decide_certify",
    "decide_confirm",
    "decide_hand_over",
    "decide_identify",
    "decide_notice",
]


class IdentifyAsset(Command):
    """Record that an accepted project formed an asset."""

    asset: Ident
    project: Ident
    name: Filled
    asset_class: Annotated[str, coded(AssetClass)]
    asset_form: Annotated[str, coded(AssetForm)] = "fixed"
    value_fen: Fen
    quantity: Line = ""
    provisional: Flag = False


class NoticeOwnership(Command):
    """Put the proposed owners on notice."""

    asset: Ident
    owners: tuple[Holder, ...]
    channel: Annotated[str, coded(NoticeChannel)] = "village_board"
    from_on: Day
    to_on: Day


class ConfirmAsset(Command):
    """Confirm the rights; without owners, those that were on notice."""

    asset: Ident
    owners: tuple[Holder, ...] = ()


class CertifyAsset(Command):
    """Record the certificate."""

    asset: Ident
    certificate: Filled


class HandOverAsset(Command):
    """Hand the asset over: giver, receiver and supervisor of the hand-over."""

    asset: Ident
    giver: Line = ""
    receiver: Line = ""
    supervisor: Line = ""


class BookAsset(Command):
    """Book the asset in state or collective books."""

    asset: Ident
    books: Literal["state", "collective"]
    voucher: Filled


def decide_identify(
    state: Asset, project: Project, command: IdentifyAsset, rules: RulePack, formation_id: str
) -> list[Event]:
    """Identify an asset of an accepted project whose type forms assets: one half for the asset, one for the project.

    Raises:
        RuleRefusedError: the code is taken, the project is not accepted, or its type forms no asset and no reason
            is given.
    """
    project.must_exist(command.project)
    if state.exists:
        raise RuleRefusedError(
            "asset.exists", f"资产编号“{command.asset}”已用于“{state.name}”", hint="请换一个资产编号"
        )
    if "accepted" not in project.reached:
        raise RuleRefusedError(
            "asset.not_accepted", f"项目“{command.project}”尚未验收,不能登记其形成的资产", hint="请先登记验收"
        )
    kind = rules.project_type(project.project_type, command.on)
    if kind is not None and not kind.forms_asset and not command.reason:
        raise RuleRefusedError(
            "asset.type_forms_none",
            f"“{kind.name}”类项目一般不形成资产",
            hint="确已形成资产的,请用 --reason 说明",
            rule=f"{rules.pack} {rules.version}",
        )
    not_before(command.on, project.reached["accepted"], what="资产登记", cause="验收", reason=command.reason)
    place = project.dimensions()
    formed = ProjectFormedAsset(
        **_common(command),
        **place,
        asset=command.asset,
        value_fen=command.value_fen,
        formation_id=formation_id,
    )
    return [
        AssetIdentified(
            **_common(command),
            asset=command.asset,
            project=command.project,
            area=place["area"],
            town=place["town"],
            village=place["village"],
            project_year=place["project_year"],
            asset_class=command.asset_class,
            asset_form=command.asset_form,
            value_fen=command.value_fen,
            name=command.name,
            quantity=command.quantity,
            provisional=command.provisional,
            formation_id=formation_id,
        ),
        formed,
    ]


def decide_notice(state: Asset, command: NoticeOwnership, rules: RulePack) -> list[Event]:
    """Put the proposed owners on notice, for at least the days that the rules ask.

    Raises:
        RuleRefusedError: not identified, confirmed already, too short, or shares that do not make up the whole.
    """
    state.must_have("identified", command.asset, "公示")
    state.must_not_have("confirmed")
    owners = check_holders(command.owners, Right.OWNERSHIP, state.asset_class)
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
            **_common(command),
            **state.dimensions(),
            owners=owners,
            channel=command.channel,
            from_on=command.from_on,
            to_on=command.to_on,
        )
    ]


def decide_confirm(state: Asset, command: ConfirmAsset, confirmation_id: str) -> list[Event]:
    """Confirm the rights after the notice has ended, and set the ownership in the same breath.

    Raises:
        RuleRefusedError: no notice, notice not ended, confirmed already, or shares that do not sum to exactly 1.
    """
    state.must_have("identified", command.asset, "确权")
    state.must_not_have("confirmed")
    state.must_have("noticed", command.asset, "确权")
    if state.notice_ends_on is not None and command.on <= state.notice_ends_on:
        raise RuleRefusedError(
            "asset.notice_running",
            f"资产“{command.asset}”的公示到 {state.notice_ends_on} 才结束,不能在 {command.on} 确权",
            hint="请在公示期满后确权",
            rule="公示期满无异议方可确权",
        )
    owners = check_holders(command.owners, Right.OWNERSHIP, state.asset_class) if command.owners else state.proposed
    if owners != state.proposed and not command.reason:
        raise RuleRefusedError(
            "asset.owners_differ",
            f"资产“{command.asset}”确权的权利人或份额与公示的不同",
            hint="请按公示内容确权;公示后确有变动的,重新公示,或用 --reason 说明依据",
        )
    check_whole([Fraction(each.numerator, each.denominator) for each in owners], "所有权")
    link: dict[str, Any] = {"confirmation_id": confirmation_id}
    return [
        AssetConfirmed(**_common(command), **state.dimensions(), **link, owners=owners),
        RightSet(
            **_common(command),
            **state.dimensions(),
            **link,
            right="ownership",
            status="held",
            holdings=owners,
            basis="agreed",
        ),
    ]


def decide_certify(state: Asset, command: CertifyAsset) -> list[Event]:
    """Record a certificate for a confirmed asset.

    Raises:
        RuleRefusedError: not confirmed, or certified already.
    """
    state.must_have("confirmed", command.asset, "颁证")
    state.must_not_have("certified")
    not_before(command.on, state.reached["confirmed"], what="颁证", cause="确权", reason=command.reason)
    return [AssetCertified(**_common(command), **state.dimensions(), certificate=command.certificate)]


def decide_hand_over(state: Asset, command: HandOverAsset) -> list[Event]:
    """Hand over a confirmed asset: three parties, and the giver is not the receiver.

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
    if len(set(parties.values())) < len(parties):
        raise RuleRefusedError(
            "asset.party_doubled", "移交单位、接收单位、监交单位不能是同一单位", hint="请核对三方单位名称"
        )
    not_before(command.on, state.reached["confirmed"], what="移交", cause="确权", reason=command.reason)
    return [
        AssetHandedOver(
            **_common(command),
            **state.dimensions(),
            giver=command.giver,
            receiver=command.receiver,
            supervisor=command.supervisor,
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
    return [AssetBooked(**_common(command), **state.dimensions(), books=command.books, voucher=command.voucher)]


def _common(command: Command) -> dict[str, Any]:
    return {"effective_on": command.on, "document": command.document, "reason": command.reason}

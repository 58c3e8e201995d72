"""Decisions on the disposal of an asset: proposed, voted, appraised, approved, and carried out.

Source: assets.md 4.6, RF22 to RF25; 行政事业性国有资产管理条例 §36. Who must agree is in ``ledger.domain.consent``,
where the price goes in ``ledger.domain.proceeds``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from ledger.codes import DisposalReason, DisposalWay, HolderKind, name_of
from ledger.dates import days_between
from ledger.domain.asset import Asset
from ledger.domain.asset_change import Disposal
from ledger.domain.caps import number, source_of
from ledger.domain.command import Amount, Command, Day, Filled, Flag, Ident, coded
from ledger.domain.consent import chain_of, check_consent, check_vote, voting_owner
from ledger.domain.history import not_before
from ledger.domain.right import Rights, ended
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import AssetDisposed, DisposalAppraised, DisposalApproved, DisposalProposed, DisposalVoted, Event
from ledger.money import format_yuan
from ledger.rules import RulePack

__all__ = [
    "AppraiseDisposal",
    "ApproveDisposal",
    "DisposeAsset",
    "ProposeDisposal",
    "VoteDisposal",
    "decide_appraise",
    "decide_approve",
    "decide_dispose",
    "decide_propose",
    "decide_vote",
]

People = Annotated[int, Field(ge=0, le=10**7, strict=True)]
Days = Annotated[int, Field(ge=0, le=3650, strict=True)]


class ProposeDisposal(Command):
    """Propose to dispose of an asset: why, and by which way."""

    asset: Ident
    disposal: Ident
    why: Annotated[str, coded(DisposalReason)]
    way: Annotated[str, coded(DisposalWay)]


class VoteDisposal(Command):
    """Record how a body of an owner voted; ``owner`` is needed where there are several."""

    asset: Ident
    owner: Ident | None = None
    body: Literal["members", "representatives", "villagers", "unit"]
    members: People
    present: People
    in_favour: People
    notice_days: Days = 0
    party_first: Flag = False


class AppraiseDisposal(Command):
    """Record what the asset was appraised at, and when the result was public."""

    asset: Ident
    appraised_fen: Amount
    appraiser: Filled
    from_on: Day | None = None
    to_on: Day | None = None


class ApproveDisposal(Command):
    """Record the approval of the next authority of the chain."""

    asset: Ident
    authority: Filled
    notice_days: Days = 0


class DisposeAsset(Command):
    """Carry the disposal out, at a price or for nothing."""

    asset: Ident
    price_fen: Amount = 0
    buyer_kind: Annotated[str, coded(HolderKind)] | None = None


def decide_propose(asset: Asset, command: ProposeDisposal) -> list[Event]:
    """Propose a disposal of a confirmed asset.

    Raises:
        NotFoundError: unknown asset.
        RuleRefusedError: ended, unconfirmed or disputed asset, a code used before, another proposal open and no reason.
    """
    asset.must_have("confirmed", command.asset, "处置")
    asset.must_be_undisputed("处置")
    pending = asset.change.pending
    if command.disposal in asset.change.disposals or (pending and not command.reason):
        raise RuleRefusedError(
            "disposal.open",
            f"资产“{command.asset}”已有处置“{pending}”在办理中",
            hint="请继续办理;原处置作罢、另行提出的,换一个编号并用 --reason 说明",
        )
    not_before(command.on, asset.reached["confirmed"], what="提出处置", cause="确权", reason=command.reason)
    fields = _fields(asset, command, command.disposal)
    return [DisposalProposed(**fields, why=command.why, way=command.way)]


def decide_vote(asset: Asset, rights: Rights, command: VoteDisposal, rules: RulePack) -> list[Event]:
    """Record a vote; one that did not carry only with a reason, and then it does not count.

    Raises:
        NotFoundError: unknown asset, or nothing proposed.
        RuleRefusedError: ended or disputed asset, or a vote as ``check_vote`` refuses it.
        ValueRefusedError: figures that contradict each other.
    """
    pending = _pending(asset, command)
    owner = voting_owner(asset, rights.owners, command.owner or "")
    counted = command.model_dump(include={"body", "members", "present", "in_favour", "notice_days", "party_first"})
    fields = _fields(asset, command, pending.disposal)
    vote = DisposalVoted(**fields, **counted, owner=owner.holder)
    check_vote(vote, owner, rules)
    not_before(command.on, pending.proposed_on, what="表决", cause="提出处置", reason=command.reason)
    return [vote]


def decide_appraise(asset: Asset, command: AppraiseDisposal, rules: RulePack) -> list[Event]:
    """Record the appraisal, public for the days that the rules ask.

    Raises:
        NotFoundError: unknown asset, or nothing proposed.
        RuleRefusedError: ended or disputed asset; without a reason also a result that was public too shortly.
        ValueRefusedError: a period that ends before it begins, or half of one.
    """
    pending = _pending(asset, command)
    if (command.from_on is None) != (command.to_on is None):
        raise ValueRefusedError("notice.period", "公示只写了起止日期中的一个", hint="请同时写明 --from 和 --to")
    shown = 0
    if command.from_on is not None and command.to_on is not None:
        shown = days_between(command.from_on, command.to_on) + 1
        if shown < 1:
            raise ValueRefusedError(
                "notice.period", f"公示止期 {command.to_on} 早于起期 {command.from_on}", hint="请核对日期"
            )
    least = rules.find("appraisal_notice_days", asset.area, command.on)
    if least is not None and shown < number(least) and not command.reason:
        raise RuleRefusedError(
            "disposal.appraisal_notice",
            f"评估结果公示 {shown} 天,少于 {least.value} 天",
            hint="请用 --from、--to 写明公示起止日期并足期公示,或用 --reason 说明原因",
            rule=source_of("RF23 评估结果须公示", least),
        )
    not_before(command.on, pending.proposed_on, what="评估", cause="提出处置", reason=command.reason)
    stated = command.model_dump(include={"appraised_fen", "appraiser", "from_on", "to_on"})
    fields = _fields(asset, command, pending.disposal)
    return [DisposalAppraised(**fields, **stated)]


def decide_approve(asset: Asset, rights: Rights, command: ApproveDisposal, rules: RulePack) -> list[Event]:
    """Record the approval of the next authority, once the owners agreed and the asset is appraised.

    Raises:
        NotFoundError: unknown asset, or nothing proposed.
        RuleRefusedError: ended or disputed asset, no vote, no appraisal, the chain complete already; without a reason
            also too short a notice.
    """
    pending = _pending(asset, command)
    check_consent(asset, rights.owners, pending, rules)
    _check_appraised(asset, pending, command, rules)
    chain = chain_of(asset, command, rules)
    step = len(pending.approvals) + 1
    if step > len(chain):
        raise RuleRefusedError(
            "disposal.chain_done",
            f"资产“{command.asset}”的处置只须 {len(chain)} 个审批环节,已全部登记",
            hint=f"请用 xianjie disposal carry-out {command.asset} 登记处置",
        )
    name, days = chain[step - 1]
    if command.notice_days < days and not command.reason:
        raise RuleRefusedError(
            "disposal.chain_notice",
            f"第 {step} 步“{name}”公示 {command.notice_days} 天,少于 {days} 天",
            hint="请核对 --notice-days;确有缘由的,用 --reason 说明",
            rule=_chain_rule(asset, command, rules),
        )
    before = [vote.effective_on for vote in pending.votes] + [each.effective_on for each in pending.approvals]
    not_before(command.on, max(before, default=None), what="审批", cause="上一环节", reason=command.reason)
    fields = _fields(asset, command, pending.disposal)
    return [DisposalApproved(**fields, step=step, authority=command.authority, notice_days=command.notice_days)]


def decide_dispose(asset: Asset, rights: Rights, command: DisposeAsset, rules: RulePack) -> list[Event]:
    """Carry out a disposal that went through every step; each right of the asset ends in the same breath.

    Raises:
        NotFoundError: unknown asset, or nothing proposed.
        RuleRefusedError: ended or disputed asset, a step missing (RF22, RF23, RF25); without a reason also while a
            notice runs, or below the appraisal.
    """
    pending = _pending(asset, command)
    check_consent(asset, rights.owners, pending, rules)
    _check_appraised(asset, pending, command, rules)
    missing = chain_of(asset, command, rules)[len(pending.approvals) :]
    if missing:
        raise RuleRefusedError(
            "disposal.not_approved",
            f"资产“{command.asset}”的处置“{pending.disposal}”还缺审批:{'、'.join(each.name for each in missing)}",
            hint=f"请先用 xianjie disposal approve {command.asset} 逐步登记",
            rule=_chain_rule(asset, command, rules),
        )
    if not command.reason:
        _check_notices_over(asset, pending, command)
        _check_price(asset, pending, command)
    last = max((each.effective_on for each in (*pending.votes, *pending.approvals)), default=pending.proposed_on)
    not_before(command.on, last, what="处置", cause="上一环节", reason=command.reason)
    done = AssetDisposed(
        **_fields(asset, command, pending.disposal),
        way=pending.way,
        price_fen=command.price_fen,
        buyer_kind=command.buyer_kind or "",
    )
    why = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    return [done, *ended(asset.dimensions(), rights, why, done.link, f"处置“{pending.disposal}”")]


def _pending(asset: Asset, command: VoteDisposal | AppraiseDisposal | ApproveDisposal | DisposeAsset) -> Disposal:
    asset.must_have("confirmed", command.asset, "处置")
    asset.must_be_undisputed("处置")
    if not asset.change.pending:
        raise NotFoundError(
            "disposal.unknown",
            f"资产“{command.asset}”没有提出过处置",
            hint=f"请先用 xianjie disposal propose {command.asset} 提出",
        )
    return asset.change.disposals[asset.change.pending]


def _check_appraised(asset: Asset, pending: Disposal, command: Command, rules: RulePack) -> None:
    ways = rules.find("disposal_appraised_ways", asset.area, command.on)
    if pending.appraisal is None and ways is not None and pending.way in str(ways.value).split(";"):
        raise RuleRefusedError(
            "disposal.not_appraised",
            f"资产“{asset.asset}”以{name_of(DisposalWay, pending.way)}方式处置,尚未评估",
            hint=f"请先用 xianjie disposal appraise {asset.asset} 登记评估",
            rule=f"RF23 转让、拍卖、置换须先评估;出处 {ways.source}",
        )


def _check_notices_over(asset: Asset, pending: Disposal, command: DisposeAsset) -> None:
    ends = [each.effective_on + timedelta(days=each.notice_days) for each in pending.approvals]
    if pending.appraisal is not None and pending.appraisal.to_on is not None:
        ends.append(pending.appraisal.to_on)
    if ends and command.on < max(ends):
        raise RuleRefusedError(
            "disposal.notice_running",
            f"资产“{asset.asset}”处置的公示到 {max(ends)} 才结束,不能在 {command.on} 处置",
            hint="请在公示期满后处置,或用 --reason 说明原因",
            rule="RF25 处置的每一步按次序、足期公示;出处 assets.md 4.6 [A19]",
        )


def _check_price(asset: Asset, pending: Disposal, command: DisposeAsset) -> None:
    if pending.appraisal is not None and command.price_fen < pending.appraisal.appraised_fen:
        raise RuleRefusedError(
            "disposal.below_appraisal",
            f"资产“{asset.asset}”作价 {format_yuan(command.price_fen)} 元,"
            f"低于评估的 {format_yuan(pending.appraisal.appraised_fen)} 元",
            hint="请核对价款;确须低于评估价的,用 --reason 说明依据",
            rule="RF23 不得低价处置;出处 行政事业性国有资产管理条例 第三十六条、第五十四条",
        )


def _chain_rule(asset: Asset, command: Command, rules: RulePack) -> str:
    stated = rules.parameter("disposal_chain_steps", asset.area, command.on)
    return f"RF25 处置的每一步按次序、足期公示;{stated.value};出处 {stated.source}"


def _fields(asset: Asset, command: Command, disposal: str) -> dict[str, Any]:
    common = {"effective_on": command.on, "document": command.document, "reason": command.reason}
    return {**common, **asset.dimensions(), "disposal": disposal}

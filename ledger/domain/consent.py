"""Who must agree before an asset goes: its owners' votes, and the authorities of the chain; as the rules say.

Source: assets.md 4.6, RF22 and RF25; 农村集体经济组织法 §26 to §28, 民法典 §301, 行政事业性国有资产管理条例 §19.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.characters import half_width
from ledger.codes import HolderKind
from ledger.domain.asset import Asset
from ledger.domain.asset_change import Disposal
from ledger.domain.caps import number, source_of
from ledger.domain.command import Command
from ledger.domain.holders import COLLECTIVES
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import DisposalVoted, Holding
from ledger.rules import RulePack
from ledger.shares import format_share, parse_share

__all__ = ["ChainStep", "chain_of", "check_consent", "check_vote", "voting_owner"]

_STEP = re.compile(r"([^\s:;]{1,40}):([0-9]{1,3})")
_CO_OWNERS = Fraction(2, 3)
_RF22 = "RF22 处置须经表决"


class ChainStep(NamedTuple):
    """One authority of the chain of approval, and the days of notice that belong to its step."""

    name: str
    days: int


def voting_owner(asset: Asset, owners: Sequence[Holding], code: str) -> Holding:
    """Return the owner whose body votes: the one named, or the only one.

    Raises:
        RuleRefusedError: not an owner, or several owners and none named.
    """
    named = [each for each in owners if code in ("", each.holder)]
    if len(named) == 1:
        return named[0]
    raise RuleRefusedError(
        "disposal.which_owner",
        f"资产“{asset.asset}”的所有权人是 {'、'.join(each.holder for each in owners)},须写明是哪一个表决",
        hint="请用 --owner 写明所有权人编号",
        rule=f"{_RF22};出处 民法典 第三百零一条",
    )


def check_vote(vote: DisposalVoted, owner: Holding, rules: RulePack) -> None:
    """Refuse a vote whose figures contradict each other, or that does not carry and states no reason.

    Raises:
        ValueRefusedError: more present than members, or more in favour than present.
        RuleRefusedError: the wrong body; without a reason also too few in favour, too short a notice, or no
            discussion by the party organisation first.
    """
    if not vote.in_favour <= vote.present <= vote.members:
        raise ValueRefusedError(
            "disposal.vote_counts",
            f"应到 {vote.members} 人、实到 {vote.present} 人、同意 {vote.in_favour} 人,前后矛盾",
            hint="同意人数不多于实到,实到不多于应到",
        )
    by_members = owner.kind in COLLECTIVES
    if by_members == (vote.body == "unit"):
        wanted = "成员大会、成员代表大会或村民会议" if by_members else "本单位集体决策(unit)"
        raise RuleRefusedError(
            "disposal.wrong_body",
            f"所有权人“{owner.holder}”的处置应由{wanted}表决",
            hint="请核对 --body 和 --owner",
            rule=f"{_RF22};出处 农村集体经济组织法 第二十六条至第二十八条,行政事业性国有资产管理条例 第十九条",
        )
    if vote.reason:
        return
    if not _carries(vote, rules):
        least = _least(vote, rules)
        raise RuleRefusedError(
            "disposal.vote_failed",
            f"应到 {vote.members} 人,同意 {vote.in_favour} 人,不足 {least},表决未通过",
            hint="请核对人数;如实登记未通过的表决,用 --reason 说明",
            rule=source_of(_RF22, rules.parameter(_share_name(vote), vote.area, vote.effective_on)),
        )
    if by_members:
        _check_meeting(vote, rules)


def check_consent(asset: Asset, owners: Sequence[Holding], disposal: Disposal, rules: RulePack) -> None:
    """Refuse unless the owners who carried the vote hold two thirds of the asset; households decide for themselves.

    Raises:
        RuleRefusedError: the vote is missing, or was carried by too few.
    """
    if all(each.kind == HolderKind.HOUSEHOLD for each in owners):
        return
    carried = {vote.owner or owners[0].holder for vote in disposal.votes if _carries(vote, rules)}
    agreed = sum((Fraction(each.numerator, each.denominator) for each in owners if each.holder in carried), Fraction(0))
    if agreed < _CO_OWNERS:
        raise RuleRefusedError(
            "disposal.no_vote",
            f"资产“{asset.asset}”的处置“{disposal.disposal}”:表决同意的所有权人占 {format_share(agreed)},不足三分之二",
            hint=f"请先用 xianjie disposal vote {asset.asset} 登记表决",
            rule=f"{_RF22};出处 农村集体经济组织法 第二十六条至第二十八条,民法典 第三百零一条",
        )


def chain_of(asset: Asset, command: Command, rules: RulePack) -> tuple[ChainStep, ...]:
    """Return the authorities that must approve, in order; none where the rules do not name any.

    Raises:
        RuleRefusedError: the parameter cannot be read.
    """
    stated = rules.find("disposal_chain_steps", asset.area, command.on)
    if stated is None:
        return ()
    steps = [_STEP.fullmatch(part.strip()) for part in half_width(str(stated.value)).split(";")]
    if None in steps:
        raise RuleRefusedError(
            "rule.bad_chain",
            f"规则包“{rules.pack}”的参数 disposal_chain_steps 为“{stated.value}”,读不懂",
            hint="请写成 环节:公示天数,几个环节之间用分号隔开,如 镇党委会议:5;县级公示:5",
            rule=stated.source,
        )
    return tuple(ChainStep(each[1], int(each[2])) for each in steps if each is not None)


def _check_meeting(vote: DisposalVoted, rules: RulePack) -> None:
    least = rules.parameter("disposal_notice_days", vote.area, vote.effective_on)
    if vote.notice_days < number(least):
        raise RuleRefusedError(
            "disposal.notice_short",
            f"会议提前 {vote.notice_days} 天通知,少于 {least.value} 天",
            hint="请核对 --notice-days;章程另有规定的,用 --reason 说明",
            rule=source_of(_RF22, least),
        )
    if not vote.party_first:
        raise RuleRefusedError(
            "disposal.party_first",
            "提交表决前没有先经党组织讨论",
            hint="请加 --party-first;没有讨论的,用 --reason 说明原因",
            rule=f"{_RF22};出处 农村集体经济组织法 第二十八条",
        )


def _carries(vote: DisposalVoted, rules: RulePack) -> bool:
    return vote.members > 0 and Fraction(vote.in_favour, vote.members) >= _least(vote, rules)


def _least(vote: DisposalVoted, rules: RulePack) -> Fraction:
    return parse_share(str(rules.parameter(_share_name(vote), vote.area, vote.effective_on).value))


def _share_name(vote: DisposalVoted) -> str:
    return "disposal_vote_unit" if vote.body == "unit" else "disposal_vote_members"

"""Income rights put into shares of households (折股量化, 三变): which assets allow it, and how much one may hold.

Source: assets.md 2.2, RF29. 农村集体经济组织法 §40 names operating property; a province may allow more,
or cap what one member holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ledger.codes import AssetClass, HolderKind
from ledger.domain.asset import Asset
from ledger.domain.caps import number, source_of
from ledger.domain.command import Command
from ledger.domain.holders import COLLECTIVES
from ledger.errors import RuleRefusedError
from ledger.events import Holding
from ledger.rules import RulePack
from ledger.shares import format_share

__all__ = ["check_meeting", "check_quantified"]

_RF36 = "RF36 量化方案由成员大会决定,不得由成员代表大会代替;出处 农村集体经济组织法 第二十六条第(八)项、第二十八条"


def check_quantified(asset: Asset, holdings: Sequence[Holding], command: Command, rules: RulePack) -> None:
    """Refuse income shares of households in an asset that does not allow them, or above what one may hold.

    A household asset is the household's own and is not meant here.

    Raises:
        RuleRefusedError: not an operating asset and the province does not allow it, or one household above the cap.
    """
    members = [each for each in holdings if each.kind == HolderKind.HOUSEHOLD]
    if not members or asset.asset_class == AssetClass.HOUSEHOLD:
        return
    if asset.asset_class != AssetClass.OPERATING:
        _check_allowed(asset, command, rules)
    cap = rules.find("member_share_cap_percent", asset.area, command.on)
    if cap is None:
        return
    for each in members:
        share = Fraction(each.numerator, each.denominator)
        if share * 100 > number(cap):
            raise RuleRefusedError(
                "right.member_cap",
                f"“{each.holder}”的收益份额 {format_share(share)},超过每个成员最多 {cap.value}%",
                hint="请核对份额",
                rule=source_of("成员持股上限", cap),
            )


def check_meeting(
    asset: Asset, owners: Sequence[Holding], holdings: Sequence[Holding], command: Command, body: str
) -> None:
    """Refuse a plan to quantify a collective's income right that the members' meeting did not adopt.

    Where no collective organisation exists, the villagers' meeting decides in its place (§64). A reason lets a wrong or
    an unknown decision be recorded as it was.

    Raises:
        RuleRefusedError: another body decided, or none is named.
    """
    divided = any(each.kind == HolderKind.HOUSEHOLD for each in holdings)
    collective = any(each.kind in COLLECTIVES for each in owners)
    if not (divided and collective) or body in {"members", "villagers"} or command.reason:
        return
    raise RuleRefusedError(
        "right.wrong_meeting",
        f"资产“{asset.asset}”的收益权量化到户,"
        + ("由成员代表大会决定,不是成员大会" if body == "representatives" else "没有写明由成员大会决定"),
        hint="请用 --body members(成员大会)写明,没有集体经济组织的写 villagers(村民会议);"
        "确由其他机构决定的,用 --reason 说明",
        rule=_RF36,
    )


def _check_allowed(asset: Asset, command: Command, rules: RulePack) -> None:
    switch = rules.find("quantify_non_operating", asset.area, command.on)
    if switch is not None and number(switch) == 1:
        return
    law = "RF29 只有经营性资产的收益权可以量化到成员;出处 农村集体经济组织法 第四十条"
    raise RuleRefusedError(
        "right.not_quantifiable",
        f"资产“{asset.asset}”不是经营性资产,其收益权不得量化到户",
        hint="请改为村集体等享有收益权;确属经营性的,先更正资产类别:xianjie asset classify",
        rule=source_of(law, switch) if switch is not None else law,
    )

"""The yearly count (清查), its differences, and depreciation (折旧), which nobody posts unless the rules name a method.

Source: assets.md 4.5 [L1 §43][L3 §34, §37][L8 §9][L10 §16, §23].
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

from ledger.domain.asset import Asset
from ledger.domain.backing import share_of_change
from ledger.domain.caps import number, source_of
from ledger.domain.command import Amount, Command, Filled, Ident, Line, Year
from ledger.domain.history import not_before
from ledger.domain.upkeep import check_year
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import AssetCounted, DepreciationPosted, DifferenceApproved, Event
from ledger.money import apportion, format_yuan
from ledger.rules import RulePack

__all__ = [
    "ApproveDifference",
    "CountAsset",
    "PostDepreciation",
    "decide_approve_difference",
    "decide_count",
    "decide_depreciate",
]

_COUNT = "账实相符,差异经批准后入账;出处 农村集体经济组织法 §43 [L1]、行政事业性国有资产管理条例 §34 [L3]"
_OUTCOMES = {"matches": "相符", "missing": "缺失", "differs": "有差异"}
_STRAIGHT_LINE = "straight_line"


class CountAsset(Command):
    """Record what the count of a year found: it matches the books, is missing, or is more or less than they say."""

    asset: Ident
    year: Year
    outcome: Literal["matches", "missing", "differs"]
    gain_fen: Amount = 0
    loss_fen: Amount = 0
    note: Line = ""


class ApproveDifference(Command):
    """Enter the difference that a count found, by decision of an authority."""

    asset: Ident
    year: Year
    authority: Filled


class PostDepreciation(Command):
    """Post the depreciation of a year, as the rules compute it."""

    asset: Ident
    year: Year


def decide_count(state: Asset, command: CountAsset) -> list[Event]:
    """Record the outcome of a count; what is missing is missing with its whole value.

    Raises:
        NotFoundError: the asset is unknown.
        RuleRefusedError: the asset ended; counted for the year already and no reason, or its difference approved.
        ValueRefusedError: a difference where there is none, none where there is one, more than the value, or a year
            that has not begun.
    """
    state.must_live(command.asset, "登记清查")
    check_year(state, command.year, command.on, "清查")
    earlier = state.care.counts.get(command.year)
    if earlier is not None and (earlier.approved or not command.reason):
        so_far = "差异已经批准入账" if earlier.approved else "已登记清查"
        raise RuleRefusedError(
            "count.repeated",
            f"资产“{command.asset}”{command.year} 年度{so_far}({earlier.on})",
            hint="重新清查的,用 --reason 说明原因;差异已经批准的,先用 xianjie correct 更正",
            rule=_COUNT,
        )
    not_before(command.on, state.reached["identified"], what="清查", cause="资产登记", reason=command.reason)
    return [
        AssetCounted(
            **_common(command),
            **state.dimensions(),
            year=command.year,
            outcome=command.outcome,
            difference_fen=_difference(state, command),
            note=command.note,
        )
    ]


def _difference(state: Asset, command: CountAsset) -> int:
    given = command.gain_fen - command.loss_fen
    if bool(command.gain_fen) + bool(command.loss_fen) != (command.outcome == "differs"):
        raise ValueRefusedError(
            "count.difference",
            f"清查结果为“{_OUTCOMES[command.outcome]}”,盘盈却写作 {format_yuan(command.gain_fen)} 元、"
            f"盘亏 {format_yuan(command.loss_fen)} 元",
            hint="有差异的写明盘盈(--gain)或盘亏(--loss)一项;相符、缺失的都不写",
        )
    if command.outcome == "missing":
        return -state.value_fen
    if state.value_fen + given <= 0:
        raise ValueRefusedError(
            "count.more_than_value",
            f"盘亏 {format_yuan(-given)} 元,不少于资产“{command.asset}”的原值 {format_yuan(state.value_fen)} 元",
            hint="整项资产不在的,结果请填“缺失”",
        )
    return given


def decide_approve_difference(state: Asset, command: ApproveDifference) -> list[Event]:
    """Enter a difference: the asset's value changes by it from this day.

    Raises:
        NotFoundError: the asset is unknown, or was not counted for the year.
        RuleRefusedError: no difference, approved already, the whole asset is missing, or no document is named.
    """
    state.must_live(command.asset, "批准清查差异")
    found = state.care.counts.get(command.year)
    if found is None:
        raise NotFoundError(
            "count.unknown",
            f"资产“{command.asset}”没有 {command.year} 年度的清查",
            hint="请先用 xianjie count record 登记清查结果",
        )
    if found.outcome == "missing":
        raise RuleRefusedError(
            "count.missing_asset",
            f"资产“{command.asset}”{command.year} 年度清查为缺失,不能作差异调整",
            hint="请用 xianjie loss 登记损失,用 xianjie disposal 办理核销",
            rule=_COUNT,
        )
    if found.approved or not found.difference_fen:
        raise RuleRefusedError(
            "count.nothing_to_approve",
            f"资产“{command.asset}”{command.year} 年度{'的差异已经批准' if found.approved else '清查相符,没有差异'}",
            hint="请核对年度",
            rule=_COUNT,
        )
    if not command.document:
        raise RuleRefusedError(
            "count.no_approval",
            f"批准差异 {format_yuan(found.difference_fen)} 元,没有写明批准文号",
            hint="请用 --doc 写明批准文号",
            rule=_COUNT,
        )
    value = state.value_fen + found.difference_fen
    if value <= 0:
        raise RuleRefusedError(
            "count.exceeds_value",
            f"资产“{command.asset}”现原值 {format_yuan(state.value_fen)} 元,"
            f"不足以调减 {format_yuan(-found.difference_fen)} 元",
            hint="请核对清查之后的原值变动;整项资产不在的,办理核销",
            rule=_COUNT,
        )
    not_before(command.on, found.on, what="批准", cause="清查", reason=command.reason)
    return [
        DifferenceApproved(
            **_common(command),
            **{**state.dimensions(), "value_fen": value},
            year=command.year,
            change_fen=found.difference_fen,
            authority=command.authority,
            sources=share_of_change(state, found.difference_fen),
        )
    ]


def decide_depreciate(state: Asset, command: PostDepreciation, rules: RulePack) -> list[Event]:
    """Post a year's depreciation: what is left to depreciate over the years that are left (at least one), to the fen.

    The method (``depreciation_method``), the years (``depreciation_years_<form>``) and the part that stays
    (``depreciation_residual_percent``) are rule parameters; posted amounts never exceed the value.

    Raises:
        NotFoundError: the asset is unknown.
        RuleRefusedError: the asset ended, the rules name no method or life, the year is posted, or nothing is left.
        ValueRefusedError: a year that has not begun.
    """
    state.must_live(command.asset, "计提折旧")
    check_year(state, command.year, command.on, "折旧")
    method = rules.find("depreciation_method", state.area, command.on)
    life = rules.find(f"depreciation_years_{state.asset_form}", state.area, command.on)
    if method is None or life is None or method.value != _STRAIGHT_LINE:
        raise RuleRefusedError(
            "depreciation.no_rule",
            f"现行规则包没有规定 {state.area} 这类资产({state.asset_form})的折旧方法和年限,不计提折旧",
            hint=f"按规定计提的,先采用写有参数 depreciation_method = {_STRAIGHT_LINE} 和"
            f" depreciation_years_{state.asset_form} 的规则包:xianjie rule adopt",
            rule=f"{rules.pack} {rules.version};折旧依地方制度,默认不计提(assets.md 4.5)",
        )
    if command.year in state.care.depreciated:
        raise RuleRefusedError(
            "depreciation.repeated",
            f"资产“{command.asset}”{command.year} 年度已计提 {format_yuan(state.care.depreciated[command.year])} 元",
            hint="若上次记错,用 xianjie correct 更正",
        )
    residual = rules.find("depreciation_residual_percent", state.area, command.on)
    kept = number(residual) / 100 if residual else Fraction(0)
    left = apportion(state.value_fen, [1 - kept, kept])[0] - state.care.depreciated_fen
    if left <= 0:
        raise RuleRefusedError(
            "depreciation.exhausted",
            f"资产“{command.asset}”原值 {format_yuan(state.value_fen)} 元,"
            f"已计提 {format_yuan(state.care.depreciated_fen)} 元,已经提足",
            hint="请核对资产编号和年度",
            rule=source_of("折旧合计不超过应折旧额", life),
        )
    years = max(1, int(number(life)) - len(state.care.depreciated))
    amount = apportion(left, [Fraction(1)] * years)[0]
    return [
        DepreciationPosted(
            **_common(command), **state.dimensions(), year=command.year, amount_fen=amount, method=_STRAIGHT_LINE
        )
    ]


def _common(command: Command) -> dict[str, Any]:
    return {"effective_on": command.on, "document": command.document, "reason": command.reason}

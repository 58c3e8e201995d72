"""Decisions on an income account: opened for assets, income posted, costs posted.

Source: assets.md 4.4 and 7 (RF37).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from ledger.areas import AreaList
from ledger.domain.asset import LIFE_NAMES, Asset
from ledger.domain.command import AreaRef, Command, Fen, Filled, Ident, Line
from ledger.domain.history import not_before
from ledger.domain.reporting import first_day_of, parse_period
from ledger.domain.scheme import Scheme
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import CostPosted, Event, IncomePosted, SchemeOpened
from ledger.rules import covers

__all__ = [
    "OpenScheme",
    "Period",
    "PostCost",
    "PostIncome",
    "decide_open",
    "decide_post_cost",
    "decide_post_income",
]

Period = Annotated[str, AfterValidator(parse_period)]
"""``2022``, ``2022H1``, ``2022Q1`` or ``2022-03``."""

_GONE = "RF37 状态矛盾:已处置、并入或销户的资产不应再有收益;出处 assets.md 7"


class OpenScheme(Command):
    """Open an income account for one asset or several; ``area`` may be left out where all lie in one county."""

    scheme: Ident
    name: Filled
    assets: tuple[Ident, ...]
    area: AreaRef | None = None


class _Posting(Command):
    scheme: Ident
    asset: Line = ""
    period: Period
    amount_fen: Fen
    voucher: Line = ""


class PostIncome(_Posting):
    """Post income of a period; ``asset`` and ``contract`` say where it came from, or are empty."""

    contract: Line = ""


class PostCost(_Posting):
    """Post a cost of a period; ``cost`` is a code that the rules of the account may name, such as ``om``."""

    cost: Ident


def decide_open(state: Scheme, assets: Mapping[str, Asset], command: OpenScheme, areas: AreaList) -> list[Event]:
    """Open an account for assets that exist, in the area in which they lie.

    Raises:
        NotFoundError: an asset is unknown.
        RuleRefusedError: the code is taken, or without a reason an asset is gone.
        ValueRefusedError: no asset, one named twice, an unknown area, or one that does not contain the assets.
    """
    if state.exists:
        raise RuleRefusedError(
            "income.scheme_exists", f"收益账户编号“{command.scheme}”已用于“{state.name}”", hint="请换一个编号"
        )
    if not command.assets or len(set(command.assets)) < len(command.assets):
        raise ValueRefusedError(
            "income.scheme_assets", "收益账户没有写明资产,或同一资产写了两次", hint="请用 --asset 逐项写明资产编号"
        )
    _must_be_there(assets, command)
    found = sorted({asset.area for asset in assets.values()})
    area = command.area or found[0]
    areas.get(area, command.on)
    if not all(covers(area, each) for each in found):
        raise ValueRefusedError(
            "income.scheme_area",
            f"收益账户“{command.scheme}”的资产分属 {'、'.join(found)},不都在 {area} 之内",
            hint="请用 --area 写明包含全部资产的地区,或分设账户",
        )
    return [
        SchemeOpened(**_common(command), scheme=command.scheme, area=area, name=command.name, assets=command.assets)
    ]


def decide_post_income(
    state: Scheme, assets: Mapping[str, Asset], let: tuple[str, ...] | None, command: PostIncome
) -> list[Event]:
    """Post income of a period that has begun and is not distributed yet.

    ``assets`` are those that may have earned it: the one named, else all of the account. ``let`` are the assets of the
    contract that the command names, None where it names none.

    Raises:
        NotFoundError: the account is unknown.
        RuleRefusedError: as `decide_post_cost`; or, without a reason, every asset is gone.
        ValueRefusedError: the asset does not belong to the account, or the contract is about other assets.
    """
    fields = _posting(state, command)
    if let is not None and not set(let) & set(assets):
        raise ValueRefusedError(
            "income.other_contract",
            f"合同“{command.contract}”约定的是 {'、'.join(let)},与收益所属的资产 {'、'.join(assets)} 无关",
            hint="请核对合同编号和资产编号",
        )
    _must_be_there(assets, command)
    return [IncomePosted(**fields, contract=command.contract)]


def decide_post_cost(state: Scheme, command: PostCost) -> list[Event]:
    """Post a cost of a period that has begun and is not distributed yet.

    Raises:
        NotFoundError: the account is unknown.
        RuleRefusedError: the period is distributed already; or, without a reason, the period has not begun, the day
            lies before the account was opened, or the rules of the account deduct costs but not this one.
        ValueRefusedError: the asset does not belong to the account.
    """
    fields = _posting(state, command)
    deducted = {cost: None for rule in state.rules for cost in rule.costs}
    if deducted and command.cost not in deducted and not command.reason:
        raise RuleRefusedError(
            "income.cost_not_deducted",
            f"成本“{command.cost}”不在收益账户“{command.scheme}”分配办法扣除的成本之内:{'、'.join(deducted)}",
            hint="请核对 --cost;确不扣除而要登记的,用 --reason 说明",
            rule="净收益 = 收益 − 办法列明的成本;出处 assets.md 4.4",
        )
    return [CostPosted(**fields, cost=command.cost)]


def _posting(state: Scheme, command: _Posting) -> dict[str, Any]:
    state.must_exist(command.scheme)
    if command.asset and command.asset not in state.assets:
        raise ValueRefusedError(
            "income.other_asset",
            f"资产“{command.asset}”不属于收益账户“{command.scheme}”({'、'.join(state.assets[:5])})",
            hint="请核对 --asset;收益属于整个账户的不填",
        )
    plan = state.plan_over(command.period)
    if plan is not None:
        raise RuleRefusedError(
            "income.period_planned",
            f"{command.period} 的收支已由方案“{plan.plan}”({plan.period})按基数分配完毕,不能再记入该期间",
            hint="请记入实际收付的、尚未分配的期间,或先用 xianjie correct 冲销方案",
        )
    not_before(command.on, state.opened_on, what="收支入账", cause="收益账户设立", reason=command.reason)
    begun = first_day_of(command.period)
    not_before(command.on, begun, what="收支入账", cause=f"期间 {command.period} 起始", reason=command.reason)
    return {
        **_common(command),
        "scheme": command.scheme,
        "area": state.area,
        "asset": command.asset,
        "period": command.period,
        "amount_fen": command.amount_fen,
        "voucher": command.voucher,
    }


def _must_be_there(assets: Mapping[str, Asset], command: OpenScheme | PostIncome) -> None:
    """Refuse unknown assets; without a reason, refuse to open for one that is gone, or income when all are gone."""
    for code, asset in assets.items():
        asset.must_exist(code)
    gone = [f"“{code}”{LIFE_NAMES[asset.life]}" for code, asset in assets.items() if asset.life != "live"]
    bad = bool(gone) if isinstance(command, OpenScheme) else len(gone) == len(assets)
    if bad and not command.reason:
        raise RuleRefusedError(
            "income.asset_gone",
            f"收益账户“{command.scheme}”的资产{'、'.join(gone[:5])}",
            hint="请核对资产;确为此前应得的收益,用 --reason 说明",
            rule=_GONE,
        )


def _common(command: Command) -> dict[str, Any]:
    return {"effective_on": command.on, "document": command.document, "reason": command.reason}

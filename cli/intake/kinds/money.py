"""Sheets of money: tranches, distributions, allocations, payments."""

from __future__ import annotations

from typing import Final

from cli.intake.kind import (
    Kind,
    Step,
    area_column,
    code_column,
    day_column,
    flag_column,
    ident_column,
    line_column,
    money_column,
    step_column,
    year_column,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from ledger.codes import FundKind, FundLevel, TaskDirection
from ledger.domain import payment, tranche

__all__ = ["MONEY"]

_TRANCHES = Kind(
    "tranches",
    "资金下达",
    (
        ident_column("批次编号", "tranche"),
        area_column("地区代码"),
        year_column("计划年度", "plan_year"),
        code_column("资金级次", "level", FundLevel, required=True),
        code_column("资金类别", "fund_kind", FundKind, note="不填为衔接资金"),
        code_column("任务方向", "direction", TaskDirection, note="不填为巩固拓展脱贫攻坚成果和乡村振兴"),
        money_column("金额"),
        line_column("文号", "document", required=True, note="指标文件的文号"),
        line_column("发文单位", "issuer", required=True),
        day_column("发文日期", "issued_on", required=False, note="与下达日期不同时填写"),
        day_column("下达日期"),
        flag_column("提前下达", "advance", "不填为否"),
        REASON,
    ),
    {"": Step(tranche.IssueTranche)},
)

_DISTRIBUTIONS = Kind(
    "distributions",
    "资金分解",
    (
        ident_column("批次编号", "tranche"),
        ident_column("下级批次编号", "child"),
        area_column("下级地区代码", "child_area"),
        money_column("金额"),
        day_column("日期"),
        DOCUMENT,
        REASON,
    ),
    {"": Step(tranche.DistributeTranche)},
)

_ALLOCATIONS = Kind(
    "allocations",
    "资金安排",
    (
        ident_column("批次编号", "tranche"),
        ident_column("项目编号", "project"),
        money_column("金额"),
        day_column("日期"),
        DOCUMENT,
        REASON,
    ),
    {"": Step(payment.AllocateMoney)},
)

_PAYMENT_STEPS: Final = {
    "核拨": Step(payment.ReleaseMoney),
    "支付": Step(payment.PayMoney),
    "报账": Step(payment.ReimburseMoney),
}

_PAYMENTS = Kind(
    "payments",
    "资金拨付",
    (
        step_column("类型", _PAYMENT_STEPS),
        ident_column("项目编号", "project"),
        ident_column("批次编号", "tranche", required=False, note="项目只有一个批次时可不填"),
        money_column("金额"),
        day_column("日期"),
        line_column("凭证号", "voucher"),
        DOCUMENT,
        REASON,
    ),
    _PAYMENT_STEPS,
)

MONEY: Final = (_TRANCHES, _DISTRIBUTIONS, _ALLOCATIONS, _PAYMENTS)

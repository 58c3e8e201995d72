"""Sheets of money: tranches, distributions, allocations, adjustments, recoveries, payments."""

from __future__ import annotations

from typing import Final

from cli.intake.columns import Column
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
    typed,
    year_column,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from ledger.codes import FundKind, FundLevel, MoveCause, PayeeKind, TaskDirection
from ledger.domain import adjustment, allocation, payment, retention, tranche
from ledger.domain.command import TownRef

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
        flag_column("直达资金", "direct", "不填为否"),
        flag_column("激励资金", "incentive", "不填为否"),
        line_column("项目代码", "project_code", note="预算项目代码,如 Z155110000004"),
        line_column("收入科目", "income_item", note="如 1100231"),
        line_column("支出科目", "expenditure_item", note="如 21305"),
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
        Column("下级乡镇代码", "child_town", typed(TownRef), code=True, note="分解到乡镇的填九位区划代码"),
        line_column("下级单位", "child_unit", note="分解到单位的填单位名称"),
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
        code_column("调整原因", "cause", MoveCause, note="再次安排的填结余或收回后再安排,第一次安排的不填"),
        DOCUMENT,
        REASON,
    ),
    {"": Step(allocation.AllocateMoney)},
)

_ADJUSTMENTS = Kind(
    "adjustments",
    "资金调整",
    (
        ident_column("调出项目编号", "from_project"),
        ident_column("调入项目编号", "to_project"),
        ident_column("批次编号", "tranche", required=False, note="调出项目只有一个批次时可不填"),
        money_column("金额"),
        day_column("日期"),
        code_column("调整原因", "cause", MoveCause, note="计划调整或项目替换,不填为计划调整"),
        line_column("文号", "document", required=True, note="批准调整的文号"),
        REASON,
    ),
    {"": Step(adjustment.AdjustMoney)},
)

_RECOVERY_STEPS: Final = {
    "收回未安排资金": Step(tranche.RecoverTranche),
    "收回项目资金": Step(adjustment.RecoverFromProject),
    "确认结余": Step(adjustment.ConfirmSurplus),
}

_RECOVERIES = Kind(
    "recoveries",
    "资金收回",
    (
        step_column("类型", _RECOVERY_STEPS),
        ident_column("批次编号", "tranche", required=False, note="收回未安排资金必填;项目只有一个批次时可不填"),
        ident_column("项目编号", "project", required=False, note="收回项目资金、确认结余必填"),
        money_column("金额"),
        day_column("日期"),
        line_column("收回单位", "recovered_by", note="收回的必填,结余不填"),
        DOCUMENT,
        REASON,
    ),
    _RECOVERY_STEPS,
)

_PAYMENT_STEPS: Final = {
    "核拨": Step(payment.ReleaseMoney),
    "支付": Step(payment.PayMoney),
    "报账": Step(payment.ReimburseMoney),
    "退回核拨": Step(payment.ReturnRelease),
    "退款": Step(payment.RefundPayment),
    "预留质保金": Step(retention.HoldRetention),
    "质保金到期": Step(retention.ReleaseRetention),
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
        line_column("凭证号", "voucher", note="质保金不填"),
        code_column("收款方类别", "payee_kind", PayeeKind, note="只在支付时填写,不填为单位"),
        DOCUMENT,
        REASON,
    ),
    _PAYMENT_STEPS,
)

MONEY: Final = (_TRANCHES, _DISTRIBUTIONS, _ALLOCATIONS, _ADJUSTMENTS, _RECOVERIES, _PAYMENTS)

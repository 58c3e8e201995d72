"""Sheets of operation contracts, of money received under them, and of assets in use."""

from __future__ import annotations

from typing import Final

from cli.dues import parse_due, parse_month_days
from cli.intake.cells import as_text
from cli.intake.columns import Column
from cli.intake.kind import (
    Kind,
    Step,
    code_column,
    day_column,
    flag_column,
    ident_column,
    line_column,
    money_column,
    read_idents,
    read_share,
    step_column,
    whole_column,
    word_column,
    year_column,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from cli.records import parse_all
from cli.words import COUNTS
from ledger.characters import half_width
from ledger.codes import (
    AssetCondition,
    ContractClause,
    ContractMoney,
    FourBatch,
    HolderKind,
    OperationMode,
    ReturnKind,
    parse_code,
)
from ledger.domain import contracting, rent, upkeep, yearly_count

__all__ = ["CONTRACTS"]

_CONTRACT_STEPS: Final = {"签订": Step(contracting.SignContract), "变更": Step(contracting.AmendContract)}

_CONTRACTS = Kind(
    "contracts",
    "经营合同",
    (
        step_column("类型", _CONTRACT_STEPS),
        ident_column("合同编号", "contract"),
        day_column("日期"),
        Column("资产编号", "assets", read_idents, note="签订时填写,几项之间用顿号或分号隔开"),
        code_column("经营方式", "mode", OperationMode, note="签订时填写"),
        ident_column("经营者编号", "operator", required=False, note="签订时填写"),
        code_column("经营者类别", "operator_kind", HolderKind, note="签订时填写"),
        line_column("经营者名称", "operator_name"),
        day_column("起始日期", "from_on", required=False, note="签订时填写"),
        day_column("截止日期", "to_on", required=False, note="签订时填写,含当日"),
        code_column("收益方式", "return_kind", ReturnKind, note="签订时填写"),
        money_column("约定收益", "return_fen", required=False, note="固定金额的每年金额,或每单位的金额"),
        Column("收益比例", "return_share", read_share, note="如 8%、3/10"),
        money_column("基数", "base_fen", required=False, note="按比例计算收益的基数"),
        line_column("基数说明", "base", note="如 决算审定价;按单位计的写单位"),
        Column(
            "分期应收日",
            "instalments",
            lambda cell, _unit: parse_month_days(as_text(cell)),
            note="每年平均分期的月日,如 06-30、12-31;须为整年合同",
        ),
        Column(
            "应收计划",
            "dues",
            lambda cell, _unit: parse_all(as_text(cell), parse_due),
            note="日期:金额[:租金|本金|回购款],几笔之间用分号隔开",
        ),
        money_column("押金", "deposit_fen", required=False),
        line_column("担保", "guarantee"),
        line_column("取得方式", "procurement", note="如 公开招租"),
        Column(
            "已约定条款",
            "clauses",
            lambda cell, _unit: tuple(
                parse_code(ContractClause, part).value
                for part in half_width(as_text(cell)).replace(";", "、").replace(",", "、").split("、")
                if part.strip()
            ),
            note="、".join(each.zh for each in ContractClause),
        ),
        ident_column("续签自", "renews", required=False, note="签订时填写原合同编号"),
        flag_column("登记经营权", "set_right", "签订时填写;不填时一项资产登记,几项不登记"),
        DOCUMENT,
        REASON,
    ),
    _CONTRACT_STEPS,
    notes=("变更只填有变的内容,须写文号",),
)

_RECEIPT_STEPS: Final = {"收款": Step(rent.ReceiveRent), "终止": Step(contracting.EndContract)}
_ENDINGS: Final = {"expired": "到期终止", "early": "提前终止", "void": "无效"}

_RECEIPTS = Kind(
    "receipts",
    "合同收款和终止",
    (
        step_column("类型", _RECEIPT_STEPS),
        ident_column("合同编号", "contract"),
        day_column("日期"),
        money_column("金额", required=False, note="收款时填写"),
        code_column("款项", "what", ContractMoney, note="收款时填写,不填为租金或收益"),
        line_column("凭证号", "voucher", note="收款时填写"),
        word_column("终止缘由", "why", _ENDINGS, note="终止时填写"),
        DOCUMENT,
        REASON,
    ),
    _RECEIPT_STEPS,
)

_CARE_STEPS: Final = {
    "运行状况": Step(upkeep.AssessCondition),
    "四个一批": Step(upkeep.ClassifyBatch),
    "落实管护": Step(upkeep.AssignUpkeep, {"amount_fen": "yearly_fen"}),
    "巡查": Step(upkeep.VisitAsset, {"amount_fen": "cost_fen"}),
    "清查": Step(yearly_count.CountAsset),
}

_CARE = Kind(
    "care",
    "资产运行和管护",
    (
        step_column("环节", _CARE_STEPS),
        ident_column("资产编号", "asset"),
        day_column("日期"),
        code_column("运行状况", "condition", AssetCondition, note="评定运行状况时填写"),
        year_column("年度", "year", required=False),
        code_column("四个一批", "batch", FourBatch),
        line_column("管护单位", "unit", note="落实管护时填写"),
        line_column("责任岗位", "post", note="落实管护时填写,不写姓名"),
        line_column("经费来源", "money_from", note="落实管护时填写"),
        whole_column("每年巡查次数", "times_per_year", "落实管护时填写"),
        line_column("缺陷", "defects", note="巡查时填写"),
        line_column("维修情况", "repairs", note="巡查时填写"),
        word_column("清查结果", "outcome", COUNTS),
        money_column("盘盈", "gain_fen", required=False, note="清查有差异时填写"),
        money_column("盘亏", "loss_fen", required=False, note="清查有差异时填写"),
        money_column("金额", required=False, note="落实管护填年度经费,巡查填维修费用"),
        line_column("说明", "note", note="评定运行状况、清查时填写"),
        DOCUMENT,
        REASON,
    ),
    _CARE_STEPS,
    notes=("一行是一项资产的一个环节",),
)

CONTRACTS: Final = (_CONTRACTS, _RECEIPTS, _CARE)

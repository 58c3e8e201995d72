"""Sheets of income: accounts and their entries, rules of distribution."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cli.intake.cells import as_text
from cli.intake.columns import Column
from cli.intake.kind import (
    Group,
    Kind,
    Step,
    day_column,
    flag_column,
    ident_column,
    line_column,
    money_column,
    read_idents,
    read_share,
    step_column,
    typed,
    whole_column,
    word_column,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from cli.payees import parse_amount_line
from ledger.characters import half_width
from ledger.domain import distribution, income, payout
from ledger.domain.command import AreaRef

if TYPE_CHECKING:
    from cli.intake.cells import Cell
    from ledger.money import Unit

__all__ = ["INCOME"]

_STEPS: Final = {
    "设立账户": Step(income.OpenScheme),
    "收益": Step(income.PostIncome),
    "成本": Step(income.PostCost),
    "方案": Step(distribution.PlanDistribution),
    "审议": Step(payout.ResolveDistribution, {"step_code": "step"}),
    "发放": Step(payout.PayDistribution),
}


def _read_amounts(cell: Cell, _unit: Unit) -> tuple[dict[str, Any], ...]:
    return tuple(parse_amount_line(part) for part in re.split(r"[;\n]", half_width(as_text(cell))) if part.strip())


def _read_part(cell: Cell, unit: Unit) -> str:
    """Read a share; 0 is a least part that each plan fills."""
    return "0" if as_text(cell) == "0" else read_share(cell, unit)


_INCOME = Kind(
    "income",
    "收益",
    (
        step_column("类型", _STEPS),
        ident_column("账户编号", "scheme"),
        day_column("日期"),
        line_column("账户名称", "name", note="设立账户时填写"),
        Column("账户资产", "assets", read_idents, note="设立账户时填写,几项之间用顿号或分号隔开"),
        Column("地区代码", "area", typed(AreaRef), code=True, note="设立账户时填写,六位;资产都在一个县的可不填"),
        line_column("期间", "period", note="收益、成本、方案填写:2022、2022Q1、2022H1、2022-03"),
        money_column("金额", required=False, note="收益、成本、发放时填写"),
        ident_column("资产编号", "asset", required=False, note="收益、成本属于一项资产时填写"),
        ident_column("合同编号", "contract", required=False, note="收益来自经营合同时填写"),
        ident_column("成本类别", "cost", required=False, note="成本时填写,与分配办法一致,如 om、site"),
        ident_column("方案编号", "plan", required=False, note="方案、审议、发放时填写"),
        Column("分配明细", "lines", _read_amounts, note="方案不按办法计算时填写;编号:金额,几项用分号隔开"),
        ident_column("环节", "step_code", required=False, note="审议时填写,与分配办法一致,如 village_vote"),
        line_column("审议机构", "body", note="审议时填写"),
        whole_column("应到人数", "members", note="表决时填写"),
        whole_column("赞成人数", "in_favour", note="表决时填写"),
        day_column("公示截止日", "notice_to_on", required=False, note="审议时填写"),
        ident_column("受益方", "payee", required=False, note="发放时填写"),
        line_column("凭证号", "voucher", note="收益、成本、发放时填写"),
        DOCUMENT,
        REASON,
    ),
    _STEPS,
)

_RULES = Kind(
    "income_rules",
    "收益分配办法",
    (
        ident_column("账户编号", "scheme"),
        line_column("版本", "version", required=True),
        day_column("起始日期"),
        word_column("基数", "base", {"gross": "总收益", "net": "净收益"}, required=True, note="净收益须写明扣除的成本"),
        Column("扣除的成本", "costs", read_idents, note="成本类别,几类之间用顿号或分号隔开,如 om、site"),
        Column("审批环节", "approvals", read_idents, note="按次序,用顿号或分号隔开;以 vote 或“表决”结尾的为表决"),
        ident_column("受益方编号", "payee"),
        line_column("受益方名称", "payee_name", required=True),
        Column("份额", "share", _read_part, required=True, note="如 45%、1/3;合计不足 1 的部分不分配"),
        flag_column("为下限", "floor", "份额为至少应得的填是;不填为否"),
        DOCUMENT,
        REASON,
    ),
    {"": Step(distribution.SetIncomeRule)},
    group=Group(
        by=("scheme", "version", "on"),
        into="lines",
        members={"payee": "payee", "payee_name": "name", "share": "share", "floor": "floor"},
    ),
    notes=("一个受益方一行;账户编号、版本、起始日期相同的各行要连在一起,合成一个办法",),
)

INCOME: Final = (_INCOME, _RULES)

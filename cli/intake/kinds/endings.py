"""Sheets of the end of assets: disposals step by step, and losses."""

from __future__ import annotations

from typing import Final

from cli.intake.kind import (
    Kind,
    Step,
    code_column,
    day_column,
    flag_column,
    ident_column,
    line_column,
    money_column,
    step_column,
    whole_column,
    word_column,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from cli.words import BODIES, DESTINATIONS
from ledger.codes import DisposalReason, DisposalWay, HolderKind
from ledger.domain import disposal, loss, proceeds

__all__ = ["ENDINGS"]

_DISPOSAL_STEPS: Final = {
    "提出": Step(disposal.ProposeDisposal),
    "表决": Step(disposal.VoteDisposal),
    "评估": Step(disposal.AppraiseDisposal),
    "审批": Step(disposal.ApproveDisposal),
    "处置": Step(disposal.DisposeAsset),
    "价款入账": Step(proceeds.BookProceeds),
}
_LOSS_STEPS: Final = {
    "发现": Step(loss.FindLoss),
    "定责": Step(loss.AssignLoss),
    "追回": Step(loss.RecoverLoss),
    "核销": Step(loss.WriteOffLoss),
}

_DISPOSALS = Kind(
    "disposals",
    "资产处置",
    (
        step_column("步骤", _DISPOSAL_STEPS),
        ident_column("资产编号", "asset"),
        day_column("日期"),
        ident_column("处置编号", "disposal", required=False, note="提出时填写"),
        code_column("处置原因", "why", DisposalReason, note="提出时填写"),
        code_column("处置方式", "way", DisposalWay, note="提出时填写"),
        ident_column("所有权人", "owner", required=False, note="表决时填写;只有一个所有权人的可不填"),
        word_column("表决主体", "body", BODIES, note="表决时填写"),
        whole_column("应到人数", "members", "表决时填写,全体人数"),
        whole_column("实到人数", "present", "表决时填写"),
        whole_column("同意人数", "in_favour", "表决时填写"),
        whole_column("公示天数", "notice_days", "表决为提前通知天数,审批为本环节公示天数"),
        flag_column("经党组织讨论", "party_first", "表决时填写"),
        money_column("评估价", "appraised_fen", required=False, note="评估时填写"),
        line_column("评估机构", "appraiser", note="评估时填写"),
        day_column("公示起始日", "from_on", required=False, note="评估时填写"),
        day_column("公示截止日", "to_on", required=False, note="评估时填写"),
        line_column("审批单位", "authority", note="审批时填写"),
        money_column("价款", "price_fen", required=False, note="处置时填写,核销的不填"),
        code_column("受让方类别", "buyer_kind", HolderKind, note="处置时填写"),
        money_column("入账金额", "amount_fen", required=False, note="价款入账时填写"),
        word_column("去向", "destination", DESTINATIONS, note="价款入账时填写"),
        line_column("凭证号", "voucher", note="价款入账时填写"),
        DOCUMENT,
        REASON,
    ),
    _DISPOSAL_STEPS,
    notes=("一行是一项资产处置的一个步骤;同一资产的各步骤按先后各写一行",),
)

_LOSSES = Kind(
    "losses",
    "资产损失",
    (
        step_column("步骤", _LOSS_STEPS),
        ident_column("资产编号", "asset"),
        ident_column("损失编号", "loss"),
        day_column("日期"),
        money_column("金额", required=False, note="发现、追回、核销时填写"),
        line_column("损失原因", "cause", note="发现时填写"),
        line_column("责任岗位", "post", note="定责时填写,不写姓名"),
        line_column("定责依据", "basis", note="定责时填写"),
        line_column("凭证号", "voucher", note="追回时填写"),
        line_column("批准单位", "authority", note="核销时填写"),
        DOCUMENT,
        REASON,
    ),
    _LOSS_STEPS,
    notes=("一行是一笔损失的一个步骤;同一笔的各步骤按先后各写一行",),
)

ENDINGS: Final = (_DISPOSALS, _LOSSES)

"""Sheets of assets and rights."""

from __future__ import annotations

from typing import Final

from cli.holders import parse_holders
from cli.intake.cells import as_text
from cli.intake.columns import Column
from cli.intake.kind import (
    Group,
    Kind,
    Step,
    code_column,
    day_column,
    ident_column,
    line_column,
    money_column,
    read_share,
    step_column,
    word,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from ledger.codes import AssetClass, AssetForm, HolderKind, NoticeChannel, Right, ShareBasis
from ledger.domain import confirmation, right

__all__ = ["ASSETS"]

_ASSET_STEPS: Final = {
    "登记": Step(confirmation.IdentifyAsset),
    "公示": Step(confirmation.NoticeOwnership),
    "确权": Step(confirmation.ConfirmAsset),
    "颁证": Step(confirmation.CertifyAsset),
    "移交": Step(confirmation.HandOverAsset),
    "入账": Step(confirmation.BookAsset),
}

_ASSETS = Kind(
    "assets",
    "资产",
    (
        step_column("步骤", _ASSET_STEPS),
        ident_column("资产编号", "asset"),
        day_column("日期"),
        ident_column("项目编号", "project", required=False, note="登记时填写"),
        line_column("资产名称", "name", note="登记时填写"),
        code_column("资产类别", "asset_class", AssetClass, note="登记时填写"),
        code_column("资产形态", "asset_form", AssetForm, note="登记时填写,不填为固定资产"),
        money_column("原值", "value_fen", required=False, note="登记时填写"),
        line_column("数量", "quantity", note="登记时填写"),
        Column(
            "所有权人",
            "owners",
            lambda cell, _unit: parse_holders(as_text(cell)),
            note="公示时填写;编号:类别:份额[:名称],几个之间用分号隔开,如 V01:村集体:1/3;V02:村集体:2/3",
        ),
        code_column("公示渠道", "channel", NoticeChannel, note="公示时填写,不填为村公示栏"),
        day_column("公示起始日", "from_on", required=False, note="公示时填写"),
        day_column("公示截止日", "to_on", required=False, note="公示时填写"),
        line_column("证书号", "certificate", note="颁证时填写"),
        line_column("移交单位", "giver", note="移交时填写"),
        line_column("接收单位", "receiver", note="移交时填写"),
        line_column("监交单位", "supervisor", note="移交时填写"),
        Column(
            "账簿",
            "books",
            word({"国有": "state", "集体": "collective"}),
            choices=("国有", "集体"),
            note="入账时填写",
        ),
        line_column("凭证号", "voucher", note="入账时填写"),
        DOCUMENT,
        REASON,
    ),
    _ASSET_STEPS,
    notes=("一行是一项资产的一个步骤;同一资产的各步骤按先后各写一行",),
)

_RIGHTS = Kind(
    "rights",
    "五权",
    (
        ident_column("资产编号", "asset"),
        code_column("权利", "right", Right, required=True),
        day_column("起始日期"),
        Column(
            "状态",
            "status",
            word({"已明确": "held", "无": "none", "未明确": "unsettled"}),
            choices=("已明确", "无", "未明确"),
            note="不填为已明确;无、未明确时不写权利人,须写原因",
        ),
        ident_column("权利人编号", "holder", required=False),
        code_column("权利人类别", "kind", HolderKind),
        Column("份额", "share", read_share, note="如 1/3、60%、0.25;合计必须正好为 1"),
        line_column("权利人名称", "holder_name"),
        code_column("份额依据", "basis", ShareBasis, note="不填为按约定"),
        day_column("明确期限", "due_on", required=False, note="未明确时填写"),
        DOCUMENT,
        REASON,
    ),
    {"": Step(right.SetRight)},
    group=Group(
        by=("asset", "right", "on"),
        into="holders",
        members={"holder": "holder", "kind": "kind", "share": "share", "holder_name": "name"},
    ),
    notes=("一个权利人一行;资产编号、权利、起始日期相同的各行要连在一起,合成一次设定",),
)

ASSETS: Final = (_ASSETS, _RIGHTS)

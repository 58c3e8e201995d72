"""Sheets of assets and rights."""

from __future__ import annotations

from typing import Final

from cli.holders import parse_owners
from cli.intake.cells import as_text
from cli.intake.columns import Column
from cli.intake.kind import (
    Group,
    Kind,
    Step,
    area_column,
    code_column,
    day_column,
    flag_column,
    ident_column,
    line_column,
    money_column,
    read_share,
    step_column,
    typed,
    word_column,
    year_column,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from cli.records import parse_all, parse_financing
from cli.words import BODIES, NO_ASSET, OUTCOMES
from ledger.codes import AssetClass, AssetForm, HolderKind, NoticeChannel, Right, ShareBasis
from ledger.domain import confirmation, formation, objection, right, valuation
from ledger.domain.command import Line, TownRef, VillageRef

__all__ = ["ASSETS"]

_ASSET_STEPS: Final = {
    "登记": Step(formation.IdentifyAsset),
    "不形成资产": Step(formation.FormNoAsset),
    "分类": Step(valuation.ClassifyAsset),
    "核定原值": Step(valuation.FinaliseValue),
    "增值": Step(valuation.AddValue, {"project": "added_by", "value_fen": "amount_fen"}),
    "公示": Step(confirmation.NoticeOwnership),
    "异议": Step(objection.FileObjection),
    "异议处理": Step(objection.ResolveObjection),
    "确权": Step(confirmation.ConfirmAsset),
    "颁证": Step(confirmation.CertifyAsset),
    "移交": Step(confirmation.HandOverAsset),
    "入账": Step(confirmation.BookAsset),
}

_SUBCLASS: Final = line_column("细类", "subclass", note="如 光伏电站、道路交通")
_SOURCES: Final = Column(
    "资金来源",
    "sources",
    lambda cell, _unit: parse_all(as_text(cell), parse_financing),
    note="类别:级次:金额,几项之间用分号隔开,如 衔接资金:中央:50万元;自筹:其他:2万元;合计须等于原值",
)

_ASSETS = Kind(
    "assets",
    "资产",
    (
        step_column("步骤", _ASSET_STEPS),
        ident_column("资产编号", "asset", required=False, note="认定不形成资产时不填"),
        day_column("日期"),
        ident_column("项目编号", "project", required=False, note="登记、不形成资产、增值时填写"),
        line_column("资产名称", "name", note="登记时填写"),
        code_column("资产类别", "asset_class", AssetClass, note="登记、分类时填写"),
        code_column("资产形态", "asset_form", AssetForm, note="登记时不填为固定资产"),
        _SUBCLASS,
        money_column("原值", "value_fen", required=False, note="登记、核定原值时填写;增值时填写增加的数"),
        line_column("数量", "quantity", note="登记时填写"),
        line_column("地点", "place", note="登记时填写坐落,公示时填写张贴地点"),
        flag_column("暂估", "provisional", "登记时填写,原值待决算的填是"),
        _SOURCES,
        word_column("不形成原因", "why", NO_ASSET, note="认定不形成资产时填写"),
        Column(
            "所有权人",
            "owners",
            lambda cell, _unit: parse_owners(as_text(cell)),
            note="公示、不经公示的确权时填写;编号:类别[:份额[:名称]],用分号隔开,如 V01:村集体:1/3;V02:村集体:2/3",
        ),
        code_column("份额依据", "basis", ShareBasis, note="公示时填写;由依据数算份额的,所有权人不必写份额"),
        Column(
            "依据数",
            "inputs",
            lambda cell, _unit: parse_all(as_text(cell), str.strip),
            note="每个所有权人一个,用分号隔开,如 30万元;20万元",
        ),
        code_column("公示渠道", "channel", NoticeChannel, note="公示时填写,不填为村公示栏"),
        day_column("公示起始日", "from_on", required=False, note="公示时填写"),
        day_column("公示截止日", "to_on", required=False, note="公示时填写"),
        ident_column("异议编号", "objection", required=False, note="异议、异议处理时填写"),
        line_column("异议内容", "content", note="异议时填写,不写姓名"),
        word_column("处理结果", "outcome", OUTCOMES, note="异议处理时填写"),
        line_column("决定单位", "authority", note="分类、异议处理、异议未结而确权时填写"),
        line_column("证书号", "certificate", note="颁证时填写"),
        line_column("移交单位", "giver", note="移交时填写"),
        line_column("接收单位", "receiver", note="移交时填写"),
        line_column("监交单位", "supervisor", note="移交时填写"),
        Column(
            "移交资料",
            "documents",
            lambda cell, _unit: parse_all(as_text(cell), str.strip),
            note="移交时填写,几件之间用分号隔开",
        ),
        line_column("遗留缺陷", "defects", note="移交时填写"),
        day_column("质保期止", "warranty_until", required=False, note="移交时填写"),
        money_column("尚欠款项", "debts_fen", required=False, note="移交时填写"),
        word_column("账簿", "books", {"state": "国有", "collective": "集体"}, note="入账时填写"),
        line_column("凭证号", "voucher", note="入账时填写"),
        DOCUMENT,
        REASON,
    ),
    _ASSET_STEPS,
    notes=("一行是一项资产的一个步骤;同一资产的各步骤按先后各写一行",),
)

_STOCK = Kind(
    "stocktake",
    "资产清查",
    (
        ident_column("资产编号", "asset"),
        day_column("日期", note="登记日期"),
        line_column("资产名称", "name", required=True),
        area_column("地区代码"),
        Column("乡镇代码", "town", typed(TownRef), code=True, note="九位区划代码"),
        Column("村代码", "village", typed(VillageRef), code=True, note="十二位区划代码"),
        year_column("形成年度", "project_year"),
        code_column("资产类别", "asset_class", AssetClass, required=True),
        code_column("资产形态", "asset_form", AssetForm, note="不填为固定资产"),
        _SUBCLASS,
        money_column("原值", "value_fen"),
        line_column("数量", "quantity"),
        line_column("地点", "place"),
        line_column("来由", "origin", required=True, note="如 2013年整村推进项目"),
        flag_column("暂估", "provisional", "原值待核定的填是"),
        _SOURCES,
        DOCUMENT,
        REASON,
    ),
    {"": Step(formation.TakeStock)},
    notes=("一行是一项账本启用之前形成的资产,从2012年起",),
)

_RIGHTS = Kind(
    "rights",
    "五权",
    (
        ident_column("资产编号", "asset"),
        Column(
            "权利", "right", typed(Line), required=True, choices=tuple(each.zh for each in Right), note="或另设的权利"
        ),
        day_column("起始日期"),
        word_column(
            "状态",
            "status",
            {"held": "已明确", "none": "无", "unsettled": "未明确"},
            note="不填为已明确;无、未明确时不写权利人,须写原因",
        ),
        ident_column("权利人编号", "holder", required=False),
        code_column("权利人类别", "kind", HolderKind),
        Column("份额", "share", read_share, note="如 1/3、60%、0.25;合计必须正好为 1"),
        line_column("权利人名称", "holder_name"),
        code_column("份额依据", "basis", ShareBasis, note="不填为按约定"),
        day_column("明确期限", "due_on", required=False, note="未明确时填写"),
        line_column("备注", "note", note="份额所依据的数字"),
        word_column("决定机构", "body", BODIES, note="收益权量化到户时填写"),
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

ASSETS: Final = (_ASSETS, _STOCK, _RIGHTS)

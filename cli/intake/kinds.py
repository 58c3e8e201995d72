"""The kinds of sheet that can be imported: which columns each has, and which command a row of it becomes."""

from __future__ import annotations

from typing import Final

from cli.holders import parse_holders
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
    read_idents,
    read_share,
    step_column,
    typed,
    word,
    year_column,
)
from cli.project_types import project_type_code, shipped_types
from ledger.codes import (
    AssetClass,
    AssetForm,
    FundKind,
    FundLevel,
    HolderKind,
    NoticeChannel,
    NoticeTemplate,
    Right,
    ShareBasis,
    TaskDirection,
)
from ledger.domain import confirmation, control, notice, payment, right, stages, tranche
from ledger.domain.command import TownRef, VillageRef

__all__ = ["KINDS"]

_DOCUMENT = line_column("文号", "document", note="依据文件的文号")
_REASON = line_column("原因", "reason", note="补记、取消等须写明")

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
        _REASON,
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
        _DOCUMENT,
        _REASON,
    ),
    {"": Step(tranche.DistributeTranche)},
)
_PROJECTS = Kind(
    "projects",
    "项目入库",
    (
        ident_column("项目编号", "project"),
        line_column("项目名称", "name", required=True),
        area_column("地区代码"),
        Column("乡镇代码", "town", typed(TownRef), code=True, note="九位区划代码"),
        Column("村代码", "village", typed(VillageRef), code=True, note="十二位区划代码"),
        year_column("项目年度", "project_year"),
        Column(
            "项目类型",
            "project_type",
            lambda cell, _unit: project_type_code(as_text(cell)),
            required=True,
            choices=tuple(shipped_types()),
        ),
        flag_column("认定为产业项目", "industry", "只在与项目类型的一般认定不同时填写,并写明原因"),
        line_column("建设内容", "content"),
        line_column("实施单位", "unit"),
        line_column("绩效目标", "goal"),
        money_column("概算", "estimate_fen", required=False),
        day_column("入库日期"),
        _DOCUMENT,
        _REASON,
    ),
    {"": Step(stages.ListProject)},
)
_ALLOCATIONS = Kind(
    "allocations",
    "资金安排",
    (
        ident_column("批次编号", "tranche"),
        ident_column("项目编号", "project"),
        money_column("金额"),
        day_column("日期"),
        _DOCUMENT,
        _REASON,
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
        _DOCUMENT,
        _REASON,
    ),
    _PAYMENT_STEPS,
)
_MILESTONE_STEPS: Final = {
    "批复": Step(stages.ApproveProject),
    "列入计划": Step(stages.PlanProject, {"amount_fen": "planned_fen"}),
    "开工": Step(stages.StartProject),
    "完成投资": Step(stages.ReportProgress, {"amount_fen": "invested_fen"}),
    "完工": Step(stages.CompleteProject),
    "验收": Step(stages.AcceptProject),
    "取消": Step(stages.CancelProject),
}
_MILESTONES = Kind(
    "milestones",
    "项目环节",
    (
        ident_column("项目编号", "project"),
        step_column("环节", _MILESTONE_STEPS),
        day_column("日期"),
        _DOCUMENT,
        money_column("金额", required=False, note="列入计划填计划投资,完成投资填新增的投资;其他环节不填"),
        year_column("计划年度", "project_year", required=False),
        _REASON,
    ),
    _MILESTONE_STEPS,
)
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
        _DOCUMENT,
        _REASON,
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
        _DOCUMENT,
        _REASON,
    ),
    {"": Step(right.SetRight)},
    group=Group(
        by=("asset", "right", "on"),
        into="holders",
        members={"holder": "holder", "kind": "kind", "share": "share", "holder_name": "name"},
    ),
    notes=("一个权利人一行;资产编号、权利、起始日期相同的各行要连在一起,合成一次设定",),
)
_NOTICES = Kind(
    "notices",
    "公示公告",
    (
        ident_column("公示编号", "notice"),
        code_column("种类", "template", NoticeTemplate, required=True),
        line_column("标题", "title", required=True),
        area_column("地区代码"),
        Column(
            "公开内容", "subjects", read_idents, required=True, note="批次、项目或资产的编号,几个之间用顿号或分号隔开"
        ),
        code_column("渠道", "channel", NoticeChannel, required=True),
        day_column("起始日", "from_on"),
        day_column("截止日", "to_on", required=False, note="长期公开的不填"),
        day_column("日期", required=False, note="登记所依的日期,不填为起始日"),
        line_column("内容散列", "content_hash", note="公示内容的 SHA-256"),
        _DOCUMENT,
        _REASON,
    ),
    {"": Step(notice.PublishNotice)},
)

_AREAS = Kind(
    "areas",
    "行政区划",
    (
        ident_column("代码", "code", note="六、九或十二位区划代码;上级写在下级之前"),
        line_column("名称", "name", required=True),
        day_column("启用日期", "valid_from"),
        day_column("停用日期", "valid_to", required=False, note="仍在使用的不填"),
        ident_column("接续代码", "successor", required=False),
        _DOCUMENT,
        _REASON,
    ),
    {"": Step(control.ListAreas)},
    group=Group(
        by=("document", "reason"),
        into="areas",
        members={name: name for name in ("code", "name", "valid_from", "valid_to", "successor")},
        most=500,
    ),
)

KINDS: Final = {
    kind.name: kind
    for kind in (
        *(_TRANCHES, _DISTRIBUTIONS, _PROJECTS, _ALLOCATIONS, _PAYMENTS),
        *(_MILESTONES, _ASSETS, _RIGHTS, _NOTICES, _AREAS),
    )
}
"""Every kind of sheet, by the name that ``--kind`` takes."""

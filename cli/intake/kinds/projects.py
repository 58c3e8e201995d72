"""Sheets of projects: declarations, the library, changes, and a project's steps."""

from __future__ import annotations

from typing import Final

from cli.intake.cells import as_text
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
    prose_column,
    step_column,
    typed,
    whole_column,
    year_column,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from cli.project_types import project_type_code, shipped_types
from cli.records import parse_all, parse_financing, parse_target
from ledger.codes import BuildKind
from ledger.domain import stages
from ledger.domain.command import TownRef, VillageRef

__all__ = ["PROJECTS"]

_PLACE: Final = (
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
)

_RECORD: Final = (
    prose_column("建设内容", "content"),
    line_column("实施单位", "unit"),
    code_column("建设性质", "build_kind", BuildKind),
    line_column("实施地点", "place"),
    day_column("计划开工日期", "begin_on", required=False),
    day_column("计划完工日期", "finish_on", required=False),
    money_column("概算", "estimate_fen", required=False),
    Column(
        "资金筹措",
        "financing",
        lambda cell, _unit: parse_all(as_text(cell), parse_financing),
        note="类别:级次:金额,几项用分号分开,如 衔接资金:中央:50万元;自筹:其他:2万元",
    ),
    whole_column("受益户数", "households"),
    whole_column("受益人数", "persons"),
    whole_column("其中脱贫户和监测户", "poor_households"),
    whole_column("其中脱贫人口和监测对象", "poor_persons"),
    prose_column("联农带农机制", "linkage"),
    prose_column("群众参与", "participation"),
    prose_column("绩效目标", "goal"),
    Column(
        "绩效指标",
        "goals",
        lambda cell, _unit: parse_all(as_text(cell), parse_target),
        note="指标:值:单位,几项用分号分开,如 受益户:120:户;新建大棚:30:亩",
    ),
)

_DECLARATIONS = Kind(
    "declarations",
    "项目申报",
    (*_PLACE, *_RECORD, day_column("申报日期"), DOCUMENT, REASON),
    {"": Step(stages.DeclareProject)},
)

_PROJECTS = Kind(
    "projects",
    "项目入库",
    (*_PLACE, *_RECORD, day_column("入库日期"), DOCUMENT, REASON),
    {"": Step(stages.ListProject)},
    notes=("已申报的项目,不填的内容以申报为准;内容不变的,也可用“项目环节”表登记入库",),
)

_AMENDMENTS = Kind(
    "amendments",
    "项目变更",
    (
        ident_column("项目编号", "project"),
        line_column("项目名称", "name", note="只填要变更的内容"),
        *_RECORD,
        day_column("变更日期"),
        line_column("文号", "document", required=True, note="批准变更的文号"),
        REASON,
    ),
    {"": Step(stages.AmendProject)},
)

_MILESTONE_STEPS: Final = {
    "乡镇审核": Step(stages.ReviewProject),
    "论证": Step(stages.AppraiseProject),
    "入库": Step(stages.ListProject),
    "批复": Step(stages.ApproveProject),
    "列入计划": Step(stages.PlanProject, {"amount_fen": "planned_fen"}),
    "签订合同": Step(stages.ContractProject, {"amount_fen": "contract_fen", "unit": "contractor"}),
    "开工": Step(stages.StartProject),
    "完成投资": Step(stages.ReportProgress, {"amount_fen": "invested_fen"}),
    "停工": Step(stages.SuspendProject),
    "复工": Step(stages.ResumeProject),
    "完工": Step(stages.CompleteProject),
    "验收": Step(stages.AcceptProject),
    "决算审计": Step(stages.SettleProject, {"amount_fen": "settled_fen", "unit": "auditor"}),
    "报账完结": Step(stages.ConcludeProject),
    "移交": Step(stages.HandOverProject, {"unit": "receiver"}),
    "出库": Step(stages.RemoveProject),
    "取消": Step(stages.CancelProject),
    "替换": Step(stages.ReplaceProject),
}

_MILESTONES = Kind(
    "milestones",
    "项目环节",
    (
        ident_column("项目编号", "project"),
        step_column("环节", _MILESTONE_STEPS),
        day_column("日期"),
        DOCUMENT,
        money_column(
            "金额",
            required=False,
            note="列入计划填计划投资,签订合同填合同金额,完成投资填新增的投资,决算审计填审定金额;其他环节不填",
        ),
        year_column("计划年度", "project_year", required=False),
        whole_column("形象进度", "percent", "完成投资时填写,0 至 100 的整数,累计数"),
        ident_column("合同编号", "contract", required=False, note="签订合同时填写"),
        line_column("单位", "unit", note="签订合同填承包单位,决算审计填审计单位,移交填接收单位"),
        ident_column("替换为", "successor", required=False, note="替换时填写新项目的编号"),
        REASON,
    ),
    _MILESTONE_STEPS,
)

PROJECTS: Final = (_DECLARATIONS, _PROJECTS, _AMENDMENTS, _MILESTONES)

"""Sheets of projects: the library and a project's steps."""

from __future__ import annotations

from typing import Final

from cli.intake.cells import as_text
from cli.intake.columns import Column
from cli.intake.kind import (
    Kind,
    Step,
    area_column,
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
from cli.project_types import project_type_code, shipped_types
from ledger.domain import stages
from ledger.domain.command import TownRef, VillageRef

__all__ = ["PROJECTS"]

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
        DOCUMENT,
        REASON,
    ),
    {"": Step(stages.ListProject)},
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
        DOCUMENT,
        money_column("金额", required=False, note="列入计划填计划投资,完成投资填新增的投资;其他环节不填"),
        year_column("计划年度", "project_year", required=False),
        REASON,
    ),
    _MILESTONE_STEPS,
)

PROJECTS: Final = (_PROJECTS, _MILESTONES)

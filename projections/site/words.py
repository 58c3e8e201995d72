"""What the steps of projects and assets are called on a public card; steps that are not named here are not shown."""

from __future__ import annotations

from typing import Final

__all__ = ["MILESTONES", "STEPS"]

MILESTONES: Final = {
    "declared": "申报",
    "reviewed": "乡镇审核",
    "appraised": "论证",
    "listed": "入库",
    "planned": "列入计划",
    "approved": "批复",
    "allocated": "安排资金",
    "published": "公开公示",
    "contracted": "签约",
    "started": "开工",
    "suspended": "停工",
    "resumed": "复工",
    "completed": "完工",
    "accepted": "验收",
    "settled": "决算",
    "concluded": "报账完结",
    "handed_over": "移交",
    "formed_asset": "形成资产",
    "formed_none": "不形成资产",
    "removed": "出库",
    "cancelled": "取消",
    "replaced": "被替换",
}
"""Milestones of projects, in the order of a project's life."""

STEPS: Final = {
    "identified": "登记",
    "ownership_noticed": "权属公示",
    "confirmed": "确权",
    "certified": "颁证",
    "handed_over": "移交",
    "booked": "入账",
    "classified": "重新分类",
    "value_finalised": "暂估转正",
    "value_added": "续建增值",
    "upkeep_assigned": "落实管护",
    "condition_assessed": "评定运行状况",
    "batch_classified": "四个一批分类",
    "counted": "清查",
    "transferred": "划转",
    "relocated": "属地变更",
    "split": "拆分",
    "merged_from": "并入其他资产",
    "disposal_proposed": "提出处置",
    "disposal_voted": "处置表决",
    "disposal_approved": "处置审批",
    "disposed": "处置",
    "proceeds_booked": "价款入账",
    "revival_opened": "盘活立项",
    "revival_closed": "盘活销号",
}
"""Steps of assets that concern the public: no objections of people, no losses laid to anybody."""

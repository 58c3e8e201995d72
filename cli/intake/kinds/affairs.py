"""Sheets of notices and areas."""

from __future__ import annotations

from typing import Final

from cli.intake.columns import Column
from cli.intake.kind import (
    Group,
    Kind,
    Step,
    area_column,
    code_column,
    day_column,
    ident_column,
    line_column,
    read_idents,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from ledger.codes import NoticeChannel, NoticeTemplate
from ledger.domain import control, notice

__all__ = ["AFFAIRS"]

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
        DOCUMENT,
        REASON,
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
        DOCUMENT,
        REASON,
    ),
    {"": Step(control.ListAreas)},
    group=Group(
        by=("document", "reason"),
        into="areas",
        members={name: name for name in ("code", "name", "valid_from", "valid_to", "successor")},
        most=500,
    ),
)

AFFAIRS: Final = (_NOTICES, _AREAS)

"""What the columns of exported views are called in Chinese: those of events, and the few that only facts have."""

from __future__ import annotations

from typing import Final

from cli.fields import FIELDS

__all__ = ["column_label"]

_OWN: Final = {
    "position": "序号",
    "effective_on": "业务日期",
    "recorded_at": "记账时间(UTC)",
    "measure": "措施代码",
    "milestone": "环节代码",
    "kind": "类别代码",
    "subject": "编号",
    "type": "类型代码",
    "year": "年度",
    "state": "状态代码",
    "source": "来源",
    "aspect": "变动方面",
    "life": "去留",
    "amount_fen": "金额(元)",
    "planned_fen": "计划金额(元)",
    "estimate_fen": "概算(元)",
}


def column_label(name: str) -> str:
    """Return the Chinese name of a column, with its field where two columns would be called the same."""
    known = _OWN.get(name) or FIELDS.get(name)
    return f"{known}[{name}]" if known else name

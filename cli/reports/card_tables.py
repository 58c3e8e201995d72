"""The tables of an asset's card: money, values, rights, contracts, classes, income, votes, notices."""

from __future__ import annotations

from typing import Any, Final

from cli.output import Table
from cli.words import code_name
from ledger.money import format_yuan

__all__ = ["card_tables"]

_STANDS: Final = (("文号", "document", ""), (">序号", "position", ""))
_HELD: Final = (("权利人", "", "holder"), (">份额", "", "share"))

_LAYOUT: Final = (
    (
        "资金来源",
        "sources",
        (("级次", "level", "level"), ("类别", "fund_kind", "fund_kind"), (">金额(元)", "amount_fen", "fen")),
    ),
    (
        "原值变动",
        "values",
        (("日期", "on", ""), (">变动(元)", "change_fen", "fen"), (">原值(元)", "value_fen", "fen"), *_STANDS),
    ),
    (
        "五权",
        "rights",
        (
            ("权利", "right_name", ""),
            ("状态", "status", "status"),
            *_HELD,
            ("自", "since", ""),
            ("应明确期限", "due_on", ""),
            *_STANDS,
        ),
    ),
    (
        "权利沿革",
        "settings",
        (("自", "on", ""), ("权利", "right", "right"), ("状态", "status", "status"), *_HELD, *_STANDS),
    ),
    (
        "经营合同",
        "contracts",
        (
            ("合同", "contract", ""),
            ("方式", "mode", "mode"),
            ("经营者", "operator", ""),
            ("起", "from_on", ""),
            ("止", "to_on", ""),
            ("终止", "ended_on", ""),
            (">应收(元)", "due_fen", "fen"),
            (">已收(元)", "received_fen", "fen"),
        ),
    ),
    ("四个一批", "batches", (("年度", "year", ""), ("分类", "batch", "batch"))),
    (
        "收益",
        "income",
        (
            ("账户", "scheme", ""),
            ("期间", "period", ""),
            ("项目", "cost", "cost"),
            ("口径", "own", "own"),
            (">金额(元)", "amount_fen", "fen"),
        ),
    ),
    (
        "处置表决",
        "votes",
        (
            ("日期", "on", ""),
            ("处置", "code", ""),
            ("主体", "body", "body"),
            (">应到", "members", ""),
            (">实到", "present", ""),
            (">赞成", "in_favour", ""),
            (">公示天数", "notice_days", ""),
            *_STANDS,
        ),
    ),
    (
        "公开",
        "notices",
        (
            ("公示", "notice", ""),
            ("标题", "title", ""),
            ("渠道", "channel", "channel"),
            ("起", "from_on", ""),
            ("止", "to_on", ""),
        ),
    ),
)
"""Heading, key of the report, and columns: head, field, and how it is shown: plain, money, or of which code list."""


def card_tables(more: dict[str, Any]) -> list[Table]:
    """Return the tables for which the card has anything to show."""
    return [
        Table(
            tuple(head for head, _, _ in columns),
            [[_cell(each, field, form) for _, field, form in columns] for each in more[key]],
            heading,
        )
        for heading, key, columns in _LAYOUT
        if more[key]
    ]


def _cell(each: dict[str, Any], field: str, form: str) -> str:
    value = each.get(field)
    match form:
        case "":
            return "" if value is None else str(value)
        case "fen":
            return format_yuan(int(value or 0))
        case "holder":
            kind = each.get("kind") or each.get("holder_kind")
            name = each.get("name") or each.get("holder_name") or each.get("holder") or ""
            return f"{name}({code_name('kind', kind)})" if kind else name
        case "share":
            return f"{each['numerator']}/{each['denominator']}" if each.get("holder") else ""
        case "status":
            return code_name("status", value or "unsettled")
        case "cost":
            return code_name("cost", value) if value else "收益"
        case "own":
            return "本资产" if value else "账户共用"
        case _:
            return code_name(form, value or "")

"""The Chinese of events: what each topic, field and coded value is called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.project_types import project_type_name
from ledger.codes import (
    AssetClass,
    AssetForm,
    Code,
    FundKind,
    FundLevel,
    HolderKind,
    NoticeChannel,
    NoticeTemplate,
    Right,
    ShareBasis,
    TaskDirection,
)
from ledger.dates import CHINA, from_utc_text
from ledger.money import format_capital, format_yuan

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FIELDS",
    "STAGES",
    "TOPICS",
    "amount_words",
    "beijing",
    "code_name",
    "field_text",
    "topic_name",
]

TOPICS: Final = {
    "areas.listed": "装入区划",
    "asset.booked": "资产入账",
    "asset.certified": "资产颁证",
    "asset.confirmed": "资产确权",
    "asset.handed_over": "资产移交",
    "asset.identified": "资产登记",
    "asset.ownership_noticed": "权属公示",
    "document.registered": "文件登记",
    "document.used": "文件再次使用",
    "event.reversed": "冲销",
    "ledger.opened": "账本启用",
    "notice.published": "公示公告",
    "project.accepted": "项目验收",
    "project.approved": "项目批复",
    "project.cancelled": "项目取消",
    "project.completed": "项目完工",
    "project.formed_asset": "项目形成资产",
    "project.funded": "项目收到安排",
    "project.listed": "项目入库",
    "project.paid": "资金支付",
    "project.planned": "列入年度计划",
    "project.progressed": "完成投资",
    "project.reimbursed": "资金报账",
    "project.released": "资金核拨",
    "project.started": "项目开工",
    "right.set": "设定权利",
    "rule.adopted": "采用规则包",
    "tranche.allocated": "资金安排",
    "tranche.distributed": "资金分解",
    "tranche.issued": "资金下达",
    "tranche.received": "收到分解",
    "tranche.recovered": "资金收回",
    "tranche.returned": "收回入账",
}

FIELDS: Final = {
    "advance": "提前下达",
    "amount_fen": "金额(元)",
    "area": "地区",
    "areas": "区划",
    "asset": "资产编号",
    "asset_class": "资产类别",
    "asset_form": "资产形态",
    "basis": "份额依据",
    "books": "账簿",
    "certificate": "证书号",
    "channel": "公示渠道",
    "child": "下级批次",
    "child_area": "下级地区",
    "confirmation_id": "确权编号",
    "formation_id": "形成编号",
    "content": "建设内容",
    "content_hash": "内容散列",
    "corrected_on": "更正日期",
    "dated": "发文日期",
    "purpose": "用途",
    "direction": "任务方向",
    "document": "文号",
    "due_on": "应明确期限",
    "effective_on": "业务日期",
    "estimate_fen": "概算(元)",
    "from_on": "起始日期",
    "fund_kind": "资金类别",
    "giver": "移交单位",
    "goal": "绩效目标",
    "holders": "权利人",
    "holdings": "权利人",
    "industry": "另行认定为产业",
    "invested_fen": "完成投资(元)",
    "issued_on": "发文日期",
    "issuer": "发文单位",
    "level": "资金级次",
    "name": "名称",
    "note": "备注",
    "notice": "公示编号",
    "number": "文号",
    "origin": "账本标识",
    "owners": "权利人",
    "pack": "规则包",
    "parent": "上级批次",
    "payee_kind": "收款方类别",
    "plan_year": "计划年度",
    "planned_fen": "计划投资(元)",
    "position": "账本位置",
    "project": "项目编号",
    "project_type": "项目类型",
    "project_year": "项目年度",
    "provisional": "暂估",
    "quantity": "数量",
    "reason": "原因",
    "receiver": "接收单位",
    "recovered_by": "收回单位",
    "reversed_position": "被冲销的序号",
    "reversed_state": "被冲销的内容",
    "reversed_stream": "被冲销的序列",
    "reversed_topic": "被冲销的类型",
    "reversed_version": "被冲销的版本",
    "right": "权利",
    "status": "状态",
    "subjects": "公示内容",
    "supervisor": "监交单位",
    "template": "公示种类",
    "text": "规则全文",
    "title": "标题",
    "to_on": "截止日期",
    "town": "乡镇",
    "tranche": "资金批次",
    "transfer_id": "资金流转号",
    "unit": "实施单位",
    "value_fen": "原值(元)",
    "version": "版本",
    "village": "村",
    "voucher": "凭证号",
}

STAGES: Final = {
    "listed": "入库",
    "approved": "批复",
    "planned": "列入计划",
    "started": "开工",
    "completed": "完工",
    "accepted": "验收",
    "cancelled": "取消",
    "identified": "登记",
    "noticed": "公示",
    "confirmed": "确权",
    "certified": "颁证",
    "handed_over": "移交",
    "booked": "入账",
}

_CODES: Final[Mapping[str, type[Code]]] = {
    "asset_class": AssetClass,
    "asset_form": AssetForm,
    "basis": ShareBasis,
    "channel": NoticeChannel,
    "direction": TaskDirection,
    "fund_kind": FundKind,
    "kind": HolderKind,
    "level": FundLevel,
    "right": Right,
    "template": NoticeTemplate,
}
_WORDS: Final = {
    ("books", "state"): "国有",
    ("books", "collective"): "集体",
    ("status", "held"): "已明确",
    ("status", "none"): "无",
    ("status", "unsettled"): "未明确",
    ("payee_kind", "unit"): "单位",
}


def topic_name(topic: str) -> str:
    """Return what a topic is called, or the topic itself where this program does not know it."""
    return TOPICS.get(topic, topic)


def code_name(field: str, code: str) -> str:
    """Return the Chinese name of a coded value, or the value itself where the field has no code list."""
    if field == "project_type":
        return project_type_name(code)
    if field == "reversed_topic":
        return topic_name(code)
    codes = _CODES.get(field)
    known = codes is not None and code in {str(member) for member in codes}
    return codes(code).zh if codes is not None and known else _WORDS.get((field, code), code)


def field_text(field: str, value: Any) -> str:  # noqa: ANN401 - any value of an event as JSON
    """Return the value of an event's field as people read it; empty where there is nothing to show."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.endswith("_fen") and isinstance(value, int):
        return format_yuan(value)
    if isinstance(value, list):
        return ";".join(_member_text(member) for member in value)
    return code_name(field, str(value))


def amount_words(fen: int) -> str:
    """Return an amount as an operator checks it: ``500,000.00 元(人民币伍拾万元整)``."""
    return f"{format_yuan(fen)} 元({format_capital(fen)})"


def beijing(recorded_at: str) -> str:
    """Return a moment of the log as Beijing time, to the second."""
    return f"{from_utc_text(recorded_at).astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if recorded_at else ""


def _member_text(member: Any) -> str:  # noqa: ANN401 - an element of an event's list as JSON
    if not isinstance(member, dict):
        return str(member)
    if "holder" in member:
        named = f"{member['name']} " if member.get("name") else ""
        share = f"{member['numerator']}/{member['denominator']}"
        return f"{named}{member['holder']}({code_name('kind', member['kind'])}){share}"
    return f"{member.get('name', '')}{member.get('code', '')}"

"""The Chinese of events: what each topic, field and coded value is called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.project_types import project_type_name
from ledger.codes import (
    AssetClass,
    AssetForm,
    BuildKind,
    Code,
    CreditorKind,
    DocumentKind,
    FindingKind,
    FindingSource,
    FundKind,
    FundLevel,
    HolderKind,
    MoveCause,
    NoticeChannel,
    NoticeTemplate,
    PayeeKind,
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
    "THINGS",
    "TOPICS",
    "amount_words",
    "beijing",
    "code_field",
    "code_name",
    "field_text",
    "topic_name",
]

TOPICS: Final = {
    "areas.listed": "装入区划",
    "arrear.recorded": "登记拖欠",
    "arrear.settled": "清偿拖欠",
    "asset.booked": "资产入账",
    "asset.certified": "资产颁证",
    "asset.confirmed": "资产确权",
    "asset.handed_over": "资产移交",
    "asset.identified": "资产登记",
    "asset.ownership_noticed": "权属公示",
    "document.amended": "文件更正",
    "document.attached": "文件关联",
    "document.registered": "文件登记",
    "document.used": "文件再次使用",
    "event.reversed": "冲销",
    "finding.closed": "问题销号",
    "finding.opened": "问题登记",
    "finding.progressed": "整改进展",
    "finding.reopened": "问题反弹",
    "finding.submitted": "申请销号",
    "indicator.reported": "指标填报",
    "ledger.opened": "账本启用",
    "notice.published": "公示公告",
    "project.accepted": "项目验收",
    "project.amended": "项目变更",
    "project.appraised": "项目论证",
    "project.approved": "项目批复",
    "project.cancelled": "项目取消",
    "project.completed": "项目完工",
    "project.concluded": "报账完结",
    "project.contracted": "签订合同",
    "project.declared": "项目申报",
    "project.evaluated": "绩效评价",
    "project.formed_asset": "项目形成资产",
    "project.funded": "项目收到安排",
    "project.handed_over": "项目移交",
    "project.listed": "项目入库",
    "project.monitored": "绩效监控",
    "project.paid": "资金支付",
    "project.planned": "列入年度计划",
    "project.progressed": "完成投资",
    "project.refunded": "退款",
    "project.reimbursed": "资金报账",
    "project.release_returned": "退回核拨",
    "project.released": "资金核拨",
    "project.removed": "项目出库",
    "project.replaced": "项目替换",
    "project.resumed": "项目复工",
    "project.retention_held": "预留质保金",
    "project.retention_released": "质保金到期",
    "project.reviewed": "乡镇审核",
    "project.settled": "决算审计",
    "project.started": "项目开工",
    "project.suspended": "项目停工",
    "project.withdrawn": "资金退出项目",
    "report.submitted": "报送报告",
    "right.set": "设定权利",
    "rule.adopted": "采用规则包",
    "tranche.allocated": "资金安排",
    "tranche.carried_over": "资金结转",
    "tranche.distributed": "资金分解",
    "tranche.issued": "资金下达",
    "tranche.received": "收到分解",
    "tranche.recovered": "资金收回",
    "tranche.regained": "资金退回批次",
    "tranche.returned": "收回入账",
    "year.closed": "年度结账",
}

FIELDS: Final = {
    "advance": "提前下达",
    "amount_fen": "金额(元)",
    "area": "地区",
    "areas": "区划",
    "arrear": "拖欠编号",
    "asset": "资产编号",
    "asset_class": "资产类别",
    "asset_form": "资产形态",
    "auditor": "审计单位",
    "balance_fen": "结转余额(元)",
    "base": "所依规则包",
    "basis": "份额依据",
    "begin_on": "计划开工",
    "books": "账簿",
    "build_kind": "建设性质",
    "by": "办理人",
    "cause": "调整原因",
    "certificate": "证书号",
    "channel": "公示渠道",
    "child": "下级批次",
    "child_area": "下级地区",
    "child_town": "下级乡镇",
    "child_unit": "下级单位",
    "confirmation_id": "确权编号",
    "content": "建设内容",
    "content_hash": "内容散列",
    "contract": "合同编号",
    "contract_fen": "合同金额(元)",
    "contractor": "承包单位",
    "corrected_on": "更正日期",
    "creditor_kind": "债权人类别",
    "dated": "发文日期",
    "deadline": "整改期限",
    "debtor": "欠款单位",
    "detail": "问题内容",
    "direct": "直达资金",
    "direction": "任务方向",
    "document": "文号",
    "due_on": "应明确期限",
    "effective_on": "业务日期",
    "estimate_change_fen": "概算变化(元)",
    "estimate_fen": "概算(元)",
    "evaluator": "评价单位",
    "evidence": "佐证散列",
    "expenditure_item": "支出科目",
    "fee_base_fen": "提取基数(元)",
    "fee_percent": "提取上限(%)",
    "file_hash": "文件散列",
    "financing": "资金筹措",
    "finding": "问题编号",
    "finish_on": "计划完工",
    "formation_id": "形成编号",
    "from_on": "起始日期",
    "from_year": "结转年度",
    "fund_kind": "资金类别",
    "giver": "移交单位",
    "goal": "绩效目标",
    "goals": "绩效指标",
    "grade": "评价等次",
    "holders": "权利人",
    "holdings": "权利人",
    "households": "受益户数",
    "incentive": "激励资金",
    "income_item": "收入科目",
    "indicator": "指标",
    "industry": "另行认定为产业",
    "invested_fen": "完成投资(元)",
    "issued_on": "发文日期",
    "issuer": "发文单位",
    "kind": "种类",
    "level": "资金级次",
    "linkage": "联农带农机制",
    "measures": "整改措施",
    "name": "名称",
    "note": "备注",
    "notice": "公示编号",
    "number": "文号",
    "on_track": "是否达到预期",
    "origin": "账本标识",
    "owners": "权利人",
    "pack": "规则包",
    "parent": "上级批次",
    "participation": "群众参与",
    "payee_kind": "收款方类别",
    "percent": "形象进度(%)",
    "period": "报告期",
    "persons": "受益人数",
    "place": "实施地点",
    "plan_year": "计划年度",
    "planned_fen": "计划投资(元)",
    "poor_households": "其中脱贫户和监测户",
    "poor_persons": "其中脱贫人口和监测对象",
    "position": "账本位置",
    "project": "项目编号",
    "project_code": "项目代码",
    "project_type": "项目类型",
    "project_year": "项目年度",
    "provisional": "暂估",
    "purpose": "用途",
    "quantity": "数量",
    "reason": "原因",
    "receiver": "接收单位",
    "recovered_by": "收回单位",
    "report": "报告",
    "reversed_position": "被冲销的序号",
    "reversed_state": "被冲销的内容",
    "reversed_stream": "被冲销的序列",
    "reversed_topic": "被冲销的类型",
    "reversed_version": "被冲销的版本",
    "right": "权利",
    "role": "关联事由",
    "score_hundredths": "得分(百分之一分)",
    "settled_fen": "审定金额(元)",
    "source": "问题来源层级",
    "status": "状态",
    "subject": "对象",
    "subject_kind": "对象种类",
    "subjects": "公示内容",
    "successor": "替换为",
    "supervisor": "监交单位",
    "template": "公示种类",
    "text": "规则全文",
    "title": "标题",
    "to_on": "截止日期",
    "town": "乡镇",
    "tranche": "资金批次",
    "transfer_id": "资金流转号",
    "unit": "实施单位",
    "value": "数值",
    "value_fen": "原值(元)",
    "version": "版本",
    "village": "村",
    "voucher": "凭证号",
    "year": "年度",
}

STAGES: Final = {
    "declared": "申报",
    "reviewed": "乡镇审核",
    "appraised": "论证",
    "listed": "入库",
    "amended": "变更",
    "planned": "列入计划",
    "approved": "批复",
    "contracted": "签约",
    "started": "开工",
    "progressed": "填报进度",
    "suspended": "停工",
    "resumed": "复工",
    "completed": "完工",
    "accepted": "验收",
    "settled": "决算",
    "concluded": "报账完结",
    "removed": "出库",
    "cancelled": "取消",
    "replaced": "替换",
    "identified": "登记",
    "noticed": "公示",
    "confirmed": "确权",
    "certified": "颁证",
    "handed_over": "移交",
    "booked": "入账",
}

THINGS: Final = {
    "areas": "区划",
    "arrear": "拖欠",
    "asset": "资产",
    "document": "文件",
    "finding": "整改问题",
    "indicator": "指标",
    "ledger": "账本",
    "notice": "公示",
    "project": "项目",
    "right": "权利",
    "rules": "规则包",
    "submission": "报告",
    "tranche": "资金批次",
    "year": "年度",
}
"""What has a history of its own, by the first word of its stream's name."""

_CODES: Final[Mapping[str, type[Code]]] = {
    "asset_class": AssetClass,
    "asset_form": AssetForm,
    "basis": ShareBasis,
    "build_kind": BuildKind,
    "cause": MoveCause,
    "channel": NoticeChannel,
    "creditor_kind": CreditorKind,
    "direction": TaskDirection,
    "document_kind": DocumentKind,
    "finding_kind": FindingKind,
    "fund_kind": FundKind,
    "kind": HolderKind,
    "level": FundLevel,
    "payee_kind": PayeeKind,
    "right": Right,
    "source": FindingSource,
    "template": NoticeTemplate,
}
_WORDS: Final = {
    ("books", "state"): "国有",
    ("books", "collective"): "集体",
    ("status", "held"): "已明确",
    ("status", "none"): "无",
    ("status", "unsettled"): "未明确",
}


def topic_name(topic: str) -> str:
    """Return what a topic is called, or the topic itself where this program does not know it."""
    return TOPICS.get(topic, topic)


def code_field(topic: str, field: str) -> str:
    """Return the name under which a field's codes are known: a finding has other kinds than a holder."""
    own = f"{topic.partition('.')[0]}_{field}"
    return own if own in _CODES else field


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
    if "indicator" in member:
        return f"{member['indicator']} {member['target']}{member['unit']}"
    if "fund_kind" in member:
        source = f"{code_name('level', member['level'])}{code_name('fund_kind', member['fund_kind'])}"
        return f"{source} {format_yuan(member['amount_fen'])} 元"
    return f"{member.get('name', '')}{member.get('code', '')}"

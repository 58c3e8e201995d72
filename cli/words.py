"""The Chinese of events: what each topic, field and coded value is called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.fields import FIELDS
from cli.named_codes import listed_name
from cli.project_types import project_type_name
from cli.topics import TOPICS
from ledger.codes import (
    AssetClass,
    AssetCondition,
    AssetForm,
    BuildKind,
    Code,
    ContractClause,
    ContractEnding,
    ContractMoney,
    CreditorKind,
    DisposalReason,
    DisposalWay,
    DocumentKind,
    FigureUnit,
    FindingKind,
    FindingSource,
    FourBatch,
    FundKind,
    FundLevel,
    HolderKind,
    LedgerMode,
    MoveCause,
    NoticeChannel,
    NoticeTemplate,
    OperationMode,
    PayeeKind,
    ReturnKind,
    Right,
    Role,
    ShareBasis,
    TaskDirection,
)
from ledger.dates import CHINA, from_utc_text
from ledger.money import format_capital, format_yuan

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BODIES",
    "COUNTS",
    "DESTINATIONS",
    "FIELDS",
    "LIVES",
    "MONEY_OF_ASSETS",
    "NO_ASSET",
    "OUTCOMES",
    "SEVERITIES",
    "STAGES",
    "THINGS",
    "TOPICS",
    "TRANSFERS",
    "amount_words",
    "beijing",
    "code_field",
    "code_name",
    "field_text",
    "topic_name",
]

SEVERITIES: Final = {"serious": "严重", "attention": "关注", "hint": "提示"}
"""How grave a red flag is."""

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
    "formed_asset": "形成资产",
    "formed_none": "不形成资产",
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

LIVES: Final = {"live": "在册", "disposed": "已处置", "merged": "已并入其他资产", "closed": "已销户"}
"""How an asset's life stands."""

NO_ASSET: Final = {
    "consumed": "消耗灭失",
    "operating_cost": "运行费用",
    "service": "服务",
    "wages": "工资劳务",
    "other": "其他",
}
"""Why a project forms no asset."""

BODIES: Final = {
    "members": "成员大会",
    "representatives": "成员代表大会",
    "villagers": "村民会议",
    "unit": "单位集体决策",
}
"""Who votes on a disposal."""

DESTINATIONS: Final = {"treasury": "国库", "collective": "集体", "reinvested": "再投资"}
"""Where the price of a disposed asset goes."""

MONEY_OF_ASSETS: Final = {"principal": "本金", "proceeds": "处置价款", "income": "收益"}
"""Which money of an asset went into another one."""

TRANSFERS: Final = {"allocated": "划转", "assigned": "转让", "bought_back": "回购", "ruled": "裁决"}
"""How an asset went to another owner."""

OUTCOMES: Final = {"upheld": "成立", "rejected": "不成立", "withdrawn": "撤回"}
"""How an objection was resolved."""

COUNTS: Final = {"matches": "相符", "differs": "有差异", "missing": "缺失"}
"""What a yearly count found."""

THINGS: Final = {
    "areas": "区划",
    "arrear": "拖欠",
    "asset": "资产",
    "contract": "经营合同",
    "document": "文件",
    "figure": "公布数",
    "finding": "整改问题",
    "indicator": "指标",
    "ledger": "账本",
    "notice": "公示",
    "people": "人员",
    "project": "项目",
    "proposal": "提议",
    "right": "权利",
    "rules": "规则包",
    "scheme": "收益账户",
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
    "buyer_kind": HolderKind,
    "cause": MoveCause,
    "channel": NoticeChannel,
    "clauses": ContractClause,
    "batch": FourBatch,
    "condition": AssetCondition,
    "contract_why": ContractEnding,
    "creditor_kind": CreditorKind,
    "direction": TaskDirection,
    "document_kind": DocumentKind,
    "figure_unit": FigureUnit,
    "finding_kind": FindingKind,
    "fund_kind": FundKind,
    "kind": HolderKind,
    "level": FundLevel,
    "mode": OperationMode,
    "operator_kind": HolderKind,
    "payee_kind": PayeeKind,
    "return_kind": ReturnKind,
    "right": Right,
    "role_role": Role,
    "ledger_mode": LedgerMode,
    "source": FindingSource,
    "template": NoticeTemplate,
    "way": DisposalWay,
    "what": ContractMoney,
}
_WORDS: Final = {
    **{("why", code): word for code, word in NO_ASSET.items()},
    **{("why", reason.value): reason.zh for reason in DisposalReason},
    **{("outcome", code): word for code, word in OUTCOMES.items()},
    **{("body", code): word for code, word in BODIES.items()},
    **{("destination", code): word for code, word in DESTINATIONS.items()},
    **{("money", code): word for code, word in MONEY_OF_ASSETS.items()},
    **{("way", code): word for code, word in TRANSFERS.items()},
    **{("outcome", code): word for code, word in COUNTS.items()},
    ("figure_kind", "quantity"): "数量",
    ("figure_kind", "rate"): "比率",
    ("figure_kind", "rest"): "比率的分母减分子",
    ("figure_kind", "share"): "占比口径",
    ("books", "state"): "国有",
    ("books", "collective"): "集体",
    ("status", "held"): "已明确",
    ("status", "none"): "无",
    ("status", "unsettled"): "未明确",
}

_OWN_WORDS: Final = frozenset(field for field, _ in _WORDS)


def topic_name(topic: str) -> str:
    """Return what a topic is called, or the topic itself where this program does not know it."""
    return TOPICS.get(topic, topic)


def code_field(topic: str, field: str) -> str:
    """Return the name under which a field's codes are known: a finding has other kinds than a holder."""
    own = f"{topic.partition('.')[0]}_{field}"
    return own if own in _CODES or own in _OWN_WORDS else field


def code_name(field: str, code: str) -> str:
    """Return the Chinese name of a coded value, or the value itself where the field has no code list."""
    if field == "project_type":
        return project_type_name(code)
    if field == "reversed_topic":
        return topic_name(code)
    if (listed := listed_name(field, code)) is not None:
        return listed
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
    if isinstance(value, dict):
        return ",".join(f"{FIELDS.get(name, name)} {field_text(name, each)}" for name, each in value.items() if each)
    if field == "rows":
        return f"{len(value)} 行"
    if isinstance(value, list):
        return ";".join(_member_text(field, member) for member in value)
    return code_name(field, str(value))


def amount_words(fen: int) -> str:
    """Return an amount as an operator checks it: ``500,000.00 元(人民币伍拾万元整)``."""
    return f"{format_yuan(fen)} 元({format_capital(fen)})"


def beijing(recorded_at: str) -> str:
    """Return a moment of the log as Beijing time, to the second."""
    return f"{from_utc_text(recorded_at).astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if recorded_at else ""


def _member_text(field: str, member: Any) -> str:  # noqa: ANN401 - an element of an event's list as JSON
    if not isinstance(member, dict):
        return code_name(field, str(member))
    if "holder" in member:
        named = f"{member['name']} " if member.get("name") else ""
        share = f"{member['numerator']}/{member['denominator']}"
        return f"{named}{member['holder']}({code_name('kind', member['kind'])}){share}"
    if "payee" in member:
        return _payee_text(member)
    if "on" in member:
        return f"{member['on']} {code_name('what', member['what'])} {format_yuan(member['amount_fen'])} 元"
    if "indicator" in member:
        return f"{member['indicator']} {member['target']}{member['unit']}"
    if "fund_kind" in member:
        source = f"{code_name('level', member['level'])}{code_name('fund_kind', member['fund_kind'])}"
        return f"{source} {format_yuan(member['amount_fen'])} 元"
    return f"{member.get('name', '')}{member.get('code', '')}"


def _payee_text(member: Mapping[str, Any]) -> str:
    """Return a line of a plan (an amount) or of a rule (a share)."""
    if "amount_fen" in member:
        return f"{member['payee']} {format_yuan(member['amount_fen'])} 元"
    least = "至少 " if member["floor"] else ""
    return f"{member['name']} {member['payee']} {least}{member['numerator']}/{member['denominator']}"

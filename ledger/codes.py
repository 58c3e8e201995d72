"""The closed lists of codes that events and reports use, each with its one Chinese name.

A code is what is stored and exchanged; the Chinese name is what people see and may type. Project types are not
here: a county may set what counts as industry, so they live in the rule pack.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import ClassVar, Self, TypeVar, cast

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError

__all__ = [
    "AssetClass",
    "AssetCondition",
    "AssetForm",
    "BuildKind",
    "Code",
    "ContractClause",
    "ContractEnding",
    "ContractMoney",
    "CreditorKind",
    "DisposalReason",
    "DisposalWay",
    "DocumentKind",
    "FigureUnit",
    "FindingKind",
    "FindingSource",
    "FourBatch",
    "FundKind",
    "FundLevel",
    "HolderKind",
    "LedgerMode",
    "MoveCause",
    "NoticeChannel",
    "NoticeTemplate",
    "OperationMode",
    "PayeeKind",
    "ReturnKind",
    "Right",
    "Role",
    "ShareBasis",
    "TaskDirection",
    "check_fund_kind",
    "name_of",
    "parse_code",
]


class Code(StrEnum):
    """A member of a code list: its value is the code, ``zh`` its Chinese name; ``subject`` is what the list is of."""

    zh: str
    subject: ClassVar[str]

    # The default serves `FundKind("bond")`, which type checkers measure against this signature.
    def __new__(cls, code: str, zh: str = "") -> Self:
        """Make the code itself the value, so that a stored code finds its member again."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        return member

    def __init_subclass__(cls, *, subject: str) -> None:
        super().__init_subclass__()
        cls.subject = subject


class FundLevel(Code, subject="资金级次"):
    """The government whose budget the money comes from."""

    CENTRAL = "central", "中央"
    PROVINCIAL = "provincial", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    OTHER = "other", "其他"


class FundKind(Code, subject="资金类别"):
    """The programme the money belongs to, which decides the rules it is under."""

    TRANSITION = "transition", "衔接资金"
    REGULAR = "regular", "常态化帮扶资金"
    EAST_WEST = "east_west", "东西部协作"
    INTEGRATED = "integrated", "涉农整合"
    BOND = "bond", "债券"
    SOCIAL = "social", "社会帮扶"
    DESIGNATED = "designated", "定点帮扶"
    SELF_RAISED = "self_raised", "自筹"


class TaskDirection(Code, subject="资金任务方向"):
    """The purpose a tranche of transition money is issued for; other money is unspecified."""

    CONSOLIDATION = "consolidation", "巩固拓展脱贫攻坚成果和乡村振兴"
    WORK_RELIEF = "work_relief", "以工代赈"
    ETHNIC = "ethnic", "少数民族发展"
    STATE_FARM = "state_farm", "欠发达国有农场"
    FOREST_FARM = "forest_farm", "欠发达国有林场"
    PASTURE = "pasture", "欠发达国有牧场"
    SANXI = "sanxi", "“三西”农业建设"
    RELOCATION = "relocation", "易地搬迁后续扶持"
    UNSPECIFIED = "unspecified", "未分方向"


class MoveCause(Code, subject="资金调整原因"):
    """Why money left a project for its tranche, or reached a project a second time (funds.md 7.2)."""

    ADJUSTED = "adjusted", "计划调整"
    REPLACED = "replaced", "项目替换"
    RECOVERED = "recovered", "收回"
    SURPLUS = "surplus", "结余"
    REALLOCATED = "reallocated", "收回后再安排"


class PayeeKind(Code, subject="收款方类别"):
    """What a payee is; never who."""

    UNIT = "unit", "单位"
    COMPANY = "company", "企业"
    COOPERATIVE = "cooperative", "农民专业合作社"
    COLLECTIVE = "collective", "村集体"
    HOUSEHOLD = "household", "农户"
    WORKERS = "workers", "务工人员"


class BuildKind(Code, subject="建设性质"):
    """Whether a project builds something new (funds.md 4.2)."""

    NEW = "new", "新建"
    CONTINUED = "continued", "续建"
    EXTENSION = "extension", "改扩建"
    REPAIR = "repair", "维修"


class DocumentKind(Code, subject="文件种类"):
    """What a document does (funds.md 7.1)."""

    INDICATOR = "indicator", "资金指标文件"
    PLAN = "plan", "项目计划文件"
    REQUEST = "request", "请示"
    APPROVAL = "approval", "批复"
    ADJUSTMENT = "adjustment", "调整文件"
    ACCEPTANCE = "acceptance", "验收文件"
    AUDIT = "audit", "审计或决算报告"
    NOTICE = "notice", "公告公示"
    CONTRACT = "contract", "合同"
    RULE = "rule", "制度办法"
    OTHER = "other", "其他"


class FindingSource(Code, subject="问题来源层级"):
    """Which level found a fault (seed clause (二))."""

    CENTRAL = "central", "中央"
    PROVINCIAL = "provincial", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"


class FindingKind(Code, subject="问题来源"):
    """By what work a fault was found (seed clause (二))."""

    ASSESSMENT = "assessment", "考核评估"
    INSPECTION = "inspection", "巡视巡察"
    AUDIT = "audit", "审计"
    SUPERVISION = "supervision", "督查暗访"
    SELF = "self", "自查"


class FigureUnit(Code, subject="公布数的单位"):
    """What a reported figure is printed in."""

    PERCENT = "percent", "%"
    YUAN = "yuan", "元"
    WAN = "wan", "万元"
    YI = "yi", "亿元"
    COUNT = "count", "个"


class CreditorKind(Code, subject="债权人类别"):
    """To whom money is owed in arrears (两拖欠)."""

    ENTERPRISE = "enterprise", "企业"
    WORKERS = "workers", "农民工"


class AssetClass(Code, subject="资产类别"):
    """The three classes of the national opinion on help-project assets (国办函〔2021〕51号)."""

    OPERATING = "operating", "经营性"
    PUBLIC = "public", "公益性"
    HOUSEHOLD = "household", "到户类"


class AssetForm(Code, subject="资产形态"):
    """What the asset is made of, independent of its class."""

    FIXED = "fixed", "固定资产"
    BIOLOGICAL = "biological", "生物性资产"
    EQUITY = "equity", "股权"
    DEBT_CLAIM = "debt_claim", "债权"
    RECOVERED_MONEY = "recovered_money", "回收资金"
    INTANGIBLE = "intangible", "无形资产"


class AssetCondition(Code, subject="运行状况"):
    """How an asset runs (assets.md 4.3; the list is ours)."""

    NOT_YET = "not_yet", "未投用"
    GOOD = "good", "良好"
    ORDINARY = "ordinary", "一般"
    LOW = "low_efficiency", "低效"
    IDLE = "idle", "闲置"
    STOPPED = "stopped", "停用"
    DAMAGED = "damaged", "损毁"
    LOST = "lost", "灭失"


class FourBatch(Code, subject="四个一批分类"):
    """The yearly class of a help-industry project (农规发〔2024〕26号)."""

    CONSOLIDATE = "consolidate", "巩固一批"
    UPGRADE = "upgrade", "升级一批"
    REVIVE = "revive", "盘活一批"
    ADJUST = "adjust", "调整一批"


class OperationMode(Code, subject="经营方式"):
    """How an asset is run (assets.md 2.1, 4.1)."""

    SELF_RUN = "self_run", "自主经营"
    LEASE = "lease", "租赁"
    CONTRACT = "contract", "承包"
    ENTRUST = "entrust", "委托经营"
    SHARE_IN = "share_in", "入股"
    DEBT = "debt", "债权投资"
    COOPERATION = "cooperation", "合作经营"


class ContractClause(Code, subject="合同条款"):
    """What an operation contract can settle (assets.md 4.1)."""

    RISK = "risk", "风险承担"
    EXIT = "exit", "退出"
    PRINCIPAL = "principal", "本金返还"
    INSURANCE = "insurance", "保险"
    TAX = "tax", "税费"
    REPAIR = "repair", "维修"
    SUBLEASE = "sublease", "转租"
    JOBS = "jobs", "带动就业"


class ContractEnding(Code, subject="终止缘由"):
    """How a contract ended."""

    EXPIRED = "expired", "到期终止"
    EARLY = "early", "提前终止"
    RENEWED = "renewed", "续签"
    VOID = "void", "无效"


class ContractMoney(Code, subject="款项"):
    """What is paid under a contract."""

    RENT = "rent", "租金或收益"
    PRINCIPAL = "principal", "本金"
    BUY_BACK = "buy_back", "回购款"
    DEPOSIT = "deposit", "押金"


class ReturnKind(Code, subject="收益方式"):
    """How the return of a contract is reckoned."""

    FIXED = "fixed", "固定金额"
    PERCENT = "percent", "按基数比例"
    PROFIT = "profit", "按利润比例"
    PER_UNIT = "per_unit", "按单位计"


class DisposalWay(Code, subject="处置方式"):
    """By which way an asset goes (assets.md 4.6)."""

    TRANSFER = "transfer", "转让"
    AUCTION = "auction", "拍卖"
    SWAP = "swap", "置换"
    SCRAP = "scrap", "报废"
    WRITE_OFF = "write_off", "核销"
    DEMOLITION = "demolition", "拆除"


class DisposalReason(Code, subject="处置原因"):
    """Why an asset goes (assets.md 4.6)."""

    OBSOLETE = "obsolete", "技术淘汰或不可修复"
    EXPIRED = "expired", "超过使用年限"
    FORCE_MAJEURE = "force_majeure", "不可抗力"
    PLANNING = "planning", "规划调整"
    LOW_EFFECT = "low_effect", "低效转换"
    MATURED = "matured", "到期退出"
    CONSUMED = "consumed", "消耗灭失"
    OTHER = "other", "其他"


class HolderKind(Code, subject="持有人类别"):
    """Who can hold a right; a village committee holds in place of a collective that does not exist yet."""

    STATE_UNIT = "state_unit", "国有单位"
    TOWN_COLLECTIVE = "town_collective", "乡镇集体"
    VILLAGE_COLLECTIVE = "village_collective", "村集体"
    GROUP_COLLECTIVE = "group_collective", "组集体"
    VILLAGE_COMMITTEE = "village_committee", "村民委员会"
    HOUSEHOLD = "household", "农户"
    COOPERATIVE = "cooperative", "农民专业合作社"
    COMPANY = "company", "企业"
    FUND = "fund", "基金"
    SUPERVISOR = "supervisor", "监督机构"
    OTHER = "other", "其他"


class Right(Code, subject="权利"):
    """The five rights (五权) of an asset."""

    OWNERSHIP = "ownership", "所有权"
    OPERATION = "operation", "经营权"
    INCOME = "income", "收益权"
    SUPERVISION = "supervision", "监督权"
    DISPOSAL = "disposal", "处置权"


class LedgerMode(Code, subject="记账方式"):
    """Whether a ledger is kept by one person without signatures, or by several who sign."""

    TRIAL = "trial", "试用:一人记账,不签名"
    SIGNED = "signed", "签名,双人复核"


class Role(Code, subject="岗位"):
    """What a person may do in a signed ledger; which topics that covers is data of the rule pack."""

    MAKER = "maker", "经办"
    CHECKER = "checker", "审核"
    APPROVER = "approver", "审批"
    PUBLISHER = "publisher", "公开"
    AUDITOR = "auditor", "审计"
    ADMIN = "admin", "系统管理"


class ShareBasis(Code, subject="份额依据"):
    """Why the shares of a right are what they are."""

    CONTRIBUTION = "contribution", "按出资"
    CAPACITY = "capacity", "按容量"
    AGREED = "agreed", "按约定"
    EQUAL = "equal", "均等"
    STATUTORY = "statutory", "法定"


class NoticeChannel(Code, subject="公示渠道"):
    """Where a notice was made public."""

    WEBSITE = "website", "政府网站"
    VILLAGE_BOARD = "village_board", "村公示栏"
    TOWNSHIP_BOARD = "township_board", "乡镇公示栏"
    COUNTY_BOARD = "county_board", "县级公示栏"
    NEWSPAPER = "newspaper", "报刊"
    SITE_BOARD = "site_board", "项目现场公示牌"
    OTHER = "other", "其他"


class NoticeTemplate(Code, subject="公示种类"):
    """What a notice is about (funds.md 5)."""

    ALLOCATION = "allocation", "资金分配结果"
    PLAN = "plan", "年度项目计划"
    ADJUSTMENT = "adjustment", "计划调整"
    BEFORE_START = "before_start", "项目实施前公示"
    COMPLETION = "completion", "项目完工公告"
    LIBRARY = "library", "项目库"
    PLAN_COMPLETION = "plan_completion", "计划完成情况"
    ASSET = "asset", "资产"
    RIGHTS = "rights", "权利分置"
    INCOME = "income", "收益分配"


_FIRST_PLAN_YEAR = {FundKind.REGULAR: 2026}  # 2026 is the first year of 常态化帮扶

C = TypeVar("C", bound=Code)


def parse_code(codes: type[C], text: str) -> C:
    """Return the member of ``codes`` that ``text`` names, by its code or its Chinese name.

    Raises `ValueRefusedError` ``code.unknown`` with the accepted ones in the hint.
    """
    member = _members(codes).get(half_width(text))
    if member is not None:
        return cast("C", member)
    accepted = "、".join(f"{member.zh}({member.value})" for member in codes)
    raise ValueRefusedError("code.unknown", f"{quoted(text)}不是已知的{codes.subject}", hint=f"可填:{accepted}")


@cache
def _members(codes: type[Code]) -> dict[str, Code]:
    found: dict[str, Code] = {}
    for member in codes:
        found.setdefault(member.value, member)
        found.setdefault(member.zh, member)
    return found


def name_of(codes: type[Code], code: str) -> str:
    """Return the Chinese name of a stored ``code``; raises `ValueRefusedError` ``code.unknown`` like `parse_code`."""
    return parse_code(codes, code).zh


def check_fund_kind(kind: FundKind, plan_year: int) -> FundKind:
    """Return ``kind`` when money of that kind exists for ``plan_year``.

    The year decides and not the date of the document, because next year's money is issued in advance at the end of
    this year. Raises `ValueRefusedError` ``code.not_yet_valid``.
    """
    first = _FIRST_PLAN_YEAR.get(kind, plan_year)
    if plan_year < first:
        message = f"{kind.zh}从 {first} 年度开始设立,{plan_year} 年度还没有这类资金"
        raise ValueRefusedError("code.not_yet_valid", message, hint="请核对资金类别和计划年度")
    return kind

"""Sheets of documents, notices, findings, arrears, what areas report, and areas themselves."""

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
    money_column,
    read_idents,
    read_number,
    step_column,
    typed,
)
from cli.intake.kinds.common import DOCUMENT, REASON
from ledger.codes import CreditorKind, DocumentKind, FindingKind, FindingSource, NoticeChannel, NoticeTemplate
from ledger.domain import arrear, control, document, finding, notice, reporting
from ledger.domain.command import AreaRef, Prose, TownRef

__all__ = ["AFFAIRS"]

_DOCUMENT_STEPS: Final = {"登记": Step(document.RegisterDocument), "更正": Step(document.AmendDocument)}

_DOCUMENTS = Kind(
    "documents",
    "文件",
    (
        step_column("类型", _DOCUMENT_STEPS),
        line_column("文号", "number", required=True),
        line_column("发文单位", "issuer", required=True),
        day_column("发文日期", "dated"),
        code_column("种类", "kind", DocumentKind, required=True),
        line_column("标题", "title", required=True),
        line_column("文件散列", "file_hash", note="文件的 SHA-256"),
        day_column("日期", required=False, note="登记日期,不填为发文日期"),
        REASON,
    ),
    _DOCUMENT_STEPS,
    notes=("更正须写明更正后的全部内容和原因",),
)

_TOWN: Final = Column("乡镇代码", "town", typed(TownRef), code=True, note="九位区划代码")
_FINDING_STEPS: Final = {
    "登记": Step(finding.OpenFinding),
    "进展": Step(finding.ProgressFinding),
    "申请销号": Step(finding.SubmitFinding),
    "销号": Step(finding.CloseFinding),
    "反弹": Step(finding.ReopenFinding),
}

_FINDINGS = Kind(
    "findings",
    "整改问题",
    (
        step_column("环节", _FINDING_STEPS),
        ident_column("问题编号", "finding"),
        day_column("日期"),
        Column("地区代码", "area", typed(AreaRef), code=True, note="登记时填写,六位区划代码"),
        _TOWN,
        code_column("来源层级", "source", FindingSource, note="登记时填写"),
        code_column("问题来源", "kind", FindingKind, note="登记时填写"),
        line_column("责任单位", "unit", note="登记时填写"),
        day_column("整改期限", "deadline", required=False, note="登记和反弹时填写"),
        line_column("问题", "title", note="登记时填写"),
        Column("具体内容", "detail", typed(Prose)),
        Column("整改措施", "measures", typed(Prose)),
        ident_column("项目编号", "project", required=False),
        line_column("说明", "note", note="进展、申请销号、销号时填写"),
        line_column("佐证散列", "evidence", note="佐证文件的 SHA-256"),
        DOCUMENT,
        REASON,
    ),
    _FINDING_STEPS,
    notes=("一行是一个问题的一个环节,按先后各写一行;销号须由申请人以外的人另行导入",),
)

_ARREAR_STEPS: Final = {"登记": Step(arrear.RecordArrear), "清偿": Step(arrear.SettleArrear)}

_ARREARS = Kind(
    "arrears",
    "拖欠",
    (
        step_column("类型", _ARREAR_STEPS),
        ident_column("拖欠编号", "arrear"),
        day_column("日期"),
        money_column("金额"),
        Column("地区代码", "area", typed(AreaRef), code=True, note="登记时填写,六位区划代码"),
        _TOWN,
        line_column("欠款单位", "debtor", note="登记时填写"),
        code_column("债权人类别", "creditor_kind", CreditorKind, note="登记时填写;只记类别,不记姓名"),
        ident_column("项目编号", "project", required=False),
        day_column("应付日期", "due_on", required=False),
        line_column("凭证号", "voucher", note="清偿时填写"),
        DOCUMENT,
        REASON,
    ),
    _ARREAR_STEPS,
)

_INDICATORS = Kind(
    "indicators",
    "目标指标",
    (
        ident_column("指标", "indicator"),
        area_column("地区代码"),
        line_column("报告期", "period", required=True, note="2022、2022Q1、2022H1、2022-03"),
        Column("数值", "value", read_number, required=True, note="只填数字,如 98.3"),
        line_column("单位", "unit", note="填写时须与目标一致"),
        day_column("日期"),
        DOCUMENT,
        REASON,
    ),
    {"": Step(reporting.ReportIndicator)},
)

_SUBMISSIONS = Kind(
    "submissions",
    "报告报送",
    (
        ident_column("报告", "report", note="规则包要求的报告,如 quarterly"),
        area_column("地区代码"),
        line_column("报告期", "period", required=True, note="2022、2022Q1、2022H1、2022-03"),
        line_column("报送单位", "unit", required=True),
        day_column("日期"),
        DOCUMENT,
        REASON,
    ),
    {"": Step(reporting.SubmitReport)},
)

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

AFFAIRS: Final = (_DOCUMENTS, _NOTICES, _FINDINGS, _ARREARS, _INDICATORS, _SUBMISSIONS, _AREAS)

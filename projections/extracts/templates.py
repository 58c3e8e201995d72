"""The kinds of notice (模板 A-G, and assets, rights, income): the columns each may show, and the lines it shows.

The column lists are allow-lists. A template's lines are cut for one area and plan year; notices of a town or village
are cut to it. Source: funds.md 5 (templates and the fields that real notices carry), assets.md 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ledger.codes import NoticeTemplate
from ledger.errors import ValueRefusedError
from ledger.log.schema import origin_of
from projections.extracts import lines_of_assets, lines_of_projects
from projections.extracts.extract import Column, Extract
from projections.scope import open_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from projections.extracts.extract import Line
    from projections.scope import Question, Scope

__all__ = ["TEMPLATES", "Template", "cut"]

_PROJECT: Final = (
    Column("project", "项目编号", "code", field="project"),
    Column("name", "项目名称", field="name"),
    Column("town", "乡镇", field="town"),
    Column("village", "村", field="village"),
)
_SOURCE: Final = (
    Column("fund_kind", "资金种类", field="fund_kind"),
    Column("level", "级次", field="level"),
    Column("direction", "任务方向", field="direction"),
    Column("source_document", "资金文号"),
)
_UNIT: Final = Column("unit", "责任单位", field="unit")
_PLAN: Final = (
    *_PROJECT,
    Column("project_type", "项目类型", field="project_type"),
    Column("build_kind", "建设性质", field="build_kind"),
    Column("place", "实施地点", field="place"),
    Column("content", "建设任务", field="content"),
    Column("central_fen", "中央资金(元)", "fen", total=True, measure="funded", level="central"),
    Column("provincial_fen", "省级资金(元)", "fen", total=True, measure="funded", level="provincial"),
    Column("city_fen", "市级资金(元)", "fen", total=True, measure="funded", level="city"),
    Column("county_fen", "县级资金(元)", "fen", total=True, measure="funded", level="county"),
    Column("other_fen", "其他资金(元)", "fen", total=True, measure="funded"),
    Column("funded_fen", "已安排资金(元)", "fen", total=True, measure="funded"),
    Column("begin_on", "计划开工", "date", field="begin_on"),
    Column("finish_on", "计划完工", "date", field="finish_on"),
    _UNIT,
    Column("goal", "绩效目标", field="goal"),
    Column("households", "受益户数", "count", field="households"),
    Column("persons", "受益人数", "count", field="persons"),
    Column("linkage", "联农带农机制", field="linkage"),
    Column("participation", "群众参与", field="participation"),
)


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of notice: its name, the words of its title, its columns, and the function that cuts its lines."""

    code: NoticeTemplate
    title: str
    columns: Sequence[Column]
    lines: Callable[[Scope], list[Line]]


TEMPLATES: Final = {
    each.code: each
    for each in (
        Template(
            NoticeTemplate.ALLOCATION,
            "{year}年度衔接资金分配结果公告",
            (
                Column("kind", "分配方式", field="@kind"),
                Column("receiver", "分配到", "code", field="project"),
                Column("receiver_name", "单位或项目"),
                Column("town", "乡镇"),
                *_SOURCE,
                Column("day", "日期", "date", field="effective_on"),
                Column("document", "分配文号", field="document"),
                Column("amount_fen", "金额(元)", "fen", total=True, field="amount_fen", measure="funded"),
                Column("unit", "责任单位"),
            ),
            lines_of_projects.allocation,
        ),
        Template(NoticeTemplate.PLAN, "{year}年度项目计划公告", _PLAN, lines_of_projects.plan),
        Template(
            NoticeTemplate.ADJUSTMENT,
            "{year}年度项目计划调整公告",
            (
                *_PROJECT,
                Column("change", "调整事项", field="cause"),
                *_SOURCE,
                Column("day", "日期", "date", field="effective_on"),
                Column("document", "批准文号", field="document"),
                Column("amount_fen", "金额(元)", "fen", measure="withdrawn"),
            ),
            lines_of_projects.adjustment,
        ),
        Template(NoticeTemplate.BEFORE_START, "{year}年度项目实施前公示", _PLAN, lines_of_projects.before_start),
        Template(
            NoticeTemplate.COMPLETION,
            "{year}年度项目完工公告",
            (
                *_PROJECT,
                Column("content", "建设任务", field="content"),
                Column("started_on", "开工", "date"),
                Column("completed_on", "完工", "date"),
                Column("accepted_on", "验收", "date"),
                Column("funded_fen", "安排资金(元)", "fen", total=True, measure="funded"),
                Column("settled_fen", "审定价(元)", "fen", total=True, measure="settled"),
                Column("paid_fen", "已支付(元)", "fen", total=True, measure="paid"),
                _UNIT,
                Column("goal", "绩效目标", field="goal"),
            ),
            lines_of_projects.completion,
        ),
        Template(
            NoticeTemplate.LIBRARY,
            "县级项目库公告",
            (
                *_PROJECT,
                Column("project_type", "项目类型", field="project_type"),
                Column("build_kind", "建设性质", field="build_kind"),
                Column("place", "实施地点", field="place"),
                Column("content", "建设任务", field="content"),
                Column("estimate_fen", "估算投资(元)", "fen", total=True, field="estimate_fen"),
                Column("listed_on", "入库", "date"),
                _UNIT,
                Column("goal", "绩效目标", field="goal"),
                Column("linkage", "联农带农机制", field="linkage"),
            ),
            lines_of_projects.library,
        ),
        Template(
            NoticeTemplate.PLAN_COMPLETION,
            "{year}年度项目计划完成情况公告",
            (
                *_PROJECT,
                Column("state", "进展"),
                Column("planned_fen", "计划资金(元)", "fen", total=True, measure="planned"),
                Column("funded_fen", "安排资金(元)", "fen", total=True, measure="funded"),
                Column("paid_fen", "已支付(元)", "fen", total=True, measure="paid"),
                Column("completed_on", "完工", "date"),
                Column("accepted_on", "验收", "date"),
                _UNIT,
            ),
            lines_of_projects.plan_completion,
        ),
        Template(
            NoticeTemplate.ASSET,
            "帮扶项目资产公告",
            (
                Column("asset", "资产编号", "code", field="asset"),
                Column("name", "资产名称", field="name"),
                Column("town", "乡镇"),
                Column("village", "村"),
                Column("asset_class", "类别"),
                Column("asset_form", "形态"),
                Column("year", "形成年度", "count", field="project_year"),
                Column("value_fen", "原值(元)", "fen", total=True, measure="value"),
                Column("project", "来源项目", "code", field="project"),
                Column("owner", "所有权人"),
            ),
            lines_of_assets.assets,
        ),
        Template(
            NoticeTemplate.RIGHTS,
            "帮扶项目资产权利分置公告",
            (
                Column("asset", "资产编号", "code", field="asset"),
                Column("name", "资产名称"),
                Column("right", "权利", field="right"),
                Column("holder", "权利人"),
                Column("share", "份额"),
                Column("since", "起始", "date", field="effective_on"),
                Column("document", "依据", field="document"),
            ),
            lines_of_assets.rights,
        ),
        Template(
            NoticeTemplate.INCOME,
            "帮扶项目资产收益分配公告",
            (
                Column("scheme", "收益账户", "code"),
                Column("name", "名称"),
                Column("period", "期间"),
                Column("gross_fen", "收入(元)", "fen", total=True, measure="gross"),
                Column("cost_fen", "成本(元)", "fen", total=True, measure="cost"),
                Column("planned_fen", "方案分配(元)", "fen", total=True, measure="allotted"),
                Column("paid_fen", "已发放(元)", "fen", total=True, measure="given"),
                Column("undistributed_fen", "未分配(元)", "fen", total=True, measure="undistributed"),
            ),
            lines_of_assets.income,
        ),
    )
}
"""Every kind of notice by its code."""


def cut(engine: Engine, template: str, question: Question, *, place: str = "", notes: Sequence[str] = ()) -> Extract:
    """Cut a notice of a kind from the ledger as it was known and had happened; ``place`` is a town or village.

    Raises:
        ValueRefusedError: the place is not within the area, or the question cannot be answered as put.
        StorageError: the facts are those of another revision.
    """
    kind = TEMPLATES[NoticeTemplate(template)]
    with open_scope(engine, question) as scope:
        if place and not place.startswith(scope.area.rstrip("0")):
            raise ValueRefusedError(
                "extract.place", f"{place} 不在 {scope.area} 之内", hint="请填写本地区的乡镇(9位)或村(12位)代码"
            )
        lines = kind.lines(scope)
        if place:
            lines = [line for line in lines if _within(line, place)]
        pack = scope.pack
        about: dict[str, Any] = {
            "area": scope.area,
            "area_name": scope.name(scope.area),
            "place": place,
            "place_name": scope.name(place) if place else "",
            "year": scope.year,
            "as_of": scope.as_of.isoformat(),
            "origin": origin_of(scope.connection),
            "position": scope.position,
            "root": scope.root,
            "rule": None if pack is None else {"id": pack.pack, "version": pack.version, "source": pack.source},
        }
        where = about["place_name"] or about["area_name"]
        title = where + kind.title.format(year=scope.year if scope.year is not None else scope.as_of.year)
        return Extract(kind.code.value, title, about, kind.columns, [_named(line, scope) for line in lines], notes)


def _within(line: Line, place: str) -> bool:
    return any(str(line.values.get(key) or "").startswith(place) for key in ("town", "village"))


def _named(line: Line, scope: Scope) -> Line:
    """Put the names of towns and villages in the place of their codes."""
    named = {
        key: scope.name(str(value)) if key in {"town", "village"} and value else value
        for key, value in line.values.items()
    }
    return replace(line, values=named)

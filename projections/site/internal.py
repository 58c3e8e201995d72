"""Pages for the office only: what is owed to the public, red flags, and how share and rates went month by month.

They carry what is not for everybody (flagged projects, overdue duties): they are never part of a public build.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from ledger.codes import NoticeTemplate
from ledger.dates import today
from ledger.money import format_yuan
from projections.reports.disclosure import disclosure
from projections.reports.flags import flags
from projections.reports.rates import rates
from projections.reports.share import share
from projections.site.charts import Bar, bars
from projections.site.pages import Cell, Head, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from projections.scope import Question

__all__ = ["LINKS", "internal_pages"]

LINKS: Final = [("逐月", "months.html"), ("疑点", "flags.html"), ("应公开", "due.html")]
"""What the navigation of an internal build has besides."""

_SEVERITIES: Final = {"serious": "严重", "attention": "注意", "hint": "提示"}
_STATES: Final = {"waiting": "待公开", "missing": "未公开", "late": "迟公开", "short": "天数不足"}


def internal_pages(engine: Engine, question: Question, about: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the pages. Raises NotFoundError (no rule pack), ValueRefusedError."""
    yield "months.html", _page(about, "months.html", "逐月看占比和四率", _MONTHS_INTRO, _months(engine, question))
    yield "flags.html", _page(about, "flags.html", "疑点", _FLAGS_INTRO, [_flags(engine, question)])
    yield "due.html", _page(about, "due.html", "应公开未公开", _DUE_INTRO, [_due(engine, question)])


_MONTHS_INTRO: Final = "每个月末按当时已经发生的事重算;账本所知以页脚的位置为准。"
_FLAGS_INTRO: Final = "疑点由账本记录算出,不改账,不是结论;说明和依据见 xianjie report flags --explain。"
_DUE_INTRO: Final = "按规则包的公开要求逐项核对;期限和出处见 xianjie notice due。"


def _page(about: dict[str, Any], here: str, title: str, intro: str, parts: list[dict[str, Any]]) -> bytes:
    return render("tables.html", root="", here=here, site=about, title=title, intro=intro, parts=parts)


def _months(engine: Engine, question: Question) -> list[dict[str, Any]]:
    """Return the default share and every rate of the whole area at each month end of the year asked about."""
    last = question.as_of or today()
    year = last.year if question.year is None else question.year
    ends = [date(year, month, monthrange(year, month)[1]) for month in range(1, 13)]
    found: dict[str, list[tuple[Bar, bool]]] = {}
    for day in [end for end in ends if end <= last]:
        then = replace(question, as_of=day)
        for row in share(engine, then).rows:
            if row.default and row.place.row == "total":
                bar = Bar(f"{day.month} 月", row.numerator_fen, row.denominator_fen, row.percent, row.threshold_percent)
                found.setdefault(f"产业占比({row.pair})", []).append((bar, True))
        for rate in rates(engine, then).rows:
            if rate.place.row == "total":
                bar = Bar(f"{day.month} 月", rate.numerator, rate.denominator, rate.percent)
                found.setdefault(rate.name, []).append((bar, rate.unit == "fen"))
    heads = (Head("月末"), Head("分子", True), Head("分母", True), Head("比率", True))
    return [
        {
            "name": name,
            "chart": bars(name, [bar for bar, _ in points]),
            "columns": heads,
            "rows": [
                [
                    Cell(bar.name),
                    *(Cell(format_yuan(n) if money else str(n)) for n in (bar.numerator, bar.denominator)),
                    Cell("—" if bar.percent is None else f"{bar.percent}%"),
                ]
                for bar, money in points
            ],
        }
        for name, points in found.items()
    ]


def _flags(engine: Engine, question: Question) -> dict[str, Any]:
    raised: Any = flags(engine, question).more["flags"]
    rows = [
        [
            Cell(_SEVERITIES[each["severity"]]),
            Cell(each["id"]),
            Cell(each["name"]),
            Cell(f"{each['subject']} {each['subject_name']}"),
            Cell(each["clear"]),
        ]
        for each in raised
    ]
    heads = tuple(map(Head, ("程度", "编号", "疑点", "对象", "怎样消除")))
    return {"name": f"{len(rows)} 条疑点", "chart": Markup(""), "columns": heads, "rows": rows}


def _due(engine: Engine, question: Question) -> dict[str, Any]:
    rows = [
        [
            Cell(_STATES[row.state]),
            Cell(NoticeTemplate(row.template).zh),
            Cell(row.subject),
            Cell(row.place.area_name),
            Cell(row.due_on or ""),
            Cell(row.published_on or ""),
            Cell(str(row.days_late or "")),
        ]
        for row in disclosure(engine, question).rows
    ]
    heads = (*map(Head, ("状态", "公示种类", "对象", "地区", "期限", "公开日")), Head("迟几天", True))
    return {"name": f"{len(rows)} 项", "chart": Markup(""), "columns": heads, "rows": rows}

"""Pages for the office only: what is owed to the public, red flags, and how share and rates went month by month.

They carry what is not for everybody (flagged projects, overdue duties): they are never part of a public build.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, replace
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
    yield "months.html", _months(engine, question, about)
    yield "flags.html", _page(about, "flags.html", "疑点", _FLAGS_INTRO, [_flags(engine, question)])
    yield "due.html", _page(about, "due.html", "应公开未公开", _DUE_INTRO, [_due(engine, question)])


_MONTHS_INTRO: Final = "每个月末按当时已经发生的事重算;账本所知以页脚的位置为准。"
_FLAGS_INTRO: Final = "疑点由账本记录算出,不改账,不是结论;说明和依据见 xianjie report flags --explain。"
_DUE_INTRO: Final = "按规则包的公开要求逐项核对;期限和出处见 xianjie notice due。"


def _page(about: dict[str, Any], here: str, title: str, intro: str, parts: list[dict[str, Any]]) -> bytes:
    return render("tables.html", root="", here=here, site=about, title=title, intro=intro, parts=parts)


@dataclass(frozen=True, slots=True)
class _Figure:
    """The share or a rate of the whole area at a month end."""

    day: date
    name: str
    numerator: int
    denominator: int
    percent: str | None
    threshold: str | None
    in_fen: bool

    def bar(self, name: str) -> Bar:
        return Bar(name, self.numerator, self.denominator, self.percent, self.threshold)

    def row(self, name: str) -> list[Cell]:
        written = format_yuan if self.in_fen else str
        return [
            Cell(name),
            *(Cell(written(each)) for each in (self.numerator, self.denominator)),
            Cell("—" if self.percent is None else f"{self.percent}%"),
            Cell("" if self.threshold is None else f"{self.threshold}%"),
        ]


def _months(engine: Engine, question: Question, about: dict[str, Any]) -> bytes:
    """Return the page that replays the year: every figure at one month end, and one figure at every month end."""
    figures = list(_figures(engine, question))
    by_day, by_name = defaultdict(list), defaultdict(list)
    for each in figures:
        by_day[each.day].append(each)
        by_name[each.name].append(each)
    numbers = (Head("分子", True), Head("分母", True), Head("比率", True), Head("要求", True))
    moments = [
        {
            "day": day.isoformat(),
            "chart": bars(f"截至 {day} 的占比和各项比率", [each.bar(each.name) for each in then]),
            "columns": (Head("比率"), *numbers),
            "rows": [each.row(each.name) for each in then],
        }
        for day, then in by_day.items()
    ]
    parts = [
        {
            "name": name,
            "chart": bars(name, [each.bar(f"{each.day.month} 月") for each in points]),
            "columns": (Head("月末"), *numbers),
            "rows": [each.row(f"{each.day.month} 月") for each in points],
        }
        for name, points in by_name.items()
    ]
    return render(
        "months.html",
        scripts=("replay",),
        root="",
        here="months.html",
        site=about,
        title="逐月看占比和四率",
        intro=_MONTHS_INTRO,
        moments=moments,
        parts=parts,
    )


def _figures(engine: Engine, question: Question) -> Iterator[_Figure]:
    """Yield the default share and every rate of the whole area at each month end of the year asked about."""
    last = question.as_of or today()
    year = last.year if question.year is None else question.year
    ends = [date(year, month, monthrange(year, month)[1]) for month in range(1, 13)]
    for day in [end for end in ends if end <= last]:
        then = replace(question, as_of=day)
        for row in share(engine, then).rows:
            if row.default and row.place.row == "total":
                name = f"产业占比({row.pair})"
                money = (row.numerator_fen, row.denominator_fen)
                yield _Figure(day, name, *money, row.percent, row.threshold_percent, in_fen=True)
        for rate in rates(engine, then).rows:
            if rate.place.row == "total":
                counted = (rate.numerator, rate.denominator)
                yield _Figure(day, rate.name, *counted, rate.percent, None, in_fen=rate.unit == "fen")


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

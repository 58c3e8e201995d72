"""Which pages the site has, and what stands on each: everything cut at one position and one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from ledger.codes import FundLevel, NoticeTemplate, TaskDirection
from ledger.log.reading import checkpoint_at
from ledger.log.schema import origin_of
from ledger.money import format_yuan
from projections.extracts.package import package
from projections.extracts.shown import foot, numeric, table, total_row
from projections.extracts.templates import TEMPLATES, cut
from projections.extracts.workbook import workbook
from projections.reports.flow import flow
from projections.reports.rates import rates
from projections.reports.share import share
from projections.scope import Question, open_scope
from projections.site.cards import asset_cards, project_cards
from projections.site.charts import Bar, Flow, bars, sankey
from projections.site.feed import atom, index_json, publications
from projections.site.internal import LINKS, internal_pages
from projections.site.pages import Cell, Head, Summed, file_name, render
from projections.site.proofs import Proofs
from projections.tables import fact_milestone, fact_money, fact_notice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from projections.extracts.extract import Extract, Line
    from projections.scope import Scope

__all__ = ["build", "known_codes"]

_LINES: Final = 500
_ENTRIES: Final = 1_000
"""Lines and entries on one page at most (an entry is about 1 kB); a longer notice has several, each with its proofs."""
_CARDS: Final = {"project": "projects", "asset": "assets"}


@dataclass(frozen=True, slots=True)
class _Site:
    """What every page knows."""

    engine: Engine
    question: Question
    about: dict[str, Any]
    codes: dict[str, frozenset[str]]
    proofs: Proofs


def build(engine: Engine, question: Question, *, internal: bool = False) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of every file of the site, in a fixed order.

    Raises:
        NotFoundError: no rule pack was in force. ValueRefusedError: the question cannot be answered as put.
        TamperedError: hashes are missing, so that a line cannot be proved.
    """
    with open_scope(engine, question) as scope:
        about = _about(scope, internal=internal)
        pinned = Question(scope.area, scope.plan_year, "area", scope.as_of, scope.position)
        extracts = {code: cut(engine, code.value, _question_of(code, pinned)) for code in TEMPLATES}
        projects, assets = dict(project_cards(scope)), dict(asset_cards(scope))
        codes = {"project": frozenset(projects), "asset": frozenset(assets)}
        proofs = Proofs(scope.connection, checkpoint_at(scope.connection, scope.position))
        site = _Site(engine, pinned, about, codes, proofs)
        yield "index.html", _front(site)
        for code, extract in extracts.items():
            yield from _notice(site, code, extract)
        for kind, cards in (("projects", projects), ("assets", assets)):
            for subject, card in cards.items():
                proved = proofs.embedded([*(step.position for step in card["steps"]), *card.pop("entries")])
                page = render("card.html", root="../", here="", site=about, proofs=proved, **card)
                yield f"{kind}/{file_name(subject)}.html", page
        if internal:
            yield from internal_pages(engine, pinned, about)
        listed = publications(scope)
        yield "archive.html", _archive(site, listed)
        yield "feed.atom", atom(about["name"], about["origin"], listed)
        yield "index.json", index_json({key: about[key] for key in ("origin", "position", "root", "as_of")}, listed)
        for name, data in package([(code.value, extract) for code, extract in extracts.items()]).items():
            yield f"data/{name}", data
        yield from proofs.files()


def known_codes(engine: Engine, question: Question) -> list[str]:
    """Return the codes of the ledger's things, which may look like bank cards and are none."""
    with open_scope(engine, question) as scope:
        found: set[str] = set()
        for column in (fact_milestone.c.subject, fact_money.c.tranche, fact_notice.c.notice):
            found.update(scope.connection.execute(select(column).distinct()).scalars())
        return sorted(found - {""})


def _question_of(code: NoticeTemplate, pinned: Question) -> Question:
    """Assets, rights and the library are stocks: all years of them are shown."""
    stock = code in {NoticeTemplate.ASSET, NoticeTemplate.RIGHTS, NoticeTemplate.LIBRARY}
    return Question(pinned.area, None if stock else pinned.year, "area", pinned.as_of, pinned.known_at)


def _about(scope: Scope, *, internal: bool) -> dict[str, Any]:
    pack = scope.pack
    return {
        "name": f"{scope.name(scope.area)}衔接资金和帮扶项目资产公开",
        "internal": internal,
        "as_of": scope.as_of.isoformat(),
        "origin": origin_of(scope.connection),
        "position": scope.position,
        "root": scope.root,
        "rule": None if pack is None else {"id": pack.pack, "version": pack.version},
        "links": [
            ("首页", "index.html"),
            *((code.zh, f"{code.value}.html") for code in TEMPLATES),
            ("公告档案", "archive.html"),
            *(LINKS if internal else ()),
        ],
    }


def _front(site: _Site) -> bytes:
    shares = share(site.engine, site.question)
    counted = rates(site.engine, site.question)
    moved = flow(site.engine, site.question)
    default = [row for row in shares.rows if row.default]
    whole = [row for row in counted.rows if row.place.row == "total"]
    bar_rows = [
        Bar(row.place.area_name, row.numerator_fen, row.denominator_fen, row.percent, row.threshold_percent)
        for row in default
    ]
    share_rows = [
        [
            Cell(row.place.area_name + ("合计" if row.place.row == "total" else "")),
            Cell(row.pair),
            Cell(format_yuan(row.numerator_fen)),
            Cell(format_yuan(row.denominator_fen)),
            Cell("—" if row.percent is None else f"{row.percent}%"),
            Cell("" if row.threshold_percent is None else f"{row.threshold_percent}%"),
        ]
        for row in shares.rows
    ]
    rate_rows = [
        [
            Cell(row.place.area_name + ("合计" if row.place.row == "total" else "")),
            Cell(row.name),
            Cell(_number(row.unit, row.numerator)),
            Cell(_number(row.unit, row.denominator)),
            Cell("—" if row.percent is None else f"{row.percent}%"),
        ]
        for row in counted.rows
    ]
    heads = (Head("地区"), Head("口径"), Head("分子", True), Head("分母", True), Head("占比", True), Head("要求", True))
    rate_heads = (Head("地区"), Head("比率"), Head("分子", True), Head("分母", True), Head("比率值", True))
    flow_heads = (
        Head("地区"),
        Head("级次"),
        Head("任务方向"),
        Head("到账", True),
        Head("安排", True),
        Head("已付", True),
    )
    flow_rows = [
        [
            Cell(row.place.area_name + ("合计" if row.place.row == "total" else "")),
            Cell(FundLevel(row.level).zh if row.level else "全部"),
            Cell(TaskDirection(row.direction).zh if row.direction else "全部"),
            *(Cell(format_yuan(fen)) for fen in (row.arrived_fen, row.allocated_fen, row.paid_fen)),
        ]
        for row in moved.rows
    ]
    return render(
        "index.html",
        root="",
        here="index.html",
        site=site.about,
        title=f"{site.question.year} 年度资金、项目和资产",
        share_chart=bars("产业占比与要求", bar_rows),
        share={"columns": heads, "rows": share_rows},
        rates_name="四率",
        rates_chart=bars("各项比率", [Bar(row.name, row.numerator, row.denominator, row.percent) for row in whole]),
        rates={"columns": rate_heads, "rows": rate_rows},
        flow_chart=sankey("资金从级次、方向到县区和支付", _bands(moved.rows)),
        flow={"columns": flow_heads, "rows": flow_rows},
        downloads=[("数据包说明", "data/datapackage.json"), ("公告清单", "index.json")],
    )


def _bands(rows: Any) -> list[Flow]:  # noqa: ANN401 - rows of the flow report
    """Return level → direction → county → paid or unpaid, in fen, from the rows of the counties."""
    bands: dict[tuple[tuple[int, str], tuple[int, str]], int] = {}
    for row in rows:
        if row.level and (row.place.row == "part" or all(each.place.row == "total" for each in rows)):
            level, direction = FundLevel(row.level).zh, TaskDirection(row.direction).zh
            county = row.place.area_name
            steps = [
                ((0, level), (1, direction), row.allocated_fen),
                ((1, direction), (2, county), row.allocated_fen),
                ((2, county), (3, "已支付"), row.paid_fen),
                ((2, county), (3, "未支付"), row.allocated_fen - row.paid_fen),
            ]
            for source, target, fen in steps:
                if fen > 0:
                    bands[source, target] = bands.get((source, target), 0) + fen
    return [Flow(source, target, fen) for (source, target), fen in sorted(bands.items())]


def _number(unit: str, value: int) -> str:
    return format_yuan(value) if unit == "fen" else str(value)


def _notice(site: _Site, code: NoticeTemplate, extract: Extract) -> Iterator[tuple[str, bytes]]:
    rows = [_row(site, extract, line, cells) for line, cells in zip(extract.lines, table(extract), strict=True)]
    pages = list(_pages(extract.lines)) or [(slice(0), frozenset())]
    names = [f"{code.value}{f'-{number + 1}' if number else ''}.html" for number in range(len(pages))]
    for number, (name, (here, entries)) in enumerate(zip(names, pages, strict=True)):
        yield (
            name,
            render(
                "notice.html",
                scripts=("search",),
                proofs=site.proofs.embedded(entries) if entries else "",
                root="",
                here=f"{code.value}.html",
                here_page=name,
                site=site.about,
                title=extract.title,
                columns=[Head(column.name, numeric(column)) for column in extract.columns],
                rows=rows[here],
                total=total_row(extract) if number == len(pages) - 1 and rows else None,
                searchable=bool(rows),
                foot=foot(extract),
                pages=[(at + 1, each) for at, each in enumerate(names)],
                downloads=[("CSV", f"data/{code.value}.csv"), ("XLSX", f"data/{code.value}.xlsx")],
            ),
        )
    yield f"data/{code.value}.xlsx", workbook(extract)


def _pages(lines: Sequence[Line]) -> Iterator[tuple[slice, frozenset[int]]]:
    """Yield which lines stand on one page, and the entries that their cells can be compared with."""
    start, held = 0, frozenset[int]()
    for number, line in enumerate(lines):
        own = frozenset({line.main, *(at for parts in line.parts.values() for at in parts)} - {0})
        if number > start and (number - start == _LINES or len(held | own) > _ENTRIES):
            yield slice(start, number), held
            start, held = number, frozenset()
        held |= own
    if start < len(lines):
        yield slice(start, len(lines)), held


def _row(site: _Site, extract: Extract, line: Line, texts: list[str]) -> list[Cell]:
    """Return the cells of a line: codes lead to their cards, and what entries say can be compared with them.

    A line without a subject, of an income account, has its code in the first column.
    """
    cells = []
    for column, text in zip(extract.columns, texts, strict=True):
        kind = "project" if column.key == "receiver" else column.key
        known = kind in _CARDS and text in site.codes[kind]
        href = f"{_CARDS[kind]}/{file_name(text)}.html" if known else ""
        proved = bool(line.main and column.field)
        summed = None
        if column.measure and column.key in line.parts:
            parts = tuple(line.parts[column.key])
            summed = Summed(
                column.measure, column.level, line.subject or str(line.values[extract.columns[0].key]), parts
            )
        cells.append(Cell(text, href, line.main if proved else 0, column.field if proved else "", summed))
    return cells


def _archive(site: _Site, listed: Any) -> bytes:  # noqa: ANN401 - publications
    heads = [Head(name) for name in ("公示编号", "标题", "起", "止", "撤下", "内容指纹", "文号")]
    rows = [
        [
            Cell(text)
            for text in (
                each.notice,
                each.title,
                each.from_on,
                each.to_on or "长期",
                each.withdrawn_on,
                each.content_hash,
                each.document,
            )
        ]
        for each in listed
    ]
    return render(
        "archive.html", root="", here="archive.html", site=site.about, title="公告档案", columns=heads, rows=rows
    )

"""Which pages the site has, and what stands on each: everything cut at one position and one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ledger.codes import FundLevel, NoticeTemplate, TaskDirection
from ledger.log.reading import checkpoint_at
from ledger.log.schema import origin_of
from ledger.money import format_yuan
from projections.extracts.extract import canonical
from projections.extracts.package import package
from projections.extracts.shown import foot, numeric, total_row
from projections.extracts.templates import TEMPLATES, cut
from projections.extracts.workbook import workbook
from projections.reports.flow import flow
from projections.reports.rates import rates
from projections.reports.share import share
from projections.scope import Question, open_scope
from projections.site.archive import archive_files
from projections.site.cards import asset_cards, project_cards
from projections.site.charts import Bar, Flow, bars, sankey
from projections.site.checking import LINKS as CHECKING
from projections.site.checking import checking_files
from projections.site.internal import LINKS, internal_pages
from projections.site.meanings import Meanings
from projections.site.noted import notes_by_template
from projections.site.pages import Cell, Head, file_name, render
from projections.site.proofs import Proofs
from projections.site.rows import pages_of, rows_of, summands_of, told_in
from projections.tables import fact_milestone, fact_money, fact_notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from projections.extracts.extract import Extract
    from projections.scope import Scope

__all__ = ["build", "known_codes"]


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
        notes = notes_by_template(scope)
        asked = {code: _question_of(code, pinned) for code in TEMPLATES}
        extracts = {
            code: cut(engine, code.value, question, notes=notes.get((code.value, question.year), ()))
            for code, question in asked.items()
        }
        projects, assets = dict(project_cards(scope)), dict(asset_cards(scope))
        codes = {"project": frozenset(projects), "asset": frozenset(assets)}
        checkpoint = checkpoint_at(scope.connection, scope.position)
        proofs = Proofs(scope.connection, checkpoint, Meanings(scope))
        site = _Site(engine, pinned, about, codes, proofs)
        yield "index.html", _front(site)
        for code, extract in extracts.items():
            yield from _notice(site, code, extract)
        for kind, cards in (("projects", projects), ("assets", assets)):
            for subject, card in cards.items():
                proved = proofs.embedded(card.told(), card.summands(), card.lines)
                title = card.heading.text
                page = render(
                    "card.html", root="../", here="", site=about, title=title, proofs=proved, **card._asdict()
                )
                yield f"{kind}/{file_name(subject)}.html", page
        if internal:
            yield from internal_pages(engine, pinned, about)
        yield from archive_files(engine, scope, about, proofs)
        yield from checking_files(scope, about, checkpoint)
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
            ("核验办法", "verify.html"),
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
    rows = rows_of(extract, site.codes)
    pages = list(pages_of(rows))
    names = [f"{code.value}{f'-{number + 1}' if number else ''}.html" for number in range(len(pages))]
    for number, (name, here) in enumerate(zip(names, pages, strict=True)):
        yield (
            name,
            render(
                "notice.html",
                scripts=("search",),
                proofs=site.proofs.embedded(told_in(here), summands_of(here), len(here)),
                root="",
                here=f"{code.value}.html",
                here_page=name,
                site=site.about,
                title=extract.title,
                columns=[Head(column.name, numeric(column)) for column in extract.columns],
                rows=here,
                total=total_row(extract) if number == len(pages) - 1 and rows else None,
                searchable=bool(rows),
                foot=foot(extract),
                pages=[(at + 1, each) for at, each in enumerate(names)],
                downloads=[("CSV", f"data/{code.value}.csv"), ("XLSX", f"data/{code.value}.xlsx")],
                checking=[
                    ("定稿", f"notices/{code.value}.json"),
                    ("凭据", f"notices/{code.value}.proofs.json"),
                    *CHECKING,
                ],
            ),
        )
    yield f"data/{code.value}.xlsx", workbook(extract)
    yield f"notices/{code.value}.json", canonical(extract.as_json())
    yield f"notices/{code.value}.proofs.json", site.proofs.of_notice(extract)

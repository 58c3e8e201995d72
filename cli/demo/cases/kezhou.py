"""克州, April 2022: a month's table of one prefecture and its four counties, and the rates that come out of it.

The table has sums only, so each county gets as many stand-in projects as it planned, and its money is spread over them
to the fen. Source: 克州乡村振兴局, 2022-05-11.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from cli.demo.batches import Batch
from cli.demo.checks import Check
from cli.demo.figures import amount_in, read_figures, reported
from ledger.domain.allocation import AllocateMoney
from ledger.domain.payment import PayMoney, ReleaseMoney
from ledger.domain.stages import ApproveProject, ListProject, PlanProject, ReportProgress, StartProject
from ledger.domain.tranche import IssueTranche
from ledger.money import Unit, apportion, parse_money
from projections.reports.balance import balance
from projections.reports.rates import rates
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from ledger.domain.command import Command

__all__ = ["AREA", "DAY", "batches", "checks"]

AREA = "653000"
DAY = date(2022, 4, 30)
_YEAR = 2022
_PLACE = "克州 2022-04"
_DOCUMENT = "克州2022年4月衔接资金项目进展(2022-05-11)"
_ISSUER = "克州乡村振兴局"
_REASON = "公布表只有县级合计:按个数立代表项目,金额平均分摊到分"
_DEDUCED = "推算:全州公布数减其余三县;核拨按不少于支付计"
_CODES = {
    "克孜勒苏柯尔克孜自治州": AREA,
    "阿图什市": "653001",
    "阿克陶县": "653022",
    "阿合奇县": "653023",
    "乌恰县": "653024",
}
_MONEY = {"arrived": "funds_arrived_yi", "released": "funds_released_yi", "paid": "funds_paid_yi"}
_MONEY_NAMES = {"arrived": "到位资金", "released": "核拨资金", "paid": "实拨资金"}
_PUBLISHED = date(2022, 5, 11)
_SET = "kezhou-2021"
_PRINTED = (
    ("projects_planned", "projects_planned", "个"),
    ("projects_started", "projects_started", "个"),
    (f"rest:{_SET}/start", "projects_not_started", "个"),
    (f"{_SET}/start", "start_rate_pct_published", "%"),
    ("planned", "invest_planned_yi", "亿元"),
    ("invested", "invest_done_yi", "亿元"),
    (f"{_SET}/investment", "invest_rate_pct_published", "%"),
    ("arrived", "funds_arrived_yi", "亿元"),
    ("released", "funds_released_yi", "亿元"),
    ("paid", "funds_paid_yi", "亿元"),
    (f"{_SET}/payment", "paid_of_arrived_pct_published", "%"),
)
_RATES = {
    "start": ("开工率", "start_rate_pct_published"),
    "investment": ("投资完成率", "invest_rate_pct_published"),
    "payment": ("实拨占到位资金", "paid_of_arrived_pct_published"),
}


@dataclass(frozen=True, slots=True)
class _County:
    """A county as it is recorded; amounts in fen."""

    code: str
    name: str
    planned: int
    started: int
    plan_fen: int
    invested_fen: int
    arrived_fen: int
    released_fen: int
    paid_fen: int
    deduced: bool

    @property
    def tranche(self) -> str:
        return f"KZ2022-04-{self.code}"


def batches() -> list[Batch]:
    """Return the report as one batch for each county, and its figures as they are printed."""
    counties = [
        Batch(f"kezhou-2022-04-{each.code}", "import", _DOCUMENT, tuple(_commands(each))) for each in _counties()
    ]
    return [*counties, Batch("kezhou-2022-04-figures", "import", _DOCUMENT, tuple(_figures()))]


def checks(engine: Engine) -> list[Check]:
    """Compare every published rate, county by county, and the money of the prefecture."""
    published = {_CODES[row["area"]]: row for row in read_figures("kezhou_2022_04_progress.csv")}
    answer = rates(engine, Question(AREA, _YEAR, as_of=DAY), _SET)
    recomputed = {(row.place.area, row.rate): row.percent for row in answer.rows}
    found = [
        Check(
            f"{_PLACE} {row['area']}",
            name,
            "%",
            row[column],
            recomputed[code, rate] or "",
            "公布数先算后舍入" if recomputed[code, rate] != row[column] and rate != "start" else "",
            rounded=rate != "start",
        )
        for code, row in published.items()
        for rate, (name, column) in _RATES.items()
        if row[column]
    ]
    return [*_sums(engine, published[AREA]), *found]


def _figures() -> Iterator[Command]:
    origin = {"on": _PUBLISHED, "document": _DOCUMENT, "issuer": _ISSUER, "channel": "website"}
    for row in read_figures("kezhou_2022_04_progress.csv"):
        printed = [(measure, row[column], unit) for measure, column, unit in _PRINTED]
        yield reported(_CODES[row["area"]], _YEAR, DAY, printed, **origin)


def _sums(engine: Engine, whole: dict[str, str]) -> Iterator[Check]:
    rows = balance(engine, Question(AREA, _YEAR, as_of=DAY)).rows
    sums = {
        "arrived": sum(row.issued_fen for row in rows),
        "released": sum(row.released_fen for row in rows),
        "paid": sum(row.paid_fen for row in rows),
    }
    for measure, column in _MONEY.items():
        note = "含阿合奇县推算数" + (",核拨按不少于支付计" if measure == "released" else "")
        recomputed = amount_in(Unit.YI, sums[measure])
        yield Check(_PLACE, _MONEY_NAMES[measure], "亿元", whole[column], recomputed, note, rounded=True)


def _counties() -> list[_County]:
    rows = read_figures("kezhou_2022_04_progress.csv")
    whole = next(row for row in rows if row["area_level"] == "prefecture")
    counties = [row for row in rows if row["area_level"] == "county"]
    return [_county(row, _money(row, whole, counties)) for row in counties]


def _county(row: dict[str, str], money: dict[str, int]) -> _County:
    return _County(
        code=_CODES[row["area"]],
        name=row["area"],
        planned=int(row["projects_planned"]),
        started=int(row["projects_started"]),
        plan_fen=_fen(row["invest_planned_yi"]),
        invested_fen=_fen(row["invest_done_yi"]),
        arrived_fen=money["arrived"],
        released_fen=max(money["released"], money["paid"]),
        paid_fen=money["paid"],
        deduced=not row[_MONEY["arrived"]],
    )


def _money(row: dict[str, str], whole: dict[str, str], counties: list[dict[str, str]]) -> dict[str, int]:
    """Return the money of a county; where its cells were not readable, the whole less the other counties."""
    return {
        measure: _fen(row[column])
        if row[column]
        else _fen(whole[column]) - sum(_fen(each[column]) for each in counties if each[column])
        for measure, column in _MONEY.items()
    }


def _commands(county: _County) -> Iterator[Command]:
    reason = _DEDUCED if county.deduced else _REASON
    yield IssueTranche.of(
        on=DAY,
        document=_DOCUMENT,
        reason=f"{reason};原表未分级次和任务方向",
        tranche=county.tranche,
        area=county.code,
        plan_year=_YEAR,
        level="other",
        direction="unspecified",
        amount_fen=county.arrived_fen,
        issuer=_ISSUER,
    )
    plans = _spread(county.plan_fen, county.planned)
    allocations = _spread(county.arrived_fen, county.planned)
    for number, (plan_fen, allocated_fen) in enumerate(zip(plans, allocations, strict=True), start=1):
        when = {"on": DAY, "document": _DOCUMENT, "project": _project(county, number)}
        yield ListProject.of(
            **when,
            reason=_REASON,
            name=f"{county.name}代表项目{number:02d}",
            area=county.code,
            project_year=_YEAR,
            project_type="other",
        )
        yield ApproveProject.of(**when)
        yield PlanProject.of(**when, reason=_REASON, planned_fen=plan_fen)
        yield AllocateMoney.of(**when, reason=reason, tranche=county.tranche, amount_fen=allocated_fen)
    yield from _work(county, reason)


def _work(county: _County, reason: str) -> Iterator[Command]:
    spread = zip(
        *(_spread(fen, county.started) for fen in (county.invested_fen, county.released_fen, county.paid_fen)),
        strict=True,
    )
    for number, (invested_fen, released_fen, paid_fen) in enumerate(spread, start=1):
        when = {"on": DAY, "document": _DOCUMENT, "project": _project(county, number)}
        yield StartProject.of(**when)
        yield ReportProgress.of(**when, reason=_REASON, invested_fen=invested_fen)
        yield ReleaseMoney.of(**when, reason=reason, amount_fen=released_fen)
        yield PayMoney.of(**when, reason=reason, amount_fen=paid_fen)


def _spread(fen: int, parts: int) -> list[int]:
    return apportion(fen, [Fraction(1, parts)] * parts)


def _project(county: _County, number: int) -> str:
    return f"{county.tranche}-{number:02d}"


def _fen(cell: str) -> int:
    return parse_money(cell, Unit.YI)

"""A city as its clerks write it: four counties, five years, every event decided by a real command; then its report.

Each county hands in one batch a month. The quarterly report of one plan year is compared with its three biggest sums
typed by hand into ``sqlite3``.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from benchmarks.append import new_ledger
from benchmarks.measure import Goal, alternate
from ledger.application import Ledger, Submission
from ledger.areas import shipped_areas
from ledger.domain.allocation import AllocateMoney
from ledger.domain.confirmation import ConfirmAsset, NoticeOwnership
from ledger.domain.control import AdoptRules, OpenLedger
from ledger.domain.formation import IdentifyAsset
from ledger.domain.holders import Holder
from ledger.domain.payment import PayMoney, ReimburseMoney, ReleaseMoney
from ledger.domain.stages import (
    AcceptProject,
    ApproveProject,
    CompleteProject,
    ContractProject,
    ListProject,
    PlanProject,
    ReportProgress,
    SettleProject,
    StartProject,
)
from ledger.domain.tranche import DistributeTranche, IssueTranche
from ledger.money import apportion
from ledger.rules import shipped_packs
from projections.catch_up import catch_up, create_projections
from projections.reports.quarterly import quarterly
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.domain.command import Command

__all__ = ["CITY", "quarterly_goal", "write_city", "written_city"]

CITY: Final = "520200"
COUNTIES: Final = ("520201", "520203", "520204", "520281")
YEARS: Final = range(2021, 2026)
_TYPES: Final = ("crop_base", "breeding_base", "cold_chain", "village_road", "water_supply")
_TRANCHES: Final = 10
_PAYMENTS: Final = 6
_OPENED: Final = date(2020, 12, 1)
_SUMS: Final = (
    """
    SELECT area, fund_kind, level, measure, sum(amount_fen) FROM fact_money
    WHERE plan_year = ? AND position <= ? AND effective_on <= ? GROUP BY area, fund_kind, level, measure
    """,
    """
    SELECT area, project_type, sum(amount_fen) FROM fact_money WHERE measure = 'allocated' AND level = 'central'
    AND plan_year = ? AND position <= ? AND effective_on <= ? GROUP BY area, project_type
    """,
    """
    SELECT area, milestone, sum(sign) FROM fact_milestone WHERE kind = 'project'
    AND year = ? AND position <= ? AND effective_on <= ? GROUP BY area, milestone
    """,
)


@dataclass(frozen=True, slots=True)
class _Project:
    """A made-up project; what it costs is paid in equal parts."""

    code: str
    county: str
    town: str
    year: int
    kind: str
    tranche: str
    fen: int


def quarterly_goal(folder: Path, projects: int, rounds: int) -> Goal:
    """Write the city with so many projects for each county and year, and ask for its report of a quarter."""
    ledger, events, seconds = written_city(folder / "city.db", projects)
    engine = ledger.appender.engine
    typed = sqlite3.connect(folder / "city.db")
    typed.execute("PRAGMA cache_size=-65536")
    day = date(2023, 12, 31)
    asked = (day.year, events, day.isoformat())
    question = Question(CITY, day.year, as_of=day)

    by_measure = typed.execute(_SUMS[0], asked).fetchall()
    allocated = sum(fen for *_, measure, fen in by_measure if measure == "allocated")
    assert quarterly(engine, question, 4).rows[-1].allocated_fen == allocated

    def report() -> int:
        return len(quarterly(engine, question, 4).rows) and 1

    def by_hand() -> int:
        return sum(len(typed.execute(each, asked).fetchall()) for each in _SUMS) and 1

    cases = {"report": report, "by hand": by_hand}
    alternate(cases, 1)
    result = alternate(cases, rounds)
    pairs = zip(result.seconds["report"], result.seconds["by hand"], strict=True)
    ratio = statistics.median(mine / bare for mine, bare in pairs)
    ledger.close()
    typed.close()
    detail = (
        f"report {result.rate('report')}, by hand {result.rate('by hand')};"
        f" written by commands in {seconds / events * 1e6:,.0f} µs an event"
    )
    return Goal(f"report quarterly of a city, {events:,} events / three sums by hand", ratio, 10, False, detail)


def written_city(path: Path, projects: int) -> tuple[Ledger, int, float]:
    """Return a city with its facts, the number of its events, and the seconds that recording them took."""
    ledger = new_ledger(path)
    create_projections(ledger.appender.engine)
    events, seconds = write_city(ledger, projects)
    catch_up(ledger.appender.engine)
    return ledger, events, seconds


def write_city(ledger: Ledger, projects: int) -> tuple[int, float]:
    """Hand in every batch; return the last position, and the seconds that making and recording the commands took."""
    rng = random.Random(2022)  # noqa: S311 - a reproducible city, not a secret
    opening = (
        OpenLedger.of(on=_OPENED, area=CITY, name="六盘水市", origin="xianjie.example/bench"),
        AdoptRules.of(on=date(2012, 1, 1), text=shipped_packs()["base"]),
    )
    last = ledger.execute(opening, Submission("bench", "init")).receipt.last
    started = time.perf_counter()
    for year in YEARS:
        planned = [_project(rng, county, year, number) for county in COUNTIES for number in range(projects)]
        last = ledger.execute(_tranches(year, planned), Submission("city", "import tranches")).receipt.last
        months: defaultdict[tuple[int, str], list[Command]] = defaultdict(list)
        for project in planned:
            for command in _life(project):
                months[command.on.month, project.county].append(command)
        for (_, county), commands in sorted(months.items()):
            last = ledger.execute(commands, Submission(county, "import")).receipt.last
    return last, time.perf_counter() - started


def _project(rng: random.Random, county: str, year: int, number: int) -> _Project:
    towns = shipped_areas().children(county, date(year, 1, 1))
    return _Project(
        code=f"P{county}-{year}-{number:04d}",
        county=county,
        town=rng.choice(towns).code,
        year=year,
        kind=rng.choice(_TYPES),
        tranche=f"T{year}-{number % _TRANCHES}",
        fen=rng.randrange(2_500_000, 2_000_000_000),
    )


def _tranches(year: int, planned: list[_Project]) -> Iterator[Command]:
    """Issue each tranche to the city, every third of it provincial, and hand the counties what their projects need."""
    needed: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for project in planned:
        needed[project.tranche][project.county] += project.fen
    for number, (tranche, shares) in enumerate(sorted(needed.items())):
        when = {"on": date(year, 1, 5), "document": f"黔财农〔{year}〕{number + 1}号"}
        yield IssueTranche.of(
            **when,
            tranche=tranche,
            area=CITY,
            plan_year=year,
            level="provincial" if number % 3 == 0 else "central",
            amount_fen=sum(shares.values()),
            issuer="贵州省财政厅",
        )
        for county, fen in shares.items():
            child = f"{tranche}-{county}"
            yield DistributeTranche.of(**when, tranche=tranche, child=child, child_area=county, amount_fen=fen)


def _life(project: _Project) -> Iterator[Command]:
    """Yield everything that is entered of a project, from the library in January to its asset in December."""
    year, about = project.year, {"project": project.code}
    yield ListProject.of(
        on=date(year, 1, 10),
        **about,
        name=f"项目{project.code}",
        area=project.county,
        town=project.town,
        project_year=year,
        project_type=project.kind,
        goal="按期建成并发挥效益",
        estimate_fen=project.fen,
    )
    yield ApproveProject.of(on=date(year, 1, 15), **about)
    yield PlanProject.of(on=date(year, 1, 16), **about, planned_fen=project.fen)
    tranche = f"{project.tranche}-{project.county}"
    yield AllocateMoney.of(on=date(year, 1, 20), **about, tranche=tranche, amount_fen=project.fen)
    signed = {"contract": f"HT-{project.code}", "contractor": "某建筑公司", "contract_fen": project.fen}
    yield ContractProject.of(on=date(year, 2, 1), **about, **signed)
    yield StartProject.of(on=date(year, 2, 10), **about)
    parts = apportion(project.fen, [Fraction(1, _PAYMENTS)] * _PAYMENTS)
    for number, fen in enumerate(parts, start=1):
        month = number + 2
        done = {"invested_fen": fen, "percent": 100 * number // _PAYMENTS}
        yield ReportProgress.of(on=date(year, month, 5), **about, **done)
        yield ReleaseMoney.of(on=date(year, month, 10), **about, amount_fen=fen)
        yield PayMoney.of(on=date(year, month, 15), **about, amount_fen=fen, payee_kind="company")
        yield ReimburseMoney.of(on=date(year, month, 25), **about, amount_fen=fen)
    yield CompleteProject.of(on=date(year, 9, 1), **about)
    yield AcceptProject.of(on=date(year, 10, 1), **about)
    yield SettleProject.of(on=date(year, 11, 1), **about, settled_fen=project.fen)
    yield from _asset(project)


def _asset(project: _Project) -> Iterator[Command]:
    code, day = f"A{project.code}", date(project.year, 12, 1)
    formed = {"name": f"资产{project.code}", "asset_class": "operating", "value_fen": project.fen}
    yield IdentifyAsset.of(on=day, asset=code, project=project.code, **formed)
    owners = (Holder(holder=f"V{project.town}", kind="village_collective", share="1"),)
    until = date(project.year, 12, 10)
    yield NoticeOwnership.of(on=day, asset=code, owners=owners, from_on=day, to_on=until)
    yield ConfirmAsset.of(on=date(project.year, 12, 12), asset=code)

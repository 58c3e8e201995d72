"""The whole county-year: from the library in September 2021 to the end of March 2023."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final

from cli.demo.batches import Batch, Submitted, opening
from cli.demo.county.assets import assets_of, rights, steps
from cli.demo.county.catalogue import FEE
from cli.demo.county.chance import Chance
from cli.demo.county.financing import Financed, finance, wanted_money
from cli.demo.county.funds import SOURCES, Tranches, tranches_for
from cli.demo.county.mistakes import mistakes
from cli.demo.county.notices import allocation_notice, monthly_notices, plan_notice
from cli.demo.county.places import CITY, County, counties, list_villages
from cli.demo.county.projects import approve, enter, make_projects, plan
from cli.demo.county.submissions import Submissions
from cli.demo.county.works import course_of, milestones, payments
from ledger.domain.allocation import AllocateMoney
from ledger.domain.stages import CancelProject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cli.demo.county.projects import Project
    from ledger.domain.command import Command

__all__ = ["ORIGIN", "county_year"]

ORIGIN: Final = "520200.demo.xianjie.example/ledger"
_OPENED: Final = date(2021, 9, 1)
_CANCELLED: Final = date(2022, 6, 20)
_LAST_DAY: Final = date(2023, 3, 31)


def county_year(seed: int, count: int) -> list[Submitted]:
    """Return the year of ``count`` projects in the order of submission; the same seed gives the same year."""
    chance = Chance(seed)
    places = counties(chance)
    financed = finance(chance, make_projects(chance, places, count))
    tranches = tranches_for(chance, wanted_money(financed))
    submissions = Submissions(_LAST_DAY)
    for county in places:
        mine = [each for each in financed if each.project.county is county]
        _library(submissions, county, [each.project for each in mine])
        _allocations(submissions, county, mine)
    _money(submissions, tranches)
    under_way = [each for each in financed if each.project.fate == "carried_out"]
    for each in under_way:
        _work(submissions, chance, each)
    for on, submitted in mistakes([each for each in under_way if each.project.kind is not FEE], tranches):
        submissions.document(on, submitted)
    _monthly_notices(submissions, places, {each.project.code for each in financed if not each.project.published})
    first = opening(CITY, "六盘水市衔接资金账本(演示,数据为合成)", ORIGIN, _OPENED, date(2012, 1, 1))
    villages = Batch("villages", "area load", "演示用村级区划(合成)", (list_villages(places, _OPENED),))
    return [first, villages, *submissions.in_order()]


def _library(submissions: Submissions, county: County, projects: Sequence[Project]) -> None:
    """Enter, approve and plan the projects of a county, round by round, and cancel those that fell through."""
    for step, name in ((enter, "project add"), (approve, "project approve"), (plan, "project plan")):
        for command_batch in _by_document(step, projects):
            key = f"{name}-{command_batch[0].document}"
            submissions.document(command_batch[0].on, _batch(key, name, county, command_batch))
    shown = sorted((each for each in projects if each.published), key=lambda each: each.planned_on)
    for planned_on, planned in groupby(shown, key=lambda each: each.planned_on):
        for notice in plan_notice(county, [each.code for each in planned], planned_on):
            submissions.notice(planned_on, notice)
    reason = "用地手续未落实,资金安排前取消"
    document = f"{county.name}关于取消部分项目的批复(演示)"
    cancelled: list[Command] = [
        CancelProject.of(on=_CANCELLED, document=document, reason=reason, project=each.code)
        for each in projects
        if each.fate == "cancelled"
    ]
    if cancelled:
        submissions.document(_CANCELLED, _batch(f"cancel-{county.code}", "project cancel", county, cancelled))


def _by_document(step: Callable[[Project], Command], projects: Iterable[Project]) -> Iterator[list[Command]]:
    ordered = sorted(map(step, projects), key=lambda command: command.document)
    for _, commands in groupby(ordered, key=lambda command: command.document):
        yield list(commands)


def _allocations(submissions: Submissions, county: County, financed: Sequence[Financed]) -> None:
    """Allocate each tranche of a county by one document, and publish the result."""
    for source in SOURCES.values():
        document = f"{county.name}资金安排〔2022〕{source.key}号(演示)"
        tranche = source.tranche(county.code)
        lines = [(each.project, fen) for each in financed for line, fen in each.lines if line is source]
        commands: list[Command] = [
            AllocateMoney.of(
                on=source.allocated_on, document=document, tranche=tranche, project=project.code, amount_fen=fen
            )
            for project, fen in lines
        ]
        if commands:
            batch = _batch(f"allocate-{tranche}", "import allocations", county, commands)
            submissions.document(source.allocated_on, batch)
            shown = [project.code for project, _ in lines if project.published]
            for notice in allocation_notice(county, source, shown):
                submissions.notice(notice.commands[0].on, notice)


def _money(submissions: Submissions, tranches: Tranches) -> None:
    for source in SOURCES.values():
        for name, commands in (("issue", tranches.issue(source)), ("distribute", tranches.distribute(source))):
            moved = tuple(commands)
            if moved:
                batch = Batch(f"{name}-{source.key}", f"fund {name}", moved[0].document, moved)
                submissions.document(moved[0].on, batch)
    recovered = tuple(tranches.recover())
    if recovered:
        batch = Batch("recover", "fund recover", recovered[0].document, recovered)
        submissions.document(recovered[0].on, batch)


def _work(submissions: Submissions, chance: Chance, financed: Financed) -> None:
    project, course = financed.project, course_of(chance, financed)
    submissions.monthly(project.county, "milestones", milestones(chance, financed, course))
    submissions.monthly(project.county, "payments", payments(chance, financed, course))
    for asset in assets_of(chance, project, course.accepted_on):
        submissions.monthly(project.county, "assets", steps(chance, asset))
        submissions.monthly(project.county, "rights", rights(chance, asset))


def _monthly_notices(submissions: Submissions, places: Sequence[County], hidden: set[str]) -> None:
    by_name = {county.name: county for county in places}
    for desk in ("milestones", "assets"):
        for day, name, commands in submissions.of_month(desk):
            for notice in monthly_notices(by_name[name], day, commands, hidden):
                submissions.notice(day, notice)


def _batch(key: str, command: str, county: County, commands: Sequence[Command]) -> Batch:
    return Batch(key, command, commands[0].document, tuple(commands), f"演示录入员-{county.name}")

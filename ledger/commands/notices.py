"""Handlers of notices."""

from __future__ import annotations

from ledger.commands.dispatch import handles
from ledger.commands.work import ASSET, NOTICE, PROJECT, TRANCHE, Work
from ledger.domain import notice
from ledger.errors import NotFoundError
from ledger.events import Subject


@handles(notice.ApproveNotice)
def _approve(work: Work, command: notice.ApproveNotice) -> None:
    subjects = [_subject(work, code) for code in command.subjects]
    state = work.load(NOTICE, command.notice)
    work.record(notice.decide_approve(state, subjects, command, work.areas(), work.position))


@handles(notice.PublishNotice)
def _publish(work: Work, command: notice.PublishNotice) -> None:
    subjects = [_subject(work, code) for code in command.subjects]
    state = work.load(NOTICE, command.notice)
    work.record(notice.decide_publish(state, subjects, command, work.areas(), _cut_at(work, command)))


@handles(notice.AmendNotice)
def _amend(work: Work, command: notice.AmendNotice) -> None:
    subjects = [_subject(work, code) for code in command.subjects]
    state = work.load(NOTICE, command.notice)
    work.record(notice.decide_amend(state, subjects, command, work.areas(), _cut_at(work, command)))


@handles(notice.WithdrawNotice)
def _withdraw(work: Work, command: notice.WithdrawNotice) -> None:
    work.record(notice.decide_withdraw(work.load(NOTICE, command.notice), command))


def _cut_at(work: Work, command: notice.PublishNotice) -> notice.CutAt:
    """Find out what the content was cut from: the position that the command names, or all that is recorded."""
    last = work.position
    position = last if command.cut_from is None else command.cut_from
    return notice.CutAt(position, work.root_at(position) if position <= last else "", last)


def _subject(work: Work, code: str) -> Subject:
    """Find out what the code names; projects, tranches and assets are looked for in this order."""
    project = work.load(PROJECT, code)
    if project.exists:
        return Subject(
            kind="project",
            code=code,
            area=project.area,
            town=project.town,
            village=project.village,
            year=project.project_year,
            type=project.project_type,
        )
    money = work.load(TRANCHE, code)
    if money.exists:
        return Subject(kind="tranche", code=code, area=money.area, year=money.plan_year, type=money.direction)
    thing = work.load(ASSET, code)
    if thing.exists:
        return Subject(
            kind="asset",
            code=code,
            area=thing.area,
            town=thing.town,
            village=thing.village,
            year=thing.project_year,
            type=thing.asset_class,
        )
    raise NotFoundError(
        "notice.unknown_subject", f"没有编号为“{code}”的项目、资金批次或资产", hint="请核对公示内容的编号"
    )

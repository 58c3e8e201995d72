"""One handler for each command: load what it needs, let the domain decide, record the events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from ledger.commands.correction import reverse
from ledger.commands.work import ASSET, DOCUMENT, NOTICE, PROJECT, RIGHTS, TRANCHE, Work
from ledger.domain import confirmation, control, document, notice, payment, right, stages, tranche
from ledger.domain.command import Command
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import Subject, streams

__all__ = ["handle"]

C = TypeVar("C", bound=Command)
Handler = Callable[[Work, Command], None]

_HANDLERS: dict[type[Command], Handler] = {}


def handle(work: Work, command: Command) -> None:
    """Decide one command and record what follows from it.

    Raises:
        LedgerError: the command is refused; nothing of it was recorded.
    """
    if command.on > work.today and not command.reason and not isinstance(command, control.AdoptRules):
        raise RuleRefusedError(
            "date.future",
            f"业务日期 {command.on} 晚于今天 {work.today}",
            hint="请核对日期;确属预先登记的,用 --reason 说明原因",
        )
    _HANDLERS[type(command)](work, command)


def _handles(kind: type[C]) -> Callable[[Callable[[Work, C], None]], Callable[[Work, C], None]]:
    def register(handler: Callable[[Work, C], None]) -> Callable[[Work, C], None]:
        _HANDLERS[kind] = cast("Handler", handler)
        return handler

    return register


def _transfer_id(work: Work) -> str:
    """Return an id that no other movement has: the position that its first leg is about to take."""
    return f"M{work.position + 1}"


@_handles(control.OpenLedger)
def _open(work: Work, command: control.OpenLedger) -> None:
    work.record(control.decide_open(command, work.areas(), opened=bool(work.recorded_in(streams.LEDGER))))


@_handles(control.ListAreas)
def _list_areas(work: Work, command: control.ListAreas) -> None:
    work.record(control.decide_list_areas(command, work.areas()))


@_handles(control.AdoptRules)
def _adopt(work: Work, command: control.AdoptRules) -> None:
    work.record(control.decide_adopt(command))


@_handles(control.ReverseEvent)
def _reverse(work: Work, command: control.ReverseEvent) -> None:
    reverse(work, command)


@_handles(tranche.IssueTranche)
def _issue(work: Work, command: tranche.IssueTranche) -> None:
    events = tranche.decide_issue(work.load(TRANCHE, command.tranche), command, work.areas())
    known = work.load(DOCUMENT, command.document)
    earlier = known.uses.get(document.purpose_of(command), command.tranche)
    work.record(document.decide_use(known, work.load(TRANCHE, earlier), command))
    work.record(events)


@_handles(tranche.DistributeTranche)
def _distribute(work: Work, command: tranche.DistributeTranche) -> None:
    parent = work.load(TRANCHE, command.tranche)
    child = work.load(TRANCHE, command.child)
    work.record(tranche.decide_distribute(parent, child, command, work.areas(), _transfer_id(work)))


@_handles(tranche.RecoverTranche)
def _recover(work: Work, command: tranche.RecoverTranche) -> None:
    state = work.load(TRANCHE, command.tranche)
    parent = work.load(TRANCHE, state.parent) if state.parent else state
    work.record(tranche.decide_recover(state, parent, command, _transfer_id(work)))


@_handles(stages.ListProject)
def _list_project(work: Work, command: stages.ListProject) -> None:
    state = work.load(PROJECT, command.project)
    areas = work.areas()
    areas.get(command.area, command.on)
    work.record(stages.decide_list(state, command, areas, work.rules(command.area, command.on)))


def _take_step(work: Work, command: stages.StageCommand) -> None:
    work.record(stages.decide_stage(work.load(PROJECT, command.project), command))


for _step in (stages.ApproveProject, stages.StartProject, stages.CompleteProject, stages.AcceptProject):
    _handles(_step)(_take_step)


@_handles(stages.PlanProject)
def _plan(work: Work, command: stages.PlanProject) -> None:
    work.record(stages.decide_plan(work.load(PROJECT, command.project), command))


@_handles(stages.ReportProgress)
def _progress(work: Work, command: stages.ReportProgress) -> None:
    work.record(stages.decide_progress(work.load(PROJECT, command.project), command))


@_handles(stages.CancelProject)
def _cancel(work: Work, command: stages.CancelProject) -> None:
    work.record(stages.decide_cancel(work.load(PROJECT, command.project), command))


@_handles(payment.AllocateMoney)
def _allocate(work: Work, command: payment.AllocateMoney) -> None:
    paying = work.load(TRANCHE, command.tranche)
    paying.must_exist(command.tranche)
    project = work.load(PROJECT, command.project)
    rules = work.rules(paying.area, command.on)
    work.record(payment.decide_allocate(paying, project, command, rules, _transfer_id(work)))


@_handles(payment.ReleaseMoney)
def _release(work: Work, command: payment.ReleaseMoney) -> None:
    work.record(payment.decide_release(work.load(PROJECT, command.project), command))


@_handles(payment.PayMoney)
def _pay(work: Work, command: payment.PayMoney) -> None:
    work.record(payment.decide_pay(work.load(PROJECT, command.project), command))


@_handles(payment.ReimburseMoney)
def _reimburse(work: Work, command: payment.ReimburseMoney) -> None:
    work.record(payment.decide_reimburse(work.load(PROJECT, command.project), command))


@_handles(confirmation.IdentifyAsset)
def _identify(work: Work, command: confirmation.IdentifyAsset) -> None:
    project = work.load(PROJECT, command.project)
    project.must_exist(command.project)
    rules = work.rules(project.area, command.on)
    formation_id = f"F{work.position + 1}"
    work.record(confirmation.decide_identify(work.load(ASSET, command.asset), project, command, rules, formation_id))


@_handles(confirmation.NoticeOwnership)
def _notice_ownership(work: Work, command: confirmation.NoticeOwnership) -> None:
    state = work.load(ASSET, command.asset)
    state.must_have("identified", command.asset, "公示")
    work.record(confirmation.decide_notice(state, command, work.rules(state.area, command.on)))


@_handles(confirmation.ConfirmAsset)
def _confirm(work: Work, command: confirmation.ConfirmAsset) -> None:
    confirmation_id = f"C{work.position + 1}"
    work.record(confirmation.decide_confirm(work.load(ASSET, command.asset), command, confirmation_id))


@_handles(confirmation.CertifyAsset)
def _certify(work: Work, command: confirmation.CertifyAsset) -> None:
    work.record(confirmation.decide_certify(work.load(ASSET, command.asset), command))


@_handles(confirmation.HandOverAsset)
def _hand_over(work: Work, command: confirmation.HandOverAsset) -> None:
    work.record(confirmation.decide_hand_over(work.load(ASSET, command.asset), command))


@_handles(confirmation.BookAsset)
def _book(work: Work, command: confirmation.BookAsset) -> None:
    work.record(confirmation.decide_book(work.load(ASSET, command.asset), command))


@_handles(right.SetRight)
def _set_right(work: Work, command: right.SetRight) -> None:
    state = work.load(RIGHTS, command.asset)
    work.record(right.decide_set(work.load(ASSET, command.asset), state, command))


@_handles(notice.PublishNotice)
def _publish(work: Work, command: notice.PublishNotice) -> None:
    subjects = [_subject(work, code) for code in command.subjects]
    state = work.load(NOTICE, command.notice)
    work.record(notice.decide_publish(state, subjects, command, work.areas(), work.position))


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

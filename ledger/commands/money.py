"""Handlers of money: tranches, allocation to projects, payment, retention, adjustment, the end of a year."""

from __future__ import annotations

from ledger.commands.dispatch import handles, transfer_id
from ledger.commands.work import DOCUMENT, PROJECT, TRANCHE, YEAR, Work
from ledger.domain import adjustment, allocation, closing, document, payment, retention, tranche
from ledger.domain.command import Command
from ledger.domain.history import fold, live
from ledger.domain.line import MoneyCommand
from ledger.domain.project import Project


def _check_open(work: Work, area: str, command: Command) -> None:
    """Refuse an entry dated in a year for which the area's books are closed, unless it states a reason."""
    closing.check_open(work.load(YEAR, f"{area}:{command.on.year}"), area, command)


@handles(tranche.IssueTranche)
def _issue(work: Work, command: tranche.IssueTranche) -> None:
    _check_open(work, command.area, command)
    events = tranche.decide_issue(work.load(TRANCHE, command.tranche), command, work.areas())
    known = work.load(DOCUMENT, command.document)
    earlier = known.uses.get(document.purpose_of(command), command.tranche)
    work.record(document.decide_use(known, work.load(TRANCHE, earlier), command))
    work.record(events)


@handles(tranche.DistributeTranche)
def _distribute(work: Work, command: tranche.DistributeTranche) -> None:
    parent = work.load(TRANCHE, command.tranche)
    child = work.load(TRANCHE, command.child)
    _check_open(work, parent.area, command)
    _check_open(work, command.child_area, command)
    work.record(tranche.decide_distribute(parent, child, command, work.areas(), transfer_id(work)))


@handles(tranche.RecoverTranche)
def _recover(work: Work, command: tranche.RecoverTranche) -> None:
    state = work.load(TRANCHE, command.tranche)
    parent = work.load(TRANCHE, state.parent) if state.parent else state
    _check_open(work, state.area, command)
    _check_open(work, parent.area, command)
    work.record(tranche.decide_recover(state, parent, command, transfer_id(work)))


@handles(allocation.AllocateMoney)
def _allocate(work: Work, command: allocation.AllocateMoney) -> None:
    paying = _paying(work, command)
    project, rules = work.load(PROJECT, command.project), work.rules(paying.area, command.on)
    work.record(allocation.decide_allocate(paying, project, command, rules, transfer_id(work)))


@handles(allocation.ExtractFee)
def _extract_fee(work: Work, command: allocation.ExtractFee) -> None:
    paying = _paying(work, command)
    project, rules = work.load(PROJECT, command.project), work.rules(paying.area, command.on)
    work.record(allocation.decide_fee(paying, project, command, rules, transfer_id(work)))


@handles(adjustment.AdjustMoney)
def _adjust(work: Work, command: adjustment.AdjustMoney) -> None:
    source, target = (_project(work, code, command) for code in (command.from_project, command.to_project))
    approval = work.load(DOCUMENT, command.document)
    paying = adjustment.line_to_adjust(source, command).tranche
    work.record(adjustment.decide_withdraw(source, target, approval, command, transfer_id(work)))
    again = allocation.AllocateMoney.of(
        on=command.on,
        document=command.document,
        reason=command.reason,
        tranche=paying,
        project=command.to_project,
        amount_fen=command.amount_fen,
        cause=command.cause,
    )
    rules = work.rules(target.area, command.on)
    work.record(allocation.allocate_to(work.load(TRANCHE, paying), target, again, rules, transfer_id(work)))


@handles(adjustment.RecoverFromProject)
def _recover_from_project(work: Work, command: adjustment.RecoverFromProject) -> None:
    project = _project(work, command.project, command)
    work.record(adjustment.decide_recover_from_project(project, command, transfer_id(work)))


@handles(adjustment.ConfirmSurplus)
def _surplus(work: Work, command: adjustment.ConfirmSurplus) -> None:
    project = _project(work, command.project, command)
    work.record(adjustment.decide_surplus(project, command, transfer_id(work)))


@handles(payment.ReleaseMoney)
def _release(work: Work, command: payment.ReleaseMoney) -> None:
    work.record(payment.decide_release(_of(work, command), command))


@handles(payment.ReturnRelease)
def _return(work: Work, command: payment.ReturnRelease) -> None:
    work.record(payment.decide_return(_of(work, command), command))


@handles(payment.PayMoney)
def _pay(work: Work, command: payment.PayMoney) -> None:
    project = _of(work, command)
    work.record(payment.decide_pay(project, command, work.rules(project.area, command.on)))


@handles(payment.RefundPayment)
def _refund(work: Work, command: payment.RefundPayment) -> None:
    work.record(payment.decide_refund(_of(work, command), command))


@handles(payment.ReimburseMoney)
def _reimburse(work: Work, command: payment.ReimburseMoney) -> None:
    work.record(payment.decide_reimburse(_of(work, command), command))


@handles(retention.HoldRetention)
def _hold(work: Work, command: retention.HoldRetention) -> None:
    work.record(retention.decide_hold(_of(work, command), command))


@handles(retention.ReleaseRetention)
def _release_retention(work: Work, command: retention.ReleaseRetention) -> None:
    project = _of(work, command)
    rules = work.rules(project.area, command.on)
    work.record(retention.decide_release_retention(project, command, rules))


@handles(closing.CarryOverTranche)
def _carry_over(work: Work, command: closing.CarryOverTranche) -> None:
    state = work.load(TRANCHE, command.tranche)
    _check_open(work, state.area, command)
    end = closing.last_day(command.from_year)
    history = live([each.event for each in work.recorded_in(TRANCHE.stream(command.tranche))])
    at_end = fold(TRANCHE.evolve, TRANCHE.start, [event for event in history if event.effective_on <= end])
    work.record(closing.decide_carry_over(state, at_end, command))


@handles(closing.CloseYear)
def _close(work: Work, command: closing.CloseYear) -> None:
    books = work.load(YEAR, f"{command.area}:{command.year}")
    work.record(closing.decide_close(books, command, work.areas()))


def _paying(work: Work, command: allocation.AllocateMoney) -> tranche.Tranche:
    """Return a tranche that exists and whose books are open."""
    state = work.load(TRANCHE, command.tranche)
    state.must_exist(command.tranche)
    _check_open(work, state.area, command)
    return state


def _of(work: Work, command: MoneyCommand) -> Project:
    return _project(work, command.project, command)


def _project(work: Work, code: str, command: Command) -> Project:
    """Return a project that is in the library and whose books are open."""
    project = work.load(PROJECT, code)
    project.must_exist(code)
    _check_open(work, project.area, command)
    return project

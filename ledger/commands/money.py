"""Handlers of money: tranches, allocation to projects, release, payment, reimbursement."""

from __future__ import annotations

from ledger.commands.dispatch import handles, transfer_id
from ledger.commands.work import DOCUMENT, PROJECT, TRANCHE, Work
from ledger.domain import document, payment, tranche


@handles(tranche.IssueTranche)
def _issue(work: Work, command: tranche.IssueTranche) -> None:
    events = tranche.decide_issue(work.load(TRANCHE, command.tranche), command, work.areas())
    known = work.load(DOCUMENT, command.document)
    earlier = known.uses.get(document.purpose_of(command), command.tranche)
    work.record(document.decide_use(known, work.load(TRANCHE, earlier), command))
    work.record(events)


@handles(tranche.DistributeTranche)
def _distribute(work: Work, command: tranche.DistributeTranche) -> None:
    parent = work.load(TRANCHE, command.tranche)
    child = work.load(TRANCHE, command.child)
    work.record(tranche.decide_distribute(parent, child, command, work.areas(), transfer_id(work)))


@handles(tranche.RecoverTranche)
def _recover(work: Work, command: tranche.RecoverTranche) -> None:
    state = work.load(TRANCHE, command.tranche)
    parent = work.load(TRANCHE, state.parent) if state.parent else state
    work.record(tranche.decide_recover(state, parent, command, transfer_id(work)))


@handles(payment.AllocateMoney)
def _allocate(work: Work, command: payment.AllocateMoney) -> None:
    paying = work.load(TRANCHE, command.tranche)
    paying.must_exist(command.tranche)
    project = work.load(PROJECT, command.project)
    rules = work.rules(paying.area, command.on)
    work.record(payment.decide_allocate(paying, project, command, rules, transfer_id(work)))


@handles(payment.ReleaseMoney)
def _release(work: Work, command: payment.ReleaseMoney) -> None:
    work.record(payment.decide_release(work.load(PROJECT, command.project), command))


@handles(payment.PayMoney)
def _pay(work: Work, command: payment.PayMoney) -> None:
    work.record(payment.decide_pay(work.load(PROJECT, command.project), command))


@handles(payment.ReimburseMoney)
def _reimburse(work: Work, command: payment.ReimburseMoney) -> None:
    work.record(payment.decide_reimburse(work.load(PROJECT, command.project), command))

"""Handlers of people and of what they say to proposals. Whether they may is checked with the whole batch."""

from __future__ import annotations

from ledger.commands.dispatch import handles
from ledger.commands.work import OPENING, PEOPLE, PROPOSAL, Work
from ledger.domain import enrolment, proposal
from ledger.errors import RuleRefusedError
from ledger.rules import RulePack


def _must_be_signed(work: Work) -> None:
    if work.load(OPENING, "").mode != "signed":
        raise RuleRefusedError(
            "person.trial", "试用账本不分人员和岗位", hint="需要签名和双人复核的,用 xianjie init --signed 另建账本"
        )


def _rules(work: Work) -> RulePack:
    return work.rules(work.load(OPENING, "").area, work.today)


@handles(enrolment.EnrolPerson)
def _enrol_person(work: Work, command: enrolment.EnrolPerson) -> None:
    _must_be_signed(work)
    work.record(enrolment.decide_enrol_person(work.load(PEOPLE, ""), command))


@handles(enrolment.EnrolKey)
def _enrol_key(work: Work, command: enrolment.EnrolKey) -> None:
    _must_be_signed(work)
    work.record(enrolment.decide_enrol_key(work.load(PEOPLE, ""), command))


@handles(enrolment.RevokeKey)
def _revoke_key(work: Work, command: enrolment.RevokeKey) -> None:
    work.record(enrolment.decide_revoke_key(work.load(PEOPLE, ""), command, work.position))


@handles(enrolment.GrantRole)
def _grant(work: Work, command: enrolment.GrantRole) -> None:
    _must_be_signed(work)
    work.areas().get(command.area, command.on)
    work.record(enrolment.decide_grant(work.load(PEOPLE, ""), command, _rules(work)))


@handles(enrolment.RevokeRole)
def _revoke_role(work: Work, command: enrolment.RevokeRole) -> None:
    work.record(enrolment.decide_revoke_role(work.load(PEOPLE, ""), command))


@handles(enrolment.DelegateRole)
def _delegate(work: Work, command: enrolment.DelegateRole) -> None:
    work.record(enrolment.decide_delegate(work.load(PEOPLE, ""), command, work.actor, _rules(work)))


@handles(enrolment.ConfirmLedger)
def _confirm(work: Work, command: enrolment.ConfirmLedger) -> None:
    work.record(enrolment.decide_confirm(work.load(OPENING, ""), command, work.actor))


@handles(proposal.CheckProposal)
def _check(work: Work, command: proposal.CheckProposal) -> None:
    work.record(proposal.decide_check(work.load(PROPOSAL, command.proposal), command, work.actor))


@handles(proposal.RejectProposal)
def _reject(work: Work, command: proposal.RejectProposal) -> None:
    work.record(proposal.decide_reject(work.load(PROPOSAL, command.proposal), command, work.actor))


@handles(proposal.WithdrawProposal)
def _withdraw(work: Work, command: proposal.WithdrawProposal) -> None:
    work.record(proposal.decide_withdraw(work.load(PROPOSAL, command.proposal), command, work.actor))

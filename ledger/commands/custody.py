"""Handlers of what is kept of the ledger and beside it: backups, and the subjects of the vault."""

from __future__ import annotations

from ledger.commands.dispatch import handles
from ledger.commands.work import SUBJECT, Work
from ledger.domain import subject, survival


@handles(survival.RecordBackup)
def _backup(work: Work, command: survival.RecordBackup) -> None:
    work.record(survival.decide_backup(command, work.position))


@handles(survival.RecordRestore)
def _restore(work: Work, command: survival.RecordRestore) -> None:
    work.record(survival.decide_restore(command))


@handles(subject.RegisterSubject)
def _register(work: Work, command: subject.RegisterSubject) -> None:
    work.record(subject.decide_register_subject(work.load(SUBJECT, command.subject), command))


@handles(subject.ReadSubject)
def _read(work: Work, command: subject.ReadSubject) -> None:
    work.record(subject.decide_read_subject(work.load(SUBJECT, command.subject), command))


@handles(subject.EraseSubject)
def _erase(work: Work, command: subject.EraseSubject) -> None:
    work.record(subject.decide_erase_subject(work.load(SUBJECT, command.subject), command))

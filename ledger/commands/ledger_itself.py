"""Handlers of what concerns the ledger itself: opened, areas listed, rules adopted, files imported, events reversed."""

from __future__ import annotations

from ledger.commands.correction import reverse, reverse_batch
from ledger.commands.dispatch import handles
from ledger.commands.work import Work
from ledger.domain import control, intake
from ledger.events import streams


@handles(control.OpenLedger)
def _open(work: Work, command: control.OpenLedger) -> None:
    work.record(control.decide_open(command, work.areas(), work.actor, opened=bool(work.recorded_in(streams.LEDGER))))


@handles(control.ListAreas)
def _list_areas(work: Work, command: control.ListAreas) -> None:
    work.record(control.decide_list_areas(command, work.areas()))


@handles(control.AdoptRules)
def _adopt(work: Work, command: control.AdoptRules) -> None:
    work.record(control.decide_adopt(command))


@handles(control.ReverseEvent)
def _reverse(work: Work, command: control.ReverseEvent) -> None:
    reverse(work, command)


@handles(control.ReverseBatch)
def _reverse_batch(work: Work, command: control.ReverseBatch) -> None:
    reverse_batch(work, command)


@handles(intake.RecordImport)
def _record_import(work: Work, command: intake.RecordImport) -> None:
    work.record(intake.decide_record_import(len(work.recorded_in(streams.imports(command.kind))), command))

"""Handlers of a project's life."""

from __future__ import annotations

from ledger.commands.dispatch import handles
from ledger.commands.work import PROJECT, Work
from ledger.domain import stages


@handles(stages.ListProject)
def _list_project(work: Work, command: stages.ListProject) -> None:
    state = work.load(PROJECT, command.project)
    areas = work.areas()
    areas.get(command.area, command.on)
    work.record(stages.decide_list(state, command, areas, work.rules(command.area, command.on)))


def _take_step(work: Work, command: stages.StageCommand) -> None:
    work.record(stages.decide_stage(work.load(PROJECT, command.project), command))


for _step in (stages.ApproveProject, stages.StartProject, stages.CompleteProject, stages.AcceptProject):
    handles(_step)(_take_step)


@handles(stages.PlanProject)
def _plan(work: Work, command: stages.PlanProject) -> None:
    work.record(stages.decide_plan(work.load(PROJECT, command.project), command))


@handles(stages.ReportProgress)
def _progress(work: Work, command: stages.ReportProgress) -> None:
    work.record(stages.decide_progress(work.load(PROJECT, command.project), command))


@handles(stages.CancelProject)
def _cancel(work: Work, command: stages.CancelProject) -> None:
    work.record(stages.decide_cancel(work.load(PROJECT, command.project), command))

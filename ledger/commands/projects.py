"""Handlers of a project's life."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ledger.commands.dispatch import handles
from ledger.commands.work import PROJECT, Work
from ledger.domain import ending, finishing, library, stages, works

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.domain.project import Project
    from ledger.events import Event

C = TypeVar("C", bound=stages.StageCommand)


@handles(stages.DeclareProject)
def _declare(work: Work, command: stages.DeclareProject) -> None:
    state = work.load(PROJECT, command.project)
    entry, areas = library.entry_of(state, command), work.areas()
    areas.get(entry.area, command.on)
    work.record(library.decide_declare(state, command, entry, areas, work.rules(entry.area, command.on)))


@handles(stages.ListProject)
def _list_project(work: Work, command: stages.ListProject) -> None:
    state = work.load(PROJECT, command.project)
    entry, areas = library.entry_of(state, command), work.areas()
    areas.get(entry.area, command.on)
    work.record(library.decide_list(state, command, entry, areas, work.rules(entry.area, command.on)))


@handles(stages.AmendProject)
def _amend(work: Work, command: stages.AmendProject) -> None:
    state = work.load(PROJECT, command.project)
    state.must_exist(command.project)
    work.record(library.decide_amend(state, command, work.rules(state.area, command.on)))


@handles(stages.ReplaceProject)
def _replace(work: Work, command: stages.ReplaceProject) -> None:
    state, successor = work.load(PROJECT, command.project), work.load(PROJECT, command.successor)
    work.record(ending.decide_replace(state, successor, command))


def _step(kind: type[C], decide: Callable[[Project, C], list[Event]]) -> None:
    """Register the handler of a command that needs nothing but the project."""

    @handles(kind)
    def _take(work: Work, command: C) -> None:
        work.record(decide(work.load(PROJECT, command.project), command))


for _plain in (stages.ReviewProject, stages.AppraiseProject, stages.ApproveProject, stages.StartProject):
    _step(_plain, stages.decide_stage)
_step(stages.PlanProject, stages.decide_plan)
_step(stages.ContractProject, works.decide_contract)
_step(stages.ReportProgress, works.decide_progress)
_step(stages.SuspendProject, works.decide_suspend)
_step(stages.ResumeProject, works.decide_resume)
_step(stages.CompleteProject, finishing.decide_complete)
_step(stages.AcceptProject, finishing.decide_accept)
_step(stages.SettleProject, finishing.decide_settle)
_step(stages.ConcludeProject, finishing.decide_conclude)
_step(stages.HandOverProject, finishing.decide_hand_over)
_step(stages.RemoveProject, ending.decide_remove)
_step(stages.CancelProject, ending.decide_cancel)

"""The life of a financed project: started, under way, paid for, completed, accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cli.demo.county.catalogue import FEE
from ledger.domain.payment import PayMoney, ReimburseMoney, ReleaseMoney
from ledger.domain.stages import AcceptProject, CompleteProject, ReportProgress, StartProject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.demo.county.chance import Chance
    from cli.demo.county.financing import Financed
    from ledger.domain.command import Command

__all__ = ["Course", "course_of", "milestones", "payments"]

_RETENTION_PERCENT: Final = 3


@dataclass(frozen=True, slots=True)
class Course:
    """The days on which a project starts, completes and is accepted."""

    started_on: date
    completed_on: date
    accepted_on: date


def course_of(chance: Chance, financed: Financed) -> Course:
    """Return the course of a project, which starts once all of its money is allocated; some start or end late."""
    ready = max(source.allocated_on for source, _ in financed.lines)
    late = chance.happens(6)
    started = chance.later(max(ready, date(2022, 3, 1)), 90, 150) if late else chance.later(ready, 12, 45)
    completed = chance.later(started, 180, 420) if chance.happens(12) else chance.later(started, 45, 170)
    return Course(started, completed, chance.later(completed, 10, 40))


def milestones(chance: Chance, financed: Financed, course: Course) -> Iterator[Command]:
    """Yield the steps of the work, with the money invested in between."""
    project = financed.project
    if project.kind is FEE:
        return
    yield StartProject.of(on=course.started_on, project=project.code)
    parts = chance.between(2, 4)
    days = (course.completed_on - course.started_on).days
    for number, fen in enumerate(chance.split(project.cost_fen, parts), start=1):
        day = course.started_on + timedelta(days=days * number // parts)
        yield ReportProgress.of(on=day, project=project.code, invested_fen=fen)
    yield CompleteProject.of(on=course.completed_on, project=project.code)
    yield AcceptProject.of(on=course.accepted_on, project=project.code)


def payments(chance: Chance, financed: Financed, course: Course) -> Iterator[Command]:
    """Yield three to six payments, each released, paid and mostly reimbursed; the last follows acceptance.

    Some projects keep a retention back. A payment that one tranche cannot cover is made from two.
    """
    total = financed.project.cost_fen
    if chance.happens(30):
        total -= total * _RETENTION_PERCENT // 100
    parts = chance.pick((3, 3, 4, 4, 5, 6))
    span = (course.accepted_on - course.started_on).days
    left = {source.tranche(financed.project.county.code): fen for source, fen in financed.lines}
    for number, fen in enumerate(chance.split(total, parts)):
        day = course.started_on + timedelta(days=span * number // (parts - 1))
        released_on = chance.later(day, 2, 9)
        paid_on = chance.later(released_on, 1, 12)
        reimbursed_on = chance.later(paid_on, 4, 30) if chance.happens(88) else None
        for tranche, taken in _draw(left, fen):
            what = {"project": financed.project.code, "tranche": tranche, "amount_fen": taken}
            yield ReleaseMoney.of(**what, on=released_on)
            yield PayMoney.of(**what, on=paid_on)
            if reimbursed_on:
                yield ReimburseMoney.of(**what, on=reimbursed_on)


def _draw(left: dict[str, int], fen: int) -> Iterator[tuple[str, int]]:
    """Yield what each tranche gives towards ``fen``, in order, and take it off what they have left."""
    for tranche, available in left.items():
        taken = min(available, fen)
        if taken:
            left[tranche] -= taken
            fen -= taken
            yield tranche, taken

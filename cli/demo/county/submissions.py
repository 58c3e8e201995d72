"""In which order the clerks submit: documents on their day, imports at the month's end."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from cli.demo.batches import Batch, Submitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cli.demo.county.places import County
    from ledger.domain.command import Command

__all__ = ["Desk", "Submissions", "month_end"]

Desk: TypeAlias = Literal["milestones", "payments", "assets", "rights"]

_DESKS: Final[dict[Desk, str]] = {
    "milestones": "项目进度月报",
    "payments": "资金支付月报",
    "assets": "资产确权移交月报",
    "rights": "权利分置月报",
}
_DOCUMENT_RANK, _NOTICE_RANK = 0, len(_DESKS) + 1


class Submissions:
    """Takes in commands in any order and gives them back as batches, causes before effects."""

    def __init__(self, last_day: date) -> None:
        self._last_day = last_day
        self._dated: list[tuple[date, int, Submitted]] = []
        self._months: dict[tuple[date, Desk, str], list[Command]] = defaultdict(list)

    def document(self, on: date, submitted: Submitted) -> None:
        """Take in a document that is recorded on its own day."""
        self._dated.append((on, _DOCUMENT_RANK, submitted))

    def notice(self, on: date, submitted: Submitted) -> None:
        """Take in a notice, recorded after everything else of its day."""
        self._dated.append((on, _NOTICE_RANK, submitted))

    def monthly(self, county: County, desk: Desk, commands: Iterable[Command]) -> None:
        """Take in commands for the month's import of a desk; what lies after the last day has not happened yet."""
        for command in commands:
            if command.on <= self._last_day:
                self._months[month_end(command.on), desk, county.name].append(command)

    def of_month(self, desk: Desk) -> Iterator[tuple[date, str, list[Command]]]:
        """Yield what a desk submits: the month's last day, the county's name, the commands."""
        for (day, each, county), commands in self._months.items():
            if each == desk:
                yield day, county, commands

    def in_order(self) -> list[Submitted]:
        """Return all batches in the order of submission."""
        ranks = {desk: rank for rank, desk in enumerate(_DESKS, start=_DOCUMENT_RANK + 1)}
        monthly = [
            (day, ranks[desk], _import(day, desk, county, commands))
            for (day, desk, county), commands in self._months.items()
        ]
        ordered = sorted([*self._dated, *monthly], key=lambda each: each[:2])
        return [submitted for _, _, submitted in ordered]


def month_end(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _import(day: date, desk: Desk, county: str, commands: list[Command]) -> Batch:
    document = f"{county}{day.year}年{day.month}月{_DESKS[desk]}"
    ordered = sorted(commands, key=lambda command: command.on)  # stable: on one day the given order stays
    return Batch(
        key=f"{desk}-{day:%Y-%m}-{county}",
        command=f"import {desk}",
        document=document,
        commands=tuple(command.model_copy(update={"document": document}) for command in ordered),
        actor=f"演示录入员-{county}",
    )

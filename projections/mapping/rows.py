"""What every mapping shares: the shape of a row, and the dimensions in the order of the columns."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ledger.events import Event

__all__ = [
    "FUND",
    "NO_FUND",
    "NO_PROJECT",
    "PLACED_PROJECT",
    "PROJECT_REACHED",
    "FactRow",
    "Mapping",
    "Stamp",
    "at_line",
    "nothing",
    "of_project",
]

FactRow: TypeAlias = tuple[str, tuple[Any, ...]]
"""A table's name and the values of one row, in the order of its columns."""

Stamp: TypeAlias = tuple[Any, ...]
"""The six values with which every row begins (``tables.STAMP``)."""

Mapping: TypeAlias = Callable[[Any, Stamp], list[FactRow]]
"""What an event of one class says, as rows."""

# Dimensions in column order. One C call fetches them all, which is what keeps the map fast.
FUND = attrgetter("area", "plan_year", "level", "fund_kind", "direction", "tranche")
NO_FUND = ("", "", "", "")
NO_PROJECT = ("", "", "", 0, "", None)
PLACED_PROJECT = attrgetter("area", "town", "village", "project", "project_year", "project_type")
PROJECT_REACHED = attrgetter("project", "area", "town", "village", "project_year", "project_type", "document")
_PROJECT = attrgetter("town", "village", "project", "project_year", "project_type")


def of_project(event: Any) -> tuple[Any, ...]:  # noqa: ANN401 - several classes lend the same fields
    """Return the dimensions of the event's project; its override of ``industry`` as 0, 1 or None."""
    return (*_PROJECT(event), None if event.industry is None else int(event.industry))


def at_line(stamp: Stamp, line: int) -> Stamp:
    """Return the stamp of another row of the same event."""
    return (stamp[0], line, *stamp[2:])


def nothing(_event: Event, _stamp: Stamp) -> list[FactRow]:
    """Map an event whose facts are stated by another one, or that states none."""
    return []

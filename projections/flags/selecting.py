"""How facts are summed up to traces by the database: one row for each subject and kind of fact, with its positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, func

from projections.assets import standing
from projections.flags.model import Trace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import ColumnElement, Select, Table

    from projections.scope import Scope

__all__ = ["here", "trace", "traced"]


def traced(facts: Table, amount: ColumnElement[int] | None = None) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of a trace: the sum of an amount or the number of facts, first and last day, positions."""
    total = func.count() if amount is None else func.sum(amount)
    positions = func.aggregate_strings(cast(facts.c.position, Text), ",")
    return total, func.min(facts.c.effective_on), func.max(facts.c.effective_on), positions


def trace(values: Sequence[Any]) -> Trace:
    """Return the trace that the four columns of ``traced`` hold."""
    total, first, last, positions = values
    return Trace(int(total), first, last, positions)


def here(scope: Scope, facts: Table, wanted: Select[Any]) -> Select[Any]:
    """Return the select of facts of the area that stand: known, happened, and not taken back."""
    return wanted.where(standing(scope, facts), scope.inside(facts))

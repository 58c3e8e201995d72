"""The industry share as allocations that nobody made yet would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.changes import what_if_of
from projections.hypothesis import Hypothesis
from projections.quotients import ShareRow, pair_cells, pair_definitions, share_rows
from projections.scope import Answer, Question, open_scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from ledger.domain.allocation import AllocateMoney

__all__ = ["what_if"]


def what_if(engine: Engine, question: Question, allocations: Iterable[tuple[AllocateMoney, str]]) -> Answer[ShareRow]:
    """Return the share as it stands, and under ``what_if`` how the allocations would change it. Records nothing.

    Each allocation comes with the place (a row of a file) that a refusal names. They add up: what one takes of a
    tranche the next no longer finds. Their own days do not count, they are made on the day of the report.

    Raises:
        RuleRefusedError, NotFoundError: the ledger would refuse an allocation, or it lies outside the question; or no
            rule pack was in force.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        cells = pair_cells(scope)
        hypothesis = Hypothesis(scope)
        for command, where in allocations:
            hypothesis.allocate(command, where)
        changed = what_if_of(scope, cells, hypothesis)
        more: dict[str, object] = {"definitions": pair_definitions(scope.rules), "what_if": changed}
        return Answer("share", scope, share_rows(scope, cells), more)

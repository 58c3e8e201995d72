"""Proposals as they stand: what waits, for whose agreement, and how much money that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from projections.tables import fact_proposal

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Waiting", "proposals"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One proposal; ``state`` is to_check, to_approve, approved, rejected or withdrawn; ``total_fen`` needs approval.

    ``position`` is where it was made; ``checkers`` have agreed so far.
    """

    proposal: str
    state: str
    maker: str
    command: str
    subject: str
    total_fen: int
    count: int
    checked: bool
    seen_hash: str
    document: str
    made_on: str
    position: int
    checkers: tuple[str, ...] = ()
    closed_by: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.state in {"to_check", "to_approve"}


def proposals(connection: Connection, position: int | None = None) -> list[Waiting]:
    """Return every proposal as known at a position (None: now), in the order in which they were made."""
    facts = fact_proposal
    query = select(facts).order_by(facts.c.position)
    if position is not None:
        query = query.where(facts.c.position <= position)
    found: dict[str, Waiting] = {}
    for row in connection.execute(query):
        if row.step == "made":
            found[row.proposal] = Waiting(
                row.proposal,
                "to_check" if row.checked else "to_approve",
                row.person,
                row.command,
                row.subject,
                row.total_fen,
                row.commands,
                bool(row.checked),
                row.seen_hash,
                row.document,
                row.effective_on,
                row.position,
            )
        elif row.step == "checked":
            before = found[row.proposal]
            found[row.proposal] = replace(before, state="to_approve", checkers=(*before.checkers, row.person))
        else:
            found[row.proposal] = replace(found[row.proposal], state=row.step, closed_by=row.person, reason=row.reason)
    return list(found.values())

"""Under which key a file, or its undoing, is submitted: once, unless it came to nothing or was undone since.

What others must approve is first submitted as a proposal, and counts once it is approved. One that was refused or
withdrawn came to nothing, so the same file may be submitted again; the keys of one file are numbered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.proposal import Proposal, evolve_proposal
from ledger.events import ProposalApproved, ProposalMade, registry
from ledger.log.reading import batch_keyed, batch_of, event_at, read_stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ledger.log.reading import Batch

__all__ = ["key_of_file", "key_of_undoing"]


def key_of_file(connection: Connection, key: str) -> str:
    """Return the first key of a file's row under which nothing stands that counts or waits."""
    return _first(connection, key, lambda spent: _came_to_nothing(connection, spent) or _is_undone(connection, spent))


def key_of_undoing(connection: Connection, batch: int) -> str:
    """Return the key under which an imported batch is undone: once, however often that is asked for."""
    return _first(connection, _undoing(batch), lambda spent: _came_to_nothing(connection, spent))


def _first(connection: Connection, key: str, free: Callable[[Batch], bool]) -> str:
    again, number = key, 1
    while (spent := batch_keyed(connection, again)) and free(spent):
        number += 1
        again = f"{key}:{number}"
    return again


def _undoing(batch: int) -> str:
    return f"import undo:{batch}"


def _is_undone(connection: Connection, submitted: Batch) -> bool:
    recorded = _recorded(connection, submitted)
    undoing = batch_keyed(connection, key_of_undoing(connection, recorded.id)) if recorded else None
    return undoing is not None and _recorded(connection, undoing) is not None


def _came_to_nothing(connection: Connection, submitted: Batch) -> bool:
    return _proposal(connection, submitted)[0].status in {"rejected", "withdrawn"}


def _recorded(connection: Connection, submitted: Batch) -> Batch | None:
    """Return the batch that recorded what was submitted: itself, or that of its approval; None where there is none."""
    proposal, approved_at = _proposal(connection, submitted)
    if proposal.made is None:
        return submitted
    return batch_of(connection, approved_at) if approved_at else None


def _proposal(connection: Connection, submitted: Batch) -> tuple[Proposal, int]:
    """Return the proposal that a submission was recorded as (an empty one if it was not), and where it was approved."""
    first, proposal, approved_at = event_at(connection, submitted.first), Proposal(), 0
    if first is None or first.topic != ProposalMade.TOPIC:
        return proposal, approved_at
    for row in read_stream(connection, first.stream):
        proposal = evolve_proposal(proposal, registry.decode(row.topic, row.state))
        approved_at = row.position if row.topic == ProposalApproved.TOPIC else approved_at
    return proposal, approved_at

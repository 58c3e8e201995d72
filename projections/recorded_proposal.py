"""One proposal as the log itself has it: for whoever is about to sign.

Apart from ``proposals``, which every report asks what waits: a report starts without the classes of events.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.events import (
    ProposalApproved,
    ProposalChecked,
    ProposalMade,
    ProposalRejected,
    ProposalWithdrawn,
    registry,
    streams,
)
from ledger.log.reading import read_stream
from projections.proposals import Waiting

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["recorded_proposal"]


def recorded_proposal(connection: Connection, code: str) -> Waiting | None:
    """Return one proposal as the log itself has it now: what somebody is about to sign is not read from the facts.

    Raises TamperedError (events that cannot be read).
    """
    found: Waiting | None = None
    for row in read_stream(connection, streams.proposal(code)):
        event = registry.decode(row.topic, row.state)
        if isinstance(event, ProposalMade):
            found = Waiting(
                event.proposal,
                "to_check" if event.checked else "to_approve",
                event.maker,
                event.command,
                event.subject,
                event.total_fen,
                event.count,
                event.checked,
                event.seen_hash,
                event.document,
                event.effective_on.isoformat(),
                row.position,
            )
        elif found is not None and isinstance(event, ProposalChecked):
            found = replace(found, state="to_approve", checkers=(*found.checkers, event.person))
        elif found is not None and isinstance(event, ProposalApproved | ProposalRejected | ProposalWithdrawn):
            step = event.TOPIC.partition(".")[2]
            found = replace(found, state=step, closed_by=event.person, reason=event.reason)
    return found

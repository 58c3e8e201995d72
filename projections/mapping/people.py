"""Facts of proposals: each step that somebody took. Persons, keys and roles are no figures of any report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger import events as e
from projections.mapping.rows import FactRow, Mapping, Stamp, nothing

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

__all__ = ["MAPPINGS"]

_Said = e.ProposalChecked | e.ProposalApproved | e.ProposalRejected | e.ProposalWithdrawn


def _made(event: e.ProposalMade, stamp: Stamp) -> list[FactRow]:
    about = (event.maker, event.command, event.subject, event.total_fen, event.count, int(event.checked))
    return [("fact_proposal", (*stamp, event.proposal, "made", *about, event.seen_hash, event.document, event.reason))]


def _said(event: _Said, stamp: Stamp) -> list[FactRow]:
    step = event.TOPIC.partition(".")[2]
    about = (event.person, "", "", 0, 0, 0, getattr(event, "seen_hash", ""))
    return [("fact_proposal", (*stamp, event.proposal, step, *about, event.document, event.reason))]


MAPPINGS: Final[ReadOnly[type[e.Event], Mapping]] = {
    e.ProposalMade: _made,
    e.ProposalPart: nothing,  # its commands count once they are approved
    e.ProposalChecked: _said,
    e.ProposalApproved: _said,
    e.ProposalRejected: _said,
    e.ProposalWithdrawn: _said,
    e.PersonEnrolled: nothing,
    e.KeyEnrolled: nothing,
    e.KeyRevoked: nothing,
    e.RoleGranted: nothing,
    e.RoleRevoked: nothing,
    e.RoleDelegated: nothing,
    e.LedgerConfirmed: nothing,
}

"""Events of a proposal: what a maker wants recorded, and what others said to it before it was.

The commands are kept as they were given; what they led to is pinned by ``seen_hash``: the hash of the events that the
maker, the checker and the approver saw (``ledger.domain.seen``).
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Event, Ident, Name, Text

__all__ = [
    "ProposalApproved",
    "ProposalChecked",
    "ProposalMade",
    "ProposalPart",
    "ProposalRejected",
    "ProposalWithdrawn",
]

Seen = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Fen0 = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Count = Annotated[int, Field(ge=1, le=10**7, strict=True)]
Body = Annotated[str, StringConstraints(min_length=2, max_length=5_000_000)]
"""Commands as canonical JSON: a list of ``{"kind": …, "body": …}``."""


class _OfProposal(Event, abstract=True):
    proposal: Ident

    @property
    @override
    def stream(self) -> str:
        return streams.proposal(self.proposal)


class ProposalMade(_OfProposal):
    """A maker proposes commands; the first ``parts`` of them follow in this stream when one event cannot hold all.

    ``total_fen`` is the money that makes approval necessary, ``subject`` the first thing concerned; ``count`` commands.
    """

    TOPIC: ClassVar[str] = "proposal.made"

    maker: Ident
    command: Name
    subject: Text = ""
    total_fen: Fen0 = 0
    count: Count
    parts: Count = 1
    checked: bool = False
    """Whether a checker must agree before an approver may."""
    seen_hash: Seen
    commands: Body


class ProposalPart(_OfProposal):
    """The next commands of a large proposal; ``number`` counts from 2."""

    TOPIC: ClassVar[str] = "proposal.part"

    number: Count
    commands: Body


class ProposalChecked(_OfProposal):
    """A checker agrees with what the proposal leads to."""

    TOPIC: ClassVar[str] = "proposal.checked"

    person: Ident
    seen_hash: Seen


class ProposalApproved(_OfProposal):
    """An approver agrees; the events that were seen stand in the same batch, right behind this one."""

    TOPIC: ClassVar[str] = "proposal.approved"

    person: Ident
    seen_hash: Seen


class ProposalRejected(_OfProposal):
    """A checker or approver refuses; the proposal is closed and the reason stays."""

    TOPIC: ClassVar[str] = "proposal.rejected"

    reason: Name
    person: Ident


class ProposalWithdrawn(_OfProposal):
    """The maker takes the proposal back."""

    TOPIC: ClassVar[str] = "proposal.withdrawn"

    reason: Name
    person: Ident

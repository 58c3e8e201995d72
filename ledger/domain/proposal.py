"""A proposal: commands that a maker wants recorded, waiting for those whose agreement the rules ask for.

Whether enough different persons in the right roles have agreed is checked with the batch (``ledger.domain.authority``);
here is only what has been said so far, and that nobody speaks about a proposal that is closed or about other content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field
from pydantic_core import from_json

from ledger.domain.command import Command, Ident
from ledger.errors import ConflictError, NotFoundError, RuleRefusedError
from ledger.events import (
    Event,
    ProposalApproved,
    ProposalChecked,
    ProposalMade,
    ProposalPart,
    ProposalRejected,
    ProposalWithdrawn,
)

__all__ = [
    "PART",
    "CheckProposal",
    "Pages",
    "Proposal",
    "RejectProposal",
    "Sketch",
    "WithdrawProposal",
    "decide_approve",
    "decide_check",
    "decide_make",
    "decide_reject",
    "decide_withdraw",
    "evolve_proposal",
]

PART: Final = 500
"""So many commands stand in one event at most."""

SeenRef = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class CheckProposal(Command):
    """Agree as a checker with what was seen."""

    proposal: Ident
    seen_hash: SeenRef


class RejectProposal(Command):
    """Refuse as a checker or approver; ``reason`` says why."""

    proposal: Ident


class WithdrawProposal(Command):
    """Take one's own proposal back; ``reason`` says why."""

    proposal: Ident


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is known of a proposal; ``made`` and ``parts`` hold the commands."""

    made: ProposalMade | None = None
    parts: tuple[str, ...] = ()
    checkers: frozenset[str] = frozenset()
    status: Literal["", "open", "approved", "rejected", "withdrawn"] = ""

    def must_be_open(self, code: str) -> ProposalMade:
        """Return how it was made. Raises NotFoundError, RuleRefusedError (it is closed)."""
        if self.made is None:
            raise NotFoundError("proposal.unknown", f"没有编号为“{code}”的提议", hint="用 xianjie proposal list 查看")
        if self.status != "open":
            words = {"approved": "批准", "rejected": "退回", "withdrawn": "撤回"}[self.status]
            raise RuleRefusedError("proposal.closed", f"提议“{code}”已{words}", hint="需要时请重新提出")
        return self.made

    def without_commands(self) -> Proposal:
        """Return the same without the commands, which only an approval needs."""
        made = self.made and self.made.model_copy(update={"commands": "[]"})
        return replace(self, made=made, parts=())


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a maker's commands lead to when they are tried: its hash, the money to approve, what it is about."""

    seen_hash: str
    total_fen: int
    subject: str
    checked: bool

    def denies(self, made: ProposalMade) -> list[str]:
        """Return, in Chinese, what a proposal says of itself that is not so; its maker wrote it, nobody else."""
        said = {
            "须批准的金额": (made.total_fen, self.total_fen),
            "对象": (made.subject, self.subject),
            "是否须先审核": (made.checked, self.checked),
        }
        return [name for name, (claim, truth) in said.items() if claim != truth]


@dataclass(slots=True)
class Pages:
    """Counts the commands of a proposal as its events are recorded: all in one batch, as many as it says."""

    made: ProposalMade | None = None
    commands: int = 0
    parts: int = 0
    astray: bool = False
    """Whether a part came without its beginning, out of order, or of another proposal."""

    def take(self, event: ProposalMade | ProposalPart) -> None:
        """Count the commands of one event."""
        self.parts += 1
        if isinstance(event, ProposalMade):
            self.made = self.made or event
        number = 1 if isinstance(event, ProposalMade) else event.number
        self.astray |= self.made is None or event.proposal != self.made.proposal or number != self.parts
        given = from_json(event.commands)
        self.commands += len(given) if isinstance(given, list) else 0

    @property
    def miscounted(self) -> bool:
        """Whether the proposal says that it has more or fewer commands than it has."""
        made = self.made
        return self.astray or (made is not None and (made.count, made.parts) != (self.commands, self.parts))


def evolve_proposal(state: Proposal, event: Event) -> Proposal:
    """Return the state after the event."""
    match event:
        case ProposalMade():
            return Proposal(event, (event.commands,), frozenset(), "open")
        case ProposalPart():
            return replace(state, parts=(*state.parts, event.commands))
        case ProposalChecked():
            return replace(state, checkers=state.checkers | {event.person})
        case ProposalApproved():
            return replace(state, status="approved")
        case ProposalRejected():
            return replace(state, status="rejected")
        case ProposalWithdrawn():
            return replace(state, status="withdrawn")
        case _:
            return state


def decide_make(
    code: str, maker: str, command: str, bodies: Sequence[str], sketch: Sketch, *, on: date, document: str
) -> Iterator[Event]:
    """Propose: the first event says what the proposal is about, the others carry the rest of its commands.

    ``bodies`` are the commands, each as JSON.
    """
    parts = [f"[{','.join(bodies[start : start + PART])}]" for start in range(0, len(bodies), PART)]
    yield ProposalMade(
        effective_on=on,
        document=document,
        proposal=code,
        maker=maker,
        command=command,
        subject=sketch.subject,
        total_fen=sketch.total_fen,
        count=len(bodies),
        parts=len(parts),
        checked=sketch.checked,
        seen_hash=sketch.seen_hash,
        commands=parts[0],
    )
    for number, body in enumerate(parts[1:], start=2):
        yield ProposalPart(effective_on=on, proposal=code, number=number, commands=body)


def decide_check(state: Proposal, command: CheckProposal, actor: str) -> list[Event]:
    """Agree as a checker, once. Raises NotFoundError, RuleRefusedError, ConflictError (other content was seen)."""
    made = state.must_be_open(command.proposal)
    _must_be_what_was_seen(made, command.seen_hash)
    if actor in state.checkers:
        raise RuleRefusedError("proposal.checked_already", f"你已审核过提议“{command.proposal}”", hint="请等待审批")
    return [
        ProposalChecked(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            proposal=command.proposal,
            person=actor,
            seen_hash=command.seen_hash,
        )
    ]


def decide_approve(state: Proposal, code: str, seen_hash: str, actor: str, on: date) -> list[Event]:
    """Agree as an approver. Raises NotFoundError, RuleRefusedError, ConflictError (other content was seen)."""
    made = state.must_be_open(code)
    _must_be_what_was_seen(made, seen_hash)
    return [ProposalApproved(effective_on=on, proposal=code, person=actor, seen_hash=seen_hash)]


def decide_reject(state: Proposal, command: RejectProposal, actor: str) -> list[Event]:
    """Refuse, with a reason. Raises NotFoundError, RuleRefusedError."""
    made = state.must_be_open(command.proposal)
    _must_say_why(command)
    if actor == made.maker:
        raise RuleRefusedError(
            "proposal.own", "不能退回自己的提议", hint="自己的提议请用 xianjie proposal withdraw 撤回"
        )
    return [
        ProposalRejected(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            proposal=command.proposal,
            person=actor,
        )
    ]


def decide_withdraw(state: Proposal, command: WithdrawProposal, actor: str) -> list[Event]:
    """Take one's own proposal back, with a reason. Raises NotFoundError, RuleRefusedError."""
    made = state.must_be_open(command.proposal)
    _must_say_why(command)
    if actor != made.maker:
        raise RuleRefusedError(
            "proposal.not_own", f"提议“{command.proposal}”是 {made.maker} 提出的", hint="不同意的,请审核或审批人退回"
        )
    return [
        ProposalWithdrawn(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            proposal=command.proposal,
            person=actor,
        )
    ]


def _must_be_what_was_seen(made: ProposalMade, seen_hash: str) -> None:
    if seen_hash != made.seen_hash:
        raise ConflictError(
            "proposal.other_content", "所看到的内容与提议的内容不是同一份", hint="请重新查看提议,再表示意见"
        )


def _must_say_why(command: Command) -> None:
    if not command.reason:
        raise RuleRefusedError("proposal.unfounded", "须写明原因", hint="请用 --reason 写明")

"""A batch while it is decided: what its commands may read, what it has recorded so far, and who may record that."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ledger.areas import AreaList, shipped_areas
from ledger.commands import Kind, handle
from ledger.commands.work import OPENING, PEOPLE
from ledger.dates import CHINA, from_utc_text
from ledger.domain.authority import BatchCheck, Problem, Seen
from ledger.domain.control import Recorded, areas_of
from ledger.domain.history import fold, live
from ledger.domain.people import People
from ledger.domain.proposal import Proposal, Sketch, evolve_proposal
from ledger.errors import (
    ConflictError,
    LedgerError,
    NotFoundError,
    RuleRefusedError,
    ValueRefusedError,
)
from ledger.events import (
    AreasListed,
    Event,
    EventReversed,
    NoticeApproved,
    ProposalMade,
    RulePackAdopted,
    registry,
    streams,
)
from ledger.log.reading import Row, batch_numbered, event_at, makers_of, read_stream, root_at
from ledger.log.signatures import doubted_signers
from ledger.rules import Adoption, Indicator, RulePack, in_force, parse_pack, targets_in_force
from ledger.transparency.note import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from ledger.domain.command import Command
    from ledger.log.appending import Append, NewEvent
    from ledger.signing import Signer

__all__ = ["OpenBatch"]

S = TypeVar("S")

_CHUNK = 1_000
_REMEMBERED_STREAMS = 5_000
_REMEMBERED_RULES = 1_000  # areas and days
_SHOWN_EVENTS = 1_000
_REFUSALS = (RuleRefusedError, ValueRefusedError, NotFoundError)
_SHARED_STREAMS = frozenset({streams.AREAS, streams.RULES})


@dataclass(slots=True)
class _Remembered:
    """The state of a stream, and what was recorded there since; most of what is recorded is not asked for again."""

    state: Any
    since: list[Event] = field(default_factory=list)


class OpenBatch:
    """The ledger as one open batch sees it (``ledger.commands.Work``); memory stays bounded however long it gets."""

    def __init__(self, append: Append, actor: str, *, checked: bool) -> None:
        self._append = append
        self.actor = actor
        self.today = from_utc_text(append.recorded_at).astimezone(CHINA).date()
        self._pending: list[NewEvent] = []
        self._unseen: set[str] = set()  # streams with pending events that no remembered state shows
        self._states: OrderedDict[str, _Remembered] = OrderedDict()
        self._areas: AreaList | None = None
        self._adoptions: list[Adoption] | None = None
        self._rules: dict[tuple[str, date], RulePack] = {}
        self.shown: list[Event] = []
        self.on_event: Callable[[Event], None] | None = None
        self._first = append.position + 1
        self._check: BatchCheck | None = None
        self._area = ""
        self._people = People()
        if checked:
            opening = self.load(OPENING, "")
            self._area = opening.area
            if opening.mode != "trial":
                self._people = self.load(PEOPLE, "")
                self._check = BatchCheck(opening, self._people, actor, self.today)

    @property
    def is_trial(self) -> bool:
        """Whether nobody need sign or approve anything."""
        return self._check is None

    def decide(self, commands: Iterable[Command], on_refusal: Callable[[LedgerError], None] | None = None) -> int:
        """Decide commands in order and return how many. Raises LedgerError; its ``number`` says which was refused."""
        count = 0
        for count, command in enumerate(commands, start=1):
            before = self.position
            try:
                handle(self, command)
            except LedgerError as error:
                error.number = count
                # What a command recorded before it was refused could not be taken out of the batch again.
                if on_refusal is None or not isinstance(error, _REFUSALS) or self.position != before:
                    raise
                on_refusal(error)
        return count

    def must_be_authorised(self, signer: Signer | None) -> None:
        """Refuse the batch when whoever signs it could not record it. Raises RuleRefusedError, ConflictError."""
        for problem in self._problems(signer):
            raise _refusal(problem)

    def sketch(self, signer: Signer | None) -> Sketch:
        """Return what a proposal of these events says; refused for anything but that others must approve."""
        if self._check is None:
            raise _no_proposals()
        for problem in self._problems(signer):
            if problem.code != "approval.needed":
                raise _refusal(problem)
        return self._sketched(self._check)

    def review(self) -> Sketch:
        """Return what the decided events say of themselves: what a proposal of them must have said. Raises as rules."""
        if self._check is None:
            raise _no_proposals()
        return self._sketched(self._check)

    def _sketched(self, check: BatchCheck) -> Sketch:
        need = check.need(self._rules_before())
        return Sketch(check.seen_hash, need.total_fen, check.subject, need.checked)

    def _problems(self, signer: Signer | None) -> Iterable[Problem]:
        if self._check is None:
            return ()
        keys = [] if signer is None else [str(Key(signer.name, signer.public_key))]
        self.flush()
        makers = partial(makers_of, self._append.connection)
        before = self._rules_before, self._proposal_before, self._approved_before, makers, self._doubted_before
        return self._check.problems(Seen(keys, self._append.root_before.hex(), self._first, *before))

    def proposed_before(self) -> str:
        """Return the proposal that the same submission was recorded as the first time; empty where it was not."""
        row = event_at(self._append.connection, self._append.prior.first) if self._append.prior else None
        return row.stream.partition(":")[2] if row is not None and row.topic == ProposalMade.TOPIC else ""

    def _rules_before(self) -> RulePack:
        """Return the rules in force before this batch: a pack cannot excuse the batch that adopts it."""
        adopted = [each for each in self._adopted() if each.position < self._first]
        return in_force(adopted, self._area, self.today)

    def _proposal_before(self, code: str) -> Proposal:
        return fold(evolve_proposal, Proposal(), self._before(streams.proposal(code)))

    def _doubted_before(self, code: str) -> set[str]:
        """Return who made or checked a proposal with a key that is not trusted there."""
        people, connection = self._people, self._append.connection
        rows = read_stream(connection, streams.proposal(code)) if people.revoked else []
        spoken = {row.batch for row in rows if row.position < self._first}
        found = (doubted_signers(batch_numbered(connection, number), people) for number in spoken)
        return {each.person for signers in found for each in signers}

    def _approved_before(self, code: str) -> NoticeApproved | None:
        found = [each for each in self._before(streams.notice(code)) if isinstance(each, NoticeApproved)]
        return found[-1] if found else None

    def _before(self, stream: str) -> list[Event]:
        return [each.event for each in self.recorded_in(stream) if each.position < self._first]

    @property
    def position(self) -> int:
        """The last position, as if what is recorded so far were stored."""
        return self._append.position + len(self._pending)

    def root_at(self, position: int) -> str:
        """Return the root of what was recorded by a position before this batch, empty above that."""
        if position >= self._first:
            return ""
        if position == self._first - 1:
            return self._append.root_before.hex()
        return root_at(self._append.connection, position).hex()

    def load(self, kind: Kind[S], code: str) -> S:
        """Return the state of one thing, with what this batch has recorded."""
        stream = kind.stream(code)
        state: S
        known = self._states.get(stream)
        if known is None:
            if stream in self._unseen:
                self.flush()
            rows = read_stream(self._append.connection, stream)
            events = live([registry.decode(row.topic, row.state) for row in rows]) if rows else []
            state = fold(kind.evolve, kind.start, events)
            self._states[stream] = _Remembered(state)
            return state
        self._states.move_to_end(stream)
        state = known.state
        if known.since:
            state = known.state = fold(kind.evolve, state, known.since)
            known.since.clear()
        return state

    def record(self, events: Iterable[Event]) -> None:
        """Record events; they are handed to the log in chunks."""
        pending, states, shown = self._pending, self._states, self.shown
        for event in events:
            stream = event.stream
            state = registry.encode(event)
            if self._check is not None:
                self._check.take(event, state)
            if self.on_event is not None:
                self.on_event(event)
            pending.append((stream, None, event.TOPIC, state))
            known = states.get(stream)
            if known is None:
                self._unseen.add(stream)
            elif isinstance(event, EventReversed) or len(known.since) >= _CHUNK:
                del states[stream]
                self._unseen.add(stream)
            else:
                known.since.append(event)
            if stream in _SHARED_STREAMS:
                self._areas = self._adoptions = None
                self._rules.clear()
            if len(shown) < _SHOWN_EVENTS:
                shown.append(event)
            if len(pending) >= _CHUNK:
                self.flush()

    def flush(self) -> None:
        """Hand the pending events to the log, still inside the open transaction."""
        if self._pending:
            self._append.write(self._pending)
            self._pending.clear()
            self._unseen.clear()
            while len(self._states) > _REMEMBERED_STREAMS:
                self._states.popitem(last=False)

    def areas(self) -> AreaList:
        """Return the areas that are accepted now."""
        if self._areas is None:
            listed = [each.event for each in self.recorded_in(streams.AREAS)]
            entries = [area for event in listed if isinstance(event, AreasListed) for area in event.areas]
            self._areas = shipped_areas().with_areas(areas_of(entries)) if entries else shipped_areas()
        return self._areas

    def rules(self, area: str, on: date) -> RulePack:
        """Return the rules in force. Raises LedgerError when there are none."""
        found = self._rules.get((area, on))
        if found is None:
            if len(self._rules) >= _REMEMBERED_RULES:
                self._rules.clear()
            found = self._rules[area, on] = in_force(self._adopted(), area, on)
        return found

    def indicators(self, area: str, on: date) -> dict[str, Indicator]:
        """Return the indicators of the target packs in force."""
        return targets_in_force(self._adopted(), area, on)

    def _adopted(self) -> list[Adoption]:
        if self._adoptions is None:
            self._adoptions = [
                Adoption(parse_pack(each.event.text, each.event.base), each.event.effective_on, each.position)
                for each in self.recorded_in(streams.RULES)
                if isinstance(each.event, RulePackAdopted)
            ]
        return self._adoptions

    def recorded_at(self, position: int) -> Recorded | None:
        """Return the entry at a position, or None."""
        self.flush()
        row = event_at(self._append.connection, position)
        return None if row is None else _recorded(row)

    def recorded_in(self, stream: str) -> list[Recorded]:
        """Return all entries of a stream, in order."""
        self.flush()
        return [_recorded(row) for row in read_stream(self._append.connection, stream)]


def _no_proposals() -> RuleRefusedError:
    return RuleRefusedError(
        "proposal.trial",
        "试用账本不分岗位,不需要提议",
        hint="直接记账即可;需要双人复核的,用 init --signed 另建",
    )


def _refusal(problem: Problem) -> LedgerError:
    kind = ConflictError if problem.code in {"proposal.changed", "proposal.untrue"} else RuleRefusedError
    return kind(problem.code, problem.message, hint=problem.hint, rule=problem.rule)


def _recorded(row: Row) -> Recorded:
    event = registry.decode(row.topic, row.state)
    return Recorded(row.position, row.stream, row.version, row.topic, row.state, event)

"""The ledger as a program uses it: the only way in.

``Ledger.execute`` takes commands, decides them one after the other under the append lock, and records what follows as
one batch: all of it or nothing. Reading state never needs the lock.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from eventsourcing.application import Application
from typing_extensions import override

from ledger.areas import AreaList, shipped_areas
from ledger.commands import Kind, body_of, commands_in, handle
from ledger.commands.work import OPENING, PEOPLE, PROPOSAL
from ledger.database import read_transaction
from ledger.dates import CHINA, from_utc_text
from ledger.domain.authority import BatchCheck, Problem, Seen
from ledger.domain.control import Recorded, areas_of
from ledger.domain.history import fold, live
from ledger.domain.people import Opening, evolve_opening
from ledger.domain.proposal import Proposal, Sketch, decide_approve, decide_make, evolve_proposal
from ledger.errors import (
    ConflictError,
    LedgerError,
    NotFoundError,
    RuleRefusedError,
    TamperedError,
    ValueRefusedError,
)
from ledger.events import AreasListed, Event, EventReversed, RulePackAdopted, registry, streams
from ledger.log.appending import Append, Appender, BatchHeader, NewEvent, Receipt
from ledger.log.mapper import EventMapper
from ledger.log.reading import Row, event_at, read_stream
from ledger.rules import Adoption, Indicator, RulePack, in_force, parse_pack, targets_in_force
from ledger.transparency.note import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from eventsourcing.persistence import Mapper

    from ledger.domain.command import Command
    from ledger.log.raw import RawBatch
    from ledger.log.recorder import LedgerRecorder
    from ledger.signing import Signer

__all__ = ["Ledger", "Outcome", "Submission"]

S = TypeVar("S")

_CHUNK = 1_000
_REMEMBERED_STREAMS = 20_000
_REMEMBERED_RULES = 1_000  # areas and days
_SHOWN_EVENTS = 1_000
_REFUSALS = (RuleRefusedError, ValueRefusedError, NotFoundError)
_SHARED_STREAMS = frozenset({streams.AREAS, streams.RULES})


@dataclass(frozen=True, slots=True)
class Submission:
    """Who submits, with which command, by which document; ``key`` makes a retry safe.

    ``input_hash`` stands for the input where it is a file; left empty it is computed from the commands.
    """

    actor: str
    command: str
    document: str = ""
    key: str | None = None
    input_hash: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission: the receipt, and its events (at most the first 1,000 of a large batch)."""

    receipt: Receipt
    events: Sequence[Event] = field(default_factory=tuple)
    commands: int = 0
    proposal: str = ""
    """The proposal that was recorded in their place, when others must approve."""


class Ledger(Application[str]):
    """The ledger over one database."""

    name = "xianjie"

    def __init__(self, url: str, signer: Signer | None = None) -> None:
        """Open the ledger of a database that was initialised; ``signer`` signs what is recorded. Raises StorageError.

        Without a signer nothing is signed, as in a trial ledger.
        """
        super().__init__({"PERSISTENCE_MODULE": "ledger.log", "XIANJIE_DB": url})
        self.signer = signer
        self._trial = False

    @override
    def construct_mapper(self) -> Mapper[str]:
        return EventMapper(transcoder=self.construct_transcoder())

    @property
    def appender(self) -> Appender:
        """The append path beneath, with its engine."""
        return cast("LedgerRecorder", self.recorder).appender

    @property
    def mode(self) -> str:
        """How the ledger was opened: trial or signed; empty before that. Raises StorageError."""
        with read_transaction(self.appender.engine) as connection:
            rows = read_stream(connection, streams.LEDGER)
        return fold(evolve_opening, Opening(), [registry.decode(row.topic, row.state) for row in rows]).mode

    def execute(
        self,
        commands: Iterable[Command],
        by: Submission,
        *,
        dry_run: bool = False,
        on_refusal: Callable[[LedgerError], None] | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> Outcome:
        """Decide the commands in order and record what follows as one batch: all of it or nothing.

        A submission whose key was used before with the same input records nothing and returns the first receipt. With
        ``on_refusal`` a command that the rules refuse is told to it and left out, and the others are recorded;
        ``on_event`` hears of every event, also of those that an ``Outcome`` does not keep.

        Raises:
            RuleRefusedError, ValueRefusedError, NotFoundError: a command is refused; ``number`` says which of them.
                Nothing was recorded.
            ConflictError: the key was used with other input.
            TamperedError, StorageError: the log cannot be trusted or used.
        """
        if not by.input_hash:
            commands = list(commands)
        header = BatchHeader(by.key, by.input_hash or _hash(commands), by.actor, by.command, by.document)
        count = 0
        with self.appender.open(header, dry_run=dry_run, signer=self.signer) as append:
            work = self._work(append, by.actor)
            work.on_event = on_event
            if append.prior is None:
                count = work.decide(commands, on_refusal)
                if not dry_run:
                    work.must_be_authorised(self.signer)
                work.flush()
        return Outcome(append.receipt, work.shown, count)

    def propose(self, commands: Sequence[Command], by: Submission) -> Outcome:
        """Try the commands, and record them as a proposal that waits for others; nothing of them counts before.

        Raises as ``execute``; also when the maker could not record this even with everybody's agreement.
        """
        header = BatchHeader(by.key, by.input_hash or _hash(commands), by.actor, by.command, by.document)
        with self.appender.open(replace(header, key=None), dry_run=True) as append:
            tried = self._work(append, by.actor)
            tried.decide(commands)
            sketch = tried.sketch(self.signer)
        with self.appender.open(header, signer=self.signer) as append:
            work = self._work(append, by.actor)
            code = f"S-{append.position + 1:06d}"
            if append.prior is None:
                bodies = [body_of(command) for command in commands]
                made = decide_make(code, by.actor, by.command, bodies, sketch, on=work.today, document=by.document)
                work.record(made)
                work.must_be_authorised(self.signer)
                work.flush()
        return Outcome(append.receipt, tried.shown, len(commands), code)

    def approve(self, code: str, seen_hash: str, by: Submission) -> Outcome:
        """Agree with a proposal as an approver, and record what it leads to, in one batch.

        The commands are decided again under the lock; ``seen_hash`` is that of what the approver was shown.

        Raises:
            NotFoundError: no such proposal.
            RuleRefusedError: it is closed, unchecked, or this person may not approve it.
            ConflictError: other content was seen, or the commands no longer lead to what was seen.
        """
        header = BatchHeader(by.key, by.input_hash or seen_hash, by.actor, by.command, by.document)
        count = 0
        with self.appender.open(header, signer=self.signer) as append:
            work = self._work(append, by.actor)
            if append.prior is None:
                proposal = work.load(PROPOSAL, code)
                made = proposal.must_be_open(code)
                work.record(decide_approve(proposal, code, seen_hash, by.actor, work.today))
                work.actor = made.maker
                try:
                    count = work.decide(each for part in proposal.parts for each in commands_in(part))
                except (RuleRefusedError, ValueRefusedError, NotFoundError) as error:
                    raise _changed(code, error) from error
                work.must_be_authorised(self.signer)
                work.flush()
        return Outcome(append.receipt, work.shown, count)

    def _work(self, append: Append, actor: str) -> _AppendWork:
        work = _AppendWork(append, actor, checked=not self._trial)
        # How a ledger was opened never changes, so a trial ledger is asked only once.
        self._trial = self._trial or work.is_trial
        return work

    def append(self, entries: Iterable[tuple[str, bytes]], by: Submission) -> Receipt:
        """Append topics and stored bytes that were decided elsewhere, as one batch: to restore a raw export.

        Every entry is validated through the registry and stored byte for byte, older revisions included; hashing,
        tree and checkpoint are as in ``execute``.

        Raises:
            TamperedError: an entry is of an unknown topic or not a valid event.
            ConflictError, StorageError: as ``execute``.
        """
        decode, waiting = registry.decode, iter(entries)
        header = BatchHeader(by.key, by.input_hash, by.actor, by.command, by.document)
        with self.appender.open(header, signer=self.signer) as append:
            if append.prior is None:
                while chunk := [(decode(*entry).stream, None, *entry) for entry in islice(waiting, _CHUNK)]:
                    append.write(chunk)
        return append.receipt

    def restore(self, batches: Iterable[RawBatch]) -> int:
        """Record batches again exactly as they once were: same positions, moments and checkpoints.

        Batches that the log has already are passed over; each other one is a transaction of its own, so that an
        interrupted restore is simply begun again. Every event is validated through the registry. Return the position
        reached.

        Raises:
            TamperedError: an event is unreadable, or a batch does not lead to its checkpoint.
            ConflictError, StorageError: as ``execute``.
        """
        last = self.recorder.max_notification_id() or 0
        for raw in batches:
            batch = raw.batch
            if batch.last <= last:
                continue
            events = [(event.stream, event.version, event.topic, event.state) for event in raw.events]
            for stream, _, topic, state in events:
                _check_stream(stream, registry.decode(topic, state).stream)
            header = BatchHeader(batch.key, batch.input_hash, batch.actor, batch.command, batch.document)
            with self.appender.open(header, given=batch) as append:
                append.write(events)
            last = append.receipt.last
        return last


def _check_stream(stored: str, own: str) -> None:
    if stored != own:
        raise TamperedError(
            "raw.other_stream", f"一条记录的内容属于 {own},却写在 {stored} 之下", hint="逐行记录被改过,请用完好的文件"
        )


def _changed(code: str, error: LedgerError) -> ConflictError:
    return ConflictError(
        "proposal.changed",
        f"情况已变:提议“{code}”现在不能照原样记账({error.message})",
        hint="请经办人撤回后,按现在的情况重新提出",
        rule=error.rule,
    )


def _refusal(problem: Problem) -> LedgerError:
    if problem.code == "proposal.changed":
        return ConflictError(problem.code, problem.message, hint=problem.hint, rule=problem.rule)
    return RuleRefusedError(problem.code, problem.message, hint=problem.hint, rule=problem.rule)


def _hash(commands: Iterable[Command]) -> str:
    digest = hashlib.sha256()
    for command in commands:
        digest.update(f"{type(command).__name__}\n{command.model_dump_json()}\n".encode())
    return digest.hexdigest()


def _recorded(row: Row) -> Recorded:
    event = registry.decode(row.topic, row.state)
    return Recorded(row.position, row.stream, row.version, row.topic, row.state, event)


@dataclass(slots=True)
class _Remembered:
    """The state of a stream, and what was recorded there since; most of what is recorded is not asked for again."""

    state: Any
    since: list[Event] = field(default_factory=list)


class _AppendWork:
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
        if checked:
            opening = self.load(OPENING, "")
            self._area = opening.area
            if opening.mode != "trial":
                self._check = BatchCheck(opening, self.load(PEOPLE, ""), actor, self.today)

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
            raise RuleRefusedError(
                "proposal.trial",
                "试用账本不分岗位,不需要提议",
                hint="直接记账即可;需要双人复核的,用 init --signed 另建",
            )
        for problem in self._problems(signer):
            if problem.code != "approval.needed":
                raise _refusal(problem)
        need = self._check.need(self.rules(self._area, self.today))
        return Sketch(self._check.seen_hash, need.total_fen, self._check.subject, need.checked)

    def _problems(self, signer: Signer | None) -> Iterable[Problem]:
        if self._check is None:
            return ()
        keys = [] if signer is None else [str(Key(signer.name, signer.public_key))]
        rules = self._rules_before
        proposal = self._proposal_before
        return self._check.problems(Seen(keys, self._append.root_before.hex(), self._first, rules, proposal))

    def _rules_before(self) -> RulePack:
        """Return the rules in force before this batch: a pack cannot excuse the batch that adopts it."""
        adopted = [each for each in self._adopted() if each.position < self._first]
        return in_force(adopted, self._area, self.today)

    def _proposal_before(self, code: str) -> Proposal:
        recorded = self.recorded_in(streams.proposal(code))
        return fold(evolve_proposal, Proposal(), [each.event for each in recorded if each.position < self._first])

    @property
    def position(self) -> int:
        return self._append.position + len(self._pending)

    def load(self, kind: Kind[S], code: str) -> S:
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
            elif isinstance(event, EventReversed):
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
        if self._areas is None:
            listed = [each.event for each in self.recorded_in(streams.AREAS)]
            entries = [area for event in listed if isinstance(event, AreasListed) for area in event.areas]
            self._areas = shipped_areas().with_areas(areas_of(entries)) if entries else shipped_areas()
        return self._areas

    def rules(self, area: str, on: date) -> RulePack:
        found = self._rules.get((area, on))
        if found is None:
            if len(self._rules) >= _REMEMBERED_RULES:
                self._rules.clear()
            found = self._rules[area, on] = in_force(self._adopted(), area, on)
        return found

    def indicators(self, area: str, on: date) -> dict[str, Indicator]:
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
        self.flush()
        row = event_at(self._append.connection, position)
        return None if row is None else _recorded(row)

    def recorded_in(self, stream: str) -> list[Recorded]:
        self.flush()
        return [_recorded(row) for row in read_stream(self._append.connection, stream)]

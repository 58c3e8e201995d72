"""The ledger as a program uses it: the only way in.

``Ledger.execute`` takes commands, decides them one after the other under the append lock, and records what follows as
one batch: all of it or nothing. Reading state never needs the lock.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, cast

from eventsourcing.application import Application
from typing_extensions import override

from ledger.commands import body_of, commands_in
from ledger.commands.work import PROPOSAL
from ledger.database import read_transaction
from ledger.domain.history import fold
from ledger.domain.people import Opening, evolve_opening
from ledger.domain.proposal import decide_approve, decide_make
from ledger.errors import (
    ConflictError,
    LedgerError,
    NotFoundError,
    RuleRefusedError,
    TamperedError,
    ValueRefusedError,
)
from ledger.events import Event, registry, streams
from ledger.log.appending import Append, Appender, BatchHeader, Receipt
from ledger.log.mapper import EventMapper
from ledger.log.reading import read_stream
from ledger.open_batch import OpenBatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from eventsourcing.persistence import Mapper

    from ledger.domain.command import Command
    from ledger.domain.proposal import Proposal, Sketch
    from ledger.log.raw import RawBatch
    from ledger.log.recorder import LedgerRecorder
    from ledger.signing import Signer

__all__ = ["Ledger", "Outcome", "Submission"]


_CHUNK = 1_000


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
            proposed = work.proposed_before()
        return Outcome(append.receipt, work.shown, count, proposed)

    def propose(self, commands: Sequence[Command], by: Submission) -> Outcome:
        """Try the commands, and record them as a proposal that waits for others; nothing of them counts before.

        A submission whose key was used before records nothing and returns what was proposed then, also when that was
        approved since and could not be recorded a second time. Raises as ``execute``; also when the maker could not
        record this even with everybody's agreement.
        """
        header = BatchHeader(by.key, by.input_hash or _hash(commands), by.actor, by.command, by.document)
        with self.appender.open(header, dry_run=True) as append:
            tried = self._work(append, by.actor)
            if append.prior is None:
                tried.decide(commands)
                sketch = tried.sketch(self.signer)
            before = tried.proposed_before()
        if append.prior is not None:
            return Outcome(append.receipt, (), len(commands), before)
        with self.appender.open(header, signer=self.signer) as append:
            work = self._work(append, by.actor)
            code = f"S-{append.position + 1:06d}"
            if append.prior is None:
                bodies = [body_of(command) for command in commands]
                made = decide_make(code, by.actor, by.command, bodies, sketch, on=work.today, document=by.document)
                work.record(made)
                work.must_be_authorised(self.signer)
                work.flush()
            code = work.proposed_before() or code
        return Outcome(append.receipt, tried.shown, len(commands), code)

    def review(self, code: str, on_event: Callable[[Event], None]) -> Sketch:
        """Decide the commands of an open proposal as they would be now, and record nothing: for whoever is to agree.

        ``on_event`` hears of every event; the hash of them is what is agreed to. What the maker wrote of his own
        proposal is not shown to anybody before it is found to be so.

        Raises:
            NotFoundError: no such proposal.
            RuleRefusedError: it is closed.
            ConflictError: the commands no longer lead to what the maker saw, or the proposal says what is not so.
        """
        with self.appender.open(BatchHeader(None, "", "review", "review", ""), dry_run=True) as append:
            work = self._work(append, "review")
            proposal = work.load(PROPOSAL, code)
            made = proposal.must_be_open(code)
            work.actor, work.on_event = made.maker, on_event
            _decide_again(work, code, proposal)
            found = work.review()
        if found.seen_hash != made.seen_hash:
            raise _changed(code)
        if denied := found.denies(made):
            raise ConflictError(
                "proposal.untrue",
                f"提议“{code}”写明的{'、'.join(denied)}与它会记入的内容不符",
                hint="请退回;经办人如无过错(提出后规则有变),请重新提出",
            )
        return found

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
                count = _decide_again(work, code, proposal)
                work.must_be_authorised(self.signer)
                work.flush()
        return Outcome(append.receipt, work.shown, count)

    def _work(self, append: Append, actor: str) -> OpenBatch:
        work = OpenBatch(append, actor, checked=not self._trial)
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


def _decide_again(work: OpenBatch, code: str, proposal: Proposal) -> int:
    try:
        return work.decide(each for part in proposal.parts for each in commands_in(part))
    except (RuleRefusedError, ValueRefusedError, NotFoundError) as error:
        raise _changed(code, error) from error


def _changed(code: str, error: LedgerError | None = None) -> ConflictError:
    return ConflictError(
        "proposal.changed",
        f"情况已变:提议“{code}”现在不能照原样记账({error.message if error else '会记入别的内容'})",
        hint="请经办人撤回后,按现在的情况重新提出",
        rule=error.rule if error else "",
    )


def _hash(commands: Iterable[Command]) -> str:
    digest = hashlib.sha256()
    for command in commands:
        digest.update(f"{type(command).__name__}\n{command.model_dump_json()}\n".encode())
    return digest.hexdigest()

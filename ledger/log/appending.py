"""The one way into the log: decide and append in one transaction, alone.

    with appender.open(BatchHeader(...)) as append:
        events = decide(append.read_stream("tranche/…"), command)
        append.write(events)
    print(append.receipt.checkpoint)

Everything between ``open`` and the end of the block happens under the ledger's write lock: what was read cannot change
before it is written, so nothing is ever tried again. The end of the block closes the tree, stores the batch with its
checkpoint (signed, when a signer was given) and commits; an exception undoes everything.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from operator import itemgetter
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import text

from ledger.database import check_ours, read_transaction, write_transaction
from ledger.dates import now_utc_text
from ledger.errors import ConflictError, TamperedError
from ledger.log.high_water import HighWater
from ledger.log.journal import journal_of
from ledger.log.names import ABSENT, Names, check_text
from ledger.log.published import Published
from ledger.log.reading import Head, frontier_at, head
from ledger.log.record import batch_frame, leaf_of
from ledger.log.schema import origin_of
from ledger.signing import sign_text
from ledger.transparency.checkpoint import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from ledger.log.reading import Batch
    from ledger.signing import Signer
    from ledger.transparency.merkle import Frontier

__all__ = ["Append", "Appender", "BatchHeader", "NewEvent", "Receipt"]

NewEvent: TypeAlias = tuple[str, int | None, str, bytes]
"""Stream name, version (None: the next of its stream; a number must be that), topic, state."""

_CHUNK: Final = 1_000
_STREAM_OF: Final = itemgetter(0)
_TOPIC_OF: Final = itemgetter(2)
_LONGEST_TEXT: Final = 500

_COLUMNS: Final = 7
_LEAF: Final = 6
_INTO_EVENT: Final = "INSERT INTO event (position, stream, version, topic, batch, state, leaf) VALUES "
_ROW: Final = "(?, ?, ?, ?, ?, ?, ?)"
_INSERT: Final = {
    "sqlite": _INTO_EVENT + _ROW,
    # One statement per chunk: psycopg's executemany is a pipeline, which has been seen to hang on megabytes. Binary
    # arrays (%b): as text, every byte of a state would be spelled out in hexadecimal, at three times the cost.
    "postgresql": "INSERT INTO event (position, stream, version, topic, batch, state, leaf) SELECT * FROM unnest("
    "%b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bytea[], %b::bytea[])",
}
# A full chunk on SQLite is one statement too: a fifth quicker than stepping through a thousand.
_INSERT_CHUNK: Final = _INTO_EVENT + ", ".join([_ROW] * _CHUNK)
_INSERT_NODES: Final = text("INSERT INTO node (level, idx, hash) VALUES (:level, :idx, :hash)")
_INSERT_BATCH: Final = text(
    "INSERT INTO batch (id, key, input_hash, actor, command, document, first, last, recorded_at, checkpoint) VALUES"
    " (:id, :key, :input_hash, :actor, :command, :document, :first, :last, :recorded_at, :checkpoint)"
)
_PRIOR: Final = text("SELECT id, input_hash, first, last, recorded_at, checkpoint FROM batch WHERE key = :key")
_LAST_POSITION: Final = text("SELECT coalesce(max(position), 0) FROM event")
_STREAM: Final = text(
    "SELECT e.version, t.name, e.state FROM event e JOIN topic t ON t.id = e.topic"
    " WHERE e.stream = (SELECT id FROM stream WHERE name = :name) ORDER BY e.version"
)


@dataclass(frozen=True, slots=True)
class BatchHeader:
    """Who records, with which command, by which document.

    ``key`` is the submitter's name for this piece of work: sent again with the same ``input_hash`` it records nothing
    and gives the first receipt, with another one it is refused. None: every run records.
    """

    key: str | None
    input_hash: str
    actor: str
    command: str
    document: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded: positions ``first`` to ``last`` (``first > last`` when nothing was) and the root after it.

    ``checkpoint`` is the text as stored: a signed note, or three bare lines where nobody signed.
    ``repeated``: the key was seen before with the same input, so this is the receipt of then.
    """

    batch: int
    first: int
    last: int
    recorded_at: str
    root: bytes
    checkpoint: str
    repeated: bool


class _Known:
    """What this process remembers of the log; right as long as ``head`` is the head that the database shows."""

    __slots__ = ("frontier", "head", "streams", "topics")

    def __init__(self, head: Head, frontier: Frontier) -> None:
        self.head = head
        self.frontier = frontier
        self.streams = Names("stream")
        self.topics = Names("topic")


class Appender:
    """The write side of one ledger. Safe to share between threads; any number of processes may have their own."""

    def __init__(self, engine: Engine) -> None:
        """Check that the database is ours. Raises StorageError."""
        check_ours(engine)
        self.engine = engine
        with read_transaction(engine) as connection:
            self.origin = origin_of(connection)
        self._high_water = HighWater(engine, self.origin)
        self._journal = journal_of(engine, self.origin)
        self._published = Published(engine, self.origin)
        self._known: _Known | None = None
        self._lock = RLock()
        self._busy = False

    @contextmanager
    def open(
        self, header: BatchHeader, *, dry_run: bool = False, signer: Signer | None = None, given: Batch | None = None
    ) -> Iterator[Append]:
        """Take the write lock and give the :class:`Append` of one batch; record it when the block ends well.

        ``dry_run`` does everything up to the commit, then undoes it, and signs nothing. ``signer`` must be ready to
        sign: nobody may be asked for a passphrase while the lock is held. ``given`` is a batch as it was recorded
        once, of an export or a journal: its moment and its checkpoint are kept, and must agree with the log. Raises
        ValueRefusedError (unusable header), ConflictError ``batch.key_reused``, TamperedError (the log contradicts
        what was acknowledged, or ``given``), StorageError.
        """
        _check_header(header)
        with self._lock:
            if self._busy:
                message = "an append is already open in this thread"
                raise RuntimeError(message)
            self._busy = True
            try:
                yield from self._open(header, None if dry_run else signer, given, dry_run=dry_run)
            finally:
                self._busy = False

    def _open(
        self, header: BatchHeader, signer: Signer | None, given: Batch | None, *, dry_run: bool
    ) -> Iterator[Append]:
        if self._journal is not None and not dry_run:
            self._journal.complete(self.engine)  # what a crash left out; and nothing is recorded that it cannot take
        with write_transaction(self.engine) as connection:
            known = self._load(connection)
            prior = _find_prior(connection, header)
            append = Append(connection, header, known, prior, self.origin, signer, given)
            try:
                yield append
                append.close()
            finally:
                # Whatever was learnt in a transaction that may still fail is forgotten until it has not.
                self._known = None if append.touched else known
            if dry_run:
                connection.rollback()
        if append.wrote and not dry_run:
            self._known = known
            self._published.follow(known.head.root)
        if not dry_run and append.receipt.last:
            if self._journal is not None:
                self._journal.complete(self.engine)
            self._high_water.raise_to(Checkpoint.parse(append.receipt.checkpoint))

    def _load(self, connection: Connection) -> _Known:
        """Return what is known, read anew if somebody else has appended. Raises TamperedError."""
        now = head(connection)
        known = self._known
        if known is None or known.head != now:
            frontier = frontier_at(connection, now.position)
            if frontier.root() != now.root or connection.execute(_LAST_POSITION).scalar() != now.position:
                raise TamperedError(
                    "log.head_mismatch",
                    f"账本末尾(第 {now.position} 号)与它的检查点不符,拒绝继续记账。",
                    hint="请停止使用,运行 xianjie audit verify 查明位置。",
                )
            known = _Known(now, frontier)
        self._high_water.check(connection, now, self._high_water.read())
        self._published.check(connection, now, self._published.read())
        return known


class Append:
    """One batch while it is being decided and written. Reads see what this batch has already written."""

    def __init__(  # noqa: PLR0917 - made in one place, just above
        self,
        connection: Connection,
        header: BatchHeader,
        known: _Known,
        prior: Receipt | None,
        origin: str,
        signer: Signer | None,
        given: Batch | None,
    ) -> None:
        self.connection = connection
        self.prior = prior
        """The earlier receipt, when the key was used before with the same input: write nothing then."""
        self.recorded_at = max(now_utc_text() if given is None else given.recorded_at, known.head.recorded_at)
        self.position = known.head.position
        """The last position so far."""
        self.root_before = known.head.root
        """The root of the log before this batch."""
        self.touched = False
        """Whether anything was sent to the database, stored or not."""
        self.receipt: Receipt
        """Set when the block has ended well."""
        self._header = header
        self._known = known
        self._origin = origin
        self._signer = signer
        self._given = given
        self._batch = known.head.batch + 1
        self._first = known.head.position + 1
        self._frame = batch_frame(self._batch, **asdict(header), recorded_at=self.recorded_at)

    @property
    def wrote(self) -> bool:
        """Whether this batch has events."""
        return self.position >= self._first

    def read_stream(self, stream: str) -> list[tuple[int, str, bytes]]:
        """Return version, topic and state of every event of a stream, in order."""
        return [(version, topic, state) for version, topic, state in self.connection.execute(_STREAM, {"name": stream})]

    def stream_version(self, stream: str) -> int:
        """Return the last version of a stream; 0 when there is none."""
        streams = self._known.streams
        streams.learn(self.connection, [stream], create=False)
        return max(streams[stream].version, 0) if stream in streams else 0

    def write(self, events: Sequence[NewEvent]) -> None:
        """Append events, each as the next version of its stream; may be called many times.

        Raises ConflictError ``log.version_conflict``, ValueRefusedError (unusable stream or topic name).
        """
        if self.prior is not None:
            raise ConflictError(
                "batch.already_recorded",
                f"键 {self._header.key!r} 已经记过账,不能再写。",
                hint="请直接使用当时的回执。",
            )
        for start in range(0, len(events), _CHUNK):
            self._write_chunk(events[start : start + _CHUNK])

    def close(self) -> None:
        """Store the batch and its checkpoint and set the receipt. Called at the end of the block."""
        known = self._known
        if self.prior is not None:
            self.receipt = self.prior
            return
        if not self.wrote:
            now = known.head
            self.receipt = Receipt(
                0, self._first, now.position, now.recorded_at, now.root, now.checkpoint, repeated=False
            )
            return
        root = known.frontier.root()
        checkpoint = str(Checkpoint(self._origin, self.position, root))
        if self._given is not None:
            checkpoint = _as_given(self._given, Checkpoint.parse(checkpoint))
        elif self._signer is not None:
            checkpoint = str(sign_text(self._signer, checkpoint))
        moment = {"recorded_at": self.recorded_at, "checkpoint": checkpoint}
        span = {"id": self._batch, "first": self._first, "last": self.position}
        self.connection.execute(_INSERT_BATCH, span | moment | asdict(self._header))
        known.head = Head(self._batch, self.position, self.recorded_at, root, checkpoint)
        self.receipt = Receipt(
            self._batch, self._first, self.position, self.recorded_at, root, checkpoint, repeated=False
        )

    def _write_chunk(self, events: Sequence[NewEvent]) -> None:
        self.touched = True
        connection, known, batch, frame = self.connection, self._known, self._batch, self._frame
        streams, topics = known.streams, known.topics
        streams.learn(connection, dict.fromkeys(map(_STREAM_OF, events)), create=True)
        topics.learn(connection, dict.fromkeys(map(_TOPIC_OF, events)), create=True)
        values, leaf_hash = list[Any](), leaf_of
        for position, (name, version, topic_name, state) in enumerate(events, self.position + 1):
            stream, topic = streams[name], topics[topic_name]
            last = stream.version
            if version is None:
                version = last + 1 if last > 0 else 1  # noqa: PLW2901 - what None stands for
            elif version != last + 1 and (last != ABSENT or version != 1):
                raise _conflict(name, last, version)
            stream.version = version
            leaf = leaf_hash(position, version, stream.framed, topic.framed, frame, state)
            values += (position, stream.id, version, topic.id, batch, state, leaf)
        self.position += len(events)
        self._insert(values)
        nodes = known.frontier.extend(values[_LEAF::_COLUMNS])
        if nodes:
            connection.execute(_INSERT_NODES, [node._asdict() for node in nodes])

    def _insert(self, values: list[Any]) -> None:
        """Store the rows whose values these are, one after the other."""
        connection, dialect = self.connection, self.connection.dialect.name
        if dialect != "sqlite":
            columns = tuple(values[column::_COLUMNS] for column in range(_COLUMNS))
            connection.exec_driver_sql(_INSERT[dialect], columns)
        elif len(values) == _CHUNK * _COLUMNS:
            connection.exec_driver_sql(_INSERT_CHUNK, tuple(values))
        else:
            rows = [tuple(values[start : start + _COLUMNS]) for start in range(0, len(values), _COLUMNS)]
            connection.exec_driver_sql(_INSERT[dialect], rows)


def _check_header(header: BatchHeader) -> None:
    if header.key is not None:
        check_text("key", header.key, _LONGEST_TEXT, empty=False)
    for name in ("input_hash", "actor", "command", "document"):
        check_text(name, getattr(header, name), _LONGEST_TEXT)


def _find_prior(connection: Connection, header: BatchHeader) -> Receipt | None:
    """Return the receipt of the batch that used the header's key. Raises ConflictError if its input was another."""
    row = None if header.key is None else connection.execute(_PRIOR, {"key": header.key}).one_or_none()
    if row is None:
        return None
    batch, input_hash, first, last, recorded_at, checkpoint = row
    if input_hash != header.input_hash:
        raise ConflictError(
            "batch.key_reused",
            f"键 {header.key!r} 已用于另一份内容(第 {first} 至 {last} 号)。",
            hint="内容确实不同就换一个 --key;若是重试,请提交与当时完全相同的内容。",
        )
    return Receipt(batch, first, last, recorded_at, Checkpoint.parse(checkpoint).root, checkpoint, repeated=True)


def _as_given(given: Batch, reached: Checkpoint) -> str:
    """Return the checkpoint that a batch was recorded with. Raises TamperedError if the log has come elsewhere."""
    if Checkpoint.parse(given.checkpoint) != reached:
        raise TamperedError(
            "log.other_checkpoint",
            f"第 {given.id} 批(第 {given.first} 至 {given.last} 号)算出的检查点与它当时的不同。",
            hint="逐行记录被改过,或者不是这本账的;没有记入,请用完好的文件。",
        )
    return given.checkpoint


def _conflict(stream: str, last: int, version: int) -> ConflictError:
    return ConflictError(
        "log.version_conflict",
        f"{stream} 已到第 {max(last, 0)} 版,不能写入第 {version} 版。",
        hint="别人可能刚刚改过它;请重新读取后再试。",
    )

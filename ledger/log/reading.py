"""Read the log: pages of events, the head, and the root at any size.

Every function works inside a transaction given by the caller, so several answers can be about the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sqlalchemy import text

from ledger.database import plain_rows
from ledger.errors import NotFoundError, TamperedError
from ledger.log.record import batch_frame
from ledger.log.schema import origin_of
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import EMPTY_ROOT, TILE, TILE_HEIGHT, Frontier

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

__all__ = [
    "Batch",
    "Head",
    "Heard",
    "Row",
    "State",
    "batch_ends",
    "batch_keyed",
    "batch_numbered",
    "batch_of",
    "checkpoint_at",
    "event_at",
    "frontier_at",
    "head",
    "makers_of",
    "position_at",
    "read_page",
    "read_states",
    "read_stream",
    "root_at",
    "unheard",
]


Heard: TypeAlias = "Callable[[int, int], None]"
"""Is told how far some work is, and of how many positions (0: nobody knows)."""


def unheard(_done: int, _of: int) -> None:
    """Take no notice: nobody asked how far the work is."""


class Row(NamedTuple):
    """One event as stored. ``state`` is the payload's bytes; ``recorded_at`` is UTC text of its batch."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    batch: int
    recorded_at: str


State: TypeAlias = tuple[int, str, bytes, str]
"""What mapping needs of an event: position, topic, the payload's bytes, and the moment of its batch."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log has come: ``position`` 0 and an empty ``recorded_at`` when nothing is recorded yet."""

    batch: int
    position: int
    recorded_at: str
    root: bytes
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One recorded command: ``actor`` ran ``command`` by ``document``; it became positions ``first`` to ``last``."""

    id: int
    key: str | None
    input_hash: str
    actor: str
    command: str
    document: str
    first: int
    last: int
    recorded_at: str
    checkpoint: str

    def frame(self) -> bytes:
        """Return the bytes that the records of all its events share. Raises UnicodeError for damaged text."""
        return batch_frame(
            self.id,
            key=self.key,
            input_hash=self.input_hash,
            actor=self.actor,
            command=self.command,
            document=self.document,
            recorded_at=self.recorded_at,
        )


_PAGE = text(
    "SELECT e.position, s.name, e.version, t.name, e.state, e.batch, b.recorded_at FROM event e"
    " JOIN stream s ON s.id = e.stream JOIN topic t ON t.id = e.topic JOIN batch b ON b.id = e.batch"
    " WHERE e.position > :after AND e.position <= :to ORDER BY e.position LIMIT :limit"
)
_STATES = text(
    "SELECT e.position, t.name, e.state, b.recorded_at FROM event e"
    " JOIN topic t ON t.id = e.topic JOIN batch b ON b.id = e.batch"
    " WHERE e.position > :after AND e.position <= :to ORDER BY e.position LIMIT :limit"
)
# The batch row is written last: inside the transaction that appends, its own events have none yet.
_ANY_BATCH = (
    "SELECT e.position, s.name, e.version, t.name, e.state, e.batch, coalesce(b.recorded_at, '') FROM stream s"
    " JOIN event e ON e.stream = s.id JOIN topic t ON t.id = e.topic LEFT JOIN batch b ON b.id = e.batch"
)
_OF_STREAM_TEXT = f"{_ANY_BATCH} WHERE s.name = :name ORDER BY e.version"
_OF_STREAM = text(_OF_STREAM_TEXT)
# An approval is the first entry of its batch, and whoever proposed recorded the first entry of the proposal.
_MAKERS = text(
    "SELECT DISTINCT coalesce(p.actor, b.actor) FROM"
    " (SELECT DISTINCT batch FROM event WHERE stream = (SELECT id FROM stream WHERE name = :stream)) touched"
    " LEFT JOIN batch b ON b.id = touched.batch"
    " LEFT JOIN event a ON a.position = b.first AND a.topic = (SELECT id FROM topic WHERE name = 'proposal.approved')"
    " LEFT JOIN event m ON m.stream = a.stream AND m.topic = (SELECT id FROM topic WHERE name = 'proposal.made')"
    " LEFT JOIN batch p ON p.id = m.batch"
)
_AT_POSITION = text(f"{_ANY_BATCH} WHERE e.position = :position")
_HEAD = text("SELECT id, last, recorded_at, checkpoint FROM batch ORDER BY id DESC LIMIT 1")
_AT = text("SELECT last FROM batch WHERE recorded_at <= :moment ORDER BY recorded_at DESC, last DESC LIMIT 1")
_ONE_BATCH = (
    "SELECT b.id, b.key, b.input_hash, b.actor, b.command, b.document, b.first, b.last, b.recorded_at, b.checkpoint"
    " FROM batch b"
)
_BATCH = text(f"{_ONE_BATCH} JOIN event e ON e.batch = b.id WHERE e.position = :position")
_BATCH_NUMBERED = text(f"{_ONE_BATCH} WHERE b.id = :number")
_BATCH_KEYED = text(f"{_ONE_BATCH} WHERE b.key = :key")
_ENDS = text("SELECT last FROM batch WHERE last > :after AND last <= :to ORDER BY last")
_LEAVES = text("SELECT leaf FROM event WHERE position > :after AND position <= :to ORDER BY position")
_NODES = text("SELECT hash FROM node WHERE level = :level AND idx >= :first AND idx < :end ORDER BY idx")

_NO_END = 2**63 - 1


def read_page(connection: Connection, after: int, limit: int, to: int | None = None) -> list[Row]:
    """Return up to ``limit`` events with positions above ``after`` and, if given, not above ``to``, in order."""
    found = connection.execute(_PAGE, {"after": after, "limit": limit, "to": _NO_END if to is None else to})
    return list(map(Row._make, found.all()))


def read_states(connection: Connection, after: int, limit: int, to: int | None = None) -> list[State]:
    """Return the same events as plain tuples, without the names of their streams, for whoever maps very many."""
    span = {"after": after, "limit": limit, "to": _NO_END if to is None else to}
    return plain_rows(connection.execute(_STATES, span))


def read_stream(connection: Connection, stream: str) -> list[Row]:
    """Return every event of a stream, in order; an empty list for a stream that does not exist."""
    named = {"name": stream}
    if connection.dialect.name == "sqlite":
        # An import asks once for every row of its file, mostly for a stream that is not there: on the way through
        # SQLAlchemy that took 24 µs, straight to the driver 2. What the driver raises, the transaction explains alike.
        return list(map(Row._make, connection.connection.cursor().execute(_OF_STREAM_TEXT, named)))
    return list(map(Row._make, connection.execute(_OF_STREAM, named)))


def event_at(connection: Connection, position: int) -> Row | None:
    """Return the event at a position, or None."""
    found = connection.execute(_AT_POSITION, {"position": position}).one_or_none()
    return None if found is None else Row._make(found)


def makers_of(connection: Connection, stream: str) -> list[str | None]:
    """Return who made the entries of a stream: whoever recorded them, or proposed what was then approved.

    None stands for the batch that is still open.
    """
    return [maker for (maker,) in connection.execute(_MAKERS, {"stream": stream})]


def head(connection: Connection) -> Head:
    """Return the last position, its moment, root and checkpoint text. Raises TamperedError if it is unreadable."""
    row = connection.execute(_HEAD).one_or_none()
    if row is None:
        return Head(0, 0, "", EMPTY_ROOT, str(Checkpoint(origin_of(connection), 0, EMPTY_ROOT)))
    return Head(row[0], row[1], row[2], Checkpoint.parse(row[3]).root, row[3])


def position_at(connection: Connection, moment: str) -> int:
    """Return the last position recorded at or before ``moment`` (``ledger.dates.to_utc_text``); 0 if there is none."""
    return int(connection.execute(_AT, {"moment": moment}).scalar() or 0)


def batch_of(connection: Connection, position: int) -> Batch:
    """Return the batch that recorded a position. Raises NotFoundError."""
    row = connection.execute(_BATCH, {"position": position}).one_or_none()
    if row is None:
        raise NotFoundError(
            "log.no_such_position", f"账本里没有第 {position} 号记录。", hint="用 xianjie audit log 查看已有的记录。"
        )
    return Batch(*row)


def batch_numbered(connection: Connection, number: int) -> Batch:
    """Return the batch of a number. Raises NotFoundError."""
    row = connection.execute(_BATCH_NUMBERED, {"number": number}).one_or_none()
    if row is None:
        raise NotFoundError(
            "log.no_such_batch", f"账本里没有批次 {number}。", hint="用 xianjie audit trace 序号 查看记录属于哪个批次。"
        )
    return Batch(*row)


def batch_keyed(connection: Connection, key: str) -> Batch | None:
    """Return the batch that was submitted under a key, or None."""
    row = connection.execute(_BATCH_KEYED, {"key": key}).one_or_none()
    return None if row is None else Batch(*row)


def batch_ends(connection: Connection, after: int, to: int) -> list[int]:
    """Return the last position of every batch that ended above ``after`` and not above ``to``, in order."""
    return list(connection.execute(_ENDS, {"after": after, "to": to}).scalars())


def root_at(connection: Connection, size: int) -> bytes:
    """Return the RFC 6962 root over the first ``size`` events. Raises NotFoundError, TamperedError."""
    last = head(connection)
    if not 0 <= size <= last.position:
        raise NotFoundError(
            "log.no_such_size",
            f"账本只有 {last.position} 条记录,没有大小为 {size} 的历史。",
            hint=f"请给出 0 到 {last.position} 的数。",
        )
    return last.root if size == last.position else frontier_at(connection, size).root()


def checkpoint_at(connection: Connection, size: int) -> str:
    """Return the checkpoint over the first ``size`` events: as signed where a batch ends there, else its three lines.

    Raises NotFoundError, TamperedError.
    """
    batch = batch_of(connection, size) if size else None
    if batch is not None and batch.last == size:
        return batch.checkpoint
    return str(Checkpoint(origin_of(connection), size, root_at(connection, size)))


def frontier_at(connection: Connection, size: int) -> Frontier:
    """Return the edge of the tree of the first ``size`` events, from at most 255 hashes per level.

    Raises TamperedError when hashes are missing.
    """
    tiles = [
        connection.execute(_LEAVES, {"after": size - size % TILE, "to": size}).scalars().all(),
    ]
    level, width = 1, size >> TILE_HEIGHT
    while width:
        span = {"level": level, "first": width - width % TILE, "end": width}
        tiles.append(connection.execute(_NODES, span).scalars().all())
        level, width = level + 1, width >> TILE_HEIGHT
    try:
        return Frontier.from_tiles(size, tiles)
    except ValueError as error:
        raise TamperedError(
            "log.hashes_missing",
            f"账本的散列值不完整,无法算出前 {size} 条记录的根值。",
            hint="请停止记账,运行 xianjie audit verify 查明位置。",
        ) from error

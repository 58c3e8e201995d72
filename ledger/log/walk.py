"""One pass over all events, batches and tree nodes, from position 1 to the end, recomputing every hash.

The tree is fed with the stored leaves, each of which is compared with a fresh hash of the stored bytes: so an event
whose bytes were changed is named exactly, and does not make every later checkpoint look wrong as well.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.database import plain_rows
from ledger.errors import ProofError
from ledger.log.reading import Batch, Heard, unheard
from ledger.log.record import framed, record_of
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import HASH_SIZE, Frontier, leaf_hash
from ledger.transparency.note import Note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from ledger.log.finding import Findings
    from ledger.transparency.merkle import Node

__all__ = ["StoredText", "Walk"]

_PAGE: Final = 2_048
_EVENTS: Final = text(
    "SELECT e.position, s.name, e.version, t.name, e.batch, e.state, e.leaf FROM event e"
    " LEFT JOIN stream s ON s.id = e.stream LEFT JOIN topic t ON t.id = e.topic"
    " WHERE e.position > :after ORDER BY e.position LIMIT :limit"
)
_LAST: Final = text("SELECT max(position) FROM event")
_BATCHES: Final = text(
    "SELECT id, key, input_hash, actor, command, document, first, last, recorded_at, checkpoint FROM batch"
    " WHERE id > :after ORDER BY id LIMIT :limit"
)
_NODES: Final = text("SELECT idx, hash FROM node WHERE level = :level AND idx >= :first AND idx <= :last")


class StoredText(bytes):
    """Text as a SQLite file holds it: not decoded, because damaged text must be reported, not stumbled over."""

    __slots__ = ()


class _Event(NamedTuple):
    """A row of ``event`` with its names; anything may stand where bytes or text belong."""

    position: int
    stream: object
    version: int
    topic: object
    batch: int
    state: object
    leaf: object


class Walk:
    """Walks a log and adds what is wrong to ``findings``.

    Afterwards ``position`` and ``frontier`` are the end of the log, ``root_at`` answers for the sizes in ``marks``, and
    ``signed`` counts the batches that carry signatures, which are not checked here.
    """

    def __init__(self, connection: Connection, origin: str, findings: Findings, marks: Sequence[int] = ()) -> None:
        self._connection = connection
        self._origin = origin
        self._findings = findings
        self._roots = dict.fromkeys(marks, b"")
        self.position = 0
        self.signed = 0
        self.frontier = Frontier()
        self._pending: list[bytes] = []
        self._nodes = 0
        self._batches = self._read_batches()
        self._batch: Batch | None = None
        self._frame: bytes | None = None
        self._straight = True  # until the first wrong checkpoint: every later one is then wrong of necessity

    def run(self, heard: Heard = unheard) -> None:
        """Walk to the end; ``heard`` is told after each page how far it is."""
        end = 0 if heard is unheard else self._last()
        self._next_batch()
        after = -(2**63)
        while page := plain_rows(self._connection.execute(_EVENTS, {"after": after, "limit": _PAGE})):
            for row in map(_Event._make, page):
                self._event(row)
            self._flush()
            after = page[-1][0]
            heard(self.position, end)
        self._end()

    def _last(self) -> int:
        """Return the last position; 0 where a damaged database cannot say: that is no reason not to walk."""
        try:
            last = self._connection.execute(_LAST).scalar()
        except DBAPIError:
            return 0
        return last if isinstance(last, int) else 0

    def root_at(self, size: int) -> bytes:
        """Return the root at one of the marks."""
        return self._roots[size]

    def _event(self, row: _Event) -> None:
        position, batch_id = row.position, row.batch
        if position != self.position + 1:
            self._findings.add(
                "gap",
                position,
                f"位置不连续:第 {self.position} 号之后是第 {position} 号",
                expected=self.position + 1,
                found=position,
            )
        self.position = position
        while self._batch is not None and position > self._batch.last:
            self._next_batch()
        if self._batch is None or batch_id != self._batch.id or position < self._batch.first:
            here = self._batch if self._batch is not None and position >= self._batch.first else None
            known = f"第 {here.id} 批" if here else "没有批次"
            self._findings.add(
                "batch",
                position,
                f"第 {position} 号记录写着属于第 {batch_id} 批,但批次表中此处是{known}",
                expected=here.id if here else "",
                found=batch_id,
            )
        self._pending.append(self._leaf(row))
        if self._batch is not None and position == self._batch.last:
            self._check_checkpoint(self._batch)
        if position in self._roots:
            self._flush()
            self._roots[position] = self.frontier.root()

    def _leaf(self, row: _Event) -> bytes:
        """Hash the stored bytes again; return the leaf that goes into the tree."""
        position, stream, version, topic, _, state, leaf = row
        computed = b""
        try:
            names = framed(_text_bytes(stream)), framed(_text_bytes(topic))
            if self._frame is not None:
                computed = leaf_hash(record_of(position, version, *names, self._frame, _exact_bytes(state)))
        except (TypeError, struct.error, UnicodeError) as error:
            self._findings.add("structure", position, f"第 {position} 号记录的字段类型不对:{error}")
        if isinstance(leaf, bytes) and leaf == computed:
            return computed
        if computed:
            shown = leaf.hex() if isinstance(leaf, bytes) else repr(leaf)
            self._findings.add(
                "content",
                position,
                f"第 {position} 号记录的内容与当时的散列值不符,内容或散列值被改动过",
                expected=shown,
                found=computed.hex(),
            )
        return leaf if isinstance(leaf, bytes) and len(leaf) == HASH_SIZE else computed.ljust(HASH_SIZE, b"\x00")

    def _next_batch(self) -> None:
        previous, self._frame = self._batch, None
        self._batch = batch = next(self._batches, None)
        if batch is None:
            return
        expected = (previous.id + 1, previous.last + 1) if previous else (1, 1)
        if (batch.id, batch.first) != expected or batch.last < batch.first:
            self._findings.add(
                "batch",
                batch.first,
                f"批次不连续:第 {batch.id} 批写着第 {batch.first} 至 {batch.last} 号",
                expected=f"{expected[0]}: {expected[1]}",
                found=f"{batch.id}: {batch.first}-{batch.last}",
            )
        if previous and batch.recorded_at < previous.recorded_at:
            self._findings.add(
                "order",
                batch.first,
                f"第 {batch.id} 批的记录时间早于前一批",
                expected=f">= {previous.recorded_at}",
                found=batch.recorded_at,
            )
        self._frame = batch.frame()

    def _read_batches(self) -> Iterator[Batch]:
        after = -(2**63)
        while page := self._connection.execute(_BATCHES, {"after": after, "limit": _PAGE}).all():
            for number, key, *texts, first, last, recorded_at, checkpoint in page:
                after = number
                try:
                    decoded = [_text_bytes(one).decode() for one in (*texts, recorded_at, checkpoint)]
                    known_key = None if key is None else _text_bytes(key).decode()
                    input_hash, actor, command, document, moment, note = decoded
                except (TypeError, UnicodeError) as error:
                    self._findings.add("structure", first, f"第 {number} 批的字段类型不对:{error}")
                    continue
                yield Batch(number, known_key, input_hash, actor, command, document, first, last, moment, note)

    def _check_checkpoint(self, batch: Batch) -> None:
        self._flush()
        computed = str(Checkpoint(self._origin, self.position, self.frontier.root()))
        if batch.checkpoint == computed:
            return
        if _signed_text(batch.checkpoint) == computed:
            self.signed += 1
        elif self._straight:
            self._straight = False
            self._findings.add(
                "checkpoint",
                batch.last,
                f"第 {batch.id} 批(第 {batch.first} 至 {batch.last} 号)的检查点与重算的不符,其后的检查点不再逐个列出",
                expected=batch.checkpoint,
                found=computed,
            )

    def _flush(self) -> None:
        """Put the waiting leaves into the tree and compare the nodes that they complete."""
        nodes = self.frontier.extend(self._pending)
        self._pending = []
        self._nodes += len(nodes)
        for level in sorted({node.level for node in nodes}):
            self._check_nodes([node for node in nodes if node.level == level])

    def _check_nodes(self, nodes: list[Node]) -> None:
        span = {"level": nodes[0].level, "first": nodes[0].idx, "last": nodes[-1].idx}
        stored = {index: one for index, one in self._connection.execute(_NODES, span)}  # noqa: C416 - rows, not pairs
        for level, index, computed in nodes:
            if stored.get(index) != computed:
                last = (index + 1) << 8 * level
                found = stored.get(index)
                self._findings.add(
                    "node",
                    last,
                    f"树节点({level}, {index})与第 {last} 号之前的记录不符",
                    expected=computed.hex(),
                    found=found.hex() if isinstance(found, bytes) else found,
                )

    def _end(self) -> None:
        if self._batch is not None and self._batch.last > self.position:
            self._findings.add(
                "batch",
                self._batch.last,
                f"第 {self._batch.id} 批写到第 {self._batch.last} 号,但账本只到第 {self.position} 号",
                expected=self._batch.last,
                found=self.position,
            )
        for batch in self._batches:
            self._findings.add("batch", batch.first, f"第 {batch.id} 批没有任何记录", found=batch.first)
        stored = self._connection.execute(text("SELECT count(*) FROM node")).scalar()
        if stored != self._nodes:
            self._findings.add(
                "node", None, f"树节点应有 {self._nodes} 个,实有 {stored} 个", expected=self._nodes, found=stored
            )


def _signed_text(note: str) -> str:
    """Return what the signatures of a note stand under; nothing when it is no note."""
    try:
        return Note.parse(note).text
    except ProofError:
        return ""


def _text_bytes(value: object) -> bytes:
    """Return the bytes of a text column. Raises TypeError when it holds something else."""
    if isinstance(value, StoredText):
        return value
    if isinstance(value, str):
        return value.encode()
    message = f"text expected, {type(value).__name__} found"
    raise TypeError(message)


def _exact_bytes(value: object) -> bytes:
    """Return the bytes of a binary column. Raises TypeError when it holds something else."""
    if type(value) is bytes:
        return value
    message = f"bytes expected, {type(value).__name__} found"
    raise TypeError(message)

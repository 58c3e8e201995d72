"""Make proofs from what the log has stored: leaves and tiles, at most 256 hashes from each level of the tree.

Every function works inside a transaction given by the caller.
"""

from __future__ import annotations

from functools import reduce
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from ledger.errors import NotFoundError, ProofError, TamperedError
from ledger.log.reading import batch_of, event_at, head
from ledger.log.record import framed_text, record_of
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import TILE, TILE_HEIGHT, node_hash
from ledger.transparency.proof_file import EntryProof, GrowthProof
from ledger.transparency.tree_proof import consistency_path, inclusion_path, verify_consistency

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ledger.log.reading import Head

__all__ = ["StoredTree", "begins_with", "prove_entry", "prove_growth", "record_at"]

_LEAVES: Final = text("SELECT leaf FROM event WHERE position > :first AND position <= :end ORDER BY position")
_NODES: Final = text("SELECT hash FROM node WHERE level = :level AND idx >= :first AND idx < :end ORDER BY idx")


class StoredTree:
    """The tree as stored. Reads a tile at a time and remembers it: a proof needs two of each level at most."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def hash_of(self, first: int, end: int) -> bytes:
        """Return the root over the leaves from ``first`` up to, not including, ``end``: one of the tree's own subtrees.

        Raises TamperedError when stored hashes are missing.
        """
        peaks = []
        while first < end:
            height = (end - first).bit_length() - 1
            peaks.append(self._complete(height, first >> height))
            first += 1 << height
        return reduce(lambda right, left: node_hash(left, right), reversed(peaks))

    def _complete(self, height: int, index: int) -> bytes:
        """Return the root of the complete subtree number ``index`` of ``2 ** height`` leaves."""
        level, above = divmod(height, TILE_HEIGHT)
        first, count = index << above, 1 << above
        within = first % TILE
        row = self._tile(level, first // TILE)[within : within + count]
        if len(row) != count:
            raise TamperedError(
                "log.hashes_missing",
                f"账本的散列值不完整:树的第 {level} 层缺少第 {first} 至 {first + count - 1} 个。",
                hint="请停止记账,运行 xianjie audit verify 查明位置。",
            )
        while len(row) > 1:
            # Hashed here: a call for each of the five hundred would cost as much as the hashing.
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
        return row[0]

    def _tile(self, level: int, number: int) -> list[bytes]:
        if (level, number) not in self._tiles:
            span = {"first": number * TILE, "end": (number + 1) * TILE}
            query, bounds = (_NODES, span | {"level": level}) if level else (_LEAVES, span)
            self._tiles[level, number] = list(self._connection.execute(query, bounds).scalars().all())
        return self._tiles[level, number]


def record_at(connection: Connection, position: int) -> bytes:
    """Return the bytes that the leaf of an event is the hash of. Raises NotFoundError."""
    row, batch = event_at(connection, position), batch_of(connection, position)
    if row is None:
        raise NotFoundError("log.no_such_position", f"账本里没有第 {position} 号记录。")
    names = framed_text(row.stream), framed_text(row.topic)
    return record_of(row.position, row.version, *names, batch.frame(), row.state)


def prove_entry(connection: Connection, position: int, checkpoint: str = "") -> EntryProof:
    """Return the proof that an event stands at its position, under ``checkpoint`` or else the log's own head.

    The proof has been checked: one that would not hold is never handed out. Raises NotFoundError (no such position, or
    none under that checkpoint), TamperedError, ProofError.
    """
    record = record_at(connection, position)
    note = checkpoint or head(connection).checkpoint
    size = Checkpoint.parse(note).size
    if position > size:
        raise NotFoundError(
            "proof.later",
            f"第 {position} 号记录在这个检查点(到第 {size} 号)之后。",
            hint="请换用更新的检查点,或不给检查点,以账本末尾为准。",
        )
    path = inclusion_path(position - 1, size, StoredTree(connection).hash_of)
    proof = EntryProof(position - 1, tuple(path), note, record)
    try:
        proof.verify()
    except ProofError as error:
        raise TamperedError(
            "log.unprovable",
            f"第 {position} 号记录的散列值与检查点(第 {size} 号)对不上,出不了证明。",
            hint="请停止记账,运行 xianjie audit verify 查明位置。",
        ) from error
    return proof


def prove_growth(connection: Connection, older: Checkpoint, checkpoint: str = "") -> GrowthProof:
    """Return the proof that the log of ``checkpoint``, or else of its head, begins with all that an older one pinned.

    Raises TamperedError ``log.fork`` when it does not: the checkpoint is of another ledger, or history was rewritten or
    cut off since.
    """
    now = head(connection)
    note = checkpoint or now.checkpoint
    here = Checkpoint.parse(note)
    if older.origin != here.origin:
        raise TamperedError("log.fork", f"检查点属于另一本账({older.origin}),本账是 {here.origin}。")
    if older.size == 0:
        raise ProofError("proof.empty", "空账本的检查点不能证明什么。", hint="请给出记过账之后的检查点。")
    if not begins_with(connection, older, now):
        raise TamperedError(
            "log.fork",
            f"历史与手中的检查点(第 {older.size} 号)不符:账本现有 {now.position} 条,历史被改写或截短。",
            hint="请停止记账,保留现状,从备份恢复或查明原因。",
        )
    if older.size > here.size:
        raise NotFoundError("proof.later", f"手中的检查点(第 {older.size} 号)比第 {here.size} 号还新。")
    proof = GrowthProof(older.size, _growth_path(connection, older.size, here.size), note)
    proof.verify(older)
    return proof


def begins_with(connection: Connection, older: Checkpoint, now: Head) -> bool:
    """Tell whether the log whose head is ``now`` grew out of ``older``: proved against both roots, not believed.

    The work is a few tiles, however large the log. Raises TamperedError when stored hashes are missing.
    """
    if older.size == 0 or older.size > now.position:
        return older.size == 0
    path = _growth_path(connection, older.size, now.position)
    try:
        verify_consistency(older.size, older.root, now.position, now.root, path)
    except ProofError:
        return False
    return True


def _growth_path(connection: Connection, old: int, new: int) -> tuple[bytes, ...]:
    return tuple(consistency_path(old, new, StoredTree(connection).hash_of))

"""The RFC 6962 Merkle tree: how one hash of 32 bytes stands for the whole history.

A leaf is ``SHA-256(0x00 ‖ record)``, an inner node ``SHA-256(0x01 ‖ left ‖ right)``, the root of nothing
``SHA-256("")``; a tree of n leaves is split at the largest power of two below n. Pure functions over bytes.
"""

from __future__ import annotations

from functools import reduce
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EMPTY_ROOT", "HASH_SIZE", "TILE", "TILE_HEIGHT", "Frontier", "Node", "leaf_hash", "node_hash", "root_of"]

HASH_SIZE: Final = 32
TILE_HEIGHT: Final = 8
TILE: Final = 1 << TILE_HEIGHT
"""Hashes to a tile (C2SP tlog-tiles)."""

EMPTY_ROOT: Final = sha256(b"").digest()


class Node(NamedTuple):
    """The hash of a complete subtree of ``256 ** level`` leaves; ``idx`` counts subtrees of that level from 0."""

    level: int
    idx: int
    hash: bytes


def leaf_hash(record: bytes) -> bytes:
    """Return the hash of one record."""
    return sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbouring subtrees."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, exactly as RFC 6962 section 2.1 defines it.

    The plain reference for :class:`Frontier`, which gives the same root without keeping the leaves.
    """
    if len(leaves) < 2:  # noqa: PLR2004 - a tree of two is the smallest with an inner node
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


class Frontier:
    """The right edge of a growing tree: all that is needed to go on and to name the root.

    Keeps one hash for each 1 in the binary form of ``size``, so memory does not grow with the log.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes | None] = []

    @classmethod
    def from_tiles(cls, size: int, tiles: Sequence[Sequence[bytes]]) -> Frontier:
        """Rebuild the edge of a tree of ``size`` leaves from its unfinished tiles.

        ``tiles[0]`` are the last ``size % 256`` leaves, ``tiles[1]`` the last ``size // 256 % 256`` hashes of
        complete 256-leaf subtrees, and so on. Raises ValueError when the tiles do not fit the size.
        """
        frontier = cls()
        for height, tile in enumerate(tiles):
            if len(tile) != (size >> TILE_HEIGHT * height) % TILE:
                message = f"tile {height} of a tree of {size} has {len(tile)} hashes"
                raise ValueError(message)
            frontier._peaks += [None] * (TILE_HEIGHT * height - len(frontier._peaks))
            frontier._push(tile, TILE_HEIGHT * height)
        if size >> TILE_HEIGHT * len(tiles):
            message = f"{len(tiles)} tiles are too few for a tree of {size}"
            raise ValueError(message)
        frontier.size = size
        return frontier

    def extend(self, leaves: Sequence[bytes]) -> list[Node]:
        """Append leaf hashes; return the tile nodes that they complete, lowest level first."""
        nodes = self._push(leaves, 0)
        self.size += len(leaves)
        return nodes

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        peaks = [peak for peak in self._peaks if peak is not None]
        return reduce(lambda right, left: node_hash(left, right), peaks) if peaks else EMPTY_ROOT

    def _push(self, row: Sequence[bytes], level: int) -> list[Node]:
        """Pair hashes level by level; an odd one out waits as a peak. Whole rows at a time, for speed."""
        sha, peaks, nodes, start = sha256, self._peaks, list[Node](), self.size >> level
        while row:
            if level == len(peaks):
                peaks.append(None)
            waiting = peaks[level]
            if waiting is not None:
                row = [waiting, *row]
            peaks[level] = row[-1] if len(row) % 2 else None
            row = [sha(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)]
            start >>= 1
            level += 1
            if level % TILE_HEIGHT == 0:
                nodes += [Node(level // TILE_HEIGHT, start + i, one) for i, one in enumerate(row)]
        return nodes

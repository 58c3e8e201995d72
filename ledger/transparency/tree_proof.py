"""Inclusion and consistency proofs of the tree (RFC 9162 section 2.1): making them, and checking them.

An inclusion proof shows that an entry is the one at its place in a tree of which only the root is known; a consistency
proof shows that a tree begins with all of an older one. Checking takes at most 64 steps, whatever is handed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.errors import ProofError
from ledger.transparency.merkle import HASH_SIZE, node_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["consistency_path", "inclusion_path", "verify_consistency", "verify_inclusion"]

_END: Final = 1 << 63


def inclusion_path(index: int, size: int, hash_of: Callable[[int, int], bytes]) -> list[bytes]:
    """Return the hashes that lead from leaf ``index`` to the root of the first ``size`` leaves, leaf's sibling first.

    ``hash_of(first, end)`` gives the root over the leaves from ``first`` up to, not including, ``end``.
    Raises ValueError when there is no such leaf.
    """
    if not 0 <= index < size:
        message = f"no leaf {index} in a tree of {size}"
        raise ValueError(message)
    path, first, end = [], 0, size
    while end - first > 1:
        split = first + _split(end - first)
        if index < split:
            path.append(hash_of(split, end))
            end = split
        else:
            path.append(hash_of(first, split))
            first = split
    return path[::-1]


def consistency_path(old: int, new: int, hash_of: Callable[[int, int], bytes]) -> list[bytes]:
    """Return the hashes that show the tree of ``old`` leaves inside that of ``new`` (``hash_of`` as above).

    Raises ValueError unless ``0 < old <= new``.
    """
    if not 0 < old <= new:
        message = f"no proof leads from a tree of {old} to one of {new}"
        raise ValueError(message)
    path, first, end, known = [], 0, new, True
    while end != old:
        split = first + _split(end - first)
        if old <= split:
            path.append(hash_of(split, end))
            end = split
        else:
            path.append(hash_of(first, split))
            first, known = split, False
    if not known:
        path.append(hash_of(first, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Make sure that ``leaf`` is number ``index`` (from 0) of the ``size`` leaves under ``root``. Raises ProofError."""
    if not 0 <= index < size < _END:
        raise _wrong(f"序号 {index} 不在 {size} 条记录之内")
    _check_hashes(leaf, root, *path)
    _check_count(path, len(inclusion_path(index, size, _no_hash)))
    if _root_above(leaf, index, size, iter(path)) != root:
        raise _wrong("算出的根值与检查点的不同")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Make sure that the tree of ``new`` leaves begins with all ``old`` leaves of the older one. Raises ProofError.

    A proof from an empty tree says nothing about anything, so it is refused rather than found true.
    """
    if not 0 < old <= new < _END:
        raise _wrong(f"无法从 {old} 条记录证明到 {new} 条")
    _check_hashes(old_root, new_root, *path)
    _check_count(path, len(consistency_path(old, new, _no_hash)))
    if _roots_above(old_root, old, new, iter(path)) != (old_root, new_root):
        raise _wrong("算出的根值与检查点的不同:历史被改写过,或证明不属于这两个检查点")


def _root_above(leaf: bytes, index: int, size: int, hashes: Iterator[bytes]) -> bytes:
    """Return the root of the tree in which the leaf has that place and the next hashes are its neighbours."""
    if size == 1:
        return leaf
    split = _split(size)
    if index < split:
        left = _root_above(leaf, index, split, hashes)
        return node_hash(left, next(hashes))
    right = _root_above(leaf, index - split, size - split, hashes)
    return node_hash(next(hashes), right)


def _roots_above(known: bytes | None, old: int, new: int, hashes: Iterator[bytes]) -> tuple[bytes, bytes]:
    """Return the roots of the older and the newer tree; ``known`` is the older one as long as all of it is in sight."""
    if old == new:
        both = next(hashes) if known is None else known
        return both, both
    split = _split(new)
    if old <= split:
        older, newer = _roots_above(known, old, split, hashes)
        return older, node_hash(newer, next(hashes))
    older, newer = _roots_above(None, old - split, new - split, hashes)
    left = next(hashes)
    return node_hash(left, older), node_hash(left, newer)


def _split(size: int) -> int:
    """Return the largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _no_hash(_first: int, _end: int) -> bytes:
    return b""


def _check_count(path: Sequence[bytes], needed: int) -> None:
    if len(path) != needed:
        raise _wrong(f"应有 {needed} 个散列值,实有 {len(path)} 个")


def _check_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise _wrong(f"散列值应为 {HASH_SIZE} 字节")


def _wrong(why: str) -> ProofError:
    return ProofError(
        "proof.wrong", f"证明不成立:{why}", hint="请核对证明文件、记录和检查点是否成套;成套仍不成立,即历史被改动。"
    )

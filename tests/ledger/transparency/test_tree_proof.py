"""Every proof of every small tree holds, and nothing else does: forged lengths, places, sizes, roots and hashes."""

from __future__ import annotations

from contextlib import contextmanager
from time import thread_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import ProofError
from ledger.transparency.merkle import EMPTY_ROOT, leaf_hash, root_of
from ledger.transparency.tree_proof import consistency_path, inclusion_path, verify_consistency, verify_inclusion

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 64
LEAVES = [leaf_hash(b"%d" % number) for number in range(MOST)]
ROOTS = [root_of(LEAVES[:size]) for size in range(MOST + 1)]
STRANGER = leaf_hash(b"stranger")
LONGEST_CALL_SECONDS = 0.2


def _hash_of(first: int, end: int) -> bytes:
    return root_of(LEAVES[first:end])


@contextmanager
def _in_time() -> Iterator[None]:
    """Fail when a call takes far longer than its work: a loop that never ends must not look like a refusal."""
    started = thread_time()
    yield
    assert thread_time() - started < LONGEST_CALL_SECONDS


def _included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    with _in_time():
        try:
            verify_inclusion(leaf, index, size, path, root)
        except ProofError:
            return False
        return True


def _consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]) -> bool:
    with _in_time():
        try:
            verify_consistency(old, old_root, new, new_root, path)
        except ProofError:
            return False
        return True


def _forgeries(path: list[bytes]) -> Iterator[list[bytes]]:
    """Paths that are not this one: longer, shorter, with a wrong hash, in another order, with a hash cut short."""
    yield [*path, STRANGER]
    yield [STRANGER, *path]
    yield [*path, *path[-1:], STRANGER]
    if path:
        yield path[1:]
        yield path[:-1]
        yield [STRANGER, *path[1:]]
        yield [*path[:-1], STRANGER]
        yield [path[0][:-1], *path[1:]]
        yield [b"", *path[1:]]
    if len(path) > 1:
        yield path[::-1]


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_leaf_of_every_small_tree_is_proved_and_no_other(size: int) -> None:
    for index in range(size):
        path = inclusion_path(index, size, _hash_of)
        assert _included(LEAVES[index], index, size, path, ROOTS[size])
        assert not any(_included(LEAVES[index], index, size, forged, ROOTS[size]) for forged in _forgeries(path))
        assert not _included(STRANGER, index, size, path, ROOTS[size])
        assert not _included(LEAVES[index], index, size, path, ROOTS[size - 1])
        assert not _included(LEAVES[index], index, size, path, STRANGER)
        others = {index - 1, index + 1, size, size + 1, -1, 1 << 62, 1 << 63, index + 64} - {index}
        assert not any(_included(LEAVES[index], other, size, path, ROOTS[size]) for other in others)
        assert not any(_included(LEAVES[index], index, other, path, ROOTS[size]) for other in (0, -1, 1 << 63, index))


@pytest.mark.parametrize("new", range(1, MOST + 1))
def test_every_small_tree_is_proved_to_grow_out_of_every_smaller_one_and_no_other(new: int) -> None:
    for old in range(1, new + 1):
        path = consistency_path(old, new, _hash_of)
        assert _consistent(old, ROOTS[old], new, ROOTS[new], path)
        assert not any(_consistent(old, ROOTS[old], new, ROOTS[new], forged) for forged in _forgeries(path))
        assert not _consistent(old, STRANGER, new, ROOTS[new], path)
        assert not _consistent(old, ROOTS[old], new, STRANGER, path)
        if old != new:
            assert not _consistent(old, ROOTS[new], new, ROOTS[old], path)
            assert not _consistent(new, ROOTS[new], old, ROOTS[old], path)
        others = {old - 1, old + 1, 0, -1, 1 << 62, 1 << 63, new + 1} - {old}
        assert not any(_consistent(other, ROOTS[old], new, ROOTS[new], path) for other in others)
        assert not any(_consistent(old, ROOTS[old], other, ROOTS[new], path) for other in (0, -1, old - 1, 1 << 63))


def test_a_proof_for_another_size_of_tree_does_not_hold_for_this_one() -> None:
    for size in range(2, 33):
        for index in range(size):
            for other in range(index + 1, 33):
                path = inclusion_path(index, other, _hash_of)
                assert _included(LEAVES[index], index, size, path, ROOTS[size]) == (other == size)


@pytest.mark.parametrize("new", [0, 1, 2, 64])
def test_nothing_is_proved_from_an_empty_tree(new: int) -> None:
    assert not _consistent(0, EMPTY_ROOT, new, ROOTS[new], [])
    assert not _consistent(0, ROOTS[new], new, ROOTS[new], [])
    assert not _consistent(0, EMPTY_ROOT, new, ROOTS[new], [ROOTS[new]])


def test_nothing_is_in_an_empty_tree() -> None:
    assert not _included(EMPTY_ROOT, 0, 0, [], EMPTY_ROOT)
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_path(0, 0, _hash_of)
    with pytest.raises(ValueError, match="no proof"):
        consistency_path(0, 0, _hash_of)


@given(
    *(st.integers(-1, 1 << 70) for _ in range(2)),
    st.lists(st.binary(min_size=30, max_size=33) | st.just(STRANGER), max_size=140),
)
@settings(max_examples=300, deadline=None)
def test_whatever_is_handed_in_is_refused_in_bounded_time(small: int, large: int, path: list[bytes]) -> None:
    assert not _included(STRANGER, small, large, path, EMPTY_ROOT)
    assert not _consistent(small, STRANGER, large, EMPTY_ROOT, path)


# Known answers over the reference leaves of Certificate Transparency.
CT_INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_LEAVES = [leaf_hash(bytes.fromhex(one)) for one in CT_INPUTS]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    ],
)
def test_the_inclusion_proofs_known_from_certificate_transparency(index: int, size: int, path: list[str]) -> None:
    hashes = [bytes.fromhex(one) for one in path]
    assert inclusion_path(index, size, lambda first, end: root_of(CT_LEAVES[first:end])) == hashes
    verify_inclusion(CT_LEAVES[index], index, size, hashes, root_of(CT_LEAVES[:size]))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (1, 1, []),
        (
            1,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
    ],
)
def test_the_consistency_proofs_known_from_certificate_transparency(old: int, new: int, path: list[str]) -> None:
    hashes = [bytes.fromhex(one) for one in path]
    assert consistency_path(old, new, lambda first, end: root_of(CT_LEAVES[first:end])) == hashes
    verify_consistency(old, root_of(CT_LEAVES[:old]), new, root_of(CT_LEAVES[:new]), hashes)

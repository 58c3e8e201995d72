"""The tree against its own definition, against known answers, and against every way of cutting it into pieces."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.transparency.merkle import EMPTY_ROOT, TILE, Frontier, Node, leaf_hash, node_hash, root_of

LEAVES = [leaf_hash(str(number).encode()) for number in range(1_100)]

# The reference inputs of the Certificate Transparency project (RFC 6962) and the roots of their first n.
CT_INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert EMPTY_ROOT == sha256(b"").digest() == Frontier().root()


@pytest.mark.parametrize("size", range(9))
def test_the_roots_known_from_certificate_transparency(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in CT_INPUTS[:size]]
    frontier = Frontier()
    frontier.extend(leaves)
    assert root_of(leaves).hex() == frontier.root().hex() == CT_ROOTS[size]


def test_leaves_and_nodes_can_not_be_mistaken_for_one_another() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


def test_growing_leaf_by_leaf_gives_the_defined_root_at_every_size() -> None:
    frontier = Frontier()
    for size in range(1, 600):
        frontier.extend([LEAVES[size - 1]])
        assert frontier.size == size
        assert frontier.root() == root_of(LEAVES[:size])


@given(st.lists(st.integers(0, 300), max_size=6))
@settings(max_examples=60, deadline=None)
def test_pieces_of_any_size_give_the_same_tree(sizes: list[int]) -> None:
    frontier, whole, nodes, size = Frontier(), Frontier(), list[Node](), 0
    leaves = (LEAVES * 2)[: sum(sizes)]
    for step in sizes:
        nodes += frontier.extend(leaves[size : size + step])
        size += step
    assert sorted(nodes) == sorted(whole.extend(leaves))
    assert frontier.root() == whole.root() == root_of(leaves)


def test_completed_nodes_are_the_roots_of_256_leaves_each() -> None:
    nodes = Frontier().extend(LEAVES)
    assert nodes == [Node(1, i, root_of(LEAVES[i * TILE : (i + 1) * TILE])) for i in range(4)]


def test_the_second_level_completes_after_65536_leaves() -> None:
    leaves = [LEAVES[number % 1_000] for number in range(65_537)]
    frontier = Frontier()
    nodes = frontier.extend(leaves)
    tiles: list[list[bytes]] = [leaves[65_536:], [], [node.hash for node in nodes if node.level == 2]]
    assert [node[:2] for node in nodes] == [*((1, i) for i in range(256)), (2, 0)]
    assert Frontier.from_tiles(65_537, tiles).root() == frontier.root() == root_of(leaves)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 1_023, 1_024, 1_025])
def test_an_edge_rebuilt_from_tiles_goes_on_as_if_it_had_never_stopped(size: int) -> None:
    through, nodes = Frontier(), list[Node]()
    nodes = through.extend(LEAVES[:size])
    rebuilt = Frontier.from_tiles(size, [LEAVES[size - size % TILE : size], [node.hash for node in nodes]])
    assert rebuilt.root() == through.root()
    assert rebuilt.extend(LEAVES[size:]) == through.extend(LEAVES[size:])
    assert rebuilt.root() == through.root() == root_of(LEAVES)


@pytest.mark.parametrize(("size", "tiles"), [(1, [[]]), (0, [LEAVES[:1]]), (256, [[]]), (257, [LEAVES[:1], []])])
def test_tiles_that_do_not_fit_the_size_are_refused(size: int, tiles: list[list[bytes]]) -> None:
    with pytest.raises(ValueError, match="tree of"):
        Frontier.from_tiles(size, tiles)

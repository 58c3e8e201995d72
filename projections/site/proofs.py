"""The citizen's proof: for every published line the entries it stands on, each with its way to the ledger's root.

Each entry is also a file of its own (C2SP tlog-proof), which ``verify.py`` and any other reader of that format checks
without the site. On a page the hashes that many ways share are written once.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from ledger.log.proving import StoredTree, prove_entry, record_at
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.tree_proof import inclusion_path
from projections.extracts.summands import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

__all__ = ["Proofs"]


class Proofs:
    """Proofs under one checkpoint; what was proved once is remembered, because lines share their entries."""

    def __init__(self, connection: Connection, checkpoint: str) -> None:
        self._connection = connection
        self._checkpoint = checkpoint
        self._size = Checkpoint.parse(checkpoint).size
        self._tree = StoredTree(connection)
        self._known: dict[int, tuple[bytes, list[bytes]]] = {}

    def embedded(self, positions: Iterable[int]) -> str:
        """Return the proofs of the positions as JSON for a page: size, root, hashes once, and for each its way.

        With them goes what adds up to what (``projections.extracts.summands``): names, numbers and base64, no more.

        Raises NotFoundError, TamperedError.
        """
        hashes: dict[bytes, int] = {}
        entries: dict[str, Any] = {}
        for position in sorted(set(positions)):
            record, path = self._of(position)
            way = [hashes.setdefault(one, len(hashes)) for one in path]
            entries[str(position)] = {"record": b64encode(record).decode(), "path": way}
        data = {
            "size": self._size,
            "root": b64encode(Checkpoint.parse(self._checkpoint).root).decode(),
            "hashes": [b64encode(one).decode() for one in hashes],
            "measures": MEASURES,
            "entries": entries,
        }
        return json.dumps(data, separators=(",", ":"))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield a file for every entry that was embedded somewhere."""
        for position in sorted(self._known):
            proof = prove_entry(self._connection, position, self._checkpoint)
            yield f"proofs/{position}.tlog-proof", str(proof).encode()

    def _of(self, position: int) -> tuple[bytes, list[bytes]]:
        if position not in self._known:
            path = inclusion_path(position - 1, self._size, self._tree.hash_of)
            self._known[position] = record_at(self._connection, position), path
        return self._known[position]

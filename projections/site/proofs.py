"""The citizen's proof: for every published line the entries it stands on, each with its way to the ledger's root.

Each entry is also a file of its own (C2SP tlog-proof), and the entries of a notice together are one, which
``verify.py`` compares with the notice line by line. Hashes that many ways share are written once.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final

from ledger.log.proving import StoredTree, prove_entry, record_at
from ledger.log.record import parse_record
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.tree_proof import inclusion_path
from projections.extracts.summands import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from projections.extracts.extract import Extract, Line, Told
    from projections.site.meanings import Meanings

__all__ = ["FORMAT", "Proofs", "entries_of"]

FORMAT: Final = "xianjie.proofs.1"
"""Names the form of the file that proves a notice."""


class Proofs:
    """Proofs under one checkpoint; what was proved once is remembered, because lines share their entries."""

    def __init__(self, connection: Connection, checkpoint: str, meanings: Meanings) -> None:
        self._connection = connection
        self._checkpoint = checkpoint
        self._meanings = meanings
        self._size = Checkpoint.parse(checkpoint).size
        self._tree = StoredTree(connection)
        self._known: dict[int, tuple[bytes, list[bytes]]] = {}

    def embedded(self, told: Sequence[Told], summands: Iterable[int], lines: int) -> str:
        """Return the proofs of a page as JSON: size, root, hashes once, and for each entry its way; "" without entries.

        With them goes what cells are compared by: how many ``lines`` the page has, which entries its cells are told
        by, in their order on the page, what adds up to what (``projections.extracts.summands``), and the words for
        codes. "<" is escaped: it stands in a script element.

        Raises NotFoundError, TamperedError.
        """
        found = self._entries(told, summands)
        root = b64encode(Checkpoint.parse(self._checkpoint).root).decode()
        data = {"size": self._size, "root": root, "lines": lines, "told": [one.at for one in told], **found}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c") if found else ""

    def of_notice(self, extract: Extract) -> bytes:
        """Return the file that proves a notice: checkpoint, entries, and for each line where its cells are told.

        Raises NotFoundError, TamperedError.
        """
        told = [one for line in extract.lines for column in extract.columns if (one := line.source_of(column))]
        found = self._entries(told, (at for line in extract.lines for parts in line.parts.values() for at in parts))
        lines = [{"thing": list(line.thing), "cells": _cells(extract, line)} for line in extract.lines]
        data = {"format": FORMAT, "checkpoint": self._checkpoint, **found, "lines": lines}
        return (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield a file for every entry that was embedded somewhere."""
        for position in sorted(self._known):
            proof = prove_entry(self._connection, position, self._checkpoint)
            yield f"proofs/{position}.tlog-proof", str(proof).encode()

    def _entries(self, told: Sequence[Told], summands: Iterable[int]) -> dict[str, Any]:
        """Return entries, hashes, measures and words; nothing where there are no entries."""
        positions = sorted({*entries_of(told), *summands})
        if not positions:
            return {}
        hashes: dict[bytes, int] = {}
        entries: dict[str, Any] = {}
        said: dict[int, tuple[str, dict[str, Any]]] = {}
        for position in positions:
            record, path = self._of(position)
            way = [hashes.setdefault(one, len(hashes)) for one in path]
            entries[str(position)] = {"record": b64encode(record).decode(), "path": way}
            parsed = parse_record(record)
            said[position] = parsed.topic, json.loads(parsed.state)
        return {
            "hashes": [b64encode(one).decode() for one in hashes],
            "measures": MEASURES,
            "words": self._meanings.of((one, *said[one.at]) for one in told),
            "entries": entries,
        }

    def _of(self, position: int) -> tuple[bytes, list[bytes]]:
        if position not in self._known:
            path = inclusion_path(position - 1, self._size, self._tree.hash_of)
            self._known[position] = record_at(self._connection, position), path
        return self._known[position]


def entries_of(told: Iterable[Told]) -> set[int]:
    """Return the positions of the entries by which cells are told, those in between included."""
    return {at for one in told for at in (one.at, *one.via)}


def _cells(extract: Extract, line: Line) -> dict[str, dict[str, Any]]:
    """Return by column where it is told, and what it is a sum of; columns that no entry tells are left out."""
    cells: dict[str, dict[str, Any]] = {}
    for column in extract.columns:
        if (one := line.source_of(column)) is not None:
            cells[column.key] = {name: value for name, value in one._asdict().items() if value}
        if column.measure and column.key in line.parts:
            added = {"measure": column.measure, "level": column.level, "sum": list(line.parts[column.key])}
            cells[column.key] = {**cells.get(column.key, {}), **added}
    return cells

"""Bulk append: ours against the library's recorder and against bare ``executemany`` of the identical rows.

Both stores are fed with the same raw export, topic and JSON of each event. Ours takes 10,000 as one batch, as an import
does: it validates each with its pydantic model and stores the bytes as they came, with hashes, tree and checkpoint. The
library's recorder gets them in batches of 1,000 (its safe size), as pydantic models read from the same JSON and dumped
again, which is how its users store them. The bare ``executemany`` has the same 10,000 rows in one transaction.
"""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from eventsourcing.utils import get_topic

from benchmarks.histories import stored
from benchmarks.measure import Goal, alternate
from ledger.application import Ledger, Submission
from ledger.database import open_database
from ledger.events import registry
from ledger.log.schema import create_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["goals", "new_ledger"]

BATCH = 1_000
BULK = 10_000
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "cache_size=-65536",
    "wal_autocheckpoint=4000",
)

Batch = list[tuple[str, bytes]]
_NAMESPACE = UUID("00000000-0000-0000-0000-000000520200")


def new_ledger(path: Path) -> Ledger:
    """Create an empty log in a file and open it."""
    url = f"sqlite:///{path}"
    engine = open_database(url, create=True)
    create_log(engine, "xianjie.example/bench")
    engine.dispose()
    return Ledger(url)


def append_batch(ledger: Ledger, batch: Batch) -> int:
    """Validate, hash and store one batch with its tree and checkpoint."""
    ledger.append(batch, Submission("bench", "append", input_hash="bench"))
    return len(batch)


class Stock:
    """The library's SQLite recorder, fed with the same events as pydantic models."""

    def __init__(self, path: Path) -> None:
        self.recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(path)))
        self.recorder.create_table()
        self.versions: dict[str, int] = {}
        self.ids: dict[str, UUID] = {}

    def append(self, batch: Batch) -> int:
        """Validate, serialise and store one batch."""
        rows = []
        for topic, given in batch:
            event = registry.decode(topic, given)
            stream = event.stream
            version = self.versions[stream] = self.versions.get(stream, 0) + 1
            state = event.model_dump_json(exclude_defaults=True).encode()
            originator = self.ids.get(stream) or self.ids.setdefault(stream, uuid5(_NAMESPACE, stream))
            rows.append(StoredEvent(originator, version, get_topic(type(event)), state))
        self.recorder.insert_events(rows)
        return len(batch)

    def append_in_batches(self, bulk: Batch) -> int:
        """Store many events, 1,000 at a time."""
        return sum(self.append(bulk[start : start + BATCH]) for start in range(0, len(bulk), BATCH))


class Raw:
    """``executemany`` of rows taken from a ledger of ours, into a copy of its schema, same pragmas, one commit each."""

    def __init__(self, path: Path, template: Path) -> None:
        shutil.copy(template, path)
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in _PRAGMAS:
            self.connection.execute(f"PRAGMA {pragma}")

    def append(self, rows: list[tuple[object, ...]]) -> int:
        """Insert ready rows."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self.connection.execute("COMMIT")
        return len(rows)


def goals(folder: Path, many: int, rounds: int) -> list[Goal]:
    """Measure appending to empty files and to files that already hold 10,000 and ``many`` events, all in one rotation.

    The sizes take turns like the stores do, so that a slow minute of the machine is not taken for growth.
    """
    sites = {size: _Site(folder / f"append-{size}", size, rounds) for size in (0, 10_000, many)}
    cases = {f"{store} {size}": case for size, site in sites.items() for store, case in site.cases().items()}
    alternate(cases, 1)  # warm up
    result = alternate(cases, rounds)
    for site in sites.values():
        site.remove()
    found = [
        Goal(f"append / {name}, {_holding(size)}", result.ratio(f"ours {size}", f"{store} {size}"), limit, True)
        for store, name, limits in (("stock", "stock recorder", (1.2, 4.0)), ("raw", "raw executemany", (0.35, 0.35)))
        for size, limit in zip((0, many), limits, strict=True)
    ]
    growth = result.ratio(f"ours {many}", "ours 10000")
    speeds = ", ".join(f"{case} {result.rate(case)}" for case in result.seconds)
    return [*found, Goal(f"append at {many:,} stored / at 10,000", growth, 0.9, True, speeds)]


def _holding(size: int) -> str:
    return f"{size:,} stored" if size else "empty file"


class _Site:
    """Three stores filled alike with ``size`` events, and the bulks that each is going to append in turn."""

    def __init__(self, here: Path, size: int, rounds: int) -> None:
        here.mkdir()
        self._here = here
        self._ledger = new_ledger(here / "ours.db")
        self._stock = Stock(here / "stock.db")
        source = stored(size + (rounds + 1) * BULK)
        for _ in range(size // BATCH):
            batch = _take(source, BATCH)
            append_batch(self._ledger, batch)
            self._stock.append(batch)
        with closing(sqlite3.connect(here / "ours.db")) as connection:  # the program forbids itself this pragma
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._raw = Raw(here / "raw.db", here / "ours.db")
        self._waiting = [_take(source, BULK) for _ in range(rounds + 1)]

    def cases(self) -> dict[str, Callable[[], int]]:
        """Return one case for each store; each call appends its next bulk."""
        mine, theirs, bare = iter(self._waiting), iter(self._waiting), iter(_identical_rows(self._here, self._waiting))
        return {
            "ours": lambda: append_batch(self._ledger, next(mine)),
            "stock": lambda: self._stock.append_in_batches(next(theirs)),
            "raw": lambda: self._raw.append(next(bare)),
        }

    def remove(self) -> None:
        """Close the stores and delete their files."""
        self._ledger.close()
        self._raw.connection.close()
        shutil.rmtree(self._here)


def _take(source: Iterator[tuple[str, bytes]], count: int) -> Batch:
    return list(itertools.islice(source, count))


def _identical_rows(here: Path, waiting: list[Batch]) -> list[list[tuple[object, ...]]]:
    """Return the rows that our append is going to write: made by a copy of our ledger, read back from it."""
    shutil.copy(here / "ours.db", here / "copy.db")
    if (here / "ours.db.head").exists():
        shutil.copy(here / "ours.db.head", here / "copy.db.head")
    ledger = Ledger(f"sqlite:///{here / 'copy.db'}")
    for batch in waiting:
        append_batch(ledger, batch)
    ledger.close()
    connection = sqlite3.connect(here / "copy.db")
    count = len(waiting) * BULK
    found = connection.execute("SELECT * FROM event ORDER BY position DESC LIMIT ?", (count,)).fetchall()[::-1]
    connection.close()
    return [found[start : start + BULK] for start in range(0, count, BULK)]

"""A small ledger with all its files, copied, with one bit flipped at a time, and judged.

A flip is made in the file where it lies and taken back afterwards. It is judged with new connections, by the whole of
``verify`` and all signatures, and is ``found``, ``harmless`` (everything still reads the same) or ``missed``. Several
processes judge at once, each on a copy of its own.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from ledger.database import open_database, read_transaction
from ledger.errors import LedgerError
from ledger.log.appending import Appender, BatchHeader
from ledger.log.journal import configure_journal
from ledger.log.published import Published
from ledger.log.reading import head
from ledger.log.schema import TABLES, create_log
from ledger.log.signatures import PersonKey, check_signatures
from ledger.log.verify import verify
from ledger.signing import SeedSigner
from ledger.transparency.note import Key

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["LI", "LI_KEY", "ORIGIN", "Flipper", "flip_everywhere", "record"]

ORIGIN: Final = "520200.test.xianjie.example/ledger"
LI: Final = SeedSigner(f"{ORIGIN}/op/P-0001-1", "P-0001", bytes(range(32)))
LI_KEY: Final = PersonKey(Key(LI.name, LI.public_key), LI.person)
_CHUNK: Final = 512


def record(appender: Appender, actor: str, signer: SeedSigner | None, count: int = 2) -> str:
    """Record a batch of so many events and return its checkpoint."""
    with appender.open(BatchHeader(None, "", actor, "fund issue", ""), signer=signer) as append:
        append.write([(f"s:{number}", None, "tranche.issued", b'{"n":%d}' % number) for number in range(count)])
    return append.receipt.checkpoint


class Flipper:
    """The files of one small ledger in a folder of its own; its database is ``source.db``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.source = folder, folder / "source.db"
        self._before = self._contents() if self.source.exists() else None

    @classmethod
    def made(cls, folder: Path, *, with_wal: bool = False) -> Flipper:
        """Make the ledger: four signed batches, a published checkpoint, a second record.

        ``with_wal``: the last batch is still in the write-ahead log, as in the middle of a working day.
        """
        folder.mkdir()
        source, kept = str(folder / "source.db"), folder.with_name(f"{folder.name}.kept")
        engine = open_database(source, create=True)
        create_log(engine, ORIGIN)
        appender = Appender(engine)
        for number in range(3):
            record(appender, "P-0001", LI, 1 + number)
        _empty_wal(engine)
        note = record(appender, "P-0001", LI, 4)
        with read_transaction(engine) as connection:
            Published(engine, ORIGIN).publish(connection, head(connection), note)
            connection.rollback()
        configure_journal(engine, ORIGIN, folder / "journal.jsonl")
        if with_wal:
            shutil.copytree(folder, kept)
            engine.dispose()
            shutil.rmtree(folder)
            kept.rename(folder)
        else:
            _empty_wal(engine)
            engine.dispose()
        return cls(folder)

    def copied(self, folder: Path) -> Flipper:
        """Copy everything into another folder, whose journal is the copied one."""
        shutil.copytree(self.folder, folder)
        (folder / "source.db.journal").write_text(f"{folder / 'journal.jsonl'}\n", encoding="utf-8")
        return Flipper(folder)

    def sizes(self) -> dict[str, int]:
        """Return how many bytes of each file are to be flipped."""
        self._forget_index()
        sizes = {path.name: path.stat().st_size for path in sorted(self.folder.iterdir())}
        # The signatures under a published checkpoint are others' evidence: the ledger need not know their keys.
        published = (self.folder / "source.db.published").read_bytes()
        return {**sizes, "source.db.published": published.index(b"\n\n") + 1}

    def judge(self, name: str, at: int) -> str:
        """Flip one bit of a byte, tell whether that is ``found``, ``harmless`` or ``missed``, and flip it back."""
        bit = 1 << Random(at).randrange(8)  # noqa: S311 - damage that can be repeated
        with (self.folder / name).open("r+b", buffering=0) as file:
            whole = os.pread(file.fileno(), 1, at)
            os.pwrite(file.fileno(), bytes([whole[0] ^ bit]), at)
            try:
                return "found" if not self.is_sound() else "harmless" if self._contents() == self._before else "missed"
            finally:
                os.pwrite(file.fileno(), whole, at)

    def is_sound(self) -> bool:
        """Tell what ``audit verify`` tells of the log."""
        self._forget_index()
        try:
            engine = open_database(str(self.source), read_only=True)
        except LedgerError:
            return False
        try:
            return verify(engine).ok and check_signatures(engine, lambda _batch: [LI_KEY]).total == 0
        except LedgerError:
            return False
        finally:
            engine.dispose()

    def _contents(self) -> object:
        """Return everything that the files say; None when they cannot be read."""
        self._forget_index()
        try:
            shown, published, place = (
                Path(f"{self.source}.{kind}").read_text() for kind in ("head", "published", "journal")
            )
            with closing(sqlite3.connect(f"{self.source.as_uri()}?mode=ro", uri=True)) as raw:
                raw.text_factory = bytes
                tables = [raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES]  # noqa: S608 - our own names
                schema = raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 2").fetchall()
                marks = [raw.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")]
            return tables, schema, marks, shown, published.partition("\n\n")[0], Path(place.strip()).read_bytes()
        except (sqlite3.Error, OSError, ValueError):
            return None

    def _forget_index(self) -> None:
        """Remove the index of the write-ahead log, so that the log is read anew."""
        self.source.with_name("source.db-shm").unlink(missing_ok=True)
        empty = self.source.with_name("source.db-wal")
        if empty.exists() and empty.stat().st_size == 0:
            empty.unlink()


def _empty_wal(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


_own: list[Flipper] = []


def _begin(folder: Path) -> None:
    """Give this process a copy of the ledger."""
    _own.append(Flipper(folder).copied(folder.with_name(f"copy-{os.getpid()}")))


def _judge_some(chunk: tuple[str, range]) -> list[tuple[str, int, str]]:
    name, places = chunk
    return [(name, at, _own[0].judge(name, at)) for at in places]


def flip_everywhere(flipper: Flipper) -> tuple[Counter[str], list[tuple[str, int]]]:
    """Flip a bit of every byte of every file, on all processors; return the verdicts by file, and what was missed."""
    chunks = [
        (name, range(start, min(start + _CHUNK, size)))
        for name, size in flipper.sizes().items()
        for start in range(0, size, _CHUNK)
    ]
    counts, missed = Counter[str](), list[tuple[str, int]]()
    with get_context("forkserver").Pool(initializer=_begin, initargs=(flipper.folder,)) as pool:
        for judged in pool.imap_unordered(_judge_some, chunks):
            counts.update(f"{name} {verdict}" for name, _, verdict in judged)
            missed += [(name, at) for name, at, verdict in judged if verdict == "missed"]
    return counts, missed

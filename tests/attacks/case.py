"""One ledger under attack, and the tools of somebody who has its files, its database password and plenty of time.

The tools know the program by heart: they put triggers aside and back, compute every hash again, and keep the notes
outside the database in step. What they lack are the keys of other people and what others keep elsewhere.
"""

from __future__ import annotations

import shutil
import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ledger.log.record import batch_frame, framed_text, record_of
from ledger.log.signatures import signed_note
from ledger.signing import SeedSigner, sign_text
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.transparency.note import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
    "ATTACKER",
    "ORIGIN",
    "PASSPHRASE",
    "SIGNERS",
    "Attacked",
    "Case",
    "Change",
    "copy_ledger",
    "keep_signatures",
    "sign_as_attacker",
    "sign_nothing",
    "sign_own_only",
]

ORIGIN: Final = "520200.test.xianjie.example/ledger"
SIGNERS: Final = {
    person: SeedSigner(f"{ORIGIN}/op/{person}", person, bytes([number]) * 32)
    for number, person in enumerate(("P-0001", "P-0002"), start=1)
}
"""Two operators. The attacker is the second of them, and administers the computer."""

ATTACKER: Final = "P-0002"

PASSPHRASE: Final = "correct horse battery"  # noqa: S105 - of a vault that lives for one test


def copy_ledger(source: Path, target: Path) -> None:
    """Copy a database that nobody has open, with the notes beside it."""
    target.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_file():
            shutil.copyfile(path, target / path.name)


Change: TypeAlias = tuple[str, str, object, int]
"""Table, column, new value, and the number of the row."""

_KEY: Final = {"event": "position", "batch": "id"}


class Attacked(ABC):
    """A ledger that is attacked, on whichever database."""

    saved: Path

    @property
    @abstractmethod
    def url(self) -> str: ...

    @property
    @abstractmethod
    def head(self) -> Path: ...

    @abstractmethod
    def rows(self, query: str) -> list[tuple[Any, ...]]: ...

    @abstractmethod
    def sql(self, *statements: str, keep_triggers: bool = True) -> None:
        """Run statements with a database tool, triggers put aside and back."""

    @abstractmethod
    def put(self, changes: Iterable[Change]) -> None:
        """Change single values, triggers put aside and back."""

    def last(self, column: str, table: str = "event") -> int:
        return int(self.rows(f"SELECT max({column}) FROM {table}")[0][0])  # noqa: S608 - our own names

    def cut_last_batch(self) -> None:
        """Remove the last batch, and whatever only it used, without a trace in the database."""
        self.sql(
            "DELETE FROM event WHERE batch = (SELECT max(id) FROM batch)",
            "DELETE FROM batch WHERE id = (SELECT max(id) FROM batch)",
            "DELETE FROM stream WHERE id NOT IN (SELECT stream FROM event)",
            "DELETE FROM topic WHERE id NOT IN (SELECT topic FROM event)",
        )
        self.forget_facts()

    def forget_facts(self) -> None:
        """Make the facts agree with whatever the log says now, as ``db rebuild`` would."""
        from ledger.database import open_database  # noqa: PLC0415 - only some attacks need it
        from projections.catch_up import rebuild  # noqa: PLC0415 - as above

        engine = open_database(self.url)
        rebuild(engine)
        engine.dispose()

    def lower_head(self) -> None:
        """Let the note of what was acknowledged say what the log says now."""
        stored = str(self.rows("SELECT checkpoint FROM batch ORDER BY id DESC LIMIT 1")[0][0])
        self.head.write_text(stored.partition("\n\n")[0].rstrip("\n") + "\n", encoding="utf-8")

    def rehash(self, sign: Callable[[str, str, str], str], *, facts: bool = True) -> None:
        """Compute every leaf, root, checkpoint and the head file again, so that all agree with what the rows say now.

        ``sign`` gets the actor, the new bare checkpoint and the stored one, and returns what is to be stored.
        """
        frontier, text, changes = Frontier(), "", list[Change]()
        for batch, first, last, actor, stored, *about in self.rows(
            "SELECT id, first, last, actor, checkpoint, key, input_hash, command, document, recorded_at FROM batch"
            " ORDER BY id"
        ):
            named = dict(zip(("key", "input_hash", "command", "document", "recorded_at"), about, strict=True))
            frame = batch_frame(batch, actor=actor, **named)
            for position, version, stream, topic, state in self.rows(
                "SELECT e.position, e.version, s.name, t.name, e.state FROM event e"  # noqa: S608 - numbers of ours
                " JOIN stream s ON s.id = e.stream JOIN topic t ON t.id = e.topic"
                f" WHERE e.position BETWEEN {first} AND {last} ORDER BY e.position"
            ):
                leaf = leaf_hash(record_of(position, version, framed_text(stream), framed_text(topic), frame, state))
                frontier.extend([leaf])
                changes.append(("event", "leaf", leaf, position))
            text = sign(actor, str(Checkpoint(ORIGIN, frontier.size, frontier.root())), stored)
            changes.append(("batch", "checkpoint", text, batch))
        self.put(changes)
        self.lower_head()
        if facts:
            self.forget_facts()


@dataclass(frozen=True)
class Case(Attacked):
    """A folder with ``ledger.db`` and its notes, to be attacked; ``older`` is a copy from before the last two batches.

    ``saved`` is the checkpoint that the audit office keeps, from before the last batch.
    """

    folder: Path
    older: Path
    saved: Path

    @property
    def database(self) -> Path:
        return self.folder / "ledger.db"

    @property
    def url(self) -> str:
        return str(self.database)

    @property
    def head(self) -> Path:
        return self.folder / "ledger.db.head"

    def sql(self, *statements: str, keep_triggers: bool = True) -> None:
        with self._without_triggers(keep=not keep_triggers) as raw:
            for statement in statements:
                raw.execute(statement)

    def put(self, changes: Iterable[Change]) -> None:
        with self._without_triggers() as raw:
            for table, column, value, number in changes:
                raw.execute(f"UPDATE {table} SET {column} = ? WHERE {_KEY[table]} = ?", (value, number))  # noqa: S608 - our own names

    @contextmanager
    def _without_triggers(self, *, keep: bool = False) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.database, isolation_level=None)) as raw:
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            made = [] if keep else raw.execute(query).fetchall()
            for name, _ in made:
                raw.execute(f"DROP TRIGGER {name}")
            yield raw
            for _, sql in made:
                raw.execute(sql)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as raw:
            return raw.execute(query).fetchall()

    def put_back_older(self, *, with_head: bool) -> None:
        for ending in ("-wal", "-shm"):
            Path(f"{self.database}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.older / "ledger.db", self.database)
        if with_head:
            shutil.copyfile(self.older / "ledger.db.head", self.head)


def keep_signatures(_actor: str, checkpoint: str, stored: str) -> str:
    """Put the old signature lines under the new checkpoint."""
    return str(Note(checkpoint, signed_note(stored).signatures))


def sign_as_attacker(_actor: str, checkpoint: str, _stored: str) -> str:
    """Sign everything with the one key that the attacker has."""
    return str(sign_text(SIGNERS[ATTACKER], checkpoint))


def sign_own_only(actor: str, checkpoint: str, stored: str) -> str:
    """Sign what is the attacker's own; keep the old signature where the checkpoint did not change."""
    if actor == ATTACKER:
        return sign_as_attacker(actor, checkpoint, stored)
    return stored if signed_note(stored).text == checkpoint else keep_signatures(actor, checkpoint, stored)


def sign_nothing(_actor: str, checkpoint: str, _stored: str) -> str:
    """Store the bare checkpoint, as a trial ledger does."""
    return checkpoint

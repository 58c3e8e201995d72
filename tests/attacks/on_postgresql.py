"""Attacks on a ledger in PostgreSQL by its superuser, who passes every grant and puts every trigger aside.

The same as in ``catalogue.py``: ``found_by`` is the weakest means that finds it, ``kind`` the kind of the finding.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import psycopg

from tests.attacks.case import Attacked, Change, keep_signatures, sign_as_attacker, sign_nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = ["ATTACKS_ON_POSTGRESQL", "PostgresCase"]

_KEY: Final = {"event": "position", "batch": "id"}


@dataclass(frozen=True)
class PostgresCase(Attacked):
    """A database of its own on a server, and the notes about it in ``home``; ``older`` is a dump from before.

    ``tools`` is where ``pg_restore`` of the same version lies.
    """

    server: str
    name: str
    home: Path
    older: Path
    saved: Path
    tools: Path

    @property
    def plain_url(self) -> str:
        return psycopg.conninfo.make_conninfo(self.server, dbname=self.name)

    @property
    def url(self) -> str:
        from sqlalchemy.engine import make_url  # noqa: PLC0415 - scripts/docs.py needs only the list

        there = make_url(self.server).set(drivername="postgresql+psycopg", database=self.name)
        return there.render_as_string(hide_password=False)

    @property
    def head(self) -> Path:
        [found] = self.home.glob("*.head")
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.plain_url) as raw:
            return raw.execute(query.encode()).fetchall()

    def sql(self, *statements: str, keep_triggers: bool = True) -> None:
        with psycopg.connect(self.plain_url, autocommit=True) as raw:
            if keep_triggers:
                raw.execute("SET session_replication_role = replica")  # no trigger fires, and none looks touched
            for statement in statements:
                raw.execute(statement.encode())

    def put(self, changes: Iterable[Change]) -> None:
        with psycopg.connect(self.plain_url) as raw:
            raw.execute("SET session_replication_role = replica")
            for table, column, value, number in changes:
                change = f"UPDATE {table} SET {column} = %s WHERE {_KEY[table]} = %s"  # noqa: S608 - our own names
                raw.execute(change.encode(), (value, number))

    def hide_behind_older(self) -> None:
        """Leave the ledger as it is, and let whoever connects find the old copy in another schema first."""
        self.sql("ALTER SCHEMA public RENAME TO aside")
        self.restore_older()
        self.sql("ALTER SCHEMA public RENAME TO first", "ALTER SCHEMA aside RENAME TO public")
        self.sql(f"ALTER DATABASE {self.name} SET search_path = first, public")

    def put_back_older(self) -> None:
        """Put the old dump in the place of what is there."""
        self.sql("DROP SCHEMA public CASCADE")
        self.restore_older()

    def restore_older(self) -> None:
        """Restore the old dump, schema and all, with PostgreSQL's own tool."""
        restore = [str(self.tools / "pg_restore"), "--dbname", self.plain_url, "--exit-on-error", str(self.older)]
        subprocess.run(restore, check=True, capture_output=True)


class PostgresAttack(NamedTuple):
    """What somebody does (English, for the page), how, what finds it, and as what."""

    what: str
    do: Callable[[PostgresCase], None]
    found_by: Literal["verify", "signatures", "checkpoint"]
    kind: str


def _sql(*statements: str, facts: bool = False) -> Callable[[PostgresCase], None]:
    def do(case: PostgresCase) -> None:
        case.sql(*statements)
        if facts:
            case.forget_facts()

    return do


def _then(*steps: Callable[[PostgresCase], None]) -> Callable[[PostgresCase], None]:
    def do(case: PostgresCase) -> None:
        for step in steps:
            step(case)

    return do


def _openly(*statements: str) -> Callable[[PostgresCase], None]:
    return lambda case: case.sql(*statements, keep_triggers=False)


def _rehash(sign: Callable[[str, str, str], str]) -> Callable[[PostgresCase], None]:
    return lambda case: case.rehash(sign)


def _replace(old: str, new: str, where: str = "true") -> str:
    return (
        f"UPDATE event SET state = convert_to(replace(convert_from(state, 'UTF8'), '{old}', '{new}'), 'UTF8')"  # noqa: S608 - our own words
        f" WHERE {where}"
    )


_AMOUNT: Final = _replace('"amount_fen":1000000000', '"amount_fen":9000000000')
_SMUGGLE: Final = (
    "INSERT INTO {} SELECT position + 1, stream, version + 1, topic, batch, state, leaf FROM event"
    " WHERE position = (SELECT max(position) FROM event)"
)
_ALLOWED: Final = "RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$"


ATTACKS_ON_POSTGRESQL: Final[dict[str, PostgresAttack]] = {
    # Doors left open for later
    "trigger-dropped": PostgresAttack(
        "drop a trigger", _openly("DROP TRIGGER event_no_update ON event"), "verify", "schema"
    ),
    "trigger-disabled": PostgresAttack(
        "disable the triggers of a table", _openly("ALTER TABLE event DISABLE TRIGGER USER"), "verify", "schema"
    ),
    "trigger-emptied": PostgresAttack(
        "let the function behind the triggers do nothing",
        _openly(f"CREATE OR REPLACE FUNCTION xianjie_append_only() {_ALLOWED}"),
        "verify",
        "schema",
    ),
    "trigger-conditional": PostgresAttack(
        "give a trigger a condition that never holds",
        _openly(
            "DROP TRIGGER batch_in_order ON batch",
            "CREATE TRIGGER batch_in_order BEFORE INSERT ON batch FOR EACH ROW WHEN (false)"
            " EXECUTE FUNCTION xianjie_batch_in_order()",
        ),
        "verify",
        "schema",
    ),
    "trigger-added": PostgresAttack(
        "add a trigger that changes what is recorded from now on",
        _openly(
            f"CREATE FUNCTION helpful() {_ALLOWED}",
            "CREATE TRIGGER a_helpful_one BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION helpful()",
        ),
        "verify",
        "schema",
    ),
    "rule": PostgresAttack(
        "let a rewrite rule swallow what is recorded",
        _openly("CREATE RULE quiet AS ON INSERT TO stream DO INSTEAD NOTHING"),
        "verify",
        "schema",
    ),
    "view": PostgresAttack(
        "put a view that shows something else in the place of a table",
        _openly("ALTER TABLE batch RENAME TO batch_true", "CREATE VIEW batch AS SELECT * FROM batch_true"),
        "verify",
        "schema",
    ),
    "column-type": PostgresAttack(
        "give a column another type",
        _openly("ALTER TABLE batch ALTER COLUMN actor TYPE varchar(200)"),
        "verify",
        "schema",
    ),
    "column-nullable": PostgresAttack(
        "allow that nobody stands as the actor",
        _openly("ALTER TABLE batch ALTER COLUMN actor DROP NOT NULL"),
        "verify",
        "schema",
    ),
    "index": PostgresAttack(
        "make a submission key usable twice",
        _openly("DROP INDEX batch_key", "CREATE INDEX batch_key ON batch (key)"),
        "verify",
        "schema",
    ),
    # Rows edited
    "amount": PostgresAttack("raise an amount in a stored entry", _sql(_AMOUNT, facts=True), "verify", "content"),
    "actor": PostgresAttack(
        "put an entry under another person's name",
        _sql("UPDATE batch SET actor = 'P-0002' WHERE id = 3"),
        "verify",
        "content",
    ),
    "moment": PostgresAttack(
        "backdate when an entry was recorded",
        _sql("UPDATE batch SET recorded_at = '2022-01-01T00:00:00.000Z' WHERE id = 4"),
        "verify",
        "content",
    ),
    "topic": PostgresAttack(
        "turn an entry into one of another kind",
        _sql("UPDATE event SET topic = 1 WHERE position = 4"),
        "verify",
        "content",
    ),
    "stream-name": PostgresAttack(
        "give a tranche another number", _sql("UPDATE stream SET name = name || 'x' WHERE id = 3"), "verify", "content"
    ),
    "node": PostgresAttack(
        "spoil the tree that proofs are made of",
        _sql("INSERT INTO node VALUES (0, 5, decode(repeat('00', 32), 'hex'))"),
        "verify",
        "node",
    ),
    "facts": PostgresAttack(
        "change a number that reports are made of",
        _sql("UPDATE fact_money SET amount_fen = amount_fen + 1 WHERE position = 5"),
        "verify",
        "facts",
    ),
    # Entries that come and go
    "delete": PostgresAttack("delete an entry", _sql("DELETE FROM event WHERE position = 4"), "verify", "gap"),
    "insert": PostgresAttack("add an entry to the last batch", _sql(_SMUGGLE.format("event")), "verify", "batch"),
    "inherited": PostgresAttack(
        "add an entry in a table that inherits from that of the entries, past every trigger",
        _openly("CREATE TABLE more () INHERITS (event)", _SMUGGLE.format("more")),
        "verify",
        "batch",
    ),
    "tail": PostgresAttack("cut off the last batch", PostgresCase.cut_last_batch, "verify", "truncation"),
    "tail-head": PostgresAttack(
        "cut off the last two batches, and lower the note of what was acknowledged",
        _then(PostgresCase.cut_last_batch, PostgresCase.cut_last_batch, PostgresCase.lower_head),
        "checkpoint",
        "fork",
    ),
    "dump": PostgresAttack("restore an old dump", PostgresCase.put_back_older, "verify", "truncation"),
    "dump-head": PostgresAttack(
        "restore an old dump, and lower the note of what was acknowledged",
        _then(PostgresCase.put_back_older, PostgresCase.lower_head),
        "checkpoint",
        "fork",
    ),
    "other-schema": PostgresAttack(
        "let the program find an old copy in another schema first",
        PostgresCase.hide_behind_older,
        "verify",
        "truncation",
    ),
    # Everything computed again
    "rehash": PostgresAttack(
        "raise an amount and compute every hash again, old signatures underneath",
        _then(_sql(_AMOUNT), _rehash(keep_signatures)),
        "signatures",
        "signature",
    ),
    "rehash-unsigned": PostgresAttack(
        "raise an amount, compute every hash again and sign nothing",
        _then(_sql(_AMOUNT), _rehash(sign_nothing)),
        "signatures",
        "signature",
    ),
    "rehash-own-key": PostgresAttack(
        "raise an amount, compute every hash again and sign everything with one's own key",
        _then(_sql(_AMOUNT), _rehash(sign_as_attacker)),
        "signatures",
        "signature",
    ),
    "rehash-own-name": PostgresAttack(
        "the same, everything put under one's own name",
        _then(_sql(_AMOUNT, "UPDATE batch SET actor = 'P-0002'"), _rehash(sign_as_attacker)),
        "checkpoint",
        "fork",
    ),
}

"""Whatever is changed in a ledger is found; nothing is found in one that is whole."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ledger.database import open_database, read_transaction, write_transaction
from ledger.errors import LedgerError
from ledger.log.appending import Appender, BatchHeader
from ledger.log.high_water import HighWater
from ledger.log.published import Published
from ledger.log.reading import head
from ledger.log.schema import APPEND_ONLY, TABLES, create_log
from ledger.log.verify import verify
from ledger.log.verify_head import verify_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from ledger.log.finding import Finding
    from ledger.log.verify import VerifyReport


def _fill(engine: Engine, sizes: list[int]) -> None:
    """Batches of these sizes over a few streams; states differ from one another."""
    appender, versions, position = Appender(engine), dict[str, int](), 0
    for batch, size in enumerate(sizes):
        header = BatchHeader(f"k{batch}" if batch % 2 else None, f"h{batch}", "李", "fund issue", "黔财农〔2024〕3号")
        with appender.open(header) as append:
            events = []
            for _ in range(size):
                position += 1
                stream = f"项目:{position % 7}"
                versions[stream] = versions.get(stream, 0) + 1
                state = f'{{"amount_fen":{position}}}'.encode()
                events.append((stream, versions[stream], f"topic.{position % 3}", state))
            append.write(events)


def _unlock(engine: Engine, *statements: str, **values: object) -> None:
    """Do to the ledger what its triggers refuse, as somebody with a database tool can."""
    with write_transaction(engine) as connection:
        if engine.dialect.name == "sqlite":
            triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
            off = [f"DROP TRIGGER {name}" for name, _ in triggers]
            on = [sql for _, sql in triggers]
        else:
            off = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in APPEND_ONLY]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in APPEND_ONLY]
        for statement in off:
            connection.exec_driver_sql(statement)
        for statement in statements:
            connection.execute(text(statement), values)
        for statement in on:
            connection.exec_driver_sql(statement)


def _first(engine: Engine) -> Finding:
    report = verify(engine)
    assert not report.ok
    return report.findings[0]


@pytest.mark.parametrize("sizes", [[], [1], [2, 1], [255], [256], [255, 1, 1], [1, 300, 1, 211, 512]])
def test_a_whole_ledger_raises_no_alarm(engine: Engine, sizes: list[int]) -> None:
    _fill(engine, sizes)
    report = verify(engine)
    assert report.findings == []
    assert report.events == report.head == sum(sizes)
    assert report.checkpoint.splitlines()[1] == str(sum(sizes))


def test_a_ledger_of_more_than_65536_events_raises_no_alarm(sqlite_engine: Engine) -> None:
    _fill(sqlite_engine, [65_000, 537])
    assert verify(sqlite_engine).findings == []
    _unlock(sqlite_engine, "UPDATE node SET hash = zeroblob(32) WHERE level = 2")
    assert (_first(sqlite_engine).kind, _first(sqlite_engine).position) == ("node", 65_536)


def test_any_changed_byte_of_any_event_is_found_with_its_position(engine: Engine) -> None:
    _fill(engine, [3, 1, 4])
    with engine.connect() as connection:
        states = [tuple(row) for row in connection.exec_driver_sql("SELECT position, state FROM event")]
    randomly = Random(1)  # noqa: S311 - damage that can be repeated
    change = "UPDATE event SET state = :state WHERE position = :position"
    for position, state in states:
        for index in range(len(state)):
            changed = bytearray(state)
            changed[index] ^= 1 << randomly.randrange(8)
            _unlock(engine, change, state=bytes(changed), position=position)
            report = verify(engine)
            assert [(one.kind, one.position) for one in report.findings] == [("content", position)]
        _unlock(engine, change, state=state, position=position)
    assert verify(engine).ok


SWAP = (
    "UPDATE event SET state = (SELECT state FROM event o WHERE o.position = 11 - event.position)"
    " WHERE position IN (5, 6)"
)
CHANGES = {
    "another state": ("content", 4, "UPDATE event SET state = leaf WHERE position = 4"),
    "two states swapped": ("content", 5, SWAP),
    "a leaf": ("content", 4, "UPDATE event SET leaf = state WHERE position = 4"),
    "a version": ("content", 4, "UPDATE event SET version = 77 WHERE position = 4"),
    "a stream of an event": ("content", 4, "UPDATE event SET stream = 7, version = 9 WHERE position = 4"),
    "an unknown stream": ("structure", 4, "UPDATE event SET stream = 99 WHERE position = 4"),
    "a topic of an event": ("content", 4, "UPDATE event SET topic = topic % 3 + 1 WHERE position = 4"),
    "a batch of an event": ("batch", 4, "UPDATE event SET batch = 1 WHERE position = 4"),
    "a stream name": ("content", 3, "UPDATE stream SET name = 'x' WHERE id = 3"),
    "a topic name": ("content", 2, "UPDATE topic SET name = 'x' WHERE id = 2"),
    "an event in the middle": ("gap", 5, "DELETE FROM event WHERE position = 4"),
    "the first event": ("gap", 2, "DELETE FROM event WHERE position = 1"),
    "the last event": ("batch", 9, "DELETE FROM event WHERE position = 9"),
    "an actor": ("content", 4, "UPDATE batch SET actor = '王' WHERE id = 2"),
    "a command": ("content", 4, "UPDATE batch SET command = 'x' WHERE id = 2"),
    "a document": ("content", 4, "UPDATE batch SET document = 'x' WHERE id = 2"),
    "an input hash": ("content", 4, "UPDATE batch SET input_hash = 'x' WHERE id = 2"),
    "a key": ("content", 4, "UPDATE batch SET key = 'x' WHERE id = 2"),
    "a removed key": ("content", 4, "UPDATE batch SET key = NULL WHERE id = 2"),
    "an added empty key": ("content", 1, "UPDATE batch SET key = '' WHERE id = 1"),
    "a moment": ("content", 4, "UPDATE batch SET recorded_at = '2999-01-01T00:00:00.000Z' WHERE id = 2"),
    "the first position of a batch": ("batch", 4, "UPDATE batch SET first = 5 WHERE id = 2"),
    "the last position of a batch": ("checkpoint", 4, "UPDATE batch SET last = 4 WHERE id = 2"),
    "the number of a batch": ("batch", 6, "UPDATE batch SET id = 7 WHERE id = 3"),
    "a batch": ("batch", 4, "DELETE FROM batch WHERE id = 2"),
    "the last batch": ("batch", 6, "DELETE FROM batch WHERE id = 3"),
    "a checkpoint": ("checkpoint", 5, "UPDATE batch SET checkpoint = 'x' WHERE id = 2"),
    "the origin": ("checkpoint", 3, "UPDATE ledger_info SET value = 'x' WHERE name = 'origin'"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_found_and_its_first_place_named(engine: Engine, name: str) -> None:
    kind, position, statement = CHANGES[name]
    _fill(engine, [3, 2, 4])
    _unlock(engine, statement)
    findings = verify(engine).findings
    assert findings[0].position == position
    assert kind in {one.kind for one in findings if one.position == position}


def test_an_event_with_a_new_leaf_to_match_is_found_by_its_checkpoint(engine: Engine) -> None:
    _fill(engine, [3, 2, 4])
    with engine.connect() as connection:
        stolen = connection.exec_driver_sql("SELECT leaf, state FROM event WHERE position = 1").one()
    _unlock(engine, "UPDATE event SET leaf = :leaf, state = :state WHERE position = 4", leaf=stolen[0], state=stolen[1])
    assert _first(engine).position == 4


@pytest.mark.parametrize("tail", [1, 4, 9])
def test_a_tail_cut_off_cleanly_is_found_by_the_high_water_file(engine: Engine, tail: int) -> None:
    _fill(engine, [3, 2, 3, 1])
    first = {1: 9, 4: 6, 9: 1}[tail]
    _unlock(
        engine,
        "DELETE FROM event WHERE position >= :first",
        "DELETE FROM batch WHERE first >= :first",
        "DELETE FROM stream WHERE id NOT IN (SELECT stream FROM event)",
        "DELETE FROM topic WHERE id NOT IN (SELECT topic FROM event)",
        first=first,
    )
    assert [(one.kind, one.position) for one in verify(engine).findings] == [("truncation", first)]


def test_a_ledger_made_anew_under_the_same_name_is_found(tmp_path: Path) -> None:
    old, new = open_database(str(tmp_path / "a.db"), create=True), open_database(str(tmp_path / "b.db"), create=True)
    for made, sizes in ((old, [3]), (new, [2, 2])):
        create_log(made, "same.example/ledger")
        _fill(made, sizes)
    shutil.copy(HighWater(old, "same.example/ledger").path, HighWater(new, "same.example/ledger").path)
    assert _first(new).kind == "truncation"
    old.dispose()
    new.dispose()


def test_nodes_and_names_nobody_needs_are_found(engine: Engine) -> None:
    _fill(engine, [600])
    _unlock(
        engine,
        "UPDATE node SET hash = (SELECT leaf FROM event WHERE position = 1) WHERE idx = 1",
        "INSERT INTO stream VALUES (99, 'unused')",
    )
    kinds = {(one.kind, one.position) for one in verify(engine).findings}
    assert kinds == {("node", 512), ("structure", None)}
    _unlock(engine, "DELETE FROM node", "DELETE FROM stream WHERE id = 99", "INSERT INTO topic VALUES (98, 'unused')")
    assert {one.kind for one in verify(engine).findings} == {"node", "structure"}


def test_versions_that_run_against_positions_are_found(engine: Engine) -> None:
    _fill(engine, [9])
    _unlock(
        engine,
        "UPDATE event SET version = 50 WHERE position = 1",
        "UPDATE event SET version = 1 WHERE position = 8",
        "UPDATE event SET version = 2 WHERE position = 1",
    )
    assert {"order", "content"} <= {one.kind for one in verify(engine).findings}


def test_a_moment_before_the_one_before_is_found(engine: Engine) -> None:
    _fill(engine, [1, 1])
    _unlock(engine, "UPDATE batch SET recorded_at = '1999-01-01T00:00:00.000Z' WHERE id = 2")
    assert {("order", 2), ("content", 2)} <= {(one.kind, one.position) for one in verify(engine).findings}


SQLITE_DOORS = [f"DROP TRIGGER {table}_no_{action}" for table in APPEND_ONLY for action in ("update", "delete")]
SQLITE_DOORS += [
    "DROP TRIGGER batch_in_order",
    "DROP INDEX event_stream_version",
    "CREATE TRIGGER evil AFTER INSERT ON batch BEGIN SELECT 1; END",
    "CREATE INDEX more ON event (topic)",
    "ALTER TABLE event ADD COLUMN note TEXT",
    "PRAGMA user_version = 7",
    "PRAGMA application_id = 7",
    "ALTER TABLE node RENAME TO other",
    "INSERT INTO ledger_info VALUES ('x', 'y')",
    "DROP TABLE ledger_info",
]


@pytest.mark.parametrize("statement", SQLITE_DOORS)
def test_an_opened_door_is_found_in_sqlite(sqlite_engine: Engine, statement: str) -> None:
    _fill(sqlite_engine, [3])
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql(statement)
    assert _first(sqlite_engine).kind == "schema"


@pytest.mark.parametrize(
    "statement",
    [
        *(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate" for table in APPEND_ONLY),
        "DROP TRIGGER event_no_update ON event",
        "DROP INDEX batch_key",
        "ALTER TABLE event ALTER COLUMN state TYPE text USING encode(state, 'hex')",
        "ALTER TABLE event ALTER COLUMN state DROP NOT NULL",
        "ALTER TABLE node DROP CONSTRAINT node_pkey",
        "DROP TABLE ledger_info",
        "CREATE RULE evil AS ON INSERT TO event DO INSTEAD NOTHING",
        "CREATE OR REPLACE FUNCTION xianjie_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ],
)
def test_an_opened_door_is_found_in_postgres(postgres_engine: Engine, statement: str) -> None:
    _fill(postgres_engine, [3])
    with postgres_engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert _first(postgres_engine).kind == "schema"


def _contents(path: Path) -> object:
    """Everything that a ledger file says, in terms of SQL; None when it cannot be read."""
    try:
        with closing(sqlite3.connect(path)) as raw:
            raw.text_factory = bytes
            everything = (f"SELECT * FROM {table} ORDER BY 1, 2" for table in TABLES)  # noqa: S608 - our own names
            tables = [raw.execute(query).fetchall() for query in everything]
            schema = raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 2").fetchall()
            head = [raw.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")]
            return [tables, schema, head]
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def test_flipped_bits_in_the_file_are_found_or_make_no_difference(sqlite_engine: Engine, tmp_path: Path) -> None:
    _fill(sqlite_engine, [3, 260, 4])
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    sqlite_engine.dispose()
    source = Path(str(sqlite_engine.url.database))
    whole, before, copy = source.read_bytes(), _contents(source), tmp_path / "copy.db"
    randomly, changed = Random(7), 0  # noqa: S311 - damage that can be repeated
    used = [index for index, byte in enumerate(whole) if byte]
    for _ in range(150):
        for leftover in tmp_path.glob("copy.db*"):
            leftover.unlink()
        damaged = bytearray(whole)
        damaged[randomly.choice(used)] ^= 1 << randomly.randrange(8)
        copy.write_bytes(damaged)
        engine = open_database(str(copy), read_only=True)
        try:
            sound = verify(engine).ok
        except LedgerError:
            sound = False
        engine.dispose()
        if _contents(copy) != before:
            changed += 1
            assert not sound
    assert changed > 50


def test_a_file_full_of_rubbish_is_an_error_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "rubbish.db"
    path.write_bytes(b"not a database at all" * 1_000)
    with pytest.raises(LedgerError) as caught:
        verify(open_database(str(path), read_only=True))
    assert caught.value.hint


def test_a_thousand_findings_are_enough(engine: Engine) -> None:
    _fill(engine, [1_200])
    _unlock(engine, "UPDATE batch SET actor = 'x'")
    report = verify(engine)
    assert (len(report.findings), report.total) == (1_000, 1_200)
    assert not report.ok


@pytest.mark.parametrize("look", [verify, lambda engine: verify_head(engine, {})], ids=["verify", "quick look"])
def test_a_ledger_that_grows_while_it_is_looked_at_raises_no_alarm(
    sqlite_engine: Engine, look: Callable[[Engine], VerifyReport]
) -> None:
    """The notes outside must be read before the moment that is looked at: else they may already say more."""
    _fill(sqlite_engine, [3])
    done = Event()

    def write() -> None:
        appender = Appender(sqlite_engine)
        published = Published(sqlite_engine, appender.origin)
        while not done.is_set():
            with appender.open(BatchHeader(None, "", "", "", "")) as append:
                append.write([("s", None, "t", b"{}")])
            with read_transaction(sqlite_engine) as connection:
                now = head(connection)
                published.publish(connection, now, now.checkpoint)

    writer = Thread(target=write)
    writer.start()
    try:
        found = [one for _ in range(25) for one in look(sqlite_engine).findings]
    finally:
        done.set()
        writer.join()
    assert found == []

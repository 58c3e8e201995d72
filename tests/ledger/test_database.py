"""Opening databases: what is set, what is refused, and what a person is told."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from ledger.database import (
    SCHEMA_VERSION,
    check_ours,
    database_file,
    open_database,
    read_transaction,
    write_transaction,
)
from ledger.errors import LedgerError, StorageError, ValueRefusedError
from ledger.log.appending import Appender, BatchHeader
from ledger.log.schema import create_log
from ledger.log.verify import verify

if TYPE_CHECKING:
    from sqlalchemy import Engine

ROOT = Path(__file__).parents[2]
HEADER = BatchHeader(None, "h", "li", "fund issue", "doc")


def _write(engine: Engine, stream: str = "a", size: int = 2) -> None:
    with Appender(engine).open(HEADER) as append:
        append.write([(stream, 1, "t", b"x" * size)])


def _refused(code: str) -> pytest.RaisesExc[LedgerError]:
    return pytest.RaisesExc(LedgerError, check=lambda error: error.code == code and bool(error.hint and error.message))


def _run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, whose limits and rights it may change."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


class TestSQLite:
    def test_every_connection_has_the_settings_that_safety_rests_on(self, sqlite_engine: Engine) -> None:
        expected = {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "recursive_triggers": 1,
            "trusted_schema": 0,
            "cell_size_check": 1,
            "busy_timeout": 30_000,
            "cache_size": -65536,
            "page_size": 16384,
        }
        with sqlite_engine.connect() as one, sqlite_engine.connect() as other:
            for connection in (one, other):
                assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected} == expected

    def test_a_missing_file_is_not_made(self, tmp_path: Path) -> None:
        with _refused("storage.missing"):
            open_database(str(tmp_path / "none.db"))
        assert list(tmp_path.glob("*.db")) == []

    def test_a_url_and_a_path_mean_the_same(self, sqlite_engine: Engine, sqlite_url: str) -> None:
        again = open_database(f"sqlite:///{sqlite_url}")
        assert database_file(again) == database_file(sqlite_engine) == Path(sqlite_url)

    @pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "://", ":memory:", "postgresql+asyncpg://x/y"])
    def test_other_addresses_are_refused(self, url: str) -> None:
        with _refused("storage.bad_url"):
            open_database(url)

    def test_a_password_is_not_shown(self) -> None:
        with _refused("storage.bad_url") as caught:
            open_database("mysql://user:secret@host/name")
        assert "secret" not in caught.value.message

    def test_another_program_s_database_is_not_ours(self, tmp_path: Path) -> None:
        path = tmp_path / "other.db"
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("CREATE TABLE t (x)")
        engine = open_database(str(path), read_only=True)
        with _refused("storage.not_ours"):
            check_ours(engine)
        with _refused("storage.not_ours"):
            Appender(engine)
        engine.dispose()

    def test_a_text_file_is_not_ours(self, tmp_path: Path) -> None:
        path = tmp_path / "text.db"
        path.write_text("账本" * 1000, encoding="utf-8")
        with _refused("storage.not_ours"):
            check_ours(open_database(str(path)))

    def test_an_empty_file_is_not_ours(self, tmp_path: Path) -> None:
        (tmp_path / "empty.db").touch()
        engine = open_database(str(tmp_path / "empty.db"), read_only=True)
        with _refused("storage.not_ours"):
            check_ours(engine)
        engine.dispose()

    @pytest.mark.parametrize(("version", "code"), [(SCHEMA_VERSION + 1, "storage.newer"), (0, "storage.not_ours")])
    def test_another_version_is_refused(self, sqlite_engine: Engine, version: int, code: str) -> None:
        with sqlite_engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA user_version = {version}")
        with _refused(code):
            check_ours(sqlite_engine)

    def test_a_reader_cannot_write(self, sqlite_engine: Engine, sqlite_url: str) -> None:
        _write(sqlite_engine)
        reader = open_database(sqlite_url, read_only=True)
        check_ours(reader)
        with _refused("storage.read_only"):
            _write(reader, "b")
        assert verify(reader).findings == []
        reader.dispose()

    @pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are a Unix thing")
    def test_a_ledger_on_a_read_only_medium_can_be_read(self) -> None:
        """In a process without rights, because root may write anywhere."""
        script = (
            "import os, sys\n"
            "from ledger.database import open_database, check_ours\n"
            "from ledger.log.verify import verify\n"
            "from ledger.errors import StorageError\n"
            "if os.geteuid() == 0: os.setuid(65534)\n"
            "engine = open_database(sys.argv[1], read_only=True)\n"
            "check_ours(engine); report = verify(engine); assert report.ok, report; print(report.events)\n"
            "try: check_ours(open_database(sys.argv[1]))\n"
            "except StorageError as error: print(error.code)\n"
            "try: open_database(sys.argv[1].replace('/open/', '/shut/'))\n"
            "except StorageError as error: print(error.code)\n"
        )
        with tempfile.TemporaryDirectory() as outer:
            folder = Path(outer) / "open"
            folder.mkdir()
            engine = open_database(str(folder / "ledger.db"), create=True)
            create_log(engine, "a.example/ledger")
            _write(engine)
            engine.dispose()
            (Path(outer) / "shut").mkdir(mode=0)
            Path(outer).chmod(0o755)
            folder.chmod(0o555)
            (folder / "ledger.db").chmod(0o444)
            done = _run(script, str(folder / "ledger.db"))
            folder.chmod(0o755)
        assert done.stdout.split() == ["1", "storage.read_only", "storage.io"], done.stderr

    def test_waiting_for_another_writer_ends(self, sqlite_engine: Engine, sqlite_url: str) -> None:
        impatient = open_database(sqlite_url, busy_timeout_ms=50)
        with write_transaction(sqlite_engine), _refused("storage.locked"):
            _write(impatient)
        _write(impatient)
        impatient.dispose()

    def test_a_full_disk_loses_nothing_and_can_be_freed(self, sqlite_engine: Engine) -> None:
        _write(sqlite_engine)
        with sqlite_engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with _refused("storage.full"):
            _write(sqlite_engine, "b", size=100_000)
        with sqlite_engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        _write(sqlite_engine, "b", size=100_000)
        assert verify(sqlite_engine).findings == []

    @pytest.mark.skipif(sys.platform == "win32", reason="resource limits are a Unix thing")
    def test_a_file_that_may_not_grow_is_a_clear_message(self, sqlite_engine: Engine, sqlite_url: str) -> None:
        _write(sqlite_engine)
        script = (
            "import resource, signal, sys\n"
            "from ledger.database import open_database\n"
            "from ledger.errors import StorageError\n"
            "from ledger.log.appending import Appender, BatchHeader\n"
            "appender = Appender(open_database(sys.argv[1]))\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
            "try:\n"
            "    with appender.open(BatchHeader(None, 'h', 'li', 'c', 'd')) as append:\n"
            "        append.write([('b', 1, 't', b'x' * 10_000_000)])\n"
            "except StorageError as error: print(error.code)\n"
        )
        done = _run(script, sqlite_url)
        assert done.stdout.strip() in {"storage.io", "storage.full"}, done.stderr
        assert verify(sqlite_engine).findings == []
        assert verify(sqlite_engine).events == 1


class TestPostgres:
    def test_an_empty_schema_is_not_ours(self, postgres_url: str) -> None:
        engine = open_database(postgres_url)
        with _refused("storage.not_ours"):
            check_ours(engine)
        engine.dispose()

    @pytest.mark.parametrize(("version", "code"), [(SCHEMA_VERSION + 1, "storage.newer"), ("x", "storage.not_ours")])
    def test_another_version_is_refused(self, postgres_engine: Engine, version: object, code: str) -> None:
        with postgres_engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE ledger_info DISABLE TRIGGER ALL")
            connection.execute(
                text("UPDATE ledger_info SET value = :v WHERE name = 'schema_version'"), {"v": str(version)}
            )
        with _refused(code):
            check_ours(postgres_engine)

    def test_a_server_that_does_not_answer(self) -> None:
        with _refused("storage.cannot_connect"):
            check_ours(open_database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2"))

    def test_a_reader_cannot_write(self, postgres_engine: Engine, postgres_url: str) -> None:
        _write(postgres_engine)
        reader = open_database(postgres_url, read_only=True)
        with _refused("storage.read_only"):
            _write(reader, "b")
        assert verify(reader).findings == []
        reader.dispose()

    def test_waiting_for_another_writer_ends(self, postgres_engine: Engine, postgres_url: str) -> None:
        impatient = open_database(postgres_url, busy_timeout_ms=50)
        with write_transaction(postgres_engine), _refused("storage.locked"):
            _write(impatient)
        _write(impatient)
        impatient.dispose()

    def test_another_isolation_level_is_refused(self, postgres_engine: Engine) -> None:
        strict = postgres_engine.execution_options(isolation_level="REPEATABLE READ")
        with _refused("storage.unsafe"), write_transaction(strict):
            pass

    def test_ledgers_in_two_schemas_do_not_wait_for_each_other(
        self, postgres_engine: Engine, postgres_server: str, postgres_url: str
    ) -> None:
        other = postgres_url.replace("search_path%3Dtest_", "search_path%3Dother_")
        assert other != postgres_url
        schema = other.rpartition("search_path%3D")[2]
        plain = create_engine(postgres_server.replace("postgresql:", "postgresql+psycopg:"))
        with plain.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        engine = open_database(other, busy_timeout_ms=200)
        create_log(engine, "other.example/ledger")
        with write_transaction(postgres_engine):
            _write(engine)
        engine.dispose()
        plain.dispose()


class TestTransactions:
    def test_a_reader_sees_one_moment(self, engine: Engine) -> None:
        _write(engine, "a")
        with read_transaction(engine) as connection:
            count = text("SELECT count(*) FROM event")
            before = connection.execute(count).scalar()
            thread = threading.Thread(target=_write, args=(engine, "b"))
            thread.start()
            thread.join()
            assert connection.execute(count).scalar() == before == 1

    def test_broken_uniqueness_stays_recognisable(self, engine: Engine) -> None:
        with pytest.raises(IntegrityError), write_transaction(engine) as connection:
            connection.exec_driver_sql("INSERT INTO tracking VALUES ('a', 1), ('b', 1), ('a', 2)")
        with read_transaction(engine) as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM tracking").scalar() == 0

    def test_a_missing_table_is_told_without_a_traceback(self, engine: Engine) -> None:
        with pytest.raises(StorageError), read_transaction(engine) as connection:
            connection.exec_driver_sql("SELECT * FROM nonsense")


class TestCreation:
    @pytest.mark.parametrize("origin", ["", "a b", "a+b", "a\nb", "x" * 201])
    def test_a_name_that_checkpoints_cannot_carry_is_refused(self, database_url: str, origin: str) -> None:
        engine = open_database(database_url, create=True)
        with pytest.raises(ValueRefusedError):
            create_log(engine, origin)
        engine.dispose()

    def test_a_ledger_is_not_made_twice(self, engine: Engine) -> None:
        _write(engine)
        with _refused("storage.exists"):
            create_log(engine, "a.example/ledger")
        assert verify(engine).findings == []

    def test_a_ledger_is_not_made_among_other_things(self, database_url: str) -> None:
        engine = open_database(database_url, create=True)
        with write_transaction(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE t (x INTEGER)")
        with _refused("storage.not_ours"):
            create_log(engine, "a.example/ledger")
        engine.dispose()

    def test_a_failed_creation_leaves_nothing(self, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        engine = open_database(database_url, create=True)
        with monkeypatch.context() as patch:
            patch.setattr("ledger.log.schema.text", lambda _: text("INSERT INTO nowhere VALUES (1)"))
            with pytest.raises(LedgerError):
                create_log(engine, "a.example/ledger")
        create_log(engine, "a.example/ledger")
        _write(engine)
        engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET version = 5",
        "DELETE FROM event",
        "UPDATE batch SET actor = 'x'",
        "DELETE FROM batch",
        "UPDATE stream SET name = 'x'",
        "DELETE FROM topic",
        "UPDATE ledger_info SET value = 'x'",
        "INSERT INTO batch SELECT 1, 'k', '', '', '', '', 2, 2, recorded_at, checkpoint FROM batch",
        "INSERT INTO batch SELECT 2, 'k', '', '', '', '', 2, 2, recorded_at, checkpoint FROM batch",
        "INSERT INTO batch SELECT 3, 'k', '', '', '', '', 2, 2, recorded_at, checkpoint FROM batch",
    ],
)
def test_the_database_itself_refuses_to_change_history(engine: Engine, statement: str) -> None:
    _write(engine)
    with pytest.raises((LedgerError, IntegrityError)), write_transaction(engine) as connection:
        connection.exec_driver_sql(statement)
    assert verify(engine).findings == []


def test_replacing_a_row_is_refused_too(sqlite_engine: Engine) -> None:
    _write(sqlite_engine)
    with pytest.raises(IntegrityError), write_transaction(sqlite_engine) as connection:
        connection.exec_driver_sql("INSERT OR REPLACE INTO event SELECT 1, 1, 1, 1, 1, x'00', leaf FROM event")
    assert verify(sqlite_engine).findings == []


@pytest.mark.parametrize("table", ["event", "batch", "stream", "topic", "node", "ledger_info"])
def test_a_table_cannot_be_emptied_in_postgres(postgres_engine: Engine, table: str) -> None:
    _write(postgres_engine)
    with pytest.raises(LedgerError), write_transaction(postgres_engine) as connection:
        connection.exec_driver_sql(f"TRUNCATE {table}")
    assert verify(postgres_engine).findings == []

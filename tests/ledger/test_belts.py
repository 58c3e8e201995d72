"""What a connection of the program can never do to the log, and where a ledger is not written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.database import open_database, read_transaction, write_transaction
from ledger.disks import file_system_of, is_network_disk
from ledger.errors import StorageError
from ledger.log.appending import Appender, BatchHeader
from ledger.log.schema import APPEND_ONLY, TABLES
from ledger.log.verify import verify
from projections.catch_up import create_projections, rebuild

if TYPE_CHECKING:
    from sqlalchemy import Engine

MOUNTS = """\
22 27 0:21 / / rw - ext4 /dev/vda1 rw
30 22 0:40 / /mnt/share rw - cifs //server/share rw
31 30 0:41 / /mnt/share/own rw - xfs /dev/vdb1 rw
32 22 0:42 / /mnt/two\\040words rw - nfs4 server:/x rw
33 22 0:43 / /mnt/over rw - ext4 /dev/vdc1 rw
34 33 0:44 / /mnt/over rw - fuse.sshfs a@b:/ rw
"""

CHANGES = [
    *(f"UPDATE {table} SET {TABLES[table][0].split()[0]} = 0" for table in APPEND_ONLY),  # noqa: S608 - our own names
    *(f"DELETE FROM {table}" for table in APPEND_ONLY),  # noqa: S608 - as above
    *(f"DROP TABLE {table}" for table in TABLES if table != "tracking"),
    *(f"DROP TRIGGER {table}_no_{action}" for table in APPEND_ONLY for action in ("update", "delete")),
    "DROP TRIGGER batch_in_order",
    "DROP INDEX event_stream_version",
    "ALTER TABLE event ADD COLUMN note TEXT",
    "ALTER TABLE event RENAME TO fact_event",
    "CREATE TRIGGER evil AFTER INSERT ON event BEGIN DELETE FROM event; END",
    "CREATE TEMP TRIGGER evil AFTER INSERT ON event BEGIN SELECT 1; END",
    "CREATE VIEW fact_view AS SELECT 1",
    "CREATE TABLE other (x)",
    "CREATE INDEX more ON event (topic)",
    "ATTACH ':memory:' AS other",
    "PRAGMA recursive_triggers = 0",
    "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA writable_schema = 1",
    "PRAGMA trusted_schema = 1",
    "PRAGMA user_version = 9",
]


@pytest.fixture
def filled(sqlite_engine: Engine) -> Engine:
    """A ledger with events and fact tables."""
    create_projections(sqlite_engine)
    with Appender(sqlite_engine).open(BatchHeader(None, "h", "li", "import", "doc")) as append:
        append.write([("a", 1, "t", b"{}"), ("a", 2, "t", b"{}")])
    return sqlite_engine


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("statement", CHANGES)
def test_no_connection_can_change_what_was_recorded(filled: Engine, statement: str, read_only: bool) -> None:  # noqa: FBT001 - a parameter of the test
    engine = open_database(str(filled.url.database), read_only=read_only)
    with pytest.raises(StorageError) as caught, read_transaction(engine) as connection:
        connection.exec_driver_sql(statement)
    assert caught.value.code == "storage.not_allowed"
    engine.dispose()
    assert verify(filled).ok


def test_a_reading_connection_adds_nothing(filled: Engine) -> None:
    engine = open_database(str(filled.url.database), read_only=True)
    with pytest.raises(StorageError) as caught, read_transaction(engine) as connection:
        connection.exec_driver_sql("INSERT INTO topic VALUES (9, 'x')")
    assert caught.value.code == "storage.not_allowed"
    engine.dispose()


def test_facts_are_copies_and_can_be_thrown_away(filled: Engine) -> None:
    engine = open_database(str(filled.url.database))
    with pytest.raises(Exception, match="t"):  # "t" is no topic of ours: the old facts stay
        rebuild(engine)
    with write_transaction(engine) as connection:
        connection.exec_driver_sql("DELETE FROM fact_money")
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO event SELECT position, stream, version, topic, batch, x'00', leaf FROM event",
        "INSERT OR REPLACE INTO topic VALUES (1, 'other')",
        "INSERT OR REPLACE INTO ledger_info VALUES ('origin', 'other')",
        "INSERT INTO topic VALUES (1, 'o') ON CONFLICT (id) DO UPDATE SET name = 'o'",
    ],
)
def test_insert_or_replace_does_not_walk_past_the_triggers(filled: Engine, statement: str) -> None:
    engine = open_database(str(filled.url.database))
    with pytest.raises(Exception, match=r"append-only|已被拦下"), write_transaction(engine) as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert verify(filled).ok


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/a/x.db", "ext4"),
        ("/mnt/share/x.db", "cifs"),
        ("/mnt/shared/x.db", "ext4"),
        ("/mnt/share/own/x.db", "xfs"),
        ("/mnt/two words/x.db", "nfs4"),
        ("/mnt/over/x.db", "fuse.sshfs"),
    ],
)
def test_the_innermost_mount_says_what_disk_it_is(tmp_path: Path, place: str, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert file_system_of(Path(place), mounts) == kind


def test_disks_of_other_computers_are_known() -> None:
    assert all(map(is_network_disk, ("nfs", "nfs4", "cifs", "9p", "fuse.sshfs", "NFS", "virtiofs")))
    assert not any(map(is_network_disk, ("ext4", "xfs", "btrfs", "tmpfs", "fuseblk", "overlay", "")))
    assert file_system_of(Path.cwd(), Path("/nowhere")) == ""


def test_a_ledger_is_not_written_on_a_network_disk(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    url = str(filled.url.database)
    monkeypatch.setattr("ledger.database.file_system_of", lambda _path: "nfs4")
    with pytest.raises(StorageError) as caught:
        open_database(url)
    assert caught.value.code == "storage.network_disk"
    assert "nfs4" in caught.value.message
    reading = open_database(url, read_only=True)
    assert verify(reading).ok  # an auditor may read a copy wherever it lies
    reading.dispose()
    monkeypatch.setenv("XIANJIE_ALLOW_NETWORK_DISK", "1")
    open_database(url).dispose()

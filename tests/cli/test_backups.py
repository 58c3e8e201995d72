"""Backups as an administrator makes them: nothing counts before it was restored, and an older one is noticed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.database import open_database, read_transaction
from ledger.log.raw import raw_lines
from ledger.log.verify import verify
from tests.cli.conftest import Program

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASE = ("payment", "release", "P1", "--amount", "10.05", "--date", "2022-02-01")


def raw(url: str) -> list[bytes]:
    engine = open_database(url, read_only=True)
    with read_transaction(engine) as connection:
        lines = [line for _, line in raw_lines(connection)]
    engine.dispose()
    return lines


@pytest.fixture
def backup(funded: Program, tmp_path: Path) -> Path:
    """A backup of the funded ledger."""
    folder = tmp_path / "backups" / "2022-02"
    funded.ok("backup", "create", str(folder))
    return folder


def test_a_backup_is_one_plain_file_with_its_head_and_a_list(funded: Program, backup: Path) -> None:
    assert {path.name for path in backup.iterdir()} == {"ledger.db", "ledger.db.head", "manifest.json"}
    with sqlite3.connect(backup / "ledger.db") as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    copy.close()
    assert raw(str(backup / "ledger.db")) == raw(funded.url)
    assert list(backup.parent.iterdir()) == [backup]


def test_only_a_restored_and_verified_backup_is_recorded(funded: Program, backup: Path) -> None:
    said = funded.json("backup", "verify", str(backup))
    event = said["events"][0]
    manifest = json.loads((backup / "manifest.json").read_text("utf-8"))
    assert event["topic"] == "backup.verified"
    assert event["data"]["size"] == said["first"] - 1
    assert [event["data"]["file_bytes"], event["data"]["file_hash"]] == manifest["files"]["ledger.db"]
    assert funded.json("audit", "verify")["ok"]


def test_a_backup_made_while_somebody_records_is_whole(funded: Program, tmp_path: Path) -> None:
    writer = open_database(funded.url)
    with writer.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        funded.ok("backup", "create", str(tmp_path / "b"))
    writer.dispose()
    funded.ok("backup", "verify", str(tmp_path / "b"))


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _edit_and_list(path: Path) -> None:
    """Edit the copy and write a list to match: only its own log can tell."""
    import hashlib  # noqa: PLC0415 - what this one does

    with sqlite3.connect(path) as copy:
        triggers = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            copy.execute(f"DROP TRIGGER {name}")
        copy.execute("UPDATE event SET state = CAST(replace(state, '1000000000', '9000000000') AS BLOB)")
        for _, sql in triggers:
            copy.execute(sql)
    copy.close()
    manifest = json.loads((path.parent / "manifest.json").read_text("utf-8"))
    manifest["files"]["ledger.db"] = [path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()]
    (path.parent / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a flipped bit": (lambda folder: _flip(folder / "ledger.db"), "backup.damaged"),
    "an edit with a list to match": (lambda folder: _edit_and_list(folder / "ledger.db"), "backup.findings"),
    "a missing file": (lambda folder: (folder / "ledger.db.head").unlink(), "backup.damaged"),
    "a list of nonsense": (lambda folder: _text(folder, "[]"), "backup.damaged"),
    "a list that names a file elsewhere": (lambda folder: _text(folder, _elsewhere(folder)), "backup.damaged"),
    "a list with another checkpoint": (lambda folder: _text(folder, _moved_head(folder)), "backup.findings"),
}


def _text(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _elsewhere(folder: Path) -> str:
    return (folder / "manifest.json").read_text("utf-8").replace("ledger.db.head", "../other.db")


def _moved_head(folder: Path) -> str:
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    origin, size, rest = said["checkpoint"].split("\n", 2)
    return json.dumps({**said, "checkpoint": f"{origin}\n{int(size) - 1}\n{rest}"})


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_backup_counts_nowhere(funded: Program, backup: Path, tmp_path: Path, name: str) -> None:
    damage, code = DAMAGE[name]
    damage(backup)
    exit_code, error = funded.refused("backup", "verify", str(backup))
    assert (exit_code, error["code"]) == (5, code)
    target = Program(str(tmp_path / "again.db"))
    done = target.run("-f", "json", "backup", "restore", str(backup))
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (5, code)
    assert not Path(target.url).exists()


def test_a_backup_of_another_history_is_no_backup_of_this_ledger(funded: Program, backup: Path, tmp_path: Path) -> None:
    other = Program(str(tmp_path / "other.db"))
    other.ok("init", "--date", "2022-01-01")
    assert other.refused("backup", "verify", str(backup))[1]["code"] == "backup.damaged"
    assert funded.refused("backup", "verify", str(tmp_path))[0] == 3


def test_the_newest_backup_is_restored_with_every_entry_and_goes_on(funded: Program, backup: Path) -> None:
    before, lines = funded.position(), raw(funded.url)
    for ending in ("", "-wal", "-shm"):
        Path(funded.url + ending).unlink(missing_ok=True)  # the disk is new, the note of the head was kept
    said = json.loads(funded.run("-f", "json", "backup", "restore", str(backup)).stdout)
    assert said["size"] == before
    assert raw(funded.url) == lines
    assert funded.json("audit", "verify")["ok"]
    funded.ok(*RELEASE)
    assert funded.json("report", "balance")["position"] == before + 1


def test_nothing_is_restored_over_a_ledger_that_is_there(funded: Program, backup: Path) -> None:
    exit_code, error = funded.refused("backup", "restore", str(backup))
    assert (exit_code, error["code"]) == (6, "backup.occupied")


def _lose_the_disk(program: Program, aside: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        if Path(program.url + ending).exists():
            shutil.move(program.url + ending, aside)


def test_an_older_backup_is_noticed_and_its_loss_recorded(funded: Program, backup: Path, tmp_path: Path) -> None:
    size = funded.position()
    funded.ok(*RELEASE)
    aside = tmp_path / "lost"
    aside.mkdir()
    _lose_the_disk(funded, aside)
    done = funded.run("-f", "json", "backup", "restore", str(backup))
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (5, "backup.older")
    assert f"第 {size + 1} 至 {size + 1} 号" in json.loads(done.stderr)["message"]
    assert not Path(funded.url).exists()

    unfounded = funded.run("-f", "json", "backup", "restore", str(backup), "--accept-loss")
    assert (unfounded.exit_code, json.loads(unfounded.stderr)["code"]) == (1, "backup.loss_unfounded")
    assert not Path(funded.url).exists()

    funded.ok("backup", "restore", str(backup), "--accept-loss", "--reason", "硬盘损坏")
    event = funded.json("audit", "show", str(size + 1))
    assert event["topic"] == "backup.restored"
    assert (event["data"]["size"], event["data"]["lost_size"]) == (size, size + 1)
    assert funded.json("audit", "verify")["ok"]
    assert Path(f"{funded.url}.head.before-{size}").exists()


def test_a_checkpoint_kept_elsewhere_tells_what_the_backup_lacks(funded: Program, backup: Path, tmp_path: Path) -> None:
    funded.ok(*RELEASE)
    kept = tmp_path / "printed.txt"
    shutil.copy(f"{funded.url}.head", kept)
    target = Program(str(tmp_path / "new" / "again.db"))
    (tmp_path / "new").mkdir()
    done = target.run("-f", "json", "backup", "restore", str(backup), "--checkpoint", str(kept))
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (5, "backup.older")
    other = kept.read_text("utf-8").replace("A", "B", 1).splitlines()
    kept.write_text("\n".join([kept.read_text("utf-8").splitlines()[0], "3", other[2]]) + "\n", encoding="utf-8")
    done = target.run("-f", "json", "backup", "restore", str(backup), "--checkpoint", str(kept))
    assert json.loads(done.stderr)["code"] == "backup.other_history"


def test_the_second_record_brings_back_what_the_backup_lacks(funded: Program, backup: Path, tmp_path: Path) -> None:
    journal = tmp_path / "disk2" / "journal.jsonl"
    journal.parent.mkdir()
    funded.ok("backup", "journal", str(journal))
    funded.ok(*RELEASE)
    funded.ok(*RELEASE, "--key", "again")
    lines = raw(funded.url)
    aside = tmp_path / "lost"
    aside.mkdir()
    _lose_the_disk(funded, aside)
    funded.ok("backup", "restore", str(backup), "--journal", str(journal))
    assert raw(funded.url) == lines
    assert funded.json("audit", "verify")["ok"]
    assert "还差" not in funded.ok("backup", "journal")


def test_the_second_record_is_shown_and_given_up(funded: Program, tmp_path: Path) -> None:
    assert "没有设定" in funded.ok("backup", "journal")
    journal = tmp_path / "j.jsonl"
    funded.ok("backup", "journal", str(journal))
    funded.ok(*RELEASE)
    assert funded.json("backup", "journal")["position"] == funded.position()
    journal.write_bytes(journal.read_bytes().replace("食用菌".encode(), "食用果".encode()))
    done = funded.run("-f", "json", "backup", "journal")
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (5, "journal.differs")
    funded.ok("backup", "journal", "--off")
    assert "没有设定" in funded.ok("backup", "journal")


def test_exported_lines_make_the_same_ledger_again_on_either_database(
    funded: Program, database_url: str, tmp_path: Path
) -> None:
    if "://" not in database_url:
        database_url = str(tmp_path / "again.db")
    file = tmp_path / "raw.jsonl"
    funded.ok("backup", "export", str(file))
    again = Program(database_url)
    again.ok("backup", "import", str(file))
    again.ok("backup", "import", str(file))  # begun again, it changes nothing
    assert raw(again.url) == raw(funded.url)
    engine = open_database(again.url)
    assert verify(engine).ok
    engine.dispose()
    assert again.json("report", "balance") == funded.json("report", "balance")
    assert funded.run("backup", "export", str(file)).exit_code == 6


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("食用菌", "食用果", "log.other_checkpoint"),
        ("tranche:T1", "tranche:T9", "raw.other_stream"),
        ('"topic":"project.planned"', '"topic":"no.such"', "event.unknown_topic"),
        ('"version":1', '"version":"1"', "raw.malformed"),
    ],
)
def test_edited_lines_are_not_recorded_again(funded: Program, tmp_path: Path, old: str, new: str, code: str) -> None:
    file = tmp_path / "raw.jsonl"
    funded.ok("backup", "export", str(file))
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    done = Program(str(tmp_path / "again.db")).run("-f", "json", "backup", "import", str(file))
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (1 if code == "raw.malformed" else 5, code)


def test_a_postgresql_ledger_is_told_its_own_tools(postgres_url: str, tmp_path: Path) -> None:
    program = Program(postgres_url)
    program.ok("init", "--date", "2022-01-01")
    done = program.run("backup", "create", str(tmp_path / "b"))
    assert done.exit_code == 6
    assert "pg_dump" in done.stderr
    assert "pg_restore" in program.run("backup", "restore", str(tmp_path / "b")).stderr

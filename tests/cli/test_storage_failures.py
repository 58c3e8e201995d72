"""A database that cannot be used, or was tampered with: exit codes 6 and 5, one message, nothing recorded."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cli.main import xianjie

if TYPE_CHECKING:
    from tests.cli.conftest import Program

RELEASE = ["payment", "release", "P1", "--amount", "10.05", "--date", "2022-02-01"]
SMALL = 256 * 1024


def failure(url: str, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(xianjie, ["--db", url, "-f", "json", *arguments])
    return done.exit_code, json.loads(done.stderr)["code"]


def test_a_missing_ledger_names_the_next_command(tmp_path: Path) -> None:
    done = CliRunner().invoke(xianjie, ["--db", str(tmp_path / "none.db"), "fund", "list"])
    assert done.exit_code == 6
    assert "xianjie init" in done.stderr


@pytest.mark.parametrize("command", [["fund", "list"], RELEASE, ["audit", "verify"], ["db", "info"]])
def test_a_database_that_is_not_ours_is_left_alone(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (a)")
    other.close()
    text = tmp_path / "text.db"
    text.write_text("这不是数据库" * 1000, encoding="utf-8")
    assert failure(str(path), *command) == (6, "storage.not_ours")
    assert failure(str(text), *command) == (6, "storage.not_ours")
    assert failure(str(path), "init") == (6, "storage.not_ours")


def test_a_newer_ledger_asks_for_a_newer_program(funded: Program) -> None:
    with sqlite3.connect(funded.url) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    assert failure(funded.url, *RELEASE) == (6, "storage.newer")
    assert failure(funded.url, "report", "balance") == (6, "storage.newer")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_ledger_can_be_read_and_not_written(funded: Program) -> None:
    path = Path(funded.url)
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        assert funded.json("project", "list")
        assert failure(funded.url, *RELEASE) == (6, "storage.read_only")
    finally:
        path.parent.chmod(0o755)
        path.chmod(0o644)


@pytest.mark.parametrize("command", [["report", "balance"], ["fund", "list"], RELEASE, ["audit", "verify"]])
def test_a_ledger_that_became_shorter_gives_no_more_reports(funded: Program, command: list[str]) -> None:
    with sqlite3.connect(funded.url) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    older = Path(funded.url).read_bytes()
    funded.json(*RELEASE)
    for rest in ("-wal", "-shm"):
        Path(funded.url + rest).unlink(missing_ok=True)
    Path(funded.url).write_bytes(older)  # a backup put back, its note of the acknowledged head left as it was

    assert failure(funded.url, *command)[0] == 5


def test_an_address_that_is_no_database_is_refused() -> None:
    assert failure("mysql://root@localhost/x", "fund", "list") == (6, "storage.bad_url")
    assert failure("postgresql+psycopg://nobody@127.0.0.1:1/none", "fund", "list") == (6, "storage.cannot_connect")


def _limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


def test_a_full_disk_is_told_and_the_ledger_stays_whole(funded: Program, tmp_path: Path) -> None:
    rows = ["批次编号,项目编号,金额(元),日期", *["T2,P1,0.01,2022-02-01"] * 3000]
    file = tmp_path / "many.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    before = funded.position()
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from cli.main import main; main()", "--db", funded.url, "-f", "json"),
            *("import", "apply", str(file), "--kind", "allocations"),
        ],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_limit_file_size,
    )
    assert (done.returncode, json.loads(done.stderr)["code"].partition(".")[0]) == (6, "storage")
    assert funded.position() == before
    assert funded.json("audit", "verify")["ok"]


def alter(url: str, *statements: str) -> None:
    """Change the file behind the back of the program, triggers put aside and back."""
    with sqlite3.connect(url) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)
        for _, sql in triggers:
            database.execute(sql)
    database.close()


def test_an_altered_byte_is_found_with_its_position(funded: Program) -> None:
    alter(
        funded.url,
        "UPDATE event SET state = CAST(replace(state, '1000000000', '9000000000') AS BLOB) WHERE position = 4",
    )
    done = funded.run("-f", "json", "audit", "verify")
    report, error = json.loads(done.stdout), json.loads(done.stderr)
    assert (done.exit_code, error["code"], error["where"]) == (5, "audit.findings", "第 4 号")
    assert report["ok"] is False
    assert report["findings"][0]["position"] == 4
    assert "第 4 号" in funded.run("audit", "verify").stdout


def test_facts_that_differ_from_the_log_are_found_and_can_be_rebuilt(funded: Program) -> None:
    alter(funded.url, "UPDATE fact_money SET amount_fen = amount_fen + 1 WHERE measure = 'allocated'")
    assert funded.run("audit", "verify").exit_code == 5
    assert funded.run("audit", "verify", "--log-only").exit_code == 0
    compared = funded.run("db", "compare", "-f", "json")
    assert (compared.exit_code, len(json.loads(compared.stdout))) == (5, 1)
    funded.ok("db", "rebuild")
    assert funded.json("audit", "verify")["ok"]


def test_facts_of_another_revision_do_not_hide_that_an_entry_was_recorded(funded: Program) -> None:
    alter(funded.url, "UPDATE facts_info SET revision = 99")
    before = funded.position()
    done = funded.run(*RELEASE)
    assert (done.exit_code, funded.position()) == (0, before + 1)
    assert "xianjie db rebuild" in done.stderr
    assert failure(funded.url, "report", "balance") == (6, "facts.other_revision")
    funded.ok("db", "rebuild")
    assert funded.json("report", "balance")["position"] == before + 1


def test_a_shortened_ledger_takes_no_more_entries(funded: Program, tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    older.write_bytes(Path(funded.url).read_bytes())
    funded.ok(*RELEASE)
    Path(funded.url).write_bytes(older.read_bytes())
    assert failure(funded.url, *RELEASE)[0] == 5
    assert funded.run("audit", "verify").exit_code == 5


def test_a_folder_that_is_not_there_is_not_found_and_every_reason_is_chinese(funded: Program) -> None:
    exit_code, error = funded.refused("site", "check", "没有这里")
    assert (exit_code, error["code"]) == (3, "site.not_found")
    for words in (("import", "check", "没有.xlsx", "--kind", "allocations"), ("notice", "check", "没有.xlsx")):
        exit_code, error = funded.refused(*words)
        assert exit_code in {1, 3, 6}
        assert error["message"].isascii() is False
        assert "No such" not in error["message"] + error["hint"]

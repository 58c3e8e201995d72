"""The examination lists everything at once: what is fine, what is odd, what must be put right."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger.dates import format_date, today
from tests.cli.conftest import Program
from tests.cli.test_storage_failures import alter

if TYPE_CHECKING:
    from collections.abc import Callable


def examine(program: Program) -> tuple[int, dict[str, Any]]:
    done = program.run("-f", "json", "doctor")
    report = json.loads(done.stdout)
    assert report["ok"] == (done.exit_code == 0)
    return done.exit_code, {each["check"]: each for each in report["checks"]}


def failures(program: Program) -> set[str]:
    return {name for name, each in examine(program)[1].items() if each["level"] == "failure"}


@pytest.fixture
def healthy(funded: Program, tmp_path: Path) -> Program:
    """A ledger with a verified backup."""
    funded.ok("backup", "create", str(tmp_path / "backup"))
    funded.ok("backup", "verify", str(tmp_path / "backup"))
    return funded


def test_a_healthy_ledger_passes_and_says_so(healthy: Program) -> None:
    code, checks = examine(healthy)
    assert code == 0, checks
    expected = {
        "settings",
        "structure",
        "pages",
        "head",
        "journal",
        "facts",
        "clock",
        "backup",
        "network_disk",
        "space",
    }
    assert expected | {"writable", "permissions", "zone", "sqlite", "packages", "encoding", "fonts"} <= set(checks)
    assert all(each["hint"] for each in checks.values() if each["level"] != "ok")
    assert "要处理" not in healthy.ok("doctor")


def test_a_ledger_without_a_verified_backup_does_not_pass(funded: Program, tmp_path: Path) -> None:
    assert failures(funded) == {"backup"}
    funded.ok("backup", "create", str(tmp_path / "backup"))
    assert failures(funded) == {"backup"}  # made, but never restored
    old = format_date(today() - timedelta(days=8))
    funded.ok("backup", "verify", str(tmp_path / "backup"), "--date", old)
    code, checks = examine(funded)
    assert (code, checks["backup"]["level"]) == (1, "failure")
    assert "已 8 天,超过 7 天" in checks["backup"]["message"]
    done = funded.run("doctor")
    assert "要处理" in done.stdout
    assert "最近的备份" in done.stderr


def _shorten(program: Program) -> None:
    head = Path(f"{program.url}.head")
    origin, size, root = head.read_text("utf-8").splitlines()
    head.write_text(f"{origin}\n{int(size) + 1}\n{root}\n", encoding="utf-8")


def _spoil_index(program: Program) -> None:
    with closing(sqlite3.connect(program.url)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event_stream_version'").fetchone()
        (size,) = raw.execute("PRAGMA page_size").fetchone()
    content = bytearray(Path(program.url).read_bytes())
    content[(root - 1) * size : (root - 1) * size + 100] = b"\xff" * 100
    Path(program.url).write_bytes(content)


SICKNESSES: dict[str, tuple[Callable[[Program], object], str]] = {
    "a trigger is gone": (lambda program: _raw(program, "DROP TRIGGER event_no_delete"), "structure"),
    "the log became shorter": (_shorten, "head"),
    "a page is damaged": (_spoil_index, "pages"),
    "facts are ahead": (lambda program: alter(program.url, "UPDATE facts_info SET revision = 99"), "facts"),
    "others may write": (lambda program: Path(program.url).chmod(0o666), "permissions"),
    "the head file is nonsense": (lambda program: Path(f"{program.url}.head").write_text("x"), "head"),
}


def _raw(program: Program, statement: str) -> None:
    with closing(sqlite3.connect(program.url, isolation_level=None)) as raw:
        raw.execute(statement)


@pytest.mark.parametrize("name", SICKNESSES)
def test_each_sickness_is_named_and_the_other_checks_still_run(healthy: Program, name: str) -> None:
    fall_ill, check = SICKNESSES[name]
    fall_ill(healthy)
    code, checks = examine(healthy)
    assert code == 1
    assert checks[check]["level"] == "failure"
    assert "packages" in checks


@pytest.mark.parametrize("year", [2019, 2099])
def test_a_clock_that_is_wrong_is_told_here_and_before_anything_is_recorded(
    healthy: Program, monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    monkeypatch.setattr("cli.clock.now_utc_text", lambda: f"{year}-01-01T00:00:00.000Z")
    assert failures(healthy) == {"clock"}
    issue = ("fund", "issue", "--tranche", "T9", "--area", "520200", "--year", "2022", "--level", "中央")
    done = healthy.run(*issue, "--amount", "1万元", "--issuer", "省财政厅", "--doc", "文9号")
    assert done.exit_code == 0, done.output
    assert f"提醒:电脑的时间 {year}-01-01 08:00" in done.stderr


def test_a_network_disk_is_told_even_where_it_was_allowed(healthy: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.disks.file_system_of", lambda _path: "cifs")
    assert failures(healthy) == {"network_disk"}
    monkeypatch.setenv("XIANJIE_ALLOW_NETWORK_DISK", "1")
    code, checks = examine(healthy)
    assert (code, checks["network_disk"]["level"]) == (0, "warning")


def test_a_second_record_on_the_same_disk_or_gone_is_told(healthy: Program, tmp_path: Path) -> None:
    journal = tmp_path / "j.jsonl"
    healthy.ok("backup", "journal", str(journal))
    assert examine(healthy)[1]["journal"]["level"] == "warning"
    journal.unlink()
    assert failures(healthy) == {"journal"}


def test_where_there_is_no_ledger_the_computer_is_examined_all_the_same(tmp_path: Path) -> None:
    code, checks = examine(Program(str(tmp_path / "none.db")))
    assert code == 1
    assert {name for name, each in checks.items() if each["level"] == "failure"} == {"open"}
    assert "encoding" in checks


def test_postgresql_tells_when_the_account_may_change_the_log(postgres_url: str) -> None:
    program = Program(postgres_url)
    program.ok("init", "--date", "2022-01-01")
    _, checks = examine(program)
    assert checks["privileges"]["level"] == "warning"  # the account of the tests owns the tables
    assert "pages" not in checks

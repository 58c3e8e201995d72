"""Several processes at once, and a write-ahead log that is damaged. Processes that die are in ``test_deaths``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.database import open_database, read_transaction
from ledger.log.appending import Appender, BatchHeader
from ledger.log.reading import read_page
from ledger.log.verify import verify

if TYPE_CHECKING:
    from sqlalchemy import Engine

ROOT = Path(__file__).parents[3]

# Decides twenty times on one shared stream, as one of several.
COMPETITOR = """
import sys
from ledger.database import open_database
from ledger.log.appending import Appender, BatchHeader
appender = Appender(open_database(sys.argv[1]))
for step in range(20):
    with appender.open(BatchHeader(f"{sys.argv[2]}-{step}", "h", "li", "allocate", "doc")) as append:
        events = append.read_stream("shared")
        assert [version for version, _, _ in events] == list(range(1, len(events) + 1))
        append.write([("shared", len(events) + 1, "t", b""), (f"own:{sys.argv[2]}", step + 1, "t", b"")])
"""


def _start(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


@pytest.mark.parametrize("writers", [2, 8])
def test_several_processes_append_without_gap_or_failure(engine: Engine, database_url: str, writers: int) -> None:
    processes = [_start(COMPETITOR, database_url, str(number)) for number in range(writers)]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors

    with read_transaction(engine) as connection:
        rows = read_page(connection, 0, 1_000)
    assert [row.position for row in rows] == list(range(1, writers * 40 + 1))
    assert [row.version for row in rows if row.stream == "shared"] == list(range(1, writers * 20 + 1))
    assert verify(engine).findings == []


def test_a_shorter_log_after_a_damaged_journal_raises_the_alarm(
    sqlite_engine: Engine, sqlite_url: str, tmp_path: Path
) -> None:
    """One flipped bit in a write-ahead log makes SQLite forget every later commit, silently."""
    for number in range(20):
        with Appender(sqlite_engine).open(BatchHeader(None, "h", "li", "import", "doc")) as append:
            append.write([(f"batch:{number}", 1, "t", b"x" * 50)])
    for ending in ("", "-wal", ".head"):
        shutil.copy(f"{sqlite_url}{ending}", tmp_path / f"copy.db{ending}")
    journal = tmp_path / "copy.db-wal"
    damaged = bytearray(journal.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    journal.write_bytes(damaged)

    again = open_database(str(tmp_path / "copy.db"))
    report = verify(again)
    assert [one.kind for one in report.findings] == ["truncation"]
    assert 0 < report.events < 20
    again.dispose()

"""Several processes at once, and processes that die: nothing acknowledged is lost, nothing is half or doubled."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from ledger.database import open_database, read_transaction, write_transaction
from ledger.log.appending import Appender, BatchHeader
from ledger.log.reading import read_page
from ledger.log.verify import verify

if TYPE_CHECKING:
    from sqlalchemy import Engine

ROOT = Path(__file__).parents[3]

# Appends batches n, n+1, … until killed; a batch has n % 5 + 1 events under the key "n". Says each n when acknowledged.
WORKER = """
import sys
from ledger.database import open_database
from ledger.log.appending import Appender, BatchHeader
url, n = sys.argv[1], int(sys.argv[2])
appender = Appender(open_database(url))
while True:
    with appender.open(BatchHeader(str(n), "h", "li", "import", "doc")) as append:
        if append.prior is None:
            append.write([(f"batch:{n}", version, "t", b"x" * 50) for version in range(1, n % 5 + 2)])
    print(n, append.receipt.first, append.receipt.last, flush=True)
    n += 1
"""

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


def _kill_again_and_again(engine: Engine, url: str, kills: int) -> None:
    randomly, acknowledged = Random(kills), dict[int, tuple[int, int]]()  # noqa: S311 - moments of death
    for _ in range(kills):
        # The next worker begins with the last number that may have been committed without being acknowledged.
        process = _start(WORKER, url, str(max(acknowledged, default=0) + 1))
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(randomly.uniform(0, 0.15))
        process.kill()
        rest, errors = process.communicate()
        assert lines[0], errors
        # A line without its end was being printed when death came: not acknowledged.
        for line in (lines[0] + rest).splitlines(keepends=True):
            if line.endswith("\n"):
                number, first, last = map(int, line.split())
                acknowledged[number] = (first, last)
        _check(engine, acknowledged)


def _check(engine: Engine, acknowledged: dict[int, tuple[int, int]]) -> None:
    with write_transaction(engine):
        pass  # a server may still be committing for a client that is dead: wait for its turn to end
    report = verify(engine)
    assert report.findings == []
    with read_transaction(engine) as connection:
        batches = [
            (int(key), (first, last))
            for key, first, last in connection.exec_driver_sql("SELECT key, first, last FROM batch ORDER BY id")
        ]
    assert [number for number, _ in batches] == list(range(1, len(batches) + 1))
    assert all(last - first == number % 5 for number, (first, last) in batches)
    assert acknowledged.items() <= dict(batches).items()
    assert report.events == batches[-1][1][1]


@pytest.mark.parametrize(
    ("kind", "kills"),
    [("sqlite", 10), ("postgres", 3), *(pytest.param(k, 400, marks=pytest.mark.soak) for k in ("sqlite", "postgres"))],
)
def test_death_at_any_moment_loses_nothing_acknowledged(request: pytest.FixtureRequest, kind: str, kills: int) -> None:
    engine: Engine = request.getfixturevalue(f"{kind}_engine")
    url: str = request.getfixturevalue(f"{kind}_url")
    _kill_again_and_again(engine, url, kills)


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

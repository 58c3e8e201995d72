"""Death at every named point, and disks that fill up: nothing acknowledged is lost, nothing half, nothing doubled."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.database import write_transaction
from ledger.log.appending import Appender, BatchHeader
from ledger.log.journal import compare_journal, configure_journal, journal_of
from ledger.log.verify import verify
from tests.ledger.log.filling import fill

if TYPE_CHECKING:
    from sqlalchemy import Engine

ROOT = Path(__file__).parents[3]
ORIGIN = "520200.test.xianjie.example/ledger"

# Whether the batch is stored when death comes at the point.
POINTS = {
    "before the insert": False,
    "after the insert": False,
    "before the batch row": False,
    "after the batch row": False,
    "before the commit": False,
    "after the commit": True,
    "before the journal is on the disk": True,
    "after the journal": True,
    "before the head file": True,
    "before the head file takes its place": True,
    "after the head file": True,
}
NOWHERE = "nowhere"

# Appends one batch of three events under the key, and dies at the point. Says so when it is acknowledged.
WORKER = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from ledger.database import open_database
from ledger.log import journal
from ledger.log.appending import Appender, BatchHeader

url, key, point = sys.argv[1:]

def at(name):
    if name == point:
        os.kill(os.getpid(), signal.SIGKILL)

engine = open_database(url)
appender = Appender(engine)

def wrapped(call, before, after):
    def run(*arguments):
        at(before)
        done = call(*arguments)
        at(after)
        return done
    return run

for moment, hook in (("before", "before_cursor_execute"), ("after", "after_cursor_execute")):
    def watch(_connection, _cursor, statement, *_, moment=moment):
        if statement.startswith("INSERT INTO event"):
            at(f"{moment} the insert")
        if statement.startswith("INSERT INTO batch"):
            at(f"{moment} the batch row")
    event.listen(engine, hook, watch)
event.listen(engine, "commit", lambda _connection: at("before the commit"))
if appender._journal is not None:
    appender._journal.complete(engine)  # what the open would do: from now on the next call is the one after the commit
    calls = []
    complete = appender._journal.complete
    def once_more(given):
        calls.append(1)
        if len(calls) < 2:
            return complete(given)
        at("after the commit")
        synced = journal.os.fsync
        journal.os.fsync = wrapped(synced, "before the journal is on the disk", "-")
        done = complete(given)
        journal.os.fsync = synced
        at("after the journal")
        return done
    appender._journal.complete = once_more
raise_to = appender._high_water.raise_to
def raised(checkpoint):
    at("before the head file")
    replace = Path.replace
    Path.replace = wrapped(replace, "before the head file takes its place", "-")
    raise_to(checkpoint)
    Path.replace = replace
    at("after the head file")
appender._high_water.raise_to = raised

with appender.open(BatchHeader(key, "h", "li", "import", "doc")) as append:
    if append.prior is None:
        append.write([(f"batch:{key}", version, "t", b"x" * 50) for version in range(1, 4)])
print("acknowledged", append.receipt.last, append.receipt.repeated, flush=True)
"""


def _run(url: str, key: str, point: str, *, limit: int = 0) -> subprocess.CompletedProcess[str]:
    def keep_within() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-c", WORKER, url, key, point],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=keep_within,
    )


def _submit(engine: Engine, key: str) -> None:
    """Submit what the worker submits, as whoever was told nothing does again."""
    with Appender(engine).open(BatchHeader(key, "h", "li", "import", "doc")) as append:
        if append.prior is None:
            append.write([(f"batch:{key}", version, "t", b"x" * 50) for version in range(1, 4)])


def _check(engine: Engine, batches: int) -> None:
    with write_transaction(engine) as connection:  # a server may still be committing for a client that is dead
        keys = connection.exec_driver_sql("SELECT key, last - first FROM batch ORDER BY id").all()
    assert [(key, more) for key, more in keys if key] == [(str(number), 2) for number in range(1, batches + 1)]
    assert verify(engine).findings == []


def _die_and_retry(engine: Engine, url: str, points: tuple[str, ...]) -> None:
    for number, point in enumerate(points, 1):
        died = _run(url, str(number), point)
        assert died.returncode == -9, f"{point}: {died.stderr}"
        assert died.stdout == "", point  # nobody was told anything
        _check(engine, number if POINTS[point] else number - 1)
        _submit(engine, str(number))
        _check(engine, number)


@pytest.mark.parametrize("rounds", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_death_at_each_named_point_loses_and_doubles_nothing(
    sqlite_engine: Engine, sqlite_url: str, tmp_path: Path, rounds: int
) -> None:
    configure_journal(sqlite_engine, ORIGIN, tmp_path / "journal.jsonl")
    _die_and_retry(sqlite_engine, sqlite_url, (*POINTS,) * rounds)
    journal = journal_of(sqlite_engine, ORIGIN)
    assert journal is not None
    state = compare_journal(sqlite_engine, journal)
    assert (state.behind, state.finding, state.last) == (0, None, 3 * rounds * len(POINTS))


@pytest.mark.parametrize("rounds", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_death_at_each_named_point_on_postgresql(postgres_engine: Engine, postgres_url: str, rounds: int) -> None:
    points = tuple(point for point in POINTS if "journal" not in point and point != "after the commit")
    _die_and_retry(postgres_engine, postgres_url, points * rounds)


def test_a_disk_that_fills_up_at_any_moment_leaves_whole_batches(sqlite_engine: Engine, sqlite_url: str) -> None:
    fill(sqlite_engine, [100])
    sqlite_engine.dispose()
    size, batches = Path(sqlite_url).stat().st_size, 0
    for step in range(6):
        # With the write-ahead log the first to grow; the head file always fits.
        done = _run(sqlite_url, str(batches + 1), NOWHERE, limit=8192 * (step + 1) if step % 2 else size + 8192 * step)
        if done.stdout.startswith("acknowledged"):
            batches += 1
        else:
            assert "StorageError" in done.stderr.splitlines()[-1], done.stderr
    _submit(sqlite_engine, str(batches + 1))
    _check(sqlite_engine, batches + 1)

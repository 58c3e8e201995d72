"""Death at any moment and at every named point, and disks that fill up: nothing acknowledged lost, nothing doubled.

The long runs keep to many small ledgers: each death is followed by a look at every byte of its ledger.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

from ledger.database import open_database, read_transaction, write_transaction
from ledger.log.appending import Appender
from ledger.log.journal import compare_journal, configure_journal, journal_of
from ledger.log.schema import create_log
from ledger.log.verify import verify
from tests.conftest import ORIGIN
from tests.ledger.log.filling import fill
from tests.ledger.log.mortal import NOWHERE, STOPPED, append_until_killed, die_at, lines_of, start, submit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

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
WITHOUT_JOURNAL = tuple(point for point in POINTS if "journal" not in point and point != "after the commit")
KILLED = -9


@pytest.fixture
def new_ledger(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Make empty ledgers, as many as asked for; their databases go with the test."""
    made = []

    def on_sqlite() -> str:
        return _created(str(tmp_path / f"{uuid4().hex}.db"))

    def on_postgresql() -> str:
        server = request.getfixturevalue("postgres_server")
        made.append(schema := f"test_{uuid4().hex[:12]}")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}".encode())
        there = make_url(server).set(drivername="postgresql+psycopg")
        options = {"options": f"-csearch_path={schema}"}
        return _created(there.update_query_dict(options).render_as_string(hide_password=False))

    yield on_sqlite if kind == "sqlite" else on_postgresql
    for schema in made:
        with psycopg.connect(request.getfixturevalue("postgres_server"), autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


def _created(url: str) -> str:
    engine = open_database(url, create=True)
    create_log(engine, ORIGIN)
    engine.dispose()
    return url


def _settle(engine: Engine) -> None:
    """Wait until a server that may still be committing for a client that is dead has ended its turn."""
    with write_transaction(engine):
        pass


def _check_batches(engine: Engine, batches: int) -> None:
    _settle(engine)
    with read_transaction(engine) as connection:
        keys = connection.exec_driver_sql("SELECT key, last - first FROM batch ORDER BY id").all()
    assert [(key, more) for key, more in keys if key] == [(str(number), 2) for number in range(1, batches + 1)]
    assert verify(engine).findings == []


def _die_and_retry(url: str, said: Path, points: tuple[str, ...]) -> None:
    engine = open_database(url)
    for number, point in enumerate(points, 1):
        died = start(die_at, url, str(number), point, str(said))
        died.join()
        assert died.exitcode == KILLED, point
        assert lines_of(said) == [], point  # nobody was told anything
        _check_batches(engine, number if POINTS[point] else number - 1)
        # Whoever was told nothing submits again.
        assert submit(Appender(engine), str(number), 3).repeated == POINTS[point]
        _check_batches(engine, number)
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("ledgers", [1, pytest.param(100, marks=pytest.mark.soak)])
def test_death_at_each_named_point_loses_and_doubles_nothing(
    new_ledger: Callable[[], str], tmp_path: Path, ledgers: int
) -> None:
    for number in range(ledgers):
        url = new_ledger()
        # The home of the notes is one for all ledgers of PostgreSQL; here each has its own, so nothing is shared.
        engine = open_database(url)
        configure_journal(engine, ORIGIN, tmp_path / f"journal-{number}.jsonl")
        _die_and_retry(url, tmp_path / "said", tuple(POINTS))
        journal = journal_of(engine, ORIGIN)
        assert journal is not None
        state = compare_journal(engine, journal)
        assert (state.behind, state.finding, state.last) == (0, None, 3 * len(POINTS))
        engine.dispose()
    print(f"{ledgers * len(POINTS)} deaths at {len(POINTS)} named points")  # noqa: T201 - what a long run is for


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.parametrize("ledgers", [1, pytest.param(125, marks=pytest.mark.soak)])
def test_death_at_each_named_point_on_postgresql(
    new_ledger: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledgers: int
) -> None:
    for number in range(ledgers):
        monkeypatch.setenv("XIANJIE_HOME", str(tmp_path / f"home-{number}"))  # all ledgers here have one name
        _die_and_retry(new_ledger(), tmp_path / "said", WITHOUT_JOURNAL)
    print(f"{ledgers * len(WITHOUT_JOURNAL)} deaths at {len(WITHOUT_JOURNAL)} named points")  # noqa: T201 - as above


class _Fates:
    """What became of the batches of one ledger whose writers are killed again and again."""

    def __init__(self, url: str, said: Path) -> None:
        self.url, self.said = url, said
        self.engine = open_database(url)
        self.acknowledged: dict[int, tuple[int, int]] = {}
        self.counted: Counter[str] = Counter()

    def kill_one(self, seconds: float, *, in_flight: bool) -> None:
        """Start a writer, kill it so long after its start or its first acknowledged batch, and look at everything."""
        # It begins with the last number that may have been committed without being acknowledged.
        before = max(self.acknowledged, default=0)
        writer = start(append_until_killed, self.url, before + 1, str(self.said))
        while in_flight and writer.is_alive() and not lines_of(self.said):
            time.sleep(0.001)
        time.sleep(seconds)
        writer.kill()
        writer.join()
        assert writer.exitcode == KILLED
        for line in lines_of(self.said):
            number, first, last = map(int, line.split())
            self.acknowledged[number] = (first, last)
        self.said.unlink(missing_ok=True)
        self._check(before)

    def _check(self, before: int) -> None:
        _settle(self.engine)
        report = verify(self.engine)
        assert report.findings == []
        with read_transaction(self.engine) as connection:
            rows = connection.exec_driver_sql("SELECT key, first, last FROM batch ORDER BY id").all()
        stored = {int(key): (first, last) for key, first, last in rows}
        assert list(stored) == [*range(1, len(stored) + 1)]  # none missing, none twice
        assert all(last - first == number % 5 for number, (first, last) in stored.items())  # none partial
        assert self.acknowledged.items() <= stored.items()  # none lost
        assert report.events == sum(number % 5 + 1 for number in stored)
        known = max(self.acknowledged, default=0)
        self.counted["deaths"] += 1
        self.counted["before anything was acknowledged"] += known == before
        self.counted["with a batch stored and not acknowledged"] += len(stored) > known
        self.counted["batches"] += known - before


@pytest.mark.parametrize(
    ("kind", "ledgers", "deaths"),
    [
        ("sqlite", 1, 10),
        ("postgresql", 1, 3),
        *(pytest.param(kind, 50, 20, marks=pytest.mark.soak) for kind in ("sqlite", "postgresql")),
    ],
)
def test_death_at_any_moment_loses_nothing_acknowledged(
    new_ledger: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledgers: int, deaths: int
) -> None:
    randomly, counted = Random(ledgers), Counter[str]()  # noqa: S311 - moments of death
    for number in range(ledgers):
        monkeypatch.setenv("XIANJIE_HOME", str(tmp_path / f"home-{number}"))
        fates = _Fates(new_ledger(), tmp_path / "said")
        for death in range(deaths):
            # Half of them while the writer is only opening the ledger or at its first batch, half in full flight.
            fates.kill_one(randomly.uniform(0, 0.05), in_flight=death % 2 == 1)
        fates.engine.dispose()
        counted += fates.counted
    assert counted["deaths"] == ledgers * deaths
    assert counted["batches"] > 0
    print(dict(counted))  # noqa: T201 - what a long run is for


def test_a_disk_that_fills_up_at_any_moment_leaves_whole_batches(
    sqlite_engine: Engine, sqlite_url: str, tmp_path: Path
) -> None:
    fill(sqlite_engine, [100])
    sqlite_engine.dispose()
    said, size, batches = tmp_path / "said", Path(sqlite_url).stat().st_size, 0
    for step in range(6):
        # With the write-ahead log the first to grow; the head file always fits.
        limit = 8192 * (step + 1) if step % 2 else size + 8192 * step
        tried = start(die_at, sqlite_url, str(batches + 1), NOWHERE, str(said), limit)
        tried.join()
        acknowledged = len(lines_of(said)) > batches
        assert tried.exitcode == (0 if acknowledged else STOPPED)
        batches += acknowledged
    submit(Appender(sqlite_engine), str(batches + 1), 3)
    _check_batches(sqlite_engine, batches + 1)

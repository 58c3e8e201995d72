"""Several processes on one ledger: money is never spent twice, and a killed process leaves nothing half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import text

from ledger.application import Ledger, Submission
from ledger.commands.work import TRANCHE
from ledger.database import open_database, read_transaction
from ledger.domain.control import AdoptRules, OpenLedger
from ledger.domain.history import fold, live
from ledger.domain.stages import ListProject
from ledger.domain.tranche import IssueTranche
from ledger.events import registry
from ledger.log.reading import Row, read_page, read_stream
from ledger.log.schema import create_log
from ledger.log.verify import verify
from ledger.rules import shipped_packs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.command import Command

CLERK = str(Path(__file__).with_name("clerk.py"))
DAY = date(2022, 3, 1)
CLERKS, ATTEMPTS, FEN, TRANCHE_FEN = 6, 10, 7, 280
BATCH_TOPICS = ["project.listed", "project.approved", "tranche.allocated", "project.funded"]


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger with rules, the project P, and a tranche T with room for 40 of the 60 allocations of six clerks."""
    engine = open_database(database_url, create=True)
    create_log(engine, "test.example/520200")
    engine.dispose()
    made = Ledger(database_url)
    first: list[Command] = [
        OpenLedger.of(on=date(2012, 1, 1), area="520200", name="六盘水", origin="test.example/520200"),
        AdoptRules.of(on=date(2012, 1, 1), text=shipped_packs()["base"]),
        ListProject.of(
            on=DAY,
            project="P",
            name="基地",
            area="520203",
            project_year=2022,
            project_type="crop_base",
            goal="建成大棚20座",
        ),
    ]
    made.execute(first, Submission("员", "init"))
    yield made
    made.close()


def _issue(ledger: Ledger, fen: int) -> None:
    command = IssueTranche.of(
        on=DAY,
        document="1号",
        tranche="T",
        area="520203",
        plan_year=2022,
        level="central",
        amount_fen=fen,
        issuer="省厅",
    )
    ledger.execute([command], Submission("员", "issue"))


class Office:
    """The program that forks clerks, and the files in which they write down what the ledger answered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._program = subprocess.Popen(
            [sys.executable, CLERK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def start(self, *jobs: tuple[object, ...]) -> tuple[list[int], list[Path]]:
        """Start one clerk for each job (kind, url, whatever it needs more); return process ids and files."""
        files = [self._folder / uuid4().hex for _ in jobs]
        orders = [[kind, url, str(file), *more] for (kind, url, *more), file in zip(jobs, files, strict=True)]
        assert self._program.stdin is not None
        self._program.stdin.write(f"{json.dumps(orders)}\n")
        self._program.stdin.flush()
        return self._numbers(), files

    def wait(self) -> list[int]:
        """Wait until every clerk of the last order has ended; return their exit codes."""
        return self._numbers()

    def close(self) -> None:
        """End the program; no clerk may have complained."""
        _, complaints = self._program.communicate(timeout=60)
        assert (self._program.returncode, complaints) == (0, "")

    def _numbers(self) -> list[int]:
        assert self._program.stdout is not None
        return [int(word) for word in self._program.stdout.readline().split()]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office that is closed after the test."""
    made = Office(tmp_path)
    yield made
    made.close()


def test_six_processes_never_exceed_a_tranche_and_none_fails_for_nothing(
    ledger: Ledger, database_url: str, office: Office
) -> None:
    _issue(ledger, TRANCHE_FEN)

    _, files = office.start(*(("allocate", database_url, f"员{n}", ATTEMPTS, FEN) for n in range(CLERKS)))

    assert office.wait() == [0] * CLERKS
    answers = [answer for file in files for answer in file.read_text("utf-8").splitlines()]
    recorded = [answer for answer in answers if answer.startswith("recorded")]
    refused = [answer for answer in answers if answer.startswith("refused")]
    assert len(recorded) == len(set(recorded)) == TRANCHE_FEN // FEN
    assert refused == ["refused tranche.overdrawn"] * (CLERKS * ATTEMPTS - TRANCHE_FEN // FEN)
    with read_transaction(ledger.appender.engine) as connection:
        history = [registry.decode(row.topic, row.state) for row in read_stream(connection, "tranche:T")]
    assert fold(TRANCHE.evolve, TRANCHE.start, live(history)).available_fen == 0
    report = verify(ledger.appender.engine)
    assert report.ok, report.findings


def _killed_at_a_random_moment(office: Office, url: str, start: int, random: Random) -> list[tuple[int, ...]]:
    """Return what a killed clerk had been told: number, first and last position of each acknowledged batch."""
    (clerk,), (file,) = office.start(("record", url, start))
    answers = random.randrange(1, 5)
    give_up = monotonic() + 60
    while (not file.exists() or file.read_bytes().count(b"\n") < answers) and monotonic() < give_up:
        sleep(0.002)
    sleep(random.uniform(0, 0.03))
    os.kill(clerk, signal.SIGKILL)
    assert office.wait() == [-signal.SIGKILL]
    whole = file.read_text("utf-8").rpartition("\n")[0].splitlines()
    assert len(whole) >= answers
    return [tuple(map(int, line.split())) for line in whole]


def _kill_again_and_again(ledger: Ledger, url: str, office: Office, kills: int) -> None:
    """Kill, start again at the first batch that was not acknowledged, and so on; then look at what is there."""
    _issue(ledger, 10**6)
    random = Random(520200)  # noqa: S311 - the same moments every time, as far as moments can be
    acknowledged: dict[int, tuple[int, int]] = {}
    following = 0
    for _ in range(kills):
        for number, first, last in _killed_at_a_random_moment(office, url, following, random):
            acknowledged[number] = first, last
            following = number + 1

    report = verify(ledger.appender.engine)
    assert report.ok, report.findings
    with read_transaction(ledger.appender.engine) as connection:
        rows = read_page(connection, 0, 10**6)
        batches = connection.execute(
            text("SELECT key, first, last FROM batch WHERE key LIKE 'batch-%' ORDER BY id")
        ).all()
    stored = {int(key.partition("-")[2]): (first, last) for key, first, last in batches}
    assert stored.items() >= acknowledged.items()
    assert [*stored] == [*range(len(stored))], "a batch is missing or came out of turn"
    assert len(stored) - len(acknowledged) in {0, 1}, "only the last batch may be recorded without an answer"
    by_position = {row.position: row for row in rows}
    for number, (first, last) in stored.items():
        _must_be_whole(number, [by_position[position] for position in range(first, last + 1)])
    funded = [row for row in rows if row.topic == "project.funded"]
    assert len(funded) == len({row.stream for row in funded}) == len(stored), "a retry doubled a batch"


def _must_be_whole(number: int, rows: list[Row]) -> None:
    assert [row.topic for row in rows] == BATCH_TOPICS
    assert {row.stream for row in rows} == {f"project:P{number}", "tranche:T"}


def test_killed_processes_lose_nothing_acknowledged_and_leave_nothing_half(
    ledger: Ledger, database_url: str, office: Office
) -> None:
    _kill_again_and_again(ledger, database_url, office, kills=10)


@pytest.mark.soak
def test_a_hundred_kills(ledger: Ledger, database_url: str, office: Office) -> None:
    _kill_again_and_again(ledger, database_url, office, kills=100)

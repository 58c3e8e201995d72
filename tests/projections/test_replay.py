"""A replay says the same in one process and in several, and says nothing from less than everything."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, update

from ledger.database import write_transaction
from ledger.errors import LedgerError, StorageError, TamperedError
from projections.replay import replay
from projections.scope import Question
from projections.side_by_side import in_processes, in_turn
from projections.tables import fact_money
from tests.projections.small_year import year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from projections.replay import Replayed
    from projections.side_by_side import Start
    from tests.projections.conftest import History

QUESTIONS = (Question("520201", 2024, as_of=date(2024, 12, 31)),)
REPORTS = ("share", "rates", "rights", "aging")
WAYS = ("in turn", "in processes")


@contextmanager
def starting(way: str, engine: Engine) -> Iterator[Start]:
    if way == "in turn":
        yield in_turn
        return
    with in_processes(engine, 2) as start:
        yield start


def replayed(engine: Engine, way: str, to: int | None = None) -> Replayed:
    with starting(way, engine) as start:
        return replay(engine, to, QUESTIONS, REPORTS, start=start)


def test_a_true_ledger_is_the_same_again_in_one_process_and_in_several(history: History) -> None:
    engine = year(history).engine

    alone, together = (replayed(engine, way) for way in WAYS)

    assert alone == together
    assert alone.same
    assert alone.events == alone.position > 0
    assert alone.rows["fact_money"] > 0
    assert [each.report for each in alone.reports if each.figures] == list(REPORTS)


def test_up_to_a_position_the_reports_of_both_are_those_of_that_position(history: History) -> None:
    engine = year(history).engine
    whole = replayed(engine, "in turn")

    alone, together = (replayed(engine, way, whole.position - 1) for way in WAYS)

    assert alone == together
    assert alone.same
    assert alone.position == whole.position - 1
    assert alone.root != whole.root
    assert sum(alone.rows.values()) < sum(whole.rows.values())
    assert [each.report for each in alone.reports if each.figures] == list(REPORTS)


def _changed(engine: Engine) -> int:
    with write_transaction(engine) as connection:
        position = connection.execute(select(fact_money.c.position).where(fact_money.c.measure == "paid")).scalar_one()
        connection.execute(update(fact_money).where(fact_money.c.position == position).values(amount_fen=1))
    return int(position)


def _removed(engine: Engine) -> int:
    with write_transaction(engine) as connection:
        position = connection.execute(select(fact_money.c.position).where(fact_money.c.measure == "paid")).scalar_one()
        connection.execute(delete(fact_money).where(fact_money.c.position == position))
    return int(position)


def _added(engine: Engine, position: int) -> int:
    with write_transaction(engine) as connection:
        row = dict(connection.execute(select(fact_money).limit(1)).one()._mapping)
        connection.execute(insert(fact_money).values({**row, "position": position, "line": 7}))
    return position


HARMS: dict[str, Callable[[Engine], int]] = {
    "changed": _changed,
    "removed": _removed,
    "added": lambda engine: _added(engine, 3),
    "before all": lambda engine: _added(engine, -1),
    "behind the end": lambda engine: _added(engine, 10**6),
}


@pytest.mark.parametrize("harm", HARMS)
def test_every_row_that_the_log_does_not_give_is_named(history: History, harm: str) -> None:
    engine = year(history).engine
    position = HARMS[harm](engine)

    alone, together = (replayed(engine, way) for way in WAYS)

    assert alone == together
    assert [(each.table, each.position) for each in alone.differences] == [("fact_money", position)]
    assert not alone.same
    if harm in {"changed", "removed"}:
        assert {each.report for each in alone.reports if not each.same} >= {"rates", "aging"}
        assert [each.report for each in alone.reports if each.report == "rights" and each.same] == ["rights"]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_said_of_bytes_that_do_not_verify(sqlite_history: History, sqlite_url: str, way: str) -> None:
    engine = year(sqlite_history).engine
    _changed(engine)
    with closing(sqlite3.connect(sqlite_url)) as database:
        database.execute("DROP TRIGGER event_no_update")
        database.execute("UPDATE event SET state = CAST(replace(state, '20', '21') AS BLOB) WHERE position = 3")
        database.commit()

    with pytest.raises(TamperedError) as caught:
        replayed(engine, way)

    assert caught.value.code == "replay.not_verified"


def test_equal_rows_in_tables_made_otherwise_are_still_asked_for_their_reports(
    sqlite_history: History, sqlite_url: str
) -> None:
    engine = year(sqlite_history).engine
    sqlite_history.issue("TZ", 7_000, area="520201")
    sqlite_history.issue("tz", 5_000, area="520201")
    assert replayed(engine, "in turn").same
    engine.dispose()
    with closing(sqlite3.connect(sqlite_url)) as database:
        (made,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'fact_money'").fetchone()
        database.execute("ALTER TABLE fact_money RENAME TO once")
        database.execute(made.replace("tranche TEXT", "tranche TEXT COLLATE NOCASE"))
        database.execute("INSERT INTO fact_money SELECT * FROM once")
        database.execute("DROP TABLE once")
        database.commit()

    told = replayed(engine, "in turn")

    assert told.differences == ()
    assert [each.report for each in told.reports if not each.same] == ["aging"]


def _refuse() -> None:
    raise TamperedError("event.unreadable", "内容不可读", hint="查明", where="第 3 号")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_refusal_comes_back_whole_from_another_process(sqlite_engine: Engine) -> None:
    with in_processes(sqlite_engine, 2) as start, pytest.raises(LedgerError) as caught:
        start(_refuse)()

    assert type(caught.value) is TamperedError
    assert caught.value.as_dict() == {
        "code": "event.unreadable",
        "message": "内容不可读",
        "hint": "查明",
        "where": "第 3 号",
        "rule": "",
    }


def test_a_process_that_is_ended_from_outside_ends_the_replay(sqlite_engine: Engine) -> None:
    with pytest.raises(StorageError) as caught, in_processes(sqlite_engine, 2) as start:
        start(_die)()

    assert caught.value.code == "replay.process_lost"


PROGRAM = """
import os, sys, time
from ledger.database import open_database
from projections.side_by_side import in_processes

with in_processes(open_database(sys.argv[1]), 2) as start:
    first, second = start(os.getpid), start(time.sleep, 60)
    print(first(), flush=True)
    second()
"""


def test_no_process_outlives_the_one_that_was_asked(sqlite_engine: Engine, tmp_path: Path) -> None:
    script = tmp_path / "asked.py"
    script.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, str(script), str(sqlite_engine.url.database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asked:
        assert asked.stdout is not None
        worker = int(asked.stdout.readline())
        asked.kill()

    deadline = time.monotonic() + 20
    while _runs(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(worker)


def _runs(process: int) -> bool:
    """Tell whether a process is there and has not ended (a container may have nobody who clears away the ended)."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

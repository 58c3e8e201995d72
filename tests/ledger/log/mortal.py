"""Processes that die: started by the thousand, because each is forked from one that has imported the program already.

A job runs in a process of its own with its own connections, and is killed with SIGKILL: from outside at any moment, or
by itself at a named point. What it acknowledged stands in a file, written as a shell would print it: a line counts when
its end is there.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from ledger.database import open_database
from ledger.errors import StorageError
from ledger.log.appending import Appender, BatchHeader, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import ForkServerProcess

    from sqlalchemy import Engine

__all__ = ["NOWHERE", "STOPPED", "append_until_killed", "die_at", "lines_of", "start", "submit"]

_NURSERY = get_context("forkserver")
_NURSERY.set_forkserver_preload([__name__, "sqlalchemy.dialects.sqlite.pysqlite", "psycopg"])
NOWHERE = "nowhere"
STOPPED = 6


def start(job: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """Start a job in a process of its own; ``kill()`` and ``join()`` it."""
    process = _NURSERY.Process(target=_live, args=(os.environ["XIANJIE_HOME"], job, arguments), daemon=True)
    process.start()
    return process


def _live(home: str, job: Callable[..., None], arguments: tuple[object, ...]) -> None:
    os.environ["XIANJIE_HOME"] = home  # a child has the surroundings of the first test, where its parent was started
    job(*arguments)


def lines_of(said: Path) -> list[str]:
    """Return the whole lines that a job has said. One without its end was being written when death came."""
    if not said.exists():
        return []
    return [line[:-1] for line in said.read_text().splitlines(keepends=True) if line.endswith("\n")]


def append_until_killed(url: str, number: int, said: str) -> None:
    """Append batches ``number``, ``number`` + 1, …: batch n has n % 5 + 1 events under the key "n"."""
    with Path(said).open("ab", buffering=0) as out:
        appender = Appender(open_database(url))
        while True:
            receipt = submit(appender, str(number), number % 5 + 1)
            out.write(f"{number} {receipt.first} {receipt.last}\n".encode())
            number += 1


def die_at(url: str, key: str, point: str, said: str, limit: int = 0) -> None:
    """Append one batch of three events under the key, and die at the point.

    ``limit`` is the longest file allowed; a clean refusal for want of space ends with the code ``STOPPED``.
    """
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with Path(said).open("ab", buffering=0) as out:
        try:
            appender = Appender(open_database(url))
            _Fate(point).watch(appender)
            receipt = submit(appender, key, 3)
        except StorageError:
            sys.exit(STOPPED)
        out.write(f"{receipt.first} {receipt.last}\n".encode())


def submit(appender: Appender, key: str, events: int) -> Receipt:
    """Record a batch under its key, or get the receipt of when it was recorded."""
    with appender.open(BatchHeader(key, "h", "li", "import", "doc")) as append:
        if append.prior is None:
            append.write([(f"batch:{key}", version, "t", b"x" * 50) for version in range(1, events + 1)])
    return append.receipt


class _Fate:
    """Kills this process when an append comes to the named point."""

    def __init__(self, point: str) -> None:
        self._point = point

    def at(self, name: str) -> None:
        if name == self._point:
            os.kill(os.getpid(), signal.SIGKILL)

    def _around(self, call: Callable[..., Any], before: str, after: str = "") -> Callable[..., Any]:
        def run(*arguments: object) -> object:
            self.at(before)
            done = call(*arguments)
            self.at(after)
            return done

        return run

    def watch(self, appender: Appender) -> None:
        engine = appender.engine
        for moment, hook in (("before", "before_cursor_execute"), ("after", "after_cursor_execute")):

            def seen(_connection: object, _cursor: object, statement: str, *_: object, moment: str = moment) -> None:
                if statement.startswith("INSERT INTO event"):
                    self.at(f"{moment} the insert")
                if statement.startswith("INSERT INTO batch"):
                    self.at(f"{moment} the batch row")

            event.listen(engine, hook, seen)
        event.listen(engine, "commit", lambda _connection: self.at("before the commit"))
        if appender._journal is not None:
            self._watch_journal(appender)
        self._watch_head_file(appender)

    def _watch_journal(self, appender: Appender) -> None:
        """The first call of ``complete`` is what every append begins with, the second comes after the commit."""
        kept = appender._journal
        assert kept is not None
        complete, calls = kept.complete, list[int]()

        def completed(engine: Engine, *, create: bool = False) -> int:
            calls.append(1)
            if len(calls) == 1:
                return complete(engine, create=create)
            self.at("after the commit")
            synced = os.fsync
            os.fsync = self._around(synced, "before the journal is on the disk")
            done = complete(engine, create=create)
            os.fsync = synced
            self.at("after the journal")
            return done

        kept.complete = completed  # type: ignore[method-assign] # to die in it

    def _watch_head_file(self, appender: Appender) -> None:
        water = appender._high_water
        raise_to = water.raise_to

        def raised(checkpoint: Any) -> None:  # noqa: ANN401 - passed on
            self.at("before the head file")
            replace = Path.replace
            Path.replace = self._around(replace, "before the head file takes its place")  # type: ignore[method-assign] # to die in it
            raise_to(checkpoint)
            Path.replace = replace  # type: ignore[method-assign] # as it was
            self.at("after the head file")

        water.raise_to = raised  # type: ignore[method-assign] # to die in it

"""Where the parts of a long reading are done: one after another in this process, or at once in several.

The parts are functions of what they are given (an address, positions), each with a connection of its own, and what
they return is small. A part is started with ``start(function, *given)``, which returns how to get its result.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeAlias

from ledger.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

__all__ = ["Start", "in_processes", "in_turn", "usable_processors"]

Start: TypeAlias = Callable[..., Callable[[], Any]]

in_turn: Start = partial
"""Do each part when its result is asked for."""


def usable_processors() -> int:
    """Return how many processes can work at once for this one; one where processes cannot be forked safely."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


@contextmanager
def in_processes(engine: Engine, processes: int) -> Iterator[Start]:
    """Do the parts in so many forked processes, which know what this one has imported already.

    SQLite keeps account of a process's file locks in its memory, which a fork copies though the locks are not: so no
    connection to the database may be open in this process, and those that wait in the pool are closed here.

    Raises StorageError ``replay.process_lost``: a process was ended from outside.
    """
    # Not at the top: most commands start no process, and these cost a fifth of what SQLAlchemy does.
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    engine.dispose()
    pool = ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=_follow_the_parent)
    try:
        pool.submit(os.getpid)  # the first part starts all processes, before anything is opened here
        yield lambda part, *given: pool.submit(part, *given).result
    except BrokenProcessPool as error:
        raise StorageError(
            "replay.process_lost",
            "重放用的一个进程被系统终止,没有比完",
            hint="多半是内存不足:请关闭其他程序后重试;账本没有改动",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _follow_the_parent() -> None:
    """End silently when the process that was asked is interrupted, which tells the operator, or has been killed."""
    from multiprocessing import parent_process  # noqa: PLC0415 - as above

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = parent_process()

    def end() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=end, daemon=True).start()

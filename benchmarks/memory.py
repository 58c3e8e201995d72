"""Peak memory of a process that imports, catches up, verifies, replays or reports, at one size and at ten times it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Goal

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["goals"]

_JOBS = ("import", "catch-up", "verify", "replay", "report")
_GROWTH = 1.3  # SQLite's page cache, bounded at 64 MiB, is still filling up at the smaller size


def goals(small: int, factor: int = 5) -> list[Goal]:
    """Return, for each job, how much more memory it takes with ``factor`` times the events."""
    with tempfile.TemporaryDirectory() as folder:
        peaks = {size: [_peak(job, Path(folder), size) for job in _JOBS] for size in (small, small * factor)}
    pairs = zip(_JOBS, peaks[small], peaks[small * factor], strict=True)
    return [
        Goal(
            f"memory of {job} with {small * factor:,} / {small:,} events",
            large / little,
            _GROWTH,
            False,
            f"{large // 1024:,} MiB, {little // 1024:,} MiB",
        )
        for job, little, large in pairs
    ]


def _peak(job: str, folder: Path, size: int) -> int:
    """Run one job in a process of its own; return its peak memory in KiB."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-m", "benchmarks.memory", job, str(folder), str(size)],
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout.split()[-1])


def _import(path: Path, size: int) -> None:
    from benchmarks.append import new_ledger  # noqa: PLC0415 - only this job's modules count
    from benchmarks.histories import stored  # noqa: PLC0415
    from ledger.application import Submission  # noqa: PLC0415
    from ledger.domain.control import AdoptRules  # noqa: PLC0415
    from ledger.rules import shipped_packs  # noqa: PLC0415
    from projections.catch_up import create_projections  # noqa: PLC0415

    ledger = new_ledger(path)
    create_projections(ledger.appender.engine)
    rules = AdoptRules.of(on=date(2012, 1, 1), text=shipped_packs()["base"])
    ledger.execute([rules], Submission("bench", "rule adopt"))
    ledger.append(stored(size), Submission("bench", "import", input_hash="bench"))


def _catch_up(path: Path, _size: int) -> None:
    from ledger.database import open_database  # noqa: PLC0415
    from projections.catch_up import catch_up  # noqa: PLC0415

    catch_up(open_database(f"sqlite:///{path}"))


def _verify(path: Path, size: int) -> None:
    from ledger.database import open_database  # noqa: PLC0415
    from ledger.log.verify import verify  # noqa: PLC0415

    report = verify(open_database(f"sqlite:///{path}"))
    assert report.events > size
    assert not report.findings


def _replay(path: Path, _size: int) -> None:
    from ledger.database import open_database  # noqa: PLC0415
    from projections.catch_up import compare  # noqa: PLC0415

    assert not compare(open_database(f"sqlite:///{path}"))


def _report(path: Path, _size: int) -> None:
    from ledger.database import open_database  # noqa: PLC0415
    from projections.reports.rates import rates  # noqa: PLC0415
    from projections.reports.rights import rights  # noqa: PLC0415
    from projections.reports.share import share  # noqa: PLC0415
    from projections.scope import Question  # noqa: PLC0415

    engine = open_database(f"sqlite:///{path}")
    for report in (share, rates, rights):
        report(engine, Question("520200", 2021))


_DO: dict[str, Callable[[Path, int], None]] = dict(
    zip(_JOBS, (_import, _catch_up, _verify, _replay, _report), strict=True)
)

if __name__ == "__main__":
    job, folder, size = sys.argv[1:]
    _DO[job](Path(folder) / f"{size}.db", int(size))
    # Not ru_maxrss: Linux lets a process inherit the peak of the one that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))

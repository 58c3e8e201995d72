"""Start-up of the command line against the bare import of what it cannot do without."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.measure import Goal, alternate, as_installed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["goals"]

_XIANJIE = ["-c", "from cli.main import main; main()"]


def _run(*arguments: str, db: Path) -> float:
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**as_installed(db.parent), "XIANJIE_DB": str(db), "PYTHONWARNINGS": "ignore"},
    )
    return time.perf_counter() - started


def goals(db: Path, rounds: int) -> list[Goal]:
    """Measure ``--help`` and a report on a ledger whose facts are current."""

    def case(*arguments: str) -> int:
        _run(*arguments, db=db)
        return 1

    report: Sequence[str] = [*_XIANJIE, "report", "share", "--year", "2021", "--area", "520200", "-f", "json"]
    cases = {
        "import click": lambda: case("-c", "import click"),
        "--help": lambda: case(*_XIANJIE, "--help"),
        "import sqlalchemy": lambda: case("-c", "import sqlalchemy"),
        "report": lambda: case(*report),
    }
    alternate(cases, 1)  # writes the byte code
    result = alternate(cases, rounds)
    return [
        Goal(
            "xianjie --help / import click",
            result.ratio("import click", "--help"),
            2.5,
            False,
            f"{result.rate('--help')}, {result.rate('import click')}",
        ),
        Goal(
            "a report / import sqlalchemy",
            result.ratio("import sqlalchemy", "report"),
            2.0,
            False,
            f"{result.rate('report')}, {result.rate('import sqlalchemy')}",
        ),
    ]

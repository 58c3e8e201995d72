"""What a report loads: start-up time is part of the promise."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projections.conftest import History

PROGRAM = """
import sys
from datetime import date
from ledger.database import open_database
from projections.catch_up import catch_up
from projections.reports.balance import balance
from projections.reports.rates import rates
from projections.reports.rights import rights
from projections.reports.share import share
from projections.scope import Question

engine = open_database(sys.argv[1])
catch_up(engine)
for report in (share, rates, rights, balance):
    report(engine, Question("520201", 2024)).as_json()
heavy = {"pydantic", "eventsourcing", "openpyxl", "tabulate", "click"}
print(*sorted({name.partition(".")[0] for name in sys.modules} & heavy))
"""


def test_a_report_with_nothing_to_catch_up_with_starts_light(sqlite_history: History, tmp_path: Path) -> None:
    sqlite_history.adopt()
    script = tmp_path / "report.py"
    script.write_text(PROGRAM, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, str(script), str(sqlite_history.engine.url.database)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr

"""``make bench``: every goal, measured in one run.

``--quick`` uses small sizes, for a first look; ``--only append,rights`` measures some subjects only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import append, city, flags, intake, journals, memory, projecting, rights, startup, trust
from benchmarks.measure import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measure import Goal


def main() -> int:
    """Measure, print, and fail when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: the goals at a million events do not hold")
    parser.add_argument("--only", default="", help="subjects, parted by commas")
    asked = parser.parse_args()
    goals: list[Goal] = []
    with tempfile.TemporaryDirectory() as name:
        subjects = _subjects(Path(name), quick=asked.quick)
        wanted = asked.only.split(",") if asked.only else list(subjects)
        if unknown := set(wanted) - set(subjects):
            parser.error(f"no such subject: {', '.join(sorted(unknown))}; there are {', '.join(subjects)}")
        for subject, measured in subjects.items():
            if subject in wanted:
                (Path(name) / subject).mkdir()
                goals += measured()
    print()
    return 0 if show(goals) else 1


def _subjects(folder: Path, *, quick: bool) -> dict[str, Callable[[], list[Goal]]]:
    """Return what can be measured, in the order in which it is; start-up asks the ledger that ``report`` wrote."""
    stored, facts, small, rounds = (50_000, 60_000, 20_000, 3) if quick else (1_000_000, 1_250_000, 200_000, 7)
    projects = 40 if quick else 256

    def report() -> list[Goal]:
        asked = projecting.report_goal(folder / "report", facts, rounds)
        return [asked, *startup.goals(folder / "report" / "facts.db", rounds)]

    return {
        "append": lambda: append.goals(folder / "append", stored, rounds),
        "catch-up": lambda: [projecting.catch_up_goal(folder / "catch-up", rounds)],
        "report": report,
        "city": lambda: [city.quarterly_goal(folder / "city", projects, rounds)],
        "flags": lambda: [flags.flags_goal(folder / "flags", projects, rounds)],
        "rights": lambda: [rights.rights_goal(folder / "rights", 5_000 if quick else 50_000, rounds)],
        "memory": lambda: memory.goals(small),
        "trust": lambda: trust.goals(folder / "trust", stored, rounds),
        "intake": lambda: [intake.intake_goal(folder / "intake", 2_000 if quick else 50_000, rounds)],
        "journals": lambda: journals.goals(folder / "journals", 20 if quick else 106, 3),
    }


if __name__ == "__main__":
    sys.exit(main())

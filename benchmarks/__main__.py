"""``make bench``: every goal of the issue, measured in one run. ``--quick`` uses small sizes, for a first look."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import append, city, flags, intake, journals, memory, projecting, rights, startup, trust
from benchmarks.measure import show


def main() -> int:
    """Measure, print, and fail when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: the goals at a million events do not hold")
    quick = parser.parse_args().quick
    stored, facts, small, rounds = (50_000, 60_000, 20_000, 3) if quick else (1_000_000, 1_250_000, 200_000, 7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in ("catch-up", "report", "city", "flags", "rights", "trust", "journals", "intake"):
            (folder / each).mkdir()
        goals = append.goals(folder, stored, rounds)
        goals.append(projecting.catch_up_goal(folder / "catch-up", rounds))
        goals.append(projecting.report_goal(folder / "report", facts, rounds))
        goals.append(city.quarterly_goal(folder / "city", 40 if quick else 256, rounds))
        goals.append(flags.flags_goal(folder / "flags", 40 if quick else 256, rounds))
        goals.append(rights.rights_goal(folder / "rights", 5_000 if quick else 50_000, rounds))
        goals += trust.goals(folder / "trust", stored, rounds)
        goals += journals.goals(folder / "journals", 20 if quick else 106, 3)
        goals.append(intake.intake_goal(folder / "intake", 2_000 if quick else 50_000, rounds))
        goals += startup.goals(folder / "report" / "facts.db", rounds)
        goals += memory.goals(small)
    print()
    return 0 if show(goals) else 1


if __name__ == "__main__":
    sys.exit(main())

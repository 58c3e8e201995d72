"""All red flags of a city against one aggregate over the same facts, typed by hand."""

from __future__ import annotations

import sqlite3
import statistics
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.city import CITY, written_city
from benchmarks.measure import Goal, alternate
from projections.reports.flags import flags
from projections.scope import Question

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["flags_goal"]

_FULL = """
    SELECT tranche, project, measure, sum(amount_fen), min(effective_on), max(effective_on) FROM fact_money
    WHERE position <= ? AND effective_on <= ? GROUP BY tranche, project, measure
    """
"""One pass over every fact of money, as a person would ask for what each project got and spent."""


def flags_goal(folder: Path, projects: int, rounds: int) -> Goal:
    """Write a city with so many projects for each county and year, and scan it for all flags."""
    ledger, events, _ = written_city(folder / "flags.db", projects)
    engine = ledger.appender.engine
    typed = sqlite3.connect(folder / "flags.db")
    typed.execute("PRAGMA cache_size=-65536")
    day = date(2025, 12, 31)
    question = Question(CITY, as_of=day)
    raised = flags(engine, question).rows[-1]

    def scan() -> int:
        return len(flags(engine, question).rows) and 1

    def by_hand() -> int:
        return len(typed.execute(_FULL, (events, day.isoformat())).fetchall()) and 1

    cases = {"scan": scan, "by hand": by_hand}
    alternate(cases, 1)
    result = alternate(cases, rounds)
    pairs = zip(result.seconds["scan"], result.seconds["by hand"], strict=True)
    ratio = statistics.median(mine / bare for mine, bare in pairs)
    ledger.close()
    typed.close()
    found = raised.serious + raised.attention + raised.hint
    detail = f"scan {result.rate('scan')}, by hand {result.rate('by hand')}; {found:,} flags raised"
    return Goal(f"report flags of a city, {events:,} events / one aggregate by hand", ratio, 20, False, detail)

"""Catch-up against a runner that commits once per event, and a report against the same select typed by hand."""

from __future__ import annotations

import itertools
import sqlite3
import statistics
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import event as sqlalchemy_event

from benchmarks.append import BATCH, append_batch, new_ledger
from benchmarks.histories import stored
from benchmarks.measure import Goal, alternate
from ledger.application import Ledger, Submission
from ledger.database import read_transaction
from ledger.domain.control import AdoptRules
from ledger.rules import shipped_packs
from projections.catch_up import catch_up, create_projections, facts_position
from projections.reports.share import share
from projections.scope import Question

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["catch_up_goal", "report_goal"]


def _filled(folder: Path, events: int) -> Ledger:
    """Make a ledger with its facts, the shipped rules and so many events, not yet caught up with."""
    ledger = new_ledger(folder / "facts.db")
    create_projections(ledger.appender.engine)
    rules = AdoptRules.of(on=date(2012, 1, 1), text=shipped_packs()["base"])
    ledger.execute([rules], Submission("bench", "rule adopt"))
    source = stored(events)
    while batch := list(itertools.islice(source, BATCH)):
        append_batch(ledger, batch)
    return ledger


def catch_up_goal(folder: Path, rounds: int) -> Goal:
    """Map pages with one commit each, and single events with one commit each, through the same code and tables."""
    page, single = 10_000, 100
    ledger = _filled(folder, (page + single) * (rounds + 1))
    engine = ledger.appender.engine

    def position() -> int:
        with read_transaction(engine) as connection:
            return facts_position(connection)

    def paged() -> int:
        before = position()
        return catch_up(engine, to=before + page) - before

    def one_by_one() -> int:
        before = position()
        for target in range(before + 1, before + single + 1):
            catch_up(engine, to=target)
        return single

    cases = {"pages": paged, "one by one": one_by_one}
    alternate(cases, 1)
    result = alternate(cases, rounds)
    ledger.close()
    detail = f"pages {result.rate('pages')}, one by one {result.rate('one by one')}"
    return Goal("catch-up / a runner that commits per event", result.ratio("pages", "one by one"), 20, True, detail)


def report_goal(folder: Path, events: int, rounds: int) -> Goal:
    """Ask for the share of one county-year, and type its select into ``sqlite3``."""
    ledger = _filled(folder, events)
    engine = ledger.appender.engine
    catch_up(engine)
    question = Question("520200", 2021, as_of=date(2021, 12, 31))
    statement, parameters = _select_of_the_share(ledger, question)
    typed = sqlite3.connect(folder / "facts.db")
    typed.execute("PRAGMA cache_size=-65536")
    facts = typed.execute("SELECT count(*) FROM fact_money").fetchone()[0]

    def report() -> int:
        return len(share(engine, question).rows) and 1

    def by_hand() -> int:
        return len(typed.execute(statement, parameters).fetchall()) and 1

    cases = {"report": report, "by hand": by_hand}
    alternate(cases, 1)
    result = alternate(cases, rounds)
    by_hand_seconds, report_seconds = result.seconds["by hand"], result.seconds["report"]
    ratio = statistics.median(mine / bare for mine, bare in zip(report_seconds, by_hand_seconds, strict=True))
    ledger.close()
    typed.close()
    detail = f"report {result.rate('report')}, by hand {result.rate('by hand')}"
    return Goal(f"report share on {facts:,} money facts / typed by hand", ratio, 1.5, False, detail)


def _select_of_the_share(ledger: Ledger, question: Question) -> tuple[str, tuple[object, ...]]:
    """Listen to what the report sends to the database, and return its select over the money facts."""
    heard: list[tuple[str, tuple[object, ...]]] = []

    def listen(*arguments: object) -> None:
        statement, parameters = str(arguments[2]), arguments[3]
        if "fact_money" in statement and isinstance(parameters, tuple):
            heard.append((statement, parameters))

    engine = ledger.appender.engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", listen)
    share(engine, question)
    sqlalchemy_event.remove(engine, "before_cursor_execute", listen)
    (found,) = heard
    return found

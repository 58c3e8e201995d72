"""The auditor's replay against bookkeeping programs that add up the same city from its exported journals.

Cold processes on both sides: ``audit replay`` hashes every event again, maps it again, compares every fact, and asks
three reports; the others read the journal and print all balances. Nobody keeps anything of one run for the next but
byte code: bean-query's cache of the parsed journal is switched off. Programs that are not installed are left out, and
said so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.append import new_ledger
from benchmarks.city import CITY, write_city
from benchmarks.measure import Goal, alternate, as_installed
from cli.words import topic_name
from projections.catch_up import catch_up, create_projections
from projections.exports.journal import journal_of
from projections.exports.journal_text import beancount_lines, hledger_lines
from projections.scope import Question, open_scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.measure import Case
    from projections.exports.journal import Journal

__all__ = ["goals"]

_DAY: Final = date(2026, 6, 30)
_REPORTS: Final = ("share", "rates", "rights")
_BALANCES: Final = "SELECT account, sum(position) GROUP BY account"


def goals(folder: Path, projects: int, rounds: int) -> list[Goal]:
    """Write a city, export it, and let every program that is here add it up."""
    database, journal = _exported(folder, projects)
    ours: list[str | Path] = [Path(sys.executable).with_name("xianjie"), "--db", database]
    moment = ["--year", "2025", "--as-of", _DAY.isoformat()]
    chosen = [word for name in _REPORTS for word in ("--report", name)]
    others: dict[str, list[str | Path]] = {
        "hledger": ["hledger", "-f", folder / "city.journal", "balance"],
        "bean-query": ["bean-query", "-q", folder / "city.beancount", _BALANCES],
        "ledger": ["ledger", "-f", folder / "city.journal", "balance"],
    }
    here = {name: command for name, command in others.items() if shutil.which(str(command[0]))}
    for name in others.keys() - here.keys():
        print(f"-    not installed, not compared: {name}")
    cold = {**as_installed(folder), "BEANCOUNT_DISABLE_LOAD_CACHE": "1"}
    cases: dict[str, Case] = {
        "replay": lambda: _run([*ours, "audit", "replay", *chosen, *moment], cold),
        "share": lambda: _run([*ours, "report", "share", *moment], cold),
        **{name: partial(_run, command, cold) for name, command in here.items()},
    }
    alternate(cases, 1)  # writes the byte code
    result = alternate(cases, rounds)
    postings = sum(len(entry.postings) for entry in journal.entries)
    size = f"{postings:,} postings"
    wanted = (
        ("replay", "hledger", 5),
        ("replay", "bean-query", 15),
        ("replay", "ledger", 1),
        ("share", "hledger", 50),
    )
    return [
        Goal(
            f"{'audit replay and 3 reports' if mine == 'replay' else 'cold report share'} / {other} balance, {size}",
            result.ratio(mine, other),
            least,
            True,
            f"{mine} {result.rate(mine)}, {other} {result.rate(other)}",
        )
        for mine, other, least in wanted
        if other in here
    ]


def _exported(folder: Path, projects: int) -> tuple[Path, Journal]:
    database = folder / "city.db"
    ledger = new_ledger(database)
    engine = ledger.appender.engine
    create_projections(engine)
    write_city(ledger, projects)
    catch_up(engine)
    with open_scope(engine, Question(CITY, 2025, as_of=_DAY)) as scope:
        journal = journal_of(scope)
    ledger.close()
    for name, lines in (("city.beancount", beancount_lines), ("city.journal", hledger_lines)):
        text = "".join(f"{line}\n" for line in lines(journal, "city", topic_name))
        (folder / name).write_text(text, encoding="utf-8")
    return database, journal


def _run(command: Sequence[str | Path], cold: Mapping[str, str]) -> int:
    with tempfile.TemporaryFile() as nowhere:
        subprocess.run(  # noqa: S603 - our own words
            list(map(str, command)), check=True, stdout=nowhere, stderr=subprocess.PIPE, env=cold
        )
    return 1

"""Rebuild the facts from verified bytes in a scratch database, and compare: the stored facts, and what reports say.

Bytes first: nothing is decoded before every hash of the log holds. The scratch database is SQLite whatever the ledger
is kept in, so a replay also shows that the figures do not depend on the engine.
"""

from __future__ import annotations

import base64
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from ledger.database import open_database, read_transaction, write_transaction
from ledger.dates import to_utc_text
from ledger.errors import LedgerError, TamperedError, ValueRefusedError
from ledger.log.reading import Heard, position_at, read_page, root_at, unheard
from ledger.log.verify import verify
from projections.catalogue import report_named
from projections.catch_up import (
    FACT_TABLES,
    PAGE,
    create_facts,
    differences,
    facts_of_page,
    facts_position,
    stored_facts,
    write_facts,
)
from projections.figures import figures_of
from projections.scope import scope_over

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from projections.catch_up import Difference
    from projections.scope import Question

__all__ = ["ComparedReport", "Replayed", "replay"]

_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class ComparedReport:
    """One report asked of both: ``figures`` is how many numbers it has; ``refused`` why it could not be asked."""

    report: str
    year: int | None
    figures: int
    same: bool
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was replayed and compared; ``rows`` counts the compared rows of each fact table that has any."""

    events: int
    position: int
    root: str
    rows: dict[str, int]
    differences: tuple[Difference, ...]
    reports: tuple[ComparedReport, ...]

    @property
    def same(self) -> bool:
        """Say whether nothing differs."""
        return not self.differences and all(each.same for each in self.reports)


def replay(
    engine: Engine,
    to: int | datetime | None,
    questions: Sequence[Question],
    reports: Sequence[str],
    heard: Heard = unheard,
) -> Replayed:
    """Verify the log, map it again up to ``to``, and put the questions to both sets of facts.

    ``heard`` is told how far the mapping is.

    Raises:
        TamperedError: the log does not verify, or an event is unreadable: then nothing is compared.
        ValueRefusedError: ``to`` lies beyond what the facts hold.
    """
    checked = verify(engine)
    if not checked.ok:
        first = checked.findings[0]
        raise TamperedError(
            "replay.not_verified",
            f"账本核验不通过,没有重放:{first.message}(共 {checked.total} 处)",
            hint="运行 xianjie audit verify 看全部问题",
            where=f"第 {first.position} 号" if first.position else "",
        )
    with read_transaction(engine) as connection, _scratch() as scratch:
        position = _end(connection, to)
        root = base64.b64encode(root_at(connection, position)).decode("ascii")
        rows: Counter[str] = Counter()
        found: list[Difference] = []
        done = 0
        while done < position and (page := read_page(connection, done, PAGE, position)):
            last = page[-1].position
            expected = facts_of_page(page)
            with write_transaction(scratch) as writing:
                write_facts(writing, expected)
            found += differences(stored_facts(connection, done, last), expected)
            rows.update({table: len(facts) for table, facts in expected.items()})
            done = last
            heard(done, position)
        # Nothing may lie before the first event or, asked for all of them, behind the last one.
        outside = [(-(2**62), 0)] + ([(position, 2**62)] if to is None else [])
        for after, until in outside:
            found += differences(stored_facts(connection, after, until), {})
        with read_transaction(scratch) as again:
            compared = tuple(
                _compared(name, replace(question, known_at=None), (connection, again), position, root)
                for question in questions
                for name in reports
            )
    counted = {table: rows[table] for table in FACT_TABLES if rows[table]}
    return Replayed(checked.events, position, root, counted, tuple(found[:_MOST]), compared)


@contextmanager
def _scratch() -> Iterator[Engine]:
    with TemporaryDirectory(prefix="xianjie-replay-") as folder:
        scratch = open_database(str(Path(folder) / "facts.db"), create=True)
        try:
            with write_transaction(scratch) as connection:
                create_facts(connection)
            yield scratch
        finally:
            scratch.dispose()


def _end(connection: Connection, to: int | datetime | None) -> int:
    last = facts_position(connection)
    if to is None:
        return last
    if not isinstance(to, int):
        return min(position_at(connection, to_utc_text(to)), last)
    if not 0 <= to <= last:
        raise ValueRefusedError("replay.beyond", f"账本没有第 {to} 号记录:只到第 {last} 号", hint="请核对 --to")
    return to


def _compared(
    name: str, question: Question, connections: tuple[Connection, Connection], position: int, root: str
) -> ComparedReport:
    stored, again = (_answer(name, question, each, position, root) for each in connections)
    if isinstance(stored, str) or isinstance(again, str):
        return ComparedReport(
            name, question.year, 0, stored == again, stored if isinstance(stored, str) else str(again)
        )
    return ComparedReport(name, question.year, len(figures_of(stored)), stored.as_json() == again.as_json())


def _answer(name: str, question: Question, connection: Connection, position: int, root: str) -> Any:  # noqa: ANN401 - an answer, or why there is none
    try:
        return report_named(name)(scope_over(connection, question, position, root), question)
    except LedgerError as error:
        return error.message

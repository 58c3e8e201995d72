"""Map the verified bytes again, and compare: the stored facts row by row, and what reports say.

Nothing is told before every hash of the log holds, nor of bytes that lie behind another root than the one verified.
In one process the bytes come first, then the facts; several processes check both at once.

A report is a function of the rows of the facts. So where the log's own bytes give every stored row again, in tables
that are as the program makes them (and SQLite found whole, indexes included), no report can say anything else. Where a
row differs, where later rows lie behind the end, or where another engine adds up, the rows are written to a scratch
database and every report is asked of both. That database is always SQLite, so a replay of a ledger on PostgreSQL also
shows that the figures do not depend on the engine.
"""

from __future__ import annotations

import base64
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.database import database_file, open_database, read_transaction, write_transaction
from ledger.dates import to_utc_text
from ledger.errors import LedgerError, TamperedError, ValueRefusedError
from ledger.log.reading import Heard, position_at, read_states, root_at, unheard
from ledger.log.schema import origin_of
from ledger.log.verify import verify
from ledger.transparency.checkpoint import Checkpoint
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
from projections.side_by_side import in_turn
from projections.tables_check import table_differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from ledger.log.verify import VerifyReport
    from projections.catch_up import Difference, Facts
    from projections.scope import Question
    from projections.side_by_side import Start

__all__ = ["ComparedReport", "Replayed", "replay"]

_MOST: Final = 100
_SPANS: Final = 6
"""Parts of the log that are compared each on its own: enough for an even load, few enough to open the database for."""
_BEFORE_ALL: Final = -(2**62)
_AFTER_ALL: Final = 2**62


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


class _Span(NamedTuple):
    """What was compared of some events; ``rows`` counts the rows of each fact table."""

    rows: Counter[str]
    differences: list[Difference]


def replay(
    engine: Engine,
    to: int | datetime | None,
    questions: Sequence[Question],
    reports: Sequence[str],
    heard: Heard = unheard,
    *,
    start: Start = in_turn,
) -> Replayed:
    """Verify the log, map it again up to ``to``, and put the questions to both sets of facts.

    ``start`` says where the parts of the work are done: in this process, or in several (``projections.side_by_side``);
    ``heard`` is told how far the comparing is.

    Raises:
        TamperedError: the log does not verify, or an event is unreadable: then nothing is compared.
        ValueRefusedError: ``to`` lies beyond what the facts hold.
    """
    url = _address(engine)
    with read_transaction(engine) as connection:
        try:
            position = _end(connection, to)
            here = Checkpoint(origin_of(connection), position, root_at(connection, position))
        except LedgerError:
            _require(start(_verified, url)())  # a log that does not verify is what must be told first
            raise
        root = base64.b64encode(here.root).decode("ascii")
        asked = [(replace(question, known_at=None), name) for question in questions for name in reports]
        verified = start(_verified, url, {"重放所依据的检查点": here})
        length = max(PAGE, -(-position // _SPANS))
        spans = [start(_compared, url, after, min(after + length, position)) for after in range(0, position, length)]
        answered = start(_answered, url, asked, position, root)
        checked = _require(verified())
        rows: Counter[str] = Counter()
        found: list[Difference] = []
        for number, span in enumerate(spans, start=1):
            counted, differing = span()
            rows += counted
            found += differing
            heard(min(number * length, position), position)
        # Nothing may lie before the first event or, asked for all of them, behind the last one.
        for after, until in [(_BEFORE_ALL, 0)] + ([(position, _AFTER_ALL)] if to is None else []):
            found += differences(stored_facts(connection, after, until), {})
        alike = not found and _rows_decide(connection, position)
        compared = answered() if alike else tuple(_both(connection, asked, position, root))
    compared_rows = {table: rows[table] for table in FACT_TABLES if rows[table]}
    return Replayed(checked.events, position, root, compared_rows, tuple(found[:_MOST]), compared)


def _address(engine: Engine) -> str:
    file = database_file(engine)
    return str(file) if file else engine.url.render_as_string(hide_password=False)


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = open_database(url, read_only=True)
    try:
        yield engine
    finally:
        engine.dispose()


def _verified(url: str, outside: Mapping[str, Checkpoint] = MappingProxyType({})) -> VerifyReport:
    with _opened(url) as engine:
        return verify(engine, outside)


def _require(checked: VerifyReport) -> VerifyReport:
    if checked.ok:
        return checked
    first = checked.findings[0]
    raise TamperedError(
        "replay.not_verified",
        f"账本核验不通过,没有重放:{first.message}(共 {checked.total} 处)",
        hint="运行 xianjie audit verify 看全部问题",
        where=f"第 {first.position} 号" if first.position else "",
    )


def _compared(url: str, after: int, to: int) -> _Span:
    """Map the events above ``after`` and not above ``to`` again, and compare with what is stored of them.

    A verified log has no gaps, so the last page ends at ``to``.
    """
    span = _Span(Counter(), [])
    with _opened(url) as engine, read_transaction(engine) as connection:
        for last, expected in _mapped(connection, after, to):
            found = differences(stored_facts(connection, after, last), expected)
            span.differences.extend(islice(found, _MOST - len(span.differences)))
            span.rows.update({table: len(facts) for table, facts in expected.items()})
            after = last
    return span


def _mapped(connection: Connection, after: int, to: int) -> Iterator[tuple[int, Facts]]:
    """Yield what the log says page by page, each with its last position."""
    while after < to and (page := read_states(connection, after, PAGE, to)):
        after = page[-1][0]
        yield after, facts_of_page(page)


def _rows_decide(connection: Connection, position: int) -> bool:
    """Say whether equal rows mean equal reports: the same engine, the same tables, and nothing behind the end."""
    sqlite = connection.dialect.name == "sqlite"
    return sqlite and position == facts_position(connection) and not any(table_differences(connection))


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


def _answered(url: str, asked: Sequence[tuple[Question, str]], position: int, root: str) -> tuple[ComparedReport, ...]:
    """Ask the stored facts alone, where the rows have shown that both sides are the same."""
    with _opened(url) as engine, read_transaction(engine) as connection:
        return tuple(
            _same(name, question, _answer(name, question, connection, position, root)) for question, name in asked
        )


def _both(
    connection: Connection, asked: Sequence[tuple[Question, str]], position: int, root: str
) -> Iterator[ComparedReport]:
    """Write the rows that the log gives to a scratch database, and ask each report of both."""
    with _scratch() as scratch:
        for _, facts in _mapped(connection, 0, position):
            with write_transaction(scratch) as writing:
                write_facts(writing, facts)
        with read_transaction(scratch) as again:
            for question, name in asked:
                stored, anew = (_answer(name, question, each, position, root) for each in (connection, again))
                if isinstance(stored, str) or isinstance(anew, str):
                    why = stored if isinstance(stored, str) else str(anew)
                    yield ComparedReport(name, question.year, 0, stored == anew, why)
                else:
                    alike = stored.as_json() == anew.as_json()
                    yield ComparedReport(name, question.year, len(figures_of(stored)), alike)


def _same(name: str, question: Question, answer: Any) -> ComparedReport:  # noqa: ANN401 - an answer, or why there is none
    if isinstance(answer, str):
        return ComparedReport(name, question.year, 0, same=True, refused=answer)
    return ComparedReport(name, question.year, len(figures_of(answer)), same=True)


def _answer(name: str, question: Question, connection: Connection, position: int, root: str) -> Any:  # noqa: ANN401 - as above
    try:
        return report_named(name)(scope_over(connection, question, position, root), question)
    except LedgerError as error:
        return error.message

"""Pages of the log become facts; the facts and the position they stand at are kept or lost together.

Mapping happens outside the write lock, so recording goes on meanwhile; the short write begins with a compare-and-set
of the position, so that two processes catching up at once never write a page twice.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from ledger.database import plain_rows, read_transaction, write_transaction
from ledger.errors import ConflictError, StorageError, TamperedError
from ledger.log.reading import Heard, head, read_states, unheard
from ledger.log.tracking import advance, position_of
from projections.tables import REVISION, STAMP, facts_info, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine, Select

    from ledger.log.reading import State

__all__ = [
    "FACT_TABLES",
    "PAGE",
    "Difference",
    "Facts",
    "catch_up",
    "compare",
    "create_facts",
    "create_projections",
    "differences",
    "facts_of_page",
    "facts_position",
    "is_current",
    "rebuild",
    "stored_facts",
    "write_facts",
]

_NAME: Final = "facts"
PAGE: Final = 10_000
_PG_ROWS: Final = 1_000  # PostgreSQL takes a statement's rows as arrays; more of them gain nothing
FACT_TABLES: Final = tuple(name for name in metadata.tables if name.startswith("fact_"))

Facts: TypeAlias = dict[str, list[tuple[Any, ...]]]


class Difference(NamedTuple):
    """One fact that is not what the log says: ``stored`` or ``expected`` is None where the row is only on one side."""

    table: str
    position: int
    line: int
    stored: tuple[Any, ...] | None
    expected: tuple[Any, ...] | None


def create_projections(engine: Engine) -> None:
    """Make the empty fact tables of a new ledger. Raises StorageError."""
    with write_transaction(engine) as connection:
        create_facts(connection)


def facts_position(connection: Connection) -> int:
    """Return the position up to which the facts stand.

    Raises:
        StorageError: there are no fact tables, or they were mapped by another revision of this program.
    """
    try:
        revision = connection.execute(select(facts_info.c.revision)).scalar()
    except (OperationalError, ProgrammingError) as error:
        if facts_info.name not in str(error.orig):
            raise
        raise StorageError(
            "facts.missing", "账本还没有报表数据", hint="报表数据可随时由账本重建:xianjie db rebuild"
        ) from error
    if revision != REVISION:
        raise StorageError(
            "facts.other_revision",
            f"报表数据的版本是 {revision},本程序需要 {REVISION}",
            hint="报表数据可随时由账本重建:xianjie db rebuild",
        )
    return position_of(connection, _NAME)


def is_current(engine: Engine) -> bool:
    """Tell whether the facts stand at the end of the log. Raises StorageError as ``facts_position``."""
    with read_transaction(engine) as connection:
        return facts_position(connection) == head(connection).position


def catch_up(engine: Engine, *, to: int | None = None, heard: Heard = unheard) -> int:
    """Map the events that were recorded since the last time, up to ``to`` if given.

    ``heard`` is told after each page how far it is. Return the position at which the facts stand now. Raises
    StorageError, TamperedError (an event is unreadable).
    """
    while True:
        with read_transaction(engine) as connection:
            done = facts_position(connection)
            rows = read_states(connection, done, PAGE, to)
            if not rows:
                _check_not_ahead(connection, done)
                return done
            end = 0 if heard is unheard else to or head(connection).position
        facts = facts_of_page(rows)
        try:
            with write_transaction(engine) as connection:
                advance(connection, _NAME, done, rows[-1][0])
                write_facts(connection, facts)
            heard(rows[-1][0], end)
        except ConflictError:
            continue  # another process has mapped this page meanwhile
        except IntegrityError as error:
            raise TamperedError(
                "facts.behind",
                f"报表数据自称只到第 {done} 号,却已有其后的内容:它被人改过",
                hint="先运行 xianjie audit verify;账本无误的,用 xianjie db rebuild 重建报表数据",
            ) from error


def rebuild(engine: Engine, heard: Heard = unheard) -> int:
    """Throw all facts away and map the whole log again, in one transaction; return the position reached.

    ``heard`` is told after each page how far it is.

    Raises StorageError, TamperedError (an event is unreadable; the old facts stay).
    """
    from projections.tables_check import clear_the_place  # noqa: PLC0415 - a report never rebuilds

    with write_transaction(engine) as connection:
        clear_the_place(connection)
        metadata.drop_all(connection)
        create_facts(connection)
        done, end = 0, head(connection).position
        while rows := read_states(connection, done, PAGE):
            write_facts(connection, facts_of_page(rows))
            done = rows[-1][0]
            heard(done, end)
        advance(connection, _NAME, position_of(connection, _NAME), done)
    return done


def compare(engine: Engine, *, limit: int = 100, heard: Heard = unheard) -> list[Difference]:
    """Map the log again and return where the stored facts differ from it, at most ``limit`` rows.

    Constant memory: a page of events and its facts at a time; ``heard`` is told of each. Raises StorageError,
    TamperedError.
    """
    found: list[Difference] = []
    with read_transaction(engine) as connection:
        last, end = facts_position(connection), head(connection).position
        if last > end:
            found.append(Difference("tracking", last, 0, (last,), (end,)))
        done = 0
        while done < last and len(found) < limit:
            rows = read_states(connection, done, PAGE, last)
            if not rows:
                break
            found += differences(stored_facts(connection, done, rows[-1][0]), facts_of_page(rows))
            done = rows[-1][0]
            heard(done, last)
        for first, final in ((-(2**62), 0), (done, 2**62)):
            found += differences(stored_facts(connection, first, final), {})
    return found[:limit]


def _check_not_ahead(connection: Connection, done: int) -> None:
    end = head(connection).position
    if done > end:
        raise TamperedError(
            "facts.ahead",
            f"报表数据自称到第 {done} 号,账本只到第 {end} 号:它被人改过,或账本变短了",
            hint="先运行 xianjie audit verify;账本无误的,用 xianjie db rebuild 重建报表数据",
        )


def create_facts(connection: Connection) -> None:
    """Make the empty fact tables inside a transaction."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(facts_info.insert().values(revision=REVISION))


def facts_of_page(rows: Sequence[State]) -> Facts:
    """Return what a page of events states, table by table. Raises TamperedError (an event is unreadable)."""
    # Imported only now: a report that has nothing to catch up with starts without pydantic.
    from ledger.events import registry  # noqa: PLC0415
    from projections.facts import facts_of  # noqa: PLC0415

    facts: Facts = defaultdict(list)
    decode = registry.decode
    for position, topic, state, recorded_at in rows:
        for table, values in facts_of(decode(topic, state), position, recorded_at):
            facts[table].append(values)
    return facts


def write_facts(connection: Connection, facts: Facts) -> None:
    """Add rows to the fact tables inside a transaction."""
    for table, rows in facts.items():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_insert_sqlite(table), rows)
            continue
        for start in range(0, len(rows), _PG_ROWS):
            columns = tuple(map(list, zip(*rows[start : start + _PG_ROWS], strict=True)))
            connection.exec_driver_sql(_insert_postgres(table), columns)


@cache
def _insert_sqlite(table: str) -> str:
    # Table names come from the program's own list, never from data.
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(metadata.tables[table].columns))})"  # noqa: S608


@cache
def _insert_postgres(table: str) -> str:
    arrays = ", ".join(
        "%s::bigint[]" if column.type.python_type is int else "%s::text[]" for column in metadata.tables[table].columns
    )
    return f"INSERT INTO {table} SELECT * FROM unnest({arrays})"  # noqa: S608


def stored_facts(connection: Connection, after: int, to: int) -> Facts:
    """Return the facts of the events with positions above ``after`` and not above ``to``, table by table."""
    facts: Facts = {}
    for name in FACT_TABLES:
        if rows := plain_rows(connection.execute(_stored(name), {"after": after, "to": to})):
            facts[name] = rows
    return facts


@cache
def _stored(name: str) -> Select[Any]:
    table = metadata.tables[name]
    span = table.c.position > bindparam("after"), table.c.position <= bindparam("to")
    return select(table).where(*span).order_by(table.c.position, table.c.line)


def differences(stored: Facts, expected: Facts) -> Iterator[Difference]:
    """Yield every row that is not the same on both sides, table by table in the order of the log."""
    line = STAMP.index("line")
    for table in sorted(stored.keys() | expected.keys()):
        if stored.get(table) == expected.get(table):
            continue  # the common case, in one comparison
        here = {(row[0], row[line]): row for row in stored.get(table, [])}
        there = {(row[0], row[line]): row for row in expected.get(table, [])}
        for key in sorted(here.keys() | there.keys()):
            if here.get(key) != there.get(key):
                yield Difference(table, *key, here.get(key), there.get(key))

"""Ask a report about the facts of one event at a time, at the price of one pass over the facts.

Most reports begin with sums of one fact table under some keys. Asked once, with the position as one more key, such a
select answers for every event separately; the report itself then turns the rows of each event into its figures. So what
an event adds to a number is said by the report, not by a second way to compute it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from sqlalchemy import Column, Select, Table
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import Label
from sqlalchemy.sql.functions import sum as sql_sum

from projections.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

__all__ = ["EventByEvent"]

_POSITION: Final = "explained_position"


class _Heard(NamedTuple):
    """What a statement answers: whole, or (``by_position``) for each event by itself."""

    names: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    by_position: dict[int, list[tuple[Any, ...]]] | None


class EventByEvent:
    """Stands in for the connection of a scope: sums are answered for ``position`` alone, all else as it is.

    ``position`` 0 is no event at all. ``tables`` are the fact tables that were read, ``positions`` the events that any
    sum contains.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._heard: dict[tuple[str, tuple[tuple[str, Any], ...]], _Heard] = {}
        self.position = 0
        self.tables: set[Table] = set()

    @property
    def positions(self) -> list[int]:
        """Return the positions of the events in the sums asked for so far, in order."""
        found = (heard.by_position for heard in self._heard.values() if heard.by_position is not None)
        return sorted({position for by_position in found for position in by_position})

    def execution_options(self, **_options: object) -> EventByEvent:
        """Return itself: how rows are fetched changes nothing in them."""
        return self

    def execute(self, statement: Select[Any]) -> IteratorResult[Any]:
        """Return the rows of the statement as ``Connection.execute`` does."""
        compiled = statement.compile(dialect=self._connection.dialect)
        key = str(compiled), tuple(sorted((name, _hashable(value)) for name, value in compiled.params.items()))
        heard = self._heard.get(key)
        if heard is None:
            heard = self._heard[key] = self._hear(statement)
        rows = heard.rows if heard.by_position is None else heard.by_position.get(self.position, [])
        return IteratorResult(SimpleResultMetaData(heard.names), iter(rows))

    def _hear(self, statement: Select[Any]) -> _Heard:
        self.tables |= {each for each in visitors.iterate(statement) if isinstance(each, Table) and _is_fact(each)}
        table = _summed(statement)
        if table is None:
            found = self._connection.execute(statement)
            return _Heard(tuple(found.keys()), [tuple(row) for row in found], None)
        position = table.c.position.label(_POSITION)
        found = self._connection.execute(statement.add_columns(position).group_by(table.c.position))
        names = tuple(found.keys())[:-1]
        by_position: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for *row, at in found:
            by_position[at].append(tuple(row))
        return _Heard(names, (), dict(by_position))


def _summed(statement: Select[Any]) -> Table | None:
    """Return the one fact table that the statement sums under keys, None where it does anything else besides."""
    if not isinstance(statement, Select):
        return None  # a union
    froms = statement.get_final_froms()
    if len(froms) != 1 or not isinstance(froms[0], Table) or not _is_fact(froms[0]):
        return None
    keys = {column for column in statement._group_by_clauses if isinstance(column, Column)}  # noqa: SLF001 - no public name
    if not keys or statement._having_criteria or statement._limit_clause is not None:  # noqa: SLF001 - as above
        return None
    sums = 0
    for column in statement.selected_columns:
        inner = column.element if isinstance(column, Label) else column
        if isinstance(inner, sql_sum):
            sums += 1
        elif inner not in keys:
            return None
    return cast("Table", froms[0]) if sums else None


def _is_fact(table: Table) -> bool:
    return table.metadata is metadata and table.name.startswith("fact_")


def _hashable(value: Any) -> Any:  # noqa: ANN401 - whatever a statement binds
    return tuple(value) if isinstance(value, (list, tuple)) else value

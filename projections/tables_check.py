"""Compare the fact tables with what ``tables.py`` makes: a view in the place of a table can lie by the hour.

Facts that agree with the log while they are compared prove nothing when something else answers a moment later, so what
stands under their names is looked at too: tables, indexes, views, triggers, rewrite rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import create_engine, text
from sqlalchemy.schema import CreateIndex

from ledger.errors import StorageError
from ledger.log.schema_check import as_text, pg_objects
from projections.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

__all__ = ["clear_the_place", "table_differences"]

_MADE: Final = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_SQLITE_INDEXES: Final = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"
_SQLITE_FOREIGN: Final = "SELECT upper(type), name, tbl_name FROM sqlite_master WHERE type IN ('view', 'trigger')"
_PG_INDEXES: Final = "SELECT indexname, tablename FROM pg_indexes WHERE schemaname = current_schema()"
_PG_VIEWS: Final = (
    "SELECT CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END, relname, relname FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('v', 'm')"
)


def table_differences(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Yield object, expected and found description of what is not as this program makes it; empty is "nothing"."""
    sqlite = connection.dialect.name == "sqlite"
    expected, found = _sqlite(connection) if sqlite else _postgresql(connection)
    for name in [*expected, *(name for name in found if name not in expected)]:
        if expected.get(name) != found.get(name):
            yield name, expected.get(name, ""), found.get(name, "")


def clear_the_place(connection: Connection) -> None:
    """Remove views and triggers that stand where fact tables belong, inside the transaction that rebuilds them.

    Raises StorageError: a name is taken by something that is not ours to remove.
    """
    sqlite = connection.dialect.name == "sqlite"
    taken = _SQLITE_INDEXES if sqlite else _PG_INDEXES
    for name, table in connection.execute(text(taken)).all():
        if as_text(name) in _indexes() and as_text(table) not in metadata.tables:
            raise StorageError(
                "facts.name_taken",
                f"索引“{as_text(name)}”的名字被别的表“{as_text(table)}”占用,报表数据重建不了",
                hint="这张表不是本程序建的:请查明是谁建的,由管理员删去后再运行 xianjie db rebuild",
            )
    # Triggers of a PostgreSQL table go with it; what is dropped here is named by the database's own catalogue.
    for kind, name, table in connection.execute(text(_SQLITE_FOREIGN if sqlite else _PG_VIEWS)).all():
        if as_text(table) in metadata.tables:
            quoted = as_text(name).replace('"', '""')
            connection.exec_driver_sql(f'DROP {kind} "{quoted}"')


def _indexes() -> set[str]:
    found = {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    return found | {f"{table}_pkey" for table in metadata.tables}


def _sqlite(connection: Connection) -> tuple[dict[str, str], dict[str, str]]:
    """Return what SQLite says of tables that were just made, and of those that are there."""
    sample = create_engine("sqlite://")
    try:
        with sample.begin() as fresh:
            metadata.create_all(fresh)
            expected = {str(name): str(sql) for _, name, _, sql in fresh.exec_driver_sql(_MADE)}
    finally:
        sample.dispose()
    found = {}
    for _, raw_name, raw_table, sql in connection.exec_driver_sql(_MADE):
        name, table = as_text(raw_name), as_text(raw_table)
        if table.lower() in metadata.tables or name in expected:
            found[name] = as_text(sql) if table.lower() == table else f"{table}: {as_text(sql)}"
    return expected, found


def _postgresql(connection: Connection) -> tuple[dict[str, str], dict[str, str]]:
    types = {"BIGINT": "bigint", "INTEGER": "integer", "TEXT": "text"}
    expected = {}
    for table in metadata.tables.values():
        for column in table.columns:
            kind = column.type.compile(connection.dialect).partition(" ")[0]
            needed = "" if column.nullable else " NOT NULL"
            expected[f"{table.name}.{column.name}"] = f"r {types[kind]}{needed}"
        for index in table.indexes:
            made = str(CreateIndex(index).compile(connection)).replace('"', "")
            expected[str(index.name)] = made.replace(f" ON {table.name} (", f" ON {table.name} USING btree (")
        if table.primary_key.columns:
            key, listed = f"{table.name}_pkey", ", ".join(each.name for each in table.primary_key.columns)
            expected[key] = f"CREATE UNIQUE INDEX {key} ON {table.name} USING btree ({listed})"
    return expected, pg_objects(connection, list(metadata.tables))

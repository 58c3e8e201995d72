"""Compare what the database says it contains with what ``schema.py`` made.

A missing trigger is not yet a changed event, but somebody has opened the door. Both sides become a dictionary of
object → description, so one comparison serves both databases.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from ledger.database import APPLICATION_ID, SCHEMA_VERSION
from ledger.log.schema import APPEND_ONLY, INDEXES, TABLES, pg_functions, sqlite_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

__all__ = ["as_text", "pg_objects", "schema_differences"]

_PG_TYPES: Final = {"BIGINT": "bigint", "BYTES": "bytea", "TEXT": "text"}
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32  # the bits of pg_trigger.tgtype

_SQLITE_OBJECTS: Final = (
    "SELECT type, name, tbl_name, typeof(type) || ' ' || typeof(name) || ' ' || typeof(tbl_name), sql"
    " FROM sqlite_master"
)
_AUTOINDEXES: Final = {f"sqlite_autoindex_{table}_1": table for table in ("ledger_info", "tracking")}
_PG_COLUMNS: Final = text(
    "SELECT c.relname || '.' || a.attname, c.relkind::text || ' ' || format_type(a.atttypid, a.atttypmod)"
    " || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(:tables)"
    " AND a.attnum > 0 AND NOT a.attisdropped"
)
_PG_INDEXES: Final = text(
    "SELECT indexname, replace(replace(indexdef, quote_ident(schemaname) || '.', ''), chr(34), '') FROM pg_indexes"
    " WHERE schemaname = current_schema() AND tablename = ANY(:tables)"
)
_PG_TRIGGERS: Final = text(
    "SELECT c.relname || ': ' || t.tgname, t.tgtype::text || ' ' || t.tgenabled::text || ' '"
    " || CASE WHEN t.tgqual IS NULL THEN '' ELSE 'conditional ' END || p.prosrc"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(:tables) AND NOT t.tgisinternal"
)
_PG_RULES: Final = text(
    "SELECT c.relname || ': ' || r.rulename, 'rewrite rule' FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(:tables)"
)


def schema_differences(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Yield object, expected and found description of everything that is not as made; an empty text is "nothing".

    Objects of other programs in the same database are left alone.
    """
    sqlite = connection.dialect.name == "sqlite"
    expected = _sqlite_expected() if sqlite else _pg_expected()
    found = _sqlite_found(connection) if sqlite else pg_objects(connection, list(TABLES))
    for name in [*expected, *(name for name in found if name not in expected)]:
        if expected.get(name) != found.get(name):
            yield name, expected.get(name, ""), found.get(name, "")


def as_text(value: object) -> str:
    """Return what a column that should hold text holds, readable whatever it is."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _sqlite_expected() -> dict[str, str]:
    return {
        **sqlite_objects(),
        "application_id": str(APPLICATION_ID),
        "user_version": str(SCHEMA_VERSION),
    }


def _sqlite_found(connection: Connection) -> dict[str, str]:
    found = {
        name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in ("application_id", "user_version")
    }
    expected = sqlite_objects()
    for *raw, sql in connection.exec_driver_sql(_SQLITE_OBJECTS):
        kind, name, table, types = map(as_text, raw)
        made = re.match(r"CREATE (?:UNIQUE )?([A-Z]+) (\w+)(?:[A-Z ]*? ON (\w+))?", expected.get(name, ""))
        is_as_made = made is None or (kind, table) == (made[1].lower(), made[3] or made[2])
        if not is_as_made or (name in _AUTOINDEXES and (kind, table) != ("index", _AUTOINDEXES[name])):
            found[name] = f"{kind} on {table}"
        elif (table in TABLES or name in expected) and types != "text text text":
            # One flipped bit makes bytes of a text; SQLite goes on as if nothing were wrong.
            found[name] = f"{types}: {'' if sql is None else as_text(sql)}"
        elif sql is not None and (table in TABLES or name in expected):
            found[name] = as_text(sql)
    return found


def _pg_expected() -> dict[str, str]:
    bodies = pg_functions()
    expected = {}
    for table, lines in TABLES.items():
        keys = []
        for name, kind, *rest in (line.split() for line in lines):
            if name == "PRIMARY":
                keys = ["level", "idx"]
                continue
            constraint = " ".join(rest)
            expected[f"{table}.{name}"] = f"r {_PG_TYPES[kind]}{' NOT NULL' if constraint else ''}"
            if "PRIMARY KEY" in constraint:
                keys = [name]
        expected[f"{table}_pkey"] = f"CREATE UNIQUE INDEX {table}_pkey ON {table} USING btree ({', '.join(keys)})"
    for name, (unique, table, columns) in INDEXES.items():
        expected[name] = f"CREATE {f'{unique} '.lstrip()}INDEX {name} ON {table} USING btree ({columns})"
    for table in APPEND_ONLY:
        for action, bits in (("update", _ROW | _UPDATE), ("delete", _ROW | _DELETE), ("truncate", _TRUNCATE)):
            expected[f"{table}: {table}_no_{action}"] = f"{_BEFORE | bits} O {bodies['xianjie_append_only']}"
    in_order = f"{_ROW | _BEFORE | _INSERT} O {bodies['xianjie_batch_in_order']}"
    return {**expected, "batch: batch_in_order": in_order}


def pg_objects(connection: Connection, tables: list[str]) -> dict[str, str]:
    """Return what PostgreSQL's catalogue says of some tables: columns, indexes, triggers, rules."""
    return {
        str(name): str(description)
        for query in (_PG_COLUMNS, _PG_INDEXES, _PG_TRIGGERS, _PG_RULES)
        for name, description in connection.execute(query, {"tables": tables})
    }

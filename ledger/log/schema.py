"""The tables of the log, word for word, for both databases.

The statements are written out rather than generated, because ``verify`` compares them with what the database says it
contains: a library that changed its line breaks would look like a tamperer. They run once, in ``xianjie init``;
opening a ledger never creates anything.

========== ==========================================================================================================
event      one row per event; ``state`` is the bytes as given, ``leaf`` their RFC 6962 hash (see ``record.py``)
stream     short numbers for stream names, so that the index of events stays small at any size
topic      the same for event types
batch      one command: who, what, by which document, its key, its range of positions, and the checkpoint after it
node       hashes of complete subtrees of 256, 65,536, … leaves (C2SP tlog-tiles); a cache that can be rebuilt
tracking   how far each projection has read; the only table whose rows change
========== ==========================================================================================================

Positions are checked once per batch, by a trigger on ``batch``: a trigger on every event would slow an import by
60 per cent. There are no foreign keys for the same reason; ``verify`` checks what they would have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from ledger.database import APPLICATION_ID, SCHEMA_VERSION, write_transaction
from ledger.errors import StorageError, ValueRefusedError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["APPEND_ONLY", "INDEXES", "TABLES", "create_log", "is_ours", "origin_of", "pg_functions", "sqlite_objects"]

TABLES: Final = {
    "event": (
        "position BIGINT PRIMARY KEY",
        "stream BIGINT NOT NULL",
        "version BIGINT NOT NULL",
        "topic BIGINT NOT NULL",
        "batch BIGINT NOT NULL",
        "state BYTES NOT NULL",
        "leaf BYTES NOT NULL",
    ),
    "stream": ("id BIGINT PRIMARY KEY", "name TEXT NOT NULL"),
    "topic": ("id BIGINT PRIMARY KEY", "name TEXT NOT NULL"),
    "batch": (
        "id BIGINT PRIMARY KEY",
        "key TEXT",
        "input_hash TEXT NOT NULL",
        "actor TEXT NOT NULL",
        "command TEXT NOT NULL",
        "document TEXT NOT NULL",
        "first BIGINT NOT NULL",
        "last BIGINT NOT NULL",
        "recorded_at TEXT NOT NULL",
        "checkpoint TEXT NOT NULL",
    ),
    "node": ("level BIGINT NOT NULL", "idx BIGINT NOT NULL", "hash BYTES NOT NULL", "PRIMARY KEY (level, idx)"),
    "ledger_info": ("name TEXT PRIMARY KEY NOT NULL", "value TEXT NOT NULL"),
    "tracking": ("name TEXT PRIMARY KEY NOT NULL", "position BIGINT NOT NULL"),
}

INDEXES: Final = {
    "event_stream_version": ("UNIQUE", "event", "stream, version"),
    "stream_name": ("UNIQUE", "stream", "name"),
    "topic_name": ("UNIQUE", "topic", "name"),
    "batch_key": ("UNIQUE", "batch", "key"),
    "batch_recorded_at": ("", "batch", "recorded_at, last"),
}

APPEND_ONLY: Final = ("event", "stream", "topic", "batch", "node", "ledger_info")

_SQLITE_TYPES: Final = {"BIGINT": "INTEGER", "BYTES": "BLOB"}
# Byte order, whatever the language of the server: moments are compared as text.
_PG_TYPES: Final = {"BYTES": "BYTEA", "TEXT": 'TEXT COLLATE "C"'}

# A batch must follow the one before it, and its positions must be exactly the events stored since.
_OUT_OF_ORDER: Final = """NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM batch)
  OR NEW.first <> (SELECT coalesce(max(last), 0) + 1 FROM batch WHERE id = NEW.id - 1)
  OR NEW.last < NEW.first
  OR NEW.last <> (SELECT max(position) FROM event)
  OR NEW.last - NEW.first + 1 <> (SELECT count(*) FROM event WHERE position >= NEW.first)"""


def create_log(engine: Engine, origin: str) -> None:
    """Make the empty tables of a new ledger, all or nothing.

    ``origin`` is the name that every checkpoint carries, such as ``520200.xianjie.example/ledger`` (C2SP: no spaces,
    no ``+``). Raises ValueRefusedError, StorageError (the database already holds something).
    """
    if not re.fullmatch(r"[^\s+\x00-\x1f\x7f]{1,200}", origin):
        raise ValueRefusedError(
            "log.bad_origin",
            f"账本标识不能用:{origin[:40]!r}",
            hint="请用不含空格和加号的一串字,如 520200.xianjie.example/ledger。",
        )
    with write_transaction(engine) as connection:
        _refuse_occupied(connection)
        sqlite = connection.dialect.name == "sqlite"
        for statement in sqlite_objects().values() if sqlite else _pg_statements():
            connection.exec_driver_sql(statement)
        if sqlite:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute(
            text("INSERT INTO ledger_info (name, value) VALUES (:name, :value)"),
            [{"name": "origin", "value": origin}, {"name": "schema_version", "value": str(SCHEMA_VERSION)}],
        )


def is_ours(connection: Connection) -> bool:
    """Tell whether a log lives in this database (or PostgreSQL schema), of whatever version."""
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID
    return connection.exec_driver_sql("SELECT to_regclass('ledger_info')").scalar() is not None


def origin_of(connection: Connection) -> str:
    """Return the name that every checkpoint of this ledger carries."""
    return str(connection.execute(text("SELECT value FROM ledger_info WHERE name = 'origin'")).scalar_one())


def sqlite_objects() -> dict[str, str]:
    """Return every table, index and trigger of a SQLite ledger: its name and the statement that makes it."""
    objects = {name: _table(name, _SQLITE_TYPES) + " STRICT" for name in TABLES}
    objects["node"] += ", WITHOUT ROWID"
    objects |= _indexes()
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            name = f"{table}_no_{action.lower()}"
            objects[name] = (
                f"CREATE TRIGGER {name} BEFORE {action} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'xianjie: {table} is append-only'); END"
            )
    objects["batch_in_order"] = (
        f"CREATE TRIGGER batch_in_order BEFORE INSERT ON batch WHEN {_OUT_OF_ORDER}\n"
        "BEGIN SELECT RAISE(ABORT, 'xianjie: batch is out of order'); END"
    )
    return objects


def pg_functions() -> dict[str, str]:
    """Return the bodies of the two trigger functions of a PostgreSQL ledger."""
    return {
        "xianjie_append_only": "BEGIN RAISE EXCEPTION 'xianjie: % is append-only', TG_TABLE_NAME; END",
        "xianjie_batch_in_order": (
            f"BEGIN IF {_OUT_OF_ORDER}\nTHEN RAISE EXCEPTION 'xianjie: batch is out of order'; END IF; RETURN NEW; END"
        ),
    }


def _table(name: str, types: dict[str, str]) -> str:
    body = ",\n  ".join(TABLES[name])
    for generic, own in types.items():
        body = re.sub(rf"\b{generic}\b", own, body)
    return f"CREATE TABLE {name} (\n  {body}\n)"


def _indexes() -> dict[str, str]:
    return {
        name: f"CREATE {f'{unique} '.lstrip()}INDEX {name} ON {table} ({columns})"
        for name, (unique, table, columns) in INDEXES.items()
    }


def _pg_statements() -> list[str]:
    statements = [_table(name, _PG_TYPES) for name in TABLES]
    statements += _indexes().values()
    statements += [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$".replace("%", "%%")
        for name, body in pg_functions().items()
    ]
    for table in APPEND_ONLY:
        for action, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            statements.append(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION xianjie_append_only()"
            )
    statements.append(
        "CREATE TRIGGER batch_in_order BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION xianjie_batch_in_order()"
    )
    return statements


def _refuse_occupied(connection: Connection) -> None:
    if is_ours(connection):
        raise StorageError(
            "storage.exists", "这里已经有一本账了,没有改动它。", hint="直接使用即可;要新建,请换一个文件或数据库。"
        )
    occupied = connection.exec_driver_sql(
        "SELECT count(*) FROM sqlite_master"
        if connection.dialect.name == "sqlite"
        else "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    ).scalar()
    if occupied:
        raise StorageError(
            "storage.not_ours", "这个数据库里已经有别的内容,不能在其中新建账本。", hint="请换一个空的文件或数据库。"
        )

"""Seat belts of SQLite connections: what the program itself can never do to a ledger, whatever its code says.

SQLite asks the authorizer while it compiles a statement, so a statement costs the question once and running it nothing.
Rows may be added anywhere; changed and deleted only where they are copies of the log: the facts, and how far they have
come. What is not named here is refused. This guards against our own mistakes and against SQL that slipped in; it does
not hold anybody who has the file (``docs/decisions/0016-seat-belts.md``).
"""

from __future__ import annotations

import re
import sqlite3
from typing import Final

__all__ = ["authorize_reading", "authorize_recording"]


_COPIES: Final = re.compile(r"fact_\w+|facts_info|tracking")
_CATALOGUE: Final = frozenset({"sqlite_master", "sqlite_schema", "sqlite_temp_master"})
_CHANGE: Final = frozenset({sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_TABLES: Final = frozenset(
    {sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_DROP_VIEW, sqlite3.SQLITE_REINDEX}
)
_BESIDES: Final = frozenset({sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_DROP_TRIGGER})
_ALWAYS: Final = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
    }
)
_QUESTIONS: Final = frozenset(
    {"integrity_check", "quick_check", "table_info", "table_xinfo", "index_list", "index_info"}
)
"""Pragmas whose argument only says what is asked for."""


def authorize_recording(
    action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None
) -> int:
    """Allow what recording and catching up need: rows added, facts changed, fact tables made and dropped.

    Views and triggers are never made, only dropped, where somebody put them in the place of facts.
    """
    name = first or ""
    if action in _ALWAYS or action == sqlite3.SQLITE_INSERT or (action in _CHANGE and _may_change(name)):
        return sqlite3.SQLITE_OK
    if (action in _TABLES and _COPIES.fullmatch(name)) or (action in _BESIDES and _COPIES.fullmatch(second or "")):
        return sqlite3.SQLITE_OK
    return _pragma(action, name, second)


def authorize_reading(
    action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None
) -> int:
    """Allow questions only."""
    return sqlite3.SQLITE_OK if action in _ALWAYS else _pragma(action, first or "", second)


def _may_change(table: str) -> bool:
    return table in _CATALOGUE or _COPIES.fullmatch(table) is not None


def _pragma(action: int, name: str, argument: str | None) -> int:
    asked = action == sqlite3.SQLITE_PRAGMA and (argument is None or name.lower() in _QUESTIONS)
    return sqlite3.SQLITE_OK if asked else sqlite3.SQLITE_DENY

"""A SQLite file for auditors: the facts as tables of integers and text, and views in Chinese that cannot be written.

Amounts stay integer fen, and each has a view column in yuan as text, exact to the fen.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from projections.exports.dictionary import column_label
from projections.exports.views import VIEWS, columns_of, rows_of
from projections.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path

    from projections.scope import Scope

__all__ = ["write_sqlite"]

_ABOUT: Final = "about"


def write_sqlite(scope: Scope, path: Path) -> dict[str, int]:
    """Write the file and return the number of lines of each view."""
    counted: dict[str, int] = {}
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"CREATE TABLE {_ABOUT} (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
        about = {
            "area": scope.area,
            "as_of": scope.as_of.isoformat(),
            "position": str(scope.position),
            "root": scope.root,
        }
        file.executemany(f"INSERT INTO {_ABOUT} VALUES (?, ?)", about.items())  # noqa: S608 - here and below: our own names
        for view in VIEWS:
            columns = metadata.tables[view.table].c
            names = columns_of(view)
            typed = ", ".join(
                f"{name} {'INTEGER' if columns[name].type.python_type is int else 'TEXT'}" for name in names
            )
            file.execute(f"CREATE TABLE {view.table} ({typed}) STRICT")
            holes = ", ".join("?" * len(names))
            done = file.executemany(f"INSERT INTO {view.table} VALUES ({holes})", rows_of(scope, view))  # noqa: S608
            counted[view.name] = max(done.rowcount, 0)
            file.execute(f'CREATE VIEW "{view.name}" AS SELECT {_shown(view.table, names)} FROM {view.table}')  # noqa: S608
        file.commit()
        file.execute("VACUUM")
    path.chmod(0o444)
    return counted


def _shown(table: str, names: list[str]) -> str:
    shown: list[str] = []
    for name in names:
        heading = column_label(table, name)
        if name.endswith("_fen"):
            sign = f"CASE WHEN {name} < 0 THEN '-' ELSE '' END"
            shown.append(f"{sign} || printf('%d.%02d', abs({name}) / 100, abs({name}) % 100) AS \"{heading}\"")
        else:
            shown.append(f'{name} AS "{heading}"')
    return ", ".join(shown)

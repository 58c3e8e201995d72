"""Files that are kept outside the database, because a database cannot testify against itself."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.database import database_file

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["outside_file", "replace_file"]


def outside_file(engine: Engine, origin: str, kind: str) -> Path:
    """Return the file of this kind: ``<database>.<kind>``, or in ``XIANJIE_HOME`` (``~/.xianjie``) on PostgreSQL."""
    database = database_file(engine)
    if database is not None:
        return database.with_name(f"{database.name}.{kind}")
    home = os.environ.get("XIANJIE_HOME")
    folder = Path(home) if home else Path.home() / ".xianjie"
    return folder / f"{sha256(origin.encode()).hexdigest()[:16]}.{kind}"


def replace_file(path: Path, content: str) -> None:
    """Put a text in the place of a file, all or nothing, and have it on the disk on return. Raises OSError."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise

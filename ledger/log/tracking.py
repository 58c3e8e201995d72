"""How far each follower has read the log.

Two ways to move on, both free of races: ``raise_position`` is one conditional upsert, refused unless the position
rises; ``advance`` is compare-and-set inside a transaction of the caller, so that a page of facts and the position it
brings them to are kept or lost together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from ledger.errors import ConflictError

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["advance", "position_of", "raise_position", "stored_position"]

_RAISE = text(
    "INSERT INTO tracking (name, position) VALUES (:name, :position)"
    " ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE tracking.position < excluded.position"
)
_START = text("INSERT INTO tracking (name, position) VALUES (:name, :new) ON CONFLICT (name) DO NOTHING")
_ADVANCE = text("UPDATE tracking SET position = :new WHERE name = :name AND position = :old")
_READ = text("SELECT position FROM tracking WHERE name = :name")


def raise_position(connection: Connection, name: str, position: int) -> bool:
    """Move a follower forward; return False, and move nothing, unless the position is a new highest."""
    return connection.execute(_RAISE, {"name": name, "position": position}).rowcount == 1


def stored_position(connection: Connection, name: str) -> int | None:
    """Return how far a follower has read; None if it has not begun."""
    found = connection.execute(_READ, {"name": name}).scalar()
    return None if found is None else int(found)


def position_of(connection: Connection, name: str) -> int:
    """Return how far a follower has read; 0 if it has not begun."""
    return stored_position(connection, name) or 0


def advance(connection: Connection, name: str, old: int, new: int) -> None:
    """Move a follower from ``old`` to ``new``. Raises ConflictError if somebody else has moved it."""
    row = {"name": name, "old": old, "new": new}
    moved = connection.execute(_START, row).rowcount if old == 0 else 0
    if moved != 1 and connection.execute(_ADVANCE, row).rowcount != 1:
        raise ConflictError(
            "tracking.moved", f"{name} 的读取位置已不是 {old},别的程序刚刚推进了它。", hint="请直接重试。"
        )

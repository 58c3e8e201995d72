"""How far each follower has read the log.

Two ways to move on, both free of races: ``insert_tracking`` is the library's (one conditional upsert, refused unless
the position rises); ``advance`` is compare-and-set inside a transaction of the caller, so that a page of facts and the
position it brings them to are kept or lost together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder
from sqlalchemy import text

from ledger.database import read_transaction, write_transaction
from ledger.errors import ConflictError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["LedgerTrackingRecorder", "advance", "position_of"]

_RAISE = text(
    "INSERT INTO tracking (name, position) VALUES (:name, :position)"
    " ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE tracking.position < excluded.position"
)
_START = text("INSERT INTO tracking (name, position) VALUES (:name, :new) ON CONFLICT (name) DO NOTHING")
_ADVANCE = text("UPDATE tracking SET position = :new WHERE name = :name AND position = :old")
_READ = text("SELECT position FROM tracking WHERE name = :name")


class LedgerTrackingRecorder(TrackingRecorder):
    """The library's tracking interface over the ledger's ``tracking`` table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record that a notification was processed. Raises IntegrityError unless its number is a new highest."""
        row = {"name": tracking.application_name, "position": tracking.notification_id}
        with write_transaction(self._engine) as connection:
            if connection.execute(_RAISE, row).rowcount != 1:
                message = f"{tracking.application_name} has already processed {tracking.notification_id}"
                raise IntegrityError(message)

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return the highest processed notification; None when there is none."""
        with read_transaction(self._engine) as connection:
            found = connection.execute(_READ, {"name": application_name}).scalar()
        return None if found is None else int(found)


def position_of(connection: Connection, name: str) -> int:
    """Return how far a follower has read; 0 if it has not begun."""
    return int(connection.execute(_READ, {"name": name}).scalar() or 0)


def advance(connection: Connection, name: str, old: int, new: int) -> None:
    """Move a follower from ``old`` to ``new``. Raises ConflictError if somebody else has moved it."""
    row = {"name": name, "old": old, "new": new}
    moved = connection.execute(_START, row).rowcount if old == 0 else 0
    if moved != 1 and connection.execute(_ADVANCE, row).rowcount != 1:
        raise ConflictError(
            "tracking.moved", f"{name} 的读取位置已不是 {old},别的程序刚刚推进了它。", hint="请直接重试。"
        )

"""The reading positions behind the interface of the ``eventsourcing`` library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder

from ledger.database import read_transaction, write_transaction
from ledger.log.tracking import raise_position, stored_position

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["LedgerTrackingRecorder"]


class LedgerTrackingRecorder(TrackingRecorder):
    """The library's tracking interface over the ledger's ``tracking`` table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record that a notification was processed. Raises IntegrityError unless its number is a new highest."""
        with write_transaction(self._engine) as connection:
            if not raise_position(connection, tracking.application_name, tracking.notification_id):
                message = f"{tracking.application_name} has already processed {tracking.notification_id}"
                raise IntegrityError(message)

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return the highest processed notification; None when there is none."""
        with read_transaction(self._engine) as connection:
            return stored_position(connection, application_name)

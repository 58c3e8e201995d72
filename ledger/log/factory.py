"""Connects the library to the ledger: ``PERSISTENCE_MODULE=ledger.log``, ``XIANJIE_DB=<path or URL>``.

The database must exist (``xianjie init``): nothing is created at start-up.
"""

from __future__ import annotations

from functools import cached_property
from typing import NoReturn

from eventsourcing.persistence import InfrastructureFactory, InfrastructureFactoryError
from eventsourcing.utils import resolve_topic

from ledger.database import open_database
from ledger.log.appending import Appender
from ledger.log.recorder import LedgerRecorder
from ledger.log.tracking_recorder import LedgerTrackingRecorder

__all__ = ["LedgerFactory"]


class LedgerFactory(InfrastructureFactory[LedgerTrackingRecorder]):
    """Makes the recorders of one ledger, all over one engine."""

    DATABASE = "XIANJIE_DB"
    ORIGINATOR_ID_TYPE = "ORIGINATOR_ID_TYPE"

    @cached_property
    def appender(self) -> Appender:
        """The one append path. Raises StorageError, InfrastructureFactoryError (no database named)."""
        url = self.env.get(self.DATABASE)
        if not url:
            message = f"set {self.DATABASE} to the path or URL of a ledger"
            raise InfrastructureFactoryError(message)
        return Appender(open_database(url))

    def application_recorder(self) -> LedgerRecorder:
        """Return a recorder of events. ``ORIGINATOR_ID_TYPE=text`` keeps identifiers text that look like UUIDs."""
        return LedgerRecorder(self.appender, uuid_ids=self.env.get(self.ORIGINATOR_ID_TYPE, "uuid") != "text")

    def tracking_recorder(
        self, tracking_recorder_class: type[LedgerTrackingRecorder] | None = None
    ) -> LedgerTrackingRecorder:
        """Return a recorder of reading positions, of the given class or the one that the environment names."""
        if tracking_recorder_class is None:
            topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
            tracking_recorder_class = resolve_topic(topic) if topic else LedgerTrackingRecorder
        return tracking_recorder_class(self.appender.engine)

    def aggregate_recorder(self, purpose: str = "events") -> NoReturn:
        """Refuse: the ledger keeps no events or snapshots outside its one sequence."""
        message = f"the ledger has no separate recorder for {purpose}; use the application recorder"
        raise InfrastructureFactoryError(message)

    def process_recorder(self) -> NoReturn:
        """Refuse: facts and their position are written by the projections (``ledger.log.tracking.advance``)."""
        message = "the ledger has no process recorder; use the tracking recorder"
        raise InfrastructureFactoryError(message)

    def close(self) -> None:
        """Close every connection."""
        if "appender" in self.__dict__:
            self.appender.engine.dispose()

"""The log behind the interface of the ``eventsourcing`` library.

Everything is written through :class:`~ledger.log.appending.Appender`; this class only translates. Identifiers are
text; UUIDs are accepted and, unless ``uuid_ids`` is off, come back as UUIDs.
"""

from __future__ import annotations

import re
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)
from sqlalchemy import bindparam, text

from ledger.database import read_transaction
from ledger.errors import ConflictError
from ledger.log.appending import BatchHeader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventsourcing.persistence import Tracking

    from ledger.log.appending import Appender

__all__ = ["LedgerRecorder", "PollingSubscription"]

_ANONYMOUS: Final = BatchHeader(key=None, input_hash="", actor="", command="", document="")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST: Final = 2**63 - 1

_EVENTS: Final = (
    "SELECT e.version, t.name, e.state FROM event e JOIN topic t ON t.id = e.topic"
    " WHERE e.stream = (SELECT id FROM stream WHERE name = :name) AND e.version > :gt AND e.version <= :lte"
    " ORDER BY e.version"
)
_FORWARD: Final = text(f"{_EVENTS} LIMIT :limit")
_BACKWARD: Final = text(f"{_EVENTS} DESC LIMIT :limit")
_NOTIFICATIONS: Final = (
    "SELECT e.position, s.name, e.version, t.name, e.state FROM event e"
    " JOIN stream s ON s.id = e.stream JOIN topic t ON t.id = e.topic"
    " WHERE e.position >= :first AND e.position <= :stop"
)
_ALL: Final = text(f"{_NOTIFICATIONS} ORDER BY e.position LIMIT :limit")
_OF_TOPICS: Final = text(f"{_NOTIFICATIONS} AND t.name IN :topics ORDER BY e.position LIMIT :limit").bindparams(
    bindparam("topics", expanding=True)
)
_MAX: Final = text("SELECT max(position) FROM event")


class LedgerRecorder(ApplicationRecorder):
    """Records and selects stored events of all streams."""

    def __init__(self, appender: Appender, *, uuid_ids: bool = True) -> None:
        self.appender = appender
        self._engine = appender.engine
        self._uuid_ids = uuid_ids

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        expect: Mapping[str, int] | None = None,
        header: BatchHeader | None = None,
        tracking: Tracking | None = None,
        **kwargs: Any,  # noqa: ANN401 - the library's signature
    ) -> Sequence[int]:
        """Append events as one batch and return their positions.

        ``expect`` names streams that were read but not written, and the version that each must still have. Raises
        IntegrityError if a version is taken or an expectation fails; nothing is recorded then. ``tracking`` is what
        the library hands to every recorder; this one records events only, so it must be None.
        """
        if tracking is not None:
            message = "the log records no tracking: use LedgerTrackingRecorder"
            raise TypeError(message)
        if kwargs:
            message = f"unknown arguments: {', '.join(sorted(kwargs))}"
            raise TypeError(message)
        try:
            with self.appender.open(header or _ANONYMOUS) as append:
                if append.prior is None:
                    for stream, version in (expect or {}).items():
                        _check_unmoved(stream, version, append.stream_version(stream))
                    append.write(
                        [(str(e.originator_id), e.originator_version, e.topic, e.state) for e in stored_events]
                    )
        except ConflictError as error:
            raise IntegrityError(error.message) from error
        return [*range(append.receipt.first, append.receipt.last + 1)]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the events of one stream, by version."""
        bounds = {
            "name": str(originator_id),
            "gt": -1 if gt is None else gt,
            "lte": _MOST if lte is None else lte,
            "limit": _MOST if limit is None else limit,
        }
        with read_transaction(self._engine) as connection:
            found = connection.execute(_BACKWARD if desc else _FORWARD, bounds)
            return [StoredEvent(originator_id, version, topic, state) for version, topic, state in found]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return up to ``limit`` events from position ``start`` to ``stop``, of the given topics if any."""
        bounds: dict[str, object] = {
            "first": (start or 0) + (start is not None and not inclusive_of_start),
            "stop": _MOST if stop is None else stop,
            "limit": limit,
        }
        if topics:
            bounds["topics"] = list(topics)
        with read_transaction(self._engine) as connection:
            found = connection.execute(_OF_TOPICS if topics else _ALL, bounds)
            return [
                Notification(
                    originator_id=self._originator_id(name),
                    originator_version=version,
                    topic=topic,
                    state=state,
                    id=position,
                )
                for position, name, version, topic, state in found
            ]

    def max_notification_id(self) -> int | None:
        """Return the last position; None when nothing is recorded."""
        with read_transaction(self._engine) as connection:
            found = connection.execute(_MAX).scalar()
        return None if found is None else int(found)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> PollingSubscription:
        """Return an endless iterator of events after ``gt``, of the given topics if any."""
        return PollingSubscription(self, gt, topics)

    def _originator_id(self, name: str) -> UUID | str:
        return UUID(name) if self._uuid_ids and _UUID.fullmatch(name) else name


class PollingSubscription(Subscription[LedgerRecorder]):
    """Follows the log by asking again: the same on SQLite, which cannot call back, and on PostgreSQL."""

    _PAGE: Final = 500
    _PAUSE_SECONDS: Final = 0.05

    def __init__(self, recorder: LedgerRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder, gt, topics)
        self._waiting: list[Notification] = []
        self._stopped = Event()

    def stop(self) -> None:
        """End the iteration, also one that is waiting in another thread."""
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        """Return the next event, waiting until there is one."""
        while not self._stopped.is_set():
            if self._waiting:
                self._last_notification_id = self._waiting[-1].id
                return self._waiting.pop()
            page = self._recorder.select_notifications(
                self._last_notification_id or 0, self._PAGE, topics=self._topics, inclusive_of_start=False
            )
            self._waiting = [*reversed(page)]
            if not page:
                self._stopped.wait(self._PAUSE_SECONDS)
        raise StopIteration


def _check_unmoved(stream: str, expected: int, actual: int) -> None:
    if expected != actual:
        raise ConflictError(
            "log.stream_moved",
            f"{stream} 读取时是第 {expected} 版,现在是第 {actual} 版。",
            hint="别人刚刚改过它;请重新读取后再试。",
        )

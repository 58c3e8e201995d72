"""The test cases that the eventsourcing library ships for anybody's recorder, on both databases."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import (
    InfrastructureFactory,
    InfrastructureFactoryError,
    IntegrityError,
    StoredEvent,
    Tracking,
)
from eventsourcing.tests import persistence as cases

from ledger.log import LedgerFactory
from ledger.log.appending import Appender, BatchHeader
from ledger.log.recorder import LedgerRecorder
from ledger.log.tracking_recorder import LedgerTrackingRecorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@contextmanager
def _threads_end() -> Iterator[None]:
    """Wait for the reader threads that the library's case starts but does not join: they hold connections."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=30)


class OnSQLite:
    engine: Engine

    @pytest.fixture(autouse=True)
    def _take(self, sqlite_engine: Engine) -> Iterator[None]:
        self.engine = sqlite_engine
        with _threads_end():
            yield


class OnPostgres:
    engine: Engine

    @pytest.fixture(autouse=True)
    def _take(self, postgres_engine: Engine) -> Iterator[None]:
        self.engine = postgres_engine
        with _threads_end():
            yield


class RecorderCase(cases.ApplicationRecorderTestCase[LedgerRecorder]):
    __test__ = False
    engine: Engine

    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(Appender(self.engine))

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TextRecorderCase(RecorderCase):
    """The same with identifiers that are text and look like UUIDs."""

    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(Appender(self.engine), uuid_ids=False)

    def new_originator_id(self) -> UUID | str:
        return str(uuid4())


class NonInterleavingCase(cases.NonInterleavingNotificationIDsBaseCase):
    __test__ = False
    engine: Engine

    def create_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(Appender(self.engine))


class TrackingCase(cases.TrackingRecorderTestCase):
    __test__ = False
    engine: Engine

    def create_recorder(self) -> LedgerTrackingRecorder:
        return LedgerTrackingRecorder(self.engine)


class TestRecorderOnSQLite(OnSQLite, RecorderCase):
    __test__ = True


class TestRecorderOnPostgres(OnPostgres, RecorderCase):
    __test__ = True


class TestTextRecorderOnSQLite(OnSQLite, TextRecorderCase):
    __test__ = True


class TestNonInterleavingOnSQLite(OnSQLite, NonInterleavingCase):
    __test__ = True


class TestNonInterleavingOnPostgres(OnPostgres, NonInterleavingCase):
    __test__ = True


class TestTrackingOnSQLite(OnSQLite, TrackingCase):
    __test__ = True


class TestTrackingOnPostgres(OnPostgres, TrackingCase):
    __test__ = True


def _stored(stream: str, version: int) -> StoredEvent:
    return StoredEvent(stream, version, "tranche.issued", b"{}")


def test_a_guarded_stream_that_moved_refuses_the_whole_batch(appender: Appender) -> None:
    recorder = LedgerRecorder(appender)
    recorder.insert_events([_stored("period:2024", 1)])

    recorder.insert_events([_stored("tranche:1", 1)], expect={"period:2024": 1, "period:2025": 0})
    with pytest.raises(IntegrityError):
        recorder.insert_events([_stored("tranche:1", 2)], expect={"period:2024": 0})

    assert recorder.max_notification_id() == 2


def test_a_repeated_key_gives_the_first_positions_again(appender: Appender) -> None:
    recorder = LedgerRecorder(appender)
    header = BatchHeader("k", "hash", "li", "import", "doc")

    first = recorder.insert_events([_stored("a", 1), _stored("b", 1)], header=header)
    again = recorder.insert_events([_stored("a", 1), _stored("b", 1)], header=header)

    assert first == again == [1, 2]
    assert recorder.max_notification_id() == 2


def test_an_unknown_argument_is_not_swallowed(appender: Appender) -> None:
    with pytest.raises(TypeError, match="expects"):
        LedgerRecorder(appender).insert_events([_stored("a", 1)], expects={"a": 0})


def test_events_of_a_stream_can_be_cut_and_turned(appender: Appender) -> None:
    recorder = LedgerRecorder(appender)
    recorder.insert_events([_stored("a", version) for version in range(1, 6)])

    found = recorder.select_events("a", gt=1, lte=4, desc=True, limit=2)

    assert [one.originator_version for one in found] == [4, 3]


def test_the_library_finds_the_factory_by_module_name(engine: Engine, database_url: str) -> None:
    del engine  # only makes the ledger
    factory = InfrastructureFactory.construct({"PERSISTENCE_MODULE": "ledger.log", "XIANJIE_DB": database_url})
    try:
        assert type(factory) is LedgerFactory
        recorder = factory.application_recorder()
        assert recorder.insert_events([_stored("a", 1)]) == [1]
        tracking = factory.tracking_recorder()
        tracking.insert_tracking(Tracking("facts", 1))
        assert tracking.max_tracking_id("facts") == 1
        with pytest.raises(InfrastructureFactoryError):
            factory.process_recorder()
        with pytest.raises(InfrastructureFactoryError):
            factory.aggregate_recorder()
    finally:
        factory.close()


def test_the_factory_needs_a_database() -> None:
    factory = InfrastructureFactory.construct({"PERSISTENCE_MODULE": "ledger.log"})
    with pytest.raises(InfrastructureFactoryError, match="XIANJIE_DB"):
        factory.application_recorder()

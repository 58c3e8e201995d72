"""The append path: one batch, one transaction, one checkpoint; under the lock, in order, exactly once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ledger.database import open_database, read_transaction
from ledger.errors import ConflictError, LedgerError, StorageError, TamperedError, ValueRefusedError
from ledger.log import appending, names
from ledger.log.appending import Append, Appender, BatchHeader, NewEvent
from ledger.log.high_water import HighWater
from ledger.log.reading import batch_of, head, position_at, read_page, read_stream, root_at
from ledger.log.tracking import advance, position_of
from ledger.log.verify import verify
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import EMPTY_ROOT, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

HEADER = BatchHeader(None, "hash", "li", "fund issue", "黔财农〔2024〕3号")


def _events(stream: str, count: int, start: int = 1) -> list[NewEvent]:
    return [(stream, version, "tranche.issued", b"%d" % version) for version in range(start, start + count)]


def _write(appender: Appender, events: list[NewEvent], header: BatchHeader = HEADER) -> Append:
    with appender.open(header) as append:
        append.write(events)
    return append


def _fail(appender: Appender, events: list[NewEvent], header: BatchHeader = HEADER) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: SIM117, PT012 - the error must come after the write
        with appender.open(header) as append:
            append.write(events)
            raise ZeroDivisionError


def _positions(engine: Engine) -> list[int]:
    with read_transaction(engine) as connection:
        return [row.position for row in read_page(connection, 0, 10_000)]


def test_a_batch_becomes_rows_with_gapless_positions_and_a_checkpoint(appender: Appender) -> None:
    _write(appender, _events("tranche:1", 2))
    receipt = _write(appender, [*_events("tranche:1", 1, start=3), *_events("project:1", 1)]).receipt

    with read_transaction(appender.engine) as connection:
        rows = read_page(connection, 0, 10)
        leaves = connection.exec_driver_sql("SELECT leaf FROM event ORDER BY position").scalars().all()
        now = head(connection)
    assert [(row.position, row.stream, row.version, row.state, row.batch) for row in rows] == [
        (1, "tranche:1", 1, b"1", 1),
        (2, "tranche:1", 2, b"2", 1),
        (3, "tranche:1", 3, b"3", 2),
        (4, "project:1", 1, b"1", 2),
    ]
    assert (receipt.batch, receipt.first, receipt.last, receipt.repeated) == (2, 3, 4, False)
    assert receipt.root == root_of(leaves) == now.root
    assert receipt.checkpoint == str(Checkpoint(appender.origin, 4, receipt.root)) == now.checkpoint
    assert rows[3].recorded_at == receipt.recorded_at == now.recorded_at


def test_reading_sees_what_this_batch_has_written(appender: Appender) -> None:
    _write(appender, _events("a", 1))
    with appender.open(HEADER) as append:
        assert append.stream_version("a") == 1
        assert append.stream_version("b") == 0
        append.write([*_events("a", 1, start=2), *_events("b", 1)])
        assert append.position == 3
        assert append.stream_version("b") == 1
        assert append.read_stream("a") == [(1, "tranche.issued", b"1"), (2, "tranche.issued", b"2")]
        append.write(_events("b", 1, start=2))
    assert append.receipt.last == 4


def test_an_error_in_the_block_leaves_no_trace(appender: Appender) -> None:
    _write(appender, _events("a", 1))
    _fail(appender, [*_events("a", 2, start=2), *_events("new", 1)])
    receipt = _write(appender, [*_events("a", 1, start=2), *_events("other", 1)]).receipt
    assert (receipt.batch, receipt.first, receipt.last) == (2, 2, 3)
    assert verify(appender.engine).findings == []


@pytest.mark.parametrize("version", [0, 1, 3, -1])
def test_a_version_that_is_not_the_next_is_refused(appender: Appender, version: int) -> None:
    _write(appender, _events("a", 1))
    with pytest.raises(ConflictError) as caught, appender.open(HEADER) as append:
        append.write([*_events("new", 1), ("a", version, "t", b"")])
    assert caught.value.code == "log.version_conflict"
    assert _positions(appender.engine) == [1]
    assert _write(appender, [*_events("new", 1), *_events("a", 1, start=2)]).receipt.last == 3
    assert verify(appender.engine).findings == []


@pytest.mark.parametrize("version", [2, -1])
def test_a_stream_begins_at_its_first_version(appender: Appender, version: int) -> None:
    with pytest.raises(ConflictError), appender.open(HEADER) as append:
        append.write([("a", version, "t", b"")])


def test_a_dry_run_does_everything_but_keep_it(appender: Appender) -> None:
    with appender.open(HEADER, dry_run=True) as append:
        append.write(_events("a", 300))
    assert append.receipt.last == 300
    assert _positions(appender.engine) == []
    assert HighWater(appender.engine, appender.origin).read() is None
    assert _write(appender, _events("a", 1)).receipt.last == 1
    assert verify(appender.engine).findings == []


def test_no_event_means_no_batch(appender: Appender) -> None:
    empty = _write(appender, []).receipt
    assert (empty.first, empty.last, empty.root, empty.repeated) == (1, 0, EMPTY_ROOT, False)
    written = _write(appender, _events("a", 1)).receipt
    empty = _write(appender, []).receipt
    assert (empty.first, empty.last, empty.checkpoint) == (2, 1, written.checkpoint)
    assert written.batch == 1


class TestIdempotency:
    KEYED = BatchHeader("import-2024-1", "hash", "li", "import", "doc")

    def test_the_same_key_and_input_give_the_first_receipt(self, appender: Appender) -> None:
        first = _write(appender, _events("a", 3), self.KEYED).receipt
        _write(appender, _events("b", 1))

        with appender.open(self.KEYED) as append:
            assert append.prior is not None
        assert append.receipt.repeated
        assert append.receipt.checkpoint == first.checkpoint
        assert (append.receipt.first, append.receipt.last) == (1, 3)
        assert len(_positions(appender.engine)) == 4

    def test_nothing_can_be_written_under_a_used_key(self, appender: Appender) -> None:
        _write(appender, _events("a", 1), self.KEYED)
        with pytest.raises(ConflictError), appender.open(self.KEYED) as append:
            append.write(_events("b", 1))
        assert _positions(appender.engine) == [1]

    def test_the_same_key_with_other_input_is_a_conflict(self, appender: Appender) -> None:
        _write(appender, _events("a", 1), self.KEYED)
        other = BatchHeader("import-2024-1", "other hash", "li", "import", "doc")
        with pytest.raises(ConflictError) as caught, appender.open(other):
            pass
        assert caught.value.code == "batch.key_reused"
        assert caught.value.exit_code == 4

    def test_a_failed_batch_does_not_use_up_its_key(self, appender: Appender) -> None:
        _fail(appender, _events("a", 1), self.KEYED)
        assert not _write(appender, _events("a", 1), self.KEYED).receipt.repeated


def test_recorded_at_never_runs_backwards(appender: Appender, monkeypatch: pytest.MonkeyPatch) -> None:
    clock: Iterator[str] = iter(
        ["2024-03-01T00:00:00.000Z", "2024-02-01T00:00:00.000Z", "2024-03-02T00:00:00.000Z", "2024-03-02T00:00:00.000Z"]
    )
    monkeypatch.setattr(appending, "now_utc_text", lambda: next(clock))
    moments = [_write(appender, _events(stream, 1)).receipt.recorded_at for stream in "abcd"]
    assert moments == [
        "2024-03-01T00:00:00.000Z",
        "2024-03-01T00:00:00.000Z",
        "2024-03-02T00:00:00.000Z",
        "2024-03-02T00:00:00.000Z",
    ]
    with read_transaction(appender.engine) as connection:
        assert position_at(connection, "2024-02-29T23:59:59.999Z") == 0
        assert position_at(connection, "2024-03-01T00:00:00.000Z") == 2
        assert position_at(connection, "2024-03-01T12:00:00.000Z") == 2
        assert position_at(connection, "2030-01-01T00:00:00.000Z") == 4


@pytest.mark.parametrize("sizes", [[255, 1, 1], [1, 254, 257, 1000], [2_500]])
def test_the_root_at_every_earlier_size_can_be_told(appender: Appender, sizes: list[int]) -> None:
    receipts, version = [], 1
    for size in sizes:
        receipts.append(_write(appender, _events("a", size, start=version)).receipt)
        version += size
    with read_transaction(appender.engine) as connection:
        leaves = connection.exec_driver_sql("SELECT leaf FROM event ORDER BY position").scalars().all()
        for size in {0, 1, 2, 255, 256, 257, len(leaves) - 1, len(leaves)}:
            if size <= len(leaves):
                assert root_at(connection, size) == root_of(leaves[:size])
        assert [root_at(connection, one.last) for one in receipts] == [one.root for one in receipts]
        with pytest.raises(LedgerError):
            root_at(connection, len(leaves) + 1)
        assert batch_of(connection, 1).last == sizes[0]
        with pytest.raises(LedgerError):
            batch_of(connection, len(leaves) + 1)


def test_pages_have_edges(appender: Appender) -> None:
    _write(appender, _events("a", 10))
    with read_transaction(appender.engine) as connection:
        assert [row.position for row in read_page(connection, 3, 2)] == [4, 5]
        assert [row.position for row in read_page(connection, 8, 100, to=9)] == [9]
        assert read_page(connection, 10, 100) == []


def test_two_appenders_take_turns(engine: Engine) -> None:
    """Each must notice what the other has written: versions, numbers of new names, the edge of the tree."""
    one, other = Appender(engine), Appender(engine)
    for step in range(1, 6):
        _write(one, [*_events("shared", 1, start=2 * step - 1), *_events(f"one:{step}", 1)])
        _write(other, [*_events("shared", 1, start=2 * step), *_events(f"other:{step}", 1)])
    assert len(_positions(engine)) == 20
    assert verify(engine).findings == []


def test_more_streams_than_are_remembered(appender: Appender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_KEPT", 10)
    for version in (1, 2, 3):
        _write(appender, [(f"s:{number}", version, "t", b"") for number in range(40)])
    assert len(_positions(appender.engine)) == 120
    assert verify(appender.engine).findings == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("key", ""), ("key", "a\nb"), ("actor", "a\x00b"), ("document", "x" * 501), ("command", "\ud800")],
)
def test_text_that_cannot_be_kept_is_refused(appender: Appender, field: str, value: str) -> None:
    texts = {"key": "k", "input_hash": "h", "actor": "a", "command": "c", "document": "d"} | {field: value}
    with pytest.raises(ValueRefusedError), appender.open(BatchHeader(**texts)):
        pass


@pytest.mark.parametrize("name", ["", "a\x00b", "x" * 501])
def test_a_stream_name_that_cannot_be_kept_is_refused(appender: Appender, name: str) -> None:
    with pytest.raises(ValueRefusedError), appender.open(HEADER) as append:
        append.write([(name, 1, "t", b"")])


def test_an_append_within_an_append_is_a_mistake(appender: Appender) -> None:
    with pytest.raises(RuntimeError), appender.open(HEADER), appender.open(HEADER):
        pass
    assert _write(appender, _events("a", 1)).receipt.last == 1


class TestHighWater:
    def test_every_receipt_is_noted_outside_the_database(self, appender: Appender) -> None:
        receipt = _write(appender, _events("a", 3)).receipt
        assert str(HighWater(appender.engine, appender.origin).read()) == receipt.checkpoint

    def test_it_does_not_go_back(self, appender: Appender) -> None:
        later = Checkpoint(appender.origin, 9, EMPTY_ROOT)
        water = HighWater(appender.engine, appender.origin)
        water.raise_to(later)
        water.raise_to(Checkpoint(appender.origin, 8, EMPTY_ROOT))
        assert water.read() == later

    @pytest.mark.parametrize("change", ["longer", "other root", "other origin", "damaged"])
    def test_a_log_that_contradicts_it_takes_no_more_events(self, appender: Appender, change: str) -> None:
        receipt = _write(appender, _events("a", 3)).receipt
        _write(appender, _events("b", 1))
        texts = {
            "longer": str(Checkpoint(appender.origin, 5, EMPTY_ROOT)),
            "other root": str(Checkpoint(appender.origin, 3, EMPTY_ROOT)),
            "other origin": str(Checkpoint("somebody.else", 3, receipt.root)),
            "damaged": "?",
        }
        HighWater(appender.engine, appender.origin).path.write_text(texts[change], encoding="utf-8")
        with pytest.raises(TamperedError) as caught, appender.open(HEADER):
            pass
        assert caught.value.exit_code == 5
        assert not verify(appender.engine).ok

    def test_one_that_lags_behind_is_fine(self, appender: Appender) -> None:
        receipt = _write(appender, _events("a", 3)).receipt
        _write(appender, _events("b", 300))
        HighWater(appender.engine, appender.origin).path.write_text(receipt.checkpoint, encoding="utf-8")
        assert verify(appender.engine).findings == []
        assert _write(appender, _events("c", 1)).receipt.last == 304

    def test_a_file_that_cannot_be_written_is_told_after_the_fact(self, appender: Appender) -> None:
        water = HighWater(appender.engine, appender.origin)
        water.path.parent.mkdir(exist_ok=True, parents=True)
        water.path.with_name(f"{water.path.name}.{os.getpid()}").mkdir()
        with pytest.raises(LedgerError) as caught:
            _write(appender, _events("a", 1))
        assert caught.value.code == "storage.head_not_saved"
        assert _positions(appender.engine) == [1]


def test_a_damaged_end_takes_no_more_events(sqlite_engine: Engine) -> None:
    _write(Appender(sqlite_engine), _events("a", 3))
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_no_update")
        connection.exec_driver_sql("UPDATE event SET leaf = zeroblob(32) WHERE position = 2")
    with pytest.raises(TamperedError) as caught:
        _write(Appender(sqlite_engine), _events("b", 1))
    assert caught.value.code == "log.head_mismatch"


def test_a_follower_moves_by_compare_and_set(engine: Engine) -> None:
    with engine.begin() as connection:
        assert position_of(connection, "facts") == 0
        advance(connection, "facts", 0, 5)
        advance(connection, "facts", 5, 9)
        for stale in (0, 5):
            with pytest.raises(ConflictError):
                advance(connection, "facts", stale, 10)
        with pytest.raises(ConflictError):
            advance(connection, "others", 3, 4)
        assert position_of(connection, "facts") == 9


def test_a_ledger_is_opened_again_where_it_stopped(tmp_path: Path, sqlite_engine: Engine, sqlite_url: str) -> None:
    del tmp_path
    _write(Appender(sqlite_engine), _events("a", 700))
    sqlite_engine.dispose()
    again = open_database(sqlite_url)
    receipt = _write(Appender(again), _events("a", 1, start=701)).receipt
    assert receipt.last == 701
    assert verify(again).findings == []
    again.dispose()


def test_a_stream_is_read_alike_inside_the_batch_and_after_it(appender: Appender) -> None:
    _write(appender, [*_events("a", 2), *_events("b", 1)])
    with appender.open(HEADER) as append:
        append.write(_events("a", 1, start=3))
        inside = read_stream(append.connection, "a")
        assert read_stream(append.connection, "nobody") == []
    with read_transaction(appender.engine) as connection:
        after = read_stream(connection, "a")
    expected = [(1, "a", 1, b"1", 1), (2, "a", 2, b"2", 1), (4, "a", 3, b"3", 2)]
    for rows in (inside, after):
        assert [(row.position, row.stream, row.version, row.state, row.batch) for row in rows] == expected
    assert (inside[2].recorded_at, after[2].recorded_at != "") == ("", True)


def test_a_stream_asked_of_a_database_that_is_no_ledger_is_one_clear_refusal(database_url: str) -> None:
    engine = open_database(database_url, create=True)
    with pytest.raises(StorageError) as refused, read_transaction(engine) as connection:
        read_stream(connection, "a")
    assert refused.value.code == "storage.not_ours"
    engine.dispose()

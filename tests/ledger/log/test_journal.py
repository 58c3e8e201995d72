"""The second record: complete after every acknowledgement, completed after a crash, and never silently another one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import StorageError, TamperedError, ValueRefusedError
from ledger.log.journal import Journal, compare_journal, configure_journal, forget_journal, journal_of
from ledger.log.raw import RawBatch, header_line, raw_lines, read_batches, read_line
from ledger.log.reading import Batch, head
from ledger.log.verify import verify
from tests.ledger.log.filling import fill

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

ORIGIN = "520200.test.xianjie.example/ledger"


def journal_at(engine: Engine, path: Path) -> Journal:
    return configure_journal(engine, ORIGIN, path)


def test_the_journal_holds_what_was_recorded_before_and_everything_since(engine: Engine, tmp_path: Path) -> None:
    fill(engine, [3, 1])
    journal = journal_at(engine, tmp_path / "j.jsonl")
    fill(engine, [2])
    state = compare_journal(engine, journal)
    assert (state.last, state.behind, state.finding) == (6, 0, None)
    lines = journal.path.read_bytes().splitlines()
    assert json.loads(lines[0]) == {"format": "xianjie.raw.1", "origin": ORIGIN}
    assert json.loads(lines[2])["state"] == '{"amount_fen":1}'
    assert len(lines) == 1 + 3 + 6


def test_no_journal_is_kept_unless_one_was_set(sqlite_engine: Engine, tmp_path: Path) -> None:
    assert journal_of(sqlite_engine, ORIGIN) is None
    journal_at(sqlite_engine, tmp_path / "j.jsonl")
    assert journal_of(sqlite_engine, ORIGIN) is not None
    assert forget_journal(sqlite_engine, ORIGIN)
    assert journal_of(sqlite_engine, ORIGIN) is None
    assert not forget_journal(sqlite_engine, ORIGIN)


@pytest.mark.parametrize("lost", [1, 10, 100, 300, 900])
def test_what_a_crash_left_out_is_completed_by_the_next_opening(
    sqlite_engine: Engine, tmp_path: Path, lost: int
) -> None:
    journal = journal_at(sqlite_engine, tmp_path / "j.jsonl")
    fill(sqlite_engine, [2, 3])
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[:-lost])
    state = compare_journal(sqlite_engine, journal)
    assert state.behind > 0
    assert state.finding is None
    fill(sqlite_engine, [1])
    assert journal.path.read_bytes().startswith(whole)
    assert compare_journal(sqlite_engine, journal).behind == 0


def test_a_journal_that_is_gone_is_not_made_again_before_somebody_asks_for_it(engine: Engine, tmp_path: Path) -> None:
    fill(engine, [2])
    journal = journal_at(engine, tmp_path / "j.jsonl")
    journal.path.unlink()  # by whoever cut the log, or because its disk is not mounted
    with pytest.raises(StorageError) as caught:
        fill(engine, [1])
    assert caught.value.code == "journal.missing"
    assert not journal.path.exists()
    assert compare_journal(engine, journal).finding is not None
    with engine.connect() as connection:
        assert head(connection).position == 2
    journal_at(engine, journal.path)
    fill(engine, [1])
    assert compare_journal(engine, journal).last == 3


def test_a_journal_that_was_emptied_is_not_begun_again(sqlite_engine: Engine, tmp_path: Path) -> None:
    journal = journal_at(sqlite_engine, tmp_path / "j.jsonl")
    journal.path.write_bytes(b"")
    with pytest.raises(TamperedError) as caught:
        fill(sqlite_engine, [1])
    assert caught.value.code == "journal.damaged"


def test_nothing_is_recorded_that_the_journal_cannot_take(sqlite_engine: Engine, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    journal_at(sqlite_engine, disk / "j.jsonl")
    (disk / "j.jsonl").unlink()
    disk.rmdir()
    disk.write_bytes(b"")  # the disk was unplugged, and something else stands there
    with pytest.raises(StorageError) as caught:
        fill(sqlite_engine, [1])
    assert caught.value.code == "journal.not_saved"
    with sqlite_engine.connect() as connection:
        assert head(connection).position == 0


def _swap(path: Path, change: Callable[[list[bytes]], None]) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    change(lines)
    path.write_bytes(b"".join(lines))


def _edit(lines: list[bytes]) -> None:
    lines[2] = lines[2].replace(b"amount_fen", b"amount_fem")


def _swap_two(lines: list[bytes]) -> None:
    lines[2], lines[3] = lines[3], lines[2]


def _remove(lines: list[bytes]) -> None:
    del lines[2]


def _add(lines: list[bytes]) -> None:
    lines.append(lines[-1].replace(b'"position":5', b'"position":6'))


@pytest.mark.parametrize(
    ("change", "position"), [(_edit, 1), (_swap_two, 1), (_remove, 1), (_add, 6)], ids=["edit", "swap", "remove", "add"]
)
def test_a_journal_that_says_something_else_is_found(
    sqlite_engine: Engine, tmp_path: Path, change: Callable[[list[bytes]], None], position: int
) -> None:
    journal = journal_at(sqlite_engine, tmp_path / "j.jsonl")
    fill(sqlite_engine, [2, 3])
    _swap(journal.path, change)
    finding = compare_journal(sqlite_engine, journal).finding
    assert finding is not None
    assert (finding.kind, finding.position) == ("journal", position)


def test_a_log_that_became_shorter_than_its_journal_takes_nothing_more(sqlite_engine: Engine, tmp_path: Path) -> None:
    journal = journal_at(sqlite_engine, tmp_path / "j.jsonl")
    fill(sqlite_engine, [2])
    _swap(journal.path, lambda lines: lines.append(lines[-1].replace(b'"position":2', b'"position":3')))
    with pytest.raises(TamperedError) as caught:
        fill(sqlite_engine, [1])
    assert caught.value.code == "journal.ahead"


@pytest.mark.parametrize("content", [b"rubbish\n", header_line("other/ledger"), header_line(ORIGIN) + b"{}\n"])
def test_a_file_that_is_no_journal_of_this_ledger_is_left_alone(
    sqlite_engine: Engine, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "j.jsonl"
    path.write_bytes(content)
    with pytest.raises(TamperedError) as caught:
        journal_at(sqlite_engine, path)
    assert caught.value.code == "journal.damaged"
    assert path.read_bytes() == content
    finding = compare_journal(sqlite_engine, Journal(path, ORIGIN)).finding
    assert finding is not None


def test_raw_lines_say_every_batch_and_event_again(engine: Engine) -> None:
    fill(engine, [3, 1, 4], state=b"\xff\x00")
    with engine.connect() as connection:
        lines = [line for _, line in raw_lines(connection)]
        batches = list(read_batches(lines))
        assert [len(each.events) for each in batches] == [3, 1, 4]
        assert batches[-1].batch.checkpoint == head(connection).checkpoint
    assert {event.state for each in batches for event in each.events} == {b"\xff\x00"}


def test_raw_lines_need_no_index(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, [3, 300])
    with sqlite_engine.connect() as connection:
        before = list(raw_lines(connection))
        pages = [
            page
            for (page,) in connection.exec_driver_sql(
                "SELECT pageno FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE type = 'index')"
            )
        ] or [
            page
            for (page,) in connection.exec_driver_sql(
                "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND rootpage > 0"
            )
        ]
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path, size = str(sqlite_engine.url.database), 16384
    sqlite_engine.dispose()
    with open(path, "r+b") as file:  # noqa: PTH123 - to write into the middle
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xaa" * size)
    assert not verify(sqlite_engine).ok
    with sqlite_engine.connect() as connection:
        assert list(raw_lines(connection)) == before


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_a_line_is_read_or_refused(line: bytes) -> None:
    with pytest.raises(ValueRefusedError):
        read_line(line)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=2)))
def test_a_line_with_a_value_of_another_kind_is_refused(value: object) -> None:
    good = {"position": 1, "stream": "s", "version": 1, "topic": "t", "state": "{}"}
    for name, usual in good.items():
        if type(value) is not type(usual):
            with pytest.raises(ValueRefusedError):
                read_line(json.dumps({**good, name: value}).encode())


def test_a_batch_that_breaks_off_is_left_out_and_one_out_of_order_refused(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, [2, 2])
    with sqlite_engine.connect() as connection:
        lines = [line for _, line in raw_lines(connection)]
    assert [each.batch.id for each in read_batches(lines[:-1])] == [1]
    with pytest.raises(ValueRefusedError) as caught:
        list(read_batches([lines[0], lines[2], lines[1]]))
    assert caught.value.where == "第 3 行"
    assert all(isinstance(each, RawBatch) and isinstance(each.batch, Batch) for each in read_batches(lines))

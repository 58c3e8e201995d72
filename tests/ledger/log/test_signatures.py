"""Whose signature stands under each batch: checked against the keys known there, and every flipped bit shows."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from ledger.database import open_database, read_transaction
from ledger.errors import LedgerError
from ledger.log.appending import Appender, BatchHeader
from ledger.log.published import Published
from ledger.log.reading import Batch, head
from ledger.log.schema import TABLES, create_log
from ledger.log.signatures import PersonKey, check_signatures
from ledger.log.verify import verify
from ledger.signing import SeedSigner
from ledger.transparency.note import Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

ORIGIN = "520200.test.xianjie.example/ledger"
LI = SeedSigner(f"{ORIGIN}/op/P-0001-1", "P-0001", bytes(range(32)))
WANG = SeedSigner(f"{ORIGIN}/op/P-0002-1", "P-0002", bytes(range(1, 33)))
LI_KEY, WANG_KEY = (PersonKey(Key(one.name, one.public_key), one.person) for one in (LI, WANG))


def _record(appender: Appender, actor: str, signer: SeedSigner | None, count: int = 2) -> str:
    with appender.open(BatchHeader(None, "", actor, "fund issue", ""), signer=signer) as append:
        append.write([(f"s:{number}", None, "tranche.issued", b'{"n":%d}' % number) for number in range(count)])
    return append.receipt.checkpoint


def _both(_batch: Batch) -> Sequence[PersonKey] | None:
    return [LI_KEY, WANG_KEY]


def _wrong(engine: Engine, keys_of: object = _both) -> list[tuple[int | None, str]]:
    assert callable(keys_of)
    report = check_signatures(engine, keys_of)
    assert {one.kind for one in report.findings} <= {"signature"}
    return [(one.position, one.message.rpartition(":")[2]) for one in report.findings]


def test_true_signatures_of_the_actors_are_counted(appender: Appender) -> None:
    _record(appender, "P-0001", LI)
    _record(appender, "P-0002", WANG)
    report = check_signatures(appender.engine, _both)
    assert (report.signed, report.unsigned, report.findings) == (2, 0, [])
    assert verify(appender.engine).signed == 2


def test_a_missing_a_strangers_and_another_persons_signature_are_findings(appender: Appender) -> None:
    _record(appender, "P-0001", None)
    _record(appender, "P-0002", LI)
    _record(appender, "P-0003", SeedSigner(LI.name, "P-0001", bytes(32)))
    _record(appender, "P-0001", LI)
    assert _wrong(appender.engine) == [
        (1, "没有签名"),
        (3, "签名人是 P-0001,不是经办人"),
        (5, "没有任何一把已知的钥匙在上面签过名"),
    ]


def test_where_nobody_need_sign_nothing_is_a_finding(appender: Appender) -> None:
    _record(appender, "li", None)
    report = check_signatures(appender.engine, lambda _batch: None)
    assert (report.signed, report.unsigned, report.total) == (0, 1, 0)


def test_a_key_counts_only_where_it_was_valid(appender: Appender) -> None:
    for _ in range(3):
        _record(appender, "P-0001", LI)
    assert _wrong(appender.engine, lambda batch: [LI_KEY] if batch.last <= 4 else [WANG_KEY]) == [
        (5, "没有任何一把已知的钥匙在上面签过名")
    ]


def _copy_with(source: Path, target: Path, statement: str, *values: object) -> None:
    shutil.copy(source, target)
    with closing(sqlite3.connect(target)) as raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(statement, values)
        for _, sql in triggers:
            raw.execute(sql)
        raw.commit()


def test_a_signature_taken_from_another_batch_or_another_ledger_is_a_finding(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    appender = Appender(sqlite_engine)
    notes = [_record(appender, "P-0001", LI) for _ in range(3)]
    sqlite_engine.dispose()
    replayed = notes[2].partition("\n\n")[0] + "\n\n" + notes[1].partition("\n\n")[2]
    copy = tmp_path / "copy.db"
    _copy_with(Path(str(sqlite_engine.url.database)), copy, "UPDATE batch SET checkpoint = ? WHERE id = 3", replayed)
    forged = open_database(str(copy))
    assert verify(forged).findings == []  # the bytes are whole; only the keys can tell
    assert _wrong(forged) == [(5, f"签名不对:{LI.name} 没有签过这段内容".rpartition(":")[2])]
    forged.dispose()


def _flipped(content: bytes, index: int, randomly: Random) -> bytes:
    damaged = bytearray(content)
    damaged[index] ^= 1 << randomly.randrange(8)
    return bytes(damaged)


class _Flipper:
    """A small signed ledger with its files, copied with one bit flipped, and judged."""

    def __init__(self, folder: Path) -> None:
        self.source, self.copy = folder / "source.db", folder / "copy.db"
        engine = open_database(str(self.source), create=True)
        create_log(engine, ORIGIN)
        appender = Appender(engine)
        for number in range(4):
            note = _record(appender, "P-0001", LI, 1 + number)
        with read_transaction(engine) as connection:
            Published(engine, ORIGIN).publish(connection, head(connection), note)
            connection.rollback()
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        self.beside = {kind: Path(f"{self.source}.{kind}").read_bytes() for kind in ("head", "published")}
        self.whole = self.source.read_bytes()
        self.before = self.contents(self.source)

    def judge(self, kind: str, content: bytes) -> bool:
        """Tell whether the ledger is found sound with one of its files replaced."""
        for leftover in self.copy.parent.glob("copy.db*"):
            leftover.unlink()
        self.copy.write_bytes(content if kind == "db" else self.whole)
        for name, raw in self.beside.items():
            Path(f"{self.copy}.{name}").write_bytes(content if kind == name else raw)
        engine = open_database(str(self.copy), read_only=True)
        try:
            return verify(engine).ok and check_signatures(engine, lambda _batch: [LI_KEY]).total == 0
        except LedgerError:
            return False
        finally:
            engine.dispose()

    @staticmethod
    def contents(path: Path) -> object:
        """Everything that a ledger file says, in terms of SQL; None when it cannot be read."""
        try:
            with closing(sqlite3.connect(path)) as raw:
                raw.text_factory = bytes
                tables = [raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES]  # noqa: S608 - our own names
                schema = raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 2").fetchall()
                return (
                    tables,
                    schema,
                    [raw.execute(f"PRAGMA {n}").fetchone() for n in ("application_id", "user_version")],
                )
        except (sqlite3.Error, UnicodeDecodeError):
            return None

    def flips(self, content: bytes, randomly: Random) -> Iterator[bytes]:
        """One flip in every byte."""
        return (_flipped(content, index, randomly) for index in range(len(content)))


def test_a_flipped_bit_in_any_byte_of_the_files_beside_the_ledger_is_found(tmp_path: Path) -> None:
    flipper, randomly = _Flipper(tmp_path), Random(3)  # noqa: S311 - damage that can be repeated
    assert flipper.judge("db", flipper.whole)
    for kind, content in flipper.beside.items():
        # The signatures under a published checkpoint are others' evidence: the ledger need not know their keys.
        ours = content.partition(b"\n\n")[0] + b"\n"
        for damaged in flipper.flips(ours, randomly):
            assert not flipper.judge(kind, damaged + content[len(ours) :])


def test_a_flipped_bit_anywhere_in_the_signatures_is_found(tmp_path: Path) -> None:
    flipper, randomly = _Flipper(tmp_path), Random(4)  # noqa: S311 - as above
    start = flipper.whole.index("— ".encode() + LI.name.encode())
    for index in range(start, start + 160):
        assert not flipper.judge("db", _flipped(flipper.whole, index, randomly))


def _count_missed(flipper: _Flipper, mutants: Iterator[bytes]) -> tuple[int, int]:
    changed = missed = 0
    for damaged in mutants:
        sound = flipper.judge("db", damaged)
        if flipper.contents(flipper.copy) != flipper.before:
            changed += 1
            missed += sound
    return changed, missed


def test_flipped_bits_in_a_signed_ledger_are_found_or_make_no_difference(tmp_path: Path) -> None:
    flipper, randomly = _Flipper(tmp_path), Random(5)  # noqa: S311 - as above
    used = [index for index, byte in enumerate(flipper.whole) if byte]
    mutants = (_flipped(flipper.whole, index, randomly) for index in randomly.sample(used, 150))
    changed, missed = _count_missed(flipper, mutants)
    assert missed == 0
    assert changed > 50


@pytest.mark.soak
def test_a_flipped_bit_in_every_byte_of_a_signed_ledger_is_found_or_makes_no_difference(tmp_path: Path) -> None:
    flipper, randomly = _Flipper(tmp_path), Random(6)  # noqa: S311 - as above
    empty = [at for run in re.finditer(rb"\x00{64,}", flipper.whole) for at in range(*run.span())]
    # Nine tenths of the file are long runs of nothing, between the cells of a page: a sample of them is enough.
    places = {*range(len(flipper.whole))} - {*empty} | {*randomly.sample(empty, 1_000)}
    changed, missed = _count_missed(flipper, (_flipped(flipper.whole, index, randomly) for index in sorted(places)))
    assert missed == 0
    assert changed > 1_000


@pytest.mark.soak
def test_a_thousand_clean_signed_ledgers_raise_no_alarm(tmp_path: Path) -> None:
    randomly = Random(7)  # noqa: S311 - as above
    for number in range(1_000):
        engine = open_database(str(tmp_path / f"{number}.db"), create=True)
        create_log(engine, ORIGIN)
        appender = Appender(engine)
        for _ in range(randomly.randrange(1, 6)):
            _record(appender, "P-0001", LI, randomly.choice([1, 2, 3, 17, 255, 256, 257]))
        assert verify(engine).findings == []
        assert check_signatures(engine, lambda _batch: [LI_KEY]).findings == []
        engine.dispose()

"""Whose signature stands under each batch: checked against the keys known there."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.database import open_database
from ledger.log.appending import Appender
from ledger.log.signatures import PersonKey, check_signatures
from ledger.log.verify import verify
from ledger.signing import SeedSigner
from ledger.transparency.note import Key
from tests.ledger.log.flipping import LI, LI_KEY, ORIGIN, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from ledger.log.reading import Batch

WANG = SeedSigner(f"{ORIGIN}/op/P-0002-1", "P-0002", bytes(range(1, 33)))
WANG_KEY = PersonKey(Key(WANG.name, WANG.public_key), WANG.person)


def _both(_batch: Batch) -> Sequence[PersonKey] | None:
    return [LI_KEY, WANG_KEY]


def _wrong(engine: Engine, keys_of: object = _both) -> list[tuple[int | None, str]]:
    assert callable(keys_of)
    report = check_signatures(engine, keys_of)
    assert {one.kind for one in report.findings} <= {"signature"}
    return [(one.position, one.message.rpartition(":")[2]) for one in report.findings]


def test_true_signatures_of_the_actors_are_counted(appender: Appender) -> None:
    record(appender, "P-0001", LI)
    record(appender, "P-0002", WANG)
    report = check_signatures(appender.engine, _both)
    assert (report.signed, report.unsigned, report.findings) == (2, 0, [])
    assert verify(appender.engine).signed == 2


def test_a_missing_a_strangers_and_another_persons_signature_are_findings(appender: Appender) -> None:
    record(appender, "P-0001", None)
    record(appender, "P-0002", LI)
    record(appender, "P-0003", SeedSigner(LI.name, "P-0001", bytes(32)))
    record(appender, "P-0001", LI)
    assert _wrong(appender.engine) == [
        (1, "没有签名"),
        (3, "签名人是 P-0001,不是经办人"),
        (5, "没有任何一把已知的钥匙在上面签过名"),
    ]


def test_where_nobody_need_sign_nothing_is_a_finding(appender: Appender) -> None:
    record(appender, "li", None)
    report = check_signatures(appender.engine, lambda _batch: None)
    assert (report.signed, report.unsigned, report.total) == (0, 1, 0)


def test_a_key_counts_only_where_it_was_valid(appender: Appender) -> None:
    for _ in range(3):
        record(appender, "P-0001", LI)
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
    notes = [record(appender, "P-0001", LI) for _ in range(3)]
    sqlite_engine.dispose()
    replayed = notes[2].partition("\n\n")[0] + "\n\n" + notes[1].partition("\n\n")[2]
    copy = tmp_path / "copy.db"
    _copy_with(Path(str(sqlite_engine.url.database)), copy, "UPDATE batch SET checkpoint = ? WHERE id = 3", replayed)
    forged = open_database(str(copy))
    assert verify(forged).findings == []  # the bytes are whole; only the keys can tell
    assert _wrong(forged) == [(5, f"签名不对:{LI.name} 没有签过这段内容".rpartition(":")[2])]
    forged.dispose()

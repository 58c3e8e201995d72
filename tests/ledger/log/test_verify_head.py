"""The quick look says of everything that it finds what kind it is, where, what was expected, and what stands there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.database import open_database, read_transaction
from ledger.log.published import Published
from ledger.log.reading import head
from ledger.log.verify import verify
from ledger.log.verify_head import verify_head
from ledger.transparency.checkpoint import Checkpoint
from tests.ledger.log.filling import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from ledger.log.finding import Finding
    from ledger.log.reading import Head

ORIGIN = "520200.test.xianjie.example/ledger"


@pytest.fixture
def filled(sqlite_engine: Engine) -> Engine:
    """Three batches of five events, and a published checkpoint at the end."""
    fill(sqlite_engine, [2, 1, 2])
    with read_transaction(sqlite_engine) as connection:
        now = head(connection)
        Published(sqlite_engine, ORIGIN).publish(connection, now, now.checkpoint)
    return sqlite_engine


def _now(engine: Engine) -> Head:
    with read_transaction(engine) as connection:
        return head(connection)


def _beside(engine: Engine, kind: str) -> Path:
    return Path(f"{engine.url.database}.{kind}")


def _change(engine: Engine, *statements: str) -> None:
    engine.dispose()
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as raw:
        made = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in made:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        for _, sql in made:
            raw.execute(sql)


def _said(findings: list[Finding]) -> list[tuple[str, int | None, str, str]]:
    return [(one.kind, one.position, one.expected, one.found) for one in findings]


def test_a_sound_ledger_has_its_end_named_and_nothing_found(filled: Engine) -> None:
    now = _now(filled)
    report = verify_head(filled, {"检查点": Checkpoint.parse(now.checkpoint)})
    assert (report.ok, report.findings, report.total) == (True, [], 0)
    assert (report.events, report.head, report.root, report.checkpoint) == (0, 5, now.root, now.checkpoint)


def test_a_missing_trigger_is_named_with_its_text(filled: Engine) -> None:
    filled.dispose()
    with closing(sqlite3.connect(str(filled.url.database))) as raw:
        (sql,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'").fetchone()
        raw.execute("DROP TRIGGER event_no_update")
    for report in (verify_head(filled, {}), verify(filled)):
        assert _said(report.findings) == [("schema", None, sql, "")]
        assert "event_no_update" in report.findings[0].message


def test_an_end_that_contradicts_its_checkpoint_is_named_with_both_roots(filled: Engine) -> None:
    now = _now(filled)
    _change(filled, "UPDATE event SET leaf = zeroblob(32) WHERE position = 5")
    [found] = [one for one in verify_head(filled, {}).findings if one.kind == "checkpoint"]
    assert (found.position, found.expected) == (5, now.root.hex())
    assert len(found.found) == 64
    assert found.found != found.expected
    assert "第 5 号" in found.message


def test_entries_beyond_the_last_batch_are_an_end_that_contradicts_it(filled: Engine) -> None:
    _change(
        filled,
        "INSERT INTO event SELECT 6, stream, version + 1, topic, batch, state, leaf FROM event WHERE position = 5",
    )
    assert ("checkpoint", 5) in [(one.kind, one.position) for one in verify_head(filled, {}).findings]


@pytest.fixture
def _shorter(filled: Engine) -> Iterator[None]:
    """The last batch is gone, and nobody told the notes outside."""
    _change(filled, "DELETE FROM event WHERE batch = 3", "DELETE FROM batch WHERE id = 3")
    yield
    filled.dispose()


@pytest.mark.usefixtures("_shorter")
def test_what_is_kept_outside_tells_that_the_log_became_shorter(filled: Engine) -> None:
    kept = Checkpoint.parse(_beside(filled, "published").read_text("utf-8"))
    report = verify_head(filled, {"审计局的检查点": kept})
    assert [one.kind for one in report.findings] == ["truncation", "fork", "fork"]
    assert _said(report.findings)[2] == ("fork", None, str(kept), _now(filled).checkpoint)
    assert "审计局的检查点(第 5 号)" in report.findings[2].message
    assert report.head == 3


@pytest.mark.parametrize(("kind", "finding"), [("head", "truncation"), ("published", "fork")])
def test_a_note_outside_that_cannot_be_read_is_a_finding_of_its_kind(filled: Engine, kind: str, finding: str) -> None:
    _beside(filled, kind).write_text("rubbish", encoding="utf-8")
    for report in (verify_head(filled, {}), verify(filled)):
        assert [one.kind for one in report.findings] == [finding]
        assert report.findings[0].position is None


@pytest.mark.parametrize(("kind", "finding"), [("head", "truncation"), ("published", "fork")])
def test_a_note_of_another_history_or_another_ledger_is_a_finding(filled: Engine, kind: str, finding: str) -> None:
    for other in (Checkpoint(ORIGIN, 4, bytes(32)), Checkpoint("another.example/ledger", 5, _now(filled).root)):
        _beside(filled, kind).write_text(str(other), encoding="utf-8")
        assert [one.kind for one in verify_head(filled, {}).findings] == [finding]
        assert finding in {one.kind for one in verify(filled).findings}


def test_a_checkpoint_of_another_ledger_is_a_finding_even_with_the_same_root(filled: Engine) -> None:
    other = Checkpoint("another.example/ledger", 5, _now(filled).root)
    for report in (verify_head(filled, {"别处的": other}), verify(filled, {"别处的": other})):
        assert [(one.kind, one.expected) for one in report.findings] == [("fork", str(other))]


def test_nothing_is_written_by_looking(filled: Engine) -> None:
    filled.dispose()
    before = Path(str(filled.url.database)).read_bytes()
    reader = open_database(str(filled.url.database), read_only=True)
    assert verify_head(reader, {}).ok
    reader.dispose()
    assert Path(str(filled.url.database)).read_bytes() == before

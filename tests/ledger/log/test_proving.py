"""Proofs made from stored tiles hold at every size; a log that contradicts what was shown records nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ledger.database import read_transaction, write_transaction
from ledger.errors import NotFoundError, ProofError, TamperedError
from ledger.log.appending import Appender, BatchHeader
from ledger.log.high_water import HighWater
from ledger.log.proving import prove_entry, prove_growth, record_at
from ledger.log.published import Published
from ledger.log.reading import head
from ledger.log.record import parse_record
from ledger.log.schema import APPEND_ONLY
from ledger.log.verify import verify
from ledger.log.verify_head import UNCHECKED, verify_head
from ledger.signing import SeedSigner, cosign, sign_text
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import leaf_hash, root_of
from ledger.transparency.note import COSIGNATURE, Key, Note
from ledger.transparency.proof_file import EntryProof, GrowthProof

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SIGNER = SeedSigner("520200.test.xianjie.example/ledger/op/P-0001-1", "P-0001", bytes(range(32)))
WITNESS = SeedSigner("audit.example/w1", "", bytes(range(1, 33)))


def _record(appender: Appender, count: int, *, signer: SeedSigner | None = None) -> str:
    with appender.open(BatchHeader(None, "", "P-0001", "fund issue", "黔财农〔2024〕3号"), signer=signer) as append:
        append.write([(f"s:{number % 5}", None, "tranche.issued", b'{"n":%d}' % number) for number in range(count)])
    return append.receipt.checkpoint


def _tamper(engine: Engine, *statements: str) -> None:
    with write_transaction(engine) as connection:
        if engine.dialect.name == "sqlite":
            triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
            off, on = [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
        else:
            off = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in APPEND_ONLY]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER ALL" for table in APPEND_ONLY]
        for statement in [*off, *statements, *on]:
            connection.execute(text(statement))


def _leaves(connection: Connection) -> list[bytes]:
    return list(connection.execute(text("SELECT leaf FROM event ORDER BY position")).scalars())


def test_every_entry_and_every_growth_is_proved_across_tiles(sqlite_engine: Engine) -> None:
    appender = Appender(sqlite_engine)
    sizes = [1, 2, 7, 255, 256, 257, 300, 511, 512, 513, 1_000]
    notes, last = [], 0
    for size in sizes:
        notes.append(_record(appender, size - last))
        last = size
    with read_transaction(sqlite_engine) as connection:
        leaves = _leaves(connection)
        for note in notes:
            size = Checkpoint.parse(note).size
            for position in {1, size // 2 + 1, size - 1, size, 256, 257} & {*range(1, size + 1)}:
                proof = EntryProof.parse(str(prove_entry(connection, position, note)))
                assert proof.verify() == Checkpoint.parse(note)
                assert leaf_hash(proof.record) == leaves[position - 1]
                assert parse_record(proof.record).position == position
        for older in map(Checkpoint.parse, notes):
            assert older.root == root_of(leaves[: older.size])
            for newer in notes:
                if Checkpoint.parse(newer).size >= older.size:
                    grown = GrowthProof.parse(str(prove_growth(connection, older, newer)))
                    assert grown.verify(older) == Checkpoint.parse(newer)


def test_a_log_of_more_than_65536_entries_is_proved_with_three_levels_of_tiles(sqlite_engine: Engine) -> None:
    appender = Appender(sqlite_engine)
    first = _record(appender, 300)
    _record(appender, 66_000)
    with read_transaction(sqlite_engine) as connection:
        for position in (1, 300, 301, 65_536, 65_537, 66_300):
            assert prove_entry(connection, position).verify().size == 66_300
        assert prove_growth(connection, Checkpoint.parse(first)).verify(Checkpoint.parse(first)).size == 66_300


def test_proofs_are_the_same_on_both_databases(engine: Engine) -> None:
    appender = Appender(engine)
    older = _record(appender, 5, signer=SIGNER)
    newer = _record(appender, 300, signer=SIGNER)
    with read_transaction(engine) as connection:
        proof = prove_entry(connection, 3)
        assert proof.checkpoint == newer
        assert proof.verify().size == 305
        assert prove_growth(connection, Checkpoint.parse(older)).checkpoint == newer
        record = parse_record(record_at(connection, 3))
    assert (record.stream, record.topic, record.actor, record.state) == ("s:2", "tranche.issued", "P-0001", b'{"n":2}')
    assert Note.parse(proof.checkpoint).verify([Key(SIGNER.name, SIGNER.public_key)])


def test_what_cannot_be_proved_is_refused(engine: Engine) -> None:
    appender = Appender(engine)
    older = _record(appender, 3)
    _record(appender, 3)
    now = Checkpoint.parse(older)
    with read_transaction(engine) as connection:
        for position in (0, 7, 1 << 60):
            with pytest.raises(NotFoundError):
                prove_entry(connection, position)
        with pytest.raises(NotFoundError) as later:
            prove_entry(connection, 5, older)
        assert later.value.code == "proof.later"
        with pytest.raises(ProofError) as empty:
            prove_growth(connection, Checkpoint(now.origin, 0, now.root))
        assert empty.value.code == "proof.empty"
        for foreign in (
            Checkpoint("x", 3, now.root),
            Checkpoint(now.origin, 3, bytes(32)),
            Checkpoint(now.origin, 9, now.root),
        ):
            with pytest.raises(TamperedError) as fork:
                prove_growth(connection, foreign)
            assert fork.value.code == "log.fork"


def test_missing_tree_hashes_are_named(engine: Engine) -> None:
    _record(Appender(engine), 600)
    _tamper(engine, "DELETE FROM node WHERE idx = 1")
    with read_transaction(engine) as connection, pytest.raises(TamperedError) as caught:
        prove_entry(connection, 1)
    assert caught.value.code == "log.hashes_missing"


def test_a_proof_that_would_not_hold_is_not_handed_out(engine: Engine) -> None:
    _record(Appender(engine), 6)
    _tamper(engine, "UPDATE event SET version = 77 WHERE position = 3")
    with read_transaction(engine) as connection:
        assert prove_entry(connection, 2).verify().size == 6
        with pytest.raises(TamperedError) as caught:
            prove_entry(connection, 3)
    assert caught.value.code == "log.unprovable"


class TestAPublishedCheckpoint:
    def _publish(self, engine: Engine, note: str) -> None:
        published = Published(engine, Checkpoint.parse(note).origin)
        with read_transaction(engine) as connection:
            published.publish(connection, head(connection), note)

    def test_is_kept_with_the_signatures_of_all_who_gave_them(self, appender: Appender) -> None:
        note = Note.parse(_record(appender, 3, signer=SIGNER))
        self._publish(appender.engine, str(note))
        self._publish(appender.engine, str(cosign(WITNESS, Note(note.text), 1_700_000_000)))
        saved = Note.parse(str(Published(appender.engine, appender.origin).read()))
        keys = [Key(SIGNER.name, SIGNER.public_key), Key(WITNESS.name, WITNESS.public_key, COSIGNATURE)]
        assert [key for key, _ in saved.verify(keys)] == keys

    def test_lets_the_log_grow(self, appender: Appender) -> None:
        self._publish(appender.engine, _record(appender, 3))
        for _ in range(3):
            _record(appender, 2, signer=SIGNER)
        assert _record(Appender(appender.engine), 1).split("\n")[1] == "10"
        assert verify(appender.engine).findings == []

    def test_is_not_replaced_by_an_older_one(self, appender: Appender) -> None:
        older, newer = _record(appender, 3), _record(appender, 3)
        self._publish(appender.engine, newer)
        self._publish(appender.engine, older)
        assert Published(appender.engine, appender.origin).read() == newer

    def test_of_another_history_is_not_published(self, appender: Appender) -> None:
        note = _record(appender, 3)
        forged = str(sign_text(SIGNER, str(Checkpoint(appender.origin, 2, bytes(32)))))
        for foreign in (forged, note.replace("test", "other")):
            with pytest.raises(TamperedError) as caught:
                self._publish(appender.engine, foreign)
            assert caught.value.code == "log.foreign_checkpoint"
        assert Published(appender.engine, appender.origin).read() is None

    @pytest.mark.parametrize("warm", [True, False])
    def test_of_a_rewritten_history_stops_all_recording_and_signing(self, appender: Appender, *, warm: bool) -> None:
        """Whoever rewrites the log, its tree, its checkpoints and the high-water file still meets the published one."""
        engine = appender.engine
        self._publish(engine, _record(appender, 3))
        forged = Checkpoint(appender.origin, 3, root_of([leaf_hash(b"%d" % number) for number in range(3)]))
        leaves = [leaf_hash(b"%d" % number).hex() for number in range(3)]
        blob = "x'{}'" if engine.dialect.name == "sqlite" else "decode('{}', 'hex')"
        _tamper(
            engine,
            *(f"UPDATE event SET leaf = {blob.format(one)} WHERE position = {at}" for at, one in enumerate(leaves, 1)),  # noqa: S608 - our own
            f"UPDATE batch SET checkpoint = '{forged}'",  # noqa: S608 - our own
        )
        HighWater(engine, appender.origin).path.write_text(str(forged), encoding="utf-8")
        writer = appender if warm else Appender(engine)
        with pytest.raises(TamperedError) as caught:
            _record(writer, 1, signer=SIGNER)
        assert caught.value.code == "log.fork"
        with read_transaction(engine) as connection:
            assert head(connection).position == 3
            assert len(_leaves(connection)) == 3
        assert {"fork", "content"} <= {one.kind for one in verify(engine).findings}
        assert "fork" in {one.kind for one in verify_head(engine, {}).findings}

    @pytest.mark.parametrize("content", ["", "x", "a\n1\n", "\xff"])
    def test_that_is_damaged_stops_recording_with_a_hint(self, appender: Appender, content: str) -> None:
        _record(appender, 1)
        Published(appender.engine, appender.origin).path.write_bytes(content.encode("latin-1"))
        with pytest.raises(TamperedError) as caught:
            _record(appender, 1)
        assert caught.value.code == "log.published_damaged"
        assert caught.value.hint
        assert [one.kind for one in verify(appender.engine).findings] == ["fork"]


def test_a_checkpoint_kept_elsewhere_finds_a_rewritten_history_and_what_can_still_be_trusted(engine: Engine) -> None:
    appender = Appender(engine)
    notes = [_record(appender, 2) for _ in range(4)]
    good = Checkpoint.parse(notes[1])
    forged = Checkpoint(good.origin, 6, bytes(32))
    report = verify(engine, {"检查点 甲": good, "检查点 乙": forged})
    assert [(one.kind, one.position) for one in report.findings] == [("fork", None)]
    assert report.trusted == notes[1]
    longer = verify(engine, {"检查点 丙": Checkpoint(good.origin, 9, bytes(32))})
    assert [(one.kind, one.position) for one in longer.findings] == [("fork", 9)]
    assert longer.trusted == notes[3]
    other = verify(engine, {"检查点 丁": Checkpoint("other", 2, bytes(32))})
    assert [one.kind for one in other.findings] == ["fork"]


def test_the_last_checkpoint_before_the_first_damage_is_named(engine: Engine) -> None:
    appender = Appender(engine)
    notes = [_record(appender, 2) for _ in range(4)]
    _tamper(engine, "UPDATE event SET version = 77 WHERE position = 6")
    report = verify(engine)
    assert report.findings[0].position == 6
    assert report.trusted == notes[1]
    _tamper(engine, "UPDATE event SET version = 77 WHERE position = 1")
    assert verify(engine).trusted == ""


def test_the_quick_look_says_what_it_does_not_see(engine: Engine) -> None:
    appender = Appender(engine)
    notes = [_record(appender, 2) for _ in range(3)]
    outside = {"检查点": Checkpoint.parse(notes[1])}
    assert verify_head(engine, outside).ok
    _tamper(engine, "UPDATE event SET version = 77 WHERE position = 1")
    assert verify_head(engine, outside).ok  # which is why it is no audit
    assert len(UNCHECKED) == 4
    assert not verify(engine).ok
    assert [
        one.kind for one in verify_head(engine, {"检查点": Checkpoint(appender.origin, 2, bytes(32))}).findings
    ] == ["fork"]
    _tamper(engine, "DELETE FROM event WHERE position = 6")
    assert "checkpoint" in {one.kind for one in verify_head(engine, {}).findings}

"""The verifier that shares no code with the program comes to the same verdicts."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.database import open_database, read_transaction
from ledger.errors import LedgerError
from ledger.log.appending import Appender, BatchHeader
from ledger.log.proving import prove_entry, prove_growth
from ledger.log.schema import create_log
from ledger.log.signatures import PersonKey, check_signatures
from ledger.log.verify import verify
from ledger.signing import SeedSigner, cosign
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.note import COSIGNATURE, Key, Note

if TYPE_CHECKING:
    from collections.abc import Iterator

VERIFIER = Path(__file__).parents[2] / "verifier" / "verify.py"
ORIGIN = "520200.test.xianjie.example/ledger"
SIGNER = SeedSigner(f"{ORIGIN}/op/P-0001-1", "P-0001", bytes(range(32)))
WITNESS = SeedSigner("audit.example/w1", "", bytes(range(1, 33)))


def _run(*arguments: object) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", VERIFIER, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert not done.stderr
    return done.returncode, done.stdout


class Case:
    """A signed ledger in a folder, with its keys and an early checkpoint beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder, folder / "ledger.db"
        engine = open_database(str(self.database), create=True)
        create_log(engine, ORIGIN)
        appender = Appender(engine)
        self.notes = []
        for number, size in enumerate((2, 300, 1, 5)):
            header = BatchHeader(f"k{number}" if number % 2 else None, "h", "P-0001", "fund issue", "黔财农〔2024〕3号")
            with appender.open(header, signer=SIGNER) as append:
                append.write([(f"项目:{n % 7}", None, "tranche.issued", b'{"n":%d}' % n) for n in range(size)])
            self.notes.append(append.receipt.checkpoint)
        with read_transaction(engine) as connection:
            self.entry = str(prove_entry(connection, 77))
            self.growth = str(prove_growth(connection, Checkpoint.parse(self.notes[0])))
            self._export(connection.connection.dbapi_connection)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        self.keys = self.write("keys.txt", f"# 公钥\n{Key(SIGNER.name, SIGNER.public_key)}\n")
        self.early = self.write("early.txt", self.notes[1])

    def write(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def _export(self, raw: object) -> None:
        assert isinstance(raw, sqlite3.Connection)
        lines: list[object] = [{"format": "xianjie.raw.1", "origin": ORIGIN}]
        names = (
            "batch",
            "key",
            "input_hash",
            "actor",
            "command",
            "document",
            "first",
            "last",
            "recorded_at",
            "checkpoint",
        )
        for batch in raw.execute("SELECT * FROM batch ORDER BY id").fetchall():
            lines.append(dict(zip(names, batch, strict=True)))
            events = raw.execute(
                "SELECT e.position, s.name, e.version, t.name, e.state FROM event e JOIN stream s ON s.id = e.stream"
                " JOIN topic t ON t.id = e.topic WHERE e.batch = ? ORDER BY e.position",
                (batch[0],),
            )
            for position, stream, version, topic, state in events:
                about = {"position": position, "stream": stream, "version": version, "topic": topic}
                lines.append({**about, "state": state.decode()})
        self.lines = [json.dumps(line, ensure_ascii=False) for line in lines]
        self.export = self.write("export.jsonl", "\n".join(self.lines) + "\n")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(tmp_path_factory.mktemp("case"))


def test_a_whole_ledger_and_its_export_are_found_sound(case: Case) -> None:
    for source in (case.database, case.export):
        code, said = _run(source, "--keys", case.keys, "--checkpoint", case.early)
        assert (code, said.splitlines()[-2:]) == (0, ["4 批的签名相符", "结论:未发现问题"])
        assert "重算了 308 条记录" in said
        assert Checkpoint.parse(case.notes[3]).size == 308
        assert case.notes[3].startswith("\n".join(said.splitlines()[:3]))


CHANGES = {
    "a state": "UPDATE event SET state = x'7b7d' WHERE position = 5",
    "a leaf": "UPDATE event SET leaf = zeroblob(32) WHERE position = 5",
    "a state with its leaf": "UPDATE event SET state = (SELECT state FROM event WHERE position = 6),"
    " leaf = (SELECT leaf FROM event WHERE position = 6) WHERE position = 5",
    "a version": "UPDATE event SET version = 99 WHERE position = 5",
    "a stream": "UPDATE event SET stream = 1, version = 90 WHERE position = 5",
    "a stream name": "UPDATE stream SET name = 'x' WHERE id = 2",
    "a topic name": "UPDATE topic SET name = 'x' WHERE id = 1",
    "an event's batch": "UPDATE event SET batch = 1 WHERE position = 5",
    "an event removed": "DELETE FROM event WHERE position = 5",
    "the tail removed": "DELETE FROM event WHERE position = 308",
    "an actor": "UPDATE batch SET actor = 'P-0002' WHERE id = 2",
    "a document": "UPDATE batch SET document = '' WHERE id = 2",
    "a key": "UPDATE batch SET key = NULL WHERE id = 2",
    "a moment": "UPDATE batch SET recorded_at = '1999-01-01T00:00:00.000Z' WHERE id = 2",
    "the end of a batch": "UPDATE batch SET last = 301 WHERE id = 2",
    "a batch removed": "DELETE FROM batch WHERE id = 3",
    "the last batch removed": "DELETE FROM batch WHERE id = 4",
    "a checkpoint": "UPDATE batch SET checkpoint = replace(checkpoint, '302', '303') WHERE id = 2",
    "a signature": "UPDATE batch SET checkpoint = (SELECT substr(o.checkpoint, 1, 88) || substr(batch.checkpoint, 89)"
    " FROM batch o WHERE o.id = 1) WHERE id = 2",
    "a signature removed": "UPDATE batch SET checkpoint = substr(checkpoint, 1, instr(checkpoint, x'0a0a'))"
    " WHERE id = 2",
    "the origin": "UPDATE ledger_info SET value = 'x' WHERE name = 'origin'",
}


def _program_says_sound(path: Path) -> bool:
    engine = open_database(str(path), read_only=True)
    keys = [PersonKey(Key(SIGNER.name, SIGNER.public_key))]
    try:
        return verify(engine).ok and check_signatures(engine, lambda _batch: keys).total == 0
    except LedgerError:
        return False
    finally:
        engine.dispose()


@pytest.mark.parametrize("name", CHANGES)
def test_both_find_every_change(case: Case, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(case.database, copy)
    assert _program_says_sound(copy)
    with closing(sqlite3.connect(copy)) as raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for trigger, _ in triggers:
            raw.execute(f"DROP TRIGGER {trigger}")
        raw.execute(CHANGES[name])
        for _, sql in triggers:
            raw.execute(sql)
        raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not _program_says_sound(copy)
    code, said = _run(copy, "--keys", case.keys)
    assert code == 1
    assert "问题:" in said


def test_a_tail_cut_off_cleanly_is_found_by_a_checkpoint_kept_elsewhere(case: Case, tmp_path: Path) -> None:
    last = case.write("last.txt", case.notes[3])
    short = tmp_path / "short.jsonl"
    short.write_text("\n".join(case.lines[:-6]) + "\n", encoding="utf-8")  # the last batch and its five events
    assert _run(short, "--keys", case.keys)[0] == 0
    code, said = _run(short, "--checkpoint", last)
    assert code == 1
    assert "历史被改写或截短" in said


@pytest.mark.parametrize("line", [0, 1, 2, 5, 200, -1])
def test_a_changed_line_of_an_export_is_found(case: Case, tmp_path: Path, line: int) -> None:
    lines = list(case.lines)
    lines[line] = re.sub(r"[0-9]", lambda digit: str((int(digit[0]) + 1) % 10), lines[line], count=1)
    changed = tmp_path / "changed.jsonl"
    changed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert _run(changed)[0] == 1


def test_proofs_and_checkpoints_are_checked_against_keys_or_a_saved_checkpoint(case: Case) -> None:
    entry, growth = case.write("a.tlog-proof", case.entry), case.write("b.proof", case.growth)
    first, last = case.write("first.txt", case.notes[0]), case.write("newest.txt", case.notes[3])
    code, said = _run(entry, "--keys", case.keys)
    assert (code, '"n":74' in said, "第 77 号" in said) == (0, True, True)
    assert _run(entry, "--checkpoint", last)[0] == 0
    assert _run(entry, "--checkpoint", first)[0] == 1
    assert _run(growth, "--checkpoint", first)[0] == 0
    assert _run(growth, "--checkpoint", last)[0] == 1
    assert _run(last, "--keys", case.keys)[0] == 0
    assert _run(entry)[0] == 1  # nothing to believe the checkpoint by


def test_a_witness_is_recognised(case: Case) -> None:
    note = cosign(WITNESS, Note.parse(case.notes[3]), 1_700_000_000)
    keys = case.write("witness.txt", f"{Key(WITNESS.name, WITNESS.public_key, COSIGNATURE)}\n")
    assert _run(case.write("cosigned.txt", str(note)), "--keys", keys)[0] == 0
    moved = str(note).replace("\n308\n", "\n309\n")
    assert _run(case.write("moved.txt", moved), "--keys", keys)[0] == 1


def _damaged(whole: str) -> Iterator[bytes]:
    raw = whole.encode()
    for index in range(0, len(raw), 17):
        yield raw[:index] + bytes([raw[index] ^ 1]) + raw[index + 1 :]


def test_damaged_files_end_with_a_sentence_and_never_a_traceback(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "damaged"
    for content in [*list(_damaged(case.entry))[:8], b"", b"\xff", b"{", b"[]", b"SQLite format 3\x00", b"old x\n\n"]:
        path.write_bytes(content)
        code, said = _run(path, "--keys", case.keys)
        assert code == 1
        assert said.endswith("处问题\n")


def test_a_view_in_the_place_of_a_table_is_not_read(case: Case, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(case.database, copy)
    with closing(sqlite3.connect(copy)) as raw:
        raw.execute("ALTER TABLE topic RENAME TO hidden")
        raw.execute("CREATE VIEW topic AS SELECT * FROM hidden")
        raw.commit()
    code, said = _run(copy)
    assert code == 1
    assert "表被换过" in said


def test_it_shares_no_code_with_the_program() -> None:
    content = VERIFIER.read_text(encoding="utf-8")
    imported = {
        line.split()[1].partition(".")[0] for line in content.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= {*sys.stdlib_module_names, "__future__"}
    assert content.count("cryptography.") == 2

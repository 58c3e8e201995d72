"""The verbs of trust: checkpoint, anchor, prove, check, witness, verifier; what they give out and what they refuse."""

from __future__ import annotations

import os
import shutil
import sqlite3
from base64 import b64encode
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from cli.failures import failure_of
from cli.main import xianjie
from ledger.keyfile import Hardness, create_key_file
from ledger.log.high_water import HighWater
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.note import COSIGNATURE, Key, Note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Program

PASSPHRASE = "correct horse battery"  # noqa: S105 - of keys that live as long as a test


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The folder of a second office: its key file and its public key."""
    folder = tmp_path / "audit office"
    folder.mkdir()
    signer = create_key_file(
        folder / "w.key", "audit.example/w1", "w", PASSPHRASE, hardness=Hardness(memory_kib=32, passes=1, lanes=1)
    )
    key = Key(signer.name, signer.public_key, COSIGNATURE)
    (folder / "w.pub").write_text(f"# 县审计局\n{key}\n", encoding="utf-8")
    return folder


@contextmanager
def _passphrase(monkeypatch: pytest.MonkeyPatch, text: str = PASSPHRASE) -> Iterator[None]:
    reader, writer = os.pipe()
    os.write(writer, f"{text}\n".encode())
    os.close(writer)
    monkeypatch.setenv("XIANJIE_PASSPHRASE_FD", str(reader))
    yield
    os.close(reader)


def _witness(program: Program, office: Path, monkeypatch: pytest.MonkeyPatch, out: str, *more: str) -> str:
    with _passphrase(monkeypatch):
        return program.ok(*_witness_words(office, out, *more))


def _witness_words(office: Path, out: str, *more: str) -> list[str]:
    words = ["--state", str(office / "state"), "--sign", str(office / "w.key"), "-o", str(office / out)]
    return ["audit", "witness", *words, *more]


def _rewrite(program: Program) -> None:
    """Change an early entry and everything inside that would show it: leaves, tree, checkpoints, high-water file."""
    from ledger.database import open_database, read_transaction  # noqa: PLC0415 - only this helper
    from ledger.log.proving import record_at  # noqa: PLC0415 - as above
    from ledger.log.schema import origin_of  # noqa: PLC0415 - as above
    from ledger.transparency.merkle import leaf_hash, root_of  # noqa: PLC0415 - as above

    with closing(sqlite3.connect(program.url)) as raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE batch SET actor = '李四' WHERE id = 1")
        raw.commit()
    engine = open_database(program.url)
    with read_transaction(engine) as connection:
        origin = origin_of(connection)
        last = program.position()
        leaves = [leaf_hash(record_at(connection, position)) for position in range(1, last + 1)]
        ends = connection.exec_driver_sql("SELECT id, last FROM batch").all()
    water = HighWater(engine, origin).path
    engine.dispose()
    with closing(sqlite3.connect(program.url)) as raw:
        for position, leaf in enumerate(leaves, 1):
            raw.execute("UPDATE event SET leaf = ? WHERE position = ?", (leaf, position))
        for batch, end in ends:
            note = str(Checkpoint(origin, end, root_of(leaves[:end])))
            raw.execute("UPDATE batch SET checkpoint = ? WHERE id = ?", (note, batch))
        for _, sql in triggers:
            raw.execute(sql)
        raw.commit()
    water.write_text(str(Checkpoint(origin, last, root_of(leaves))), encoding="utf-8")


def test_a_checkpoint_is_printed_saved_once_and_never_overwritten(funded: Program, tmp_path: Path) -> None:
    out = tmp_path / "cp.txt"
    said = funded.json("audit", "checkpoint", "-o", str(out))
    assert out.read_text(encoding="utf-8") == said["checkpoint"]
    assert (said["size"], said["signatures"]) == (funded.position(), [])
    code, error = funded.refused("audit", "checkpoint", "-o", str(out))
    assert (code, error["code"]) == (6, "storage.file_exists")
    assert funded.json("audit", "verify", "--checkpoint", str(out))["ok"]


def test_an_entry_is_proved_to_somebody_without_the_ledger(
    funded: Program, tmp_path: Path, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _witness(funded, office, monkeypatch, "cp.signed", "--first")
    proof, cp = tmp_path / "3.tlog-proof", office / "cp.signed"
    assert funded.json("audit", "prove", "3", "--checkpoint", str(cp), "-o", str(proof))["size"] == funded.position()
    elsewhere = type(funded)(str(tmp_path / "no such ledger.db"))
    checked = elsewhere.json("audit", "check", str(proof), "--keys", str(office / "w.pub"), "--checkpoint", str(cp))
    assert (checked["ok"], checked["record"]["position"]) == (True, 3)
    assert checked["record"]["topic"] == funded.json("audit", "show", "3")["topic"]
    assert [one["name"] for one in checked["signatures"]] == ["audit.example/w1"]
    assert "证明成立" in elsewhere.ok("audit", "check", str(proof), "--checkpoint", str(cp))
    proof.write_text(proof.read_text(encoding="utf-8").replace("index 2", "index 3"), encoding="utf-8")
    done = elsewhere.run("audit", "check", str(proof), "--checkpoint", str(cp))
    assert done.exit_code == 5
    assert "证明不成立" in done.stderr


def test_growth_is_proved_from_an_older_checkpoint(funded: Program, tmp_path: Path) -> None:
    old, proof = tmp_path / "old.txt", tmp_path / "growth"
    funded.ok("audit", "checkpoint", "-o", str(old))
    funded.ok("project", "start", "P1", "--date", "2022-02-01")
    funded.ok("audit", "prove", "--from", str(old), "-o", str(proof))
    assert "证明成立" in funded.ok("audit", "check", str(proof), "--checkpoint", str(old))
    assert funded.run("audit", "prove", "1", "--from", str(old), "-o", str(tmp_path / "x")).exit_code == 2
    assert funded.run("audit", "prove", "-o", str(tmp_path / "x")).exit_code == 2
    assert funded.run("audit", "check", str(proof)).exit_code == 2
    assert not (tmp_path / "x").exists()
    _rewrite(funded)
    code, error = funded.refused("audit", "prove", "--from", str(old), "-o", str(tmp_path / "x"))
    assert (code, error["code"]) == (5, "log.fork")


def test_a_published_checkpoint_stops_a_rewritten_ledger(funded: Program) -> None:
    funded.ok("audit", "checkpoint", "--publish")
    funded.ok("project", "start", "P1", "--date", "2022-02-01")
    _rewrite(funded)
    for words in (
        ["project", "complete", "P1", "--date", "2022-03-01"],
        ["audit", "checkpoint"],
        ["audit", "anchor"],
    ):
        code, error = funded.refused(*words)
        assert (code, error["code"]) == (5, "log.fork")
    done = funded.run("-f", "json", "audit", "verify", "--log-only")
    assert done.exit_code == 5
    assert '"kind": "fork"' in done.stdout
    assert funded.run("audit", "verify", "--fast").exit_code == 5


def test_a_witness_signs_only_what_grew_out_of_what_it_signed_before(
    funded: Program, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _witness(funded, office, monkeypatch, "1", "--first")
    assert "(首次)" in first
    funded.ok("project", "start", "P1", "--date", "2022-02-01")
    assert "接得上" in _witness(funded, office, monkeypatch, "2")
    keys = [Key.parse((office / "w.pub").read_text(encoding="utf-8").splitlines()[1])]
    for name in ("1", "2"):
        assert Note.parse((office / name).read_text(encoding="utf-8")).verify(keys)
    funded.ok("audit", "checkpoint", "--publish", "--note", str(office / "2"))
    _rewrite(funded)
    for number, source in enumerate(((), ("rewritten",))):
        if source:
            shutil.copy(f"{funded.url}.head", office / "rewritten")
        with _passphrase(monkeypatch):
            done = funded.run(*_witness_words(office, f"3{number}", *(str(office / one) for one in source)))
        assert done.exit_code == 5, done.output
        assert not (office / f"3{number}").exists()
    assert Checkpoint.parse((office / "state").read_text(encoding="utf-8")).size == funded.position()


def test_a_witness_checks_a_file_that_was_brought_to_it(
    funded: Program, tmp_path: Path, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = tmp_path / "brought"
    funded.ok("audit", "checkpoint", "-o", str(brought))
    _witness(funded, office, monkeypatch, "1", str(brought), "--first")
    funded.ok("project", "start", "P1", "--date", "2022-02-01")
    funded.ok("audit", "prove", "--from", str(office / "state"), "-o", str(tmp_path / "growth"))
    _witness(funded, office, monkeypatch, "2", str(tmp_path / "growth"))
    with _passphrase(monkeypatch):
        older = funded.run(*_witness_words(office, "3", str(brought)))
    assert (older.exit_code, "账本变短了" in older.stderr) == (5, True)


def test_a_witness_without_its_state_does_not_begin_again_by_itself(
    funded: Program, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, error = funded.refused(*_witness_words(office, "1"))
    assert (code, error["code"]) == (1, "witness.no_state")
    _witness(funded, office, monkeypatch, "1", "--first")
    code, error = funded.refused(*_witness_words(office, "2", "--first"))
    assert (code, error["code"]) == (1, "witness.not_first")
    with _passphrase(monkeypatch, "wrong passphrase"):
        code, error = funded.refused(*_witness_words(office, "2"))
    assert (code, error["code"]) == (1, "key.wrong_passphrase")
    assert not (office / "2").exists()


def test_a_witness_key_is_made_with_a_passphrase_that_is_never_shown(
    funded: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.key"
    with _passphrase(monkeypatch, "short"):
        assert (
            funded.refused("audit", "witness-key", "a.example/w", "-o", str(path))[1]["code"] == "key.short_passphrase"
        )
    with _passphrase(monkeypatch):
        said = funded.ok("audit", "witness-key", "a.example/w", "-o", str(path))
    assert PASSPHRASE not in said
    assert path.stat().st_mode & 0o777 == 0o600
    assert "a.example/w+" in said


def test_an_anchor_is_what_a_notice_prints(funded: Program, tmp_path: Path) -> None:
    picture = tmp_path / "qr.svg"
    said = funded.json("audit", "anchor", "--qr", str(picture))
    assert "".join(said["lines"]).replace(" ", "") == said["root"]
    assert picture.read_text(encoding="utf-8").startswith("<?xml")
    funded.ok("audit", "anchor", "--qr", str(tmp_path / "qr.png"), "--terminal")
    assert (tmp_path / "qr.png").read_bytes().startswith(b"\x89PNG")
    code, error = funded.refused("audit", "anchor", "--qr", str(tmp_path / "qr.gif"))
    assert (code, error["code"]) == (1, "anchor.bad_picture")


def test_verify_says_which_signatures_it_could_not_check_and_what_a_quick_look_leaves_out(
    funded: Program, tmp_path: Path
) -> None:
    whole = funded.json("audit", "verify")
    assert (whole["ok"], whole["signed"], whole["unchecked"]) == (True, None, [])
    assert "没有检查" not in funded.ok("audit", "verify")
    quick = funded.json("audit", "verify", "--fast")
    assert (quick["ok"], quick["events"], len(quick["unchecked"])) == (True, 0, 4)
    keys = tmp_path / "keys"
    keys.write_text(f"{Key('a.example/1', bytes(32))}\n", encoding="utf-8")
    done = funded.run("-f", "json", "audit", "verify", "--keys", str(keys))
    assert done.exit_code == 5
    assert '"kind": "signature"' in done.stdout


@pytest.mark.parametrize("content", ["", "x", "a+b+c\n", "# 只有注释\n", b64encode(b"x").decode()])
def test_files_that_are_not_what_they_should_be_are_named(funded: Program, tmp_path: Path, content: str) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    for words in (["verify", "--keys"], ["verify", "--checkpoint"]):
        code, error = funded.refused("audit", *words, str(path))
        assert (code, error["where"]) == (5, str(path))
    assert funded.run("audit", "verify", "--keys", str(tmp_path / "none")).exit_code == 3
    path.write_bytes(b"\xff\xfe")
    assert funded.refused("audit", "check", str(path), "--checkpoint", str(path))[0] == 5


def test_the_verifier_is_handed_out_as_it_stands_in_the_sources(funded: Program, tmp_path: Path) -> None:
    out = tmp_path / "verify.py"
    said = funded.json("audit", "verifier", "-o", str(out))
    assert out.read_text(encoding="utf-8").startswith("#!/usr/bin/env python3")
    assert len(said["sha256"]) == 64


def test_checking_a_file_against_nothing_says_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "证明"
    file.write_text("x", encoding="utf-8")
    error = click.BadOptionUsage("--keys", "须给 --keys 或 --checkpoint")
    assert failure_of(error).message == "须给 --keys 或 --checkpoint"
    done = CliRunner().invoke(xianjie, ["audit", "check", str(file)])
    assert done.exit_code == 2
    ours = failure_of(click.BadOptionUsage("--x", "Option '--x' requires an argument."))
    assert ours.message == "选项 --x 的用法不对:它后面要有一个值,或不应有值"

"""Vault and log together: what is in one is vouched for by the other, whatever breaks off in between."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ledger.application import Ledger, Submission
from ledger.errors import LedgerError, RuleRefusedError, StorageError, TamperedError, ValueRefusedError
from ledger.events import SubjectRead, registry
from ledger.log.verify import verify
from ledger.sealing import Hardness
from ledger.vault.custody import Custody, Entry
from ledger.vault.store import Vault, create_vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

ORIGIN = "520200.test.xianjie.example/ledger"
QUICK = Hardness(64, 1, 1)
PASSPHRASE = "correct horse battery"  # noqa: S105 - of a vault that lives for one test
BY = Submission("李", "vault add")
SECRET = {"name": "张小三", "identity": "11010519491231002X", "phone": "13800138000", "account": "622202001234567890"}
OTHER = {"name": "李小四", "identity": "130503670401001", "phone": "13900139000"}


def entry(values: dict[str, str] = SECRET, where: str = "") -> Entry:
    return Entry("household", values, where)  # type: ignore[arg-type] # plain names


def open_vault(folder: Path) -> Vault:
    vault = Vault(folder / "vault.db", ORIGIN)
    vault.unlock(folder / "vault.key", PASSPHRASE)
    return vault


@pytest.fixture
def ledger(sqlite_engine: Engine) -> Iterator[Ledger]:
    made = Ledger(str(sqlite_engine.url.database))
    yield made
    made.close()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    create_vault(tmp_path / "vault.db", tmp_path / "vault.key", ORIGIN, PASSPHRASE, hardness=QUICK)
    made = open_vault(tmp_path)
    yield made
    made.close()


@pytest.fixture
def custody(ledger: Ledger, vault: Vault) -> Custody:
    return Custody(ledger, vault)


def states(ledger: Ledger) -> list[tuple[str, str]]:
    return [(each.topic, each.state.decode()) for each in ledger.recorder.select_notifications(1, 1_000)]


def test_the_log_holds_references_and_commitments_only(custody: Custody, ledger: Ledger, vault: Vault) -> None:
    [ref] = custody.register([entry()], BY)
    [(topic, state)] = states(ledger)
    assert topic == "subject.registered"
    assert ref in state
    assert not any(value in state for value in SECRET.values())
    content = vault.path.read_bytes()
    assert not any(value.encode() in content for value in SECRET.values())
    assert custody.verify() == []


def test_a_reading_is_recorded_before_anything_is_shown_and_masked_unless_asked(
    custody: Custody, ledger: Ledger
) -> None:
    [ref] = custody.register([entry()], BY)
    shown = custody.read(ref, ["name", "identity", "phone", "account"], "核对账号", BY, unmask=False)
    assert shown == {
        "name": "张*三",
        "identity": "11*************02X",
        "phone": "138****8000",
        "account": "**************7890",
    }
    assert custody.read(ref, ["account"], "发放", BY, unmask=True) == {"account": SECRET["account"]}
    read = [registry.decode(topic, state.encode()) for topic, state in states(ledger)][1:]
    assert [(each.TOPIC, each.purpose, each.fields, each.unmasked) for each in read] == [  # type: ignore[attr-defined] # of one class
        ("subject.read", "核对账号", ("name", "identity", "phone", "account"), False),
        ("subject.read", "发放", ("account",), True),
    ]


def test_an_erased_subject_is_gone_for_good_and_the_log_still_verifies(
    custody: Custody, ledger: Ledger, vault: Vault, sqlite_engine: Engine
) -> None:
    [ref] = custody.register([entry()], BY)
    with closing(sqlite3.connect(vault.path)) as raw:
        rows = raw.execute("SELECT sealed FROM field UNION ALL SELECT data_key FROM subject").fetchall()
    before = [bytes(sealed) for (sealed,) in rows]
    custody.erase(ref, "个人信息保护法第四十七条", BY)
    custody.erase(ref, "个人信息保护法第四十七条", BY)  # begun again, it changes nothing
    content = vault.path.read_bytes()
    assert not any(sealed in content for sealed in before)
    assert [topic for topic, _ in states(ledger)] == ["subject.registered", "subject.erased"]
    assert custody.verify() == []
    assert verify(sqlite_engine).ok
    with pytest.raises(RuleRefusedError) as caught:
        custody.read(ref, ["name"], "核对", BY, unmask=False)
    assert caught.value.code == "subject.erased"
    assert custody.register([entry()], BY) != [ref]  # the same person may come again, under another reference


def test_somebody_is_entered_once(custody: Custody) -> None:
    [ref] = custody.register([entry()], BY)
    with pytest.raises(RuleRefusedError) as caught:
        custody.register([entry({"name": "张三", "identity": "11010519491231002x"}, "第 2 行")], BY)
    assert (caught.value.code, caught.value.where) == ("vault.duplicate", "第 2 行")
    assert ref in caught.value.message
    assert SECRET["identity"] not in str(caught.value.as_dict())


def test_whoever_learns_a_code_by_entering_somebody_again_is_recorded_as_a_reader(
    custody: Custody, ledger: Ledger
) -> None:
    [ref] = custody.register([entry()], BY)
    with pytest.raises(RuleRefusedError):
        custody.register([entry()], BY)
    *_, read = [registry.decode(each.topic, each.state) for each in ledger.recorder.select_events(f"subject:{ref}")]
    assert isinstance(read, SubjectRead)
    assert (read.fields, read.unmasked, read.purpose) == (("identity",), False, "重复登记的核对")


def test_many_are_entered_all_or_none(custody: Custody, ledger: Ledger, vault: Vault) -> None:
    doubled = [entry(SECRET, "第 2 行"), entry({"name": "王五"}, "第 3 行"), entry(SECRET, "第 4 行")]
    with pytest.raises(RuleRefusedError) as caught:
        custody.register(doubled, BY)
    assert (caught.value.code, caught.value.where) == ("vault.doubled", "第 4 行")
    with pytest.raises(ValueRefusedError):
        custody.register([entry(), entry({"phone": "1"}, "第 3 行")], BY)
    with pytest.raises(LedgerError):
        custody.register([entry(), entry({"name": "王五"})], Submission("李\n", "vault add"))  # the log refuses
    assert vault.subjects() == []
    assert states(ledger) == []
    assert len(custody.register(doubled[:2], BY)) == 2


class _DiesError(Exception):
    """Stands for the end of the process."""


def _die(*_: object, **__: object) -> None:
    raise _DiesError


def test_a_registration_that_dies_before_the_log_is_begun_again(
    custody: Custody, ledger: Ledger, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "execute", _die)
    with pytest.raises(_DiesError):
        custody.register([entry()], BY)
    monkeypatch.undo()
    assert [each.kept for each in vault.subjects()] == [False]
    assert [each.kind for each in custody.verify()] == ["pending"]
    custody.register([entry()], BY)
    assert custody.verify() == []
    assert len(states(ledger)) == 1


def test_a_registration_that_dies_after_the_log_gives_the_same_reference_again(
    custody: Custody, ledger: Ledger, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "keep", _die)
    with pytest.raises(_DiesError):
        custody.register([entry()], BY)
    monkeypatch.undo()
    [pending] = vault.subjects()
    assert custody.verify() == []
    assert custody.register([entry()], BY) == [pending.ref]
    assert len(states(ledger)) == 1


def test_an_erasure_that_dies_is_found_and_completed(
    custody: Custody, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    [ref] = custody.register([entry()], BY)
    monkeypatch.setattr(vault, "erase", _die)
    with pytest.raises(_DiesError):
        custody.erase(ref, "本人申请", BY)
    monkeypatch.undo()
    assert [each.kind for each in custody.verify()] == ["not_erased"]
    custody.erase(ref, "本人申请", BY)
    assert custody.verify() == []


_NAME_FROM = "UPDATE field SET sealed = (SELECT o.sealed FROM field o WHERE {}) WHERE name = 'name'"
_FIRST = "(SELECT min(ref) FROM subject)"
EDITS = {
    "a value": ("UPDATE field SET sealed = zeroblob(60) WHERE name = 'name'", "damaged"),
    "a bit of a value": (
        "UPDATE field SET sealed = CAST(x'00' || substr(sealed, 2) AS BLOB) WHERE name = 'name'",
        "damaged",
    ),
    "two fields swapped": (_NAME_FROM.format("o.ref = field.ref AND o.name = 'phone'"), "damaged"),
    "the values of another": (_NAME_FROM.format("o.ref <> field.ref AND o.name = field.name"), "damaged"),
    "the key of another": (
        "UPDATE subject SET data_key = (SELECT o.data_key FROM subject o WHERE o.ref <> subject.ref)",
        "damaged",
    ),
    "a field removed": ("DELETE FROM field WHERE name = 'phone'", "fields"),
    "a field renamed": ("UPDATE field SET name = 'nick' WHERE name = 'phone'", "damaged"),
    "a subject removed": (f"DELETE FROM subject WHERE ref = {_FIRST}", "missing"),  # noqa: S608 - our own words
    "a subject renamed": (f"UPDATE subject SET ref = 'H-ABCDEFGHIJKLMNOPQRSTUVWXYZ' WHERE ref = {_FIRST}", "missing"),  # noqa: S608 - as above
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_vault_is_found(custody: Custody, vault: Vault, name: str) -> None:
    custody.register([entry(), entry({**OTHER, "identity": ""})], BY)
    statement, kind = EDITS[name]
    with closing(sqlite3.connect(vault.path)) as raw:
        raw.execute("PRAGMA foreign_keys = 0")
        raw.execute(statement)
        raw.commit()
    assert kind in {each.kind for each in custody.verify()}


def test_a_value_that_was_changed_with_the_key_is_found_by_its_commitment(custody: Custody, vault: Vault) -> None:
    [ref] = custody.register([entry()], BY)
    vault.erase(ref)
    vault.enter(ref, "household", {**SECRET, "account": "622202009999999999"})  # type: ignore[dict-item] # plain names
    vault.keep([ref])
    findings = custody.verify()
    assert {each.kind for each in findings} == {"edited"}
    with pytest.raises(RuleRefusedError) as caught:
        custody.read(ref, ["account"], "发放", BY, unmask=True)
    assert caught.value.code == "vault.untrusted"
    assert "9999" not in str(caught.value.as_dict())


def test_a_vault_in_the_place_of_another_is_found(custody: Custody, ledger: Ledger, tmp_path: Path) -> None:
    custody.register([entry()], BY)
    create_vault(tmp_path / "b" / "vault.db", tmp_path / "b" / "vault.key", ORIGIN, PASSPHRASE, hardness=QUICK)
    swapped = open_vault(tmp_path / "b")
    assert [each.kind for each in Custody(ledger, swapped).verify()] == ["missing"]
    swapped.close()
    create_vault(tmp_path / "c.db", tmp_path / "c.key", "other.example/ledger", PASSPHRASE, hardness=QUICK)
    with pytest.raises(TamperedError) as caught:
        Vault(tmp_path / "c.db", ORIGIN)
    assert caught.value.code == "vault.other_ledger"


def test_the_key_is_needed_and_must_be_the_right_one(custody: Custody, vault: Vault, tmp_path: Path) -> None:
    custody.register([entry()], BY)
    create_vault(tmp_path / "d.db", tmp_path / "d.key", ORIGIN, PASSPHRASE, hardness=QUICK)
    locked = Vault(vault.path, ORIGIN)
    assert len(locked.subjects()) == 1
    for key_file, passphrase, code in (
        (tmp_path / "vault.key", "wrong horse battery", "key.wrong_passphrase"),
        (tmp_path / "d.key", PASSPHRASE, "vault.wrong_key"),
    ):
        with pytest.raises(ValueRefusedError) as caught:
            locked.unlock(key_file, passphrase)
        assert caught.value.code == code
    with pytest.raises(RuntimeError):
        locked.read(locked.subjects()[0].ref)
    locked.close()


def test_nothing_is_made_over_what_is_there(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        create_vault(vault.path, tmp_path / "e.key", ORIGIN, PASSPHRASE, hardness=QUICK)
    assert caught.value.code == "vault.exists"
    with pytest.raises(StorageError):
        create_vault(tmp_path / "e.db", tmp_path / "vault.key", ORIGIN, PASSPHRASE, hardness=QUICK)
    assert not (tmp_path / "e.db").exists()
    assert not (tmp_path / "e.key").exists()
    assert (vault.path.stat().st_mode & 0o777, (tmp_path / "vault.key").stat().st_mode & 0o777) == (0o600, 0o600)


@pytest.mark.parametrize("content", [b"", b"rubbish" * 1_000, b"SQLite format 3\0" + b"\0" * 4_000])
def test_a_file_that_is_no_vault_is_an_error_that_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError) as caught:
        Vault(path, ORIGIN)
    assert caught.value.hint
    assert path.read_bytes() == content


@pytest.mark.parametrize("step", [97, pytest.param(1, marks=pytest.mark.soak)])
def test_a_flipped_bit_in_the_vault_is_found_or_makes_no_difference(
    custody: Custody, ledger: Ledger, vault: Vault, tmp_path: Path, step: int
) -> None:
    [ref] = custody.register([entry()], BY)
    whole = vault.path.read_bytes()
    before = vault.read(ref)
    found = 0
    for index in range(0, len(whole), step):
        damaged = bytearray(whole)
        damaged[index] ^= 1 << index % 8
        (tmp_path / "f.db").write_bytes(damaged)
        found += not _same(tmp_path / "f.db", tmp_path / "vault.key", ref, before, ledger)
    assert found > 5


REBUILT = {
    "field": "CREATE TABLE field (ref, name, sealed)",
    "subject": "CREATE TABLE subject (ref, kind, state, data_key)",
    "vault_info": "CREATE TABLE vault_info (name, value)",
}


@pytest.mark.parametrize("value", [None, 10**15, "文", b"\x00", 1.5])
@pytest.mark.parametrize(
    "where", ["field.name", "field.sealed", "subject.data_key", "subject.kind", "vault_info.value"]
)
def test_a_vault_that_holds_other_things_than_it_should_is_found_and_breaks_nothing(
    custody: Custody, ledger: Ledger, vault: Vault, tmp_path: Path, *, where: str, value: object
) -> None:
    """What a flipped bit in a cell's header makes of it; here with tables that ask for no type at all."""
    table, _, column = where.partition(".")
    [ref] = custody.register([entry()], BY)
    before = vault.read(ref)
    vault.close()
    with closing(sqlite3.connect(vault.path)) as raw, raw:
        raw.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM {table}")  # noqa: S608 - our own names
        raw.execute(f"DROP TABLE {table}")
        raw.execute(REBUILT[table])
        raw.execute(f"INSERT INTO {table} SELECT * FROM kept")  # noqa: S608 - as above
        raw.execute(f"UPDATE {table} SET {column} = ?", (value,))  # noqa: S608 - as above
    # The kind is only shown: which it is stands in the log.
    assert _same(vault.path, tmp_path / "vault.key", ref, before, ledger) == (column == "kind")


def _same(path: Path, key: Path, ref: str, before: dict[str, Any], ledger: Ledger) -> bool:
    """Tell whether a damaged vault still says the same; it must not say something else without being found out."""
    try:
        damaged = Vault(path, ORIGIN)
    except LedgerError:
        return False
    try:
        damaged.unlock(key, PASSPHRASE)
        sound = Custody(ledger, damaged).verify() == []
        says = damaged.read(ref)
    except LedgerError:
        return False
    finally:
        damaged.close()
    assert not sound or says == before
    return sound

"""What the attacks of the catalogue do, step by step."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.application import Ledger, Submission
from ledger.database import read_transaction
from ledger.events import MoneyAllocated, MoneyRegained, MoneyWithdrawn, ProjectFunded, registry
from ledger.log.reading import read_stream
from ledger.log.signatures import signed_note
from ledger.signing import sign_text
from ledger.vault.store import Vault
from tests.attacks.case import (
    ATTACKER,
    ORIGIN,
    PASSPHRASE,
    SIGNERS,
    Case,
    keep_signatures,
    sign_as_attacker,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def one_leg(kind: type[MoneyRegained | MoneyWithdrawn]) -> Callable[[Case], None]:
    """Record money that comes back from a project on one side only, with the attacker's own true signature."""

    def do(case: Case) -> None:
        ledger = Ledger(str(case.database), SIGNERS[ATTACKER])
        stream = "tranche:T2" if kind is MoneyRegained else "project:P1"
        with read_transaction(ledger.appender.engine) as connection:
            rows = read_stream(connection, stream)
        events = [registry.decode(row.topic, row.state) for row in rows]
        moved = next(each for each in events if isinstance(each, MoneyAllocated | ProjectFunded))
        given = {name: value for name, value in moved if name in kind.model_fields}
        event = kind.model_validate({**given, "transfer_id": "M999", "cause": "surplus", "amount_fen": 1_000_00})
        ledger.append([(event.TOPIC, registry.encode(event))], Submission(ATTACKER, "fund return", input_hash="x"))
        ledger.close()

    return do


def sql(*statements: str, rebuild: bool = False) -> Callable[[Case], None]:
    def do(case: Case) -> None:
        case.sql(*statements)
        if rebuild:
            case.forget_facts()

    return do


def raw_sql(*statements: str) -> Callable[[Case], None]:
    return lambda case: case.sql(*statements, keep_triggers=False)


def then(*steps: Callable[[Case], None]) -> Callable[[Case], None]:
    def do(case: Case) -> None:
        for step in steps:
            step(case)

    return do


def replace(old: str, new: str, where: str = "1") -> str:
    return f"UPDATE event SET state = CAST(replace(state, '{old}', '{new}') AS BLOB) WHERE {where}"  # noqa: S608 - our own words


AMOUNT: Final = replace('"amount_fen":1000000000', '"amount_fen":9000000000')
LAST_BATCH: Final = "batch = (SELECT max(id) FROM batch)"
SMUGGLE: Final = (
    "INSERT INTO event SELECT position + 1, stream, version + 1, topic, batch{}, state, leaf FROM event"
    " WHERE position = (SELECT max(position) FROM event)"
)
RENUMBER: Final = (
    "DELETE FROM event WHERE position = 4",
    "UPDATE event SET position = position - 1 WHERE position > 4",
    "UPDATE batch SET last = last - 1 WHERE last >= 4",
    "UPDATE batch SET first = first - 1 WHERE first > 4",
)


def edit_last_batch(case: Case) -> None:
    case.sql(replace("300000000", "100000", LAST_BATCH))


def remove_head(case: Case) -> None:
    case.head.unlink()


def lower_head(case: Case) -> None:
    case.lower_head()


def _another_batch(case: Case) -> str:
    return str(case.rows("SELECT checkpoint FROM batch WHERE id = 3")[0][0])


def replay_signature(case: Case) -> None:
    def sign(_actor: str, checkpoint: str, _stored: str) -> str:
        return keep_signatures("", checkpoint, stolen)

    stolen = _another_batch(case)
    edit_last_batch(case)
    case.rehash(sign)


def flip_byte(case: Case) -> None:
    content = bytearray(case.database.read_bytes())
    at = content.find(b'"amount_fen":1000000000')
    content[at + len('"amount_fen":')] ^= 0x08  # 1 becomes 9
    case.database.write_bytes(content)


def without_recursive_triggers(case: Case) -> None:
    case.sql(
        "PRAGMA recursive_triggers = 0",
        "INSERT OR REPLACE INTO event SELECT position, stream, version, topic, batch,"
        " CAST(replace(state, '1000000000', '9000000000') AS BLOB), leaf FROM event WHERE position = 4",
        keep_triggers=False,
    )


def journal(change: Callable[[list[bytes]], None]) -> Callable[[Case], None]:
    def do(case: Case) -> None:
        path = Path(case.folder / "journal.jsonl")
        lines = path.read_bytes().splitlines(keepends=True)
        change(lines)
        path.write_bytes(b"".join(lines))
        (case.folder / "ledger.db.journal").write_text(f"{path}\n", encoding="utf-8")

    return do


def edit_line(lines: list[bytes]) -> None:
    lines[:] = [line.replace(b'\\"amount_fen\\":1000000000', b'\\"amount_fen\\":9000000000') for line in lines]


def drop_line(lines: list[bytes]) -> None:
    del lines[6]


def keep_lines(_lines: list[bytes]) -> None:
    """Only point the ledger to its journal."""


def vault(*statements: str) -> Callable[[Case], None]:
    def do(case: Case) -> None:

        with closing(sqlite3.connect(case.folder / "vault.db", isolation_level=None)) as raw:
            for statement in statements:
                raw.execute(statement)

    return do


def swap_vault(case: Case) -> None:
    (case.folder / "vault.db").write_bytes((case.folder / "other-vault.db").read_bytes())
    (case.folder / "vault.key").chmod(0o600)
    (case.folder / "vault.key").write_bytes((case.folder / "other-vault.key").read_bytes())


def edit_backup(case: Case) -> None:
    """Edit the copy in the backup and write its list again to match."""

    folder = case.folder / "backup"
    Case(folder, case.older, case.saved).sql(AMOUNT)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    content = (folder / "ledger.db").read_bytes()
    manifest["files"]["ledger.db"] = [len(content), hashlib.sha256(content).hexdigest()]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def forge_backup(case: Case) -> None:
    """The same, every hash computed again: only the ledger itself can tell."""

    folder = case.folder / "backup"
    copy = Case(folder, case.older, case.saved)
    copy.sql(AMOUNT)
    copy.rehash(sign_as_attacker)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["checkpoint"] = copy.rows("SELECT checkpoint FROM batch ORDER BY id DESC LIMIT 1")[0][0]
    for name in manifest["files"]:
        content = (folder / name).read_bytes()
        manifest["files"][name] = [len(content), hashlib.sha256(content).hexdigest()]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def spoil_wal(case: Case) -> None:
    """Bring back the moment before the last checkpoint of the write-ahead log, with one bit of it spoilt."""
    case.put_back_older(with_head=False)
    content = bytearray((case.folder / "kept-wal").read_bytes())
    content[len(content) // 2] ^= 1
    Path(f"{case.database}-wal").write_bytes(content)


def sign_one(case: Case) -> None:

    batch, stored = case.rows("SELECT id, checkpoint FROM batch WHERE actor = 'P-0001' ORDER BY id DESC LIMIT 1")[0]
    forged = str(sign_text(SIGNERS[ATTACKER], signed_note(str(stored)).text))
    case.sql(f"UPDATE batch SET checkpoint = '{forged}' WHERE id = {batch}")  # noqa: S608 - our own words


def spoil_signature(case: Case) -> None:
    stored = _another_batch(case)
    spoilt = stored[:-6] + ("A" if stored[-6] != "A" else "B") + stored[-5:]
    case.sql(f"UPDATE batch SET checkpoint = '{spoilt}' WHERE id = 3")  # noqa: S608 - our own words


def change_account(case: Case) -> None:

    vault = Vault(case.folder / "vault.db", ORIGIN)
    vault.unlock(case.folder / "vault.key", PASSPHRASE)
    ref = next(each.ref for each in vault.subjects() if "account" in each.fields)
    values = {name: value for name, (_, value) in vault.read(ref).items()}
    vault.erase(ref)
    vault.enter(ref, "household", {**values, "account": "622202009999999999"})  # type: ignore[dict-item] # plain names
    vault.keep([ref])
    vault.close()

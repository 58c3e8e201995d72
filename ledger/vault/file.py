"""The file of the vault: a small SQLite database of its own, in which nothing is readable without the key.

========== ==========================================================================================================
subject    a random reference, household or person, and its data key, wrapped by the key of the vault
field      salt and value of one field, encrypted under the data key; bound to subject and field, so that rows cannot
           be exchanged
lookup     a keyed hash of each identity number, to find who is entered already; worthless without the key
vault_info of which ledger it is, and two small secrets sealed under the key
========== ==========================================================================================================

No write-ahead log, and what is deleted is overwritten (``secure_delete``): an erased subject leaves nothing behind.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

from ledger.disks import file_system_of, is_network_disk, network_disk_allowed
from ledger.errors import StorageError, TamperedError, system_reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["connect_vault", "create_vault_file", "transaction", "translated"]

_APPLICATION_ID: Final = 0x584A5654  # "XJVT"
_SCHEMA_VERSION: Final = 1
_TABLES: Final = (
    "CREATE TABLE vault_info (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT",
    """CREATE TABLE subject (ref TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
    data_key BLOB NOT NULL, CHECK (state IN ('pending', 'kept'))) STRICT""",
    """CREATE TABLE field (ref TEXT NOT NULL REFERENCES subject (ref) ON DELETE CASCADE, name TEXT NOT NULL,
    sealed BLOB NOT NULL, PRIMARY KEY (ref, name)) STRICT""",
    """CREATE TABLE lookup (tag BLOB PRIMARY KEY NOT NULL,
    ref TEXT NOT NULL REFERENCES subject (ref) ON DELETE CASCADE) STRICT""",
)
_SETTINGS: Final = {"foreign_keys": 1, "secure_delete": 1, "synchronous": 2, "trusted_schema": 0, "cell_size_check": 1}
_WAIT_SECONDS: Final = 30


def create_vault_file(path: Path, info: dict[str, bytes]) -> None:
    """Make an empty vault, mode 0600, all or nothing. Raises StorageError (it exists, or on a network disk)."""
    _refuse_network_disk(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise StorageError("vault.exists", f"保密库已经存在,没有改动它:{path}", hint="请换一个文件名") from error
    except OSError as error:
        raise _io(path, system_reason(error)) from error
    try:
        with closing(_open(path)) as raw, transaction(raw, path):
            for statement in _TABLES:
                raw.execute(statement)
            raw.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            raw.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
            raw.executemany("INSERT INTO vault_info VALUES (?, ?)", info.items())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def connect_vault(path: Path) -> sqlite3.Connection:
    """Open a vault that exists. Raises StorageError (missing, not a vault, newer), TamperedError (damaged)."""
    if not path.is_file():
        raise StorageError("vault.missing", f"没有找到保密库:{path}", hint="请核对路径;新建请运行 xianjie vault init")
    _refuse_network_disk(path)
    raw = _open(path)
    try:
        _check_ours(raw, path)
    except BaseException:
        raw.close()
        raise
    return raw


@contextmanager
def transaction(raw: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Run a block alone, all or nothing. Raises StorageError, TamperedError."""
    with translated(path):
        raw.execute("BEGIN IMMEDIATE")
        try:
            yield
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite complains about into an error that says what to do."""
    try:
        yield
    except UnicodeDecodeError as error:  # sqlite3 cannot even word its complaint about a damaged schema
        raise _corrupt(path) from error
    except sqlite3.Error as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}:
            raise _corrupt(path) from error
        raise _io(path, str(error)) from error


def _open(path: Path) -> sqlite3.Connection:
    with translated(path):
        place = f"{path.absolute().as_uri()}?mode=rw"
        raw = sqlite3.connect(place, uri=True, isolation_level=None, timeout=_WAIT_SECONDS)
        raw.text_factory = _readable
        try:
            _set_up(raw)
        except BaseException:
            raw.close()
            raise
    return raw


def _readable(text: bytes) -> str:
    return text.decode(errors="replace")


def _set_up(raw: sqlite3.Connection) -> None:
    raw.execute("PRAGMA journal_mode = DELETE")
    for name, value in _SETTINGS.items():
        raw.execute(f"PRAGMA {name} = {value}")
        if raw.execute(f"PRAGMA {name}").fetchone() != (value,):
            raise StorageError("vault.unsafe", f"SQLite 没有接受安全设置 {name}。", hint="请使用官方的 Python")


def _check_ours(raw: sqlite3.Connection, path: Path) -> None:
    with translated(path):
        ours = raw.execute("PRAGMA application_id").fetchone() == (_APPLICATION_ID,)
        (version,) = raw.execute("PRAGMA user_version").fetchone()
    if not ours:
        raise StorageError("vault.not_ours", f"这不是保密库:{path}", hint="请核对路径")
    if version > _SCHEMA_VERSION:
        raise StorageError("vault.newer", f"保密库的结构版本是 {version},本程序不认得。", hint="请安装新版 xianjie")


def _refuse_network_disk(path: Path) -> None:
    kind = file_system_of(path)
    if is_network_disk(kind) and not network_disk_allowed():
        raise StorageError("vault.network_disk", f"保密库不能放在网络盘({kind})上:{path}", hint="请放到本机磁盘")


def _corrupt(path: Path) -> TamperedError:
    return TamperedError("vault.corrupt", f"保密库文件已损坏:{path}", hint="请保留它,由备份恢复;账本不受影响")


def _io(path: Path, detail: str) -> StorageError:
    return StorageError(
        "vault.io", f"保密库读写失败:{path}({detail})", hint="请核对路径、权限和磁盘空间;没有确认的内容没有记入。"
    )

"""The files of the demonstration: made in one folder, replaced only when asked and only when they are its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cli.demo import published
from cli.demo.county import year
from ledger.database import open_database, read_transaction
from ledger.errors import LedgerError, RuleRefusedError, StorageError, system_reason
from ledger.log.schema import create_log, is_ours, origin_of
from projections.catch_up import create_projections

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

__all__ = ["COUNTY", "PUBLISHED", "new_ledger", "prepare"]

PUBLISHED: Final = "published.db"
COUNTY: Final = "liupanshui.db"
_ORIGINS: Final = {PUBLISHED: published.ORIGIN, COUNTY: year.ORIGIN}
_BESIDE: Final = ("", "-wal", "-shm", ".head", ".published")


def prepare(folder: Path, *, replace: bool) -> None:
    """Make the folder ready for new ledgers; with ``replace`` those of an earlier demonstration are deleted.

    Raises:
        RuleRefusedError: there are ledgers and ``replace`` was not asked for, or they are not of a demonstration.
        StorageError: the folder cannot be used.
    """
    standing = [folder / name for name in _ORIGINS if _files_of(folder / name)]
    if standing and not replace:
        names = "、".join(path.name for path in standing)
        message = f"{folder} 中已有账本 {names},没有改动"
        raise RuleRefusedError("demo.exists", message, hint="加 --force 重做演示账本,或用 --dir 换一个目录")
    for path in standing:
        if not _is_of_demo(path):
            message = f"{path} 不是演示账本,不能覆盖"
            raise RuleRefusedError("demo.not_a_demo", message, hint="请用 --dir 换一个目录")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in standing:
            for file in _files_of(path):
                file.unlink()
    except OSError as error:
        message = f"目录 {folder} 不能使用:{system_reason(error)}"
        raise StorageError("demo.folder", message, hint="请核对路径和权限,或用 --dir 换一个目录") from None


@contextmanager
def new_ledger(path: Path) -> Iterator[Engine]:
    """Make an empty ledger of the demonstration and open it. Raises StorageError."""
    engine = open_database(str(path), create=True)
    try:
        create_log(engine, _ORIGINS[path.name])
        create_projections(engine)
        yield engine
    finally:
        engine.dispose()


def _files_of(path: Path) -> list[Path]:
    beside = (path.with_name(path.name + ending) for ending in _BESIDE)
    return [file for file in beside if file.exists()]


def _is_of_demo(path: Path) -> bool:
    """Tell by the origin that every ledger carries; leftovers without a database are nobody's."""
    if not path.is_file():
        return False
    try:
        engine = open_database(str(path), read_only=True)
        try:
            with read_transaction(engine) as connection:
                return is_ours(connection) and origin_of(connection) == _ORIGINS[path.name]
        finally:
            engine.dispose()
    except LedgerError:
        return False

"""Files of raw records, line by line: written whole or not at all, and recorded again."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from ledger.errors import StorageError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["fresh_file", "origin_in", "record_again"]


@contextmanager
def fresh_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file that takes its name when everything is in it, forced to the disk. Raises StorageError."""
    if path.exists():
        raise StorageError("file.exists", f"文件已存在,没有改动它:{path}", hint="请换一个文件名")
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def origin_in(path: Path) -> str:
    """Return of which ledger a file of raw records is. Raises ValueRefusedError, OSError."""
    from ledger.log.raw import origin_of_line

    with path.open("rb") as file:
        try:
            return origin_of_line(file.readline())
        except ValueRefusedError as error:
            raise error.at(f"{path} 第 1 行") from None


def record_again(url: str, path: Path) -> int:
    """Record what the ledger lacks of a file of raw records, exactly as it was; return the position reached.

    Raises TamperedError (another ledger's, or altered), ValueRefusedError (malformed), StorageError, OSError.
    """
    from ledger.application import Ledger
    from ledger.log.raw import read_batches

    origin = origin_in(path)
    ledger = Ledger(url)
    try:
        if ledger.appender.origin != origin:
            raise StorageError(
                "raw.other_ledger",
                f"文件 {path} 是另一本账的({origin}),这里是 {ledger.appender.origin}",
                hint="请核对文件和 --db",
            )
        with path.open("rb") as file:
            next(file)
            try:
                return ledger.restore(read_batches(file))
            except ValueRefusedError as error:
                raise error.at(str(path)) from None
    finally:
        ledger.close()

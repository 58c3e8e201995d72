"""The file itself: read once, within limits, so that what is hashed is what is imported."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.characters import quoted
from ledger.errors import StorageError, ValueRefusedError, system_reason

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Source", "read_source"]

_MOST_BYTES: Final = 20 * 2**20


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name and its bytes, which fit in memory by the size limit."""

    name: str
    content: bytes

    def fingerprint(self, *about: str) -> str:
        """Return the SHA-256 of the bytes and of what else decides how they are read."""
        digest = hashlib.sha256(self.content)
        for text in about:
            digest.update(b"\x00" + text.encode())
        return digest.hexdigest()


def read_source(path: Path) -> Source:
    """Read a file of at most 20 MB.

    Raises:
        StorageError: the file cannot be read.
        ValueRefusedError: it is too large, empty, or was written to while it was read.
    """
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            content = file.read(_MOST_BYTES + 1)
            after = os.fstat(file.fileno())
        now = path.stat()
    except OSError as error:
        message = f"读不到文件{quoted(path)}:{system_reason(error)}"
        raise StorageError("import.file_unreadable", message, hint="请核对路径和权限") from None
    if len(content) > _MOST_BYTES:
        message = f"文件{quoted(path.name)}超过 {_MOST_BYTES >> 20} MB"
        raise ValueRefusedError("import.too_large", message, hint="请拆成几个文件分别导入", where=path.name)
    if not len(content) == before.st_size == after.st_size or not _state(before) == _state(after) == _state(now):
        raise ValueRefusedError(
            "import.file_changing",
            f"文件{quoted(path.name)}在读取时被改动",
            hint="请等文件保存或拷贝完毕,关闭表格软件后再试",
            where=path.name,
        )
    if not content.strip():
        raise ValueRefusedError("import.empty", f"文件{quoted(path.name)}是空的", hint="请核对文件", where=path.name)
    return Source(path.name, content)


def _state(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns

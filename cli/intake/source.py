"""The file itself: read once, within limits, so that what is hashed is what is imported."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.characters import quoted
from ledger.errors import StorageError, ValueRefusedError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Source", "read_source"]

_MOST_BYTES: Final = 20 * 2**20
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name and its bytes, which fit in memory by the size limit."""

    name: str
    content: bytes

    @property
    def is_workbook(self) -> bool:
        """Whether the bytes are those of an XLSX; the name proves nothing."""
        return self.content.startswith(_ZIP)

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
        ValueRefusedError: it is too large, empty, or in the old XLS format.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            message = f"文件{quoted(path.name)}超过 {_MOST_BYTES >> 20} MB"
            raise ValueRefusedError("import.too_large", message, hint="请拆成几个文件分别导入", where=path.name)
        content = path.read_bytes()
    except OSError as error:
        message = f"读不到文件{quoted(path)}:{error.strerror}"
        raise StorageError("import.file_unreadable", message, hint="请核对路径和权限") from None
    if content.startswith(_OLE):
        raise ValueRefusedError(
            "import.old_format",
            f"{quoted(path.name)}是旧的 XLS 格式,或加了密码",
            hint="请在表格软件中去掉密码,另存为 XLSX 或 CSV",
            where=path.name,
        )
    if not content.strip():
        raise ValueRefusedError("import.empty", f"文件{quoted(path.name)}是空的", hint="请核对文件", where=path.name)
    return Source(path.name, content)

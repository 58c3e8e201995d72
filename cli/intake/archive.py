"""An XLSX is a ZIP: what its directory promises is checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from cli.intake.source import Source

__all__ = ["check_archive", "has_formulas"]

_MOST_UNPACKED: Final = 200 * 2**20
_MOST_RATIO: Final = 100
_MOST_ENTRIES: Final = 2_000
_SMALL: Final = 2**20  # tiny files of blanks compress well and harm nobody
_CHUNK: Final = 2**16


def check_archive(source: Source) -> None:
    """Pass an archive of ordinary size.

    Raises:
        ValueRefusedError: damaged, encrypted, or unpacking to more than 200 MB or a hundred times its size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _refused("import.damaged", "文件已损坏,不是完整的 XLSX", source) from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused("import.encrypted", "文件加了密码", source)
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > _MOST_UNPACKED or len(entries) > _MOST_ENTRIES:
        raise _refused("import.bomb", f"文件解压后有 {unpacked >> 20} MB,超过 {_MOST_UNPACKED >> 20} MB", source)
    if unpacked > _SMALL and unpacked > packed * _MOST_RATIO:
        raise _refused("import.bomb", f"文件解压后是原来的 {unpacked // packed} 倍,不是正常的表格", source)


def has_formulas(source: Source) -> bool:
    """Say whether any sheet holds a formula, without parsing it."""
    with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with archive.open(name) as sheet:
                tail = b""
                while chunk := sheet.read(_CHUNK):
                    if b"<f>" in tail + chunk or b"<f " in tail + chunk or b"<f/" in tail + chunk:
                        return True
                    tail = chunk[-2:]
    return False


def _refused(code: str, message: str, source: Source) -> ValueRefusedError:
    return ValueRefusedError(code, message, hint="请在表格软件中打开后另存为新的 XLSX 或 CSV", where=source.name)

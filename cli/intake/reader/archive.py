"""XLSX and ODS are ZIP archives: what the directory promises is checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from ledger.characters import quoted
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from cli.intake.source import Source

__all__ = ["check_archive"]

_MOST_UNPACKED: Final = 200 * 2**20
_MOST_RATIO: Final = 100
_MOST_PARTS: Final = 100  # of XML; pictures and printer settings beside it are not read
_MOST_ENTRIES: Final = 2_000
_SMALL: Final = 2**20  # tiny files of blanks compress well and harm nobody


def check_archive(source: Source) -> None:
    """Pass an archive of ordinary size.

    Raises:
        ValueRefusedError: damaged, encrypted, unpacking to more than 200 MB or a hundred times its size, of more than a
            hundred XML parts, or with names that leave the archive or stand in it twice.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _refused("import.damaged", "文件已损坏,不是完整的 XLSX 或 ODS", source) from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused("import.encrypted", "文件加了密码", source)
    _check_names([entry.filename for entry in entries], source)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > _MOST_UNPACKED:
        raise _refused("import.bomb", f"文件解压后有 {unpacked >> 20} MB,超过 {_MOST_UNPACKED >> 20} MB", source)
    # A picture beside them, which does not pack, must not make up for parts that are nothing but repetition.
    read = [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]
    unpacked, packed = sum(entry.file_size for entry in read), max(1, sum(entry.compress_size for entry in read))
    if unpacked > _SMALL and unpacked > packed * _MOST_RATIO:
        raise _refused("import.bomb", f"文件解压后是原来的 {unpacked // packed} 倍,不是正常的表格", source)


def _check_names(names: list[str], source: Source) -> None:
    parts = [name for name in names if name.endswith(".xml") and not name.endswith("/")]
    if len(names) > _MOST_ENTRIES or len(parts) > _MOST_PARTS:
        raise _refused("import.bomb", f"文件里有 {len(names)} 个部件,不是正常的表格", source)
    for name in names:
        if name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name:
            raise _refused("import.odd_part", f"文件里有名称不正常的部件{quoted(name)}", source)
    if len(set(names)) != len(names):
        raise _refused("import.odd_part", "文件里有同名的部件,无法确定以哪一个为准", source)


def _refused(code: str, message: str, source: Source) -> ValueRefusedError:
    return ValueRefusedError(code, message, hint="请在表格软件中打开后另存为新的 XLSX 或 CSV", where=source.name)

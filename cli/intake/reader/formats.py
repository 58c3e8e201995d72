"""What a file really is, by its content: exports are named .xls whatever they hold, so the name proves nothing."""

from __future__ import annotations

import io
import re
import zipfile
from enum import Enum
from typing import TYPE_CHECKING, Final

from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from cli.intake.source import Source

__all__ = ["Format", "sniff"]


class Format(Enum):
    """How a file is read; the value is what a message calls it."""

    XLSX = "XLSX"
    XLS = "XLS 旧格式"
    ODS = "ODS"
    HTML = "HTML 网页"
    TEXT = "CSV 文本"


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS: Final = re.compile(rb"<(?:!doctype html|html|head|meta|style|body|table)\b", re.IGNORECASE)
_HEAD_BYTES: Final = 4096
_OTHERS: Final = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc", "压缩包"),
)


def sniff(source: Source) -> Format:
    """Say how the bytes are to be read.

    Raises:
        ValueRefusedError: the file is encrypted, or it is no table that can be read (PDF, Word, XLSB, XML 表格 2003).
    """
    content = source.content
    if content.startswith(_ZIP):
        return _zipped(source)
    if content.startswith(_OLE):
        return _compound(source)
    for mark, what in _OTHERS:
        if content.startswith(mark):
            raise _refused("import.not_a_table", f"文件其实是{what},不是表格", "请提供 XLSX、XLS、ODS 或 CSV", source)
    start = content[:_HEAD_BYTES].replace(b"\x00", b"")  # UTF-16 has a NUL beside each ASCII sign
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<?xml" in start:
        hint = "请在表格软件中打开,另存为 XLSX"
        raise _refused("import.not_a_table", "文件是 2003 版的 XML 表格,不能直接读取", hint, source)
    if start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and _MARKS.search(start):
        return Format.HTML
    return Format.TEXT


def _zipped(source: Source) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100] if "mimetype" in names and len(names) < _HEAD_BYTES else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return Format.XLSX  # checking the archive says what is wrong with it
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return Format.ODS
    if "xl/workbook.bin" in names:
        hint = "请在表格软件中打开,另存为 XLSX"
        raise _refused("import.not_a_table", "文件是二进制的 XLSB,不能直接读取", hint, source)
    if "word/document.xml" in names:
        raise _refused("import.not_a_table", "文件其实是 Word 文档,不是表格", "请把表格复制到 XLSX", source)
    return Format.XLSX


def _compound(source: Source) -> Format:
    # Names of the streams stand in the directory of a compound file as UTF-16.
    has = {name for name in ("EncryptedPackage", "WordDocument") if name.encode("utf-16-le") in source.content}
    if "EncryptedPackage" in has:
        raise _refused("import.encrypted", "文件加了密码", "请去掉密码后另存为新的 XLSX", source)
    if "WordDocument" in has and "Workbook".encode("utf-16-le") not in source.content:
        raise _refused("import.not_a_table", "文件其实是 Word 文档,不是表格", "请把表格复制到 XLSX", source)
    return Format.XLS


def _refused(code: str, message: str, hint: str, source: Source) -> ValueRefusedError:
    return ValueRefusedError(code, message, hint=hint, where=source.name)

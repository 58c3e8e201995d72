"""What the reading library hides in an old XLS: error values, hidden rows and columns, a password.

An XLS is a compound file (MS-CFB) with a stream of records (MS-XLS). Only the few that matter here are looked at. Runs
in the confined process: a file that leads in circles costs its bounded time there.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BiffSheet", "scan_biff"]

_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
_ROW, _COLINFO, _BOOLERR, _FORMULA = 0x0208, 0x007D, 0x0205, 0x0006
_WORKSHEET: Final = 0
_IS_ERROR: Final = 2  # MS-XLS 2.5.133, the kind of a result that is no number
_ROW_HIDDEN: Final = 0x20
_END_OF_CHAIN: Final = 0xFFFFFFFA  # and the special marks above it
_ENTRY: Final = 128  # bytes of a directory entry
_STREAM, _ROOT = 2, 5


@dataclass(slots=True)
class BiffSheet:
    """What is odd in a sheet; rows count from 1, columns from 0."""

    errors: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(slots=True)
class BiffBook:
    """The worksheets in their order."""

    encrypted: bool = False
    from_1904: bool = False
    sheets: list[BiffSheet] = field(default_factory=list)


def scan_biff(content: bytes) -> BiffBook:
    """Look through the records. Raises ValueError, IndexError or struct.error for a damaged file."""
    stream = _workbook_stream(content)
    book = BiffBook()
    offsets: list[int] = []
    for kind, record in _records(stream, 0):
        if kind == _FILEPASS:
            book.encrypted = True
            return book
        if kind == _DATEMODE:
            book.from_1904 = record[:2] == b"\x01\x00"
        elif kind == _BOUNDSHEET and record[5] == _WORKSHEET:
            offsets.append(struct.unpack_from("<I", record)[0])
    book.sheets = [_sheet(stream, offset) for offset in offsets]
    return book


def _sheet(stream: bytes, offset: int) -> BiffSheet:
    found = BiffSheet()
    for kind, record in _records(stream, offset):
        if kind == _ROW:
            row, flags = struct.unpack_from("<H10xI", record)
            if flags & _ROW_HIDDEN:
                found.hidden_rows.add(row + 1)
        elif kind == _COLINFO:
            first, last, flags = struct.unpack_from("<HH4xH", record)
            if flags & 1:
                found.hidden_columns.update(range(first, min(last, 255) + 1))
        elif (kind == _BOOLERR and record[7]) or (
            kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == _IS_ERROR
        ):
            row, column = struct.unpack_from("<HH", record)
            found.errors.add((row + 1, column))
    return found


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of the substream at ``offset`` (charts within it, too) up to its end."""
    depth = 0
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        yield kind, stream[offset + 4 : offset + 4 + size]
        offset += 4 + size
        depth += {_BOF: 1, _EOF: -1}.get(kind, 0)
        if depth <= 0:
            return


def _workbook_stream(content: bytes) -> bytes:
    """Return the stream ``Workbook`` (``Book`` before Excel 97) of a compound file."""
    sector, mini = 1 << struct.unpack_from("<H", content, 30)[0], 1 << struct.unpack_from("<H", content, 32)[0]
    if not (128 <= sector <= 4096 and 16 <= mini <= sector):  # noqa: PLR2004 - MS-CFB 2.2: 512 or 4096, and 64
        raise ValueError(sector)
    first_directory, _, cutoff, first_mini, _, first_more, _ = struct.unpack_from("<7I", content, 48)

    def block(number: int) -> bytes:
        return content[(number + 1) * sector : (number + 2) * sector]

    tables = [number for number in struct.unpack_from("<109I", content, 76) if number < _END_OF_CHAIN]
    while first_more < _END_OF_CHAIN and len(tables) * sector <= len(content):
        *more, first_more = struct.unpack(f"<{sector // 4}I", block(first_more))
        tables += [number for number in more if number < _END_OF_CHAIN]
    links = [link for table in tables for link in struct.unpack(f"<{sector // 4}I", block(table))]

    def chain(number: int) -> bytes:
        return b"".join(block(each) for each in _chain(number, links))

    directory = chain(first_directory)
    streams: dict[str, tuple[int, int]] = {}
    root = 0
    for at in range(0, len(directory), _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        start, size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if kind == _ROOT:
            root = start
        elif kind == _STREAM:
            streams.setdefault(name, (start, size))
    start, size = streams.get("Workbook") or streams["Book"]
    if size >= cutoff:
        return chain(start)[:size]
    small = chain(root)
    minis = chain(first_mini)
    mini_links = list(struct.unpack(f"<{len(minis) // 4}I", minis))
    return b"".join(small[each * mini : (each + 1) * mini] for each in _chain(start, mini_links))[:size]


def _chain(number: int, links: list[int]) -> Iterator[int]:
    for _ in range(len(links) + 1):
        if number >= _END_OF_CHAIN:
            return
        yield number
        number = links[number]
    raise ValueError(number)

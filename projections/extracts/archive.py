"""Archives (XLSX, DOCX, ZIP) opened to be read whole: every member, every comment, and nothing in between.

Only what the directory at the end lists is shown by other programs; whoever wants to hide something puts it elsewhere.
So the members must follow one another without anything between them, and what they unpack to is limited.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ArchiveError", "is_archive", "members_of"]

_SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MOST_BYTES: Final = 512 * 2**20
_MOST_MEMBERS: Final = 20_000
_LOCAL_HEAD: Final = 30
_DESCRIPTORS: Final = (12, 16, 20, 24)


class ArchiveError(Exception):
    """Something of the archive cannot be read: damaged, locked, too large, or not of any member."""


def is_archive(data: bytes) -> bool:
    """Say whether the bytes are a ZIP archive, also where something stands before it."""
    return data.startswith(_SIGNATURES) or zipfile.is_zipfile(io.BytesIO(data))


def members_of(data: bytes) -> Iterator[tuple[str, bytes, str]]:
    """Yield name, content and comment of every member, then the archive's own comment under an empty name.

    Raises ArchiveError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or sum(each.file_size for each in members) > _MOST_BYTES:
                raise ArchiveError
            _refuse_between(data, members, archive.start_dir)
            for each in members:
                about = each.comment + b"\n" + each.extra
                yield each.filename, archive.read(each), about.decode("utf-8", "replace")
            yield "", archive.comment, ""
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError) as error:
        raise ArchiveError from error


def _refuse_between(data: bytes, members: list[zipfile.ZipInfo], directory: int) -> None:
    """Raise ArchiveError where bytes stand before, between or behind the members that belong to none of them."""
    at = 0
    for each in sorted(members, key=lambda member: member.header_offset):
        descriptor = each.header_offset - at
        if descriptor and not (at and descriptor in _DESCRIPTORS):
            raise ArchiveError
        head = data[each.header_offset : each.header_offset + _LOCAL_HEAD]
        at = each.header_offset + _LOCAL_HEAD + int.from_bytes(head[26:28], "little")
        at += int.from_bytes(head[28:30], "little") + each.compress_size
    if directory - at not in {0, *_DESCRIPTORS}:
        raise ArchiveError

"""The last gate before anything leaves: no identity number, mobile number or bank card in any byte of any file.

Every file is read as a machine would and as a person would: archives are opened, markup is taken away with and without
a gap in its place, entities are resolved, full-width digits folded, gaps inside numbers closed. Attributes, comments,
hidden sheets, document properties and file names are all text of some member, so they are all read. A finding stops
the export; it is not a warning. Source: reliability.md 6 and 7.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from base64 import b64decode
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.privacy import has_identity_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["Leak", "leaks_in", "leaks_in_text"]

_ARCHIVE: Final = b"PK\x03\x04"
_PDF: Final = b"%PDF-"
"""Text in it is numbers of glyphs: nobody can say that it is harmless, so it is not said."""
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}={0,2}")
"""The records that pages and proofs carry: text that a machine reads, so it is read here."""
_DEEPEST: Final = 3
_INLINE: Final = re.compile(
    r"<!--.*?-->|</?(?:b|i|u|s|em|strong|span|font|a|sup|sub|wbr|mark|small|code|bdi|bdo|r|t|rPr|w:r|w:t|w:rPr)\b[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
"""What does not part what a person reads: ``<b>138</b>0013<i>8000</i>`` is one number, two table cells are not."""
_TAG: Final = re.compile(r"<[^<>]*>")
_COMMENT: Final = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"=\s*\"([^\"]*)\"|=\s*'([^']*)'")
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})|_x([0-9a-fA-F]{4})_|%([0-9a-fA-F]{2})")
_GAPS: Final = re.compile(r"(?<=\d)[^0-9A-Za-z\u4e00-\u9fff]{1,6}(?=[\dXx])")
_PART: Final = r"[ \-\u2010-\u2015_·.*/|、]"
_MOBILE: Final = (
    re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9]\d{9}(?![0-9A-Za-z]|\.\d)"),
    re.compile(rf"(?<![0-9A-Za-z.])1[3-9]\d({_PART})\d{{4}}\1\d{{4}}(?![0-9A-Za-z])"),
    re.compile(rf"(?<![0-9A-Za-z.])1({_PART})[3-9](?:\1\d){{9}}(?![0-9A-Za-z])"),
)
_CARD: Final = re.compile(
    rf"(?<![0-9A-Za-z.])(?:62|[45]\d)\d{{2}}({_PART}?)\d{{4}}(?:\1\d{{4}}){{2}}(?:\1?\d{{1,3}})?(?![0-9A-Za-z])"
)
_FEN: Final = re.compile(r"\"[a-z_]+_fen\":\s*-?\d{1,15}(?=\s*[,}])")


class Leak(NamedTuple):
    """Something personal in a file: which file (and member), what kind it is; never the thing itself."""

    where: str
    kind: str


def leaks_in(name: str, data: bytes, allowed: Collection[str] = ()) -> list[Leak]:
    """Return what is personal in a file and in its name.

    ``allowed`` are texts that may stand in it though they look personal: codes of projects, assets and documents.
    """
    return [*leaks_in_text(f"{name}(文件名)", name, allowed), *_in_bytes(name, data, allowed, 0)]


def leaks_in_text(where: str, text: str, allowed: Collection[str] = ()) -> list[Leak]:
    """Return what is personal in a text, as written and in every disguise."""
    kinds = dict.fromkeys(_kinds(text, allowed))
    if packed := "\n".join(_unpacked(text)):
        kinds.update(dict.fromkeys(_kinds(packed, allowed)))
    return [Leak(where, kind) for kind in kinds]


def _in_bytes(where: str, data: bytes, allowed: Collection[str], depth: int) -> list[Leak]:
    if data.startswith(_ARCHIVE):
        return _in_archive(where, data, allowed, depth)
    if data.startswith(_PDF):
        return [Leak(where, "pdf")]
    found: dict[Leak, None] = {}
    for text in _decoded(data):
        found.update(dict.fromkeys(leaks_in_text(where, text, allowed)))
    return list(found)


def _in_archive(where: str, data: bytes, allowed: Collection[str], depth: int) -> list[Leak]:
    if depth >= _DEEPEST:
        return [Leak(where, "archive_too_deep")]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(member, archive.read(member)) for member in archive.namelist()]
            comment = archive.comment
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError):
        return [Leak(where, "archive_unreadable")]
    found = _in_bytes(f"{where}(注释)", comment, allowed, depth + 1)
    for member, content in members:
        found += leaks_in_text(f"{where}/{member}(文件名)", member, allowed)
        found += _in_bytes(f"{where}/{member}", content, allowed, depth + 1)
    return found


def _decoded(data: bytes) -> Iterator[str]:
    """Yield the text of the bytes in every encoding that they can be in."""
    for encoding in ("utf-8", "utf-16", "gb18030"):
        try:
            yield data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8":
            return
    yield data.decode("latin-1")


def _unpacked(text: str) -> Iterator[str]:
    for run in _BASE64.findall(text):
        bare = run.rstrip("=")
        # A run of one letter too many is no base64; its last letter says nothing.
        whole = bare[: len(bare) - (len(bare) % 4 == 1)]
        yield b64decode(whole + "=" * (-len(whole) % 4)).decode("utf-8", "replace")


def _kinds(text: str, allowed: Collection[str]) -> Iterator[str]:
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", html.unescape(_ESCAPED.sub(_unescaped, text))))
    for code in sorted(allowed, key=len, reverse=True):
        plain = plain.replace(code, "\n")
    plain = _FEN.sub(" 0", plain)  # an amount in JSON is nobody's number
    hidden = [first or second for first, second in _ATTRIBUTE.findall(plain)] + _COMMENT.findall(plain)
    shown = _TAG.sub("\n", _INLINE.sub("", plain))
    readings = (plain, shown, "\n".join(hidden))
    if any(has_identity_number(each) for reading in readings for each in (reading, _GAPS.sub("", reading))):
        yield "identity_number"
    if any(pattern.search(reading) for pattern in _MOBILE for reading in readings):
        yield "mobile_number"
    if any(_luhn(found.group()) for reading in readings for found in _CARD.finditer(reading)):
        yield "bank_card"


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(next(filter(None, found.groups())), 16))


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number) if digit.isdecimal()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]  # noqa: PLR2004 - 5 doubled has two digits
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0

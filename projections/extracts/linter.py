"""The last gate before anything leaves: no identity number, mobile number or bank card in any byte of any file.

Every file is read as a machine would and as a person would (``readings``); archives are opened, and what stands
between their members is looked at too. Attributes, comments, hidden sheets, document properties and file names are all
text of some member, so they are all read. What cannot be read (PDF, pictures, old Office files, compressed data) is
not said to be harmless: it does not pass. A finding stops the export; it is not a warning. Source: reliability.md 6, 7.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.extracts.archive import ArchiveError, is_archive, members_of
from projections.extracts.numbers import Codes, kinds_of
from projections.extracts.readings import BORDER, readings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from projections.extracts.people import People

__all__ = ["Leak", "leaks_in", "leaks_in_text"]

_DEEPEST: Final = 3
_CLOSED: Final = (
    b"%PDF-",
    b"%!PS",
    b"{\\rtf",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
)
"""How files begin whose text is behind glyph numbers, control words or compression: PDF, RTF, old Office, gzip, 7z."""
_MIME: Final = re.compile(rb"^(?:MIME-Version|Content-Transfer-Encoding):", re.IGNORECASE | re.MULTILINE)
_HEAD: Final = 4_096
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_NO_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]+")
_DEVICE: Final = re.compile(r"/printerSettings\d*\.bin\Z")
"""Settings of a printer, which Excel keeps with every sheet: names and numbers as they stand, so they are read."""
_HARMLESS: Final = frozenset({"96367138dc44ce09bf2c8f0f8e49348a1478d2c5c0af69bbc2bbc38b63cdcead"})
"""SHA-256 of pictures that are known: the empty page that python-docx puts into every document."""
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{16,}={0,2}")
"""The records that pages and proofs carry: text that a machine reads, so it is read here."""
_FEN: Final = re.compile(r"\"[a-z_]+_fen\":\s*-?\d{1,15}(?=\s*[,}])")
_EMBEDDED: Final = re.compile(r"(<script[^<>]*application/json[^<>]*>)(.*?)(?=</script)", re.DOTALL)


class Leak(NamedTuple):
    """Something personal in a file: which file (and member), what kind it is; never the thing itself."""

    where: str
    kind: str


def leaks_in(name: str, data: bytes, allowed: Collection[str] = (), people: People | None = None) -> list[Leak]:
    """Return what is personal in a file and in its name.

    ``allowed`` are codes of projects, assets and documents: they may look like bank cards, never like persons.
    ``people`` are the values of a vault, where one is open.
    """
    look = _Look(Codes(allowed), people)
    return list(dict.fromkeys([*look.text(f"{name}(文件名)", name), *look.data(name, data, 0)]))


def leaks_in_text(where: str, text: str, allowed: Collection[str] = (), people: People | None = None) -> list[Leak]:
    """Return what is personal in a text, as written and in every disguise."""
    return list(_Look(Codes(allowed), people).text(where, text))


class _Look:
    """One look through a file: what may stand in it, and whom it must not name."""

    def __init__(self, codes: Codes, people: People | None) -> None:
        self._codes = codes
        self._people = people

    def text(self, where: str, text: str) -> Iterator[Leak]:
        found: dict[str, None] = {}
        for each in (_without_amounts(text), *_packed(text)):
            for reading in readings(each):
                found.update(dict.fromkeys(kinds_of(reading, self._codes)))
                if self._people is not None and reading.close:
                    found.update(dict.fromkeys(self._people.kinds_of(reading)))
        return (Leak(where, kind) for kind in found)

    def data(self, where: str, data: bytes, depth: int) -> Iterator[Leak]:
        if is_archive(data):
            yield from self._archive(where, data, depth)
        elif _DEVICE.search(where):
            for encoding in ("utf-16-le", "utf-16-be", "latin-1"):
                yield from self.text(where, _NO_TEXT.sub(BORDER, data.decode(encoding, "replace")))
        elif sha256(data).hexdigest() not in _HARMLESS:
            texts = list(_decoded(data))
            if not texts:
                yield Leak(where, "unreadable")
            for text in texts:
                yield from self.text(where, text)

    def _archive(self, where: str, data: bytes, depth: int) -> Iterator[Leak]:
        if depth >= _DEEPEST:
            yield Leak(where, "archive_too_deep")
            return
        try:
            for member, content, about in members_of(data):
                yield from self.text(f"{where}/{member}(文件名)", member)
                yield from self.text(f"{where}/{member}(注释)", about)
                yield from self.data(f"{where}/{member}" if member else f"{where}(注释)", content, depth + 1)
        except ArchiveError:
            yield Leak(where, "archive_unreadable")


def _decoded(data: bytes) -> Iterator[str]:
    """Yield the text of the bytes in every encoding that they can be in; nothing where they are no text."""
    if data.startswith(_CLOSED) or _MIME.search(data[:_HEAD]):
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["gb18030", "latin-1"]
    else:
        if not _CONTROL.search(text):
            yield text
            return
        encodings = ["utf-16-le", "utf-16-be", "utf-32"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            yield text


def _packed(text: str) -> Iterator[str]:
    """Yield what the runs of base64 in a text stand for, all in one: what they are framed with parts them."""
    found = []
    for run in _BASE64.findall(text):
        bare = run.rstrip("=")
        whole = bare[: len(bare) - (len(bare) % 4 == 1)]  # a letter too many says nothing
        found.append(b64decode(whole + "=" * (-len(whole) % 4)).decode("utf-8", "replace"))
    if found:
        yield _NO_TEXT.sub(BORDER, _FEN.sub("0", BORDER.join(found)))


def _without_amounts(text: str) -> str:
    """Return a text without the amounts of JSON, which are nobody's numbers: in JSON alone, for a text may look so."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return text
        return _FEN.sub('"_":0', text)
    return _EMBEDDED.sub(lambda found: found[1] + _FEN.sub('"_":0', found[2]), text)

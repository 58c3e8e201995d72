"""Rows of an XLSX sheet with nothing odd in them, told by one pattern and taken out of the XML.

Listening to every element costs more than all the rest of reading, and almost every row is of the same few signs: cells
with a value, a text, or a formula and its result. Such rows are counted here and need not be listened to. Whatever
differs by a sign stays in the XML, and the whole of it is still parsed for soundness (``cli.intake.reader.parts``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cli.intake.columns import column_index

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PlainRows"]

_LONGEST_ROW: Final = 2**20  # no end of a row for so long: not an ordinary sheet, and nothing is kept of it
_UTF_8: Final = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml version=["']1\.0["'] encoding=["'](?i:utf-8)["'][^<>]*>""")
_ATTRIBUTES: Final = rb'(?: (?!r=|hidden="(?!0"|false"))[A-Za-z0-9:]++="[^"<>&]*+")*+'
_FORMULA: Final = rb'(?:<f(?: [A-Za-z0-9]++="[^"<>&]*+")*+(?:/>|>[^<]*+</f>))'
_VALUE: Final = rb"<v>[^<]++</v>"
_TEXT: Final = rb'<is><t(?: xml:space="preserve")?+>[^<]*+</t></is>'
_CELL: Final = (
    rb'<c r="[A-Z]{1,3}+(?P=row)"(?: s="[0-9]{1,9}+")?+(?: t="(?:s|n|b|d|str|inlineStr)")?+'
    rb"(?:/>|>(?:" + _FORMULA + rb"?+" + _VALUE + rb"|" + _TEXT + rb")?+</c>)"
)
_RUN: Final = re.compile(rb'(?:<row r="(?P<row>[0-9]{1,7}+)"' + _ATTRIBUTES + rb">(?:" + _CELL + rb")*+</row>)++")
_END: Final = b"</row>"
_ROW: Final = re.compile(rb'<row r="([0-9]++)"')
_FILLED: Final = re.compile(rb'<c r="([A-Z]++)[^>]*+>(?=<[vif])')


class PlainRows:
    """Takes plain rows out of a sheet that comes in chunks; rows count from 1 as in Excel, columns from 0."""

    def __init__(self) -> None:
        self.cells = 0
        """How many cells with a value were taken out."""
        self.first_row = self.last_row = 0
        """Between which rows they lie, at most."""
        self._columns: set[bytes] = set()
        self._waiting = b""
        self._at_start = True
        self._given_up = False

    @property
    def columns(self) -> set[int]:
        """In which columns they lie."""
        return {column_index(letters.decode()) for letters in self._columns}

    def without(self, chunk: bytes) -> bytes:
        """Take the next chunk; return what there is to listen to so far."""
        data = self._waiting + chunk
        end = data.rfind(_END) + len(_END)
        if self._is_odd(data) or (end < len(_END) and len(data) > _LONGEST_ROW):
            self._given_up = True
            end = len(data)
        elif end < len(_END):
            end = 0
        self._waiting = data[end:]
        return data[:end] if self._given_up else b"".join(self._kept(data[:end]))

    def rest(self) -> bytes:
        """Return what is left when the last chunk was taken."""
        return self._waiting

    def _is_odd(self, data: bytes) -> bool:
        """Say whether something in the data, or before it, may look like a row and be none."""
        begin = 0
        if self._at_start:
            head = _UTF_8.match(data)
            self._at_start, self._given_up = False, head is None
            begin = head.end() if head else 0
        # Comments, CDATA and instructions: none belongs in a sheet.
        return self._given_up or data.find(b"<!", begin) >= 0 or data.find(b"<?", begin) >= 0

    def _kept(self, data: bytes) -> Iterator[bytes]:
        end = 0
        for run in _RUN.finditer(data):
            yield data[end : run.start()]
            end = run.end()
            if columns := _FILLED.findall(run[0]):
                self.cells += len(columns)
                self._columns.update(columns)
                rows = [int(number) for number in _ROW.findall(run[0])]
                self.first_row = min(self.first_row or rows[0], *rows)
                self.last_row = max(self.last_row, *rows)
        yield data[end:]

"""How much text a workbook asks for: a cell names a shared text by its number, and the reader copies it for each cell.

Ten thousand cells that name one text of a million signs are a small file and ten gigabytes in memory. What one cell can
hold is limited by Excel itself; what all of them hold together is added up before anything is read.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, ClassVar, Final

from typing_extensions import override

from cli.intake.reader.parts import Walk, walk_part
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from cli.intake.source import Source

__all__ = ["SharedTexts", "check_texts"]

_END: Final = b"</si>"
_USE: Final = re.compile(rb'<c [^>]*\bt="s"[^>]*>\s*<v>([0-9]{1,9})</v>')
_LONGEST_USE: Final = 200  # bytes that the element of one such cell takes at most
_MOST_BYTES: Final = 300_000_000


class SharedTexts(Walk):
    """The bytes that each shared text takes with its markup, in their order."""

    listens: ClassVar[bool] = False

    def __init__(self) -> None:
        self.lengths = array("L")
        self._rest = b""
        self._open = 0

    @property
    def longest(self) -> int:
        """The length of the longest text; of all of it where no end of one was recognised."""
        return max(self.lengths, default=0) if self.lengths else self._open

    @override
    def take(self, chunk: bytes) -> None:
        first, *others = (self._rest + chunk).split(_END)
        if others:
            self.lengths.append(self._open + len(first))
            self.lengths.extend(map(len, others[:-1]))
            self._open, first = 0, others[-1]
        keep = len(_END) - 1  # the end of a text may lie across two chunks
        self._open += max(len(first) - keep, 0)
        self._rest = first[-keep:]


class _Uses(Walk):
    """Adds up the shared texts that the cells of a sheet name."""

    listens: ClassVar[bool] = False

    def __init__(self, lengths: array[int]) -> None:
        self.total = 0
        self._lengths = lengths
        self._rest = b""

    @override
    def take(self, chunk: bytes) -> None:
        text = self._rest + chunk
        end = 0
        for use in _USE.finditer(text):
            end = use.end()
            number = int(use[1])
            self.total += self._lengths[number] if number < len(self._lengths) else 0
        self._rest = text[max(end, len(text) - _LONGEST_USE) :]


def check_texts(source: Source, part: str, sheet: str, texts: SharedTexts, cells: int) -> None:
    """Pass a sheet whose texts fit in memory, by a bound first and exactly only where that does not do.

    Raises:
        ValueRefusedError: its cells hold more than 300 MB of text.
    """
    if texts.longest * cells <= _MOST_BYTES:
        return
    total = texts.longest * cells
    if texts.lengths:
        uses = _Uses(texts.lengths)
        walk_part(source, part, uses)
        total = uses.total
    if total > _MOST_BYTES:
        raise ValueRefusedError(
            "import.much_text",
            f"表里的文字展开后有 {total >> 20} MB,超过 {_MOST_BYTES >> 20} MB",
            hint="不是正常的表格:请在表格软件中打开核对,或拆成几个文件",
            where=f"{source.name},工作表“{sheet}”",
        )

"""CSV and tab-separated text, in the encodings that offices use."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING, Final

from cli.intake.reader.book import Facts, Row, SheetName, Table, without_blanks
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.intake.source import Source

__all__ = ["TextBook", "decoded"]

_MOST_CHARACTERS: Final = 100_000  # in one cell
_LOOKED_AT: Final = 20  # lines that decide what parts the cells
_PARTED: Final = re.compile(r"[\t\n,;]")
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TextBook:
    """A text file as a book of one sheet without a name."""

    sheets = (SheetName("", visible=True),)

    def __init__(self, source: Source) -> None:
        """Decode the file. Raises ValueRefusedError when it is in none of the encodings."""
        self._name = source.name
        self.encoding, self._text = decoded(source)

    def table(self, name: str) -> Table:
        """Return the only sheet; while rows are read, a line that is no CSV is refused."""
        return Table(name, without_blanks(self._rows()), Facts())

    def _rows(self) -> Iterator[Row]:
        csv.field_size_limit(_MOST_CHARACTERS)
        reader = csv.reader(io.StringIO(self._text, newline=""), strict=True, delimiter=_delimiter(self._text))
        first_line = 1
        try:
            for cells in reader:
                yield Row(first_line, tuple(cells))
                first_line = reader.line_num + 1
        except csv.Error:
            where = f"{self._name} 第 {first_line} 行"
            raise ValueRefusedError(
                "import.bad_csv", "CSV 格式有误,可能是引号不成对", hint="请用表格软件另存为 CSV", where=where
            ) from None


def decoded(source: Source) -> tuple[str, str]:
    """Return the name of the encoding and the text. Raises ValueRefusedError."""
    content = source.content
    # Half of the bytes of plain text in UTF-16 without a mark are NUL: no text in another encoding holds one.
    encodings = ("utf-16",) if content.startswith(_MARKS) else ("utf-8-sig", "gb18030")
    if encodings[0] != "utf-16" and b"\x00" in content:
        little = content[1::2].count(0) >= content[::2].count(0)
        encodings = ("utf-16-le",) if little else ("utf-16-be",)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Anything of even length is UTF-16 to the decoder; what has no line and no cell is no table.
        if "\x00" not in text and (encoding[:6] != "utf-16" or _PARTED.search(text)):
            return encoding, text
    raise ValueRefusedError(
        "import.encoding",
        "文件不是 UTF-8、GB18030 或 UTF-16 编码的文字",
        hint="请另存为 XLSX,或 UTF-8 编码的 CSV",
        where=source.name,
    )


def _delimiter(text: str) -> str:
    """Return what parts the cells: a comma, unless the first lines have more tabs or semicolons."""
    start = "".join(io.StringIO(text).readlines(10_000)[:_LOOKED_AT])
    return max((",", "\t", ";"), key=start.count)

"""Tables of web pages: many export programs write HTML and call it .xls."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from cli.intake.reader.book import Merge, Row
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["read_tables"]

_MOST_CELLS: Final = 2_000_000
_MOST_SPAN: Final = 1_000
_CELLS: Final = frozenset({"td", "th"})
_SILENT: Final = frozenset({"script", "style"})


def read_tables(text: str) -> tuple[list[Row], list[Merge]]:
    """Return the rows of all tables of a page, one after the other, and the merged ranges.

    Raises:
        ValueRefusedError: the page has no table, a table within a table, or more cells than a sheet of ordinary size.
    """
    page = _Page()
    page.feed(text)
    page.close()
    page.end_row()
    if not page.rows:
        raise ValueRefusedError("import.no_sheet", "网页里没有表格", hint="请在表格软件中打开,另存为 XLSX")
    return page.rows, page.merges


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self.merges: list[Merge] = []
        self._number = self._next = 0
        self._cells: dict[int, str] | None = None
        self._taken: dict[int, int] = {}  # column to how many more rows a cell from above reaches down
        self._span = (1, 1)
        self._text: list[str] | None = None
        self._depth = self._silent = self._count = 0

    @override
    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth > 1:
                raise ValueRefusedError(
                    "import.nested_table", "网页的表格里还有表格", hint="请在表格软件中打开,另存为 XLSX"
                )
        elif tag == "tr":
            self.end_row()
            self._number += 1
            self._next = 0
            self._cells = {}
        elif tag in _CELLS and self._cells is not None:
            self._end_cell()
            given = dict(attrs)
            self._span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")
        elif tag in _SILENT:
            self._silent += 1

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS:
            self._end_cell()
        elif tag == "tr":
            self.end_row()
        elif tag == "table":
            self.end_row()
            self._depth = max(0, self._depth - 1)
            self._taken = {}
        elif tag in _SILENT:
            self._silent = max(0, self._silent - 1)

    @override
    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._silent:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is None or self._cells is None:
            return
        text, self._text = " ".join("".join(self._text).split()), None
        column = self._next
        while self._taken.get(column) and column not in self._cells:
            column += 1
        down, across = self._span
        self._next = column + across
        for index in range(column, column + across):
            self._cells[index] = text if index == column else ""
            if down > 1:
                self._taken[index] = down
        if down > 1 or across > 1:
            self.merges.append(Merge(self._number, column, self._number + down - 1, column + across - 1))
        self._count += across
        if self._count > _MOST_CELLS:
            raise ValueRefusedError("import.too_large", "网页的表格太大", hint="请拆成几个文件分别导入")

    def end_row(self) -> None:
        """Close the row that is open."""
        self._end_cell()
        if self._cells is None:
            return
        width = max(self._cells, default=-1) + 1
        self.rows.append(Row(self._number, tuple(self._cells.get(index, "") for index in range(width))))
        self._taken = {column: left - 1 for column, left in self._taken.items() if left > 1}
        self._cells = None


def _span(text: str | None) -> int:
    return min(int(text), _MOST_SPAN) if text and text.isascii() and text.isdigit() and int(text) else 1

"""A pass over the XML of an XLSX sheet for what the reading library hides.

calamine gives an error cell and a formula without a result as nothing at all, knows no hidden rows, and asks for the
whole rectangle around the outermost cells: two cells at the corners of a sheet are a request for 549 GB, on which the
process dies. Here the XML is streamed through expat, nothing is kept but what is odd, and a document type, where entity
bombs and references to other files live, is refused at sight.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from typing_extensions import override

from cli.intake.columns import column_index, column_letter
from cli.intake.reader.parts import Walk, part_names, walk_part
from cli.intake.reader.plain_rows import PlainRows
from cli.intake.reader.shared import SharedTexts, check_texts
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from cli.intake.source import Source

__all__ = ["BookScan", "SheetPart", "SheetScan", "scan_book", "scan_sheet"]

_MOST_GRID: Final = 1_000_000
_MOST_EMPTINESS: Final = 10  # so many times as many places as cells, and the sheet is not an ordinary one
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_HIDDEN: Final = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook: its name, whether people see it, and its part of the archive."""

    name: str
    visible: bool
    part: str


@dataclass(frozen=True, slots=True)
class BookScan:
    """The sheets of a workbook in their order, whether its days count from 1904, and the texts its cells name."""

    sheets: tuple[SheetPart, ...]
    from_1904: bool
    texts: SharedTexts


@dataclass(slots=True)
class SheetScan:
    """What is odd in a sheet; rows count from 1 as in Excel, columns from 0."""

    errors: set[tuple[int, int]] = field(default_factory=set)
    not_computed: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    cells: int = 0
    first: tuple[int, int] = (0, 0)
    last: tuple[int, int] = (0, 0)

    @property
    def extent(self) -> tuple[int, int]:
        """How many rows and columns the grid has in which all cells with a value lie."""
        return self.last[0] - self.first[0] + 1, self.last[1] - self.first[1] + 1

    @property
    def is_sparse(self) -> bool:
        """Whether the grid is large and almost empty."""
        rows, columns = self.extent
        return bool(self.cells) and rows * columns > max(_MOST_GRID, _MOST_EMPTINESS * self.cells)

    def take_in(self, plain: PlainRows) -> None:
        """Count the rows that were taken out before; the grid may come out larger than it is, never smaller."""
        if not plain.cells:
            return
        first, last = (plain.first_row, min(plain.columns)), (plain.last_row, max(plain.columns))
        if self.cells:
            first = min(first[0], self.first[0]), min(first[1], self.first[1])
            last = max(last[0], self.last[0]), max(last[1], self.last[1])
        self.first, self.last = first, last
        self.cells += plain.cells


def scan_book(source: Source) -> BookScan:
    """Read the list of sheets of a checked archive, and look through the parts that all sheets share.

    Raises:
        ValueRefusedError: the workbook is damaged or has a document type.
    """
    book, links = _Book(), _Links()
    names = part_names(source)
    walk_part(source, "xl/workbook.xml", book)
    walk_part(source, "xl/_rels/workbook.xml.rels", links)
    texts = SharedTexts()
    if "xl/sharedStrings.xml" in names:
        walk_part(source, "xl/sharedStrings.xml", texts)
    if "xl/styles.xml" in names:
        walk_part(source, "xl/styles.xml", _Unheard())
    sheets = tuple(
        SheetPart(name, visible, links.targets[key])
        for name, visible, key in book.sheets
        if links.targets.get(key, "") in names
    )
    return BookScan(sheets, book.from_1904, texts)


def scan_sheet(source: Source, sheet: SheetPart, texts: SharedTexts) -> SheetScan:
    """Look through one sheet.

    Raises:
        ValueRefusedError: the sheet is damaged, has a document type, names more text than fits in memory, or two
            far-away cells span a grid that is almost empty and would not fit either.
    """
    walk, plain = _Sheet(), PlainRows()
    walk_part(source, sheet.part, walk, plain)
    walk.found.take_in(plain)
    if walk.relative or walk.found.is_sparse:
        walk = _Sheet()  # once more, exactly: where a row has no number it follows the one before it
        walk_part(source, sheet.part, walk)
    found = walk.found
    if found.is_sparse:
        rows, columns = found.extent
        raise ValueRefusedError(
            "import.sparse",
            f"表里只有 {found.cells} 个有内容的单元格,却占了 {rows} 行 {columns} 列,"
            f"最远的在第 {found.last[0]} 行 {column_letter(found.last[1])} 列",
            hint="请删去远处多余的单元格,或把表格复制到新的文件",
            where=f"{source.name},工作表“{sheet.name}”",
        )
    check_texts(source, sheet.part, sheet.name, texts, found.cells)
    return found


class _Book(Walk):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []
        self.from_1904 = False

    @override
    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            visible = attributes.get("state", "visible") == "visible"
            self.sheets.append((attributes.get("name", ""), visible, key))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in _HIDDEN


class _Unheard(Walk):
    listens: ClassVar[bool] = False


class _Links(Walk):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    @override
    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.targets[attributes.get("Id", "")] = target.lstrip("/")


class _Sheet(Walk):
    """The handlers of one pass; cells come by the million, so they do little."""

    def __init__(self) -> None:
        self.found = SheetScan()
        self.relative = False
        """Whether a row has no number of its own."""
        self._row = 0
        self._column = -1
        self._formula = self._value = self._text = False
        self._type = ""
        self._columns: dict[str, int] = {}

    @override
    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cell(attributes)
        elif name in {"v", "is"}:
            self._value, self._text = True, False
        elif name == "f":
            self._formula = True
            # Only here is text listened to, for an empty <v> after a formula; everywhere else it would cost a call.
            self.parser.CharacterDataHandler = self._some_text
        elif name == "row":
            self.relative |= not attributes.get("r")
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = -1
            if attributes.get("hidden") in _HIDDEN:
                self.found.hidden_rows.add(self._row)
        elif name == "col" and attributes.get("hidden") in _HIDDEN:
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.found.hidden_columns.update(range(first - 1, min(last, 16_384)))

    def _cell(self, attributes: dict[str, str]) -> None:
        self._formula = self._value = False
        self._type = attributes.get("t", "")
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        split = _REFERENCE.fullmatch(reference)
        if split is None:
            raise ValueError(reference)
        letters = split[1]
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_index(letters)
        self._row, self._column = int(split[2]), column

    def _some_text(self, _text: str) -> None:
        self._text = True

    @override
    def end(self, name: str) -> None:
        if name != "c":
            return
        if self._type == "e":
            self.found.errors.add((self._row, self._column))
        if self._formula:
            self.parser.CharacterDataHandler = None
            if not self._value or not (self._text or self._type == "str"):
                self.found.not_computed.add((self._row, self._column))
        if not self._value:
            return
        found, row, column = self.found, self._row, self._column
        if found.cells:
            if row > found.last[0] or column > found.last[1]:
                found.last = (max(row, found.last[0]), max(column, found.last[1]))
            if row < found.first[0] or column < found.first[1]:
                found.first = (min(row, found.first[0]), min(column, found.first[1]))
        else:
            found.first = found.last = (row, column)
        found.cells += 1

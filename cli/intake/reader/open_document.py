"""What the reading library hides in an ODS: hidden rows and columns, merged ranges, errors, percentages.

The one XML part of an ODS that holds all its sheets (ODF 1.3 part 3, section 9) is walked through once; only what is
odd is kept. A row or cell may stand for many: what is empty to the end of the sheet is never counted out. Runs in the
confined process, whose limits hold for a file that is made to be large.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from cli.intake.cells import BadCell, Cell
from cli.intake.reader.book import Merge
from cli.intake.reader.marks import ERROR, NOT_COMPUTED

if TYPE_CHECKING:
    from cli.intake.reader.marks import Place

__all__ = ["DocumentTypeError", "OdsSheet", "scan_ods"]

_ODF: Final = "urn:oasis:names:tc:opendocument:xmlns"
_PREFIXES: Final = {each: f"{_ODF}:{each}:1.0" for each in ("office", "table", "text")}
_OFFICE, _TABLE = f"{_PREFIXES['office']} ", f"{_PREFIXES['table']} "
_CELLS: Final = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_GROUPS: Final = frozenset({f"{_TABLE}table-row-group", f"{_TABLE}table-column-group"})
_VALUES: Final = {
    "float": f"{_OFFICE}value",
    "currency": f"{_OFFICE}value",
    "percentage": f"{_OFFICE}value",
    "date": f"{_OFFICE}date-value",
    "time": f"{_OFFICE}time-value",
    "boolean": f"{_OFFICE}boolean-value",
}
_HIDDEN: Final = frozenset({"collapse", "filter"})
_ERROR_SHOWN: Final = re.compile(r"#[A-Z/0]+[!?]?|#N/A|Err:[0-9]{3}")
_RATIO: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,30})?([eE]-[0-9]{1,2})?")
_UNREADABLE: Final = BadCell("cell.unreadable", "单元格的内容读不出", "请按原件重新填写")
_LONGEST_ERROR: Final = 12


class DocumentTypeError(Exception):
    """The XML has a document type, where entity bombs and references to other files live."""


@dataclass(slots=True)
class OdsSheet:
    """What is odd in a sheet; ``marks`` are cells to be read otherwise than the library gives them."""

    name: str
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    marks: dict[Place, Cell] = field(default_factory=dict)


def scan_ods(content: bytes) -> list[OdsSheet]:
    """Look through ``content.xml``.

    Raises:
        DocumentTypeError: it has a document type.
        ValueError, expat.ExpatError: it is damaged, or calls its elements by other prefixes than every program does, by
            which the reading library knows them.
    """
    walk = _Content()
    parser = expat.ParserCreate(namespace_separator=" ")
    walk.parser = parser
    parser.StartDoctypeDeclHandler = _no_document_type
    parser.StartNamespaceDeclHandler = _usual_prefix
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.Parse(content, True)
    return walk.sheets


def _no_document_type(*_: object) -> None:
    raise DocumentTypeError


def _usual_prefix(prefix: str | None, uri: str | None) -> None:
    if _PREFIXES.get(prefix or "", uri) != uri or (uri in _PREFIXES.values() and prefix not in _PREFIXES):
        raise ValueError(uri)


class _Content:
    """The handlers of the one pass. Rows count from 1, columns from 0; each is where the next element begins."""

    def __init__(self) -> None:
        self.sheets: list[OdsSheet] = []
        self.parser: Any = None  # expat's parser type has no public name
        self._path: list[str] = []
        self._sheet: OdsSheet | None = None
        self._skipped = 0  # how deep an element begins of which nothing is heard; 0 is none
        self._closed_groups = 0
        self._row, self._rows, self._row_hidden, self._row_filled = 1, 1, False, False
        self._column, self._columns, self._width = 0, 1, 0
        self._formula, self._shown = False, ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        path = self._path
        path.append(name)
        if self._skipped:
            return
        if name == f"{_TABLE}table":
            self._table(attributes)
        elif self._sheet is None:
            return
        elif name in _CELLS:
            self._cell(self._sheet, attributes)
            self._skipped = 0 if self._formula else len(path)
        elif name == f"{_TABLE}table-row":
            self._rows, self._row_filled, self._column = _times(attributes, "number-rows-repeated"), False, 0
            self._row_hidden = self._is_hidden(attributes)
        elif name == f"{_TABLE}table-column":
            self._column_style(self._sheet, attributes)
        elif name in _GROUPS:
            self._closed_groups += attributes.get(f"{_TABLE}display") == "false" or self._closed_groups > 0
        elif name == f"{_OFFICE}annotation":
            self._skipped = len(path)

    def end(self, name: str) -> None:
        path, sheet = self._path, self._sheet
        skipped, depth = self._skipped, len(path)
        path.pop()
        if skipped:
            if depth > skipped:
                return
            self._skipped = 0
        if sheet is None:
            return
        if name in _CELLS:
            if self._formula:
                self._end_of_formula(sheet)
            self._column += self._columns
        elif name == f"{_TABLE}table-row":
            if self._row_hidden and self._row_filled:
                sheet.hidden_rows.update(range(self._row, self._row + self._rows))
            self._row += self._rows
        elif name in _GROUPS:
            self._closed_groups -= self._closed_groups > 0
        elif name == f"{_TABLE}table" and path[-1:] == [f"{_OFFICE}spreadsheet"]:
            sheet.hidden_columns.intersection_update(range(self._width))
            self._sheet = None

    def _table(self, attributes: dict[str, str]) -> None:
        if self._path[-2:-1] != [f"{_OFFICE}spreadsheet"]:
            self._skipped = len(self._path)  # in a drawing, or what another document once said: no sheet of this book
            return
        self._sheet = OdsSheet(attributes.get(f"{_TABLE}name", ""))
        self.sheets.append(self._sheet)
        self._row, self._column, self._width = 1, 0, 0

    def _column_style(self, sheet: OdsSheet, attributes: dict[str, str]) -> None:
        times = _times(attributes, "number-columns-repeated")
        if self._is_hidden(attributes):
            sheet.hidden_columns.update(range(self._column, self._column + times))
        self._column += times

    def _is_hidden(self, attributes: dict[str, str]) -> bool:
        return self._closed_groups > 0 or attributes.get(f"{_TABLE}visibility") in _HIDDEN

    def _cell(self, sheet: OdsSheet, attributes: dict[str, str]) -> None:
        self._columns = _times(attributes, "number-columns-repeated")
        kind = attributes.get(f"{_OFFICE}value-type", "")
        self._formula = f"{_TABLE}formula" in attributes
        down, right = _times(attributes, "number-rows-spanned"), _times(attributes, "number-columns-spanned")
        if down > 1 or right > 1:
            sheet.merges.append(Merge(self._row, self._column, self._row + down - 1, self._column + right - 1))
        if not kind and not self._formula:
            return
        self._row_filled = True
        self._width = max(self._width, self._column + self._columns)
        # LibreOffice says it in an attribute of its own, whose namespace has changed.
        if "error" in attributes.values() and any(
            name.endswith(" value-type") and said == "error" for name, said in attributes.items()
        ):
            self._mark(sheet, ERROR)
        elif self._formula and (not kind or (kind in _VALUES and _VALUES[kind] not in attributes)):
            self._mark(sheet, NOT_COMPUTED)
        elif kind == "percentage":
            self._mark(sheet, _percentage(attributes.get(_VALUES[kind], "")))
        if self._formula:
            self._shown = ""
            self.parser.CharacterDataHandler = self._hear

    def _hear(self, text: str) -> None:
        if not self._skipped and len(self._shown) <= _LONGEST_ERROR:
            self._shown += text

    def _end_of_formula(self, sheet: OdsSheet) -> None:
        """Find a formula that failed: some programs store 0 for it, and only show what it is."""
        self._formula, self.parser.CharacterDataHandler = False, None
        if _ERROR_SHOWN.fullmatch(self._shown.strip()):
            self._mark(sheet, ERROR)

    def _mark(self, sheet: OdsSheet, cell: Cell) -> None:
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + self._columns):
                sheet.marks[row, column] = cell


def _times(attributes: dict[str, str], name: str) -> int:
    """Return how many times an element holds; raises ValueError where that is no number from 1."""
    said = attributes.get(_TABLE + name)
    if said is None:
        return 1
    if not (said.isascii() and said.isdigit() and 0 < int(said[:9]) == int(said)):
        raise ValueError(said)
    return int(said)


def _percentage(said: str) -> Cell:
    """Return 50% as it is seen: the library gives 0.5, which as an amount would be fifty fen."""
    if not _RATIO.fullmatch(said):
        return _UNREADABLE
    return f"{(Decimal(said) * 100).normalize():f}%"

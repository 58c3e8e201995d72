"""XLSX: guarded, looked through, then read by calamine in this process, a row at a time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from cli.intake.reader.archive import check_archive
from cli.intake.reader.book import Facts, SheetName, Table, without_blanks
from cli.intake.reader.marks import ERROR, NOT_COMPUTED, marked
from cli.intake.reader.native import cells_of, merges_of, rows_of
from cli.intake.reader.parts import damaged
from cli.intake.reader.scan import scan_book, scan_sheet

if TYPE_CHECKING:
    from cli.intake.source import Source

__all__ = ["Workbook"]


class Workbook:
    """An XLSX that passed the guards."""

    def __init__(self, source: Source) -> None:
        """Check the archive and read its list of sheets. Raises ValueRefusedError."""
        check_archive(source)
        self._source = source
        self._scan = scan_book(source)

    @property
    def sheets(self) -> tuple[SheetName, ...]:
        """All sheets in their order."""
        return tuple(SheetName(sheet.name, sheet.visible) for sheet in self._scan.sheets)

    def table(self, name: str) -> Table:
        """Return one sheet. Raises ValueRefusedError when it is damaged or hostile."""
        part = next(sheet for sheet in self._scan.sheets if sheet.name == name)
        odd = scan_sheet(self._source, part, self._scan.texts)
        sheet = self._open(name)
        facts = Facts(merges_of(sheet), frozenset(odd.hidden_rows), frozenset(odd.hidden_columns), self._scan.from_1904)
        marks = dict.fromkeys(odd.errors, ERROR) | dict.fromkeys(odd.not_computed, NOT_COMPUTED)
        rows = ((number, cells_of(values)) for number, values in rows_of(sheet))
        return Table(name, without_blanks(marked(rows, marks)), facts)

    def _open(self, name: str) -> Any:  # noqa: ANN401 - calamine's sheet, imported late
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(self._source.content)).get_sheet_by_name(name)
        except (CalamineError, OSError, ValueError):
            raise damaged(self._source) from None

"""XLSX: guarded, looked through, then read by calamine in this process, a row at a time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from cli.intake.cells import BadCell, Cell
from cli.intake.reader.archive import check_archive
from cli.intake.reader.book import Facts, Row, SheetName, Table, without_blanks
from cli.intake.reader.native import cells_of, merges_of, rows_of
from cli.intake.reader.parts import damaged
from cli.intake.reader.scan import scan_book, scan_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.intake.reader.scan import SheetScan
    from cli.intake.source import Source

__all__ = ["Workbook"]

_ERROR: Final = BadCell("cell.error", "单元格是错误值(如 #N/A、#REF!)", "请改正公式,或按原件填写")
_NOT_COMPUTED: Final = BadCell(
    "cell.not_computed", "单元格是没有算出结果的公式", "请在表格软件中打开并保存,或直接填写数值"
)


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
        return Table(name, without_blanks(_rows(sheet, odd)), facts)

    def _open(self, name: str) -> Any:  # noqa: ANN401 - calamine's sheet, imported late
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(self._source.content)).get_sheet_by_name(name)
        except (CalamineError, OSError, ValueError):
            raise damaged(self._source) from None


def _rows(sheet: Any, odd: SheetScan) -> Iterator[Row]:  # noqa: ANN401 - calamine's sheet
    marks: dict[int, dict[int, BadCell]] = {}
    for places, mark in ((odd.errors, _ERROR), (odd.not_computed, _NOT_COMPUTED)):
        for row, column in places:
            marks.setdefault(row, {})[column] = mark
    for number, values in rows_of(sheet):
        cells = cells_of(values)
        if number in marks:
            _mark(cells, marks.pop(number))
        yield Row(number, tuple(cells))
    for number in sorted(marks):  # rows that hold nothing else
        blank: list[Cell] = []
        _mark(blank, marks[number])
        yield Row(number, tuple(blank))


def _mark(cells: list[Cell], marks: dict[int, BadCell]) -> None:
    cells.extend([None] * (max(marks) + 1 - len(cells)))
    for column, mark in marks.items():
        cells[column] = mark

"""Rows of a CSV or of one sheet of an XLSX, as cells: one row in memory at a time."""

from __future__ import annotations

import csv
import io
import warnings
from contextlib import closing
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zipfile import BadZipFile

from cli.intake.archive import check_archive, has_formulas
from cli.intake.cells import BadCell, Cell, is_blank
from ledger.characters import quoted
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cli.intake.source import Source

__all__ = ["NOTES_SHEET", "Row", "Table", "open_table"]

NOTES_SHEET: Final = "说明"
_MOST_COLUMNS: Final = 200
_MOST_ROWS: Final = 1_048_576  # as many as a sheet has; a forged row number beyond would be counted up to forever
_MOST_CHARACTERS: Final = 100_000  # in one cell of a CSV


class Row(NamedTuple):
    """A row by its number in the file (a CSV counts lines) and its cells."""

    number: int
    cells: tuple[Cell, ...]


class Table(NamedTuple):
    """The rows that are not blank, and the name of the sheet (empty for a CSV)."""

    sheet: str
    rows: Iterator[Row]


def open_table(source: Source, sheet: str | None) -> Table:
    """Return the rows of a CSV, or of the named (else the first) sheet of a workbook.

    Raises:
        ValueRefusedError: the file is damaged or not what it seems, or has no such sheet; while the rows are read, also
            for a line that is no CSV.
    """
    if source.is_workbook:
        check_archive(source)
        return _open_sheet(source, sheet)
    return Table("", _without_blanks(_csv_rows(source)))


def _without_blanks(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if not all(map(is_blank, row.cells)))


def _csv_rows(source: Source) -> Iterator[Row]:
    text = _decoded(source)
    csv.field_size_limit(_MOST_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    first_line = 1
    try:
        for cells in reader:
            yield Row(first_line, tuple(cells))
            first_line = reader.line_num + 1
    except csv.Error:
        where = f"{source.name} 第 {first_line} 行"
        raise ValueRefusedError(
            "import.bad_csv", "CSV 格式有误,可能是引号不成对", hint="请用表格软件另存为 CSV", where=where
        ) from None


def _decoded(source: Source) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return source.content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueRefusedError(
        "import.encoding",
        "文件既不是 UTF-8 也不是 GB18030 编码",
        hint="请另存为 XLSX,或 UTF-8 编码的 CSV",
        where=source.name,
    )


def _open_sheet(source: Source, wanted: str | None) -> Table:
    values = _workbook(source, data_only=True)
    names = [
        sheet.title for sheet in values.worksheets if sheet.sheet_state == "visible" and sheet.title != NOTES_SHEET
    ]
    if not names or (wanted is not None and wanted not in values.sheetnames):
        raise ValueRefusedError(
            "import.no_sheet",
            f"文件里没有工作表{quoted(wanted)}" if wanted else "文件里没有可读的工作表",
            hint=f"现有:{'、'.join(values.sheetnames)}",
            where=source.name,
        )
    name = wanted or names[0]
    formulas = _workbook(source, data_only=False) if has_formulas(source) else None
    return Table(name, _without_blanks(_sheet_rows(source, name, values, formulas)))


def _workbook(source: Source, *, data_only: bool) -> Any:  # noqa: ANN401 - openpyxl's, imported late
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that do not concern the values
            return load_workbook(io.BytesIO(source.content), read_only=True, data_only=data_only, keep_links=False)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever a hostile part provokes, of no common class
        raise _damaged(source) from None


def _sheet_rows(source: Source, name: str, values: Any, formulas: Any) -> Iterator[Row]:  # noqa: ANN401 - openpyxl's
    with closing(values), closing(formulas or io.BytesIO()):
        try:
            computed = _cells_of(values, name)
            written = _cells_of(formulas, name) if formulas else repeat(())
            for number, (row, texts) in enumerate(zip(computed, written, strict=False), start=1):
                if number > _MOST_ROWS:
                    raise _damaged(source)
                cells = tuple(
                    _cell(cell, texts[index] if index < len(texts) else None)
                    for index, cell in enumerate(row[:_MOST_COLUMNS])
                )
                yield Row(number, cells)
        except (BadZipFile, SyntaxError, KeyError, AttributeError, TypeError, ValueError, IndexError, OSError):
            raise _damaged(source) from None


def _cells_of(workbook: Any, name: str) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - openpyxl's
    sheet = workbook[name]
    sheet.reset_dimensions()  # some programs write a wrong extent, and all but the first cell would be lost
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows()
    return rows


def _cell(cell: Any, written: Any) -> Cell:  # noqa: ANN401 - openpyxl's
    value = cell.value
    if cell.data_type == "e":
        return BadCell("cell.error", f"单元格是错误值“{value}”", "请改正公式,或按原件填写")
    if value is None and written is not None and written.data_type == "f":
        return BadCell("cell.not_computed", "单元格是没有算出结果的公式", "请在表格软件中打开并保存,或直接填写数值")
    match value:
        case bool() | int() | str() | None:
            return value
        case float():
            return Decimal(repr(value))  # the shortest text that means the same double is what was typed
        case datetime():
            return value.date()
        case date():
            return value
        case time_of_day():
            return BadCell("cell.time", f"单元格是时间 {value},不是日期", "请填写日期")
        case _:
            return BadCell("cell.unreadable", "单元格的内容读不出", "请按原件重新填写")


def _damaged(source: Source) -> ValueRefusedError:
    return ValueRefusedError(
        "import.damaged",
        "文件已损坏,或不是正常的 XLSX",
        hint="请在表格软件中打开后另存为新的 XLSX 或 CSV",
        where=source.name,
    )

"""An extract as an XLSX workbook: numbers as numbers, codes as text, the same bytes every time (XlsxWriter)."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from projections.extracts.shown import cell, foot, numeric

if TYPE_CHECKING:
    from projections.extracts.extract import Column, Extract

__all__ = ["workbook"]

_EXACT: Final = 10**15
"""Above so many fen a spreadsheet's numbers are no longer exact to the fen: they are written as text."""
_WIDEST: Final = 48
_NARROWEST: Final = 8


def workbook(extract: Extract) -> bytes:
    """Return the workbook: the notice on its first sheet, the meaning of its columns on the second."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - only where one is asked for

    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = datetime.combine(date.fromisoformat(extract.about["as_of"]), time(), UTC).replace(tzinfo=None)
    book.set_properties({"title": extract.title, "author": "", "created": day})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14, "align": "center"}),
        "head": book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"}),
        "text": book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"}),
        "fen": book.add_format({"border": 1, "num_format": "#,##0.00"}),
        "count": book.add_format({"border": 1, "num_format": "0"}),
    }
    _notice(book.add_worksheet("公告"), extract, styles)
    _dictionary(book.add_worksheet("栏目说明"), extract, styles)
    book.close()
    return buffer.getvalue()


def _notice(sheet: Any, extract: Extract, styles: dict[str, Any]) -> None:  # noqa: ANN401 - XlsxWriter has no types
    columns, last = extract.columns, len(extract.columns) - 1
    sheet.merge_range(0, 0, 0, max(last, 1), extract.title, styles["title"])
    for at, column in enumerate(columns):
        sheet.write_string(1, at, column.name, styles["head"])
        texts = [cell(column, line.values[column.key]) for line in extract.lines]
        widest = max((_width(each) for each in (column.name, *texts)), default=0)
        sheet.set_column(at, at, min(_WIDEST, max(_NARROWEST, widest + 2)))
    for row, line in enumerate(extract.lines, start=2):
        for at, column in enumerate(columns):
            _write(sheet, row, at, column, line.values[column.key], styles)
    row, totals = len(extract.lines) + 2, extract.totals
    if totals:
        sheet.write_string(row, 0, "合计", styles["head"])
        for at, column in enumerate(columns):
            if column.key in totals:
                _write(sheet, row, at, column, totals[column.key], styles)
        row += 1
    for number, sentence in enumerate(foot(extract)):
        sheet.write_string(row + number, 0, sentence)
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def _dictionary(sheet: Any, extract: Extract, styles: dict[str, Any]) -> None:  # noqa: ANN401 - as above
    kinds = {
        "fen": "金额,元",
        "count": "数量",
        "date": "日期",
        "code": "编号,文本",
        "percent": "百分比",
        "text": "文字",
    }
    sheet.write_row(0, 0, ("栏目", "键", "内容"), styles["head"])
    for row, column in enumerate(extract.columns, start=1):
        sheet.write_row(row, 0, (column.name, column.key, kinds[column.kind]), styles["text"])
    sheet.set_column(0, 2, 24)


def _write(  # noqa: PLR0917 - a cell is a place, a column and a value
    sheet: Any,  # noqa: ANN401 - as above
    row: int,
    at: int,
    column: Column,
    value: str | int | None,
    styles: dict[str, Any],
) -> None:
    if column.kind == "fen" and value is not None and abs(int(value)) < _EXACT:
        sheet.write_number(row, at, Decimal(int(value)) / 100, styles["fen"])
    elif column.kind == "count" and value is not None:
        sheet.write_number(row, at, int(value), styles["count"])
    else:
        sheet.write_string(row, at, cell(column, value), styles["fen"] if numeric(column) else styles["text"])


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)  # noqa: PLR2004 - where Han begins

"""Tables as a workbook: one sheet each, the head frozen, amounts as numbers where that is exact, all else as text.

The bytes depend on the tables alone: the same answer makes the same file.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output import Table

__all__ = ["workbook"]

_NUMBER: Final = re.compile(r"-?(\d{1,3}(,\d{3})*|\d+)(\.\d{1,6})?")
_EXACT_DIGITS: Final = 15  # what a spreadsheet keeps of a number; a longer one would come back as another
_WIDEST: Final = 60
_LONGEST_NAME: Final = 31
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def workbook(tables: Sequence[Table]) -> bytes:
    """Return the workbook with one sheet for each table that has a head; there is always at least one."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types

    buffer = io.BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"created": _EPOCH.replace(tzinfo=None)})
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        numbers = {
            places: book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
            for places in range(7)
        }
        for number, table in enumerate([each for each in tables if each.heads] or tables[:1], start=1):
            sheet = book.add_worksheet(_sheet_name(number, table))
            _fill(sheet, table, text, head, numbers)
    return buffer.getvalue()


def _fill(sheet: Any, table: Table, text: Any, head: Any, numbers: dict[int, Any]) -> None:  # noqa: ANN401 - xlsxwriter says nothing of its types
    line = 0
    for said in table.title.splitlines():
        sheet.write_string(line, 0, said, text)
        line += 1
    for column, label in enumerate(table.labels):
        sheet.write_string(line, column, label, head)
    if table.heads:
        line += 1
        sheet.freeze_panes(line, 0)
    for row in table.rows:
        for column, (cell, label) in enumerate(zip(row, table.heads, strict=True)):
            value = _exact_number(cell) if label.startswith(">") else None
            if value is None:
                sheet.write_string(line, column, cell, text)
            else:
                sheet.write_number(line, column, value, numbers[len(cell.partition(".")[2])])
        line += 1
    for note in table.notes:
        sheet.write_string(line, 0, note, text)
        line += 1
    for column, label in enumerate(table.labels):
        widest = max(_width(label), *(_width(row[column]) for row in table.rows), 8)
        sheet.set_column(column, column, min(widest, _WIDEST) + 2)


def _exact_number(cell: str) -> Any:  # noqa: ANN401 - a number as xlsxwriter takes it, or None
    """Return the number that a cell states where a spreadsheet keeps every digit of it, else None."""
    if not _NUMBER.fullmatch(cell) or sum(sign.isdigit() for sign in cell) > _EXACT_DIGITS:
        return None
    plain = cell.replace(",", "")
    return float(plain) if "." in plain else int(plain)


def _width(text: str) -> int:
    from cli.help import display_width

    return display_width(text)


def _sheet_name(number: int, table: Table) -> str:
    first = re.sub(r"[\[\]:*?/\\']", "", table.title.partition("\n")[0].partition("(")[0]).strip()
    return f"{number} {first}".strip()[:_LONGEST_NAME]

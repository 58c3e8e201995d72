"""Cells as calamine gives them, made cells of ours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.intake.cells import BadCell, Cell
from cli.intake.reader.book import Merge

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cell_of", "merges_of", "rows_of"]

_EXACT: Final = 2**53  # up to here a double that is whole is that whole number


def rows_of(sheet: Any) -> Iterator[tuple[int, list[Any]]]:  # noqa: ANN401 - calamine's, imported late
    """Yield the rows of a sheet with their Excel numbers, each from column A on; what is far to the right is kept."""
    start = sheet.start
    if start is None:
        return
    pad = [""] * start[1]
    for number, values in enumerate(sheet.iter_rows(), start=1):
        yield number, pad + values if pad else values


def cell_of(value: Any) -> Cell:  # noqa: ANN401 - whatever calamine returns
    """Return the cell; a number is the shortest decimal that means the same double: what was typed."""
    kind = type(value)
    if kind is str:
        return value or None
    if kind is float:
        return int(value) if value.is_integer() and abs(value) < _EXACT else Decimal(repr(value))
    match value:
        case bool() | int():
            return value
        case datetime():
            return value.date()
        case date():
            return value
        case time() | timedelta():
            return BadCell("cell.time", f"单元格是时间 {value},不是日期", "请填写日期")
        case _:
            return BadCell("cell.unreadable", "单元格的内容读不出", "请按原件重新填写")


def merges_of(sheet: Any) -> tuple[Merge, ...]:  # noqa: ANN401 - calamine's, imported late
    """Return the merged ranges of a sheet."""
    found = sheet.merged_cell_ranges or []
    return tuple(Merge(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in found)

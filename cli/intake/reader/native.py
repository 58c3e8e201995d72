"""Cells as calamine gives them, made cells of ours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.intake.cells import BadCell, Cell
from cli.intake.reader.book import Merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["cells_of", "merges_of", "rows_of"]

_EXACT: Final = 2**53  # up to here a double that is whole is that whole number


def rows_of(sheet: Any) -> Iterator[tuple[int, list[Any]]]:  # noqa: ANN401 - calamine's, imported late
    """Yield the rows of a sheet with their Excel numbers, each from column A on; what is far to the right is kept."""
    start = sheet.start
    if start is None:
        return
    pad = [""] * start[1]
    for number, values in enumerate(sheet.iter_rows(), start=1):
        yield number, pad + values if pad else values


def cells_of(values: Iterable[Any]) -> list[Cell]:
    """Return the cells of a row as calamine gives it; a number becomes the decimal that was typed."""
    return [(value or None) if type(value) is str else _cell_of(value) for value in values]


def _cell_of(value: Any) -> Cell:  # noqa: ANN401 - whatever calamine returns
    match value:
        case float():
            # The shortest decimal that means the same double is what was typed.
            return int(value) if value.is_integer() and abs(value) < _EXACT else Decimal(repr(value))
        case bool() | int() | str():
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

"""A workbook with one flat sheet for each view and a data dictionary: to be sorted, filtered and pivoted.

No formulas, no hidden rows, no pivot caches. The same content gives the same bytes. Money is in yuan, exact; an amount
beyond the fifteen digits that a spreadsheet can hold is written as text rather than rounded.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from projections.exports.dictionary import column_label, meaning
from projections.exports.views import VIEWS, columns_of, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from projections.exports.views import View
    from projections.scope import Scope

__all__ = ["write_workbook"]

_DICTIONARY: Final = "数据字典"
_CLOCK: Final = datetime(1980, 1, 1, tzinfo=UTC)
_EXACT_FEN: Final = 10**15
_WIDTH: Final = 16


def write_workbook(scope: Scope, path: Path) -> dict[str, int]:
    """Write the file and return the number of lines of each sheet."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - it has none; needed only here

    counted: dict[str, int] = {}
    with Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": scope.name(scope.area), "created": _CLOCK.replace(tzinfo=None)})
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(_DICTIONARY)
        lines = [("工作表", "列", "字段", "类型", "说明")]
        for view in VIEWS:
            lines.append((view.name, "", "", "", f"每行:{view.says}"))
            lines += [_described(view, name) for name in columns_of(view)]
        lines.append(("", "", "", "", f"截至 {scope.as_of},账本第 {scope.position} 号,根值 {scope.root}"))
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line, None if number else bold)
        for view in VIEWS:
            sheet = book.add_worksheet(view.name)
            names = columns_of(view)
            sheet.set_column(0, len(names) - 1, _WIDTH)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, [column_label(view.table, name) for name in names], bold)
            counted[view.name] = 0
            for number, row in enumerate(rows_of(scope, view), 1):
                for column, (name, value) in enumerate(zip(names, row, strict=True)):
                    _write(sheet, (number, column), name, value, money=money)
                counted[view.name] = number
            sheet.autofilter(0, 0, counted[view.name], len(names) - 1)
    return counted


def _write(sheet: Any, cell: tuple[int, int], name: str, value: Any, *, money: Any) -> None:  # noqa: ANN401 - a library without types
    if value is None or value == "":
        return
    if name.endswith("_fen"):
        yuan = Decimal(value) / 100
        if abs(value) < _EXACT_FEN:
            sheet.write_number(*cell, yuan, money)
        else:
            sheet.write_string(*cell, str(yuan))
    elif isinstance(value, int):
        sheet.write_number(*cell, value)
    else:
        sheet.write_string(*cell, value)


def _described(view: View, name: str) -> tuple[str, str, str, str, str]:
    return view.name, column_label(view.table, name), name, _kind(name), meaning(view.table, name).says


def _kind(name: str) -> str:
    if name.endswith("_fen"):
        return "金额(元)"
    return "日期" if name.endswith("_on") else "文字或整数"

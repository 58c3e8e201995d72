"""What ``xianjie import inspect`` shows: what each column was taken for, and the first rows as understood."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from cli.intake.cells import BadCell, is_blank
from cli.intake.columns import column_letter
from cli.intake.filling import Filling
from cli.intake.heads.names import UNIT_WORDS
from cli.intake.problems import HIDDEN, without_persons
from cli.intake.screening import Skipped, screened
from cli.intake.values import Values
from ledger.codes import FigureUnit
from ledger.dates import format_date
from ledger.errors import LedgerError
from ledger.money import format_yuan

if TYPE_CHECKING:
    from cli.intake.cells import Cell
    from cli.intake.opening import Opened
    from cli.intake.reader.book import Row

__all__ = ["ColumnShown", "Inspection", "RowShown", "inspect"]

_SHOWN_ROWS: Final = 5
_UNIT_NAMES: Final = {unit: name for name, unit in UNIT_WORDS.items()}


class ColumnShown(NamedTuple):
    """A column of the sheet: where, its head, the column it was taken for, how sure, the unit of its amounts."""

    letter: str
    head: str
    column: str
    confidence: str
    unit: str


class RowShown(NamedTuple):
    """A row as it is understood: its values by column, and what is wrong with it."""

    row: int
    values: dict[str, str]
    problems: list[str]


class Inspection(NamedTuple):
    """Everything that is shown of a sheet."""

    columns: list[ColumnShown]
    rows: list[RowShown]
    skipped: list[Skipped]


def inspect(opened: Opened) -> Inspection:
    """Look at a sheet's columns and its first rows.

    Raises:
        ValueRefusedError: the rows cannot be read at all.
    """
    columns = [
        ColumnShown(
            column_letter(found.index),
            _harmless(found.head),
            found.column.head,
            found.confidence,
            (_UNIT_NAMES[found.unit] if found.unit else "没有写明") if found.column.money else "",
        )
        for found in opened.layout.found
    ]
    columns += [
        ColumnShown(column_letter(at), _harmless(head), "", "不读入", "") for at, head in opened.layout.ignored.items()
    ]
    columns += [
        ColumnShown(column_letter(at), _harmless(head), "", "不认识", "") for at, head in opened.layout.unknown.items()
    ]
    skipped: list[Skipped] = []
    values, filling = Values(opened), Filling(opened)
    entries = (row for row, total in screened(opened, skipped) if not total)
    rows = [_shown(opened, values, filling.filled(row)) for row in islice(entries, _SHOWN_ROWS)]
    return Inspection(columns, rows, skipped)


def _shown(opened: Opened, values: Values, row: Row) -> RowShown:
    try:
        read, wrong = values.of(row)
    except LedgerError as error:
        read, wrong = {}, [("", error)]
    shown = {}
    for found in opened.layout.found:
        cell = row.cells[found.index] if found.index < len(row.cells) else None
        value = read.get(found.column.field)
        if isinstance(value, dict):  # a figure as it is printed
            shown[found.column.head] = f"{value['value']} {FigureUnit(value['unit']).zh}"
        elif found.column.money and isinstance(value, int):
            shown[found.column.head] = f"{format_yuan(value)} 元"
        elif isinstance(value, date):
            shown[found.column.head] = format_date(value)
        elif found.column.choices or not isinstance(value, str):
            shown[found.column.head] = values.meaning(found.column, _as_written(cell))
        else:
            shown[found.column.head] = value
    problems = [f"{place} {error.message}".strip() for place, error in wrong]
    return RowShown(
        row.number, {head: _harmless(text) for head, text in shown.items()}, [_harmless(each) for each in problems]
    )


def _harmless(text: str) -> str:
    return without_persons(text, HIDDEN)


def _as_written(cell: Cell) -> str:
    match cell:
        case BadCell():
            return cell.message
        case date():
            return format_date(cell)
        case _:
            return "" if is_blank(cell) else str(cell)

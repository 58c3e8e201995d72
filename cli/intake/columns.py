"""The columns of a kind of sheet, and finding them in a head row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cli.intake.cells import as_text, is_blank
from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError
from ledger.money import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cli.intake.cells import Cell
    from cli.intake.tables import Row

__all__ = ["Column", "Found", "column_letter", "find_columns"]

_UNITS: Final = {"元": Unit.YUAN, "万元": Unit.WAN}
_MONEY_HEAD: Final = re.compile(r"(?P<name>.+)\((?P<unit>元|万元)\)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, the field of the command that it fills, and how a cell of it is read.

    ``read`` gets the cell and, for money, the unit of the head. ``choices`` are offered in the template.
    """

    head: str
    field: str
    read: Callable[[Cell, Unit], Any]
    required: bool = False
    money: bool = False
    code: bool = False
    choices: tuple[str, ...] = ()
    note: str = ""

    @property
    def template_head(self) -> str:
        """The head as the template writes it; money says its unit."""
        return f"{self.head}(元)" if self.money else self.head


@dataclass(frozen=True, slots=True)
class Found:
    """A column as it stands in a file: where, under which words, in which unit."""

    column: Column
    index: int
    head: str
    unit: Unit

    @property
    def where(self) -> str:
        """How a message names the column."""
        return f"{column_letter(self.index)} 列“{self.head}”"


def find_columns(columns: Sequence[Column], row: Row) -> list[Found]:
    """Return the columns of a head row.

    Raises:
        ValueRefusedError: a head is unknown or doubled, or a required column is missing; all of them are named.
    """
    by_head = {column.head: column for column in columns}
    found: dict[str, Found] = {}
    unknown: list[str] = []
    for index, cell in enumerate(row.cells):
        if is_blank(cell):
            continue
        head = re.sub(r"\s+", "", half_width(as_text(cell)))
        money = _MONEY_HEAD.fullmatch(head)
        column = by_head.get(money["name"] if money else head)
        if column is None or column.money != bool(money):
            unknown.append(f"{column_letter(index)} 列{quoted(head)}")
        elif column.head in found:
            raise _refused("import.column_doubled", f"列“{head}”出现了两次", columns)
        else:
            found[column.head] = Found(column, index, head, _UNITS[money["unit"]] if money else Unit.YUAN)
    missing = [column.template_head for column in columns if column.required and column.head not in found]
    if unknown or missing:
        parts = [f"缺少列:{'、'.join(missing)}"] if missing else []
        parts += [f"不认识的列:{'、'.join(unknown)}"] if unknown else []
        raise _refused("import.columns", f"列名不对:{';'.join(parts)}", columns)
    return list(found.values())


def column_letter(index: int) -> str:
    """Return the letters of a spreadsheet for the column with this index, counted from 0."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _refused(code: str, message: str, columns: Sequence[Column]) -> ValueRefusedError:
    heads = "、".join(column.template_head for column in columns)
    return ValueRefusedError(code, message, hint=f"首行应为列名:{heads};可用 xianjie import template 生成模板")

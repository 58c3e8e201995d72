"""The columns of a kind of sheet, and where they stand in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.intake.cells import Cell
    from ledger.money import Unit

__all__ = ["Column", "Found", "column_index", "column_letter"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, the field of the command that it fills, and how a cell of it is read.

    ``read`` gets the cell and, for money, its unit. ``choices`` are offered in the template. In a column of days a bare
    number is a day as spreadsheets count them. Of an amount, a day or a ``sparse`` column a dash says nothing.
    """

    head: str
    field: str
    read: Callable[[Cell, Unit], Any]
    required: bool = False
    money: bool = False
    code: bool = False
    choices: tuple[str, ...] = ()
    note: str = ""
    day: bool = False
    sparse: bool = False

    @property
    def template_head(self) -> str:
        """The head as the template writes it; money says its unit."""
        return f"{self.head}(元)" if self.money else self.head


@dataclass(frozen=True, slots=True)
class Found:
    """A column as it stands in a file: where, under which words, in which unit (None: none is stated), how sure."""

    column: Column
    index: int
    head: str
    unit: Unit | None
    confidence: str

    @property
    def where(self) -> str:
        """How a message names the column."""
        return f"{column_letter(self.index)} 列“{self.head}”"


def column_letter(index: int) -> str:
    """Return the letters of a spreadsheet for the column with this index, counted from 0."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the index, counted from 0, of the column that a spreadsheet names by these letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1

"""What every format gives: a book of sheets, and the rows of one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cli.intake.cells import Cell, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Book", "Facts", "Merge", "Row", "SheetName", "Table", "without_blanks"]


class Row(NamedTuple):
    """A row by its number in the file, as Excel shows it (a CSV counts lines), and its cells from column A on."""

    number: int
    cells: tuple[Cell, ...]


class Merge(NamedTuple):
    """A merged range: rows count from 1 as in Excel, columns from 0; both ends belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class SheetName(NamedTuple):
    """A sheet of a book, and whether people see it."""

    name: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sheet has beside its cells; ``from_1904``: its day numbers count from 1904."""

    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    from_1904: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name (empty for a CSV), its rows that are not blank, and its facts."""

    sheet: str
    rows: Iterator[Row]
    facts: Facts = field(default_factory=Facts)


class Book(Protocol):
    """A file of one or more sheets."""

    @property
    def sheets(self) -> tuple[SheetName, ...]:
        """All sheets in their order."""

    def table(self, name: str) -> Table:
        """Return one sheet. Raises ValueRefusedError when it is damaged or hostile."""


def without_blanks(rows: Iterable[Row]) -> Iterator[Row]:
    """Pass on the rows in which something is filled in."""
    return (row for row in rows if not all(map(is_blank, row.cells)))

"""The rows of a page: each cell as it is printed, with what a reader can compare it with.

Pages end at a number of lines and of entries (an entry is about 1 kB); a longer notice has several, each with its own
proofs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from projections.extracts.shown import table
from projections.site.pages import Cell, Summed, file_name
from projections.site.proofs import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.extracts.extract import Extract, Line, Told

__all__ = ["Row", "cells_of", "pages_of", "rows_of", "summands_of", "told_in"]

_LINES: Final = 500
_ENTRIES: Final = 1_000
_CARDS: Final = {"project": "projects", "asset": "assets"}


class Row(NamedTuple):
    """The cells of a line, and what all of them are about: its kind and code, ``project P`` for one."""

    cells: list[Cell]
    thing: str


def rows_of(extract: Extract, codes: Mapping[str, frozenset[str]]) -> list[Row]:
    """Return the rows of a notice; codes of things that have cards (``codes``, by kind) lead to them."""
    return [
        Row(list(cells_of(extract, line, texts, codes)), " ".join(line.thing))
        for line, texts in zip(extract.lines, table(extract), strict=True)
    ]


def cells_of(extract: Extract, line: Line, texts: Sequence[str], codes: Mapping[str, frozenset[str]]) -> Iterator[Cell]:
    """Yield the cells of one line."""
    for column, text in zip(extract.columns, texts, strict=True):
        kind = "project" if column.key == "receiver" else column.key
        known = kind in _CARDS and text in codes[kind]
        summed = None
        if column.measure and column.key in line.parts:
            summed = Summed(column.measure, column.level, line.thing[1], tuple(line.parts[column.key]))
        href = f"{_CARDS[kind]}/{file_name(text)}.html" if known else ""
        yield Cell(text, href, line.source_of(column), summed)


def pages_of(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows of each page, one page at least."""
    here: list[Row] = []
    held: set[int] = set()
    for row in rows:
        own = entries_of(told_in([row])) | set(summands_of([row]))
        if here and (len(here) == _LINES or len(held | own) > _ENTRIES):
            yield here
            here, held = [], set()
        here.append(row)
        held |= own
    yield here


def told_in(rows: Sequence[Row]) -> list[Told]:
    """Return where the cells of the rows are told."""
    return [cell.told for row in rows for cell in row.cells if cell.told]


def summands_of(rows: Sequence[Row]) -> list[int]:
    """Return the positions of the entries that the cells of the rows add up."""
    return [at for row in rows for cell in row.cells if cell.sum for at in cell.sum.parts]

"""Finding the head of a table: titles stand above it, and often it has two levels."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cli.intake.cells import is_blank
from cli.intake.heads.names import other_unit_in, plain, split_unit, unit_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cli.intake.reader.book import Merge, Row
    from ledger.money import Unit

__all__ = ["FIRST_ROWS", "Head", "find_head"]

FIRST_ROWS: Final = 12
_VALUE: Final = re.compile(r"[0-9.,%年月日/:-]+")


@dataclass(frozen=True, slots=True)
class Head:
    """A head as it stands in a sheet.

    ``names`` are the plain names of the columns from A on, levels joined with ``/``, empty where none stands;
    ``title_unit`` is the unit of money that a row above states, ``other_unit`` its words where they are none that is
    counted in; ``score`` is how many columns are known.
    """

    first: int
    last: int
    names: tuple[str, ...]
    title_unit: Unit | None
    other_unit: str
    score: int

    @property
    def signature(self) -> str:
        """What is equal for every sheet with these columns in this order."""
        return hashlib.sha256("\n".join(self.names).encode()).hexdigest()[:16]


def find_head(rows: Sequence[Row], merges: Iterable[Merge], knows: Callable[[str], bool]) -> Head | None:
    """Return the head among the first rows (those that are not blank), or None when there are no rows.

    The row, or pair of rows below each other, with the most known names wins; of equals a pair that the sheet itself
    shows to be one, then the one with more units, fewer levels, and further up. Where cells are merged over a row and
    the one below it, neither alone is a head, however many of its names are known. ``knows`` says whether a name
    without its unit is one of a known column.
    """
    best: tuple[tuple[int, bool, int, int], Head] | None = None
    joined = {merge.first_row for merge in merges if merge.last_row == merge.first_row + 1}
    for index, row in enumerate(rows[:FIRST_ROWS]):
        if not _may_be_head(row):
            continue
        below = rows[index + 1] if index + 1 < len(rows) else None
        candidates: list[tuple[Row, ...]] = [(row,)]
        apart = below is None or below.number != row.number + 1 or below.number in joined
        if below is not None and not apart and _may_be_head(below):
            candidates.append((row, below))
        if row.number in joined:
            candidates = candidates[-1:]  # the sheet itself says that its head has two levels
        for levels in candidates:
            names = _joined(levels)
            split = [split_unit(name) for name in names if name]
            known = _count(names, knows)
            paired = len(levels) > 1 and (row.number in joined or _levels_of_one(levels, knows))
            rank = known, paired, sum(unit is not None for _, unit in split), -len(levels)
            if best is None or rank > best[0]:
                best = rank, Head(levels[0].number, levels[-1].number, names, *_unit_above(rows[:index]), known)
    if best is None and rows:
        row = rows[0]
        return Head(row.number, row.number, tuple(_text(cell) for cell in row.cells), None, "", 0)
    return best[1] if best else None


def _may_be_head(row: Row) -> bool:
    """Say whether a row holds names only: text, and no numbers or days."""
    filled = [cell for cell in row.cells if not is_blank(cell)]
    return all(isinstance(cell, str) and not _VALUE.fullmatch(plain(cell)) for cell in filled)


def _count(names: Iterable[str], knows: Callable[[str], bool]) -> int:
    return len({bare for bare in (split_unit(name)[0] for name in names if name) if knows(bare)})


def _levels_of_one(levels: Sequence[Row], knows: Callable[[str], bool]) -> bool:
    """Say whether the upper row has names, as a title has not, and the lower only names or names in its gaps.

    An entry fills no column under a gap of its head.
    """
    upper, lower = ([_text(cell) for cell in row.cells] for row in levels)
    gaps = {index for index, name in enumerate(upper) if not name}
    fills_gap = any(name and index in gaps for index, name in enumerate(lower))
    return _count(upper, knows) > 1 and (fills_gap or all(knows(split_unit(name)[0]) for name in lower if name))


def _joined(levels: Sequence[Row]) -> tuple[str, ...]:
    top = [_text(cell) for cell in levels[0].cells]
    if len(levels) == 1:
        return tuple(top)
    bottom = [_text(cell) for cell in levels[1].cells]
    width = max(len(top), len(bottom))
    top += [""] * (width - len(top))
    bottom += [""] * (width - len(bottom))
    names = []
    above = ""  # the name over several columns stands in the first of them
    for upper, lower in zip(top, bottom, strict=True):
        if upper:
            above = upper if lower else ""
        name = f"{above}/{lower}" if above and lower and above != lower else upper or lower
        names.append(name)
    return tuple(names)


def _unit_above(rows: Sequence[Row]) -> tuple[Unit | None, str]:
    """Return the unit that stands nearest above the head, or the words of one that is not counted in."""
    for row in reversed(rows):
        for cell in row.cells:
            if not isinstance(cell, str):
                continue
            unit, other = unit_in(cell), other_unit_in(cell)
            if unit is not None or other:
                return unit, other
    return None, ""


def _text(cell: object) -> str:
    return plain(cell) if isinstance(cell, str) else ""

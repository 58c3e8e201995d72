"""Rows below the head that are no entries: totals, notes, numbered columns, the head printed again on the next page.

Nor is a row that was numbered and not filled in. They are told, never taken in and never dropped without a word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from cli.intake.cells import is_blank
from cli.intake.heads.names import plain, split_unit, words
from cli.intake.problems import HIDDEN, without_persons
from cli.intake.totals import total_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cli.intake.cells import Cell
    from cli.intake.opening import Opened
    from cli.intake.reader.book import Row

__all__ = ["Skipped", "screened"]

_STEMS: Final = re.compile(r"[甲乙丙丁戊己庚辛壬癸]")
_FEWEST_NUMBERS: Final = 2


class Skipped(NamedTuple):
    """A row that is no entry: its number in Excel, what it is (合计, 说明, 栏次, 表头, 只有序号的), its text."""

    row: int
    what: str
    text: str


def screened(opened: Opened, skipped: list[Skipped]) -> Iterator[tuple[Row, str]]:
    """Yield the rows that are entries, and the totals with their word; all that are no entries go to ``skipped``."""
    first = True
    names = frozenset(part for name in opened.head.names for part in _parts(name))
    counting = {index for index, head in opened.layout.ignored.items() if head in words()["counting"]}
    for row in opened.rows:
        if counting and _only_counted(row.cells, counting):
            skipped.append(Skipped(row.number, "只有序号的", ""))
            continue
        word = total_word(row.cells) if opened.kind.totals else ""
        what = "合计" if word else _what(row.cells, names, first=first)
        if what:
            text = " ".join(str(cell) for cell in row.cells if not is_blank(cell))
            skipped.append(Skipped(row.number, what, without_persons(text, HIDDEN)[:80]))
        if what not in {"", "合计"}:
            continue
        first = False
        yield row, word


def _only_counted(cells: Sequence[Cell], counting: Collection[int]) -> bool:
    return all(
        is_blank(cell) or (index in counting and (type(cell) is not str or plain(cell).strip("()、.").isnumeric()))
        for index, cell in enumerate(cells)
    )


def _what(cells: Sequence[Cell], names: frozenset[str], *, first: bool) -> str:
    if not first and any(cell is not None and type(cell) is not str for cell in cells):
        return ""  # notes and heads are words alone
    filled = [cell for cell in cells if not is_blank(cell)]
    if len(filled) == 1 and isinstance(filled[0], str) and plain(filled[0]).startswith(tuple(words()["notes"])):
        return "说明"
    if first and _is_numbering([plain(str(cell)) for cell in filled]):
        return "栏次"
    if len(filled) < _FEWEST_NUMBERS or not all(isinstance(cell, str) for cell in filled):
        return ""
    return "表头" if all(plain(str(cell)) in names for cell in filled) else ""


def _parts(name: str) -> Iterator[str]:
    """Yield what a head with several levels may have been joined from."""
    levels = name.split("/")
    for start in range(len(levels)):
        yield levels[start]
        yield "/".join(levels[start:])
    yield split_unit(name)[0]


def _is_numbering(texts: list[str]) -> bool:
    """Say whether the cells count the columns: 1 2 3, (1) (2), 甲 乙 1 2."""
    numbers = [text.strip("()栏") for text in texts if not _STEMS.fullmatch(text)]
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    return len(numbers) >= _FEWEST_NUMBERS and numbers == counted

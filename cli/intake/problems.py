"""What of a file cannot be taken in: each place with its reason and what to do, and all of them together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.characters import quoted
from ledger.dates import format_date
from ledger.errors import ValueRefusedError
from ledger.privacy import refuse_personal_data

if TYPE_CHECKING:
    from cli.intake.cells import Cell
    from ledger.errors import LedgerError

__all__ = ["HIDDEN", "Problem", "Problems", "shown", "without_persons"]

_MOST_KEPT: Final = 20_000
HIDDEN: Final = "(含个人信息,不显示)"
"""What is shown instead of a text that carries an identity or mobile number."""


class Problem(NamedTuple):
    """One thing in a file that cannot be taken in; ``value`` is what stands there, unless it is of a person."""

    file: str
    sheet: str
    row: int
    column: str
    code: str
    message: str
    hint: str
    rule: str = ""
    value: str = ""

    @property
    def where(self) -> str:
        """The place as a message names it."""
        sheet = f",工作表“{self.sheet}”" if self.sheet else ""
        column = f",{self.column}" if self.column else ""
        return f"{self.file}{sheet},第 {self.row} 行{column}"


class Problems:
    """Collects problems: all are counted, the first 20,000 kept."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self.count = 0

    def take(self, problem: Problem, _error: LedgerError | None = None) -> None:
        """Take one more, in whichever order they are met."""
        self.count += 1
        if len(self._kept) < _MOST_KEPT:
            self._kept.append(problem)

    @property
    def kept(self) -> list[Problem]:
        """The problems in the order of their rows."""
        return sorted(self._kept, key=lambda each: each.row)

    @property
    def in_words(self) -> str:
        """How many there are, and whether some are not kept."""
        return f"{self.count} 处" + (f"(只列出前 {_MOST_KEPT} 处)" if self.count > len(self._kept) else "")


def shown(cell: Cell) -> str:
    """Return what a cell holds as one line for people, without anything that is of a person."""
    match cell:
        case str() | bool() | int():
            text = quoted(cell)[1:-1]
        case Decimal():
            text = f"{cell:f}"
        case date():
            text = format_date(cell)
        case _:
            return ""
    return without_persons(text, HIDDEN)


def without_persons(text: str, instead: str) -> str:
    """Return a text, or what stands for it where it carries an identity or mobile number."""
    try:
        return refuse_personal_data(text)
    except ValueRefusedError:
        return instead

"""What a kind of sheet is made of: its columns, how their cells are read, and the commands that rows become."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from cli.intake.cells import as_code, as_day, as_line, as_money, as_text, as_whole, as_year, as_yes_no
from cli.intake.columns import Column
from ledger.characters import half_width, quoted
from ledger.codes import Code, parse_code
from ledger.domain.command import AreaRef, Command, Ident, Line, Prose
from ledger.errors import ValueRefusedError
from ledger.shares import parse_share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cli.intake.cells import Cell
    from ledger.money import Unit

__all__ = [
    "Across",
    "Group",
    "Kind",
    "Step",
    "area_column",
    "code_column",
    "day_column",
    "flag_column",
    "ident_column",
    "line_column",
    "money_column",
    "prose_column",
    "read_idents",
    "read_number",
    "read_share",
    "step_column",
    "typed",
    "whole_column",
    "word_column",
    "year_column",
]

_MOST_LINE: Final = 200
_MOST_PROSE: Final = 2000


@dataclass(frozen=True, slots=True)
class Step:
    """A command that a row can become, and fields that it calls by another name than the column."""

    model: type[Command]
    rename: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """How rows that follow one another become one command: those equal in ``by``, at most ``most`` of them.

    The fields of ``members`` (column field to member field) of each row make one entry of the command's ``into``.
    """

    by: tuple[str, ...]
    into: str
    members: Mapping[str, str]
    most: int = 10_000


@dataclass(frozen=True, slots=True)
class Across:
    """How the cells of one row become entries of one command's ``into``: those of columns whose field begins with it.

    What follows the dot is the entry's ``member``, the cell its other fields; the fields of ``each`` go into all.
    """

    into: str
    member: str
    each: tuple[str, ...] = ()

    def merged(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a row with the entries gathered."""
        prefix = f"{self.into}."
        shared = {name: values[name] for name in self.each if name in values}
        entries = [
            {self.member: name.removeprefix(prefix), **value, **shared}
            for name, value in values.items()
            if name.startswith(prefix)
        ]
        rest = {name: value for name, value in values.items() if not (name in shared or name.startswith(prefix))}
        return {**rest, self.into: entries}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet.

    ``steps`` maps the words of the column ``step`` to commands; a kind with a single command has it under "". Rows are
    also known by a member of their entries where ``known_by`` names the list and the member. ``totals`` says that a row
    of 合计 is a control total; in tables of what was published it is a figure like the others.
    """

    name: str
    zh: str
    columns: tuple[Column, ...]
    steps: Mapping[str, Step]
    group: Group | None = None
    across: Across | None = None
    known_by: tuple[str, str] | None = None
    totals: bool = True
    notes: tuple[str, ...] = ()


def typed(kind: Any) -> Callable[[Cell, Unit], Any]:  # noqa: ANN401 - an annotated type of ledger.domain.command
    """Return a reader of text that a command's own type checks, so that a refusal has a column."""
    check = TypeAdapter(kind).validator.validate_python
    read_text = {Prose: as_text, Line: as_line}.get(kind, as_code)

    def read(cell: Cell, _unit: Unit) -> str:
        try:
            return str(check(read_text(cell)))
        except ValidationError:
            most = _MOST_PROSE if kind is Prose else _MOST_LINE
            raise ValueRefusedError("cell.too_long", "单元格的文字太长", hint=f"请缩短到 {most} 字以内") from None

    return read


def coded(codes: type[Code]) -> Callable[[Cell, Unit], str]:
    """Return a reader of a word of a code list."""
    return lambda cell, _unit: parse_code(codes, as_line(cell)).value


def word(words: Mapping[str, str]) -> Callable[[Cell, Unit], str]:
    """Read one of a few words, by the Chinese (the key) or the code it stands for."""

    def read(cell: Cell, _unit: Unit) -> str:
        text = as_line(cell)
        for zh, code in words.items():
            if text in (zh, code):
                return code
        raise ValueRefusedError("cell.not_in_list", f"{quoted(text)}不在可选值之内", hint=f"可填:{'、'.join(words)}")

    return read


def read_idents(cell: Cell, _unit: Unit) -> tuple[str, ...]:
    """Read several codes, parted by 、, commas, semicolons or line breaks."""
    adapter: TypeAdapter[str] = TypeAdapter(Ident)
    parts = half_width(as_text(cell)).replace(";", "、").replace(",", "、").replace("\n", "、").split("、")
    return tuple(adapter.validate_python(part.strip()) for part in parts if part.strip())


def read_number(cell: Cell, _unit: Unit) -> str:
    """Read an exact number as its digits, whether the sheet has it as a number or as text."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return as_text(cell)


def read_share(cell: Cell, _unit: Unit) -> str:
    """Read a share as written; the command keeps it exact."""
    text = as_text(cell)
    parse_share(text)
    return text


def names_of(codes: type[Code]) -> tuple[str, ...]:
    """Return the Chinese names of a code list, to choose from."""
    return tuple(member.zh for member in codes)


def ident_column(head: str, name: str, *, required: bool = True, note: str = "") -> Column:
    """Return a column of codes that a bureau gives; text format keeps their digits."""
    return Column(head, name, typed(Ident), required, code=True, note=note)


def line_column(head: str, name: str, *, required: bool = False, note: str = "") -> Column:
    """Return a column of one line of text."""
    return Column(head, name, typed(Line), required, note=note)


def prose_column(head: str, name: str) -> Column:
    """Return a column of longer text."""
    return Column(head, name, typed(Prose))


def whole_column(head: str, name: str, note: str = "") -> Column:
    """Return a column of whole numbers that are not negative."""
    return Column(head, name, lambda cell, _unit: as_whole(cell), note=note)


def area_column(head: str, name: str = "area") -> Column:
    """Return a column of county codes."""
    return Column(head, name, typed(AreaRef), required=True, code=True, note="六位区划代码")


def day_column(head: str, name: str = "on", *, required: bool = True, note: str = "如 2022-04-08") -> Column:
    """Return a column of days."""
    return Column(head, name, lambda cell, _unit: as_day(cell), required, note=note, day=True)


def money_column(head: str, name: str = "amount_fen", *, required: bool = True, note: str = "") -> Column:
    """Return a column of amounts; its head in a file says the unit."""
    return Column(head, name, as_money, required, money=True, note=note or "列名写明单位:(元)或(万元);精确到分")


def year_column(head: str, name: str, *, required: bool = True) -> Column:
    """Return a column of plan years."""
    return Column(head, name, lambda cell, _unit: as_year(cell), required, note="四位年份")


def code_column(head: str, name: str, codes: type[Code], *, required: bool = False, note: str = "") -> Column:
    """Return a column with the words of a code list."""
    return Column(head, name, coded(codes), required, choices=names_of(codes), note=note)


def flag_column(head: str, name: str, note: str) -> Column:
    """Return a column of 是 and 否."""
    return Column(head, name, lambda cell, _unit: as_yes_no(cell), choices=("是", "否"), note=note)


def word_column(head: str, name: str, words: Mapping[str, str], *, required: bool = False, note: str = "") -> Column:
    """Return a column with one of a few words, given as codes with their Chinese."""
    by_name = {zh: code for code, zh in words.items()}
    return Column(head, name, word(by_name), required, choices=tuple(by_name), note=note)


def step_column(head: str, steps: Mapping[str, Step]) -> Column:
    """Return the column that says which command a row becomes."""
    return Column(head, "step", word({name: name for name in steps}), required=True, choices=tuple(steps))

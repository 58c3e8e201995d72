"""From the rows of a file to commands, one at a time, with every problem located: file, sheet, row, column.

``Reading`` is a stream: the ledger takes commands from it while they are read, and ``where`` always tells the rows of
the command it took last. What cannot be read goes to ``on_problem``, which raises or collects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cli.intake.entries import Entries, Entry, Wrong
from cli.intake.heads.profiles import Profile
from cli.intake.known import content_of, key_fields, key_of
from cli.intake.opening import Opened, open_sheet
from cli.intake.problems import Problem, shown, without_persons
from cli.intake.totals import Totals
from cli.placing import field_of
from ledger.errors import LedgerError
from ledger.events import ImportedRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from cli.intake.cells import Cell
    from cli.intake.kind import Kind
    from cli.intake.screening import Skipped
    from cli.intake.source import Source
    from ledger.domain.command import Command

__all__ = ["Defaults", "Reading"]

_PLAIN: Final = "金额"  # what the amounts are summed under where a kind has no steps


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the flags of the command line say for rows that leave it empty."""

    on: date | None = None
    document: str = ""
    reason: str = ""


@dataclass(slots=True)
class Reading:
    """One pass over a file as a stream of commands."""

    source: Source
    kind: Kind
    sheet: str | None
    defaults: Defaults
    on_problem: Callable[[Problem, LedgerError], None]
    profile: Profile = field(default_factory=Profile)
    opened: Opened | None = None
    amounts_fen: dict[str, int] = field(default_factory=dict)
    """The sums of the amounts of the commands, in fen, by step: what is released and what is paid do not add up."""
    _entries: Entries | None = None
    _last: Entry | None = None
    _keys: tuple[str, ...] = ()
    _by_default: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows were entries, when the last of them was read."""
        return self._entries.rows if self._entries else 0

    @property
    def skipped(self) -> list[Skipped]:
        """The rows that are no entries: totals, notes, numbered lines, heads printed again."""
        return self._entries.skipped if self._entries else []

    @property
    def totals(self) -> Totals:
        """What the sheet's own totals rows say, compared with its entries when the last of them was read."""
        return self._entries.totals if self._entries else Totals(())

    @property
    def where(self) -> str:
        """The rows of the command that was given out last."""
        sheet = self.opened.sheet if self.opened else ""
        place = f"{self.source.name}{f',工作表“{sheet}”' if sheet else ''}"
        first, last = (self._last.first, self._last.last) if self._last else (0, 0)
        return f"{place},第 {first} 行" if first == last else f"{place},第 {first}-{last} 行"

    @property
    def last_row(self) -> ImportedRow:
        """What to remember of the command that was given out last, by its first row.

        Defaults belong to it as the cells do, but the day of the import does not: the same file may come again.
        """
        last = self._given_last()
        said = self._by_default | last.values
        key = key_of(self._keys, said, self.kind.known_by)
        return ImportedRow(number=last.first, key=key, content=content_of(said))

    def take_back(self) -> None:
        """Count out the amount of the command that was given out last: it will not be recorded."""
        last = self._given_last()
        if last.fen:
            self.amounts_fen[last.step or _PLAIN] -= last.fen

    def refuse_last(self, error: LedgerError) -> Problem:
        """Count out the command that was given out last, which the ledger refused; return that as a problem."""
        self.take_back()
        return self._problem(self._given_last().first, "", error)

    def problem_at(self, row: int, error: LedgerError) -> Problem:
        """Return what the rules say against a row as a problem, at the column that it is about where one can tell."""
        field = field_of(error)
        found = self.opened.layout.found if self.opened else ()
        return self._problem(row, next((each.where for each in found if each.column.field == field), ""), error)

    def open(self) -> Opened:
        """Open the sheet, once: its head is known then, and nothing below it is read yet.

        Raises:
            ValueRefusedError: the file or its head cannot be read.
        """
        if self.opened is None:
            opened = open_sheet(self.source, self.kind, self.sheet, self.profile)
            opened.check()
            self.opened = opened
        return self.opened

    def commands(self) -> Iterator[Command]:
        """Yield the commands in the order of the rows.

        Raises:
            ValueRefusedError: the file or its head row cannot be read, or ``on_problem`` raises.
        """
        opened = self.open()
        given = {"document": self.defaults.document, "on": self.defaults.on, "reason": self.defaults.reason}
        by_default = {name: value for name, value in given.items() if value}
        remembered = {"document", "on"} if any(each.field == "on" for each in self.kind.columns) else {"document"}
        self._by_default = {name: value for name, value in by_default.items() if name in remembered}
        self._keys = key_fields(self.kind)
        self._entries = Entries(opened, self.kind, by_default)
        for each in self._entries:
            if isinstance(each, Wrong):
                for place, error in each.errors:
                    self.on_problem(self._problem(each.row, place, error, each.cells), error)
                continue
            self._last = each
            if isinstance(each.command, LedgerError):
                self.on_problem(self._located(each.command, each), each.command)
                continue
            # Counted here, where it is given out: the totals are those of what would be recorded.
            if each.fen:
                name = each.step or _PLAIN
                self.amounts_fen[name] = self.amounts_fen.get(name, 0) + each.fen
            yield each.command

    def _given_last(self) -> Entry:
        assert self._last is not None  # nothing is asked of a command before one was given out  # noqa: S101 - says so
        return self._last

    def _located(self, error: LedgerError, entry: Entry) -> Problem:
        step, found = self.kind.steps[entry.step], self.open().layout.found
        back = {new: old for old, new in step.rename.items()}
        # holders.0.share is what the column of shares says: the field, else the member of an entry of it.
        named = (error.where.partition(".")[0], error.where.rpartition(".")[2])
        fields = {column.field: column for column in self.kind.columns}
        column = next((fields[name] for each in named if (name := back.get(each, each)) in fields), None)
        if column is None:
            return self._problem(entry.first, "", error)
        place = next((each.where for each in found if each.column is column), f"列“{column.template_head}”")
        error.message = error.message.replace(error.where, column.head, 1)
        return self._problem(entry.first, place, error, entry.cells)

    def _problem(self, row: int, column: str, error: LedgerError, cells: tuple[Cell, ...] = ()) -> Problem:
        found = self.opened.layout.found if self.opened else ()
        index = next((each.index for each in found if each.where == column), None)
        value = "" if index is None or index >= len(cells) else shown(cells[index])
        message = without_persons(error.message, "内容不合要求,并且含有个人信息")
        said = (error.code, message, error.hint, error.rule)
        return Problem(self.source.name, self.opened.sheet if self.opened else "", row, column, *said, value)

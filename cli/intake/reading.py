"""From the rows of a file to commands, one at a time, with every problem located: file, sheet, row, column.

``Reading`` is a stream: the ledger takes commands from it while they are read, and ``where`` always tells the rows of
the command it took last. What cannot be read goes to ``on_problem``, which raises or collects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.intake.filling import Filling
from cli.intake.heads.profiles import Profile
from cli.intake.known import content_of, key_of
from cli.intake.opening import Opened, open_sheet
from cli.intake.problems import Problem, shown, without_persons
from cli.intake.screening import Skipped, screened
from cli.intake.totals import Totals, total_word
from cli.intake.values import Values
from ledger.errors import LedgerError
from ledger.events import ImportedRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from cli.intake.cells import Cell
    from cli.intake.columns import Found
    from cli.intake.kind import Kind, Step
    from cli.intake.reader.book import Row
    from cli.intake.source import Source
    from ledger.domain.command import Command

__all__ = ["Defaults", "Reading"]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the flags of the command line say for rows that leave it empty."""

    on: date | None = None
    document: str = ""
    reason: str = ""


class _Read(NamedTuple):
    row: int
    step: str
    values: dict[str, Any]
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class Reading:
    """One pass over a file as a stream of commands.

    ``skipped`` are the rows met so far that are no entries: totals, notes, numbered lines, heads printed again.
    """

    source: Source
    kind: Kind
    sheet: str | None
    defaults: Defaults
    on_problem: Callable[[Problem, LedgerError], None]
    profile: Profile = field(default_factory=Profile)
    opened: Opened | None = None
    skipped: list[Skipped] = field(default_factory=list)
    rows: int = 0
    amounts_fen: dict[str, int] = field(default_factory=dict)
    """The sums of the amounts of the commands, in fen, by step: what is released and what is paid do not add up."""
    totals: Totals = field(default_factory=lambda: Totals(()))
    """What the sheet's own totals rows say, compared with its entries when the last of them was read."""
    _name: str = ""
    _first: int = 0
    _last: int = 0
    _counted: tuple[str, int] = ("", 0)
    _given: dict[str, Any] = field(default_factory=dict)
    _found: list[Found] = field(default_factory=list)
    _values: Values = field(init=False)

    @property
    def where(self) -> str:
        """The rows of the command that was given out last."""
        place = f"{self.source.name}{f',工作表“{self._name}”' if self._name else ''}"
        return (
            f"{place},第 {self._first} 行" if self._first == self._last else f"{place},第 {self._first}-{self._last} 行"
        )

    @property
    def last_row(self) -> ImportedRow:
        """What to remember of the command that was given out last, by its first row.

        Defaults belong to it as the cells do, but the day of the import does not: the same file may come again.
        """
        values, given = self._given, self.defaults
        dated = any(column.field == "on" for column in self.kind.columns)
        defaults = {"document": given.document, "on": given.on if dated else None}
        said = {name: value for name, value in defaults.items() if value} | values
        return ImportedRow(number=self._first, key=key_of(self.kind, said), content=content_of(said))

    def take_back(self) -> None:
        """Count out the amount of the command that was given out last: it will not be recorded."""
        name, fen = self._counted
        if fen:
            self.amounts_fen[name] -= fen

    def refuse_last(self, error: LedgerError) -> Problem:
        """Count out the command that was given out last, which the ledger refused; return that as a problem."""
        self.take_back()
        return self._problem(self._first, "", error)

    def problem_at(self, row: int, error: LedgerError) -> Problem:
        """Return what is wrong with a whole row as a problem."""
        return self._problem(row, "", error)

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
        self._name, self._found = opened.sheet, list(opened.layout.found)
        self._values = Values(opened)
        self.totals = totals = Totals(self._found)
        filling = Filling(opened)
        group: list[_Read] = []
        for row in screened(opened, self.skipped):
            if self.kind.totals and (word := total_word(row.cells)):
                self._report(row.number, totals.state(row.number, word, row.cells), row.cells)
                continue
            self.rows += 1
            read = self._read(filling.filled(row))
            totals.count(read.values if read else None)
            if read is None:
                continue
            if group and not self._belongs(group, read):
                yield from self._command(group)
                group = []
            group.append(read)
        if group:
            yield from self._command(group)
        for number, place, differs in totals.check():
            self._report(number, [(place, differs)])

    def _report(self, row: int, wrong: Iterable[tuple[str, LedgerError]], cells: tuple[Cell, ...] = ()) -> None:
        for place, error in wrong:
            self.on_problem(self._problem(row, place, error, cells), error)

    def _read(self, row: Row) -> _Read | None:
        """Return the values of a row, or None after reporting what is wrong with it."""
        values, wrong = self._values.of(row)
        self._report(row.number, wrong, row.cells)
        return None if wrong else _Read(row.number, values.pop("step", ""), values, row.cells)

    def _belongs(self, group: list[_Read], read: _Read) -> bool:
        rule = self.kind.group
        if rule is None or len(group) >= rule.most:
            return False
        first = group[0].values
        return all(first.get(name) == read.values.get(name) for name in rule.by)

    def _command(self, group: list[_Read]) -> Iterator[Command]:
        self._first, self._last = group[0].row, group[-1].row
        step = self.kind.steps[group[0].step]
        values = self._merged(group)
        self._given = {"step": group[0].step, **values} if group[0].step else values
        try:
            command = step.model.of(**self._with_defaults(values, step))
        except LedgerError as error:
            self.on_problem(self._located(error, step, group[0].cells), error)
            return
        # Counted here, where a row has become a command: the totals are those of what would be recorded.
        fen = sum(value for name, value in values.items() if name.endswith("_fen"))
        name = group[0].step or "金额"
        self._counted = name, fen
        if fen:
            self.amounts_fen[name] = self.amounts_fen.get(name, 0) + fen
        yield command

    def _merged(self, group: list[_Read]) -> dict[str, Any]:
        if self.kind.across is not None:
            return self.kind.across.merged(group[0].values)
        rule = self.kind.group
        if rule is None:
            return group[0].values
        entries = [
            {member: each.values[name] for name, member in rule.members.items() if name in each.values}
            for each in group
        ]
        shared = {name: value for name, value in group[0].values.items() if name not in rule.members}
        return {**shared, rule.into: [entry for entry in entries if entry]}

    def _with_defaults(self, values: dict[str, Any], step: Step) -> dict[str, Any]:
        given = {"on": self.defaults.on, "document": self.defaults.document, "reason": self.defaults.reason}
        filled = {name: value for name, value in given.items() if value} | values
        # The day of a publication is the day it begins, that of a document its own, unless the sheet says another.
        filled.setdefault("on", filled.get("from_on") or filled.get("dated"))
        return {step.rename.get(name, name): value for name, value in filled.items() if value is not None}

    def _located(self, error: LedgerError, step: Step, cells: tuple[Cell, ...]) -> Problem:
        back = {new: old for old, new in step.rename.items()}
        # holders.0.share is what the column of shares says: the field, else the member of an entry of it.
        named = (error.where.partition(".")[0], error.where.rpartition(".")[2])
        fields = {column.field: column for column in self.kind.columns}
        column = next((fields[name] for each in named if (name := back.get(each, each)) in fields), None)
        if column is None:
            return self._problem(self._first, "", error)
        place = next((found.where for found in self._found if found.column is column), f"列“{column.template_head}”")
        error.message = error.message.replace(error.where, column.head, 1)
        return self._problem(self._first, place, error, cells)

    def _problem(self, row: int, column: str, error: LedgerError, cells: tuple[Cell, ...] = ()) -> Problem:
        index = next((found.index for found in self._found if found.where == column), None)
        value = "" if index is None or index >= len(cells) else shown(cells[index])
        message = without_persons(error.message, "内容不合要求,并且含有个人信息")
        said = (error.code, message, error.hint, error.rule)
        return Problem(self.source.name, self._name, row, column, *said, value)

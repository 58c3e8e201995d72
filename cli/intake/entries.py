"""What the rows of a sheet are: entries with the command that each becomes, and what of them cannot be read.

Nothing here depends on what the ledger says, so rows are made entries some hundreds ahead of being asked for: doing the
same thing many times in a row takes a fifth less time than doing everything in turn for each row.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from cli.intake.filling import Filling
from cli.intake.screening import Skipped, screened
from cli.intake.totals import Totals
from cli.intake.values import Values
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cli.intake.cells import Cell
    from cli.intake.kind import Kind, Step
    from cli.intake.opening import Opened
    from cli.intake.reader.book import Row
    from ledger.domain.command import Command

__all__ = ["Entries", "Entry", "Wrong"]

_AHEAD: Final = 250

T = TypeVar("T")


class Wrong(NamedTuple):
    """What of a row cannot be taken in, by place."""

    row: int
    errors: list[tuple[str, LedgerError]]
    cells: tuple[Cell, ...] = ()


class Entry(NamedTuple):
    """One or several rows and the command that they become, or why they become none.

    ``values`` are what its columns say, by field; ``fen`` is the sum of its amounts; ``cells`` are those of its first
    row.
    """

    first: int
    last: int
    step: str
    values: dict[str, Any]
    fen: int
    command: Command | LedgerError
    cells: tuple[Cell, ...]


class _Read(NamedTuple):
    row: int
    step: str
    values: dict[str, Any]
    cells: tuple[Cell, ...]


class Entries:
    """The rows of one opened sheet; ``by_default`` is what fields say that a row leaves empty."""

    def __init__(self, opened: Opened, kind: Kind, by_default: Mapping[str, Any]) -> None:
        self.skipped: list[Skipped] = []
        self.rows = 0
        """How many rows were entries, readable or not."""
        self.totals = Totals(opened.layout.found)
        self._opened, self._kind, self._by_default = opened, kind, dict(by_default)
        self._values, self._filling = Values(opened), Filling(opened)
        self._amounts = tuple(column.field for column in kind.columns if column.field.endswith("_fen"))

    def __iter__(self) -> Iterator[Entry | Wrong]:
        """Yield what the rows are, in their order; last come totals that do not add up."""
        return _ahead(self._one_by_one())

    def _one_by_one(self) -> Iterator[Entry | Wrong]:
        group: list[_Read] = []
        for row, word in screened(self._opened, self.skipped):
            if word:
                yield Wrong(row.number, [*self.totals.state(row.number, word, row.cells)], row.cells)
                continue
            self.rows += 1
            read = self._read(self._filling.filled(row))
            if isinstance(read, Wrong):
                self.totals.count(None)
                yield read
                continue
            self.totals.count(read.values)
            if group and not self._belongs(group, read):
                yield self._entry(group)
                group = []
            group.append(read)
        if group:
            yield self._entry(group)
        for number, place, differs in self.totals.check():
            yield Wrong(number, [(place, differs)])

    def _read(self, row: Row) -> _Read | Wrong:
        values, errors = self._values.of(row)
        if errors:
            return Wrong(row.number, errors, row.cells)
        return _Read(row.number, values.pop("step", ""), values, row.cells)

    def _belongs(self, group: list[_Read], read: _Read) -> bool:
        rule = self._kind.group
        if rule is None or len(group) >= rule.most:
            return False
        first = group[0].values
        return all(first.get(name) == read.values.get(name) for name in rule.by)

    def _entry(self, group: list[_Read]) -> Entry:
        first = group[0]
        step = self._kind.steps[first.step]
        values = self._merged(group)
        command: Command | LedgerError
        try:
            command = step.model.of(**self._with_defaults(values, step))
        except LedgerError as error:
            command = error
        fen = sum([values[name] for name in self._amounts if name in values])
        said = {"step": first.step, **values} if first.step else values
        return Entry(first.row, group[-1].row, first.step, said, fen, command, first.cells)

    def _merged(self, group: list[_Read]) -> dict[str, Any]:
        if self._kind.across is not None:
            return self._kind.across.merged(group[0].values)
        rule = self._kind.group
        if rule is None:
            return group[0].values
        entries = [
            {member: each.values[name] for name, member in rule.members.items() if name in each.values}
            for each in group
        ]
        shared = {name: value for name, value in group[0].values.items() if name not in rule.members}
        return {**shared, rule.into: [entry for entry in entries if entry]}

    def _with_defaults(self, values: dict[str, Any], step: Step) -> dict[str, Any]:
        filled = self._by_default | values
        # The day of a publication is the day it begins, that of a document its own, unless the sheet says another.
        filled.setdefault("on", filled.get("from_on") or filled.get("dated"))
        if not step.rename and None not in filled.values():
            return filled
        return {step.rename.get(name, name): value for name, value in filled.items() if value is not None}


def _ahead(items: Iterable[T]) -> Iterator[T]:
    """Yield what ``items`` yields, taken some hundreds at a time; an error of theirs comes after those before it."""
    waiting = iter(items)
    while True:
        taken: list[T] = []
        failed: LedgerError | None = None
        try:
            taken.extend(islice(waiting, _AHEAD))
        except LedgerError as error:
            failed = error
        yield from taken
        if failed is not None:
            raise failed
        if not taken:
            return

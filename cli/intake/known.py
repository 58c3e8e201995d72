"""Which rows of a file the ledger has already: compared by content and how often, never by date.

Of equal rows as many are the same as earlier imports recorded; what is more is new. A new row under the key (codes,
step, day, document) of an earlier one that this file no longer has was changed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from cli.intake.problems import without_persons
from ledger.dates import today
from ledger.domain.history import live
from ledger.domain.intake import RecordImport
from ledger.errors import ValueRefusedError
from ledger.events import ImportedRow, ImportRecorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cli.intake.kind import Kind
    from cli.intake.reading import Reading
    from ledger.domain.command import Command
    from ledger.events import Event

__all__ = ["Comparison", "Earlier", "content_of", "key_fields", "key_of"]

_KEYS = frozenset({"step", "document", "voucher"})
_LONGEST_KEY = 200
_FLAT = frozenset({str, int, bool, date})


class Earlier(NamedTuple):
    """A row that an earlier import recorded: the file, the number and the key."""

    file: str
    number: int
    key: str


class Comparison:
    """Goes through the rows of one file of a kind and lets through what is new."""

    def __init__(self, events: Sequence[Event], *, allow_changed: bool) -> None:
        """Begin with all that the stream of imports of this kind says."""
        self._after = len(events)
        self._living = [event for event in live(events) if isinstance(event, ImportRecorded)]
        self._left: Counter[str] = Counter(row.content for event in self._living for row in event.rows if row.new)
        self._allow_changed = allow_changed
        self.new: list[ImportedRow] = []
        self.same: list[ImportedRow] = []
        self.changed: list[tuple[ImportedRow, Earlier]] = []
        self.missing: list[Earlier] = []
        """Rows of the last file of this kind that this one has no more; nothing is done about them."""

    def is_new(self, row: ImportedRow) -> bool:
        """Take the next row, and tell whether it has to be recorded."""
        if self._left[row.content]:
            self._left[row.content] -= 1
            self.same.append(row.model_copy(update={"new": False}))
            return False
        self.new.append(row)
        return True

    @property
    def rows(self) -> tuple[ImportedRow, ...]:
        """All rows so far that are in the ledger, or will be with this batch, in the order of the file."""
        return tuple(sorted([*self.new, *self.same], key=lambda each: each.number))

    def commands(self, reading: Reading) -> Iterator[Command]:
        """Yield the commands of new rows, and last the one that notes what the file had.

        Raises:
            ValueRefusedError: the file cannot be read, or rows were changed and that was not allowed.
        """
        for command in reading.commands():
            if self.is_new(reading.last_row):
                yield command
            else:
                reading.take_back()
        self._look_for_changes()
        for number, error in () if self._allow_changed else self.change_errors():
            raise error.at(reading.problem_at(number, error).where)
        if self.new:
            yield RecordImport.of(
                on=today(),
                kind=reading.kind.name,
                file=without_persons(reading.source.name, "(文件名含个人信息)"),
                file_hash=reading.source.fingerprint(),
                after=self._after,
                rows=self.rows,
            )

    def refuse_last(self) -> None:
        """Forget the row of the command that was given out last: the ledger refused it."""
        self.new.pop()

    def _look_for_changes(self) -> None:
        waiting: defaultdict[str, list[Earlier]] = defaultdict(list)
        left = self._left.copy()
        for event in self._living:
            for row in event.rows:
                if row.new and left[row.content]:
                    left[row.content] -= 1
                    waiting[row.key].append(Earlier(event.file, row.number, row.key))
        for row in self.new if waiting else ():
            if earlier := waiting.get(row.key):
                self.changed.append((row, earlier.pop(0)))
        last = self._last_file()
        here = Counter(row.key for row in (*self.new, *self.same)) if last else Counter()
        for event in last:
            for row in event.rows:
                if here[row.key]:
                    here[row.key] -= 1
                else:
                    self.missing.append(Earlier(event.file, row.number, row.key))

    def _last_file(self) -> Sequence[ImportRecorded]:
        starts = [index for index, event in enumerate(self._living) if event.part == 1]
        return self._living[starts[-1] :] if starts else ()

    def change_errors(self) -> Iterator[tuple[int, ValueRefusedError]]:
        """Yield each changed row as what is wrong with it."""
        for row, was in self.changed:
            yield (
                row.number,
                ValueRefusedError(
                    "import.changed",
                    f"“{row.key}”此前导入过,内容与这次不同(原在 {was.file} 第 {was.number} 行)",
                    hint="原来有误的,先用 xianjie correct undo 冲销,再加 --changed 导入;确是另一笔的,也加 --changed",
                ),
            )


def content_of(values: Any) -> str:  # noqa: ANN401 - the values of columns: text, numbers, days, lists of such
    """Return the hash of what a row says; the same for equal values, whatever their cells looked like."""
    if isinstance(values, dict) and _FLAT.issuperset(map(type, values.values())):
        # The same bytes as below in a third of the time; what is stored as a hash may never change.
        return sha256(to_json(dict(sorted(values.items())))).hexdigest()[:32]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()[:32]


def key_fields(kind: Kind) -> tuple[str, ...]:
    """Return the fields of the codes, step, day and document by which people know a row of a kind."""
    return tuple(each.field for each in kind.columns if each.code or each.day or each.field in _KEYS)


def key_of(fields: Sequence[str], values: Mapping[str, Any], listed: tuple[str, str] | None = None) -> str:
    """Return by what people know a row: what it says in those of the ``fields`` that are filled in.

    ``listed`` names a list of the row and what its entries are known by.
    """
    parts = [str(values[name]) for name in fields if values.get(name)]
    if listed is not None:
        entries, member = listed
        parts += [str(entry[member]) for entry in values.get(entries, ())]
    return " ".join(parts)[:_LONGEST_KEY]

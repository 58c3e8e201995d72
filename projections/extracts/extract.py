"""An extract: the lines of a notice, what they were cut from, and the hash that names exactly this content.

Fails closed: a line with a field that its template does not allow is an error, so a new column of the facts can never
slip into a notice. The canonical bytes are JSON with fixed order; the same position, question and rules give the same
bytes, so whoever holds a notice can have it cut again and compare.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from ledger.errors import TamperedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FORMAT", "Column", "Extract", "Kind", "Line", "Told", "canonical"]

FORMAT: Final = "xianjie.extract.1"
"""Names the canonical form; a change of it is a new name."""

Kind: TypeAlias = Literal["text", "code", "fen", "count", "date", "percent"]
"""How a column is shown: ``fen`` as yuan with two decimals, ``percent`` as it stands beside its two integers."""


@dataclass(frozen=True, slots=True)
class Column:
    """One public column: its key in JSON, its Chinese head, and what it holds; ``total`` says that it adds up.

    ``field`` is what the column shows of a line's main event (``Told.field``): there a reader can compare the two.
    ``measure`` names the money that the column adds up (``projections.extracts.summands``), at ``level`` where it says.
    """

    key: str
    name: str
    kind: Kind = "text"
    total: bool = False
    field: str = ""
    measure: str = ""
    level: str = ""


class Told(NamedTuple):
    """Where the ledger tells what a cell shows: what the entry ``at`` a position says under ``field``.

    Several names, parted by blanks, are shown one after the other. A name that begins with ``@`` is no field of the
    event: its topic in the words for this place (``@kind``, ``@state``, ``@change``, ``@step``), or of a right the
    owners, the ``nth`` holder and that one's share. ``via`` leads from the line's own entry over its tranche and the
    tranches above to the one at the position, where the entry tells of another tranche.
    """

    at: int
    field: str
    nth: int = 0
    via: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One published line: its values by column, and the positions of the events that it stands on, in order.

    ``subject`` is the code of the tranche, project or asset that the line publishes, empty where it is none of these.
    The others are for readers of the ledger's own pages, not part of what is published, nor of its hash: ``main`` the
    position of the event whose fields the line shows, 0 where it shows none; ``parts`` the positions that make up each
    amount which is a sum, by column; ``told`` where a column is told by another event than the main one; ``thing`` the
    kind and code of what every one of these events must be about.
    """

    values: Mapping[str, str | int | None]
    positions: tuple[int, ...]
    subject: str = ""
    main: int = 0
    parts: Mapping[str, Sequence[int]] = field(default_factory=dict)
    told: Mapping[str, Told | None] = field(default_factory=dict)
    thing: tuple[str, str] = ("project", "")

    def source_of(self, column: Column) -> Told | None:
        """Return where the ledger tells what a column shows, or None: no single entry tells it."""
        if column.key in self.told:
            return self.told[column.key]
        return Told(self.main, column.field) if self.main and column.field else None


@dataclass(frozen=True, slots=True)
class Extract:
    """A notice before anybody has published it.

    ``about`` holds area, year, day, position, root, origin and rule of the report it was cut from, in the words of
    ``docs/reference/json.md``; ``notes`` are the sentences under the table (principle of allocation, telephone).
    """

    template: str
    title: str
    about: Mapping[str, Any]
    columns: Sequence[Column]
    lines: Sequence[Line]
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Check that every line has exactly the columns of the template."""
        allowed = [column.key for column in self.columns]
        for line in self.lines:
            if list(line.values) != allowed:
                extra = sorted(set(line.values) ^ set(allowed))
                raise TamperedError(
                    "extract.not_allowed",
                    f"“{self.title}”中有一行的栏目与模板不符:{'、'.join(extra)}",
                    hint="这是程序的错误,没有任何内容流出;请把本条消息告诉维护人员",
                )

    @property
    def totals(self) -> dict[str, int]:
        """The sum of each column that adds up."""
        return {
            column.key: sum(int(line.values[column.key] or 0) for line in self.lines)
            for column in self.columns
            if column.total
        }

    def as_json(self) -> dict[str, Any]:
        """Return the extract as ``docs/reference/json.md`` says."""
        return {
            "format": FORMAT,
            "template": self.template,
            "title": self.title,
            **self.about,
            "columns": [{"key": each.key, "name": each.name, "kind": each.kind} for each in self.columns],
            "lines": [{**line.values, "positions": list(line.positions)} for line in self.lines],
            "totals": self.totals,
            "subjects": sorted({line.subject for line in self.lines if line.subject}),
            "notes": list(self.notes),
        }

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical bytes, as it is recorded when the notice is published."""
        return sha256(canonical(self.as_json())).hexdigest()


def canonical(data: Mapping[str, Any]) -> bytes:
    """Return the one spelling of an extract's JSON: UTF-8, no blanks, keys in their order, a newline at the end."""
    return (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()

"""Everything that is printed as data: tables by display width, JSON, CSV. The only place that knows tabulate.

Values arrive as text that is already in its final form: nothing here looks at numbers.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Table", "fields_table", "show", "table_text"]

_FORMULA_SIGNS = ("=", "+", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under Chinese heads; a head that begins with ``>`` is right-aligned (amounts, counts)."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def labels(self) -> list[str]:
        """The heads as printed."""
        return [head.removeprefix(">") for head in self.heads]


def fields_table(title: str, pairs: Sequence[tuple[str, str]], notes: Sequence[str] = ()) -> Table:
    """Return a table of labels and values, without those that are empty."""
    return Table(("项目", "内容"), [pair for pair in pairs if pair[1]], title, notes)


def show(form: str, data: Any, *tables: Table) -> None:  # noqa: ANN401 - whatever JSON can say
    """Print ``data`` as JSON, or the first table as CSV, or every table for people."""
    if form == "json":
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    elif form == "csv":
        click.echo(_csv(tables[0]), nl=False)
    else:
        click.echo("\n\n".join(map(table_text, tables)))


def table_text(table: Table) -> str:
    """Return a table as people read it, aligned by display width."""
    from tabulate import tabulate

    parts = [table.title] if table.title else []
    if table.rows:
        aligned = ["right" if head.startswith(">") else "left" for head in table.heads]
        rows = [list(row) for row in table.rows]
        parts.append(
            tabulate(
                rows, table.labels, tablefmt="simple", disable_numparse=True, colalign=aligned, preserve_whitespace=True
            )
        )
    elif not table.notes:
        parts.append("(没有)")
    return "\n".join([*parts, *table.notes])


def _csv(table: Table) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.labels)
    writer.writerows([_inert(cell) for cell in row] for row in table.rows)
    return buffer.getvalue()


def _inert(cell: str) -> str:
    """Keep a spreadsheet from taking the text of a cell for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell

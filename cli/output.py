"""Everything that is printed or written as data: tables by display width, JSON, CSV, workbooks; to people page by page.

The only place that knows tabulate. Values arrive as text that is already in its final form; only ``--unit`` moves a
decimal point.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from cli.units import FIELD_HEADS, in_unit
from cli.workbook import workbook
from ledger.characters import quoted
from ledger.errors import StorageError, ValueRefusedError, system_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["Display", "Table", "display", "fields_table", "show", "table_text"]

_META_KEY = "cli.output.display"

_FORMULA_SIGNS = ("=", "+", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff20")  # full-width ones are taken alike


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
    return Table(FIELD_HEADS, [pair for pair in pairs if pair[1]], title, notes)


@dataclass(slots=True)
class Display:
    """Where data goes and how it is shown, as ``-o``, ``--unit`` and ``--no-pager`` said."""

    path: Path | None = None
    unit: str = "yuan"
    pager: bool = True


def display() -> Display:
    """Return what was said of the command that runs, before its noun or after its verb."""
    ctx = click.get_current_context(silent=True)
    if ctx is None:
        return Display()
    found: Display = ctx.meta.setdefault(_META_KEY, Display())
    return found


def show(form: str, data: Any, *tables: Table) -> None:  # noqa: ANN401 - whatever JSON can say
    """Print ``data`` as JSON, or the first table as CSV, or every table for people; or write it to the file of ``-o``.

    Raises:
        ValueRefusedError: a workbook was asked for without a file, or a table for people with one.
        StorageError: the file cannot be written; what was there stays.
    """
    asked = display()
    shown = [in_unit(table, asked.unit) for table in tables]
    if asked.path is not None:
        if form == "table":
            raise _no_such_form(asked.path)
        _write(asked.path, _content(form, data, shown))
        click.echo(f"已写入 {asked.path}", err=True)
    elif form == "xlsx":
        message = "工作簿不能显示在屏幕上"
        raise ValueRefusedError("output.no_file", message, hint="请用 -o 文件.xlsx 写明文件", where="-f")
    elif form == "table":
        _page("\n\n".join(map(table_text, shown)), pager=asked.pager)
    else:
        click.echo(_content(form, data, shown).decode().removesuffix("\n"))


def _content(form: str, data: Any, tables: Sequence[Table]) -> bytes:  # noqa: ANN401 - whatever JSON can say
    match form:
        case "json":
            return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
        case "jsonl":
            return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in _records(data)).encode()
        case "xlsx":
            return workbook(tables)
        case _:
            return _csv(tables[0]).encode()


def _records(data: Any) -> Iterable[Any]:  # noqa: ANN401 - whatever JSON can say
    """Return what a line of JSON is given each: the rows of an answer, the members of a list, or the whole."""
    if isinstance(data, dict) and isinstance(data.get("rows"), list):
        return list(data["rows"])
    return data if isinstance(data, list) else [data]


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing of it; Excel reads a CSV as UTF-8 only where it begins with a mark."""
    mark = codecs.BOM_UTF8 if path.suffix.lower() == ".csv" else b""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(mark + content)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        message = f"写不了文件:{path}({system_reason(error)})"
        raise StorageError("output.unwritable", message, hint="请核对路径、权限和磁盘空间", where="-o") from error


def _no_such_form(path: Path) -> ValueRefusedError:
    message = f"文件名{quoted(path.name)}看不出格式"
    hint = "文件名请以 .xlsx、.csv、.json 或 .jsonl 结尾,或用 -f 写明格式"
    return ValueRefusedError("output.form", message, hint=hint, where="-o")


def _page(text: str, *, pager: bool) -> None:
    """Print text, through a pager where it is longer than the terminal that shows it."""
    longer = pager and sys.stdout.isatty() and text.count("\n") + 2 > shutil.get_terminal_size().lines
    if longer:
        os.environ.setdefault("LESS", "-FRX")
        click.echo_via_pager(text)
    else:
        click.echo(text)


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

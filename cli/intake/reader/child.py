"""The parent's side of the confined process: bytes in, sheets out, and a child that dies is one clean refusal."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import weakref
from datetime import date
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Final

import click

from cli.intake.cells import BadCell, Cell
from cli.intake.reader.archive import check_archive
from cli.intake.reader.book import Facts, Merge, Row, SheetName, Table, without_blanks
from cli.intake.reader.formats import Format
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.intake.source import Source

__all__ = ["ConfinedBook"]

_PROGRAM = (sys.executable, "-I", "-m", "cli.intake.reader.confined")
_SECONDS = 20  # of processor time
_WALL_SECONDS: Final = 60  # of a machine under load


class ConfinedBook:
    """An XLS, ODS or HTML, read in a process of its own into a temporary file."""

    def __init__(self, source: Source, kind: Format) -> None:
        """Read the file. Raises ValueRefusedError when it is damaged, encrypted, or takes more than its limits."""
        if kind is Format.ODS:
            check_archive(source)
        self._source = source
        self._lines: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - read from as long as the book lives
        weakref.finalize(self, self._lines.close)
        self._run(kind)
        head = self._head()
        self.sheets = tuple(SheetName(name, visible) for name, visible in head["sheets"])
        self.encoding = str(head["encoding"])
        self._from_1904 = bool(head["from_1904"])
        self._starts = self._find_starts()

    def table(self, name: str) -> Table:
        """Return one sheet."""
        index = [sheet.name for sheet in self.sheets].index(name)
        self._lines.seek(self._starts[index])
        told = json.loads(self._lines.readline())
        facts = Facts(
            tuple(Merge(*merge) for merge in told["merges"]),
            frozenset(told["hidden_rows"]),
            frozenset(told["hidden_columns"]),
            self._from_1904,
        )
        return Table(name, without_blanks(self._rows(self._lines.tell())), facts)

    def _run(self, kind: Format) -> None:
        command = [*_PROGRAM, kind.name, self._source.name, str(_SECONDS)]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and program, no shell
                command,
                input=self._source.content,
                stdout=self._lines,
                stderr=subprocess.DEVNULL,
                timeout=_WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise self._refused() from None
        if done.returncode:
            raise self._refused()

    def _head(self) -> Any:  # noqa: ANN401 - JSON of our own child
        self._lines.seek(0)
        limits, head = (json.loads(self._lines.readline() or "null") for _ in range(2))
        if head is None:
            raise self._refused()
        if not limits["limited"]:
            click.echo(
                f"提示:本系统不能限制读取 {self._source.name} 所用的内存和处理器时间,只限 {_WALL_SECONDS} 秒;"
                "来历不明的文件,请先在表格软件中另存为 XLSX",
                err=True,
            )
        if "refused" in head:
            told = head["refused"]
            raise ValueRefusedError(told["code"], told["message"], hint=told["hint"], where=self._source.name)
        return head

    def _find_starts(self) -> list[int]:
        """Return where each sheet begins: behind the head, and behind each line that ends a sheet."""
        starts = [self._lines.tell()]
        while line := self._lines.readline():
            if line == b"null\n":
                starts.append(self._lines.tell())
        if len(starts) <= len(self.sheets):
            raise self._refused()
        return starts

    def _rows(self, place: int) -> Iterator[Row]:
        while True:
            self._lines.seek(place)
            told = json.loads(self._lines.readline())
            place = self._lines.tell()
            if told is None:
                return
            number, values = told
            yield Row(number, tuple([_heard(value) for value in values]))

    def _refused(self) -> ValueRefusedError:
        return ValueRefusedError(
            "import.not_readable",
            "文件读不出来:已损坏,或展开后超过 2 GB 内存或 20 秒的限度",
            hint="请在表格软件中打开,把要导入的表复制到新的 XLSX",
            where=self._source.name,
        )


def _heard(value: Any) -> Cell:  # noqa: ANN401 - JSON of our own child
    match value:
        case {"number": str(text)}:
            return Decimal(text)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case {"bad": [code, message, hint]}:
            return BadCell(code, message, hint)
        case None | bool() | int() | str():
            return value
        case _:
            raise TypeError(value)

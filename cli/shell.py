"""A morning of entries at one prompt: the commands of the program without its name, over one open ledger."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Final

import click

from cli.context import Settings, open_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Shell"]

_ENDS: Final = frozenset({"exit", "quit", "退出"})
_NOT_HERE: Final = frozenset({"shell", "init", "demo"})


class Shell:
    """One session: what is typed, line by line, until the end of the input."""

    def __init__(self, program: click.Group, settings: Settings) -> None:
        """Prepare a session of ``program`` for the ledger and the person of ``settings``."""
        self._program = program
        self._settings = settings
        self._session = Settings()
        self._failed = False

    def run(self) -> int:
        """Read and run lines; return 1 where a line of a script failed, 0 otherwise. Raises LedgerError."""
        with open_ledger(self._settings) as ledger:
            self._session.ledger, self._session.ledger_url = ledger, self._settings.db
            for line in self._typed() if sys.stdin.isatty() else sys.stdin:
                if line.strip() in _ENDS:
                    break
                if line.strip() and not line.lstrip().startswith("#"):
                    self._failed |= self._run_line(line) != 0
        self._say_goodbye()
        return int(self._failed and not sys.stdin.isatty())

    def _run_line(self, line: str) -> int:
        try:
            words = shlex.split(line)
        except ValueError:
            click.echo("错误:引号没有成对\n怎么办:请补上另一个引号", err=True)
            return 2
        if words[:1] == ["xianjie"]:
            words = words[1:]
        if words[:1] and words[0] in _NOT_HERE:
            click.echo(f"错误:{words[0]} 不能在连续录入中使用\n怎么办:请先按 Ctrl-D 退出", err=True)
            return 2
        self._session.format = "table"
        arguments = ["--db", self._settings.db, "--as", self._settings.actor, *words]
        try:
            self._program.main(arguments, obj=self._session)
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    def _typed(self) -> Iterator[str]:
        from cli.prompting import typed_lines

        click.echo(f"账本 {self._settings.db},经办 {self._settings.actor}。Tab 补全,Ctrl-D 结束;用法 --help")
        return typed_lines(self._program, self._settings)

    def _say_goodbye(self) -> None:
        receipts = self._session.receipts
        count = sum(receipt.last - receipt.first + 1 for _, receipt in receipts)
        click.echo(f"本次录入 {len(receipts)} 批,共 {count} 条")
        for command, receipt in receipts:
            click.echo(f"  第 {receipt.first}-{receipt.last} 号  批次 {receipt.batch}  {command}")

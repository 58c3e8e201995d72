"""The prompt of ``xianjie shell``: completion by the program's own commands, and a history that keeps no secrets."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

from click.shell_completion import ShellComplete
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.history import FileHistory
from typing_extensions import override

from ledger.errors import ValueRefusedError
from ledger.privacy import refuse_personal_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import click
    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    from cli.context import Settings

__all__ = ["History", "ProgramCompleter", "typed_lines"]

_SENSITIVE: Final = ("--passphrase", "--holder", "--owner", "--household", "--person")
"""Options whose lines are kept out of the history: secrets, and whoever may be a person."""


def typed_lines(program: click.Group, settings: Settings) -> Iterator[str]:
    """Yield what a person types, until Ctrl-D."""
    session: PromptSession[str] = PromptSession(
        history=History(_history_file()),
        completer=ProgramCompleter(program, settings.db),
        complete_while_typing=False,
    )
    while True:
        try:
            yield session.prompt("衔接> ")
        except KeyboardInterrupt:
            continue  # Ctrl-C gives up the line, as in every shell
        except EOFError:
            return


class ProgramCompleter(Completer):
    """What could come next, as the program completes on a command line: nouns, verbs, flags, codes with names."""

    def __init__(self, program: click.Group, url: str) -> None:
        """Complete the commands of ``program`` over the ledger at ``url``."""
        self._complete = ShellComplete(program, {}, "xianjie", "_XIANJIE_COMPLETE")
        self._url = url

    @override
    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        before = document.text_before_cursor
        try:
            words = shlex.split(before)
        except ValueError:
            return  # inside quotes nothing is known
        last = "" if not words or before[-1].isspace() else words.pop()
        for item in self._complete.get_completions(["--db", self._url, *words], last):
            yield Completion(item.value, start_position=-len(last), display_meta=item.help or "")


class History(FileHistory):
    """The lines typed, in a file that only its owner reads; a line that may say who somebody is, is not kept."""

    def __init__(self, path: Path) -> None:
        """Keep the lines in the file at ``path``."""
        super().__init__(str(path))
        self._path = path

    @override
    def store_string(self, string: str) -> None:
        if not _is_sensitive(string):
            self._path.touch(mode=0o600)
            super().store_string(string)


def _is_sensitive(line: str) -> bool:
    if any(option in line for option in _SENSITIVE):
        return True
    try:
        refuse_personal_data(line)
    except ValueRefusedError:
        return True
    return False


def _history_file() -> Path:
    home = Path(os.environ.get("XIANJIE_HOME") or Path.home() / ".xianjie")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home / "history"

"""``xianjie correct``: history is never edited; a mistake is reversed by a further entry."""

from __future__ import annotations

import click

from cli.help import Noun
from cli.params import WHOLE
from cli.recording import Entry, write_options

__all__ = ["correct"]


@click.group(cls=Noun, help="更正:冲销记错的一条,历史保留")
def correct() -> None:
    """Corrections."""


@correct.command(help="冲销一条记录(须写 --reason 和 --doc);成对的另一条一并冲销")
@click.argument("position", metavar="序号", type=WHOLE)
@write_options
def undo(entry: Entry, **values: object) -> None:
    """Reverse the entry at a position, and its other half."""
    from ledger.domain.control import ReverseEvent

    entry.record(ReverseEvent, values)

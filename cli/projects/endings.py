"""The verbs of ``xianjie project`` that end a project before its time: remove, cancel, replace."""

from __future__ import annotations

from typing import Final

import click

from cli.help import Verb
from cli.params import TEXT
from cli.recording import Entry, write_options

__all__ = ["VERBS"]

_project_argument = click.argument("project", metavar="项目编号", type=TEXT)


@click.command(cls=Verb, help="出库:把尚未批复和列入计划的项目移出项目库(须写 --reason)")
@_project_argument
@write_options
def remove(entry: Entry, **values: object) -> None:
    """Take the project out of the library."""
    from ledger.domain.stages import RemoveProject

    entry.record(RemoveProject, values)


@click.command(cls=Verb, help="取消已批复或列入计划的项目(须写 --reason)")
@_project_argument
@write_options
def cancel(entry: Entry, **values: object) -> None:
    """Cancel the project."""
    from ledger.domain.stages import CancelProject

    entry.record(CancelProject, values)


@click.command(cls=Verb, help="由项目库中的另一个项目替换(须写 --reason 和批准文号 --doc)")
@_project_argument
@click.option("--by", "successor", type=TEXT, required=True, help="替换它的项目编号")
@write_options
def replace(entry: Entry, **values: object) -> None:
    """Let another project take its place."""
    from ledger.domain.stages import ReplaceProject

    entry.record(ReplaceProject, values)


VERBS: Final = (remove, cancel, replace)

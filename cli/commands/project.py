"""``xianjie project``: the group, and its verbs in the order of a project's life."""

from __future__ import annotations

import click

from cli.help import Noun
from cli.projects import endings, library, views, works

__all__ = ["project"]


@click.group(cls=Noun, help="项目:申报、入库、批复、列入计划、开工、进度、完工、验收、决算、移交、取消、查看")
def project() -> None:
    """Projects."""


for _verbs in (library.VERBS, works.VERBS, endings.VERBS, views.VERBS):
    for _verb in _verbs:
        project.add_command(_verb)

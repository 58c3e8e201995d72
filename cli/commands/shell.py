"""``xianjie shell``: a morning of entries at one prompt."""

from __future__ import annotations

import click

from cli.context import Settings
from cli.help import Verb

__all__ = ["shell"]


@click.command(cls=Verb, help="连续录入:打开账本,逐行输入命令(不写 xianjie),Tab 补全编号,Ctrl-D 结束并小结")
@click.pass_context
def shell(ctx: click.Context) -> None:
    """Read commands line by line; a script of them may be piped in."""
    from cli.shell import Shell

    program = ctx.find_root().command
    assert isinstance(program, click.Group)  # noqa: S101 - it is the program itself
    ctx.exit(Shell(program, ctx.ensure_object(Settings)).run())

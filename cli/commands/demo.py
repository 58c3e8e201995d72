"""``xianjie demo``: published figures compared, and a synthetic county-year from end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from cli.context import Settings, format_option, with_settings
from cli.help import Verb
from cli.params import FILE, WHOLE
from ledger.errors import ValueRefusedError

__all__ = ["demo"]

_SEED: Final = 2022
_PROJECTS, _QUICK_PROJECTS, _MOST_PROJECTS = 300, 60, 5_000


@click.command(cls=Verb, help="演示:公布数字照录对账,再合成一个县一年的数据走完全程")
@click.option("--seed", type=WHOLE, default=_SEED, help=f"随机种子,默认 {_SEED};同一种子得到同样的数据")
@click.option("--projects", type=WHOLE, help=f"项目个数,默认 {_PROJECTS},最多 {_MOST_PROJECTS}")
@click.option("--dir", "folder", type=FILE, default=Path("demo"), help="账本放在哪个目录,默认 ./demo")
@click.option("--quick", is_flag=True, help=f"快速演示:{_QUICK_PROJECTS} 个项目")
@click.option("--force", is_flag=True, help="目录中已有演示账本时重做")
@format_option
@with_settings
def demo(settings: Settings, seed: int, projects: int | None, folder: Path, *, quick: bool, force: bool) -> None:
    """Run the demonstration."""
    from cli.demo.run import Demonstration

    count = projects if projects is not None else _QUICK_PROJECTS if quick else _PROJECTS
    if not 1 <= count <= _MOST_PROJECTS:
        message = f"项目个数 {count} 不在 1 至 {_MOST_PROJECTS} 之间"
        raise ValueRefusedError("demo.projects", message, hint="请换一个数", where="--projects")
    Demonstration(seed, count, folder, settings.format).run(replace=force)

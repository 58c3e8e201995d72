"""``xianjie site``: the static pages of a ledger, for everybody or for the office."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.help import Noun
from cli.params import FILE, Choice
from cli.progress import counted
from cli.reports.asking import Asked, answering, question_options
from cli.vault_values import say_what_was_not_checked, vault_option
from ledger.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["site"]

_AUDIENCES = {"public": "公众", "internal": "内部"}


@click.group(cls=Noun, help="网页:生成公开网站或内部看板,检查个人信息")
def site() -> None:
    """Build and check static pages."""


@site.command(help="生成静态网页:公告、项目卡、资产卡、档案和数据,放进一个新目录")
@click.option("-o", "--output", type=FILE, required=True, help="放在哪个目录;已有内容时须加 --force")
@click.option("--audience", type=Choice(_AUDIENCES), default="public", help="给谁看:public(公众,默认)、internal(内部)")
@click.option("--force", is_flag=True, help="目录里已有网页时整个换掉")
@vault_option
@question_options
def build(asked: Asked, *, output: Path, audience: str, force: bool) -> None:
    """Build the site into a folder: all of it, or nothing."""
    from cli.extracts import refuse_leaks
    from ledger.errors import RuleRefusedError
    from projections.site.build import build as build_site
    from projections.site.build import known_codes

    target = Path(output)
    if target.exists() and any(target.iterdir()) and not (force and (target / "index.json").exists()):
        raise RuleRefusedError(
            "site.not_empty", f"目录 {target} 里已有内容", hint="换一个空目录;要替换以前生成的网页请加 --force"
        )
    waiting = target.with_name(f".{target.name}.building")
    shutil.rmtree(waiting, ignore_errors=True)
    try:
        count = 0
        with answering(asked) as (engine, question):
            codes = known_codes(engine, question)
            files = build_site(engine, question, internal=audience == "internal")
            for path, data in counted("生成网页", "个文件", files):
                refuse_leaks(path, data, codes)
                place = waiting / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
                count += 1
        shutil.rmtree(target, ignore_errors=True)
        waiting.replace(target)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    click.echo(f"已生成 {count} 个文件,放在 {target}({_AUDIENCES[audience]});没有发现个人信息")
    click.echo(f"打开 {target / 'index.html'} 查看;整个目录可以原样放到任何网站上")
    say_what_was_not_checked()


@site.command(help="检查一个目录或文件里有没有个人信息;有则退出码为 1")
@click.argument("folder", metavar="目录", type=FILE)
@vault_option
def check(folder: Path) -> None:
    """Look for personal data in every file of a folder."""
    from cli.extracts import refuse_leaks

    count = 0
    for path in _files(Path(folder)):
        refuse_leaks(path.name if path == Path(folder) else str(path.relative_to(folder)), path.read_bytes())
        count += 1
    click.echo(f"{count} 个文件中没有发现个人信息")
    say_what_was_not_checked()


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
    elif folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
    else:
        raise NotFoundError("site.not_found", f"没有这个文件或目录“{folder}”", hint="请核对路径;相对路径从当前目录算起")

"""``xianjie login`` and ``logout``: keep one's key unlocked for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.context import Settings, format_option, with_settings
from cli.help import Verb
from cli.output import fields_table, show
from cli.params import FILE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["login", "logout"]


@click.command(cls=Verb, help="登录:输入一次口令,打开自己的密钥文件;空闲 15 分钟后失效")
@click.argument("key_file", metavar="密钥文件", type=FILE)
@format_option
@with_settings
def login(settings: Settings, key_file: Path) -> None:
    """Unlock a key for a while."""
    from cli.agent import start_agent
    from cli.passphrases import ask_passphrase
    from ledger.keyfile import read_key_header

    header = read_key_header(key_file)
    agent = start_agent(key_file, ask_passphrase(f"{header.key.name} 的口令"))
    pairs = [("已登录", agent.person), ("密钥", agent.name)]
    show(settings.format, {"person": agent.person, "key": agent.name}, fields_table("", pairs))


@click.command(cls=Verb, help="退出登录:忘掉已打开的密钥")
@format_option
@with_settings
def logout(settings: Settings) -> None:
    """Forget the key."""
    from cli.agent import stop_agent

    there = stop_agent()
    show(settings.format, {"was_logged_in": there}, fields_table("", [("登录", "已退出" if there else "本来没有登录")]))

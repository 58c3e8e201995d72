"""``xianjie audit``: whether the ledger is what it was, what is written in it, and how others can be shown both."""

from __future__ import annotations

from typing import Final

import click

from cli.help import LazyNoun

__all__ = ["audit"]

_VERBS: Final = {
    "verify": ("cli.audit.verifying:verify", "重算每一条记录的散列、检查点、签名和报表数据"),
    "log": ("cli.audit.views:log", "列出流水"),
    "show": ("cli.audit.views:show_", "查看一条记录的全部内容"),
    "checkpoint": ("cli.audit.checkpoints:checkpoint", "印出、另存、公布账本末尾的检查点"),
    "anchor": ("cli.audit.checkpoints:anchor", "供印在公告上的检查点:文字和二维码"),
    "prove": ("cli.audit.proving:prove", "出具证明:一条记录在账上,或账本没有改写过"),
    "check": ("cli.audit.proving:check", "核对证明文件或检查点(不需要账本)"),
    "verifier": ("cli.audit.proving:verifier", "取出独立核验程序 verify.py"),
    "witness": ("cli.audit.witnessing:witness", "见证:核对账本接得上以前,再在检查点上加签"),
    "witness-key": ("cli.audit.witnessing:witness_key", "新建见证用的密钥文件"),
}


@click.group(cls=LazyNoun, lazy=_VERBS, help="审计:核验账本、查看流水、检查点、证明、见证(不改动账本)")
def audit() -> None:
    """Audit."""

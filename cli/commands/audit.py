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
    "explain": ("cli.audit.explain:explain", "解释报表中的一个数:它背后的每一条记录、文号和规则"),
    "replay": ("cli.audit.replay:replay", "重放:由核验过的字节重建报表数据,与所存数据和报表比对"),
    "diff": ("cli.audit.diff:diff", "比较两个日期,或两个记账时点:迟记、补记、变动的数"),
    "sample": ("cli.audit.sample:sample", "抽样:按种子抽取资金记录,可分层,可重现"),
    "timeline": ("cli.audit.timeline:timeline", "一个批次、项目、资产、合同或账户的全部经过"),
    "trace": ("cli.audit.trace:trace", "资金去向:从下达文件到支付、资产、收益和收回"),
    "bundle": ("cli.audit.bundle:bundle", "审计包:流水、数据、报表、文件清单、检查点和核验程序,打成一个 zip"),
}


@click.group(cls=LazyNoun, lazy=_VERBS, help="审计:核验、流水、检查点、证明、见证、解释、重放、比较、抽样(不改动账本)")
def audit() -> None:
    """Audit."""

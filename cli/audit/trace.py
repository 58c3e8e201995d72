"""``xianjie audit trace``: the way of money from the document that gave it to the asset, its income, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from cli.help import Verb
from cli.output import Table, show
from cli.params import TEXT
from cli.reports.asking import Asked, answering, report_options
from ledger.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.trail import Node

__all__ = ["trace"]

_KINDS: Final = {
    "issued": "下达",
    "received": "分解到",
    "funded": "安排到项目",
    "released": "核拨",
    "paid": "支付",
    "reimbursed": "报账",
    "retained": "质保金",
    "surplus": "结余退回",
    "reclaimed": "收回",
    "adjusted": "调出",
    "recovered": "收回",
    "returned": "下级退回",
    "asset": "形成资产",
    "rent": "合同收款",
    "income": "收益",
    "cost": "成本",
    "distributed": "分配发放",
    "proceeds_booked": "处置价款",
    "loss_recovered": "追回损失",
    "reinvested": "再投资",
}
_SHOWN: Final = 6


@click.command(cls=Verb, help="资金去向:从下达文件,经批次、项目、支付,到资产、收益、发放和收回,画成一棵树")
@click.argument("code", metavar="编号", type=TEXT)
@report_options
def trace(asked: Asked, code: str) -> None:
    """Show the way of the money of a tranche, a project or an asset."""
    from projections.scope import open_scope
    from projections.trail import trail

    with answering(asked) as (engine, question), open_scope(engine, question) as scope:
        trees = trail(scope, code)
    data = {
        "code": code,
        "as_of": scope.as_of.isoformat(),
        "position": scope.position,
        "trees": [tree.as_json() for tree in trees],
    }
    rows = [row for tree in trees for row in _lines(tree, "", "")]
    heading = f"{code} 的资金去向(截至 {scope.as_of},账本第 {scope.position} 号)"
    show(asked.settings.format, data, Table(("去向", ">金额(元)", "文号", "记录序号"), rows, heading))


def _lines(node: Node, branch: str, indent: str) -> Iterator[list[str]]:
    name = f"{_KINDS[node.kind]} {node.code}".strip()
    positions = "、".join(map(str, node.positions[:_SHOWN]))
    more = f" 等 {len(node.positions)} 条" if len(node.positions) > _SHOWN else ""
    yield [f"{branch}{name}", format_yuan(node.amount_fen), "、".join(node.documents), positions + more]
    for child in node.children:
        last = child is node.children[-1]
        yield from _lines(child, f"{indent}{'└─' if last else '├─'} ", f"{indent}{'   ' if last else '│  '}")

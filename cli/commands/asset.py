"""``xianjie asset``: the group, and its verbs in the order of an asset's life."""

from __future__ import annotations

from typing import Final

import click

from cli.help import LazyNoun

__all__ = ["asset"]

_VERBS: Final = {
    "identify": ("cli.assets.formation:identify", "登记验收项目形成的资产"),
    "none": ("cli.assets.formation:none", "认定验收项目不形成资产"),
    "stocktake": ("cli.assets.formation:stocktake", "清产核资:登记账本启用之前形成的资产"),
    "classify": ("cli.assets.formation:classify", "重新认定类别、形态、细类"),
    "finalise": ("cli.assets.formation:finalise", "暂估转正:决算核定原值"),
    "add-value": ("cli.assets.formation:add_value", "续建增值:另一验收项目投入这项资产"),
    "notice": ("cli.assets.way:notice", "公示拟定的所有权人"),
    "object": ("cli.assets.way:object_", "登记对公示或确权的异议"),
    "resolve": ("cli.assets.way:resolve", "登记异议的处理结果"),
    "confirm": ("cli.assets.way:confirm", "公示期满后确权"),
    "certify": ("cli.assets.way:certify", "登记颁证"),
    "hand-over": ("cli.assets.way:hand_over", "登记移交(移交、接收、监交三方)"),
    "book": ("cli.assets.way:book", "登记入账"),
    "transfer": ("cli.assets.changes:transfer", "变更所有权:划转、转让、回购、裁决"),
    "split": ("cli.assets.changes:split", "拆分:把一部分另立为一项资产"),
    "merge": ("cli.assets.changes:merge", "并入另一项资产"),
    "relocate": ("cli.assets.changes:relocate", "属地变更:区划调整后登记到现所在地"),
    "reinvest": ("cli.assets.changes:reinvest", "再投资:本金、价款或收益投入另一项资产"),
    "close": ("cli.assets.changes:close", "销户:到户类或已处置的资产"),
    "list": ("cli.assets.views:list_", "列出资产"),
    "show": ("cli.assets.views:show_", "查看一项资产:环节、权利和每一笔"),
}


@click.group(cls=LazyNoun, lazy=_VERBS, help="资产:登记、核资、分类、公示、异议、确权、颁证、移交、入账、查看")
def asset() -> None:
    """Assets."""

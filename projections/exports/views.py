"""The flat views that auditors get as sheets and as views of a database: one line for each fact that stands.

A fact that was taken back is not shown, nor is what took it back; positions lead to both in the events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, select

from projections.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Select

    from projections.scope import Scope

__all__ = ["VIEWS", "View", "columns_of", "rows_of"]


class View(NamedTuple):
    """A sheet: its Chinese name, the fact table, and what one line says."""

    name: str
    table: str
    says: str


VIEWS: Final = (
    View("资金", "fact_money", "一笔资金:措施(measure)说明是下达、分解、安排、核拨、支付、报账等哪一种"),
    View("资金批次", "fact_tranche", "批次得到的一笔资金,及其来源"),
    View("项目", "fact_project", "项目的一次记载,同一项目以最后一行为准"),
    View("资金筹措", "fact_financing", "项目计划使用的一项资金"),
    View("进展", "fact_milestone", "项目或资产到达的一个环节"),
    View("资产", "fact_asset", "登记的一项资产及当时的原值"),
    View("资产变动", "fact_asset_state", "资产的类别、地点、价值、去留的一次变动"),
    View("权利", "fact_holding", "一项权利由一个权利人持有的份额,同一次设定的各行合为一体"),
    View("经营合同", "fact_contract", "合同的一次订立或变更"),
    View("收益", "fact_income", "一笔收款、收益、成本、分配或发放"),
    View("公示公告", "fact_notice", "一次公示涉及的一个对象"),
    View("整改问题", "fact_finding", "整改问题的一步"),
    View("拖欠", "fact_arrear", "一笔拖欠或清偿"),
    View("文件", "fact_document", "登记的一份文件,同一文号以最后一行为准"),
)
_HIDDEN: Final = frozenset({"line", "origin", "sign"})


def columns_of(view: View) -> list[str]:
    """Return the columns that are shown, in order."""
    return [column.name for column in metadata.tables[view.table].columns if column.name not in _HIDDEN]


def statement(scope: Scope, view: View) -> Select[Any]:
    """Return the select of the facts that stand, by position and line."""
    table = metadata.tables[view.table]
    again = table.alias()
    taken_back = (
        select(again.c.origin)
        .where(scope.happened(again))
        .group_by(again.c.origin, again.c.line)
        .having(func.sum(again.c.sign) <= 0)
    )
    shown = [table.c[name] for name in columns_of(view)]
    return (
        select(*shown)
        .where(table.c.position == table.c.origin, scope.within(table), table.c.origin.not_in(taken_back))
        .order_by(table.c.position, table.c.line)
    )


def rows_of(scope: Scope, view: View) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of a view."""
    for row in scope.connection.execute(statement(scope, view)):
        yield tuple(row)

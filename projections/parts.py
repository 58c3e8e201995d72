"""The parts of an area for records that belong to a place but to no project type: findings, arrears, submissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from projections.scope import Scope

__all__ = ["no_types", "only_areas", "part_of"]


def part_of(scope: Scope, area: str, town: str) -> str:
    """Return the part under which a record of this area and town is shown."""
    return town if scope.by == "town" else scope.current(area)


def no_types(scope: Scope) -> None:
    """Raise ValueRefusedError where a breakdown by type is asked of records that have none."""
    if scope.by == "type":
        raise ValueRefusedError(
            "report.no_types", "这张报表的记录不分项目类型,不能按类型分列", hint="请用 --by area 或 --by town"
        )


def only_areas(scope: Scope) -> None:
    """Raise ValueRefusedError where a breakdown by town or type is asked of what counties report as a whole."""
    if scope.by != "area":
        raise ValueRefusedError(
            "report.only_areas", "这张报表只能按地区分列:它的数据只到县级", hint="请用 --by area,或不填 --by"
        )

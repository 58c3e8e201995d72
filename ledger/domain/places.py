"""Where something is: an area known on the day, and a town within it where one is named."""

from __future__ import annotations

from datetime import date

from ledger.areas import AreaList
from ledger.errors import ValueRefusedError

__all__ = ["check_place"]


def check_place(areas: AreaList, on: date, area: str, town: str) -> None:
    """Refuse a place that does not exist on the day. Raises ValueRefusedError."""
    areas.get(area, on)
    if town:
        areas.get(town, on)
        if not town.startswith(area):
            raise ValueRefusedError("area.outside", f"{town} 不在 {area} 之内", hint="请核对乡镇的区划代码")

"""Where something is: an area known on the day, and a town and a village within it where they are named."""

from __future__ import annotations

from datetime import date

from ledger.areas import AreaList
from ledger.errors import ValueRefusedError

__all__ = ["check_place"]


def check_place(areas: AreaList, on: date, area: str, town: str, village: str = "") -> None:
    """Refuse a place that does not exist on the day. Raises ValueRefusedError."""
    for part, whole in ((area, ""), (town, area), (village, town or area)):
        if part:
            areas.get(part, on)
        if part and not part.startswith(whole):
            raise ValueRefusedError("area.outside", f"{part} 不在 {whole} 之内", hint="请核对乡镇、村的区划代码")

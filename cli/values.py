"""Values that a flag of the command line and a cell of a sheet are read from alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.characters import half_width, quoted
from ledger.dates import check_plan_year, parse_date, parse_moment
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = ["parse_day_or_moment", "parse_moment_or_position", "parse_year", "parse_yes_no"]

_DAY: Final = re.compile(r"[0-9]{4}(-[0-9]{1,2}-[0-9]{1,2}|[./年].*|[0-9]{4})")


def parse_year(text: str) -> int:
    """Return the plan year that ``text`` states, ``2024`` or ``2024年``. Raises ValueRefusedError."""
    plain = half_width(text).removesuffix("年")
    if not (plain.isascii() and plain.isdigit()):
        message = f"计划年度{quoted(text)}不是年份"
        raise ValueRefusedError("date.plan_year_out_of_range", message, hint="请填写四位年份,如 2024")
    return check_plan_year(int(plain[:9]))


def parse_yes_no(text: str) -> bool:
    """Return whether ``text`` says 是 or 否. Raises ValueRefusedError ``value.yes_no`` for anything else."""
    plain = half_width(text).lower()
    if plain in {"是", "yes", "y"}:
        return True
    if plain in {"否", "no", "n"}:
        return False
    raise ValueRefusedError("value.yes_no", f"{quoted(text)}不是“是”或“否”", hint="请填写 是 或 否")


def parse_moment_or_position(text: str) -> int | datetime:
    """Return a position (up to seven digits) or a moment; eight digits are a day. Raises ValueRefusedError."""
    plain = half_width(text)
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < len("20220408") else parse_moment(text)


def parse_day_or_moment(text: str) -> date | int | datetime:
    """Return a day where there is no time beside it, else what ``parse_moment_or_position`` says."""
    plain = half_width(text)
    return parse_date(plain) if _DAY.fullmatch(plain) and ":" not in plain else parse_moment_or_position(plain)

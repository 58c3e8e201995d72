"""What a contract makes due, as people type it: ``2025-09-01:184万元:回购款``, and of every year ``06-30,12-31``."""

from __future__ import annotations

from typing import Any, Final

from ledger.characters import half_width, quoted
from ledger.dates import parse_date
from ledger.errors import ValueRefusedError
from ledger.money import Unit, parse_positive_money

__all__ = ["parse_due", "parse_month_days"]

_KINDS: Final = {"租金": "rent", "收益": "rent", "本金": "principal", "回购款": "buy_back", "回购": "buy_back"}
_PARTS: Final = (2, 3)


def parse_due(text: str) -> dict[str, Any]:
    """Return the day, the fen and the kind of money of one due; rent where no kind is named.

    Raises:
        ValueRefusedError: not two or three parts, or a part that cannot be read.
    """
    parts = [part.strip() for part in half_width(text).split(":")]
    what = parts[-1] if len(parts) == max(_PARTS) else "rent"
    if len(parts) not in _PARTS or (what not in _KINDS and what not in _KINDS.values()):
        raise ValueRefusedError(
            "due.malformed",
            f"应收{quoted(text)}写法不对",
            hint="请写成 日期:金额[:租金|本金|回购款],如 2025-09-01:184万元:回购款",
        )
    amount = parse_positive_money(parts[1], Unit.YUAN)
    return {"on": parse_date(parts[0]), "amount_fen": amount, "what": _KINDS.get(what, what)}


def parse_month_days(text: str) -> tuple[str, ...]:
    """Return the days of every year that are named; the command reads each."""
    return tuple(part.strip() for part in half_width(text).replace("、", ",").split(",") if part.strip())

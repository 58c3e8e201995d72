"""Parts of a project's record as people type them: sources of money and performance targets.

``衔接资金:中央:50万元`` is 500,000 yuan of central transition money; ``受益户:120:户`` the target of 120 households.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError
from ledger.money import Unit, parse_positive_money

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["parse_all", "parse_financing", "parse_target"]

T = TypeVar("T")

_FINANCING = ("fund_kind", "level", "amount_fen")
_TARGET = ("indicator", "target", "unit")


def parse_financing(text: str) -> dict[str, Any]:
    """Return the kind, level and fen of one source; what kind and level mean is checked by the command.

    Raises:
        ValueRefusedError: not three parts, or the amount cannot be read.
    """
    kind, level, amount = _parts(text, len(_FINANCING), "资金筹措", "类别:级次:金额,如 衔接资金:中央:50万元")
    return dict(zip(_FINANCING, (kind, level, parse_positive_money(amount, Unit.YUAN)), strict=True))


def parse_target(text: str) -> dict[str, str]:
    """Return the indicator, value and unit of one target; the unit may be left out.

    Raises:
        ValueRefusedError: fewer than two parts.
    """
    parts = _parts(text, len(_TARGET) - 1, "绩效指标", "指标:值[:单位],如 受益户:120:户", more=1)
    return dict(zip(_TARGET, parts, strict=False))


def parse_all(text: str, parse: Callable[[str], T]) -> tuple[T, ...]:
    """Return the parts of one cell, parted by semicolons or line breaks. Raises ValueRefusedError."""
    return tuple(parse(part) for part in re.split(r"[;\n]", half_width(text)) if part.strip())


def _parts(text: str, fewest: int, what: str, form: str, more: int = 0) -> list[str]:
    parts = [part.strip() for part in half_width(text).split(":")]
    if not fewest <= len(parts) <= fewest + more or not all(parts[:fewest]):
        raise ValueRefusedError("record.malformed", f"{what}{quoted(text)}写法不对", hint=f"请写成 {form}")
    return parts

"""Kinds of payees as people type them: in a rule ``编号:名称:份额``, in a plan ``编号:金额``.

``posts:公益岗位:至少80%`` gives the public posts at least 80 % of the base, ``posts:8万元`` 80,000 yuan of a plan.
"""

from __future__ import annotations

from typing import Any, Final

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError
from ledger.money import Unit, parse_money

__all__ = ["parse_amount_line", "parse_least", "parse_share_line"]

_LEAST: Final = ("至少", "不低于", "≥", ">=")
_RULE: Final = ("payee", "name", "share")
_PLAN: Final = ("payee", "amount")


def parse_least(text: str) -> tuple[str, bool]:
    """Return the share of a text like ``至少80%`` or ``45%``, and whether it is the least; the command reads it."""
    plain = half_width(text)
    mark = next((each for each in _LEAST if plain.startswith(each)), "")
    return plain.removeprefix(mark).strip(), bool(mark)


def parse_share_line(text: str) -> dict[str, Any]:
    """Return payee, name, share and whether it is the least part, of one line of a rule.

    Raises:
        ValueRefusedError: not three parts.
    """
    parts = _parts(text, _RULE, "编号:名称:份额,如 posts:公益岗位:至少80%")
    share, floor = parse_least(parts["share"])
    return {**parts, "share": share, "floor": floor}


def parse_amount_line(text: str) -> dict[str, Any]:
    """Return payee and fen of one line of a plan.

    Raises:
        ValueRefusedError: not two parts, or the amount cannot be read.
    """
    parts = _parts(text, _PLAN, "编号:金额,如 posts:8万元")
    return {"payee": parts["payee"], "amount_fen": parse_money(parts["amount"], Unit.YUAN)}


def _parts(text: str, names: tuple[str, ...], form: str) -> dict[str, str]:
    parts = [part.strip() for part in half_width(text).split(":")]
    if len(parts) != len(names) or not all(parts):
        raise ValueRefusedError("payee.malformed", f"受益方{quoted(text)}写法不对", hint=f"请写成 {form}")
    return dict(zip(names, parts, strict=True))

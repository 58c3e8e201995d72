"""Dividing income by a rule, to the fen: what each payee gets, and whether given amounts follow the rule.

A line of a rule gives its payee an exact part of the base, or (``floor``) at least that part. Fen do not divide: a
floor is rounded up, so that it is truly met; the others share what is left by the largest remainder. Where the parts
make up less than the whole, the rest stays undistributed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

from ledger.domain.scheme import share_of
from ledger.events import RuleLine
from ledger.money import apportion, format_yuan

__all__ = ["departure", "divide"]


def divide(lines: Sequence[RuleLine], base_fen: int) -> dict[str, int]:
    """Return what the rule gives each payee of the base, in fen: floors at their least, together never more than it."""
    shares = [share_of(line) for line in lines]
    least = [ceil(base_fen * share) if line.floor else 0 for line, share in zip(lines, shares, strict=True)]
    rest = 1 - sum(shares, Fraction(0))
    weights = [Fraction(0) if line.floor else share for line, share in zip(lines, shares, strict=True)]
    left = base_fen - sum(least)
    if left < 0 or not any((*weights, rest)):
        # Floors make up the whole, or nearly: some must do without the part of a fen that does not exist.
        parts = apportion(base_fen, [*shares, rest])
    else:
        parts = [a + b for a, b in zip([*least, 0], apportion(left, [*weights, rest]), strict=True)]
    return {line.payee: part for line, part in zip(lines, parts, strict=False)}


def departure(lines: Sequence[RuleLine], base_fen: int, given: Mapping[str, int]) -> tuple[str, str]:
    """Say whether the amounts depart from the rule, as ``floor`` or ``ratio``, and where; two empty texts if not.

    A floor may be exceeded at the cost of the undistributed rest and of the other lines; nothing that the rule gives
    to its payees may be kept back. Amounts that differ by less than a fen from the exact part are right.
    """
    due = divide(lines, base_fen)
    for line in lines:
        fen, exact = given.get(line.payee, 0), base_fen * share_of(line)
        if line.floor and fen < due[line.payee]:
            return "floor", f"{line.name} {format_yuan(fen)} 元,按办法至少 {format_yuan(due[line.payee])} 元"
        if not line.floor and fen >= exact + 1:
            return "ratio", f"{line.name} {format_yuan(fen)} 元,按办法 {format_yuan(due[line.payee])} 元"
    if strangers := sorted(set(given) - set(due)):
        return "ratio", f"受益方 {'、'.join(strangers)} 不在办法之内"
    if sum(given.values()) < sum(due.values()):
        return "ratio", f"合计分配 {format_yuan(sum(given.values()))} 元,按办法 {format_yuan(sum(due.values()))} 元"
    return "", ""

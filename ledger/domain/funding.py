"""Money of a project, tranche by tranche.

Invariants (funds.md 7.2), for each tranche: paid ≤ released ≤ allocated, reimbursed ≤ allocated, and what is held back
as retention is allocated and unpaid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from ledger.events import (
    MoneyPaid,
    MoneyReimbursed,
    MoneyReleased,
    MoneyWithdrawn,
    PaymentRefunded,
    ProjectFunded,
    ReleaseReturned,
    RetentionHeld,
    RetentionReleased,
)
from ledger.money import format_yuan

__all__ = ["Funding", "MoneyEvent", "evolve_funding", "funding_contradiction"]

MoneyEvent = (
    ProjectFunded
    | MoneyWithdrawn
    | MoneyReleased
    | ReleaseReturned
    | MoneyPaid
    | PaymentRefunded
    | MoneyReimbursed
    | RetentionHeld
    | RetentionReleased
)
"""Every event of a project that moves money."""


@dataclass(frozen=True, slots=True)
class Funding:
    """Money of one tranche in a project, in fen, with the tranche's dimensions; amounts are net of what went back."""

    tranche: str
    plan_year: int
    fund_kind: str
    level: str
    direction: str
    first_on: date | None = None
    """The first day on which money was allocated."""
    released_on: date | None = None
    paid_on: date | None = None
    """The first day on which money was paid."""
    allocated_fen: int = 0
    released_fen: int = 0
    paid_fen: int = 0
    reimbursed_fen: int = 0
    retained_fen: int = 0
    freed_fen: int = 0
    """Retention that was held once and may be paid now."""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is left of the tranche in the project."""
        return not (
            self.allocated_fen or self.released_fen or self.paid_fen or self.reimbursed_fen or self.retained_fen
        )

    @property
    def payable_fen(self) -> int:
        """Return what may still be paid: released, unpaid and not held back."""
        return min(self.released_fen, self.allocated_fen - self.retained_fen) - self.paid_fen

    @property
    def recoverable_fen(self) -> int:
        """Return what may go back when money that was released and not paid comes back first."""
        return self.allocated_fen - max(self.reimbursed_fen, self.paid_fen + self.retained_fen)

    @property
    def withdrawable_fen(self) -> int:
        """Return what may go back to the tranche: allocated and neither released, reimbursed nor held back."""
        return min(self.recoverable_fen, self.allocated_fen - self.released_fen)

    def dimensions(self) -> dict[str, Any]:
        """Return the fund dimensions that each money event writes down."""
        return {
            "tranche": self.tranche,
            "plan_year": self.plan_year,
            "fund_kind": self.fund_kind,
            "level": self.level,
            "direction": self.direction,
        }


def evolve_funding(lines: Mapping[str, Funding], event: MoneyEvent) -> Mapping[str, Funding]:
    """Return the lines after one more event; a line of which nothing is left disappears."""
    line = lines.get(event.tranche) or Funding(
        event.tranche, event.plan_year, event.fund_kind, event.level, event.direction
    )
    line = _moved(line, event)
    kept = {**lines, line.tranche: line}
    if line.is_empty:
        del kept[line.tranche]
    return MappingProxyType(kept)


def _moved(line: Funding, event: MoneyEvent) -> Funding:
    fen = event.amount_fen
    match event:
        case ProjectFunded():
            first = min(line.first_on or event.effective_on, event.effective_on)
            return replace(line, first_on=first, allocated_fen=line.allocated_fen + fen)
        case MoneyWithdrawn():
            return replace(line, allocated_fen=line.allocated_fen - fen)
        case MoneyReleased():
            first = min(line.released_on or event.effective_on, event.effective_on)
            return replace(line, released_on=first, released_fen=line.released_fen + fen)
        case ReleaseReturned():
            return replace(line, released_fen=line.released_fen - fen)
        case MoneyPaid():
            first = min(line.paid_on or event.effective_on, event.effective_on)
            return replace(line, paid_on=first, paid_fen=line.paid_fen + fen)
        case PaymentRefunded():
            return replace(line, paid_fen=line.paid_fen - fen)
        case MoneyReimbursed():
            return replace(line, reimbursed_fen=line.reimbursed_fen + fen)
        case RetentionHeld():
            return replace(line, retained_fen=line.retained_fen + fen)
        case RetentionReleased():
            return replace(line, retained_fen=line.retained_fen - fen, freed_fen=line.freed_fen + fen)


def funding_contradiction(code: str, lines: Mapping[str, Funding]) -> str:
    """Say which line contradicts itself (after a correction), or return an empty text."""
    for line in lines.values():
        ordered = 0 <= line.paid_fen <= line.released_fen <= line.allocated_fen
        if not ordered or line.withdrawable_fen < 0 or line.retained_fen < 0:
            return (
                f"项目“{code}”来自批次“{line.tranche}”的资金将变为:安排 {format_yuan(line.allocated_fen)},"
                f"核拨 {format_yuan(line.released_fen)},支付 {format_yuan(line.paid_fen)},"
                f"报账 {format_yuan(line.reimbursed_fen)},质保金 {format_yuan(line.retained_fen)} 元"
            )
    return ""

"""What ``verify`` has to say: findings are values, so one damaged place never hides another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["Finding", "Findings", "Kind"]

Kind: TypeAlias = Literal[
    "content", "gap", "order", "batch", "checkpoint", "node", "schema", "truncation", "structure", "journal"
]

_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the log is not what it claims.

    ``position`` is the event concerned (None: the ledger as a whole); ``expected`` and ``found`` are for programs and
    may be empty; ``message`` is Chinese and complete.
    """

    position: int | None
    kind: Kind
    expected: str
    found: str
    message: str


class Findings:
    """Collects findings; keeps the first thousand of them, so that a destroyed ledger cannot fill the memory."""

    def __init__(self) -> None:
        self.total = 0
        self._kept: list[Finding] = []

    def add(self, kind: Kind, position: int | None, message: str, *, expected: object = "", found: object = "") -> None:
        """Note one finding."""
        self.total += 1
        if len(self._kept) < _KEPT:
            self._kept.append(Finding(position, kind, str(expected), str(found), message))

    def in_order(self) -> list[Finding]:
        """Return the kept findings, the lowest position first, those about no position last."""
        return sorted(self._kept, key=lambda one: (one.position is None, one.position or 0))

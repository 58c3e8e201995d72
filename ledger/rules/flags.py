"""What a rule pack says of red flags (疑点), as plain values: which are raised, how grave they are, from what on.

What a flag looks for is written in ``projections.flags``; every number it looks with stands here as data. Source:
funds.md 8.2 and assets.md 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from ledger.rules.table import Table

__all__ = ["FLAG_PARAMETERS", "SEVERITIES", "FlagRule", "Severity", "read_flag"]

Severity = Literal["serious", "attention", "hint"]
"""How grave: against a rule or an invariant, a likely fault, or worth a look."""

SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)

_MOST: Final = 10**15  # the largest amount in fen that an event can carry

_OWN: Final[dict[str, tuple[str, ...]]] = {
    "R2": ("days",),
    "R3": ("margin_points",),
    "R4": ("days",),
    "R7": ("days",),
    "R8": ("margin_points",),
    "R9": ("advance_percent",),
    "R10": ("percent",),
    "R12": ("percent",),
    "R16": ("similar_percent", "years"),
    "R17": ("days", "line_fen"),
    "R18": ("bulk",),
    "R19": ("days",),
    "R20": ("months",),
    "R26": ("grace_days",),
    "R29": ("days",),
    "R30": ("days",),
    "R34": ("percent", "whole_payments"),
    "R35": ("days",),
    "RF01": ("days",),
    "RF02": ("days",),
    "RF04": ("tolerance_percent",),
    "RF05": ("months",),
    "RF07": ("days",),
    "RF08": ("line_fen",),
    "RF11": ("percent", "median_percent"),
    "RF15": ("percent", "asset_words", "payee_words"),
    "RF16": ("tolerance_fen",),
    "RF19": ("words",),
    "RF24": ("days",),
    "RF27": ("days", "line_fen"),
    "RF30": ("guarantee_words", "account_words"),
    "RF32": ("days",),
}

FLAG_PARAMETERS: Final[dict[str, tuple[str, ...]]] = {
    each: _OWN.get(each, ()) for each in (*(f"R{n}" for n in range(1, 36)), *(f"RF{n:02}" for n in range(1, 38)))
}
"""The flags there are, each with its own parameters: those whose names end in ``words`` are texts parted by blanks."""


@dataclass(frozen=True, slots=True)
class FlagRule:
    """One flag in one jurisdiction; ``on`` false switches it off there."""

    id: str
    name: str
    severity: Severity
    on: bool
    parameters: tuple[tuple[str, int | str], ...]
    jurisdiction: str
    source: str


def read_flag(table: Table) -> FlagRule:
    """Read a flag; its parameters must be exactly those that it looks with."""
    name = table.choice("id", FLAG_PARAMETERS)
    given = table.inner("parameters")
    rule = FlagRule(
        id=name,
        name=table.text("name"),
        severity=cast("Severity", table.choice("severity", SEVERITIES)),
        on=table.flag("on", default=True),
        parameters=tuple(
            (each, given.text(each) if each.endswith("words") else given.whole(each, 0, _MOST))
            for each in FLAG_PARAMETERS[name]
        ),
        jurisdiction=table.jurisdiction(),
        source=table.text("source"),
    )
    given.done()
    return rule

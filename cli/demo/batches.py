"""What a clerk submits: batches of commands, one for each document or monthly import, recorded in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ledger.application import Submission
from ledger.domain.control import AdoptRules, OpenLedger, ReverseEvent
from ledger.rules import shipped_packs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ledger.application import Ledger
    from ledger.domain.command import Command

__all__ = ["Batch", "Correction", "Submitted", "opening", "record"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Commands submitted together; ``key`` names the batch within its ledger and makes a repetition harmless."""

    key: str
    command: str
    document: str
    commands: tuple[Command, ...]
    actor: str = "演示录入员"


@dataclass(frozen=True, slots=True)
class Correction:
    """The approved reversal of the first event of an earlier batch, whose position is known only once recorded."""

    key: str
    mistaken: str
    on: date
    document: str
    reason: str
    actor: str = "演示复核员"


Submitted: TypeAlias = Batch | Correction


def opening(area: str, name: str, origin: str, on: date, adopted_on: date) -> Batch:
    """Return the first batch of a ledger: it is opened and adopts the shipped rules."""
    commands = (
        OpenLedger.of(on=on, area=area, name=name, origin=origin),
        AdoptRules.of(on=adopted_on, text=shipped_packs()["base"]),
    )
    return Batch("opening", "init", "", commands)


def record(ledger: Ledger, batches: Iterable[Submitted]) -> int:
    """Record the batches in order and return the last position.

    Raises:
        LedgerError: a batch was refused; the batches before it stay recorded.
    """
    firsts: dict[str, int] = {}
    position = 0
    for batch in batches:
        commands = batch.commands if isinstance(batch, Batch) else (_reversal(batch, firsts[batch.mistaken]),)
        verb = batch.command if isinstance(batch, Batch) else "correct undo"
        receipt = ledger.execute(commands, Submission(batch.actor, verb, batch.document, batch.key)).receipt
        firsts[batch.key], position = receipt.first, receipt.last
    return position


def _reversal(correction: Correction, position: int) -> Command:
    return ReverseEvent.of(on=correction.on, document=correction.document, reason=correction.reason, position=position)

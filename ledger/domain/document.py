"""A document: its number stands for one document, and issues money once for each purpose.

Source: funds.md 7.1. One indicator document may issue several tranches, but not twice for the same area, kind of fund,
level and task direction: that is how the same money gets entered twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from ledger.domain.history import misplaced
from ledger.domain.tranche import IssueTranche, Tranche
from ledger.errors import RuleRefusedError
from ledger.events import DocumentRegistered, DocumentUsed, Event
from ledger.money import format_yuan

__all__ = ["Document", "decide_use", "evolve_document", "purpose_of"]


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document number."""

    number: str = ""
    issuer: str = ""
    dated: date | None = None
    uses: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The tranche issued last for each purpose."""


def evolve_document(state: Document, event: Event) -> Document:
    """Return the state after one more event."""
    match event:
        case DocumentRegistered():
            uses = MappingProxyType({event.purpose: event.tranche} if event.tranche else {})
            return Document(event.number, event.issuer, event.dated, uses)
        case DocumentUsed():
            return replace(state, uses=MappingProxyType({**state.uses, event.purpose: event.tranche}))
        case _:
            raise misplaced(event)


def purpose_of(command: IssueTranche) -> str:
    """Say what the money is issued for, as the key under which a document may issue it once."""
    ahead = "advance" if command.advance else "final"
    parts = (command.area, str(command.plan_year), command.fund_kind, command.level, command.direction, ahead)
    return "/".join(parts)


def decide_use(state: Document, earlier: Tranche, command: IssueTranche) -> list[Event]:
    """Register the document at its first use, or note one more use; ``earlier`` is the tranche it issued for this.

    Raises:
        RuleRefusedError: the number stands for another issuer or date, or issued money for the same purpose before.
    """
    number, dated, purpose = command.document, command.issued_on or command.on, purpose_of(command)
    if not state.number:
        return [
            DocumentRegistered(
                effective_on=dated,
                document=number,
                number=number,
                issuer=command.issuer,
                dated=dated,
                tranche=command.tranche,
                purpose=purpose,
            )
        ]
    if (state.issuer, state.dated) != (command.issuer, dated):
        raise RuleRefusedError(
            "document.other_content",
            f"文号“{number}”已登记为 {state.issuer} {state.dated} 的文件,本次却写作 {command.issuer} {dated}",
            hint="请核对文号、发文单位和发文日期;同一文号只能对应一份文件",
            rule="一个文号只对应一份文件",
        )
    if earlier.exists and not command.reason:
        raise RuleRefusedError(
            "document.used_twice",
            f"文号“{number}”已为同一地区、级次和任务方向下达过资金:批次“{earlier.tranche}”"
            f" {format_yuan(earlier.arrived_fen)} 元,本次批次“{command.tranche}” {format_yuan(command.amount_fen)} 元",
            hint="同一笔资金请勿重复登记;确为另一笔的,用 --reason 说明",
            rule="一份文件对同一用途只下达一次",
        )
    return [
        DocumentUsed(
            effective_on=command.on,
            document=number,
            reason=command.reason,
            number=number,
            tranche=command.tranche,
            purpose=purpose,
        )
    ]

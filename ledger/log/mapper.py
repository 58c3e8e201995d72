"""Between the events of this ledger and the stored events of the eventsourcing library, through the closed registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventsourcing.persistence import Mapper, StoredEvent
from typing_extensions import override

from ledger.errors import TamperedError
from ledger.events import Event, registry

if TYPE_CHECKING:
    from eventsourcing.domain import DomainEventProtocol

__all__ = ["Envelope", "EventMapper"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event with its place in its stream, as the library's interfaces want it."""

    originator_id: str
    originator_version: int
    event: Event


class EventMapper(Mapper[str]):
    """Encodes and decodes through the registry alone: no text from a database ever reaches an import."""

    @override
    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """Return the stored form of an envelope."""
        if not isinstance(domain_event, Envelope):
            message = f"only envelopes of ledger events are stored, not {type(domain_event).__name__}"
            raise TypeError(message)
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.event.TOPIC,
            state=registry.encode(domain_event.event),
        )

    @override
    def to_domain_event(self, stored_event: StoredEvent) -> Envelope:
        """Return the envelope of a stored event. Raises TamperedError."""
        event = registry.decode(stored_event.topic, stored_event.state)
        stream = str(stored_event.originator_id)
        if event.stream != stream:
            raise TamperedError(
                "event.misplaced",
                f"类型为“{event.TOPIC}”的事件出现在不该出现的序列“{stream}”中",
                hint="运行 xianjie audit verify 查明账本是否被改动",
            )
        return Envelope(stream, stored_event.originator_version, event)

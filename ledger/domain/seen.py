"""The hash of what somebody saw: of the events that commands lead to, without what depends on where they will stand.

Two decisions of the same commands give the same hash exactly when they lead to the same events. Ids that tie two
events together are made of a position (``M123``); they are numbered here in the order in which they appear.
"""

from __future__ import annotations

from hashlib import sha256

from ledger.events import Event, registry

__all__ = ["SeenHash"]


class SeenHash:
    """Takes events in order; SHA-256 over their framed topics and stored bytes. Constant memory but for the links."""

    def __init__(self) -> None:
        self._digest = sha256(b"xianjie seen 1\n")
        self._links: dict[str, str] = {}

    def take(self, event: Event, state: bytes) -> None:
        """Add the next event; ``state`` is what ``registry.encode`` makes of it."""
        seen = self._placeless(event) if event.link else event
        for part in (event.TOPIC.encode(), state if seen is event else registry.encode(seen)):
            self._digest.update(len(part).to_bytes(8))
            self._digest.update(part)

    def hexdigest(self) -> str:
        """Return the hash of the events so far, 64 hexadecimal digits."""
        return self._digest.hexdigest()

    def _placeless(self, event: Event) -> Event:
        link = event.link
        tying = [name for name in type(event).model_fields if name.endswith("_id") and getattr(event, name) == link]
        if not tying:
            return event
        number = self._links.setdefault(link, f"#{len(self._links) + 1}")
        return event.model_copy(update=dict.fromkeys(tying, number))

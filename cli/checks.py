"""Checks over the decoded events, after their bytes were verified: they are read by this program's own classes.

Every event decodes and stands in its own stream; every movement of money has both its legs, with the same amount, in
the same batch. Constant memory: a page of events at a time, and the open movements of one batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.database import read_transaction
from ledger.errors import LedgerError
from ledger.events import EventReversed, registry
from ledger.log.reading import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from ledger.events import Event
    from ledger.log.reading import Row

__all__ = ["Contradiction", "contradictions"]

_PAGE: Final = 2_000


class Contradiction(NamedTuple):
    """A place where what the events say cannot be right, though their bytes are as they were recorded."""

    position: int
    kind: str
    message: str


def contradictions(engine: Engine) -> Iterator[Contradiction]:
    """Yield what is wrong with the events of the whole log, in order. Raises StorageError."""
    legs = _Legs()
    with read_transaction(engine) as connection:
        done = 0
        while rows := read_page(connection, done, _PAGE):
            for row in rows:
                yield from legs.of_earlier_batches(row.batch)
                yield from _check(row, legs)
            done = rows[-1].position
    yield from legs.of_earlier_batches(None)


def _check(row: Row, legs: _Legs) -> Iterator[Contradiction]:
    try:
        event = registry.decode(row.topic, row.state)
        if isinstance(event, EventReversed):
            legs.take(row.position, registry.decode(event.reversed_topic, event.reversed_state.encode()), -1)
        else:
            legs.take(row.position, event, 1)
    except LedgerError as error:
        yield Contradiction(row.position, "event", f"第 {row.position} 号记录:{error.message}")
        return
    if event.stream != row.stream:
        message = f"第 {row.position} 号记录:内容属于 {event.stream},却记在 {row.stream}"
        yield Contradiction(row.position, "stream", message)


class _Legs:
    """The movements of one batch whose other leg has not come yet: net fen out, and where they began."""

    def __init__(self) -> None:
        self._batch: int | None = None
        self._open: dict[str, tuple[int, int]] = {}

    def take(self, position: int, event: Event, sign: int) -> None:
        """Count one leg; a movement whose legs meet is forgotten."""
        if not event.link or not event.LEG:
            return
        begun, net = self._open.pop(event.link, (position, 0))
        net += sign * event.LEG * int(getattr(event, "amount_fen", 0))
        if net:
            self._open[event.link] = begun, net

    def of_earlier_batches(self, batch: int | None) -> Iterator[Contradiction]:
        """Yield the movements that the batch before this one left with one leg."""
        if batch == self._batch:
            return
        for link, (position, net) in self._open.items():
            message = f"第 {position} 号记录:资金流转 {link} 的转出与转入相差 {abs(net)} 分"
            yield Contradiction(position, "legs", message)
        self._open.clear()
        self._batch = batch

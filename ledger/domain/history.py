"""Rules that hold for every history: reversed events do not count, and effects do not come before their causes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from ledger.errors import RuleRefusedError, TamperedError
from ledger.events import Event, EventReversed

__all__ = ["fold", "live", "misplaced", "not_before"]

S = TypeVar("S")


def live(events: Sequence[Event]) -> list[Event]:
    """Return the events of one stream that still count: neither reversed nor themselves reversals."""
    gone = {event.reversed_version for event in events if isinstance(event, EventReversed)}
    return [
        event
        for version, event in enumerate(events, start=1)
        if version not in gone and not isinstance(event, EventReversed)
    ]


def fold(evolve: Callable[[S, Event], S], start: S, events: Iterable[Event]) -> S:
    """Return the state that the events lead to."""
    state = start
    for event in events:
        state = evolve(state, event)
    return state


def misplaced(event: Event) -> TamperedError:
    """Say that an event stands in a stream in which it has no meaning."""
    return TamperedError(
        "event.misplaced",
        f"类型为“{event.TOPIC}”的事件出现在不该出现的序列中",
        hint="运行 xianjie audit verify 查明账本是否被改动",
    )


def not_before(on: date, earlier: date | None, *, what: str, cause: str, reason: str) -> None:
    """Refuse a date before the thing it depends on, unless a reason was given.

    Raises:
        RuleRefusedError: ``on`` lies before ``earlier`` and ``reason`` is empty.
    """
    if earlier is not None and on < earlier and not reason:
        raise RuleRefusedError(
            "date.before_cause",
            f"{what}日期 {on} 早于{cause}日期 {earlier}",
            hint="请核对日期;确属补记的,用 --reason 说明原因",
            rule="先后次序",
        )

"""Reverse a recorded event: with its other half, and only if what remains still makes sense."""

from __future__ import annotations

from ledger.commands.remaining import Remaining, needed_later
from ledger.commands.work import Work
from ledger.domain.control import Recorded, ReverseBatch, ReverseEvent, decide_reverse, decide_reverse_batch
from ledger.errors import NeededLaterError
from ledger.events import EventReversed, streams

__all__ = ["reverse", "reverse_batch", "with_other_half"]


def reverse(work: Work, command: ReverseEvent) -> None:
    """Reverse the event at a position and the event linked to it.

    Raises:
        NotFoundError: no event at that position.
        RuleRefusedError: not reversible or reversed already.
        NeededLaterError: something recorded later depends on it; ``later`` says what, in the order to reverse it.
    """
    found = work.recorded_at(command.position)
    halves = with_other_half(work, found) if found else []
    already = any(_is_reversed(work, each) for each in halves)
    events = decide_reverse(halves, command, already)
    remaining = Remaining(work, lambda recorded: with_other_half(work, recorded))
    if problem := remaining.without(halves):
        raise _needed(f"第 {command.position} 号记录", problem, needed_later(remaining, halves))
    work.record(events)


def reverse_batch(work: Work, command: ReverseBatch) -> None:
    """Reverse what still counts of a batch, all at once: its entries may rest on one another, but no later one on them.

    Raises:
        RuleRefusedError: nothing is left, something is not reversible, or without reason or document.
        NeededLaterError: something recorded after the batch depends on it; ``later`` says what.
    """
    remaining = Remaining(work, lambda recorded: with_other_half(work, recorded))
    span = [work.recorded_at(position) for position in range(command.first, command.last + 1)]
    living = {stream: remaining.positions(stream) for stream in {each.stream for each in span if each}}
    events = decide_reverse_batch([each for each in span if each and each.position in living[each.stream]], command)
    reversed_ = {event.reversed_position for event in events if isinstance(event, EventReversed)}
    entries = [each for each in span if each and each.position in reversed_]
    if problem := remaining.without(entries):
        batch = f"第 {command.first}-{command.last} 号这一批记录"
        raise _needed(batch, problem, needed_later(remaining, entries))
    work.record(events)


def _needed(asked: str, problem: str, later: list[int]) -> NeededLaterError:
    order = "、".join(f"第 {position} 号" for position in later)
    error = NeededLaterError(
        "correction.needed_later",
        f"不能冲销{asked}:{problem}",
        hint=f"请按这个次序先冲销依赖它的后续记录:{order}" if later else "请先冲销依赖它的后续记录",
    )
    error.later = tuple(later)
    return error


def with_other_half(work: Work, found: Recorded) -> list[Recorded]:
    """Return an entry with those recorded together with it, in the order of recording."""
    if not found.event.partner:
        return [found]
    if found.stream.partition(":")[0] in ("asset", "right", "contract"):
        return _with_its_rights(work, found)
    others = [each for each in work.recorded_in(found.event.partner) if each.event.link == found.event.link]
    return sorted([found, *others], key=lambda each: each.position)


def _with_its_rights(work: Work, found: Recorded) -> list[Recorded]:
    """Follow the link from asset to asset, or from contract to contract, and to the rights of each asset."""
    waiting, seen, halves = [found.stream], set[str](), list[Recorded]()
    while waiting:
        stream = waiting.pop()
        if stream in seen:
            continue
        seen.add(stream)
        linked = [each for each in work.recorded_in(stream) if each.event.link == found.event.link]
        halves += linked
        waiting += [partner for each in linked for partner in each.event.partners]
        kind, _, code = stream.partition(":")
        if kind == "asset":
            waiting.append(streams.right(code))
    return sorted(halves, key=lambda each: each.position)


def _is_reversed(work: Work, recorded: Recorded) -> bool:
    return any(
        isinstance(each.event, EventReversed) and each.event.reversed_version == recorded.version
        for each in work.recorded_in(recorded.stream)
    )

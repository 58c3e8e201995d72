"""What would remain of the ledger without some entries: whether it makes sense, and what rests on them.

An entry may only be reversed while what remains of its stream does not contradict itself. Where it would, the later
entries that rest on it are found by trying: take away the newest of the stream until the rest agrees, follow each to
its other half, and give back whatever need not go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from ledger.commands.work import ARREAR, ASSET, CONTRACT, FINDING, PROJECT, RIGHTS, SCHEME, TRANCHE, Kind, Work
from ledger.domain.arrear import arrear_contradiction
from ledger.domain.asset import asset_contradiction
from ledger.domain.contract import contract_contradiction
from ledger.domain.control import Recorded
from ledger.domain.finding import finding_contradiction
from ledger.domain.history import fold
from ledger.domain.project import project_contradiction
from ledger.domain.scheme import scheme_contradiction
from ledger.domain.tranche import tranche_contradiction
from ledger.events import EventReversed, PerformanceEvaluated, streams

__all__ = ["Remaining", "needed_later"]

S = TypeVar("S")

_MOST_TRIED = 40  # giving back is tried one by one; beyond this the list may name more than is strictly needed

_CHECKS: dict[str, tuple[Kind[Any], Any]] = {
    "tranche": (TRANCHE, tranche_contradiction),
    "project": (PROJECT, project_contradiction),
    "asset": (ASSET, asset_contradiction),
    "finding": (FINDING, finding_contradiction),
    "arrear": (ARREAR, arrear_contradiction),
    "contract": (CONTRACT, contract_contradiction),
    "scheme": (SCHEME, scheme_contradiction),
}


class Remaining:
    """The ledger without the entries taken away so far; the ledger itself is only read."""

    def __init__(self, work: Work, halves_of: Callable[[Recorded], list[Recorded]]) -> None:
        """Begin with everything in its place; ``halves_of`` names the entries that go together with one."""
        self._work = work
        self._recorded: dict[str, list[Recorded]] = {}
        self.halves_of = halves_of
        self.gone: set[int] = set()

    def without(self, halves: Sequence[Recorded]) -> str:
        """Take entries away and return what then contradicts itself, or nothing."""
        self.gone |= {each.position for each in halves}
        # Entries of one topic in one stream leave the same behind: a batch may have thousands of them.
        places = {(each.stream, each.topic): each for each in halves}
        return next(filter(None, map(self.problem_at, places.values())), "")

    def positions(self, stream: str) -> frozenset[int]:
        """Return the positions of the entries of a stream that would still count."""
        return frozenset(each.position for each in self.living(stream))

    def living(self, stream: str) -> list[Recorded]:
        """Return the entries of a stream that would still count."""
        if stream not in self._recorded:
            self._recorded[stream] = self._work.recorded_in(stream)
        recorded = self._recorded[stream]
        undone = {each.event.reversed_version for each in recorded if isinstance(each.event, EventReversed)}
        return [
            each
            for each in recorded
            if each.version not in undone
            and each.position not in self.gone
            and not isinstance(each.event, EventReversed)
        ]

    def problem_at(self, recorded: Recorded) -> str:
        """Return the contradiction in the stream of an entry that was taken away, or nothing."""
        kind_name, _, code = recorded.stream.partition(":")
        if kind_name in _CHECKS:
            kind, contradiction = _CHECKS[kind_name]
            if problem := contradiction(code, self._state(kind, code)):
                return str(problem)
        if recorded.topic in ("asset.identified", "asset.split_off") and self._state(RIGHTS, code).since:
            return f"资产“{code}”已登记权利"
        if recorded.topic == "asset.confirmed" and "ownership" in self._state(RIGHTS, code).since:
            return f"资产“{code}”确权后又变更过所有权"
        if recorded.topic == "project.started" and self._is_evaluated(recorded.stream):
            return f"项目“{code}”将未开工,却已登记绩效评价"
        return ""

    def newest_after(self, recorded: Recorded, last: int) -> Recorded | None:
        """Return the newest entry after position ``last`` that may rest on one: in its stream or its asset's rights."""
        kind_name, _, code = recorded.stream.partition(":")
        looked_in = [recorded.stream, *([streams.right(code)] if kind_name == "asset" else [])]
        later = [each for stream in looked_in for each in self.living(stream) if each.position > last]
        return max(later, key=lambda each: each.position, default=None)

    def _state(self, kind: Kind[S], code: str) -> S:
        return fold(kind.evolve, kind.start, [each.event for each in self.living(kind.stream(code))])

    def _is_evaluated(self, stream: str) -> bool:
        return any(isinstance(each.event, PerformanceEvaluated) for each in self.living(stream))


def needed_later(remaining: Remaining, halves: Sequence[Recorded]) -> list[int]:
    """Return the positions to reverse before ``halves``, in that order; empty where no order was found.

    Two halves of one movement are named once, by the later of them.
    """
    remaining.gone.clear()
    order: list[list[Recorded]] = []
    if not _take_away(remaining, halves, order):
        return []
    groups = order[:-1]  # the last one is what was asked for
    if len(groups) <= _MOST_TRIED:
        for group in reversed(groups):  # the oldest first: it does not rest on what came after it
            fewer = [each for each in groups if each is not group]
            if _agrees(remaining, [*fewer, halves]):
                groups = fewer
    return [max(each.position for each in group) for group in groups]


def _take_away(remaining: Remaining, halves: Sequence[Recorded], order: list[list[Recorded]]) -> bool:
    """Take away whatever rests on entries, then the entries; ``order`` grows by what went, first to last."""
    stays = set(remaining.gone)
    last = max(each.position for each in halves)  # what goes together does not rest on itself
    while remaining.without(halves):
        resting = (remaining.newest_after(each, last) for each in halves if remaining.problem_at(each))
        newest = next(filter(None, resting), None)
        remaining.gone = set(stays)  # what rests on them is judged while they are still in place
        if newest is None or not _take_away(remaining, remaining.halves_of(newest), order):
            return False
        stays = set(remaining.gone)
    order.append(list(halves))
    return True


def _agrees(remaining: Remaining, groups: Iterable[Sequence[Recorded]]) -> bool:
    """Tell whether entries can go one group after the other without a contradiction on the way."""
    remaining.gone.clear()
    return not any(remaining.without(group) for group in groups)

"""The fewest projects that together can take a sum of money, and how much of each tranche goes to each of them.

Pure arithmetic on fen: which tranche may fund which project is decided before, by the rules.
"""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import combinations, pairwise
from math import comb
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Proposal", "Taker", "propose"]

_MOST_TRIALS: Final = 2_000
"""How many sets of one size are tried before the search is content with a good one: about a second."""


class Taker(NamedTuple):
    """A project that can take ``room_fen`` out of the tranches in ``sources``."""

    project: str
    room_fen: int
    sources: frozenset[str]


class Proposal(NamedTuple):
    """Moves from tranche to project with their fen; ``smallest`` says whether no smaller set of projects would do.

    ``moved_fen`` is what was needed, or the most that can be moved.
    """

    moves: tuple[tuple[str, str, int], ...]
    moved_fen: int
    smallest: bool


class _Best(NamedTuple):
    """The most fen that so many projects can take, which ones, and whether no other set of that size takes more."""

    fen: int
    chosen: tuple[Taker, ...]
    proven: bool


def propose(need_fen: int, left: Mapping[str, int], takers: Sequence[Taker]) -> Proposal:
    """Return the moves to the fewest projects that take ``need_fen`` out of what is ``left`` of each tranche.

    Tranches and projects that no fit connects are separate pools. In one pool of which every tranche fits every
    project, k projects take at most the sum of the k largest rooms, and at most what is left: the k projects with the
    largest rooms reach that bound, so no other k take more. Where tranches fit only some projects, the same bound is
    tried first, then every set of that size, and beyond ``_MOST_TRIALS`` of them the set that grew best. The pools'
    best sets of each size are then put together in the best way.
    """
    together = [_Best(0, (), proven=True)]
    for pool in _pools(takers):
        together = _joined(together, _curve(need_fen, left, pool), need_fen)
    enough = next((best for best in together if best.fen >= need_fen), together[-1])
    number = together.index(enough)
    moves = _fill(left, sorted(enough.chosen, key=lambda taker: -_cap(left, taker)), need_fen)
    return Proposal(
        tuple((source, project, fen) for (source, project), fen in moves.items()),
        sum(moves.values()),
        all(best.proven for best in together[:number]),
    )


def _pools(takers: Sequence[Taker]) -> list[list[Taker]]:
    """Return the takers in groups that share no tranche, each with the largest room first."""
    pools: list[tuple[set[str], list[Taker]]] = []
    for taker in sorted(takers, key=lambda taker: (-taker.room_fen, taker.project)):
        apart = [pool for pool in pools if not pool[0] & taker.sources]
        touched = [pool for pool in pools if pool[0] & taker.sources]
        sources = taker.sources.union(*(pool[0] for pool in touched))
        members = [member for pool in touched for member in pool[1]]
        pools = [*apart, (set(sources), [*members, taker])]
    return [sorted(members, key=lambda taker: (-taker.room_fen, taker.project)) for _, members in pools]


def _curve(need_fen: int, left: Mapping[str, int], pool: list[Taker]) -> list[_Best]:
    """Return the best set of each size, from none up to as many as bring more."""
    most = min(need_fen, _taken(left, pool, need_fen))
    ranked = sorted(pool, key=lambda taker: (-_cap(left, taker), taker.project))
    available = sum(left[source] for source in frozenset[str]().union(*(taker.sources for taker in pool)))
    curve = [_Best(0, (), proven=True)]
    while curve[-1].fen < most:
        size = len(curve)
        bound = min(available, need_fen, sum(_cap(left, taker) for taker in ranked[:size]))
        curve.append(_best_of(size, bound, left, ranked, need_fen=need_fen, before=curve[-1].chosen))
    return curve


def _best_of(
    size: int, bound: int, left: Mapping[str, int], ranked: list[Taker], *, need_fen: int, before: tuple[Taker, ...]
) -> _Best:
    """Return the best set of a size: the largest rooms if they reach the bound, else what a search finds."""
    largest = tuple(ranked[:size])
    best = _Best(_taken(left, largest, need_fen), largest, proven=False)
    exhaustive = comb(len(ranked), size) <= _MOST_TRIALS
    grown = ((*before, taker) for taker in ranked if taker not in before)
    for chosen in combinations(ranked, size) if exhaustive else grown:
        if best.fen == bound:
            break
        fen = _taken(left, chosen, need_fen)
        if fen > best.fen:
            best = _Best(fen, chosen, proven=False)
    return best._replace(proven=exhaustive or best.fen == bound)


def _joined(one: list[_Best], other: list[_Best], need_fen: int) -> list[_Best]:
    """Return the best set of each size out of two pools, up to the first that is enough."""
    joined: list[_Best] = []
    for size in range(len(one) + len(other) - 1):
        splits = range(max(0, size - len(other) + 1), min(size, len(one) - 1) + 1)
        first, second = max(((one[n], other[size - n]) for n in splits), key=lambda pair: pair[0].fen + pair[1].fen)
        proven = all(one[n].proven and other[size - n].proven for n in splits)
        joined.append(_Best(first.fen + second.fen, first.chosen + second.chosen, proven))
        if joined[-1].fen >= need_fen:
            break
    return joined


def _cap(left: Mapping[str, int], taker: Taker) -> int:
    return min(taker.room_fen, sum(left[source] for source in taker.sources))


def _taken(left: Mapping[str, int], takers: Sequence[Taker], need_fen: int) -> int:
    return sum(_fill(left, takers, need_fen).values())


def _fill(left: Mapping[str, int], takers: Sequence[Taker], need_fen: int) -> dict[tuple[str, str], int]:
    """Return the fen that go from each tranche to each taker: as much as is needed, or as much as is possible.

    Money that one taker holds makes way for another as long as it can be had elsewhere (augmenting paths), so the sum
    is the largest possible.
    """
    free = dict(left)
    sources = {taker.project: taker.sources for taker in takers}
    moves: defaultdict[tuple[str, str], int] = defaultdict(int)
    for taker in takers:
        wanted = min(taker.room_fen, need_fen - sum(moves.values()))
        while wanted and (path := _path(taker.project, sources, free, moves)):
            displaced = [(source, project) for (source, _), (_, project) in pairwise(path)]
            fen = min(wanted, free[path[-1][0]], *(moves[each] for each in displaced))
            for move in path:
                moves[move] += fen
            for move in displaced:
                moves[move] -= fen
            free[path[-1][0]] -= fen
            wanted -= fen
    return {move: fen for move, fen in moves.items() if fen}


def _path(
    project: str, sources: Mapping[str, frozenset[str]], free: Mapping[str, int], moves: Mapping[tuple[str, str], int]
) -> list[tuple[str, str]]:
    """Return moves to make, the first to the project; each later one makes up for what the one before takes away.

    The last source has money free. Empty where there is no such path.
    """

    def fullest_first(found: frozenset[str]) -> list[str]:
        return sorted(found, key=lambda source: (-free[source], source))

    came = dict.fromkeys(fullest_first(sources[project]), ("", project))
    waiting = deque(came)
    while waiting:
        source = waiting.popleft()
        if free[source]:
            path = [(source, came[source][1])]
            while before := came[path[0][0]][0]:
                path.insert(0, (before, came[before][1]))
            return path
        for (used, holder), fen in moves.items():
            if used == source and fen:
                for further in fullest_first(sources[holder] - came.keys()):
                    came[further] = source, holder
                    waiting.append(further)
    return []

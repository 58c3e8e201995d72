"""The fewest projects that can take a sum: against every set of projects, and a bound that knows no paths."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from projections.plan import Proposal, Taker, propose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SOURCES = ("T1", "T2", "T3")
MARKET = st.tuples(
    st.fixed_dictionaries({source: st.integers(1, 12) for source in SOURCES}),
    st.lists(st.tuples(st.integers(1, 12), st.sets(st.sampled_from(SOURCES), min_size=1)), max_size=6),
)


def subsets(items: Sequence[str]) -> Iterable[frozenset[str]]:
    return (frozenset(chosen) for size in range(len(items) + 1) for chosen in combinations(items, size))


def most(left: dict[str, int], takers: Sequence[Taker]) -> int:
    """Return the most that the takers can have, as the smallest cut: the sources outside it, or the takers' rooms."""
    return min(
        sum(left[source] for source in cut) + sum(each.room_fen for each in takers if not each.sources <= cut)
        for cut in subsets(SOURCES)
    )


def named(rooms: Iterable[tuple[int, set[str]]]) -> list[Taker]:
    return [Taker(f"P{number}", room, frozenset(sources)) for number, (room, sources) in enumerate(rooms)]


def projects(proposal: Proposal) -> set[str]:
    return {project for _, project, _ in proposal.moves}


@settings(max_examples=300, deadline=None)
@given(market=MARKET, need=st.integers(1, 40))
def test_no_smaller_set_of_projects_would_do(
    market: tuple[dict[str, int], list[tuple[int, set[str]]]], need: int
) -> None:
    left, takers = market[0], named(market[1])

    proposal = propose(need, left, takers)

    assert proposal.smallest
    assert proposal.moved_fen == sum(fen for *_, fen in proposal.moves) == min(need, most(left, takers))
    by_code = {taker.project: taker for taker in takers}
    for source, project, fen in proposal.moves:
        assert fen > 0
        assert source in by_code[project].sources
    for source in SOURCES:
        assert sum(fen for used, _, fen in proposal.moves if used == source) <= left[source]
    for taker in takers:
        assert sum(fen for _, project, fen in proposal.moves if project == taker.project) <= taker.room_fen
    smaller = combinations(takers, max(0, len(projects(proposal)) - 1))
    assert all(most(left, chosen) < proposal.moved_fen for chosen in smaller) or not proposal.moves


def test_the_largest_rooms_of_a_pool_come_first_and_the_last_takes_only_what_is_needed() -> None:
    takers = named([(10, {"T1"}), (30, {"T1"}), (20, {"T1"})])

    assert propose(45, {"T1": 100}, takers).moves == (("T1", "P1", 30), ("T1", "P2", 15))


def test_money_makes_way_where_another_tranche_fits_too() -> None:
    left = {"FREE": 10, "TOWN": 10}
    takers = [Taker("A", 10, frozenset({"FREE", "TOWN"})), Taker("B", 10, frozenset({"FREE"}))]

    assert set(propose(20, left, takers).moves) == {("TOWN", "A", 10), ("FREE", "B", 10)}


def test_counties_are_pools_of_their_own() -> None:
    left = {"EAST": 8, "WEST": 100}
    takers = [Taker("E", 50, frozenset({"EAST"})), Taker("W", 20, frozenset({"WEST"}))]

    assert propose(25, left, takers).moves == (("WEST", "W", 20), ("EAST", "E", 5))


def test_what_is_not_enough_goes_as_far_as_it_can() -> None:
    proposal = propose(100, {"T1": 30}, named([(20, {"T1"}), (5, {"T1"})]))

    assert (proposal.moved_fen, proposal.smallest, len(proposal.moves)) == (25, True, 2)


def test_a_search_that_would_take_too_long_says_that_it_is_not_proven() -> None:
    left = {"A": 10, "B": 10, **{f"C{number}": 15 for number in range(4)}}
    rivals = [Taker(f"R{number}", 20, frozenset({"A", "B"})) for number in range(20)]
    others = [Taker(f"Q{number}", 15, frozenset({"A", f"C{number}"})) for number in range(4)]

    proposal = propose(80, left, [*rivals, *others])

    assert (proposal.moved_fen, len(projects(proposal)), proposal.smallest) == (80, 5, False)


def test_a_thousand_projects_of_one_county_are_no_search() -> None:
    takers = [Taker(f"P{number:04}", 1_000 + number, frozenset({"T1", "T2"})) for number in range(1_000)]

    proposal = propose(100_000, {"T1": 60_000, "T2": 60_000}, takers)

    assert (proposal.moved_fen, proposal.smallest, len(projects(proposal))) == (100_000, True, 51)

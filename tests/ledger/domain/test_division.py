"""Dividing by a rule: to the fen, floors truly met, never more than there is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.division import departure, divide
from ledger.domain.scheme import share_of
from ledger.events import RuleLine


def line(payee: str, share: str, *, floor: bool = False) -> RuleLine:
    part = Fraction(share)
    return RuleLine(payee=payee, name=payee, numerator=part.numerator, denominator=part.denominator, floor=floor)


SEVENTY = (line("households", "7/10"), line("village", "2/10"), line("station", "1/10"))
LEAST = (line("posts", "4/5", floor=True), line("village", "1/5"))
OPEN = (line("posts", "3/5", floor=True),)


@pytest.mark.parametrize(
    ("lines", "base", "parts"),
    [
        (SEVENTY, 1_000_00, [700_00, 200_00, 100_00]),
        (SEVENTY, 7, [5, 1, 1]),
        (LEAST, 1_084_494, [867_596, 216_898]),
        (OPEN, 101, [61]),
        ((line("a", "1/2", floor=True), line("b", "1/2", floor=True)), 101, [51, 50]),
        ((line("a", "0", floor=True), line("b", "0", floor=True)), 101, [0, 0]),
        ((line("a", "1/3", floor=True), line("b", "1/3", floor=True), line("c", "1/3", floor=True)), 1, [1, 0, 0]),
    ],
)
def test_a_base_is_divided_by_the_rule(lines: tuple[RuleLine, ...], base: int, parts: list[int]) -> None:
    assert list(divide(lines, base).values()) == parts


@pytest.mark.parametrize(
    ("lines", "given_fen", "kind"),
    [
        (SEVENTY, {"households": 70, "village": 20, "station": 10}, ""),
        (SEVENTY, {"households": 71, "village": 19, "station": 10}, "ratio"),
        (SEVENTY, {"households": 70, "village": 20}, "ratio"),
        (SEVENTY, {"households": 70, "village": 20, "others": 10}, "ratio"),
        (LEAST, {"posts": 80, "village": 20}, ""),
        (LEAST, {"posts": 95, "village": 5}, ""),
        (LEAST, {"posts": 79, "village": 20}, "floor"),
        (LEAST, {"posts": 80, "village": 19}, "ratio"),
        (OPEN, {"posts": 60}, ""),
        (OPEN, {"posts": 100}, ""),
        (OPEN, {"posts": 59}, "floor"),
    ],
)
def test_given_amounts_follow_the_rule_or_depart_from_it(
    lines: tuple[RuleLine, ...], given_fen: dict[str, int], kind: str
) -> None:
    found, where = departure(lines, 100, given_fen)
    assert (found, bool(where)) == (kind, bool(kind))


def test_amounts_rounded_by_hand_differ_by_less_than_a_fen_and_follow() -> None:
    assert divide(SEVENTY, 7) == {"households": 5, "village": 1, "station": 1}
    assert departure(SEVENTY, 7, {"households": 4, "village": 2, "station": 1}) == ("", "")


@st.composite
def rules(draw: st.DrawFn) -> tuple[RuleLine, ...]:
    weights = draw(st.lists(st.integers(1, 50), min_size=1, max_size=5))
    whole = sum(weights) + draw(st.integers(0, 30))
    floors = draw(st.lists(st.booleans(), min_size=len(weights), max_size=len(weights)))
    return tuple(
        RuleLine(payee=f"p{number}", name="某", numerator=weight, denominator=whole, floor=floor)
        for number, (weight, floor) in enumerate(zip(weights, floors, strict=True))
    )


@settings(max_examples=150)
@given(lines=rules(), base=st.integers(1, 10**12))
def test_whatever_the_rule_its_own_division_follows_it_and_gives_no_more_than_there_is(
    lines: tuple[RuleLine, ...], base: int
) -> None:
    parts = divide(lines, base)
    assert departure(lines, base, parts) == ("", "")
    assert all(part >= 0 for part in parts.values())
    rest = base - sum(parts.values())
    shares = [share_of(each) for each in lines]
    assert rest >= 0
    assert rest == 0 or sum(shares) < 1
    for each, share in zip(lines, shares, strict=True):
        assert abs(parts[each.payee] - base * share) < len(lines) + 1
        if each.floor and any(not other.floor for other in lines) and base > 10**6:
            assert parts[each.payee] >= base * share

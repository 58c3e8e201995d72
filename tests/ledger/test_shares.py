"""Shares are exact, and a whole is exactly one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import ValueRefusedError
from ledger.shares import (
    MAX_DENOMINATOR,
    check_share,
    check_whole,
    equal_shares,
    format_share,
    parse_share,
    shares_by_contribution,
)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1/3", Fraction(1, 3)),
        (" 2 / 6 ", Fraction(1, 3)),
        ("33.33%", Fraction(3333, 10_000)),
        ("0.25", Fraction(1, 4)),
        ("60%", Fraction(3, 5)),
        ("６０％", Fraction(3, 5)),
        ("100%", Fraction(1)),
        ("1", Fraction(1)),
        ("1/1000000000000000000", Fraction(1, MAX_DENOMINATOR)),
    ],
)
def test_shares_are_taken_at_their_word(text: str, share: Fraction) -> None:
    assert parse_share(text) == share


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "share.not_a_share"),
        ("一半", "share.not_a_share"),
        ("1/0", "share.not_a_share"),
        ("1/3%", "share.not_a_share"),
        ("1e-1", "share.not_a_share"),
        ("nan", "share.not_a_share"),
        (0.5, "share.not_a_share"),
        (True, "share.not_a_share"),
        ("0", "share.out_of_range"),
        ("0/5", "share.out_of_range"),
        ("-1/3", "share.out_of_range"),
        ("3/2", "share.out_of_range"),
        ("100.01%", "share.out_of_range"),
        ("1/1000000000000000001", "share.too_fine"),
    ],
)
def test_what_is_not_a_share_is_refused(text: object, code: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        parse_share(cast("Any", text))
    assert caught.value.code == code
    assert "1/3" in caught.value.hint


def test_three_times_a_third_is_whole_and_three_times_33_percent_is_not() -> None:
    check_whole(equal_shares(3))
    with pytest.raises(ValueRefusedError) as caught:
        check_whole([parse_share("33%")] * 3, "光伏电站 A1 的所有权")
    assert caught.value.code == "share.not_whole"
    assert caught.value.message == "光伏电站 A1 的所有权份额合计为 99/100,差 1/100;合计必须正好等于 1"
    assert "1/3" in caught.value.hint


@pytest.mark.parametrize(
    ("shares", "words"),
    [([], "合计为 0,差 1;"), ([Fraction(1), Fraction(1, 7)], "合计为 8/7,多 1/7;")],
)
def test_the_message_says_what_is_missing_or_too_much(shares: list[Fraction], words: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        check_whole(shares)
    assert words in caught.value.message
    assert caught.value.message.startswith("份额合计为")  # of nothing named


@given(st.lists(st.integers(1, 10**15), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_shares_by_contribution_are_whole_and_proportional(amounts: list[int]) -> None:
    shares = shares_by_contribution(amounts)
    check_whole(shares)
    assert all(share * sum(amounts) == amount for share, amount in zip(shares, amounts, strict=True))


@pytest.mark.parametrize("amounts", [[], [0, 5], [7, -1]])
def test_a_holder_without_contribution_has_no_share(amounts: list[int]) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        shares_by_contribution(amounts)
    assert caught.value.code == "share.no_basis"


def test_nobody_cannot_share_equally() -> None:
    with pytest.raises(ValueRefusedError) as caught:
        equal_shares(0)
    assert caught.value.code == "share.no_basis"


def test_a_share_finer_than_a_database_column_is_refused() -> None:
    with pytest.raises(ValueRefusedError) as caught:
        check_share(Fraction(1, MAX_DENOMINATOR + 1))
    assert caught.value.code == "share.too_fine"


def test_a_share_is_shown_as_fraction_and_rounded_percentage() -> None:
    assert format_share(Fraction(1, 3)) == "1/3 (33.33%)"
    assert format_share(Fraction(2, 3)) == "2/3 (66.67%)"
    assert format_share(Fraction(1)) == "1 (100.00%)"


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=1, max_denominator=10**6))
@settings(max_examples=60, deadline=None)
def test_the_fraction_of_a_share_reads_back(share: Fraction) -> None:
    assert parse_share(str(share)) == share

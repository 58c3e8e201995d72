"""Money is read exactly or refused, and printed so that it reads back."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import ValueRefusedError
from ledger.money import (
    MAX_FEN,
    Unit,
    apportion,
    format_capital,
    format_wan,
    format_yuan,
    meets,
    parse_money,
    parse_positive_money,
    percent,
)

amounts = st.integers(min_value=0, max_value=10**14)

CAPITALS = [
    (0, "零元整"),
    (1, "壹分"),
    (10, "壹角整"),
    (15, "壹角伍分"),
    (100, "壹元整"),
    (105, "壹元零伍分"),
    (150, "壹元伍角整"),
    (1000, "壹拾元整"),
    (1010, "壹拾元壹角整"),
    (2001, "贰拾元零壹分"),
    (10100, "壹佰零壹元整"),
    (11000, "壹佰壹拾元整"),
    (32504, "叁佰贰拾伍元零肆分"),
    (140950, "壹仟肆佰零玖元伍角整"),
    (168032, "壹仟陆佰捌拾元叁角贰分"),
    (600714, "陆仟零柒元壹角肆分"),
    (1640902, "壹万陆仟肆佰零玖元零贰分"),
    (10000101, "壹拾万零壹元零壹分"),
    (10700053, "壹拾万柒仟元伍角叁分"),
    (123450000, "壹佰贰拾叁万肆仟伍佰元整"),
    (1000000000, "壹仟万元整"),
    (10000000000, "壹亿元整"),
    (10000500000, "壹亿零伍仟元整"),
    (10001000000, "壹亿零壹万元整"),
    (15000000000, "壹亿伍仟万元整"),
    (1002003004005, "壹佰亿贰仟零叁万零肆拾元零伍分"),
    (812672860399, "捌拾壹亿贰仟陆佰柒拾贰万捌仟陆佰零叁元玖角玖分"),
    (10**13, "壹仟亿元整"),
    (MAX_FEN, "壹拾万亿元整"),
]


def refusal(text: object, unit: Unit = Unit.YUAN) -> ValueRefusedError:
    with pytest.raises(ValueRefusedError) as caught:
        parse_money(cast("Any", text), unit)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("1", 100),
        ("159,993.26元", 15_999_326),
        ("159,993.26", 15_999_326),
        ("8126.728603万元", 8_126_728_603),
        ("0.160527 万", 160_527),
        ("1,650亿元", 165_000_000_000 * 100),
        ("0.3亿", 3_000_000_000),
        ("１２，３４５．６７", 1_234_567),
        ("￥1，234.50", 123_450),
        ("¥ 12", 1_200),
        ("人民币5万元", 5_000_000),
        ("人民币￥5.00", 500),
        ("\u3000 12.3400 ", 1_234),
        ("10000000000000", MAX_FEN),
    ],
)
def test_amounts_as_documents_print_them(text: str, fen: int) -> None:
    assert parse_money(text) == fen


@pytest.mark.parametrize(
    ("value", "unit", "fen"),
    [
        (5, Unit.YUAN, 500),
        (5, Unit.WAN, 5_000_000),
        ("8,126.728603", Unit.WAN, 8_126_728_603),
        (Decimal("0.160527"), Unit.WAN, 160_527),
        (Decimal("1E+3"), Unit.YUAN, 100_000),
        (Decimal("0.00"), Unit.YUAN, 0),
        (Decimal("0E-999999999"), Unit.YUAN, 0),
        (Decimal("0.0000000001"), Unit.YI, 1),
    ],
)
def test_bare_numbers_count_in_the_unit_of_their_column(value: str | int | Decimal, unit: Unit, fen: int) -> None:
    assert parse_money(value, unit) == fen


def test_a_suffix_in_the_text_wins_over_the_unit_of_the_column() -> None:
    assert parse_money("12元", Unit.WAN) == 1_200
    assert parse_money("壹拾贰元整", Unit.WAN) == 1_200


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.empty"),
        ("　 ", "money.empty"),
        ("1.2e9", "money.not_a_number"),
        ("#N/A", "money.not_a_number"),
        ("nan", "money.not_a_number"),
        ("inf", "money.not_a_number"),
        ("合计", "money.not_a_number"),
        ("12 345", "money.not_a_number"),
        ("1.2.3", "money.not_a_number"),
        ("5.", "money.not_a_number"),
        (".5", "money.not_a_number"),
        ("1²", "money.not_a_number"),
        ("٣", "money.not_a_number"),
        ("万元", "money.not_a_number"),
        ("¥¥5", "money.not_a_number"),
        ("5元6", "money.not_a_number"),
        ("9" * 81, "money.not_a_number"),
        (True, "money.not_a_number"),
        (12.5, "money.not_a_number"),
        (None, "money.not_a_number"),
        (Decimal("NaN"), "money.not_a_number"),
        (Decimal("-Infinity"), "money.not_a_number"),
        ("1,25,000", "money.bad_grouping"),
        ("1234,567", "money.bad_grouping"),
        ("1,23", "money.bad_grouping"),
        (",123", "money.bad_grouping"),
        ("-5", "money.negative"),
        ("¥-5", "money.negative"),
        ("-¥5", "money.negative"),
        ("－５万元", "money.negative"),
        ("(1,234.00)", "money.negative"),
        (-1, "money.negative"),
        (Decimal("-0.01"), "money.negative"),
        ("12.345元", "money.finer_than_fen"),
        ("0.0000001万元", "money.finer_than_fen"),
        (Decimal("0.001"), "money.finer_than_fen"),
        (Decimal("1E-999999999"), "money.finer_than_fen"),
        ("10000000000000.01", "money.too_large"),
        ("100001亿元", "money.too_large"),
        (10**14, "money.too_large"),
        (Decimal("1E+999999999"), "money.too_large"),
    ],
)
def test_what_is_not_an_exact_amount_is_refused(text: object, code: str) -> None:
    assert refusal(text).code == code


def test_a_refusal_quotes_the_text_shortly_and_says_what_is_accepted() -> None:
    error = refusal("预算" * 30)
    assert "预算预算" in error.message
    assert len(error.message) < 60
    assert "万元" in error.hint


def test_zero_is_an_amount_but_not_a_positive_one() -> None:
    with pytest.raises(ValueRefusedError) as caught:
        parse_positive_money("0.00元")
    assert caught.value.code == "money.zero"
    assert parse_positive_money("0.01") == 1


@given(amounts)
@settings(max_examples=150, deadline=None)
def test_every_printed_form_reads_back(fen: int) -> None:
    assert parse_money(format_yuan(fen)) == fen
    assert parse_money(format_wan(fen), Unit.WAN) == fen
    assert parse_money(format_wan(fen) + "万元") == fen
    assert parse_money(format_capital(fen)) == fen


@given(st.text(alphabet="0123456789,.-¥元万亿零壹拾佰仟角分整 ", max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_an_amount_in_range_or_a_refusal(text: str) -> None:
    with suppress(ValueRefusedError):
        assert 0 <= parse_money(text) <= MAX_FEN


def test_printing_in_yuan_and_wan() -> None:
    assert format_yuan(123_456_789) == "1,234,567.89"
    assert format_yuan(5) == "0.05"
    assert format_yuan(-123_450) == "-1,234.50"
    assert format_wan(123_456_789) == "123.456789"
    assert format_wan(160_527) == "0.160527"
    assert format_wan(50_000_000) == "50"
    assert format_wan(0) == "0"
    assert format_wan(-1_500_000) == "-1.5"


@pytest.mark.parametrize(("fen", "words"), CAPITALS)
def test_the_capital_form_follows_the_voucher_rules(fen: int, words: str) -> None:
    assert format_capital(fen) == "人民币" + words
    assert parse_money(words) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("壹佰元", 10_000),
        ("壹佰圆正", 10_000),
        ("壹仟陆佰捌拾元零叁角贰分", 168_032),
        ("壹拾万零柒仟元零伍角叁分", 10_700_053),
        ("壹仟肆佰零玖元伍角", 140_950),
        ("人民币叁分", 3),
    ],
)
def test_the_capital_forms_that_the_rules_leave_free_are_read(text: str, fen: int) -> None:
    assert parse_money(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "壹佰",  # no 元
        "零",
        "拾万元整",  # 壹拾
        "壹仟壹元整",  # a 零 is missing
        "壹佰零零壹元整",
        "壹零拾元整",
        "壹佰〇壹元整",
        "一佰元整",
        "壹00元",
        "5角",
        "伍分整",
        "零伍分",
        "零元伍分",
        "零角伍分",
        "壹贰叁元整",
        "壹万零壹万元整",
        "壹元零伍角整",
        "伍拾佰元整",
    ],
)
def test_a_capital_form_against_the_rules_is_refused(text: str) -> None:
    assert refusal(text).code == "money.bad_capital"


def test_the_capital_form_has_its_limits() -> None:
    for text in ("壹拾万亿元零壹分", "壹亿亿元整"):
        assert refusal(text).code == "money.too_large"
    for fen, code in [(-1, "money.negative"), (MAX_FEN + 1, "money.too_large")]:
        with pytest.raises(ValueRefusedError) as caught:
            format_capital(fen)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (299_370_000, 527_300_000, "56.77"),
        (299_370_000, 463_000_000, "64.66"),
        (299_370_000, 458_370_000, "65.31"),
        (311, 343, "90.67"),
        (1, 0, None),
        (0, 5, "0.00"),
        (1226, 1000, "122.60"),
        (-1, 3, "-33.33"),
        (-1, 20_000, "-0.01"),  # half away from zero
        (1, 20_000, "0.01"),
        (-1, 30_000, "0.00"),
        (1, -2, "-50.00"),
    ],
)
def test_percentages_are_rounded_once_half_up(numerator: int, denominator: int, shown: str | None) -> None:
    assert percent(numerator, denominator) == shown


def test_percentages_with_other_digits_and_truncated() -> None:
    assert percent(2, 3, digits=0) == "67"
    assert percent(2, 3, mode="truncate") == "66.66"
    assert percent(-2, 3, mode="truncate") == "-66.66"
    assert percent(2, 3, digits=4) == "66.6667"


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15))
@settings(max_examples=100, deadline=None)
def test_a_percentage_is_never_further_than_half_a_digit(numerator: int, denominator: int) -> None:
    shown = percent(numerator, denominator)
    assert shown is not None
    assert abs(Fraction(shown) - Fraction(100 * numerator, denominator)) <= Fraction(1, 200)


def test_a_threshold_is_met_exactly_or_not_at_all() -> None:
    threshold = Fraction(55, 100)
    assert meets(55, 100, threshold) is True
    assert meets(5_499_999_999, 10_000_000_000, threshold) is False
    assert percent(5_499_999_999, 10_000_000_000) == "55.00"
    assert meets(-55, -100, threshold) is True
    assert meets(1, -1, threshold) is False
    assert meets(0, 0, threshold) is None


def test_a_split_goes_to_the_largest_remainders_and_then_to_the_first() -> None:
    thirds = [Fraction(1, 3)] * 3
    assert apportion(100, thirds) == [34, 33, 33]
    assert apportion(101, thirds) == [34, 34, 33]
    assert apportion(-100, thirds) == [-34, -33, -33]
    assert apportion(10, [Fraction(1, 6), Fraction(5, 6)]) == [2, 8]
    assert apportion(7, [Fraction(0), Fraction(2)]) == [0, 7]


@given(st.integers(-(10**12), 10**12), st.lists(st.fractions(0, 1, max_denominator=1000), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_split_adds_up_and_stays_within_one_fen(total: int, weights: list[Fraction]) -> None:
    if sum(weights) == 0:
        weights = [*weights, Fraction(1)]
    parts = apportion(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(abs(part - total * weight / whole) < 1 for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize("weights", [[], [Fraction(0)], [Fraction(1), Fraction(-1)], [Fraction(2), Fraction(-1)]])
def test_a_split_without_weights_is_refused(weights: list[Fraction]) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        apportion(100, weights)
    assert caught.value.code == "money.no_weights"

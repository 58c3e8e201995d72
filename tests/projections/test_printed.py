"""A printed figure against the exact one: four verdicts, by digits alone."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.printed import Compared, compared

exact_numbers = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**9)


@pytest.mark.parametrize(
    ("printed", "exact", "found"),
    [
        ("97.93", Fraction(14200, 145), Compared("97.93", "0.00", "rounded")),
        ("100", Fraction(100), Compared("100", "0", "match")),
        ("100.00", Fraction(100), Compared("100.00", "0.00", "match")),
        ("46.69", Fraction(21900, 469), Compared("46.70", "-0.01", "truncated")),  # 阿图什市: 46.6950…
        ("46.69", Fraction(21899, 469), Compared("46.69", "0.00", "rounded")),
        ("46.71", Fraction(21900, 469), Compared("46.70", "0.01", "inconsistent")),
        ("0.5", Fraction(9, 20), Compared("0.5", "0.0", "rounded")),  # a half goes up
        ("0.4", Fraction(9, 20), Compared("0.5", "-0.1", "truncated")),
        ("5", Fraction(5_000_001, 10**6), Compared("5", "0", "rounded")),
        ("8126.728603", Fraction(8_126_728_603, 10**6), Compared("8126.728603", "0.000000", "match")),
        ("8500", Fraction(8_126_728_603, 10**6), Compared("8127", "373", "inconsistent")),
        ("-1", Fraction(-3, 2), Compared("-2", "1", "truncated")),
    ],
)
def test_the_digits_that_were_printed_decide(printed: str, exact: Fraction, found: Compared) -> None:
    assert compared(printed, exact) == found


@given(exact_numbers, st.integers(0, 6))
def test_what_is_rounded_or_cut_off_is_never_inconsistent(exact: Fraction, digits: int) -> None:
    rounded = compared(f"{Decimal(0):.{digits}f}", exact).recomputed
    assert compared(rounded, exact).verdict in {"match", "rounded"}
    whole, _, part = f"{abs(Decimal(exact.numerator) / Decimal(exact.denominator)):.40f}".partition(".")
    assert abs(Fraction(rounded) - exact) <= Fraction(1, 2 * 10**digits)
    cut = f"{'-' if exact < 0 else ''}{whole}{'.' if digits else ''}{part[:digits]}"
    assert abs(Fraction(cut)) <= abs(exact)


@given(exact_numbers, st.integers(0, 6), st.integers(1, 9))
def test_a_last_digit_off_by_more_than_one_is_inconsistent(exact: Fraction, digits: int, off: int) -> None:
    rounded = compared(f"{Decimal(0):.{digits}f}", exact).recomputed
    wrong = f"{Decimal(rounded) + Decimal(off + 1).scaleb(-digits):.{digits}f}"
    found = compared(wrong, exact)
    assert (found.verdict, Fraction(found.difference)) == ("inconsistent", Fraction(off + 1, 10**digits))

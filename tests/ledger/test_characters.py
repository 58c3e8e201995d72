"""Full-width folding and safe quoting."""

from __future__ import annotations

import pytest

from ledger.characters import half_width, quoted


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("１２３．４５", "123.45"),
        ("１，２３４", "1,234"),
        ("￥５", "¥5"),
        ("\u3000 20220408\u00a0", "20220408"),
        ("２０２２年４月８日", "2022年4月8日"),
        ("（５）", "(5)"),
        ("\u22125", "-5"),
    ],
)
def test_full_width_forms_become_plain(typed: str, plain: str) -> None:
    assert half_width(typed) == plain


@pytest.mark.parametrize("text", ["1²", "①", "½", "٣", "〇", "“三西”"])
def test_signs_that_are_not_merely_wide_stay_as_they_are(text: str) -> None:
    assert half_width(text) == text


def test_a_quotation_is_short_and_harmless_to_a_terminal() -> None:
    assert quoted("壹" * 100) == "“" + "壹" * 39 + "…”"
    assert quoted("a\x1b[31m\nb") == "“a\ufffd[31m\ufffdb”"
    assert quoted("x" * 40) == "“" + "x" * 40 + "”"

"""Coded lists that a county may lengthen: a name or a code is taken, another word is refused, no word is invented."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.errors import ValueRefusedError
from ledger.rules import parse_pack, shipped_packs
from ledger.rules.named import code_named, named_codes

DAY = date(2022, 6, 1)
OWN = """
[[parameter]]
name = "more_cost_codes"
value = "{value}"
unit = "代码:名称"
jurisdiction = "520203"
valid_from = 2022-01-01
source = "县办法"
"""


def pack(value: str = "feed:饲料费") -> str:
    return shipped_packs()["base"] + OWN.format(value=value)


@pytest.mark.parametrize(("text", "code"), [("om", "om"), ("运维费", "om"), ("饲料费", "feed"), ("", "")])
def test_a_cost_is_named_by_code_or_in_chinese(text: str, code: str) -> None:
    assert code_named(text, "cost_codes", "成本类别", parse_pack(pack()), "520203", DAY) == code


@pytest.mark.parametrize(("area", "on"), [("520201", DAY), ("520203", date(2021, 12, 31))])
def test_what_a_county_adds_holds_there_and_then(area: str, on: date) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        code_named("饲料费", "cost_codes", "成本类别", parse_pack(pack()), area, on)
    assert (caught.value.code, "more_cost_codes" in caught.value.hint) == ("code.unknown", True)


@pytest.mark.parametrize("value", ["om:又一个运维费", "feed", "feed:饲料费;feed:饲料", "Feed:饲料费"])
def test_a_list_that_cannot_be_read_is_told_with_its_source(value: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        named_codes(parse_pack(pack(value)), "cost_codes", "520203", DAY)
    assert (caught.value.code, caught.value.rule) == ("rule.bad_names", "县办法")


def test_every_class_of_assets_has_sub_classes_and_no_code_stands_for_two_names() -> None:
    base = parse_pack(shipped_packs()["base"])
    lists = [named_codes(base, f"subclasses_{each}", "520203", DAY) for each in ("operating", "public", "household")]
    assert all(lists)
    assert len({code for each in lists for code in each}) == sum(map(len, lists))


def test_a_pack_without_the_list_leaves_the_word_as_it_is() -> None:
    assert code_named("自编类", "no_list", "成本类别", parse_pack(pack()), "520203", DAY) == "自编类"

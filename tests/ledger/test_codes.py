"""The closed code lists."""

from __future__ import annotations

import pytest

from ledger.codes import (
    AssetClass,
    AssetForm,
    Code,
    FundKind,
    FundLevel,
    HolderKind,
    NoticeChannel,
    Right,
    ShareBasis,
    TaskDirection,
    check_fund_kind,
    name_of,
    parse_code,
)
from ledger.errors import ValueRefusedError

LISTS: list[type[Code]] = [
    AssetClass,
    AssetForm,
    FundKind,
    FundLevel,
    HolderKind,
    NoticeChannel,
    Right,
    ShareBasis,
    TaskDirection,
]


@pytest.mark.parametrize("codes", LISTS)
def test_every_member_is_found_by_its_code_and_by_its_chinese_name(codes: type[Code]) -> None:
    for member in codes:
        assert codes(member.value) is member
        assert parse_code(codes, member.value) is member
        assert parse_code(codes, f" {member.zh}\u3000") is member
        assert name_of(codes, member.value) == member.zh


@pytest.mark.parametrize("codes", LISTS)
def test_chinese_names_exist_and_are_told_apart(codes: type[Code]) -> None:
    names = [member.zh for member in codes]
    assert all(names)
    assert len(set(names)) == len(names)
    assert all(member.value.isascii() and member.value.islower() for member in codes)


def test_a_member_is_its_code_wherever_text_is_wanted() -> None:
    assert f"{FundKind.TRANSITION}" == "transition"
    assert {"transition": 1}[FundKind.TRANSITION] == 1
    assert [right.zh for right in Right] == ["所有权", "经营权", "收益权", "监督权", "处置权"]


@pytest.mark.parametrize("text", ["", "经营", "Operating", "运营性"])
def test_an_unknown_code_is_refused_with_the_accepted_ones(text: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        parse_code(AssetClass, text)
    assert caught.value.code == "code.unknown"
    assert "资产类别" in caught.value.message
    assert caught.value.hint == "可填:经营性(operating)、公益性(public)、到户类(household)"


def test_regular_money_exists_from_the_plan_year_2026() -> None:
    assert check_fund_kind(FundKind.REGULAR, 2026) is FundKind.REGULAR
    assert check_fund_kind(FundKind.TRANSITION, 2021) is FundKind.TRANSITION
    with pytest.raises(ValueRefusedError) as caught:
        check_fund_kind(FundKind.REGULAR, 2025)
    assert caught.value.code == "code.not_yet_valid"
    assert "2026" in caught.value.message

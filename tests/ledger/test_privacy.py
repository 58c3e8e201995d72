"""Identity numbers and mobile numbers never come in, however they are written, and no message repeats them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.holders import Holder
from ledger.domain.stages import ListProject
from ledger.domain.tranche import IssueTranche
from ledger.errors import LedgerError, ValueRefusedError
from ledger.privacy import has_mobile_number, refuse_personal_data

if TYPE_CHECKING:
    from collections.abc import Callable

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

ENDING_IN_X = "52020319800101004X"
ENDING_IN_DIGIT = "520203198001010058"
MOBILE = "13812345678"


def _with_check_digit(seventeen: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True))
    return seventeen + "10X98765432"[total % 11]


def _wide(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) for each in text)


identities = st.builds(
    lambda area, day, order: _with_check_digit(f"{area}{day:%Y%m%d}{order:03d}"),
    st.integers(110101, 659999),
    st.dates(date(1930, 1, 1), date(2022, 12, 31)),
    st.integers(0, 999),
)
disguises = st.sampled_from(
    [
        str,
        str.lower,
        _wide,
        " ".join,
        lambda text: f"{text[:6]} {text[6:14]} {text[14:]}",
        lambda text: f"{text[:6]}-{text[6:14]}-{text[14:]}",
        lambda text: _wide(f"{text[:6]}-{text[6:]}"),
        lambda text: f"{text[:6]}\u3000{text[6:14]}\u3000{text[14:]}",
        lambda text: f"户主{text}号",
        lambda text: f"1. {text}",
        lambda text: f"1 {text} 2022-01-05",
    ]
)


def test_the_numbers_of_these_tests_are_valid() -> None:
    assert _with_check_digit(ENDING_IN_X[:17]) == ENDING_IN_X
    assert _with_check_digit(ENDING_IN_DIGIT[:17]) == ENDING_IN_DIGIT


@given(identity=identities, disguise=disguises)
def test_identity_numbers_are_refused_in_every_disguise(identity: str, disguise: Callable[[str], str]) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        refuse_personal_data(disguise(identity))
    assert caught.value.code == "privacy.identity_number"
    assert identity not in str(caught.value.as_dict())
    assert identity[-6:] not in str(caught.value.as_dict())


@pytest.mark.parametrize(
    "text",
    [
        MOBILE,
        f"联系人 {MOBILE}",
        "138 1234 5678",
        "138-1234-5678",
        "+86 138 1234 5678",
        "8613812345678",
        _wide(MOBILE),
        f"{MOBILE} 2022-01-05",
        f"3 {MOBILE}",
        f"{MOBILE} 13987654321",
    ],
)
def test_mobile_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        refuse_personal_data(text)
    assert caught.value.code == "privacy.mobile_number"
    assert "5678" not in str(caught.value.as_dict())


@pytest.mark.parametrize(
    "text",
    [
        "5202032022010001",
        "52020320220100017",
        "520203202201000171",
        "520203198001010035",
        "520203198013010036",
        "520203001001",
        "520203001",
        "520203",
        "0858-8223456",
        "400-123-4567",
        "1,380,013,800.00 元",
        "12812345678",
        "138123456789",
        "黔财农〔2022〕1号",
        "2022-01-05 至 2022-12-31",
        "20220105—20221231",
        "",
    ],
    ids=[
        "16-digit project code",
        "17-digit project code",
        "18-digit project code",
        "wrong check digit",
        "month 13",
        "village",
        "town",
        "county",
        "landline",
        "service line",
        "amount",
        "no mobile prefix",
        "twelve digits",
        "document",
        "period",
        "short period",
        "nothing",
    ],
)
def test_codes_dates_amounts_and_landlines_pass_unchanged(text: str) -> None:
    assert refuse_personal_data(text) == text


@given(st.from_regex(r"\A5202[0-9]{2}20[0-9]{2}[0-9]{6,7}\Z"))
def test_project_codes_of_sixteen_and_seventeen_digits_pass(code: str) -> None:
    assert refuse_personal_data(code) == code


def _list_project(field: str, text: str) -> object:
    values = {
        "on": "2022-01-05",
        "project": "P1",
        "name": "基地",
        "area": "520203",
        "project_year": 2022,
        "project_type": "crop_base",
    }
    return ListProject.of(**(values | {field: text}))


def _issue_tranche(field: str, text: str) -> object:
    values = {
        "on": "2022-01-05",
        "tranche": "T1",
        "area": "520203",
        "plan_year": 2022,
        "level": "central",
        "amount_fen": 1,
        "issuer": "省厅",
    }
    return IssueTranche.of(**(values | {field: text}))


def _holder(field: str, text: str) -> object:
    return Holder.model_validate(
        {"holder": "H-AAAAAAAAAAAAAAAAAAAAAAAAAA", "kind": "household", "share": "1"} | {field: text}
    ).holding()


@pytest.mark.parametrize("secret", [ENDING_IN_X, ENDING_IN_DIGIT, MOBILE])
@pytest.mark.parametrize("form", ["{}", "张三 {}", "{}x"])
@pytest.mark.parametrize(
    ("make", "field"),
    [
        (_list_project, "project"),
        (_list_project, "name"),
        (_list_project, "content"),
        (_list_project, "reason"),
        (_list_project, "document"),
        (_list_project, "area"),
        (_list_project, "town"),
        (_list_project, "project_type"),
        (_issue_tranche, "tranche"),
        (_issue_tranche, "level"),
        (_holder, "holder"),
        (_holder, "kind"),
        (_holder, "share"),
        (_holder, "name"),
    ],
)
def test_no_field_of_a_command_takes_personal_data_or_repeats_it(
    make: Callable[[str, str], object], field: str, form: str, secret: str
) -> None:
    with pytest.raises(LedgerError) as caught:
        make(field, form.format(secret))
    assert secret[-6:] not in str(caught.value.as_dict())
    assert secret[:6] not in str(caught.value.as_dict())


def refused_as(text: str) -> str:
    with pytest.raises(ValueRefusedError) as caught:
        refuse_personal_data(text)
    assert text[-6:] not in str(caught.value.as_dict())
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "退到 6222021234567890128",
        "6222 0212 3456 7890 128",
        "6222-0212-3456-7890-128",
        _wide("6222021234567890128"),
        "卡号:6222021234567890128。",
    ],
)
def test_bank_cards_are_refused(text: str) -> None:
    assert refused_as(text) == "privacy.card_number"


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X2022",
        "11010519491231002x 2022",
        "户主 110105491231002",
        "110105 491231 002",
        "520203800101004",
    ],
)
def test_identity_numbers_of_both_forms_are_refused_whatever_follows(text: str) -> None:
    assert refused_as(text) == "privacy.identity_number"


@pytest.mark.parametrize(
    "text",
    [
        "6222021234567890129",  # wrong check digit
        "620102202200010001",  # an area of Gansu, a year, a number
        "520203202200001",  # a project of fifteen digits: no month 22
        "520203260115001",  # a voucher with a day of this century
        "110105490231002",  # no such day
        "990105491231002",  # no such province
    ],
)
def test_codes_that_look_alike_are_taken(text: str) -> None:
    assert refuse_personal_data(text) == text


areas = st.sampled_from([110101, 431103, 520203, 533123, 620102, 621202, 622901, 623001, 650102])
years = st.integers(2015, 2030)
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
codes = st.one_of(
    st.builds("{}{}{:04d}".format, areas, years, st.integers(0, 9999)),
    st.builds("{}{}{:05d}".format, areas, years, st.integers(0, 99999)),
    st.builds("{}{}{:06d}".format, areas, years, st.integers(0, 999999)),
    st.builds("{}{}{:09d}".format, areas, years, st.integers(0, 10**9 - 1)),
    st.builds("{}{:%y%m%d}{:03d}".format, areas, days, st.integers(0, 999)),
    st.builds("黔财农〔{}〕{}号".format, years, st.integers(1, 999)),
    st.builds("{}.{:02d} 元".format, st.integers(0, 10**13), st.integers(0, 99)),
)


@given(text=codes)
def test_document_numbers_codes_and_amounts_raise_no_alarm(text: str) -> None:
    if not has_mobile_number(text):
        assert refuse_personal_data(text) == text


@pytest.mark.parametrize("code", ["张三", "H1", "H-0001", "h-36SCB6C2ZO7FOPUT2J2FO3VR57", "52020312345"])
def test_a_household_is_named_by_its_random_reference_only(code: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        Holder(holder=code, kind="household", share="1").holding()
    assert caught.value.code == "holder.not_a_reference"
    assert code not in str(caught.value.as_dict())
    assert Holder(holder=code, kind="company", share="1").holding().holder == code

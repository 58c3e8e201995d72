"""The door: what a command may be made of. Every mistake of a user is one clear refusal, never a traceback."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.control import ReverseEvent
from ledger.domain.tranche import IssueTranche
from ledger.errors import RuleRefusedError, ValueRefusedError

if TYPE_CHECKING:
    from tests.ledger.domain.conftest import Book


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": -1}, "amount_fen"),
        ({"amount_fen": 1.0}, "amount_fen"),
        ({"amount_fen": True}, "amount_fen"),
        ({"amount_fen": "100"}, "amount_fen"),
        ({"amount_fen": 10**15 + 1}, "amount_fen"),
        ({"amount_fen": None}, "amount_fen"),
        ({"plan_year": 2011}, "plan_year"),
        ({"plan_year": "2022"}, "plan_year"),
        ({"on": "2022-02-30"}, "on"),
        ({"on": "2022-13-01"}, "on"),
        ({"on": None}, "on"),
        ({"issuer": ""}, "issuer"),
        ({"issuer": "   "}, "issuer"),
        ({"issuer": "厅" * 201}, "issuer"),
        ({"issuer": "\ud800"}, "issuer"),
        ({"whatever": 1}, "whatever"),
    ],
)
def test_a_field_that_cannot_be_accepted_is_named(book: Book, changes: dict[str, Any], where: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        book.like("issue", **changes)
    assert (caught.value.code, caught.value.where) == ("command.field", where)
    assert caught.value.message.startswith(where)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ValueRefusedError, match="没有填写") as caught:
        IssueTranche.of(on="2022-01-05")
    assert caught.value.where == "tranche"


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("open", "name"),
        ("open", "origin"),
        ("list", "name"),
        ("recover", "recovered_by"),
        ("identify", "name"),
        ("certify", "certificate"),
        ("book", "voucher"),
        ("publish", "title"),
    ],
)
def test_a_text_that_an_event_needs_is_not_empty(book: Book, step: str, field: str) -> None:
    with pytest.raises(ValueRefusedError, match="不能为空") as caught:
        book.like(step, **{field: " "})
    assert caught.value.where == field


def test_a_position_fits_the_columns_of_every_database() -> None:
    with pytest.raises(ValueRefusedError, match="太大") as caught:
        ReverseEvent.of(on="2022-01-05", position=2**63, reason="记错", document="1号")
    assert caught.value.where == "position"


def test_a_payee_is_of_a_kind_and_never_a_name(book: Book) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        book.like("pay", payee_kind="某某建筑公司")
    assert caught.value.code == "code.unknown"
    assert "农户(household)" in caught.value.hint


@pytest.mark.parametrize("code", ["", "A 1", "A:1", "A/1", "A\\1", "A\t1", "长" * 65])
def test_a_code_of_a_thing_is_one_word(book: Book, code: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        book.like("issue", tranche=code)
    assert caught.value.code == "ident.malformed"


@pytest.mark.parametrize("code", ["5202030012022001", "2022-黔财-001", "长" * 64])
def test_a_code_of_a_thing_may_be_long_digits_or_chinese(book: Book, code: str) -> None:
    assert book.like("issue", tranche=code).model_dump()["tranche"] == code


@pytest.mark.parametrize("text", ["省\x00厅", "省\n厅", "省\u200b厅", "省\u202e厅"])
def test_no_invisible_characters(book: Book, text: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        book.like("issue", issuer=text)
    assert caught.value.code == "text.control_character"


@pytest.mark.parametrize("area", ["", "52020", "5202000", "52020a", "²20200"])
def test_an_area_has_six_ascii_digits(book: Book, area: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        book.like("issue", area=area)
    assert caught.value.code == "area.malformed"


@pytest.mark.parametrize(
    ("field", "text"), [("level", "乡级"), ("direction", "旅游"), ("fund_kind", "扶贫"), ("level", "")]
)
def test_a_code_outside_its_list_is_refused_with_the_list(book: Book, field: str, text: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        book.like("issue", **{field: text})
    assert (caught.value.code, caught.value.hint.startswith("可填:")) == ("code.unknown", True)


def test_a_code_may_be_given_by_its_chinese_name_and_blanks_around_texts_vanish(book: Book) -> None:
    command = book.like("issue", direction="以工代赈", issuer=" 省厅 ")
    assert (command.model_dump()["direction"], command.model_dump()["issuer"]) == ("work_relief", "省厅")


def test_nothing_is_dated_in_the_future_unless_a_reason_is_given(book: Book) -> None:
    book.given("open", "adopt")
    tomorrow = book.today + timedelta(days=1)
    refusal = book.refuses(book.like("issue", on=tomorrow))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "date.future")
    assert str(tomorrow) in refusal.message
    book.given(book.like("issue", on=book.today), book.like("recover", tranche="T1", on=tomorrow, reason="预先登记"))


def test_rules_may_be_adopted_before_they_come_into_force(book: Book) -> None:
    book.given("open", book.like("adopt", on=book.today + timedelta(days=39)))
    assert book.refuses(book.like("list")).code == "rule.none_in_force"

"""The five rights: held in shares that make up the whole, held by nobody by nature, or unsettled until a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import RightSet

if TYPE_CHECKING:
    from tests.ledger.domain.conftest import Book

COMPANY = {"holder": "C1", "kind": "企业", "share": "1"}
FARMER = {"holder": "H-0001", "kind": "农户", "share": "2/5"}
VILLAGE = {"holder": "V1", "kind": "村集体", "share": "60%"}


def test_a_right_is_set_whole_in_one_event(book: Book) -> None:
    book.up_to("confirm")
    (event,) = book.do(book.like("set_right", right="收益权", holders=(FARMER, VILLAGE), basis="按出资"))
    assert isinstance(event, RightSet)
    assert (event.right, event.status, event.basis, event.asset_class) == (
        "income",
        "held",
        "contribution",
        "operating",
    )
    assert [(each.numerator, each.denominator) for each in event.holdings] == [(2, 5), (3, 5)]
    assert event.value_fen == 280_000_00


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"holders": ()}, RuleRefusedError, "right.no_holder"),
        ({"holders": (VILLAGE, FARMER | {"share": "39%"})}, ValueRefusedError, "share.not_whole"),
        ({"holders": (COMPANY | {"share": "0"},)}, ValueRefusedError, "share.out_of_range"),
        ({"holders": (COMPANY | {"share": "一半"},)}, ValueRefusedError, "share.not_a_share"),
        ({"holders": (FARMER, VILLAGE | {"holder": "H-0001"})}, RuleRefusedError, "right.holder_doubled"),
        ({"status": "none", "reason": "公益性"}, RuleRefusedError, "right.holders_unexpected"),
        ({"status": "none", "holders": ()}, RuleRefusedError, "right.reason_missing"),
        ({"status": "unsettled", "holders": ()}, RuleRefusedError, "right.reason_missing"),
        ({"status": "unsettled", "holders": (), "reason": "协商中"}, RuleRefusedError, "right.due_missing"),
        ({"asset": "A9"}, NotFoundError, "asset.unknown"),
    ],
)
def test_a_right_that_does_not_hold_together_is_refused(
    book: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    book.up_to("confirm")
    refusal = book.refuses(book.like("set_right", **changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_nobody_holds_a_right_that_by_nature_does_not_exist(book: Book) -> None:
    book.up_to("confirm")
    (event,) = book.do(book.like("set_right", right="收益权", status="none", holders=(), reason="公益性资产"))
    assert isinstance(event, RightSet)
    assert (event.status, event.holdings, event.basis) == ("none", (), None)


def test_an_unsettled_right_says_until_when(book: Book) -> None:
    book.up_to("confirm")
    command = book.like("set_right", status="unsettled", holders=(), reason="协商中", due_on="2022-12-31")
    (event,) = book.do(command)
    assert isinstance(event, RightSet)
    assert (event.status, event.due_on) == ("unsettled", date(2022, 12, 31))


def test_each_supervisor_supervises_the_whole(book: Book) -> None:
    book.up_to("confirm")
    bureau = {"holder": "S1", "kind": "监督机构", "share": "1"}
    committee = {"holder": "S2", "kind": "监督机构", "share": "100%"}
    (event,) = book.do(book.like("set_right", right="监督权", holders=(bureau, committee)))
    assert isinstance(event, RightSet)
    assert [(each.numerator, each.denominator) for each in event.holdings] == [(1, 1), (1, 1)]

    refused = {
        "right.no_holder": (),
        "right.supervision_share": (bureau | {"share": "1/2"}, committee | {"share": "1/2"}),
        "right.holder_doubled": (bureau, bureau),
    }
    for code, holders in refused.items():
        assert book.refuses(book.like("set_right", right="监督权", holders=holders)).code == code


def test_ownership_is_first_set_by_confirmation(book: Book) -> None:
    book.up_to("notice")
    early = book.refuses(book.like("set_right", right="所有权", holders=(COMPANY,)))
    assert (early.code, "确权" in early.message) == ("asset.step_order", True)
    book.given("confirm", book.like("set_right", right="所有权", holders=(COMPANY,)))


def test_ownership_never_goes_to_nobody_nor_to_a_household(book: Book) -> None:
    book.up_to("confirm")
    nobody = book.like("set_right", right="所有权", status="none", holders=(), reason="无主")
    assert book.refuses(nobody).code == "right.no_owner"
    farmer = book.like("set_right", right="所有权", holders=(FARMER | {"share": "1"},))
    assert book.refuses(farmer).code == "right.household_owner"


def test_a_household_may_hold_operation_income_and_disposal(book: Book) -> None:
    book.up_to("confirm")
    for right in ("经营权", "收益权", "处置权"):
        book.given(book.like("set_right", right=right, holders=(FARMER | {"share": "1"},)))


@pytest.mark.parametrize("on", ["2022-06-30", "2022-07-31"], ids=["before the asset", "before the present setting"])
def test_a_right_set_before_what_it_follows_needs_a_reason(book: Book, on: str) -> None:
    book.up_to("set_right")
    refusal = book.refuses(book.like("set_right", on=on))
    assert (refusal.code, on in refusal.message) == ("date.before_cause", True)
    book.given(book.like("set_right", on=on, reason="补登合同"))


def test_after_a_setting_of_the_past_the_latest_day_still_counts(book: Book) -> None:
    book.up_to("set_right").given(book.like("set_right", on="2022-07-20", reason="补登合同"))
    assert book.refuses(book.like("set_right", on="2022-07-25")).code == "date.before_cause"

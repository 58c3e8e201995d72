"""Money of a tranche: issued, distributed, recovered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import TRANCHE
from ledger.domain.control import ListAreas, ReverseEvent
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import (
    DocumentRegistered,
    TrancheDistributed,
    TrancheIssued,
    TrancheReceived,
    TrancheRecovered,
    TrancheReturned,
)

if TYPE_CHECKING:
    from tests.ledger.domain.conftest import Book

TOWN = "520203101"
TOWNS = ListAreas.of(
    on="2022-01-01",
    areas=[
        {"code": code, "name": f"乡镇{code}", "valid_from": "2012-01-01"} for code in (TOWN, "520203102", "520201101")
    ],
)
INSIDE = {"tranche": "T1-1", "child_area": "520203", "amount_fen": 10_00}


def test_issuing_registers_the_document_and_records_the_money(book: Book) -> None:
    book.given("open", "adopt")

    registered, issued = book.do(book.like("issue"))

    assert registered == DocumentRegistered(
        effective_on=date(2022, 1, 5),
        document="黔财农〔2022〕1号",
        number="黔财农〔2022〕1号",
        issuer="贵州省财政厅",
        dated=date(2022, 1, 5),
        tranche="T1",
        purpose="520200/2022/transition/central/consolidation/final",
    )
    assert issued == TrancheIssued(
        effective_on=date(2022, 1, 5),
        document="黔财农〔2022〕1号",
        tranche="T1",
        area="520200",
        plan_year=2022,
        fund_kind="transition",
        level="central",
        direction="consolidation",
        amount_fen=1_000_000_00,
        issuer="贵州省财政厅",
    )


def test_one_document_may_issue_several_tranches(book: Book) -> None:
    book.up_to("issue")
    used, issued = book.do(book.like("issue", tranche="T2", direction="work_relief"))
    assert (used.TOPIC, issued.TOPIC) == ("document.used", "tranche.issued")


def test_a_document_issues_money_for_one_purpose_only_once(book: Book) -> None:
    book.up_to("issue")
    again = book.like("issue", tranche="T2", amount_fen=7_00)
    refusal = book.refuses(again)
    assert (type(refusal), refusal.code) == (RuleRefusedError, "document.used_twice")
    assert all(said in refusal.message for said in ("黔财农〔2022〕1号", "“T1”", "“T2”", "7.00"))

    used, _ = book.do(book.like("issue", tranche="T2", amount_fen=7_00, reason="同一文件分两批下达"))
    assert used.reason


def test_money_entered_wrongly_is_issued_anew_by_the_same_document(book: Book) -> None:
    book.up_to("issue")
    wrong = {"position": book.last("tranche.issued"), "reason": "金额有误", "document": "市财函〔2022〕9号"}
    book.given(ReverseEvent.of(on=date(2022, 12, 1), **wrong))
    assert [event.TOPIC for event in book.do(book.like("issue", tranche="T1-new"))] == [
        "document.used",
        "tranche.issued",
    ]


@pytest.mark.parametrize(
    "other", [{"issuer": "贵州省发展和改革委员会"}, {"on": "2022-01-06"}, {"issued_on": "2021-12-30"}]
)
def test_a_document_number_stands_for_one_issuer_and_one_date(book: Book, other: dict[str, Any]) -> None:
    book.up_to("issue")
    refusal = book.refuses(book.like("issue", **({"tranche": "T2"} | other)))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "document.other_content")
    assert "黔财农〔2022〕1号" in refusal.message
    assert "贵州省财政厅 2022-01-05" in refusal.message


def test_money_may_count_later_than_its_document_is_dated(book: Book) -> None:
    book.given("open", "adopt")
    registered, issued = book.do(book.like("issue", on="2022-01-09", issued_on="2021-12-30"))
    assert (registered.effective_on, issued.effective_on) == (date(2021, 12, 30), date(2022, 1, 9))


def test_a_tranche_code_is_issued_once_whatever_the_content(book: Book) -> None:
    book.up_to("issue")
    refusal = book.refuses(book.like("issue", document="黔财农〔2022〕2号", amount_fen=7_00))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "tranche.exists")
    for part in ("T1", "黔财农〔2022〕1号", "1,000,000.00", "黔财农〔2022〕2号", "7.00"):
        assert part in refusal.message


def test_issuing_names_a_document(book: Book) -> None:
    book.given("open", "adopt")
    assert book.refuses(book.like("issue", document="")).code == "tranche.no_document"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"area": "110101"}, "area.unknown"),
        ({"area": "520221"}, "area.expired"),
        ({"area": "520204", "on": "2019-01-05", "plan_year": 2019}, "area.not_yet_valid"),
        ({"fund_kind": "常态化帮扶资金", "plan_year": 2025}, "code.not_yet_valid"),
    ],
)
def test_area_and_kind_of_fund_hold_on_the_day_and_in_the_year(book: Book, changes: dict[str, Any], code: str) -> None:
    book.given("open", "adopt")
    refusal = book.refuses(book.like("issue", **changes))
    assert (type(refusal), refusal.code) == (ValueRefusedError, code)


def test_the_regular_fund_begins_with_the_plan_year_2026_even_if_issued_in_2025(book: Book) -> None:
    book.given("open", "adopt")
    _, issued = book.do(book.like("issue", on="2025-11-20", plan_year=2026, fund_kind="regular", advance=True))
    assert isinstance(issued, TrancheIssued)
    assert (issued.fund_kind, issued.plan_year, issued.advance) == ("regular", 2026, True)


def test_distributing_is_one_movement_with_two_legs(book: Book) -> None:
    book.up_to("issue")

    out, into = book.do(book.like("distribute"))

    assert isinstance(out, TrancheDistributed)
    assert isinstance(into, TrancheReceived)
    assert (out.tranche, out.area, out.child, out.child_area) == ("T1", "520200", "T1-1", "520203")
    assert (into.tranche, into.area, into.parent) == ("T1-1", "520203", "T1")
    assert out.amount_fen == into.amount_fen == 600_000_00
    assert out.transfer_id == into.transfer_id
    assert (into.level, into.direction, into.plan_year) == ("central", "consolidation", 2022)


def test_a_child_tranche_may_receive_again_and_each_movement_has_its_own_id(book: Book) -> None:
    first, _ = book.up_to("issue").do(book.like("distribute"))
    second, _ = book.do(book.like("distribute", amount_fen=400_000_00))
    assert first.link != second.link
    assert book.refuses(book.like("distribute", amount_fen=1)).code == "tranche.overdrawn"


def test_distributing_more_than_is_left_is_refused_with_the_numbers(book: Book) -> None:
    book.up_to("distribute")
    refusal = book.refuses(book.like("distribute", child="T1-2", child_area="520201", amount_fen=400_000_01))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "tranche.overdrawn")
    for number in ("400,000.01", "400,000.00", "1,000,000.00", "600,000.00"):
        assert number in refusal.message


@pytest.mark.parametrize("area", ["520200", "520000"])
def test_money_is_distributed_only_downwards(book: Book, area: str) -> None:
    book.up_to("issue")
    assert book.refuses(book.like("distribute", child_area=area)).code == "tranche.not_below"


def test_money_is_not_distributed_sideways(book: Book) -> None:
    book.up_to("distribute")
    sideways = book.like("distribute", tranche="T1-1", child="X", child_area="520201", amount_fen=1)
    assert book.refuses(sideways).code == "tranche.not_below"


@pytest.mark.parametrize(
    "changes",
    [{"child_area": "520201"}, {"child": "T1"}, {"tranche": "T2"}],
    ids=["another area", "itself", "another parent"],
)
def test_a_child_tranche_belongs_to_one_parent_and_one_area(book: Book, changes: dict[str, Any]) -> None:
    book.up_to("distribute").given(book.like("issue", tranche="T2", direction="work_relief"))
    refusal = book.refuses(book.like("distribute", **({"amount_fen": 1} | changes)))
    assert refusal.code == "tranche.exists"


def test_marks_and_budget_codes_are_attributes_of_a_tranche(book: Book) -> None:
    book.given("open", "adopt")
    codes = {"project_code": "Z155110000004", "income_item": "1100231", "expenditure_item": "21305"}
    _, issued = book.do(book.like("issue", direct=True, incentive=True, **codes))
    assert issued.model_dump(include={*codes, "direct", "incentive"}) == {**codes, "direct": True, "incentive": True}


def test_a_county_distributes_to_a_town_and_to_a_unit_within_itself(book: Book) -> None:
    book.up_to("distribute").given(TOWNS)
    out, into = book.do(book.like("distribute", **INSIDE, child="TT", child_town=TOWN))
    assert isinstance(out, TrancheDistributed)
    assert isinstance(into, TrancheReceived)
    assert (out.child_town, into.town, into.unit, into.area) == (TOWN, TOWN, "", "520203")
    _, into = book.do(book.like("distribute", **INSIDE, child="TU", child_unit="农业农村局"))
    assert isinstance(into, TrancheReceived)
    assert (into.town, into.unit) == ("", "农业农村局")
    _, into = book.do(book.like("distribute", **INSIDE | {"tranche": "TT"}, child="TTU", child_unit="农业站"))
    assert isinstance(into, TrancheReceived)
    assert (into.town, into.unit) == (TOWN, "农业站")
    book.given(book.like("recover", tranche="TTU", amount_fen=10_00))
    assert book.load(TRANCHE, "TT").available_fen == 10_00


@pytest.mark.parametrize(
    ("tranche", "place"),
    [
        ("T1-1", {}),
        ("TT", {}),
        ("TT", {"child_town": "520203101"}),
        ("TT", {"child_town": "520203102", "child_unit": "农业站"}),
        ("TT", {"child_area": "520201"}),
        ("TU", {"child_unit": "农业农村局"}),
        ("TU", {"child_town": "520203101"}),
    ],
)
def test_money_below_the_county_goes_further_down_only(book: Book, tranche: str, place: dict[str, str]) -> None:
    book.up_to("distribute").given(
        TOWNS,
        book.like("distribute", **INSIDE, child="TT", child_town=TOWN),
        book.like("distribute", **INSIDE, child="TU", child_unit="农业农村局"),
    )
    refusal = book.refuses(book.like("distribute", **INSIDE | {"tranche": tranche, "child": "X"} | place))
    assert refusal.code == "tranche.not_below"


@pytest.mark.parametrize(("town", "code"), [("520203999", "area.unknown"), ("520201101", "area.outside")])
def test_a_town_that_receives_money_is_known_and_within(book: Book, town: str, code: str) -> None:
    book.up_to("distribute").given(TOWNS)
    refusal = book.refuses(book.like("distribute", **INSIDE, child="X", child_town=town))
    assert (type(refusal), refusal.code) == (ValueRefusedError, code)


def test_a_child_tranche_belongs_to_one_holder(book: Book) -> None:
    book.up_to("distribute").given(TOWNS, book.like("distribute", **INSIDE, child="TT", child_town=TOWN))
    refusal = book.refuses(book.like("distribute", **INSIDE, child="TT", child_town="520203102"))
    assert refusal.code == "tranche.exists"


def test_distributing_from_an_unknown_tranche_is_not_found(book: Book) -> None:
    book.up_to("issue")
    refusal = book.refuses(book.like("distribute", tranche="T9"))
    assert (type(refusal), refusal.code) == (NotFoundError, "tranche.unknown")


def test_distributing_before_the_money_arrived_needs_a_reason(book: Book) -> None:
    book.up_to("issue")
    refusal = book.refuses(book.like("distribute", on="2022-01-04"))
    assert (refusal.code, "2022-01-04" in refusal.message, "2022-01-05" in refusal.message) == (
        "date.before_cause",
        True,
        True,
    )
    out, into = book.do(book.like("distribute", on="2022-01-04", reason="先预拨"))
    assert out.reason == into.reason == "先预拨"


def test_recovering_to_the_parent_has_two_legs_and_frees_the_money_there(book: Book) -> None:
    book.up_to("distribute")

    out, back = book.do(book.like("recover"))

    assert isinstance(out, TrancheRecovered)
    assert isinstance(back, TrancheReturned)
    assert (out.tranche, out.parent, back.tranche, back.child) == ("T1-1", "T1", "T1", "T1-1")
    assert out.amount_fen == back.amount_fen == 50_000_00
    assert out.transfer_id == back.transfer_id != ""
    book.given(book.like("distribute", child="T1-2", child_area="520201", amount_fen=450_000_00))


def test_recovering_out_of_this_ledger_has_one_leg(book: Book) -> None:
    book.up_to("issue")
    (out,) = book.do(book.like("recover", tranche="T1", recovered_by="省财政厅"))
    assert isinstance(out, TrancheRecovered)
    assert (out.parent, out.transfer_id, out.recovered_by) == ("", "", "省财政厅")
    assert book.refuses(book.like("recover", tranche="T1", amount_fen=950_000_01)).code == "tranche.overdrawn"


def test_allocated_money_is_not_recovered(book: Book) -> None:
    book.up_to("allocate")
    refusal = book.refuses(book.like("recover", amount_fen=300_000_01))
    assert refusal.code == "tranche.overdrawn"
    assert "300,000.01" in refusal.message
    book.given(book.like("recover", amount_fen=300_000_00))


def test_recovering_before_the_money_arrived_needs_a_reason(book: Book) -> None:
    book.up_to("distribute")
    assert book.refuses(book.like("recover", on="2022-01-09")).code == "date.before_cause"
    book.given(book.like("recover", on="2022-01-09", reason="文件补发"))

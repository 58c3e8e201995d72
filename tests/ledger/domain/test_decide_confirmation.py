"""The life of an asset: identified, put on notice, confirmed, certified, handed over, booked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import ASSET
from ledger.domain.objection import FileObjection
from ledger.domain.valuation import AddValue, ClassifyAsset, FinaliseValue
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import (
    AssetBooked,
    AssetClosed,
    AssetConfirmed,
    AssetHandedOver,
    AssetIdentified,
    OwnershipNoticed,
    ProjectFormedAsset,
    RightSet,
)

if TYPE_CHECKING:
    from tests.ledger.domain.conftest import Book

HOUSEHOLD = "H-36SCB6C2ZO7FOPUT2J2FO3VR57"
HALF = {"holder": "V1", "kind": "村集体", "share": "1/2"}


def test_an_asset_takes_place_and_year_from_its_project(book: Book) -> None:
    book.up_to("accept")
    event, half = book.do(book.like("identify", quantity="3 座", provisional=True))
    assert isinstance(event, AssetIdentified)
    assert isinstance(half, ProjectFormedAsset)
    assert (half.asset, half.value_fen, half.project) == (event.asset, event.value_fen, event.project)
    assert event.link == half.link != ""
    assert (event.area, event.project_year, event.project) == ("520203", 2022, "P1")
    assert (event.asset_class, event.asset_form, event.value_fen) == ("operating", "fixed", 280_000_00)
    assert event.provisional


def test_an_asset_code_is_used_once(book: Book) -> None:
    book.up_to("identify")
    refusal = book.refuses(book.like("identify", name="冷库"))
    assert (refusal.code, "菌棚" in refusal.message) == ("asset.exists", True)


def test_an_asset_comes_from_an_accepted_project(book: Book) -> None:
    book.up_to("complete")
    assert book.refuses(book.like("identify")).code == "asset.not_accepted"
    unknown = book.refuses(book.like("identify", project="P9"))
    assert (type(unknown), unknown.code) == (NotFoundError, "project.unknown")


def test_a_type_that_forms_no_asset_needs_a_reason(book: Book) -> None:
    book.up_to("issue").given(book.like("list", project_type="training"))
    book.given("approve", "plan", "start", "complete", "accept")
    refusal = book.refuses(book.like("identify"))
    assert (refusal.code, refusal.rule.startswith("base ")) == ("asset.type_forms_none", True)
    book.given(book.like("identify", reason="购置了实训设备"))


def test_identified_before_acceptance_needs_a_reason(book: Book) -> None:
    book.up_to("accept")
    assert book.refuses(book.like("identify", on="2022-06-19")).code == "date.before_cause"
    book.given(book.like("identify", on="2022-06-19", reason="补记"))


def test_a_notice_proposes_exact_shares(book: Book) -> None:
    book.up_to("identify")
    (event,) = book.do(book.like("notice"))
    assert isinstance(event, OwnershipNoticed)
    assert [(each.holder, each.numerator, each.denominator) for each in event.owners] == [("V1", 1, 3), ("V2", 2, 3)]


@pytest.mark.parametrize(
    ("shares", "said"),
    [(["33%", "66%"], "1/100"), (["1/3", "1/3"], "1/3"), (["1/2", "51%"], "1/100")],
    ids=["99/100", "two thirds", "over"],
)
def test_shares_that_do_not_make_up_the_whole_are_refused_with_the_difference(
    book: Book, shares: list[str], said: str
) -> None:
    book.up_to("identify")
    owners = tuple({"holder": f"V{n}", "kind": "村集体", "share": share} for n, share in enumerate(shares))
    refusal = book.refuses(book.like("notice", owners=owners))
    assert (type(refusal), refusal.code) == (ValueRefusedError, "share.not_whole")
    assert said in refusal.message


@pytest.mark.parametrize(
    ("owners", "code"),
    [
        ((), "right.no_holder"),
        ((HALF, HALF), "right.holder_doubled"),
        (({"holder": HOUSEHOLD, "kind": "农户", "share": "1"},), "right.household_owner"),
        ((HALF, {"holder": HOUSEHOLD, "kind": "农户", "share": "1/2"}), "right.household_owner"),
    ],
)
def test_owners_of_a_collective_asset(book: Book, owners: tuple[dict[str, str], ...], code: str) -> None:
    book.up_to("identify")
    refusal = book.refuses(book.like("notice", owners=owners))
    assert (type(refusal), refusal.code) == (RuleRefusedError, code)


def test_a_household_may_own_a_household_asset_but_its_name_is_not_recorded(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", asset_class="到户类"))
    owner = {"holder": HOUSEHOLD, "kind": "农户", "share": "100%", "name": "某户"}
    (event,) = book.do(book.like("notice", owners=(owner,)))
    assert isinstance(event, OwnershipNoticed)
    assert (event.owners[0].holder, event.owners[0].name) == (HOUSEHOLD, "")


def test_a_notice_shorter_than_the_rule_asks_is_refused_with_both_numbers_and_the_source(book: Book) -> None:
    book.up_to("identify")
    refusal = book.refuses(book.like("notice", to_on="2022-07-07"))
    assert refusal.code == "asset.notice_short"
    assert "共 6 天,少于 7 天" in refusal.message
    assert "ownership_notice_days" in refusal.rule


def test_a_notice_does_not_end_before_it_begins(book: Book) -> None:
    book.up_to("identify")
    assert book.refuses(book.like("notice", to_on="2022-07-01")).code == "notice.period"


def test_a_notice_before_the_asset_was_identified_needs_a_reason(book: Book) -> None:
    book.up_to("identify")
    assert book.refuses(book.like("notice", from_on="2022-06-30")).code == "date.before_cause"


def test_confirming_sets_the_ownership_that_was_on_notice_in_the_same_breath(book: Book) -> None:
    book.up_to("notice")

    confirmed, ownership = book.do(book.like("confirm"))

    assert isinstance(confirmed, AssetConfirmed)
    assert isinstance(ownership, RightSet)
    assert confirmed.owners == ownership.holdings
    assert [each.holder for each in confirmed.owners] == ["V1", "V2"]
    assert confirmed.confirmation_id == ownership.confirmation_id != ""
    assert (ownership.right, ownership.status, ownership.stream) == ("ownership", "held", "right:A1")


@pytest.mark.parametrize("on", ["2022-07-05", "2022-07-08"], ids=["running", "last day"])
def test_nothing_is_confirmed_while_the_notice_runs_whatever_the_reason(book: Book, on: str) -> None:
    book.up_to("notice")
    refusal = book.refuses(book.like("confirm", on=on, reason="着急"))
    assert refusal.code == "asset.notice_running"
    assert "2022-07-08" in refusal.message
    assert on in refusal.message


def test_the_latest_notice_counts(book: Book) -> None:
    book.up_to("notice").given(book.like("notice", on="2022-07-09", from_on="2022-07-09", to_on="2022-07-20"))
    assert book.refuses(book.like("confirm", on="2022-07-20")).code == "asset.notice_running"
    book.given(book.like("confirm", on="2022-07-21"))


def test_owners_confirmed_add_up_to_the_whole_too(book: Book) -> None:
    book.up_to("notice")
    assert book.refuses(book.like("confirm", owners=(HALF,))).code == "share.not_whole"


@pytest.mark.parametrize(
    ("last", "step", "lacking"),
    [
        ("identify", "confirm", "公示"),
        ("notice", "certify", "确权"),
        ("notice", "hand_over", "确权"),
        ("certify", "book", "移交"),
    ],
)
def test_no_step_of_an_asset_is_skipped(book: Book, last: str, step: str, lacking: str) -> None:
    book.up_to(last)
    refusal = book.refuses(book.like(step))
    assert (refusal.code, f"尚未{lacking}" in refusal.message) == ("asset.step_order", True)


@pytest.mark.parametrize("step", ["confirm", "certify", "hand_over", "book"])
def test_no_step_of_an_asset_is_taken_twice(book: Book, step: str) -> None:
    book.up_to(step)
    refusal = book.refuses(book.like(step))
    assert (refusal.code, str(book.like(step).on) in refusal.message) == ("asset.step_repeated", True)


def test_owners_of_a_confirmed_asset_are_not_put_on_notice_again(book: Book) -> None:
    book.up_to("confirm")
    assert book.refuses(book.like("notice")).code == "asset.step_repeated"


@pytest.mark.parametrize("step", ["notice", "confirm", "certify", "hand_over", "book"])
def test_steps_of_an_unknown_asset_are_not_found(book: Book, step: str) -> None:
    book.up_to("accept")
    refusal = book.refuses(book.like(step))
    assert (type(refusal), refusal.code) == (NotFoundError, "asset.unknown")


@pytest.mark.parametrize(
    ("step", "early"), [("certify", "2022-07-08"), ("hand_over", "2022-07-08"), ("book", "2022-07-19")]
)
def test_a_step_dated_before_its_cause_needs_a_reason(book: Book, step: str, early: str) -> None:
    book.up_to({"certify": "confirm", "hand_over": "certify", "book": "hand_over"}[step])
    assert book.refuses(book.like(step, on=early)).code == "date.before_cause"
    (event,) = book.do(book.like(step, on=early, reason="补记"))
    assert event.effective_on == date.fromisoformat(early)


@pytest.mark.parametrize(
    ("party", "name"), [("giver", "移交单位"), ("receiver", "接收单位"), ("supervisor", "监交单位")]
)
def test_a_hand_over_lacks_none_of_its_three_parties(book: Book, party: str, name: str) -> None:
    book.up_to("certify")
    refusal = book.refuses(book.like("hand_over", **{party: "  "}))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "asset.party_missing")
    assert refusal.message.endswith(f"缺少{name}")


def test_a_hand_over_names_every_missing_party(book: Book) -> None:
    book.up_to("certify")
    refusal = book.refuses(book.like("hand_over", giver="", receiver="", supervisor=""))
    assert refusal.message.endswith("移交单位、接收单位、监交单位")


@pytest.mark.parametrize("doubled", [{"receiver": "县农业农村局"}, {"supervisor": "甲村经济合作社"}])
def test_the_three_parties_of_a_hand_over_are_different(book: Book, doubled: dict[str, Any]) -> None:
    book.up_to("certify")
    assert book.refuses(book.like("hand_over", **doubled)).code == "asset.party_doubled"


def test_an_uncertified_asset_may_be_handed_over_and_booked(book: Book) -> None:
    book.up_to("book", without="certify")
    handed, booked = (each.event for each in book.log[-2:])
    assert isinstance(handed, AssetHandedOver)
    assert isinstance(booked, AssetBooked)
    assert (handed.giver, handed.receiver, handed.supervisor) == ("县农业农村局", "甲村经济合作社", "县财政局")
    assert (booked.books, booked.voucher) == ("collective", "记-7")


def test_confirming_other_owners_than_those_on_notice_needs_a_reason(book: Book) -> None:
    book.up_to("notice")
    others = ({"holder": "V9", "kind": "村集体", "share": "1"},)
    assert book.refuses(book.like("confirm", owners=others)).code == "asset.owners_differ"
    confirmed, _ = book.do(book.like("confirm", owners=others, reason="公示后村民会议另有决定"))
    assert isinstance(confirmed, AssetConfirmed)
    assert [each.holder for each in confirmed.owners] == ["V9"]


VILLAGES = ({"holder": "V1", "kind": "村集体"}, {"holder": "V2", "kind": "村集体"})


@pytest.mark.parametrize(
    ("changes", "basis", "shares"),
    [
        ({"basis": "按出资", "inputs": ("30万元", "20万元")}, "contribution", ["3/5", "2/5"]),
        ({"inputs": ("300000", "200000.01")}, "contribution", ["10000000/16666667", "6666667/16666667"]),
        ({"basis": "按容量", "inputs": ("60.5千瓦", "121 千瓦")}, "capacity", ["1/3", "2/3"]),
        ({"basis": "均等"}, "equal", ["1/2", "1/2"]),
        ({}, "equal", ["1/2", "1/2"]),
    ],
    ids=["contribution", "figures alone", "capacity", "equal", "nothing known"],
)
def test_shares_follow_from_the_basis_and_its_figures(
    book: Book, changes: dict[str, Any], basis: str, shares: list[str]
) -> None:
    book.up_to("identify")
    (event,) = book.do(book.like("notice", owners=VILLAGES, **changes))
    assert isinstance(event, OwnershipNoticed)
    assert [f"{each.numerator}/{each.denominator}" for each in event.owners] == shares
    assert (event.basis, event.basis_inputs) == (basis, changes.get("inputs", ()))
    _, ownership = book.do(book.like("confirm"))
    assert isinstance(ownership, RightSet)
    assert ownership.basis == basis


def test_shares_given_beside_figures_are_those_that_follow(book: Book) -> None:
    book.up_to("identify")
    refusal = book.refuses(book.like("notice", basis="按出资", inputs=("30万元", "20万元")))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "right.share_differs")
    assert ("1/3" in refusal.message, "3/5" in refusal.message) == (True, True)
    book.given(book.like("notice", basis="按出资", inputs=("10万元", "20万元")))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"basis": "按出资"}, "right.inputs_missing"),
        ({"basis": "按容量", "inputs": ("60千瓦",)}, "right.inputs_missing"),
        ({"basis": "按容量", "inputs": ("60千瓦", "40亩")}, "right.inputs_unreadable"),
        ({"basis": "按容量", "inputs": ("六十", "四十")}, "right.inputs_unreadable"),
        ({"basis": "按容量", "inputs": ("0千瓦", "40千瓦")}, "share.no_basis"),
        ({"basis": "按出资", "inputs": ("30万元", "若干")}, "money.not_a_number"),
        ({"basis": "按约定"}, "holder.no_share"),
    ],
)
def test_figures_that_do_not_fit_the_owners_are_refused(book: Book, changes: dict[str, Any], code: str) -> None:
    book.up_to("identify")
    refusal = book.refuses(book.like("notice", owners=VILLAGES, **changes))
    assert (type(refusal), refusal.code) == (ValueRefusedError, code)


def test_a_household_asset_is_confirmed_without_a_notice_but_not_without_an_owner(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", asset_class="到户类"))
    assert book.refuses(book.like("confirm")).code == "right.no_holder"
    book.given(book.like("confirm", owners=({"holder": HOUSEHOLD, "kind": "农户", "share": "1"},)))
    book.given(book.like("hand_over", receiver="H-1户"))


def test_a_household_asset_on_notice_waits_like_any_other(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", asset_class="到户类"), "notice")
    assert book.refuses(book.like("confirm", on="2022-07-08")).code == "asset.notice_running"


def test_a_hand_over_lists_papers_defects_warranty_and_debts(book: Book) -> None:
    book.up_to("certify")
    list_of = {"documents": ("验收报告", "竣工图"), "defects": "三号棚漏水,施工方十日内修复"}
    (event,) = book.do(book.like("hand_over", **list_of, warranty_until="2024-06-20", debts_fen=15_000_00))
    assert isinstance(event, AssetHandedOver)
    assert (event.documents, event.defects) == (list_of["documents"], list_of["defects"])
    assert (event.warranty_until, event.debts_fen) == (date(2024, 6, 20), 15_000_00)


def test_what_a_collective_built_itself_it_keeps_by_a_receipt(book: Book) -> None:
    book.up_to("certify")
    kept = {"giver": "甲村经济合作社", "receiver": "甲村经济合作社"}
    assert book.refuses(book.like("hand_over", **kept)).code == "asset.party_doubled"
    alone = kept | {"supervisor": "甲村经济合作社", "reason": "自建"}
    assert book.refuses(book.like("hand_over", **alone)).code == "asset.party_doubled"
    book.given(book.like("hand_over", **kept, reason="村集体自建自管,凭接收单"))


def test_what_a_state_unit_owns_has_a_giver_and_a_receiver(book: Book) -> None:
    unit = ({"holder": "U1", "kind": "国有单位", "share": "1"},)
    book.up_to("identify").given(book.like("notice", owners=unit), "confirm")
    kept = {"giver": "县水务局", "receiver": "县水务局", "reason": "自建"}
    assert book.refuses(book.like("hand_over", **kept)).code == "asset.party_doubled"


@pytest.mark.parametrize(
    ("code", "kind", "village"),
    [
        ("V520203101201", "村集体", "520203101201"),
        ("520203101201-3组", "组集体", "520203101201"),
        ("Q520203101201", "企业", ""),
        ("V5202031012011", "村集体", ""),
        ("V1", "村集体", ""),
    ],
)
def test_a_collective_belongs_to_the_village_that_its_code_names(
    book: Book, code: str, kind: str, village: str
) -> None:
    book.up_to("identify")
    (event,) = book.do(book.like("notice", owners=({"holder": code, "kind": kind, "share": "1"},)))
    assert isinstance(event, OwnershipNoticed)
    assert event.owners[0].village == village


def test_an_asset_that_ended_takes_no_step_but_is_still_there(book: Book) -> None:
    book.up_to("notice")
    ended = AssetClosed(**book.load(ASSET, "A1").dimensions(), effective_on=date(2022, 7, 9), why="消耗灭失")
    book.record([ended])
    what = {"on": "2022-07-10", "asset": "A1"}
    further = (
        *(book.like(step) for step in ("notice", "confirm", "certify", "hand_over", "book", "set_right")),
        FileObjection.of(**what, objection="Y1", content="份额"),
        ClassifyAsset.of(**what, asset_class="公益性", authority="局", reason="改用途"),
        FinaliseValue.of(**what, value_fen=1),
        AddValue.of(**what, added_by="P1", amount_fen=1),
    )
    for command in further:
        refusal = book.refuses(command)
        assert (refusal.code, "已销户" in refusal.message) == ("asset.ended", True)
    assert book.refuses(book.like("identify")).code == "asset.exists"

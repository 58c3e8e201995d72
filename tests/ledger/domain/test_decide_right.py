"""The five rights: held in shares that make up the whole, held by nobody by nature, or unsettled until a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import RIGHTS
from ledger.domain.control import AdoptRules
from ledger.domain.objection import FileObjection
from ledger.domain.right import EndRight
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import RightSet

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

COMPANY = {"holder": "C1", "kind": "企业", "share": "1"}
HOUSEHOLD = "H-36SCB6C2ZO7FOPUT2J2FO3VR57"
FARMER = {"holder": HOUSEHOLD, "kind": "农户", "share": "2/5"}
VILLAGE = {"holder": "V1", "kind": "村集体", "share": "60%"}


def test_a_right_is_set_whole_in_one_event(book: Book) -> None:
    book.up_to("confirm")
    (event,) = book.do(
        book.like("set_right", right="收益权", holders=(FARMER, VILLAGE), basis="按出资", body="members")
    )
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
        ({"holders": (FARMER, VILLAGE | {"holder": HOUSEHOLD})}, RuleRefusedError, "right.holder_doubled"),
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
        book.given(book.like("set_right", right=right, holders=(FARMER | {"share": "1"},), body="members"))


@pytest.mark.parametrize("on", ["2022-06-30", "2022-07-31"], ids=["before the asset", "before the present setting"])
def test_a_right_set_before_what_it_follows_needs_a_reason(book: Book, on: str) -> None:
    book.up_to("set_right")
    refusal = book.refuses(book.like("set_right", on=on))
    assert (refusal.code, on in refusal.message) == ("date.before_cause", True)
    book.given(book.like("set_right", on=on, reason="补登合同"))


def test_after_a_setting_of_the_past_the_latest_day_still_counts(book: Book) -> None:
    book.up_to("set_right").given(book.like("set_right", on="2022-07-20", reason="补登合同"))
    assert book.refuses(book.like("set_right", on="2022-07-25")).code == "date.before_cause"


def test_two_different_settings_of_one_day_need_a_reason(book: Book) -> None:
    book.up_to("set_right").given("set_right")  # the same again says nothing new
    other = {"holders": (VILLAGE | {"share": "1"},)}
    refusal = book.refuses(book.like("set_right", **other))
    assert (refusal.code, "2022-08-01" in refusal.message) == ("right.same_day", True)
    book.given(book.like("set_right", **other, reason="当日改签"))
    assert [each.holder for each in book.load(RIGHTS, "A1").latest["operation"].holdings] == ["V1"]


def test_a_right_is_known_as_it_was_on_each_day(book: Book) -> None:
    book.up_to("set_right").given(book.like("set_right", on="2023-01-01", holders=(VILLAGE | {"share": "1"},)))
    book.given(book.like("set_right", on="2022-07-20", holders=(FARMER | {"share": "1"},), reason="补登合同"))
    state = book.load(RIGHTS, "A1")
    for day, holder in {"2022-07-31": HOUSEHOLD, "2022-08-01": "C1", "2022-12-31": "C1", "2023-01-01": "V1"}.items():
        setting = state.at("operation", date.fromisoformat(day))
        assert setting is not None
        assert setting.holdings[0].holder == holder
    assert state.at("operation", date(2022, 7, 19)) is None


def test_a_right_that_is_held_can_end_or_be_settled_anew(book: Book) -> None:
    end = {"on": "2023-01-01", "asset": "A1", "right": "经营权"}
    assert book.up_to("confirm").refuses(EndRight.of(**end, reason="到期")).code == "right.not_held"
    book.given("set_right")
    assert book.refuses(EndRight.of(**end)).code == "right.reason_missing"
    (event,) = book.do(EndRight.of(**end, reason="到期", due_on="2023-06-30"))
    assert isinstance(event, RightSet)
    assert (event.status, event.due_on) == ("unsettled", date(2023, 6, 30))
    assert book.refuses(EndRight.of(**end, reason="到期")).code == "right.not_held"
    assert book.refuses(EndRight.of(**{**end, "right": "所有权"}, reason="放弃")).code == "right.no_owner"


def test_a_dispute_stops_ownership_and_disposal_but_not_the_lease(book: Book) -> None:
    book.up_to("confirm").given(FileObjection.of(on="2022-07-30", asset="A1", objection="Y1", content="归属不清"))
    for right in ("所有权", "处置权"):
        assert book.refuses(book.like("set_right", right=right)).code == "asset.disputed"
    book.given("set_right")


def county_rules(*parameters: str, area: str = "520203") -> Command:
    """A pack that extends the shipped one with parameters."""
    head = f'pack = "c"\nversion = "1"\ntitle = "县"\njurisdiction = "{area}"\nsource = "assumed"\nextends = "base"\n'
    tables = [f'[[parameter]]\n{each}\nunit = "u"\njurisdiction = "{area}"\nsource = "县办法"\n' for each in parameters]
    return AdoptRules.of(on="2012-01-02", text="\n".join([head, *tables]))


def test_a_county_may_add_a_sixth_right(book: Book) -> None:
    book.up_to("confirm")
    refusal = book.refuses(book.like("set_right", right="分配权"))
    assert (type(refusal), refusal.code) == (ValueRefusedError, "right.unknown")
    book.given(county_rules('name = "more_rights"\nvalue = "distribution:分配权"'))
    (event,) = book.do(book.like("set_right", right="分配权", holders=(FARMER, VILLAGE)))
    assert isinstance(event, RightSet)
    assert event.right == "distribution"
    partly = book.like("set_right", right="distribution", holders=(FARMER,), on="2022-09-01")
    assert book.refuses(partly).code == "share.not_whole"


@pytest.mark.parametrize("value", ["分配权", "income:收益", "a:甲;a:乙"])
def test_added_rights_that_cannot_be_read_are_refused(book: Book, value: str) -> None:
    book.up_to("confirm").given(county_rules(f'name = "more_rights"\nvalue = "{value}"'))
    assert book.refuses(book.like("set_right")).code == "rule.bad_rights"


def test_income_of_what_is_not_operating_is_not_put_into_shares_of_households(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", asset_class="公益性"), "notice", "confirm")
    shares = book.like("set_right", right="收益权", holders=(FARMER, VILLAGE))
    refusal = book.refuses(shares)
    assert (refusal.code, "第四十条" in refusal.rule) == ("right.not_quantifiable", True)
    book.given(book.like("set_right", right="收益权", holders=(VILLAGE | {"share": "1"},)))
    book.given(county_rules('name = "quantify_non_operating"\nvalue = 1'), shares.model_copy(update={"reason": "改制"}))


def test_a_member_holds_no_more_than_the_cap(book: Book) -> None:
    book.up_to("confirm").given(county_rules('name = "member_share_cap_percent"\nvalue = 3'))

    def shares(farmer: str, village: str) -> Command:
        holders = (FARMER | {"share": farmer}, VILLAGE | {"share": village})
        return book.like("set_right", right="收益权", holders=holders, body="members")

    refusal = book.refuses(shares("301/10000", "9699/10000"))
    assert (refusal.code, "3%" in refusal.message) == ("right.member_cap", True)
    book.given(shares("3%", "97%"))


def test_a_household_asset_is_the_household_s_own(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", asset_class="到户类"))
    owner = {**FARMER, "share": "1"}
    book.given(book.like("notice", owners=(owner,)), "confirm")
    book.given(county_rules('name = "member_share_cap_percent"\nvalue = 3'))
    book.given(book.like("set_right", right="收益权", holders=(owner,)))


@pytest.mark.parametrize("body", ["", "representatives", "unit"])
def test_income_is_quantified_by_the_members_meeting_and_by_no_other(book: Book, body: str) -> None:
    book.up_to("confirm")
    quantify = {"right": "收益权", "holders": (FARMER, VILLAGE), "body": body}
    refusal = book.refuses(book.like("set_right", **quantify))
    assert (refusal.code, refusal.rule[:4], "第二十八条" in refusal.rule) == ("right.wrong_meeting", "RF36", True)
    (event,) = book.do(book.like("set_right", **quantify, reason="如实补登 2021 年的决定"))
    assert isinstance(event, RightSet)
    assert event.body == body
    book.given(book.like("set_right", **{**quantify, "on": "2022-09-01", "body": "villagers"}))


def test_a_household_asset_has_no_operator_but_its_owner_without_a_reason(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", asset_class="到户类"))
    book.given(book.like("notice", owners=({**FARMER, "share": "1"},)), "confirm")
    refusal = book.refuses(book.like("set_right", holders=(COMPANY,)))
    assert (refusal.code, refusal.rule[:4]) == ("right.household_operator", "RF37")
    book.given(book.like("set_right", holders=({**FARMER, "share": "1"},)))
    book.given(book.like("set_right", on="2022-09-01", holders=(COMPANY,), reason="农户委托合作社代养"))

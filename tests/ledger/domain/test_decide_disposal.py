"""Disposal: proposed, voted, appraised, approved step by step, carried out, and the price where it belongs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import ASSET, RIGHTS
from ledger.domain.control import AdoptRules, ReverseEvent
from ledger.domain.disposal import AppraiseDisposal, ApproveDisposal, DisposeAsset, ProposeDisposal, VoteDisposal
from ledger.domain.objection import FileObjection
from ledger.domain.proceeds import BookProceeds
from ledger.domain.reshaping import CloseAsset
from ledger.errors import NotFoundError
from ledger.events import AssetDisposed, DisposalApproved, RightSet

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

PROPOSED = ProposeDisposal.of(on="2023-03-01", asset="A1", disposal="CZ-1", why="消耗灭失", way="核销")
APPROVED = ApproveDisposal.of(on="2023-04-01", asset="A1", authority="县农业农村局")
DISPOSED = DisposeAsset.of(on="2023-04-10", asset="A1")
STATE = {"holder": "G1", "kind": "国有单位", "share": "1/4"}
VILLAGE = {"holder": "V1", "kind": "村集体", "share": "1/2"}
FIRM = {"holder": "C1", "kind": "企业", "share": "1/4"}


def vote(owner: str = "V1", **changes: Any) -> Command:  # noqa: ANN401 - field values
    counts = {"body": "members", "members": 300, "present": 220, "in_favour": 200, "notice_days": 10}
    fields = {"on": "2023-03-15", "asset": "A1", "owner": owner, "party_first": True, **counts}
    return VoteDisposal.of(**{**fields, **changes})


def voted(book: Book) -> Book:
    return book.up_to("book").given(PROPOSED, vote("V2"))


def test_a_write_off_goes_its_whole_way_and_ends_every_right(book: Book) -> None:
    voted(book).given("set_right", APPROVED)
    done, *ends = book.do(DISPOSED)
    assert isinstance(done, AssetDisposed)
    assert (done.way, done.price_fen) == ("write_off", 0)
    assert all(isinstance(each, RightSet) and each.status == "none" for each in ends)
    assert {each.right for each in ends if isinstance(each, RightSet)} == {"ownership", "operation"}
    assert book.load(ASSET, "A1").life == "disposed"
    assert [each.holder for each in book.load(RIGHTS, "A1").owners] == ["V1", "V2"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"in_favour": 199}, "disposal.vote_failed"),
        ({"notice_days": 9}, "disposal.notice_short"),
        ({"party_first": False}, "disposal.party_first"),
        ({"present": 199}, "disposal.vote_counts"),
        ({"present": 301}, "disposal.vote_counts"),
        ({"body": "unit"}, "disposal.wrong_body"),
        ({"owner": "V9"}, "disposal.which_owner"),
        ({"owner": None}, "disposal.which_owner"),
        ({"on": "2023-02-01"}, "date.before_cause"),
        ({"asset": "A9"}, "asset.unknown"),
    ],
)
def test_a_vote_that_the_law_does_not_count_is_refused(book: Book, changes: dict[str, Any], code: str) -> None:
    book.up_to("confirm").given(PROPOSED)
    assert book.refuses(vote(**changes)).code == code


def test_two_thirds_of_all_members_carry_and_one_less_never_does(book: Book) -> None:
    book.up_to("confirm").given(PROPOSED, vote("V2", in_favour=199, reason="如实登记"))
    refusal = book.refuses(APPROVED)
    assert (refusal.code, "RF22" in refusal.rule) == ("disposal.no_vote", True)
    book.given(vote("V2", in_favour=200), APPROVED)


def test_co_owners_of_two_thirds_must_have_carried_it(book: Book) -> None:
    book.up_to("confirm").given(PROPOSED, vote("V1"))
    refusal = book.refuses(APPROVED)
    assert (refusal.code, "1/3" in refusal.message) == ("disposal.no_vote", True)
    book.given(vote("V2"), APPROVED)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (APPROVED, "disposal.no_vote"),
        (DISPOSED, "disposal.no_vote"),
        (PROPOSED, "disposal.open"),
        (PROPOSED.model_copy(update={"disposal": "CZ-2"}), "disposal.open"),
    ],
)
def test_no_step_is_left_out(book: Book, command: Command, code: str) -> None:
    book.up_to("confirm").given(PROPOSED)
    assert book.refuses(command).code == code


def test_nothing_goes_without_a_proposal_or_a_confirmation(book: Book) -> None:
    book.up_to("notice")
    assert book.refuses(PROPOSED).code == "asset.step_order"
    book.given("confirm")
    appraised = AppraiseDisposal.of(on="2023-03-20", asset="A1", appraised_fen=1, appraiser="甲")
    for command in (vote(), appraised, APPROVED, DISPOSED):
        refusal = book.refuses(command)
        assert (type(refusal), refusal.code) == (NotFoundError, "disposal.unknown")


def test_without_approval_it_is_not_carried_out(book: Book) -> None:
    voted(book)
    refusal = book.refuses(DISPOSED)
    assert (refusal.code, "RF25" in refusal.rule) == ("disposal.not_approved", True)
    book.given(APPROVED)
    assert book.refuses(APPROVED).code == "disposal.chain_done"


def test_a_dispute_stops_it_at_every_step(book: Book) -> None:
    voted(book).given(FileObjection.of(on="2023-03-20", asset="A1", objection="Y1", content="归属不清"))
    for command in (vote("V1"), APPROVED, DISPOSED):
        assert book.refuses(command).code == "asset.disputed"


def test_a_sale_is_appraised_first_and_not_sold_below_without_a_reason(book: Book) -> None:
    sale = PROPOSED.model_copy(update={"way": "transfer"})
    book.up_to("confirm").given(sale, vote("V2"))
    refusal = book.refuses(APPROVED)
    assert (refusal.code, "RF23" in refusal.rule) == ("disposal.not_appraised", True)
    public = {"from_on": "2023-03-16", "to_on": "2023-03-30"}
    half = AppraiseDisposal.of(on="2023-03-16", asset="A1", appraised_fen=900_00, appraiser="甲", from_on="2023-03-16")
    assert book.refuses(half).code == "notice.period"
    book.given(AppraiseDisposal.of(on="2023-03-16", asset="A1", appraised_fen=900_00, appraiser="甲", **public))
    book.given(APPROVED.model_copy(update={"on": date(2023, 3, 20)}))
    early = DISPOSED.model_copy(update={"on": date(2023, 3, 29), "price_fen": 900_00})
    assert book.refuses(early).code == "disposal.notice_running"
    cheap = DISPOSED.model_copy(update={"price_fen": 899_99})
    assert book.refuses(cheap).code == "disposal.below_appraisal"
    book.given(cheap.model_copy(update={"reason": "流拍后按保留价"}))


def county_rules(*parameters: str) -> Command:
    """A pack of the county that extends the shipped one with parameters."""
    head = 'pack = "c"\nversion = "1"\ntitle = "县"\njurisdiction = "520203"\nsource = "assumed"\nextends = "base"\n'
    tables = [f'[[parameter]]\n{each}\nunit = "u"\njurisdiction = "520203"\nsource = "县办法"\n' for each in parameters]
    return AdoptRules.of(on="2012-01-02", text="\n".join([head, *tables]))


def test_the_chain_is_walked_in_order_with_the_days_of_each_step(book: Book) -> None:
    voted(book).given(county_rules('name = "disposal_chain_steps"\nvalue = "村公示:3;镇党委会议:1;县级公示:5"'))
    first = APPROVED.model_copy(update={"notice_days": 3})
    refusal = book.refuses(APPROVED)
    assert (refusal.code, "村公示" in refusal.message) == ("disposal.chain_notice", True)
    steps = [book.do(first), book.do(first), book.do(first.model_copy(update={"notice_days": 5}))]
    assert [event.step for (event,) in steps if isinstance(event, DisposalApproved)] == [1, 2, 3]
    too_soon = DISPOSED.model_copy(update={"on": date(2023, 4, 5)})
    assert book.refuses(too_soon).code == "disposal.notice_running"
    book.given(DISPOSED)


def test_an_appraisal_is_public_for_the_days_that_a_province_asks(book: Book) -> None:
    book.up_to("confirm").given(PROPOSED, county_rules('name = "appraisal_notice_days"\nvalue = 15'))
    stated = {"on": "2023-03-16", "asset": "A1", "appraised_fen": 900_00, "appraiser": "甲", "from_on": "2023-03-16"}
    short = AppraiseDisposal.of(**stated, to_on="2023-03-29")
    assert book.refuses(short).code == "disposal.appraisal_notice"
    book.given(AppraiseDisposal.of(**stated, to_on="2023-03-30"))


def test_a_chain_that_cannot_be_read_is_refused(book: Book) -> None:
    voted(book).given(county_rules('name = "disposal_chain_steps"\nvalue = "村公示"'))
    assert book.refuses(APPROVED).code == "rule.bad_chain"


def test_the_price_goes_to_treasury_and_collective_by_their_shares(book: Book) -> None:
    book.up_to("identify")
    owners = (STATE, VILLAGE, FIRM)
    book.given(book.like("notice", owners=owners), "confirm", PROPOSED)
    book.given(vote("V1"), vote("G1", body="unit", members=7, present=7, in_favour=4), APPROVED)
    book.given(DISPOSED.model_copy(update={"price_fen": 1_000_01}))

    def book_price(fen: int, to: str, **more: str) -> Command:
        return BookProceeds.of(on="2023-04-11", asset="A1", amount_fen=fen, destination=to, **more)

    assert book.refuses(book_price(250_01, "treasury")).code == "disposal.wrong_destination"
    book.given(book_price(250_00, "treasury"), book_price(500_00, "collective"))
    refusal = book.refuses(book_price(2, "reinvested"))
    assert (refusal.code, "RF24" in refusal.rule) == ("disposal.wrong_destination", True)
    assert book.refuses(book_price(250_02, "collective", reason="企业放弃")).code == "disposal.proceeds_exceed"
    close = CloseAsset.of(on="2023-05-01", asset="A1", why="已处置")
    assert book.refuses(close).code == "asset.proceeds_missing"
    book.given(book_price(250_01, "collective", reason="企业放弃"), close)
    assert book.load(ASSET, "A1").life == "closed"


def test_a_price_is_booked_only_after_the_disposal_and_a_file_closed_only_at_its_end(book: Book) -> None:
    book.up_to("book")
    price = BookProceeds.of(on="2023-04-11", asset="A1", amount_fen=1, destination="collective")
    assert book.refuses(price).code == "disposal.not_done"
    assert book.refuses(CloseAsset.of(on="2023-05-01", asset="A1", why="结束")).code == "asset.not_closable"


def test_an_asset_that_is_gone_takes_no_more_steps(book: Book) -> None:
    voted(book).given(APPROVED, DISPOSED)
    for command in (PROPOSED, vote(), book.like("set_right"), book.like("certify")):
        assert book.refuses(command).code == "asset.ended"


def test_a_disposal_is_reversed_with_the_ends_of_all_rights(book: Book) -> None:
    voted(book).given("set_right", APPROVED)
    before = book.load(RIGHTS, "A1").latest
    book.given(DISPOSED)
    fields = {"on": "2023-05-01", "reason": "登记有误", "document": "更正1号"}
    events = book.do(ReverseEvent.of(position=book.last("asset.disposed"), **fields))
    assert len(events) == 3
    assert book.load(ASSET, "A1").life == "live"
    assert book.load(RIGHTS, "A1").latest == before
    refusal = book.refuses(ReverseEvent.of(position=book.last("asset.disposal_proposed"), **fields))
    assert (refusal.code, "CZ-1" in refusal.message) == ("correction.needed_later", True)

"""An asset changes hands, is split, merged, moved, put into another: value, money and rights are never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.commands.work import ASSET, RIGHTS
from ledger.domain.control import ReverseEvent
from ledger.domain.disposal import ProposeDisposal
from ledger.domain.formation import TakeStock
from ledger.domain.objection import FileObjection
from ledger.domain.reshaping import CloseAsset, MergeAsset, ReinvestAsset, SplitAsset
from ledger.domain.transfer import RelocateAsset, TransferOwnership
from ledger.events import AssetMergedFrom, AssetSplit, AssetSplitOff, OwnershipTransferred, RightSet
from tests.ledger.domain.conftest import Book

if TYPE_CHECKING:
    from ledger.domain.command import Command

TOWN = {"holder": "T1", "kind": "乡镇集体", "share": "1"}
FARMER = {"holder": "H-36SCB6C2ZO7FOPUT2J2FO3VR57", "kind": "农户", "share": "1"}
ORDER = {"document": "县府办函〔2023〕5号", "reason": "共有人会议三分之二以上同意"}


def transfer(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {
        "on": "2023-01-10",
        "asset": "A1",
        "way": "allocated",
        "giver": "甲村",
        "receiver": "乙乡",
        "owners": (TOWN,),
    }
    return TransferOwnership.of(**{**fields, **ORDER, **changes})


def split(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2023-02-01", "asset": "A1", "part": "A1-B", "name": "冷库", "value_fen": 100_000_00}
    return SplitAsset.of(**{**fields, **changes})


def merge(**changes: Any) -> Command:  # noqa: ANN401 - field values
    return MergeAsset.of(**{"on": "2023-03-01", "asset": "A1-B", "whole": "A1", **changes})


def reverse(position: int) -> Command:
    return ReverseEvent.of(on="2023-06-01", position=position, reason="登记有误", document="更正1号")


def old(asset: str = "A2", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"name": "老水池", "area": "520203", "project_year": 2014, "asset_class": "经营性", "value_fen": 50_000_00}
    return TakeStock.of(**{"on": "2022-07-01", "asset": asset, "origin": "2014 年扶贫资金", **fields, **changes})


def test_ownership_goes_over_whole_and_the_lease_stays(book: Book) -> None:
    book.up_to("set_right")
    events = book.do(transfer())
    assert [type(each) for each in events] == [OwnershipTransferred, RightSet]
    latest = book.load(RIGHTS, "A1").latest
    assert [each.holder for each in latest["ownership"].holdings] == ["T1"]
    assert [each.holder for each in latest["operation"].holdings] == ["C1"]
    assert latest["operation"].effective_on.isoformat() == "2022-08-01"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document": ""}, "transfer.no_document"),
        ({"reason": ""}, "transfer.co_owned"),
        ({"owners": (FARMER,)}, "right.household_owner"),
        ({"owners": (TOWN | {"share": "1/2"},)}, "share.not_whole"),
        ({"on": "2022-07-01", "reason": ""}, "transfer.co_owned"),
        ({"asset": "A9"}, "asset.unknown"),
    ],
)
def test_a_transfer_without_its_ground_is_refused(book: Book, changes: dict[str, Any], code: str) -> None:
    assert book.up_to("confirm").refuses(transfer(**changes)).code == code


def test_nobody_transfers_what_is_unconfirmed_disputed_the_same_or_being_disposed_of(book: Book) -> None:
    assert book.up_to("notice").refuses(transfer()).code == "asset.step_order"
    book.given("confirm", transfer())
    assert book.refuses(transfer()).code == "transfer.same_owners"
    farther = {**TOWN, "holder": "T2"}
    early = transfer(on="2023-01-09", owners=(farther,), reason="")
    assert book.refuses(early).code == "date.before_cause"
    book.given(ProposeDisposal.of(on="2023-01-11", asset="A1", disposal="CZ-1", why="规划调整", way="拆除"))
    assert book.refuses(transfer(owners=(farther,), reason="")).code == "asset.disposal_pending"
    book.given(FileObjection.of(on="2023-01-12", asset="A1", objection="Y1", content="归属不清"))
    assert book.refuses(transfer(owners=(farther,))).code == "asset.disputed"


def test_a_part_is_born_with_value_money_steps_and_rights_of_the_whole(book: Book) -> None:
    book.up_to("set_right")
    gone, born, *rights = book.do(split())
    assert isinstance(gone, AssetSplit)
    assert isinstance(born, AssetSplitOff)
    assert (gone.value_fen, born.value_fen, gone.change_fen) == (180_000_00, 100_000_00, 100_000_00)
    assert gone.sources == born.sources
    assert sum(each.amount_fen for each in born.sources) == 100_000_00
    assert {each.right for each in rights if isinstance(each, RightSet)} == {"ownership", "operation"}
    part, whole = book.load(ASSET, "A1-B"), book.load(ASSET, "A1")
    assert (part.value_fen, whole.value_fen) == (100_000_00, 180_000_00)
    assert sum(each.amount_fen for each in (*part.sources, *whole.sources)) == 280_000_00
    assert set(part.reached) == set(whole.reached)
    assert book.load(RIGHTS, "A1-B").owners == book.load(RIGHTS, "A1").owners


def test_a_part_of_what_is_not_confirmed_has_its_own_way_to_go(book: Book) -> None:
    book.up_to("notice").given(split())
    assert set(book.load(ASSET, "A1-B").reached) == {"identified"}
    assert book.load(RIGHTS, "A1-B").since == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value_fen": 280_000_00}, "split.too_much"),
        ({"part": "A1"}, "asset.exists"),
        ({"on": "2022-07-24"}, "date.before_cause"),
        ({"asset": "A9"}, "asset.unknown"),
    ],
)
def test_a_split_that_does_not_add_up_is_refused(book: Book, changes: dict[str, Any], code: str) -> None:
    assert book.up_to("book").refuses(split(**changes)).code == code


def test_a_provisional_value_is_neither_split_nor_merged(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", provisional=True), old())
    assert book.refuses(split()).code == "asset.provisional"
    assert book.refuses(merge(asset="A2")).code == "asset.provisional"


def test_what_was_split_merges_back_to_the_fen(book: Book) -> None:
    book.up_to("set_right")
    sources = book.load(ASSET, "A1").sources
    book.given(split())
    gone, grown, *ends = book.do(merge())
    assert isinstance(grown, AssetMergedFrom)
    assert (gone.effective_on, grown.value_fen) == (grown.effective_on, 280_000_00)
    assert {each.right for each in ends if isinstance(each, RightSet) and each.status == "none"} == {
        "ownership",
        "operation",
    }
    assert book.load(ASSET, "A1").value_fen == 280_000_00
    assert book.load(ASSET, "A1").sources == sources
    assert book.load(ASSET, "A1-B").life == "merged"
    assert book.refuses(merge()).code == "asset.ended"


def test_only_like_goes_into_like(book: Book) -> None:
    book.up_to("book").given(split(), old(), transfer(asset="A1-B", on="2023-02-02"))
    assert book.refuses(merge(whole="A1-B")).code == "merge.unlike"
    assert book.refuses(merge(asset="A2")).code == "merge.unlike"
    refusal = book.refuses(merge())
    assert (refusal.code, "RF31" in refusal.rule) == ("merge.other_owners", True)
    book.given(merge(reason="两村会议决定"))


def test_a_split_is_reversed_as_a_whole_and_not_under_what_rests_on_it(book: Book) -> None:
    book.up_to("set_right").given(split())
    events = book.do(reverse(book.last("asset.split_off")))
    assert len(events) == 4
    assert book.load(ASSET, "A1").value_fen == 280_000_00
    assert not book.load(ASSET, "A1-B").exists
    book.given(split(on="2023-02-02"), book.like("set_right", asset="A1-B", on="2023-02-03"))
    assert book.refuses(reverse(book.last("asset.split"))).code == "correction.needed_later"


def test_an_asset_is_registered_where_it_now_lies(book: Book) -> None:
    book.given("open", "adopt").given(old(area="520221", on="2019-05-01"))
    book.given(RelocateAsset.of(on="2021-01-05", asset="A2", area="520204"))
    state = book.load(ASSET, "A2")
    assert (state.area, book.log[-1].event.model_dump()["former_area"]) == ("520204", "520221")
    same = RelocateAsset.of(on="2021-01-06", asset="A2", area="520204")
    assert book.refuses(same).code == "relocation.same_place"
    other = {"on": "2021-01-06", "asset": "A2", "area": "520203"}
    assert book.refuses(RelocateAsset.of(**other)).code == "relocation.other_county"
    assert book.refuses(RelocateAsset.of(**{**other, "area": "520221"})).code == "area.expired"
    book.given(RelocateAsset.of(**other, reason="黔府函〔2021〕1号划入"))


def test_money_put_into_another_asset_names_where_it_came_from(book: Book) -> None:
    book.up_to("book").given(old())
    principal = {"on": "2023-01-01", "asset": "A1", "into": "A2", "money": "principal", "amount_fen": 200_000_00}
    book.given(ReinvestAsset.of(**principal))
    refusal = book.refuses(ReinvestAsset.of(**{**principal, "amount_fen": 80_000_01}))
    assert (refusal.code, "80,000.00" in refusal.message) == ("reinvestment.no_parent", True)
    assert book.refuses(ReinvestAsset.of(**{**principal, "money": "proceeds"})).code == "reinvestment.no_parent"
    assert (
        book.refuses(ReinvestAsset.of(**{**principal, "into": "A1", "amount_fen": 1})).code == "reinvestment.no_parent"
    )
    assert book.refuses(ReinvestAsset.of(**{**principal, "into": "A9"})).code == "asset.unknown"
    book.given(ReinvestAsset.of(**{**principal, "money": "income", "amount_fen": 999_999_00}))


def test_the_file_of_a_household_asset_is_closed_after_it_was_handed_over(book: Book) -> None:
    close = CloseAsset.of(on="2023-01-01", asset="A1", why="已出栏")
    book.up_to("accept").given(book.like("identify", asset_class="到户类"))
    assert book.refuses(close).code == "asset.not_closable"
    book.given(book.like("notice", owners=(FARMER,)), "confirm", "hand_over", close)
    assert book.refuses(close).code == "asset.not_closable"


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 60_000_00), min_size=1, max_size=4), back=st.booleans())
def test_splitting_and_merging_conserve_value_money_and_owners(cuts: list[int], back: bool) -> None:  # noqa: FBT001
    book = Book().up_to("book")
    owners = book.load(RIGHTS, "A1").owners
    parts = [f"A1-{number}" for number in range(len(cuts))]
    for part, fen in zip(parts, cuts, strict=True):
        book.given(split(part=part, value_fen=fen))
    if back:
        book.given(merge(asset=parts[0]))
    living = [state for code in ("A1", *parts) if (state := book.load(ASSET, code)).life == "live"]
    assert sum(each.value_fen for each in living) == 280_000_00
    assert sum(source.amount_fen for each in living for source in each.sources) == 280_000_00
    assert all(book.load(RIGHTS, each.asset).owners == owners for each in living)

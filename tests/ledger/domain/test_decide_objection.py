"""Objections: an open one blocks what settles the owner, one that is upheld asks for a new notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import ASSET
from ledger.domain.control import ReverseEvent
from ledger.domain.objection import FileObjection, ResolveObjection
from ledger.errors import NotFoundError
from ledger.events import AssetConfirmed, ObjectionResolved

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book


def file(objection: str = "Y1", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-07-05", "asset": "A1", "objection": objection, "content": "丙村出资未计入份额"}
    return FileObjection.of(**(fields | changes))


def resolve(outcome: str, objection: str = "Y1", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-07-08", "asset": "A1", "objection": objection, "outcome": outcome, "authority": "乡人民政府"}
    return ResolveObjection.of(**(fields | changes))


def test_an_open_objection_blocks_the_confirmation_and_is_named(book: Book) -> None:
    book.up_to("notice").given(file(), file("Y2"), resolve("rejected", "Y2"))
    refusal = book.refuses(book.like("confirm"))
    assert (refusal.code, "Y1" in refusal.message, "Y2" in refusal.message) == ("asset.disputed", True, False)


@pytest.mark.parametrize("outcome", ["rejected", "withdrawn"])
def test_when_the_objection_is_settled_the_notice_stands(book: Book, outcome: str) -> None:
    book.up_to("notice").given(file())
    (event,) = book.do(resolve(outcome))
    assert isinstance(event, ObjectionResolved)
    assert (event.outcome, event.authority) == (outcome, "乡人民政府")
    assert not book.load(ASSET, "A1").disputed
    book.given("confirm")


def test_an_upheld_objection_asks_for_a_new_notice(book: Book) -> None:
    book.up_to("notice").given(file(), resolve("upheld"))
    assert book.refuses(book.like("confirm", reason="不另公示")).code == "asset.objection_upheld"
    book.given(book.like("notice", on="2022-07-10", from_on="2022-07-10", to_on="2022-07-20"))
    book.given(book.like("confirm", on="2022-07-21"))


@pytest.mark.parametrize("given", [{"authority": "县人民政府"}, {"reason": "先行确权"}, {}])
def test_in_a_dispute_only_a_named_authority_with_its_reason_confirms(book: Book, given: dict[str, str]) -> None:
    book.up_to("notice").given(file())
    assert book.refuses(book.like("confirm", **given)).code == "asset.disputed"
    confirmed, ownership = book.do(book.like("confirm", authority="县人民政府", reason="份额另案处理"))
    assert isinstance(confirmed, AssetConfirmed)
    assert confirmed.reason == ownership.reason == "经县人民政府决定,异议 Y1 未结时确权:份额另案处理"


def test_a_dispute_blocks_the_certificate_and_not_the_hand_over(book: Book) -> None:
    book.up_to("confirm").given(file(on="2022-07-10"))
    assert book.refuses(book.like("certify", reason="急用")).code == "asset.disputed"
    book.given("hand_over", "book", resolve("withdrawn", on="2022-07-30"), book.like("certify", on="2022-08-01"))


def test_a_right_overturned_after_its_confirmation_is_not_certified_without_a_reason(book: Book) -> None:
    book.up_to("confirm").given(file(on="2022-07-10"), resolve("upheld", on="2022-07-12"))
    assert book.refuses(book.like("certify")).code == "asset.objection_upheld"
    book.given(book.like("certify", reason="所有权已按裁决变更"))


def test_nobody_objects_to_what_was_not_on_notice_nor_twice_under_one_id(book: Book) -> None:
    book.up_to("identify")
    assert book.refuses(file()).code == "asset.step_order"
    book.given("notice", file())
    assert book.refuses(file()).code == "asset.objection_exists"
    assert book.refuses(file("Y2", on="2022-07-01")).code == "date.before_cause"


def test_an_objection_is_resolved_once_and_only_when_filed(book: Book) -> None:
    book.up_to("notice")
    refusal = book.refuses(resolve("rejected"))
    assert (type(refusal), refusal.code) == (NotFoundError, "asset.objection_unknown")
    book.given(file(), resolve("rejected"))
    assert book.refuses(resolve("upheld")).code == "asset.objection_resolved"


def test_an_objection_is_not_reversed_while_its_resolution_stands(book: Book) -> None:
    book.up_to("notice").given(file(), resolve("upheld"))
    filed, resolved = book.last("asset.objection_filed"), book.last("asset.objection_resolved")
    why = {"on": "2022-08-01", "reason": "登记有误", "document": "县函9号"}
    refusal = book.refuses(ReverseEvent.of(position=filed, **why))
    assert (refusal.code, "Y1" in refusal.message) == ("correction.needed_later", True)
    book.given(ReverseEvent.of(position=resolved, **why), ReverseEvent.of(position=filed, **why), "confirm")

"""Class decided anew, provisional values made final, and value that other projects add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import ASSET
from ledger.domain.control import ReverseEvent
from ledger.domain.valuation import AddValue, ClassifyAsset, FinaliseValue
from ledger.errors import RuleRefusedError
from ledger.events import AssetClassified, ValueAdded, ValueFinalised

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book


def classify(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-09-01", "asset": "A1", "authority": "县农业农村局", "reason": "改作村民活动场所"}
    return ClassifyAsset.of(**(fields | {"asset_class": "公益性"} | changes))


def finalise(value_fen: int, **changes: Any) -> Command:  # noqa: ANN401 - field values
    return FinaliseValue.of(**({"on": "2022-10-01", "asset": "A1", "value_fen": value_fen} | changes))


def add(amount_fen: int, **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-10-01", "asset": "A1", "added_by": "P2", "amount_fen": amount_fen}
    return AddValue.of(**(fields | changes))


def undo(position: int) -> Command:
    return ReverseEvent.of(on="2022-12-01", position=position, reason="登记有误", document="县函9号")


def continued(book: Book) -> Book:
    """Tell of a second project with 50,000 of money, accepted, beside the asset of the first."""
    book.up_to("identify").given(book.like("list", project="P2", name="菌棚续建"))
    for step in ("approve", "plan"):
        book.given(book.like(step, project="P2"))
    book.given(book.like("allocate", project="P2", amount_fen=50_000_00))
    return book.given(*(book.like(step, project="P2") for step in ("start", "complete", "accept")))


def test_a_class_is_decided_anew_with_authority_and_reason(book: Book) -> None:
    book.up_to("certify")
    for lacking in ({"authority": ""}, {"reason": ""}):
        assert book.refuses(classify(**lacking)).code == "asset.classified_unfounded"
    (event,) = book.do(classify(subclass="综合服务及网络"))
    assert isinstance(event, AssetClassified)
    assert (event.former_class, event.asset_class, event.asset_form) == ("operating", "public", "fixed")
    state = book.load(ASSET, "A1")
    assert (state.asset_class, state.subclass, state.value_fen) == ("public", "service", 280_000_00)
    assert [each.holder for each in state.owners] == ["V1", "V2"]


def test_a_class_that_stays_the_same_is_no_decision(book: Book) -> None:
    book.up_to("identify")
    assert book.refuses(classify(asset_class="经营性")).code == "asset.classified_same"
    book.given(classify(asset_class=None, asset_form="股权"))
    assert book.load(ASSET, "A1").asset_form == "equity"


def test_an_asset_of_a_household_does_not_become_collective_by_a_word(book: Book) -> None:
    household = ({"holder": "H-36SCB6C2ZO7FOPUT2J2FO3VR57", "kind": "农户", "share": "1"},)
    book.up_to("accept").given(book.like("identify", asset_class="到户类"), book.like("confirm", owners=household))
    refusal = book.refuses(classify())
    assert (refusal.code, "RF28" in refusal.rule) == ("asset.household_owned", True)


def test_a_reversed_classification_is_forgotten(book: Book) -> None:
    book.up_to("identify").given(classify())
    book.given(undo(book.last("asset.classified")))
    assert book.load(ASSET, "A1").asset_class == "operating"


@pytest.mark.parametrize("value_fen", [250_000_00, 280_000_00, 300_000_00], ids=["less", "the same", "more"])
def test_final_accounts_fix_a_provisional_value_once(book: Book, value_fen: int) -> None:
    book.up_to("accept").given(book.like("identify", provisional=True))
    (event,) = book.do(finalise(value_fen))
    assert isinstance(event, ValueFinalised)
    assert (event.value_fen, event.change_fen) == (value_fen, value_fen - 280_000_00)
    state = book.load(ASSET, "A1")
    assert (state.value_fen, state.provisional) == (value_fen, False)
    refusal = book.refuses(finalise(value_fen))
    assert (type(refusal), refusal.code, "RF05" in refusal.rule) == (RuleRefusedError, "asset.value_final", True)


def test_a_final_value_above_the_money_needs_a_reason(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", provisional=True))
    assert book.refuses(finalise(300_000_01)).code == "asset.worth_more"
    book.given(finalise(300_000_01, reason="决算含村集体投入"))


def test_a_value_that_was_never_provisional_stays(book: Book) -> None:
    book.up_to("identify")
    assert book.refuses(finalise(1_00)).code == "asset.value_final"


def test_a_continuation_adds_its_value_and_its_money(book: Book) -> None:
    continued(book).given("notice", "confirm")
    (event,) = book.do(add(50_000_00))
    assert isinstance(event, ValueAdded)
    assert (event.value_fen, event.change_fen, event.project, event.added_by) == (330_000_00, 50_000_00, "P1", "P2")
    state = book.load(ASSET, "A1")
    assert (state.value_fen, state.formed_fen) == (330_000_00, 280_000_00)
    assert [each.amount_fen for each in state.sources] == [330_000_00]
    assert len(state.owners) == 2


def test_a_continuation_adds_no_more_than_its_money_however_often(book: Book) -> None:
    continued(book).given(add(30_000_00))
    refusal = book.refuses(add(20_000_01))
    assert (refusal.code, "50,000.01" in refusal.message) == ("asset.worth_more", True)
    book.given(add(20_000_00))


def test_only_an_accepted_project_adds_value(book: Book) -> None:
    book.up_to("identify").given(book.like("list", project="P2", name="菌棚续建"))
    assert book.refuses(add(1_00)).code == "asset.not_accepted"
    assert book.refuses(add(1_00, added_by="P9")).code == "project.unknown"


def test_a_reversed_addition_leaves_the_value_true_whatever_came_after(book: Book) -> None:
    continued(book).given(add(30_000_00))
    first = book.last("asset.value_added")
    book.given(add(20_000_00), undo(first))
    assert book.load(ASSET, "A1").value_fen == 300_000_00

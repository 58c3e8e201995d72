"""What a project became: assets with the money they came from, none with a reason, and what stock-taking found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import ASSET, PROJECT
from ledger.domain.control import ReverseEvent
from ledger.domain.formation import FormNoAsset, TakeStock
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import AssetIdentified, FundSource, ProjectFormedNone

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

SELF_RAISED = {"fund_kind": "自筹", "level": "其他", "amount_fen": 20_000_00}
TRANSITION = {"fund_kind": "衔接资金", "level": "中央", "amount_fen": 300_000_00}


def none(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-07-01", "project": "P1", "why": "consumed", "reason": "鸡苗已全部出栏"}
    return FormNoAsset.of(**(fields | changes))


def stock(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {
        "on": "2022-03-01",
        "asset": "S1",
        "origin": "2013年整村推进项目",
        "name": "灌溉渠",
        "area": "520203",
        "project_year": 2013,
        "asset_class": "公益性",
        "value_fen": 90_000_00,
    }
    return TakeStock.of(**(fields | changes))


def identified(book: Book, **changes: Any) -> AssetIdentified:  # noqa: ANN401 - field values
    event = book.do(book.like("identify", **changes))[0]
    assert isinstance(event, AssetIdentified)
    return event


def amounts(sources: tuple[FundSource, ...]) -> list[tuple[str, str, int]]:
    return [(each.fund_kind, each.level, each.amount_fen) for each in sources]


def funded_twice(book: Book, **listed: Any) -> Book:  # noqa: ANN401 - field values
    """Tell of a project with 300,000 of central and 100,001 of county money, accepted."""
    county = book.like("issue", tranche="T2", area="520203", level="县级", document="县财〔2022〕1号")
    book.up_to("distribute").given(county, book.like("list", **listed), "approve", "plan", "allocate")
    return book.given(book.like("allocate", tranche="T2", amount_fen=100_001_00), "start", "complete", "accept")


def test_the_sources_of_an_asset_follow_from_what_was_allocated_to_the_fen(book: Book) -> None:
    funded_twice(book)
    found = identified(book, value_fen=100_00)
    assert amounts(found.sources) == [("transition", "central", 75_00), ("transition", "county", 25_00)]
    found = identified(book, asset="A2", name="冷库", value_fen=1)
    assert amounts(found.sources) == [("transition", "central", 1)]


def test_where_money_was_paid_payment_decides_and_own_contribution_stands_beside_it(book: Book) -> None:
    financing = ({**TRANSITION}, {**SELF_RAISED})
    book.up_to("distribute").given(book.like("list", financing=financing, estimate_fen=320_000_00))
    book.given("approve", "plan", "allocate", "start", "release", "pay", "complete", "accept")
    found = identified(book, value_fen=320_000_00)
    assert amounts(found.sources) == [("transition", "central", 300_000_00), ("self_raised", "other", 20_000_00)]


def test_a_project_without_money_leaves_the_sources_unknown(book: Book) -> None:
    book.up_to("issue").given("list", "approve", "plan", "start", "complete", "accept")
    assert book.refuses(book.like("identify")).code == "asset.worth_more"
    assert identified(book, reason="账本启用前已支付").sources == ()


@pytest.mark.parametrize(
    ("sources", "code"),
    [
        (({**TRANSITION},), "asset.sources_differ"),
        (({**TRANSITION, "amount_fen": 140_000_00}, {**TRANSITION, "amount_fen": 140_000_00}), "asset.source_repeated"),
    ],
)
def test_sources_as_stated_are_the_whole_value_each_once(
    book: Book, sources: tuple[dict[str, Any], ...], code: str
) -> None:
    book.up_to("accept")
    refusal = book.refuses(book.like("identify", sources=sources))
    assert (type(refusal), refusal.code) == (ValueRefusedError, code)
    stated = ({**TRANSITION, "amount_fen": 260_000_00}, {**SELF_RAISED})
    assert sum(each.amount_fen for each in identified(book, sources=stated).sources) == 280_000_00


def test_assets_worth_more_than_the_money_need_a_reason_and_both_sums_are_named(book: Book) -> None:
    book.up_to("identify")
    refusal = book.refuses(book.like("identify", asset="A2", name="冷库", value_fen=20_000_01))
    assert (refusal.code, "RF04" in refusal.rule) == ("asset.worth_more", True)
    assert "300,000.01" in refusal.message
    assert "300,000.00" in refusal.message
    book.given(book.like("identify", asset="A2", name="冷库", value_fen=20_000_00))
    book.given(book.like("identify", asset="A3", name="围栏", value_fen=1, reason="村民投劳折价"))


def test_the_same_thing_is_registered_twice_only_with_a_reason(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", value_fen=1_00, place="一组"))
    refusal = book.refuses(book.like("identify", asset="A2", value_fen=1_00, place="一组"))
    assert (refusal.code, "A1" in refusal.message, "RF26" in refusal.rule) == ("asset.registered_twice", True, True)
    book.given(book.like("identify", asset="A2", value_fen=1_00, place="二组"))
    book.given(book.like("identify", asset="A3", value_fen=1_00, place="一组", reason="相邻两座"))


def test_a_project_forms_no_asset_for_a_stated_reason(book: Book) -> None:
    book.up_to("accept")
    refusal = book.refuses(none(reason=""))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "asset.none_reason")
    (event,) = book.do(none())
    assert isinstance(event, ProjectFormedNone)
    assert (event.why, event.project, event.area) == ("consumed", "P1", "520203")
    assert book.load(PROJECT, "P1").formed_none == "consumed"


def test_a_project_forms_assets_or_none(book: Book) -> None:
    book.up_to("accept").given(none())
    for command in (book.like("identify"), book.like("identify", reason="另有发现"), none()):
        assert book.refuses(command).code == "asset.formed_none"
    mistake = book.last("project.formed_none")
    book.given(ReverseEvent.of(on="2022-08-01", position=mistake, reason="认定有误", document="县函1号"), "identify")
    refusal = book.refuses(none())
    assert (refusal.code, "A1" in refusal.message) == ("asset.formed_some", True)


def test_whether_a_project_formed_anything_is_decided_after_acceptance(book: Book) -> None:
    book.up_to("complete")
    assert book.refuses(none()).code == "asset.not_accepted"
    book.given("accept")
    assert book.refuses(none(on="2022-06-19")).code == "date.before_cause"


def test_an_acceptance_on_which_the_decision_rests_is_not_reversed(book: Book) -> None:
    book.up_to("accept").given(none())
    undo = ReverseEvent.of(on="2022-08-01", position=book.last("project.accepted"), reason="误", document="县函1号")
    refusal = book.refuses(undo)
    assert (refusal.code, "不形成资产" in refusal.message) == ("correction.needed_later", True)


def test_stock_taking_finds_assets_without_a_project(book: Book) -> None:
    book.given("open", "adopt")
    sources = ({"fund_kind": "社会帮扶", "level": "其他", "amount_fen": 90_000_00},)
    (event,) = book.do(stock(town="520203102", sources=sources))
    assert isinstance(event, AssetIdentified)
    assert (event.project, event.project_year, event.partner) == ("", 2013, "")
    assert (event.origin, event.town) == ("2013年整村推进项目", "520203102")
    assert amounts(event.sources) == [("social", "other", 90_000_00)]
    book.given(book.like("notice", asset="S1"), book.like("confirm", asset="S1"))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"project_year": 2023}, "asset.year_to_come"),
        ({"area": "520299"}, "area.unknown"),
        ({"village": "520221100001"}, "area.unknown"),
        ({"town": "520281001"}, "area.outside"),
        ({"sources": ({**TRANSITION},)}, "asset.sources_differ"),
        (
            {"sources": ({"fund_kind": "常态化帮扶资金", "level": "中央", "amount_fen": 90_000_00},)},
            "code.not_yet_valid",
        ),
    ],
)
def test_what_stock_taking_states_must_be_possible(book: Book, changed: dict[str, Any], code: str) -> None:
    book.given("open", "adopt")
    refusal = book.refuses(stock(**changed))
    assert refusal.code == code


def test_stock_is_not_taken_before_2012_nor_twice(book: Book) -> None:
    book.given("open", "adopt", stock())
    with pytest.raises(ValueRefusedError, match="project_year"):
        stock(project_year=2011)
    assert book.refuses(stock()).code == "asset.exists"
    assert book.load(ASSET, "S1").value_fen == 90_000_00

"""The yearly count with its differences, and depreciation under rules that name a method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.commands.work import ASSET
from ledger.domain.asset import Asset, evolve_asset
from ledger.domain.backing import share_of_change
from ledger.domain.control import AdoptRules, ReverseEvent
from ledger.domain.valuation import FinaliseValue
from ledger.domain.yearly_count import ApproveDifference, CountAsset, PostDepreciation
from ledger.errors import NotFoundError, ValueRefusedError
from ledger.events import AssetCounted, DepreciationPosted, DifferenceApproved, FundSource, ValueFinalised
from ledger.rules import shipped_packs
from tests.ledger.domain.conftest import Book

if TYPE_CHECKING:
    from ledger.domain.command import Command

VALUE = 280_000_00


def count(outcome: str, difference: int = 0, **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2023-12-15", "asset": "A1", "year": 2023, "outcome": outcome}
    told = {"gain_fen": max(difference, 0), "loss_fen": max(-difference, 0)}
    return CountAsset.of(**{**fields, **told, **changes})


def approve(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2024-01-10", "asset": "A1", "year": 2023, "authority": "县财政局", "document": "批复1号"}
    return ApproveDifference.of(**{**fields, **changes})


def post(year: int, **changes: Any) -> Command:  # noqa: ANN401 - field values
    return PostDepreciation.of(**{"on": f"{year}-12-31", "asset": "A1", "year": year, **changes})


def parameter(name: str, value: object) -> str:
    said = f'"{value}"' if isinstance(value, str) else value
    return f'\n[[parameter]]\nname = "{name}"\nvalue = {said}\nunit = "-"\njurisdiction = "520203"\nsource = "县办法"\n'


def depreciating(book: Book, life: int, **others: object) -> Book:
    named = {"depreciation_method": "straight_line", "depreciation_years_fixed": life, **others}
    text = shipped_packs()["base"] + "".join(parameter(*each) for each in named.items())
    return book.given(AdoptRules.of(on="2022-01-01", text=text))


@pytest.fixture
def asset(book: Book) -> Book:
    """An asset of 280,000 yuan."""
    return book.up_to("identify")


def test_a_count_says_what_it_found_and_changes_nothing_yet(asset: Book) -> None:
    (event,) = asset.do(count("differs", -2_500_00, note="少一台机器"))
    assert isinstance(event, AssetCounted)
    assert (event.difference_fen, event.value_fen) == (-2_500_00, VALUE)
    assert asset.load(ASSET, "A1").value_fen == VALUE


def test_what_is_missing_is_missing_with_its_whole_value(asset: Book) -> None:
    (event,) = asset.do(count("missing"))
    assert isinstance(event, AssetCounted)
    assert event.difference_fen == -VALUE
    refusal = asset.refuses(approve())
    assert (refusal.code, "xianjie loss" in refusal.hint) == ("count.missing_asset", True)


@pytest.mark.parametrize(
    ("outcome", "difference", "code"),
    [
        ("matches", 1, "count.difference"),
        ("missing", -1, "count.difference"),
        ("differs", 0, "count.difference"),
        ("missing", -VALUE, "count.difference"),
        ("differs", -VALUE, "count.more_than_value"),
    ],
)
def test_a_difference_is_what_the_outcome_says(asset: Book, outcome: str, difference: int, code: str) -> None:
    refusal = asset.refuses(count(outcome, difference))
    assert (type(refusal), refusal.code) == (ValueRefusedError, code)
    assert asset.refuses(count("differs", 1, loss_fen=1)).code == "count.difference"


def test_an_approved_difference_changes_the_value(asset: Book) -> None:
    asset.given(count("differs", 5_000_00))
    assert asset.refuses(approve(document="")).code == "count.no_approval"
    assert asset.refuses(approve(on="2023-12-14")).code == "date.before_cause"
    (event,) = asset.do(approve())
    assert isinstance(event, DifferenceApproved)
    assert (event.value_fen, event.change_fen, event.authority) == (VALUE + 5_000_00, 5_000_00, "县财政局")
    assert asset.load(ASSET, "A1").value_fen == VALUE + 5_000_00
    assert asset.refuses(approve()).code == "count.nothing_to_approve"
    assert asset.refuses(count("matches", reason="重查")).code == "count.repeated"


def test_there_is_nothing_to_approve_without_a_difference(asset: Book) -> None:
    refusal = asset.refuses(approve())
    assert (type(refusal), refusal.code) == (NotFoundError, "count.unknown")
    assert asset.given(count("matches")).refuses(approve()).code == "count.nothing_to_approve"


def test_a_year_is_counted_again_only_for_a_reason(asset: Book) -> None:
    asset.given(count("matches"))
    assert asset.refuses(count("differs", 1)).code == "count.repeated"
    asset.given(count("differs", 1, reason="复查"))
    assert asset.refuses(count("matches", year=2024)).code == "asset.year_out_of_range"


def test_a_count_is_not_reversed_while_its_difference_is_approved(asset: Book) -> None:
    asset.given(count("differs", -1), approve())
    undo = ReverseEvent.of(on="2024-02-01", position=asset.last("asset.counted"), reason="错", document="函1号")
    refusal = asset.refuses(undo)
    assert (refusal.code, "清查却没有了" in refusal.message) == ("correction.needed_later", True)
    approval = asset.last("asset.difference_approved")
    asset.given(ReverseEvent.of(on="2024-02-01", position=approval, reason="错", document="函1号"))
    assert asset.load(ASSET, "A1").value_fen == VALUE


def test_nobody_depreciates_without_a_rule(asset: Book) -> None:
    refusal = asset.refuses(post(2023))
    assert (refusal.code, "depreciation_years_fixed" in refusal.hint) == ("depreciation.no_rule", True)


def test_a_year_is_depreciated_once_and_none_after_the_last(book: Book) -> None:
    depreciating(book.up_to("identify"), 3)
    amounts = []
    for year in (2022, 2023, 2024):
        (event,) = book.do(post(year))
        assert isinstance(event, DepreciationPosted)
        amounts.append(event.amount_fen)
    assert (amounts, sum(amounts)) == ([9_333_334, 9_333_333, 9_333_333], VALUE)
    assert book.refuses(post(2023)).code == "depreciation.repeated"
    assert book.refuses(post(2025)).code == "depreciation.exhausted"


def test_a_part_may_stay_undepreciated(book: Book) -> None:
    depreciating(book.up_to("identify"), 2, depreciation_residual_percent=5)
    events = [book.do(post(year))[0] for year in (2022, 2023)]
    assert [each.model_dump()["amount_fen"] for each in events] == [13_300_000, 13_300_000]
    assert book.refuses(post(2024)).code == "depreciation.exhausted"


@given(value=st.integers(1, VALUE), life=st.integers(1, 3), change=st.integers(-(10**6), 10**6))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_depreciation_ends_at_the_value_however_that_changes(value: int, life: int, change: int) -> None:
    book = Book().up_to("accept")
    depreciating(book.given(book.like("identify", value_fen=value)), life)
    for year in range(2022, 2026):
        posted = book.load(ASSET, "A1").care.depreciated_fen
        if year == 2023 and change and value + change > posted:
            book.given(count("differs", change, on="2023-01-01"), approve(on="2023-01-02"))
        if posted < book.load(ASSET, "A1").value_fen:
            book.given(post(year))
        else:
            assert book.refuses(post(year)).code == "depreciation.exhausted"
    state = book.load(ASSET, "A1")
    assert state.care.depreciated_fen == state.value_fen


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.integers(1, 10**9), min_size=1, max_size=4),
    finals=st.integers(1, 10**10),
    changes=st.lists(st.integers(-(10**9), 10**9).filter(bool), max_size=4),
)
def test_the_money_behind_an_asset_follows_its_value_to_the_fen(
    parts: list[int], finals: int, changes: list[int]
) -> None:
    levels = ("central", "provincial", "city", "county")
    sources = tuple(
        FundSource(fund_kind="transition", level=level, amount_fen=fen)
        for level, fen in zip(levels, parts, strict=False)
    )
    asset = Asset(asset="A1", value_fen=sum(parts), sources=sources, provisional=True)
    for change in (finals - sum(parts), *changes):
        if asset.value_fen + change <= 0:
            continue
        moved = share_of_change(asset, change)
        assert sum(each.amount_fen for each in moved) == abs(change)
        asset = evolve_asset(asset, difference(asset, change, moved))
        assert sum(each.amount_fen for each in asset.sources) == asset.value_fen


def difference(asset: Asset, change: int, sources: tuple[FundSource, ...]) -> DifferenceApproved:
    place = {"project": "P1", "area": "520203", "project_year": 2022, "asset_class": "operating", "asset_form": "fixed"}
    why = {"effective_on": "2023-12-31", "year": 2023, "authority": "县政府"}
    return DifferenceApproved.model_validate(
        {**place, **why, "asset": "A1", "value_fen": asset.value_fen + change, "change_fen": change, "sources": sources}
    )


def test_an_approved_difference_and_a_final_value_state_the_money_they_concern(book: Book) -> None:
    money = (
        {"fund_kind": "衔接资金", "level": "中央", "amount_fen": 200_000_00},
        {"fund_kind": "自筹", "level": "其他", "amount_fen": 80_000_00},
    )
    book.up_to("accept").given(book.like("identify", provisional=True, sources=money))
    (final,) = book.do(FinaliseValue.of(on="2022-08-01", asset="A1", value_fen=VALUE - 7))
    assert isinstance(final, ValueFinalised)
    assert [each.amount_fen for each in final.sources] == [5, 2]
    book.given(count("differs", -2_800_00))
    (event,) = book.do(approve())
    assert isinstance(event, DifferenceApproved)
    state = book.load(ASSET, "A1")
    assert sum(each.amount_fen for each in event.sources) == 2_800_00
    assert sum(each.amount_fen for each in state.sources) == state.value_fen == VALUE - 7 - 2_800_00

"""The split of the five rights."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import events as e
from ledger.codes import HolderKind
from ledger.errors import NotFoundError
from ledger.rules.pack import shipped_packs
from projections.reports.rights import RightRow, rights
from projections.scope import Question

if TYPE_CHECKING:
    from projections.scope import By
    from tests.projections.conftest import History

END = date(2024, 12, 31)
FORMER = {"former_form": "fixed", "authority": "县领导小组"}


def panel(history: History, right: str, **question: object) -> dict[str, RightRow]:
    asked: dict[str, Any] = {"area": "520201", "as_of": END, **question}
    rows = rights(history.engine, Question(**asked)).rows
    return {row.holder_kind: row for row in rows if row.right == right and row.place.row == "total"}


def test_a_shared_asset_is_touched_by_all_and_counted_with_its_main_holder(history: History) -> None:
    history.asset("A", 100)
    history.hold("A", "ownership", ("town_collective", 1, 3), ("village_collective", 2, 3))

    found = panel(history, "ownership")
    assert [(kind, row.assets, row.assets_touched, row.value_fen, row.percent) for kind, row in found.items()] == [
        ("town_collective", 0, 1, 33, "33.00"),
        ("village_collective", 1, 1, 67, "67.00"),
    ]
    assert {(row.whole_assets, row.whole_value_fen) for row in found.values()} == {(1, 100)}


def test_equal_shares_make_the_first_named_the_main_holder(history: History) -> None:
    history.asset("A", 101)
    history.hold("A", "ownership", ("village_collective", 1, 2), ("state_unit", 1, 2))

    found = panel(history, "ownership")
    assert (found["village_collective"].assets, found["village_collective"].value_fen) == (1, 51)
    assert (found["state_unit"].assets, found["state_unit"].value_fen) == (0, 50)


def test_what_nobody_decided_and_what_nobody_can_have_are_rows(history: History) -> None:
    history.asset("ROAD", 10)
    history.asset("SHED", 30)
    history.of_asset(e.RightSet, "ROAD", right="income", status="none", note="公益性资产无收益")
    history.of_asset(e.RightSet, "SHED", right="income", status="unsettled", due_on=date(2025, 1, 1))

    assert {kind: row.value_fen for kind, row in panel(history, "income").items()} == {"none": 10, "unsettled": 30}
    assert {kind: row.assets for kind, row in panel(history, "ownership").items()} == {"unsettled": 2}


def test_supervision_is_coverage_not_a_sum(history: History) -> None:
    history.asset("A", 10)
    history.asset("B", 20)
    history.asset("C", 40)
    history.hold("A", "supervision", ("supervisor", 1, 2), ("state_unit", 1, 2))
    history.hold("B", "supervision", ("state_unit", 1, 1))

    found = {kind: (row.assets, row.value_fen) for kind, row in panel(history, "supervision").items()}
    assert found == {"state_unit": (2, 30), "supervisor": (1, 10), "uncovered": (1, 40)}


def test_the_latest_setting_counts_by_day_and_then_by_position(history: History) -> None:
    history.asset("A", 10)
    history.hold("A", "operation", ("company", 1, 1), on=date(2024, 8, 1))
    history.hold("A", "operation", ("cooperative", 1, 1), on=date(2024, 6, 1))
    same_day = history.hold("A", "operation", ("household", 1, 1), on=date(2024, 8, 1))

    assert list(panel(history, "operation")) == ["household"]
    assert list(panel(history, "operation", as_of=date(2024, 7, 1))) == ["cooperative"]
    assert list(panel(history, "operation", known_at=same_day - 1)) == ["company"]


def test_a_reversed_setting_gives_way_to_the_one_before(history: History) -> None:
    history.asset("A", 10)
    history.hold("A", "ownership", ("state_unit", 1, 1))
    wrong = history.hold("A", "ownership", ("household", 1, 2), ("company", 1, 2))
    history.reverse(wrong)

    assert list(panel(history, "ownership")) == ["state_unit"]
    assert list(panel(history, "ownership", known_at=wrong)) == ["household", "company"]


def test_an_asset_taken_back_leaves_the_population(history: History) -> None:
    history.asset("A", 10)
    wrong = history.asset("B", 90)
    history.reverse(wrong)

    assert panel(history, "ownership")["unsettled"].whole_value_fen == 10


def test_years_counties_and_classes_cut_the_population(history: History) -> None:
    history.asset("A", 10, project_year=2023)
    history.asset("B", 20, area="520204", asset_class="public")
    history.asset("C", 30)

    assert panel(history, "ownership", year=2023)["unsettled"].assets == 1
    by_class = rights(history.engine, Question("520200", by="type", as_of=END)).rows
    assert {
        (row.place.type_name, row.value_fen) for row in by_class if row.right == "ownership" and row.place.row == "part"
    } == {("经营性", 40), ("公益性", 20)}
    by_area = [row for row in rights(history.engine, Question("520200", as_of=END)).rows if row.right == "income"]
    assert [(row.place.area_name, row.value_fen) for row in by_area] == [
        ("钟山区", 40),
        ("水城区", 20),
        ("六盘水市", 60),
    ]


def test_the_population_is_the_register_of_the_day(history: History) -> None:
    later = date(2024, 9, 1)
    history.asset("A", 100)
    history.asset("B", 50)
    history.asset("C", 7)
    history.of_asset(e.ValueAdded, "A", later, change_fen=40, added_by="P2", value_fen=140)
    history.of_asset(e.AssetClassified, "A", later, asset_class="public", former_class="operating", **FORMER)
    history.of_asset(e.AssetDisposed, "B", later, disposal="D1", way="scrap")
    history.of_asset(e.AssetMergedInto, "C", later, whole="A", change_id="X1")
    history.of_asset(e.AssetMergedFrom, "A", later, part="C", change_fen=7, change_id="X1", value_fen=147)

    before, after = (
        {row.place.type: row.value_fen for row in by_class.rows if row.right == "ownership"}
        for by_class in (
            rights(history.engine, Question("520201", by="type", as_of=day)) for day in (date(2024, 8, 31), END)
        )
    )
    assert (before, after) == ({"operating": 157, None: 157}, {"public": 147, None: 147})


def test_a_correction_of_an_old_change_leaves_the_later_ones(history: History) -> None:
    history.asset("A", 100)
    wrong = history.of_asset(e.ValueFinalised, "A", change_fen=20, value_fen=120)
    history.of_asset(e.ValueAdded, "A", change_fen=30, added_by="P2", value_fen=150)
    history.reverse(wrong)

    assert panel(history, "ownership")["unsettled"].whole_value_fen == 130
    assert panel(history, "ownership", known_at=wrong)["unsettled"].whole_value_fen == 120


def test_an_asset_that_moved_counts_where_it_lies_with_the_rights_it_had(history: History) -> None:
    history.asset("A", 10)
    history.hold("A", "ownership", ("state_unit", 1, 1))
    history.of_asset(e.AssetRelocated, "A", date(2024, 9, 1), area="520204", former_area="520201")

    assert rights(history.engine, Question("520201", as_of=END)).rows == ()
    assert panel(history, "ownership", area="520204")["state_unit"].value_fen == 10
    assert panel(history, "ownership", as_of=date(2024, 8, 31))["state_unit"].value_fen == 10


def village_panel(history: History, right: str, **question: object) -> dict[tuple[str | None, str], tuple[int, int]]:
    asked: dict[str, Any] = {"area": "520201", "as_of": END, "by": "village", **question}
    rows = rights(history.engine, Question(**asked)).rows
    return {(row.part, row.holder_kind): (row.assets, row.value_fen) for row in rows if row.right == right}


def test_an_asset_of_several_villages_is_split_by_their_shares(history: History) -> None:
    east, west = "520201100201", "520201100202"
    history.asset("JOINT", 100)
    history.asset("OWN", 10, village=east)
    history.of_asset(e.RightSet, "JOINT", right="ownership", status="held", holdings=joint(east, west))
    history.hold("JOINT", "operation", ("company", 1, 1))
    history.of_asset(e.RightSet, "OWN", right="ownership", status="held", holdings=joint(east)[:1])

    assert village_panel(history, "ownership") == {
        (east, "village_collective"): (1, 43),
        (west, "village_collective"): (1, 67),
        (None, "village_collective"): (2, 110),
    }
    assert village_panel(history, "operation") == {
        (east, "company"): (0, 33),
        (east, "unsettled"): (1, 10),
        (west, "company"): (1, 67),
        (None, "company"): (1, 100),
        (None, "unsettled"): (1, 10),
    }


def joint(east: str, west: str = "") -> tuple[e.Holding, ...]:
    """Return owners of a third and two thirds."""
    kind, whole = "village_collective", 3 if west else 1
    return (
        e.Holding(holder="E", kind=kind, numerator=1, denominator=whole, village=east),
        e.Holding(holder="W", kind=kind, numerator=2, denominator=whole, village=west),
    )


def test_an_asset_of_several_sources_is_split_by_their_money(history: History) -> None:
    central = {"fund_kind": "transition", "level": "central"}
    sources = [{**central, "amount_fen": 30}, {"fund_kind": "self_raised", "level": "county", "amount_fen": 60}]
    history.asset("BOTH", 100, about={"sources": sources})
    history.asset("ONE", 10, about={"sources": [{**central, "amount_fen": 10}]})
    history.asset("OLD", 1)

    rows = rights(history.engine, Question("520201", by="source", as_of=END)).rows
    assert [(row.part_name, row.assets, row.value_fen) for row in rows if row.right == "disposal"] == [
        ("未记来源", 1, 11),
        ("中央衔接资金", 1, 40),
        ("县级自筹", 1, 60),
        (None, 3, 111),
    ]


def test_a_holder_sees_what_is_its_own_and_an_asset_all_its_holders(history: History) -> None:
    history.asset("A", 100)
    history.asset("B", 50)
    history.hold("A", "ownership", ("state_unit", 1, 3), ("village_collective", 2, 3))
    history.hold("B", "supervision", ("supervisor", 1, 1))

    of_holder = rights(history.engine, Question("520201", as_of=END), holder="H1")
    assert [(row.right, row.holder_kind, row.assets, row.value_fen, row.whole_value_fen) for row in of_holder.rows] == [
        ("ownership", "village_collective", 1, 67, 150)
    ]
    listed: Any = of_holder.more["holdings"]
    assert [(each["asset"], each["numerator"], each["denominator"], each["value_fen"]) for each in listed] == [
        ("A", 2, 3, 67)
    ]
    of_asset = rights(history.engine, Question("520201", as_of=END), asset="A")
    assert {row.whole_value_fen for row in of_asset.rows} == {100}
    holders: Any = of_asset.more["holdings"]
    assert [(each["holder"], each["value_fen"], each["since"]) for each in holders] == [
        ("H0", 33, "2024-03-04"),
        ("H1", 67, "2024-03-04"),
    ]
    with pytest.raises(NotFoundError) as caught:
        rights(history.engine, Question("520201", as_of=END), asset="NONE")
    assert caught.value.code == "report.asset_not_standing"


def test_a_sixth_right_of_the_rules_is_a_panel_of_its_own(history: History) -> None:
    sixth = """
[[parameter]]
name = "more_rights"
value = "distribution:分配权"
unit = "权利"
jurisdiction = "520201"
source = "assumed(test)"
"""
    history.adopt(shipped_packs()["base"] + sixth)
    history.asset("A", 10)
    history.hold("A", "distribution", ("village_collective", 1, 1))

    found = panel(history, "distribution")["village_collective"]
    assert (found.right_name, found.value_fen) == ("分配权", 10)
    assert panel(history, "distribution", area="520200") == {}


def test_an_empty_ledger_has_no_rows_and_needs_no_rules(history: History) -> None:
    answer = rights(history.engine, Question("520201", as_of=END)).as_json()

    assert (answer["rows"], answer["rule"]) == ([], None)


BYS: tuple[By, ...] = ("area", "town", "village", "type", "year", "source")
VILLAGES = ("520201100201", "520201100202", "", "520201100201")
KINDS = st.sampled_from([str(kind) for kind in HolderKind])
ASSETS = st.lists(
    st.tuples(st.integers(1, 10**12), st.lists(st.tuples(KINDS, st.integers(1, 9)), min_size=1, max_size=4)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(assets=ASSETS)
def test_every_panel_of_every_cut_adds_up_to_the_whole_to_the_fen(sqlite_history: History, assets: list[Any]) -> None:
    history = sqlite_history
    started = history.asset("FIRST", 1)
    for number, (value_fen, weights) in enumerate(assets):
        name = f"{started}-{number}"
        central = {"fund_kind": "transition", "level": "central", "amount_fen": max(1, value_fen // 3)}
        sources = [central, {**central, "level": "county"}][: len(weights) - 1]
        history.asset(name, value_fen, about={"sources": sources})
        whole = sum(weight for _, weight in weights)
        for right in ("ownership", "income"):
            holdings = tuple(
                e.Holding(holder=f"H{at}", kind=kind, numerator=weight, denominator=whole, village=VILLAGES[at])
                for at, (kind, weight) in enumerate(weights)
            )
            history.of_asset(e.RightSet, name, right=right, status="held", holdings=holdings)

    for by in BYS:
        rows = rights(history.engine, Question("520201", by=by, as_of=END)).rows
        for right in ("ownership", "operation", "income", "disposal"):
            parts: dict[str | None, list[RightRow]] = {}
            for row in rows:
                if row.right == right:
                    parts.setdefault(row.part, []).append(row)
            for own in parts.values():
                assert sum(row.value_fen for row in own) == own[0].whole_value_fen
                assert sum(row.assets for row in own) == own[0].whole_assets
            total = parts.pop(None)[0]
            if parts:
                assert sum(own[0].whole_value_fen for own in parts.values()) == total.whole_value_fen
                assert sum(own[0].whole_assets for own in parts.values()) == total.whole_assets


def test_both_databases_split_alike(both_histories: tuple[History, History]) -> None:
    answers = []
    for history in both_histories:
        for name, fen in (("甲", 7), ("a", 8), ("B", 9)):
            history.asset(name, fen)
            history.hold(name, "ownership", ("state_unit", 1, 3), ("household", 2, 3))
        answer = rights(history.engine, Question("520200", as_of=END)).as_json()
        answers.append({key: value for key, value in answer.items() if key != "root"})
    assert answers[0] == answers[1]

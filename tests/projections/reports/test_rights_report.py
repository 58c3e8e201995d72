"""The split of the five rights."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import events as e
from ledger.codes import HolderKind
from projections.reports.rights import RightRow, rights
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


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


def test_an_empty_ledger_has_no_rows_and_needs_no_rules(history: History) -> None:
    answer = rights(history.engine, Question("520201", as_of=END)).as_json()

    assert (answer["rows"], answer["rule"]) == ([], None)


KINDS = st.sampled_from([str(kind) for kind in HolderKind])
ASSETS = st.lists(
    st.tuples(st.integers(1, 10**12), st.lists(st.tuples(KINDS, st.integers(1, 9)), min_size=1, max_size=4)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(assets=ASSETS)
def test_ownership_adds_up_to_the_whole_to_the_fen(sqlite_history: History, assets: list[Any]) -> None:
    history = sqlite_history
    started = history.asset("FIRST", 1)
    for number, (value_fen, weights) in enumerate(assets):
        name = f"{started}-{number}"
        history.asset(name, value_fen)
        whole = sum(weight for _, weight in weights)
        history.hold(name, "ownership", *((kind, weight, whole) for kind, weight in weights))

    found = panel(history, "ownership").values()
    assert sum(row.value_fen for row in found) == next(iter(found)).whole_value_fen
    assert sum(row.assets for row in found) == next(iter(found)).whole_assets


def test_both_databases_split_alike(both_histories: tuple[History, History]) -> None:
    answers = []
    for history in both_histories:
        for name, fen in (("甲", 7), ("a", 8), ("B", 9)):
            history.asset(name, fen)
            history.hold(name, "ownership", ("state_unit", 1, 3), ("household", 2, 3))
        answer = rights(history.engine, Question("520200", as_of=END)).as_json()
        answers.append({key: value for key, value in answer.items() if key != "root"})
    assert answers[0] == answers[1]

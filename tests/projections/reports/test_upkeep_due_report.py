"""Upkeep that is due: assets nobody answers for, and visits owed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from projections.reports.upkeep_due import UpkeepDueRow, upkeep_due
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

DAY, END = date(2024, 1, 1), date(2024, 12, 31)


def assign(history: History, asset: str, times: int = 0, on: date = DAY) -> int:
    return history.of_asset(e.UpkeepAssigned, asset, on, unit="村委会", post="管护员", times_per_year=times)


def visit(history: History, asset: str, *days: date) -> None:
    for day in days:
        history.of_asset(e.UpkeepVisited, asset, day)


def total(history: History, **question: object) -> UpkeepDueRow:
    asked: dict[str, Any] = {"area": "520201", "as_of": END, **question}
    return upkeep_due(history.engine, Question(**asked)).rows[-1]


def wanting(history: History, as_of: date = END) -> dict[str, tuple[int, bool | None]]:
    listed: Any = upkeep_due(history.engine, Question("520201", as_of=as_of)).more["assets"]
    return {each["asset"]: (each["visits_missing"], each["unrecorded"]) for each in listed}


def test_public_assets_without_a_unit_are_due_and_others_only_where_one_was_named(history: History) -> None:
    history.asset("ROAD", 100, on=DAY, asset_class="public")
    history.asset("WELL", 30, on=DAY, asset_class="public")
    history.asset("SHED", 7, on=DAY)
    history.asset("PLANT", 9, on=DAY)
    assign(history, "WELL")
    assign(history, "PLANT")

    row = total(history)
    assert (row.assets, row.kept, row.unkept, row.unkept_value_fen) == (3, 2, 1, 100)
    assert wanting(history) == {"ROAD": (0, None)}


def test_visits_become_owed_evenly_over_the_year(history: History) -> None:
    history.asset("ROAD", 100, on=DAY, asset_class="public")
    assign(history, "ROAD", 12)
    visit(history, "ROAD", date(2024, 2, 1), date(2024, 3, 1))

    def visits(as_of: date) -> tuple[int, int, int]:
        row = total(history, as_of=as_of)
        return row.visits_owed, row.visits_made, row.visits_missing

    assert visits(date(2024, 1, 30)) == (0, 0, 0)
    assert visits(date(2024, 1, 31)) == (1, 0, 1)
    assert visits(END) == (12, 2, 10)
    assert visits(date(2025, 1, 31)) == (1, 0, 1)


def test_each_assignment_owes_its_own_visits_until_the_next(history: History) -> None:
    history.asset("ROAD", 100, on=DAY, asset_class="public")
    assign(history, "ROAD", 366)
    second = assign(history, "ROAD", 0, date(2024, 1, 11))
    assert total(history).visits_owed == 10

    history.reverse(second)
    assert total(history).visits_owed == 366


def test_an_asset_nobody_has_seen_for_the_months_of_the_rule(history: History) -> None:
    history.adopt()
    history.asset("ROAD", 100, on=DAY, asset_class="public")
    assign(history, "ROAD")
    assert wanting(history, date(2025, 1, 1)) == {}
    assert wanting(history, date(2025, 1, 2)) == {"ROAD": (0, True)}

    visit(history, "ROAD", date(2024, 6, 1))
    assert wanting(history, date(2025, 1, 2)) == {}


def test_an_asset_that_ended_needs_no_upkeep(history: History) -> None:
    history.asset("ROAD", 100, on=DAY, asset_class="public")
    history.of_asset(e.AssetDisposed, "ROAD", date(2024, 6, 1), disposal="D", way="demolition")

    assert total(history).assets == 0
    assert total(history, as_of=date(2024, 5, 31)).assets == 1


def test_towns_and_years_formed_cut_the_population(history: History) -> None:
    history.asset("A", 1, on=DAY, asset_class="public", town="520201100", project_year=2020)
    history.asset("B", 2, on=DAY, asset_class="public", town="520201101")

    rows = upkeep_due(history.engine, Question("520201", by="town", as_of=END)).rows
    assert [(row.place.town, row.unkept_value_fen) for row in rows] == [("520201100", 1), ("520201101", 2), (None, 3)]
    assert total(history, year=2020).unkept_value_fen == 1

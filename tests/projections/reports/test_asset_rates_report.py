"""Rates of assets, by number and by value, over the assets that stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.rules.pack import shipped_packs
from projections.reports.asset_rates import asset_rates
from projections.reports.rates import RateRow, rates
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

DAY, END = date(2024, 3, 4), date(2024, 12, 31)


def totals(history: History, **question: object) -> dict[str, RateRow]:
    asked: dict[str, Any] = {"area": "520201", "as_of": END, **question}
    rows = asset_rates(history.engine, Question(**asked)).rows
    return {row.rate: row for row in rows if row.place.row == "total"}


def integers(row: RateRow) -> tuple[int, int, str | None]:
    return row.numerator, row.denominator, row.percent


def confirm(history: History, *assets: str) -> None:
    owner = e.Holding(holder="V1", kind="village_collective", numerator=1, denominator=1)
    for asset in assets:
        history.of_asset(e.AssetConfirmed, asset, owners=(owner,), confirmation_id=f"C{asset}")


def hand_over(history: History, *assets: str) -> None:
    for asset in assets:
        history.of_asset(e.AssetHandedOver, asset, giver="甲", receiver="乙", supervisor="丙")


def assess(history: History, asset: str, condition: str, on: date = DAY) -> int:
    return history.of_asset(e.ConditionAssessed, asset, on, condition=condition)


def dispose(history: History, asset: str) -> int:
    return history.of_asset(e.AssetDisposed, asset, disposal="D", way="scrap")


def test_steps_are_counted_by_number_and_by_value(history: History) -> None:
    history.adopt()
    history.asset("A", 100, project_year=2023)
    history.asset("B", 300)
    history.asset("C", 600)
    confirm(history, "A", "B")
    hand_over(history, "A")
    history.of_asset(e.AssetCertified, "B", certificate="证1")
    history.of_asset(e.AssetBooked, "A", books="collective", voucher="记1")

    found = totals(history)
    assert integers(found["confirmation"]) == (2, 3, "66.67")
    assert integers(found["confirmation_value"]) == (400, 1000, "40.00")
    assert integers(found["handover_value"]) == (100, 400, "25.00")
    assert integers(found["certification_value"]) == (300, 400, "75.00")
    assert integers(found["booking"]) == (1, 1, "100.00")
    assert integers(totals(history, year=2023)["confirmation"]) == (1, 1, "100.00")
    assert integers(totals(history, as_of=date(2024, 3, 3))["confirmation"]) == (0, 0, None)


def test_an_asset_that_ended_leaves_every_rate_but_revival(history: History) -> None:
    history.adopt()
    history.asset("A", 100)
    history.asset("B", 300)
    confirm(history, "A")
    wrong = dispose(history, "A")
    assert integers(totals(history)["confirmation_value"]) == (0, 300, "0.00")

    history.reverse(wrong)
    assert integers(totals(history)["confirmation_value"]) == (100, 400, "25.00")


def test_value_counts_as_it_stands_and_class_as_it_is(history: History) -> None:
    history.adopt()
    history.asset("A", 100, asset_class="public")
    history.asset("B", 300, asset_class="public")
    history.of_asset(e.ValueFinalised, "A", value_fen=150, change_fen=50)
    history.of_asset(
        e.AssetClassified,
        "B",
        asset_class="operating",
        former_class="public",
        former_form="fixed",
        authority="县农业农村局",
    )
    history.of_asset(e.UpkeepAssigned, "A", unit="村委会")

    assert integers(totals(history)["upkeep_value"]) == (150, 150, "100.00")
    by_class = asset_rates(history.engine, Question("520201", by="type", as_of=END)).rows
    found = {(row.place.type, row.numerator, row.denominator) for row in by_class if row.rate == "confirmation_value"}
    assert found == {("public", 0, 150), ("operating", 0, 300), (None, 0, 450)}


def test_an_asset_that_moved_takes_its_steps_along(history: History) -> None:
    history.adopt()
    history.asset("A", 100, area="520203")
    history.of_asset(e.OwnershipNoticed, "A", owners=(_owner(),), channel="village_board", from_on=DAY, to_on=DAY)
    history.of_asset(e.AssetCertified, "A", certificate="证1")
    confirm(history, "A")
    history.of_asset(e.AssetRelocated, "A", area="520204", former_area="520203")

    assert integers(totals(history, area="520204")["certification"]) == (1, 1, "100.00")
    assert integers(totals(history, area="520203")["certification"]) == (0, 0, None)
    assert integers(totals(history, area="520200")["certification"]) == (1, 1, "100.00")


def _owner() -> e.Holding:
    return e.Holding(holder="V1", kind="village_collective", numerator=1, denominator=1)


def test_a_dispute_is_shown_apart_until_it_is_resolved(history: History) -> None:
    history.adopt()
    history.asset("A", 100)
    history.of_asset(e.ObjectionFiled, "A", objection="O1", content="界线不清")
    assert integers(totals(history)["dispute_value"]) == (100, 100, "100.00")

    history.of_asset(e.ObjectionResolved, "A", objection="O1", outcome="rejected", authority="乡镇政府")
    assert integers(totals(history)["dispute_value"]) == (0, 100, "0.00")


def test_idle_is_the_last_condition_and_found_idle_any_earlier_one(history: History) -> None:
    history.adopt()
    for asset in ("A", "B", "C"):
        history.asset(asset, 100)
    hand_over(history, "A", "B")
    assess(history, "A", "idle")
    assess(history, "B", "stopped")
    assess(history, "B", "good", date(2024, 9, 1))
    history.of_asset(e.RevivalOpened, "B", revival="R1", measure="引进经营者", unit="镇政府", deadline=END)
    history.of_asset(e.RevivalClosed, "B", date(2024, 9, 2), revival="R1", by="李四")

    found = totals(history)
    assert integers(found["idle"]) == (1, 2, "50.00")
    assert integers(found["revival"]) == (1, 2, "50.00")
    assert integers(totals(history, as_of=date(2024, 8, 1))["revival"]) == (0, 2, "0.00")


def test_registration_counts_projects_that_should_form_assets(history: History) -> None:
    history.adopt()
    history.issue("T", 10_000)
    for project, kind in (("A", "crop_base"), ("B", "crop_base"), ("C", "crop_base"), ("FEE", "training")):
        history.project(project, project_type=kind)
        history.allocate("T", project, 1000)
        history.spend(e.MoneyPaid, "T", project, 400 if project == "A" else 100)
    history.reach(e.ProjectAccepted, "A", "B", "C", "FEE")
    history.of_project(e.ProjectFormedAsset, "A", formation_id="F1", asset="A1", value_fen=400)
    history.of_project(e.ProjectFormedNone, "C", why="consumed")

    found = totals(history)
    assert integers(found["registration"]) == (1, 2, "50.00")
    assert integers(found["registration_value"]) == (400, 500, "80.00")


def test_income_is_set_against_value_by_months_and_rent_against_what_is_due(history: History) -> None:
    history.adopt()
    history.asset("OLD", 1200, on=date(2023, 5, 1))
    history.asset("NEW", 1200, on=date(2024, 3, 4))
    account: dict[str, Any] = {"effective_on": DAY, "scheme": "S", "area": "520201"}
    history.record(
        e.IncomePosted(**account, period="2024-02", amount_fen=150),
        e.IncomePosted(**account, period="2023", amount_fen=9999),
        e.CostPosted(**account, period="2024", cost="om", amount_fen=45),
    )
    dues = (e.Due(on=date(2024, 6, 30), amount_fen=60), e.Due(on=date(2024, 12, 31), amount_fen=60))
    terms: dict[str, Any] = {"mode": "lease", "operator": "C1", "operator_kind": "company", "return_kind": "fixed"}
    term: dict[str, Any] = {"from_on": date(2024, 1, 1), "to_on": date(2026, 12, 31)}
    contract: dict[str, Any] = {"contract": "K", "area": "520201", "effective_on": DAY}
    history.record(e.ContractSigned(**contract, **terms, **term, assets=("OLD",), dues=dues))
    history.record(e.RentReceived(**{**contract, "effective_on": date(2024, 7, 5)}, amount_fen=90))

    found = totals(history)
    assert integers(found["yield"]) == (105, 1200 + 900, "5.00")
    assert integers(found["agreed_yield"]) == (120, 2100, "5.71")
    assert integers(found["collection"]) == (90, 120, "75.00")
    assert integers(totals(history, as_of=date(2024, 7, 31))["collection"]) == (60, 60, "100.00")
    assert "yield" not in totals(history, year=2024)
    by_town = asset_rates(history.engine, Question("520201", by="town", as_of=END)).rows
    assert {row.place.row for row in by_town if row.rate == "collection"} == {"total"}


def test_the_report_on_rates_has_no_income(sqlite_history: History) -> None:
    sqlite_history.adopt()
    rows = rates(sqlite_history.engine, Question("520201", 2024, as_of=END), "assets").rows
    assert {"confirmation", "registration"} <= {row.rate for row in rows}
    assert not {"yield", "collection"} & {row.rate for row in rows}


def test_a_county_sets_its_target_as_data(sqlite_history: History) -> None:
    target = 'id = "all"\nset = "assets"\nrate = "confirmation"\nby = "06-30"\npercent = "100"\njurisdiction = "520200"'
    sqlite_history.adopt(f'{shipped_packs()["base"]}\n[[target]]\n{target}\nsource = "文件"\n')
    sqlite_history.asset("OLD", 100, project_year=2019)
    confirm(sqlite_history, "OLD")
    sqlite_history.asset("LATE", 100, on=date(2024, 7, 1))

    (judged,) = totals(sqlite_history)["confirmation"].targets
    assert (judged.state, judged.numerator, judged.denominator) == ("met", 1, 1)


@pytest.mark.parametrize("by", ["area", "town", "type"])
def test_the_city_is_the_sum_of_its_parts(both_histories: tuple[History, History], by: str) -> None:
    answers = []
    for history in both_histories:
        history.adopt()
        for number, area in enumerate(("520201", "520203", "520203")):
            asset_class = "public" if number else "operating"
            history.asset(f"A{number}", 7 * number + 1, area=area, town=f"{area}100", asset_class=asset_class)
        confirm(history, "A1")
        asked: dict[str, Any] = {"area": "520200", "by": by, "as_of": END}
        answer = asset_rates(history.engine, Question(**asked))
        for rate in ("confirmation", "confirmation_value"):
            parts = [row for row in answer.rows if row.rate == rate and row.place.row == "part"]
            (total,) = (row for row in answer.rows if row.rate == rate and row.place.row == "total")
            assert sum(row.numerator for row in parts) == total.numerator
            assert sum(row.denominator for row in parts) == total.denominator
        answers.append({key: value for key, value in answer.as_json().items() if key != "root"})
    assert answers[0] == answers[1]

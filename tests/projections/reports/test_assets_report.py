"""The register of assets: what stands, as it stands, with its rights and the totals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from projections.reports.assets import AssetRow, assets
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def register(history: History, *, ended: bool = False, **question: object) -> dict[str, AssetRow]:
    asked: dict[str, Any] = {"area": "520201", "as_of": END, **question}
    return {row.asset: row for row in assets(history.engine, Question(**asked), ended=ended).rows}


def test_a_row_says_how_the_asset_stands_on_the_day(history: History) -> None:
    history.asset("A", 100, about={"provisional": True, "subclass": "冷库", "place": "村东"})
    history.of_asset(e.AssetCertified, "A", date(2024, 5, 1), certificate="证1")
    history.of_asset(e.ValueFinalised, "A", date(2024, 6, 1), change_fen=-10, value_fen=90)
    history.of_asset(e.DepreciationPosted, "A", date(2024, 7, 1), year=2024, amount_fen=9, method="直线法")
    history.of_asset(e.ConditionAssessed, "A", date(2024, 8, 1), condition="idle")
    history.of_asset(e.BatchClassified, "A", date(2024, 8, 2), year=2024, batch="revive")
    history.of_asset(e.BatchClassified, "A", date(2024, 8, 3), year=2023, batch="upgrade")
    history.of_asset(e.UpkeepAssigned, "A", date(2024, 9, 1), unit="甲村", post="管护员")
    history.of_asset(e.AssetCounted, "A", date(2024, 12, 1), year=2024, outcome="matches")

    row = register(history)["A"]
    assert (row.value_fen, row.depreciation_fen, row.net_fen, row.provisional) == (90, 9, 81, False)
    assert (row.stage, row.certificate, row.subclass, row.site) == ("certified", "证1", "冷库", "村东")
    assert (row.condition, row.batch, row.batch_year, row.counted_year) == ("idle", "revive", 2024, 2024)
    assert (row.upkeep_unit, row.upkeep_post) == ("甲村", "管护员")
    early = register(history, as_of=date(2024, 5, 31))["A"]
    assert (early.value_fen, early.provisional, early.condition, early.batch) == (100, True, None, None)


def test_a_right_is_held_or_none_or_unsettled_or_was_never_set(history: History) -> None:
    history.asset("A", 100)
    history.hold("A", "ownership", ("state_unit", 1, 3), ("village_collective", 2, 3))
    history.of_asset(e.RightSet, "A", right="income", status="none", note="公益")

    rights: Any = register(history)["A"].rights
    assert [(each["holder"], each["numerator"], each["denominator"]) for each in rights["ownership"]["holders"]] == [
        ("H0", 1, 3),
        ("H1", 2, 3),
    ]
    assert (rights["income"]["status"], rights["disposal"]["status"]) == ("none", None)


def test_an_objection_disputes_the_asset_until_it_is_resolved(history: History) -> None:
    history.asset("A", 100)
    history.of_asset(e.ObjectionFiled, "A", date(2024, 5, 1), objection="YY1", content="份额不对")
    history.of_asset(
        e.ObjectionResolved, "A", date(2024, 6, 1), objection="YY1", outcome="rejected", authority="乡政府"
    )

    assert register(history, as_of=date(2024, 5, 31))["A"].disputed
    assert not register(history)["A"].disputed


def test_the_contract_in_force_is_shown_while_it_runs(history: History) -> None:
    history.asset("A", 100)
    history.asset("B", 100)
    history.record(
        e.ContractSigned(
            effective_on=date(2024, 4, 1),
            contract="HT1",
            area="520201",
            assets=("A", "B"),
            mode="lease",
            operator="C1",
            operator_kind="company",
            operator_name="某公司",
            from_on=date(2024, 5, 1),
            to_on=date(2024, 10, 31),
            return_kind="fixed",
        )
    )

    assert {row.contract for row in register(history, as_of=date(2024, 4, 30)).values()} == {None}
    running = register(history, as_of=date(2024, 10, 31))["B"]
    assert (running.contract, running.operator, running.contract_to_on) == ("HT1", "某公司", "2024-10-31")
    assert register(history)["A"].contract is None


def test_what_ended_leaves_the_register_unless_it_is_asked_for(history: History) -> None:
    history.asset("A", 100)
    history.asset("B", 50)
    history.of_asset(e.AssetDisposed, "A", date(2024, 8, 1), disposal="CZ1", way="scrap")

    assert list(register(history)) == ["B"]
    assert {code: row.life for code, row in register(history, ended=True).items()} == {"A": "disposed", "B": "live"}


def test_the_totals_are_the_sums_of_the_rows_by_class(history: History) -> None:
    history.asset("A", 100)
    history.asset("B", 50, asset_class="public")
    history.asset("C", 7, asset_class="public", project_year=2023)
    history.of_asset(e.DepreciationPosted, "B", year=2024, amount_fen=20, method="直线法")

    def totals(**question: object) -> list[tuple[object, ...]]:
        asked: dict[str, Any] = {"area": "520201", "as_of": END, **question}
        found: Any = assets(history.engine, Question(**asked)).more["totals"]
        return [tuple(each.values()) for each in found]

    assert totals() == [("operating", 1, 100, 0, 100), ("public", 2, 57, 20, 37), (None, 3, 157, 20, 137)]
    assert totals(year=2023) == [("public", 1, 7, 0, 7), (None, 1, 7, 0, 7)]
    assert totals(area="520204") == [(None, 0, 0, 0, 0)]

"""The balance of tranches, and plans against money."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from ledger.money import Unit, parse_money
from projections.reports.balance import balance
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def test_every_step_of_a_tranche_has_its_column(history: History) -> None:
    history.issue("CITY", 1000, area="520200", issuer="省财政厅")
    history.distribute("CITY", "T", 600, "520201")
    history.project("A")
    history.allocate("T", "A", 400)
    history.spend(e.MoneyReleased, "T", "A", 300)
    history.spend(e.MoneyPaid, "T", "A", 200)
    history.spend(e.MoneyReimbursed, "T", "A", 100)
    history.recover("T", 50)

    city, county = balance(history.engine, Question("520200", as_of=END)).rows
    assert (city.tranche, city.issuer, city.document, city.issued_fen, city.distributed_fen, city.unallocated_fen) == (
        "CITY", "省财政厅", "文CITY", 1000, 600, 400,
    )  # fmt: skip
    assert (county.tranche, county.parent, county.received_fen, county.recovered_fen) == ("T", "CITY", 600, 50)
    assert (county.allocated_fen, county.released_fen, county.paid_fen, county.reimbursed_fen) == (400, 300, 200, 100)
    assert county.unallocated_fen == 150


def test_yanjin_2022_plans_more_than_its_money_and_is_not_corrected(history: History) -> None:
    arranged = parse_money("8126.728603", Unit.WAN)
    history.issue("Y", arranged, plan_year=2022)
    for number, wan in enumerate(("180", "20", "70", "450", "500", "20", "3850", "500", "2910")):
        history.project(f"Y{number}", project_year=2022, planned_fen=parse_money(wan, Unit.WAN))

    plans = balance(history.engine, Question("520201", 2022, as_of=END)).as_json()["plans"]
    assert plans == [
        {
            "area": "520201",
            "area_name": "钟山区",
            "year": 2022,
            "planned_fen": 8_500_000_000,
            "arrived_fen": 8_126_728_603,
            "over_fen": 373_271_397,
        }
    ]


def test_what_was_planned_for_a_cancelled_project_is_planned_no_longer(history: History) -> None:
    history.issue("T", 1000)
    history.project("A", planned_fen=900)
    history.project("B", planned_fen=700)
    place: dict[str, Any] = {"area": "520201", "project_year": 2024, "project_type": "crop_base"}
    history.record(e.ProjectCancelled(effective_on=date(2024, 6, 1), project="B", planned_fen=700, **place))

    def planned(as_of: date) -> list[tuple[object, object]]:
        plans = balance(history.engine, Question("520201", 2024, as_of=as_of)).as_json()["plans"]
        assert isinstance(plans, list)
        return [(plan["planned_fen"], plan["over_fen"]) for plan in plans]

    assert planned(date(2024, 5, 31)) == [(1600, 600)]
    assert planned(date(2024, 6, 1)) == [(900, 0)]


def test_one_year_or_all_years(history: History) -> None:
    history.issue("OLD", 1, plan_year=2023)
    history.issue("NEW", 2)

    assert [row.tranche for row in balance(history.engine, Question("520201", 2024, as_of=END)).rows] == ["NEW"]
    assert [row.tranche for row in balance(history.engine, Question("520201", as_of=END)).rows] == ["OLD", "NEW"]


def test_a_reversed_tranche_shows_zero_and_names_no_issuer(history: History) -> None:
    history.reverse(history.issue("T", 5))

    row = balance(history.engine, Question("520201", as_of=END)).rows[0]
    assert (row.issued_fen, row.unallocated_fen, row.issuer) == (0, 0, "")


def test_an_empty_ledger_has_no_tranches(history: History) -> None:
    answer = balance(history.engine, Question("520201", as_of=END)).as_json()

    assert (answer["rows"], answer["plans"], answer["position"]) == ([], [], 0)

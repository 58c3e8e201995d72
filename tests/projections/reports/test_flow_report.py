"""Where the money came from and how far it got."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import events as e
from ledger.errors import ValueRefusedError
from projections.reports.flow import FlowRow, flow
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from tests.projections.conftest import History

END = date(2024, 12, 31)
AMOUNTS = (
    *("arrived", "distributed", "recovered", "unallocated", "allocated"),
    *("unreleased", "released", "unpaid", "paid"),
)


def rows_of(history: History, area: str = "520200", as_of: date = END) -> dict[tuple[str, str], FlowRow]:
    """Return the rows by area (empty for the total) and level (empty for all money)."""
    rows = flow(history.engine, Question(area, 2024, as_of=as_of)).rows
    return {("" if row.place.row == "total" else row.place.area, row.level): row for row in rows}


def amounts(row: FlowRow) -> tuple[int, ...]:
    return tuple(getattr(row, f"{name}_fen") for name in AMOUNTS)


def fill(history: History) -> None:
    history.issue("CITY", 1000, area="520200")
    history.distribute("CITY", "A", 600, "520201")
    history.distribute("CITY", "B", 100, "520204")
    history.issue("OWN", 50, level="county")
    history.project("P")
    history.allocate("A", "P", 500)
    history.spend(e.MoneyReleased, "A", "P", 400)
    history.spend(e.MoneyPaid, "A", "P", 300)
    history.recover("CITY", 70)


def test_every_part_has_its_own_money_and_the_whole_counts_nothing_twice(history: History) -> None:
    fill(history)

    rows = rows_of(history)
    assert list(rows) == [
        *(("520200", "central"), ("520201", "central"), ("520201", "county"), ("520204", "central")),
        *(("", ""), ("", "central"), ("", "county")),
    ]
    assert amounts(rows["520200", "central"]) == (1000, 700, 70, 230, 0, 0, 0, 0, 0)
    assert amounts(rows["520201", "central"]) == (600, 0, 0, 100, 500, 100, 400, 100, 300)
    assert amounts(rows["520204", "central"]) == (100, 0, 0, 100, 0, 0, 0, 0, 0)
    assert amounts(rows["", "central"]) == (1000, 0, 70, 430, 500, 100, 400, 100, 300)
    assert amounts(rows["", ""]) == (1050, 0, 70, 480, 500, 100, 400, 100, 300)


def test_a_county_received_what_its_city_handed_down(history: History) -> None:
    fill(history)

    rows = rows_of(history, "520201")
    assert list(rows) == [("", ""), ("", "central"), ("", "county")]
    assert amounts(rows["", "central"])[:2] == (600, 0)


def test_money_handed_to_a_town_stays_in_its_county(history: History) -> None:
    history.issue("A", 600)
    history.distribute("A", "TOWN", 200, "520201")

    assert amounts(rows_of(history, "520201")["", "central"])[:4] == (600, 0, 0, 600)


def test_what_the_city_took_back_from_a_county_is_the_citys_again(history: History) -> None:
    history.issue("CITY", 1000, area="520200")
    history.distribute("CITY", "A", 600, "520201")
    history.take_back("A", "CITY", 250)

    rows = rows_of(history)
    assert amounts(rows["520200", "central"])[:4] == (1000, 350, 0, 650)
    assert amounts(rows["520201", "central"])[:4] == (600, 0, 250, 350)
    assert amounts(rows["", ""])[:4] == (1000, 0, 0, 1000)


def test_what_came_back_from_a_project_or_a_payee_lowers_the_step(history: History) -> None:
    fill(history)
    history.spend(e.PaymentRefunded, "A", "P", 30)
    history.spend(e.ReleaseReturned, "A", "P", 100)
    history.withdraw("A", "P", 150, cause="surplus")

    assert amounts(rows_of(history)["520201", "central"])[3:] == (250, 350, 50, 300, 30, 270)


def test_it_is_told_as_of_a_day_and_as_known_then(history: History) -> None:
    history.issue("CITY", 1000, date(2024, 1, 1), area="520200")
    moved = history.distribute("CITY", "A", 600, "520201", date(2024, 2, 1))

    assert list(rows_of(history, as_of=date(2024, 1, 31))) == [("", ""), ("", "central")]
    history.reverse(moved - 1)
    history.reverse(moved)
    assert amounts(rows_of(history)["", "central"])[:4] == (1000, 0, 0, 1000)
    then = flow(history.engine, Question("520200", 2024, as_of=END, known_at=moved)).rows
    assert amounts(then[0])[:2] == (1000, 600)


@pytest.mark.parametrize("by", ["town", "type"])
def test_money_not_in_projects_has_neither_town_nor_type(sqlite_history: History, by: Literal["town", "type"]) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        flow(sqlite_history.engine, Question("520200", 2024, by=by))
    assert caught.value.code == "report.only_areas"


AREAS = {"CITY": "520200", "A": "520201", "B": "520204"}
ACTIONS = ("issue", "distribute", "take_back", "recover", "allocate", "withdraw", "release", "pay", "reverse")
STEP = st.tuples(st.sampled_from(ACTIONS), st.integers(0, 5), st.integers(1, 10**9))


def take(history: History, action: str, pick: int, fen: int, on: date) -> int:
    county, anywhere = "AB"[pick % 2], ("CITY", "A", "B")[pick % 3]
    steps: dict[str, Callable[[], int]] = {
        "issue": lambda: history.issue(anywhere, fen, on, area=AREAS[anywhere]),
        "distribute": lambda: history.distribute("CITY", county, fen, AREAS[county], on),
        "take_back": lambda: history.take_back(county, "CITY", fen, on),
        "recover": lambda: history.recover(county, fen, on),
        "allocate": lambda: history.allocate(county, "P", fen, on),
        "withdraw": lambda: history.withdraw(county, "P", fen, on),
        "release": lambda: history.spend(e.MoneyReleased, county, "P", fen, on),
        "pay": lambda: history.spend(e.MoneyPaid, county, "P", fen, on),
        "reverse": lambda: history.reverse(1 + pick % 3),  # one of the first issues
    }
    return steps[action]()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=20))
def test_every_row_balances_and_counties_add_up(
    new_history: Callable[[], History], steps: list[tuple[str, int, int]]
) -> None:
    history = new_history()
    for code, area in AREAS.items():
        history.issue(code, 1, area=area)
    history.project("P")
    for number, (action, pick, fen) in enumerate(steps):
        take(history, action, pick, fen, date(2024, 3, 5) + timedelta(days=number))

    rows = rows_of(history)
    for row in rows.values():
        assert row.arrived_fen == row.distributed_fen + row.recovered_fen + row.unallocated_fen + row.allocated_fen
        assert row.allocated_fen == row.unreleased_fen + row.released_fen
        assert row.released_fen == row.unpaid_fen + row.paid_fen
    whole = rows["", ""]
    for name in AMOUNTS[3:]:
        parts = [getattr(row, f"{name}_fen") for (area, _), row in rows.items() if area]
        assert getattr(whole, f"{name}_fen") == sum(parts)
    assert whole.distributed_fen == 0

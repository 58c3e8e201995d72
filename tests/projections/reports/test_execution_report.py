"""How fast money was handed on, and how much of it in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ledger import events as e
from ledger.rules.pack import shipped_packs
from projections.reports.execution import ExecutionRow, execution
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

CAME = date(2024, 3, 4)
END = date(2024, 12, 31)


def after(days: int) -> date:
    return CAME + timedelta(days=days)


def rows_of(history: History, as_of: date = END) -> dict[str, ExecutionRow]:
    return {row.tranche: row for row in execution(history.engine, Question("520200", 2024, as_of=as_of)).rows}


def test_days_are_counted_from_the_first_money_to_the_first_step(history: History) -> None:
    history.issue("CITY", 1000, CAME, area="520200")
    history.distribute("CITY", "A", 600, "520201", after(12))
    history.distribute("CITY", "A", 100, "520201", after(40))
    history.project("P")
    history.allocate("A", "P", 500, after(20))

    rows = rows_of(history)
    assert (rows["CITY"].days_to_distribution, rows["CITY"].days_to_allocation) == (12, None)
    assert (rows["A"].arrived_on, rows["A"].days_to_distribution, rows["A"].days_to_allocation) == (after(12), None, 8)


def test_progress_is_what_was_handed_on_of_what_came_and_paid_of_what_stayed(history: History) -> None:
    history.issue("CITY", 1000, CAME, area="520200")
    history.distribute("CITY", "A", 600, "520201", CAME)
    history.take_back("A", "CITY", 50, after(5))
    history.recover("CITY", 200, after(6))
    history.project("P")
    history.allocate("A", "P", 400, CAME)
    history.spend(e.MoneyPaid, "A", "P", 110, CAME)

    city, county = (rows_of(history)[code] for code in ("CITY", "A"))
    assert (city.arrived_fen, city.handed_on_fen, city.handed_on_percent) == (800, 550, "68.75")
    assert (city.stayed_fen, city.paid_fen, city.paid_percent) == (250, 0, "0.00")
    assert (county.arrived_fen, county.handed_on_fen, county.paid_percent) == (550, 400, "20.00")


def test_money_is_judged_by_its_amount_once_its_deadline_has_passed(history: History) -> None:
    history.adopt()
    history.issue("CITY", 1000, CAME, area="520200")
    history.distribute("CITY", "A", 600, "520201", after(30))
    history.distribute("CITY", "A", 300, "520201", after(31))

    before = rows_of(history, after(30))["CITY"]
    assert (before.due_on, before.due_fen, before.in_time_percent) == (after(30), 0, None)
    passed = rows_of(history, after(31))["CITY"]
    assert (passed.due_fen, passed.in_time_fen, passed.in_time_percent) == (1000, 600, "60.00")


def test_money_that_came_later_has_its_own_deadline(history: History) -> None:
    history.adopt()
    history.issue("T", 100, CAME)
    history.issue("T", 50, after(60))
    history.project("P")
    history.allocate("T", "P", 120, after(25))
    history.allocate("T", "P", 30, after(95))

    first, both = (rows_of(history, day)["T"] for day in (after(90), after(91)))
    assert (first.due_fen, first.in_time_fen) == (100, 100)
    assert (both.due_fen, both.in_time_fen) == (150, 120)


def test_nobody_has_to_hand_on_what_was_taken_back(history: History) -> None:
    history.adopt()
    history.issue("T", 100, CAME)
    history.recover("T", 100, after(5))

    row = rows_of(history)["T"]
    assert (row.arrived_fen, row.due_fen, row.handed_on_percent, row.in_time_percent) == (0, 0, None, None)


def test_without_a_deadline_nothing_falls_due_and_another_pack_sets_another(sqlite_history: History) -> None:
    sqlite_history.issue("T", 100, CAME)
    row = rows_of(sqlite_history)["T"]
    assert (row.due_on, row.due_provisional, row.due_fen) == (None, None, 0)

    working = shipped_packs()["base"].replace('days = 30\nunit = "calendar"', 'days = 5\nunit = "working"')
    sqlite_history.adopt(working)
    assert rows_of(sqlite_history)["T"].due_on == date(2024, 3, 11)


def test_levels_are_summed_in_each_county_and_in_total(history: History) -> None:
    history.adopt()
    history.issue("CITY", 1000, CAME, area="520200")
    history.distribute("CITY", "A", 600, "520201", CAME)
    history.issue("B", 400, CAME, area="520204", level="provincial")

    levels: Any = execution(history.engine, Question("520200", 2024, as_of=END)).more["levels"]
    found = {
        ("" if each["row"] == "total" else each["area"], each["level"]): (
            each["arrived_fen"],
            each["handed_on_fen"],
            each["in_time_percent"],
            each["stayed_fen"],
        )
        for each in levels
    }
    assert found == {
        ("520200", "central"): (1000, 600, "60.00", 400),
        ("520201", "central"): (600, 0, "0.00", 600),
        ("520204", "provincial"): (400, 0, "0.00", 400),
        ("", "central"): (1600, 600, "37.50", 1000),
        ("", "provincial"): (400, 0, "0.00", 400),
    }


def test_the_deadlines_that_were_applied_are_named(sqlite_history: History) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 100, CAME)

    used: Any = execution(sqlite_history.engine, Question("520200", 2024, as_of=END)).more["deadlines"]
    assert [(each["id"], each["days"], each["unit"]) for each in used] == [("distribution", 30, "calendar")]
    assert used[0]["source"]

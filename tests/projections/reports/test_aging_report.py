"""Idle money and how long it has lain."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.rules.pack import shipped_packs
from projections.reports.aging import aging
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

CAME = date(2024, 3, 4)


def buckets(history: History, as_of: date, area: str = "520200") -> dict[tuple[str, int | None], tuple[int, int]]:
    """Return tranches and idle fen by area (empty for the total) and end of the age class, where there are any."""
    found: Any = aging(history.engine, Question(area, as_of=as_of)).more["buckets"]
    return {
        ("" if each["row"] == "total" else each["area"], each["up_to_days"]): (each["tranches"], each["idle_fen"])
        for each in found
        if each["tranches"]
    }


def test_idle_money_is_split_by_the_step_it_waits_for(history: History) -> None:
    history.issue("T", 1000, CAME)
    history.project("P")
    history.allocate("T", "P", 700)
    history.spend(e.MoneyReleased, "T", "P", 400)
    history.spend(e.MoneyPaid, "T", "P", 150)

    (row,) = aging(history.engine, Question("520201", as_of=date(2024, 4, 4))).rows
    assert (row.unallocated_fen, row.unreleased_fen, row.unpaid_fen, row.idle_fen) == (300, 300, 250, 850)
    assert (row.arrived_on, row.days, row.up_to_days) == (CAME, 31, 90)


def test_money_that_was_paid_or_handed_down_is_not_idle_there(history: History) -> None:
    history.issue("CITY", 1000, CAME, area="520200")
    history.distribute("CITY", "T", 1000, "520201", CAME + timedelta(days=40))

    (row,) = aging(history.engine, Question("520200", as_of=date(2024, 12, 31))).rows
    assert (row.tranche, row.place.area, row.arrived_on) == ("T", "520201", CAME + timedelta(days=40))


@pytest.mark.parametrize(
    ("days", "up_to"),
    [(0, 30), (30, 30), (31, 90), (90, 90), (180, 180), (365, 365), (366, 730), (730, 730), (731, None)],
)
def test_an_age_class_includes_its_last_day(sqlite_history: History, days: int, up_to: int | None) -> None:
    sqlite_history.issue("T", 5, CAME)

    assert buckets(sqlite_history, CAME + timedelta(days=days), "520201") == {("", up_to): (1, 5)}


def test_counties_add_up_to_the_city(history: History) -> None:
    history.issue("A", 5, CAME)
    history.issue("B", 7, CAME, area="520204")
    history.issue("C", 9, CAME - timedelta(days=60), area="520204")

    assert buckets(history, CAME) == {
        ("520201", 30): (1, 5),
        ("520204", 30): (1, 7),
        ("520204", 90): (1, 9),
        ("", 30): (2, 12),
        ("", 90): (1, 9),
    }


def test_money_unused_two_years_after_its_budget_year_is_to_be_recovered(history: History) -> None:
    history.adopt()
    history.issue("T", 5, CAME)

    def verdict(as_of: date) -> bool | None:
        return aging(history.engine, Question("520201", as_of=as_of)).rows[0].recoverable

    assert verdict(date(2026, 12, 31)) is False
    assert verdict(date(2027, 1, 1)) is True


def test_how_many_years_is_the_packs_to_say_and_without_a_rule_nothing_is_judged(sqlite_history: History) -> None:
    sqlite_history.issue("T", 5, CAME)
    question = Question("520201", as_of=date(2027, 1, 1))
    assert aging(sqlite_history.engine, question).rows[0].recoverable is None

    sqlite_history.adopt(shipped_packs()["base"].replace('"idle_years"\nvalue = 2', '"idle_years"\nvalue = 3'))
    answer = aging(sqlite_history.engine, question)
    assert answer.rows[0].recoverable is False
    assert answer.as_json()["idle_rule"] == {"id": "R6", "years": 3, "source": answer.as_json()["idle_rule"]["source"]}  # type: ignore[index]


def test_the_first_money_counts_and_a_reversed_arrival_does_not(history: History) -> None:
    first = history.issue("T", 5, CAME)
    history.issue("T", 6, CAME + timedelta(days=10))
    question = Question("520201", as_of=date(2024, 12, 31))
    assert aging(history.engine, question).rows[0].arrived_on == CAME

    history.reverse(first)
    (row,) = aging(history.engine, question).rows
    assert (row.arrived_on, row.idle_fen) == (CAME + timedelta(days=10), 6)

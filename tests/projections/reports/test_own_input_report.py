"""The city's and the counties' own money, this year against last."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.rules.pack import shipped_packs
from projections.reports.own_input import OwnInputRow, own_input
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def rows_of(history: History, area: str = "520200", as_of: date = END) -> dict[tuple[str, str], OwnInputRow]:
    rows = own_input(history.engine, Question(area, 2024, as_of=as_of)).rows
    return {("" if row.place.row == "total" else row.place.area, row.level): row for row in rows}


def sides(row: OwnInputRow) -> tuple[int, int, int, bool | None]:
    return row.current_fen, row.previous_fen, row.change_fen, row.met


def test_each_county_is_judged_and_the_city_as_a_whole(history: History) -> None:
    history.adopt()
    for year, (city, shui, zhong) in {2023: (300, 100, 50), 2024: (299, 100, 70)}.items():
        history.issue(f"CITY{year}", city, area="520200", level="city", plan_year=year)
        history.distribute(f"CITY{year}", f"CITY-A{year}", city - 1, "520204")
        history.issue(f"A{year}", shui, area="520204", level="county", plan_year=year)
        history.issue(f"B{year}", zhong, area="520201", level="county", plan_year=year)

    rows = rows_of(history)
    assert {key: sides(row) for key, row in rows.items()} == {
        ("520201", "county"): (70, 50, 20, True),
        ("520204", "county"): (100, 100, 0, True),
        ("", "city"): (299, 300, -1, False),
        ("", "county"): (170, 150, 20, True),
    }
    assert "力度不减" in (rows["", "city"].source or "")
    assert set(rows_of(history, "520204")) == {("", "county")}


def test_other_kinds_of_fund_are_not_own_input_and_recovered_money_is_none(history: History) -> None:
    history.adopt()
    history.issue("OLD", 10, level="county", plan_year=2023)
    history.issue("NEW", 10, level="county")
    history.issue("BOND", 99, level="county", fund_kind="bond")
    history.recover("NEW", 1)

    assert sides(rows_of(history, "520201")["", "county"]) == (9, 10, -1, False)


def test_without_money_in_the_year_before_there_is_no_verdict(history: History) -> None:
    history.adopt()
    history.issue("NEW", 10, level="county")

    assert sides(rows_of(history, "520201")["", "county"]) == (10, 0, 10, None)


def test_without_a_rule_for_the_place_there_is_no_verdict(history: History) -> None:
    history.issue("OLD", 10, level="county", plan_year=2023)
    history.issue("NEW", 10, level="county")
    assert sides(rows_of(history, "520201")["", "county"]) == (10, 10, 0, None)

    history.adopt(shipped_packs()["base"].replace("own_input_kept_county", "something_else"))
    assert (rows_of(history)["", "county"].met, rows_of(history)["", "county"].source) == (None, None)


def test_it_says_whether_the_year_is_over(sqlite_history: History) -> None:
    def over(as_of: date) -> object:
        return own_input(sqlite_history.engine, Question("520200", 2024, as_of=as_of)).more["year_over"]

    assert over(date(END.year, 12, 30)) is False
    assert over(date(END.year, 12, 31)) is True

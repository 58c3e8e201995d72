"""How much of the money reached the key counties."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.errors import NotFoundError
from projections.reports.tilt import TiltRow, tilt
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def rows_of(history: History, area: str = "520200") -> dict[tuple[str, str, str], TiltRow]:
    rows = tilt(history.engine, Question(area, 2024, as_of=END)).rows
    return {("" if row.place.row == "total" else row.place.area, row.grade, row.level): row for row in rows}


def test_each_key_county_each_grade_and_all_of_them_by_level(history: History) -> None:
    history.adopt()
    history.issue("CITY", 1000, area="520200")
    history.distribute("CITY", "S", 500, "520204")
    history.distribute("CITY", "L", 200, "520203")
    history.distribute("CITY", "Z", 100, "520201")
    history.issue("SP", 60, area="520204", level="provincial")
    history.issue("ZP", 30, area="520201", level="provincial")

    found = {
        key: (row.numerator_fen, row.denominator_fen, row.percent)
        for key, row in rows_of(history).items()
        if key[2] != "provincial"
    }
    assert found == {
        ("520204", "national", ""): (560, 1090, "51.38"),
        ("520204", "national", "central"): (500, 1000, "50.00"),
        ("520203", "provincial", ""): (200, 1090, "18.35"),
        ("520203", "provincial", "central"): (200, 1000, "20.00"),
        ("", "national", ""): (560, 1090, "51.38"),
        ("", "national", "central"): (500, 1000, "50.00"),
        ("", "provincial", ""): (200, 1090, "18.35"),
        ("", "provincial", "central"): (200, 1000, "20.00"),
        ("", "", ""): (760, 1090, "69.72"),
        ("", "", "central"): (700, 1000, "70.00"),
    }
    shuicheng = rows_of(history)["520204", "national", "provincial"]
    assert (shuicheng.numerator_fen, shuicheng.denominator_fen) == (60, 90)
    assert "水城区" in (shuicheng.source or "")


def test_money_under_a_countys_old_code_counts_with_the_county(history: History) -> None:
    history.adopt()
    history.issue("OLD", 40, date(2024, 1, 5), area="520221")
    history.issue("Z", 60, area="520201")

    assert rows_of(history)["520204", "national", ""].percent == "40.00"


def test_a_place_without_key_counties_has_none(history: History) -> None:
    history.adopt()
    history.issue("Z", 60, area="520201")

    assert {key: row.numerator_fen for key, row in rows_of(history, "520201").items()} == {
        ("", "", ""): 0,
        ("", "", "central"): 0,
    }


def test_key_counties_are_named_by_a_rule_pack(sqlite_history: History) -> None:
    with pytest.raises(NotFoundError) as caught:
        tilt(sqlite_history.engine, Question("520200", 2024, as_of=END))
    assert caught.value.code == "rule.none_in_force"

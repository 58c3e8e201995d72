"""Indicators against their targets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger import events as e
from ledger.errors import ValueRefusedError
from projections.reports.targets import targets
from projections.scope import Question

if TYPE_CHECKING:
    from projections.reports.targets import TargetRow
    from tests.projections.conftest import History

PACK = """
pack = "goals"
version = "1"
title = "目标任务"
source = "文件"
jurisdiction = "520200"
purpose = "targets"

[[indicator]]
id = "toilets"
name = "新建改建农村户用卫生厕所"
unit = "户"
direction = "at_least"
target = "27000"
by = 2022-12-31
jurisdiction = "520200"
clause = "九"
source = "文件"

[[indicator]]
id = "water"
name = "自来水普及率"
unit = "%"
direction = "at_least"
target = "98.3"
by = 2022-12-31
jurisdiction = "520200"
clause = "十"
source = "文件"

[[indicator]]
id = "returned"
name = "返贫人口"
unit = "人"
direction = "at_most"
target = "0"
by = 2022-12-31
jurisdiction = "520200"
clause = "一"
source = "文件"
"""
END = date(2022, 12, 31)


def adopt(history: History) -> None:
    history.record(e.RulePackAdopted(effective_on=date(2022, 4, 8), pack="goals", version="1", text=PACK))


def report(history: History, indicator: str, area: str, period: str, value: str, *, on: date = END) -> int:
    return history.record(
        e.IndicatorReported(effective_on=on, indicator=indicator, area=area, period=period, value=value)
    )


def rows(history: History, as_of: date = END, year: int | None = None) -> dict[tuple[str, str], TargetRow]:
    answer = targets(history.engine, Question("520200", year, as_of=as_of))
    return {(row.indicator, row.place.area): row for row in answer.rows}


def test_each_indicator_is_compared_exactly_in_its_direction(history: History) -> None:
    adopt(history)
    report(history, "toilets", "520200", "2022", "27000")
    report(history, "water", "520200", "2022", "98.299999")
    report(history, "returned", "520200", "2022", "0")

    found = rows(history, as_of=date(2023, 1, 1))
    assert {key[0]: (row.difference, row.met, row.state) for key, row in found.items()} == {
        "toilets": ("0", True, "met"),
        "water": ("-0.000001", False, "missed"),
        "returned": ("0", True, "met"),
    }


def test_until_its_day_a_target_is_not_missed_and_without_a_value_it_is_unreported(history: History) -> None:
    adopt(history)
    report(history, "water", "520200", "2022H1", "90", on=date(2022, 7, 1))

    assert rows(history)["water", "520200"].state == "not_due"
    assert rows(history, as_of=date(2023, 1, 1))["water", "520200"].state == "missed"
    silent = rows(history, as_of=date(2023, 1, 1))["toilets", "520200"]
    assert (silent.value, silent.met, silent.state) == (None, None, "unreported")


def test_counts_of_counties_add_up_and_percentages_do_not(history: History) -> None:
    adopt(history)
    report(history, "toilets", "520201", "2022Q4", "10000")
    report(history, "toilets", "520203", "2022Q4", "17000")
    report(history, "toilets", "520204", "2022Q3", "99999", on=date(2022, 9, 30))
    report(history, "water", "520201", "2022Q4", "99")

    found = rows(history)
    city = found["toilets", "520200"]
    assert (city.value, city.value_of, city.areas, city.period, city.state) == ("27000", "sum", 2, "2022Q4", "met")
    assert found["toilets", "520201"].state == "not_judged"
    assert found["water", "520201"].state == "met"
    assert (found["water", "520200"].value, found["water", "520200"].areas) == (None, 0)

    report(history, "toilets", "520200", "2022Q4", "26000")
    city = rows(history)["toilets", "520200"]
    assert (city.value, city.value_of, city.difference) == ("26000", "reported", "-1000")


def test_the_latest_period_counts_and_of_one_period_the_latest_report(history: History) -> None:
    adopt(history)
    report(history, "water", "520200", "2022", "97", on=date(2022, 12, 31))
    report(history, "water", "520200", "2022-06", "50", on=date(2023, 1, 1))
    report(history, "water", "520200", "2022H1", "60", on=date(2022, 7, 1))
    wrong = report(history, "water", "520200", "2022", "98.5", on=date(2023, 1, 5))
    report(history, "water", "520200", "2023Q1", "12", on=date(2023, 4, 1))

    late = date(2023, 12, 31)
    assert rows(history, as_of=late)["water", "520200"].value == "12"
    assert rows(history, as_of=late, year=2022)["water", "520200"].value == "98.5"
    history.reverse(wrong)
    assert rows(history, as_of=late, year=2022)["water", "520200"].value == "97"
    assert rows(history, as_of=date(2022, 7, 1))["water", "520200"].value == "60"


def test_indicators_are_reported_by_areas(history: History) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        targets(history.engine, Question("520200", by="town"))
    assert refused.value.code == "report.only_areas"
    assert rows(history) == {}

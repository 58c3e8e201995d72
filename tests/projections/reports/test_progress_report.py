"""Progress against time: 序时进度, dated targets, projects that are late or stalled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.rules.pack import shipped_packs
from projections.reports.progress import progress
from projections.scope import Question

if TYPE_CHECKING:
    from projections.reports.progress import ProgressRow
    from tests.projections.conftest import History

TARGET = """
[[target]]
id = "start-by-august"
set = "gz-silv-default"
rate = "start"
by = "08-31"
percent = "100"
jurisdiction = "520000"
source = "山西 2022 [S19]"
"""


def spending(history: History, question: Question) -> ProgressRow:
    rows = progress(history.engine, question).rows
    return next(row for row in rows if row.place.row == "total" and row.rate == "spending")


@pytest.mark.parametrize(
    ("as_of", "months", "ahead"),
    [
        (date(2023, 4, 30), 4, "8.68"),
        (date(2023, 4, 29), 3, "17.02"),
        (date(2023, 1, 1), 0, "42.02"),
        (date(2023, 12, 31), 12, "-57.98"),
        (date(2024, 2, 1), 12, "-57.98"),
    ],
)
def test_zhangye_is_ahead_of_time_by_the_unrounded_rate(
    sqlite_history: History, as_of: date, months: int, ahead: str
) -> None:
    # 42.016 % spent: rounded first it would be 42.02 - 33.33 = 8.69 points.
    sqlite_history.adopt()
    sqlite_history.issue("T", 100_000, date(2022, 12, 1), plan_year=2023)
    sqlite_history.project("A", on=date(2022, 12, 2), project_year=2023)
    sqlite_history.allocate("T", "A", 100_000, date(2022, 12, 3))
    sqlite_history.spend(e.MoneyPaid, "T", "A", 42_016, date(2023, 1, 1))

    row = spending(sqlite_history, Question("520201", 2023, as_of=as_of))
    assert (row.numerator, row.denominator, row.percent, row.months) == (42_016, 100_000, "42.02", months)
    assert row.ahead_points == ahead


def test_a_month_begun_counts_where_the_rules_say_so(sqlite_history: History) -> None:
    sqlite_history.adopt(shipped_packs()["base"].replace('value = "whole"', 'value = "begun"'))
    sqlite_history.issue("T", 100)

    assert spending(sqlite_history, Question("520201", 2024, as_of=date(2024, 4, 1))).months == 4


def test_without_money_there_is_no_difference_and_counts_have_no_time(history: History) -> None:
    history.adopt()

    rows = {row.rate: row for row in progress(history.engine, Question("520201", 2024, as_of=date(2024, 5, 31))).rows}
    assert (rows["spending"].percent, rows["spending"].time_percent, rows["spending"].ahead_points) == (
        None, "41.67", None,
    )  # fmt: skip
    assert (rows["start"].months, rows["start"].time_percent) == (None, None)


def test_a_dated_target_is_judged_by_its_day_and_names_the_projects_that_missed_it(history: History) -> None:
    history.adopt(shipped_packs()["base"] + TARGET)
    history.issue("T", 1000)
    for project in ("EARLY", "AFTER", "NEVER"):
        history.project(project)
    history.allocate("T", "NEVER", 300)
    history.reach(e.ProjectStarted, "EARLY", on=date(2024, 8, 31))
    history.reach(e.ProjectStarted, "AFTER", on=date(2024, 9, 1))

    def judged(as_of: date) -> tuple[object, ...]:
        milestones: Any = progress(history.engine, Question("520201", 2024, as_of=as_of)).more["milestones"]
        (found,) = (each for each in milestones if each["id"] == "start-by-august")
        return found["by"], found["numerator"], found["denominator"], found["state"]

    def late(as_of: date) -> list[tuple[object, ...]]:
        found: Any = progress(history.engine, Question("520201", 2024, as_of=as_of)).more["late"]
        return [(each["project"], each["days_late"], each["allocated_fen"]) for each in found]

    assert judged(date(2024, 8, 30)) == ("2024-08-31", 0, 3, "not_due")
    assert judged(date(2024, 8, 31)) == ("2024-08-31", 1, 3, "missed")
    assert judged(date(2024, 12, 31)) == ("2024-08-31", 1, 3, "missed")
    assert late(date(2024, 8, 31)) == []
    assert late(date(2024, 9, 1)) == [("NEVER", 1, 300)]


def test_work_without_news_is_stalled(history: History) -> None:
    history.adopt()
    for project in ("STARTED", "REPORTED", "SUSPENDED", "RESUMED", "DONE"):
        history.project(project)
        history.reach(e.ProjectStarted, project, on=date(2024, 4, 1))
    history.of_project(e.ProjectProgressed, "REPORTED", date(2024, 5, 1), invested_fen=1)
    history.reach(e.ProjectSuspended, "SUSPENDED", "RESUMED", on=date(2024, 4, 2))
    history.reach(e.ProjectResumed, "RESUMED", on=date(2024, 5, 20))
    history.reach(e.ProjectCompleted, "DONE", on=date(2024, 4, 3))

    def stalled(as_of: date) -> list[tuple[object, ...]]:
        found: Any = progress(history.engine, Question("520201", 2024, as_of=as_of)).more["stalled"]
        return [(each["project"], each["last_on"], each["days"]) for each in found]

    assert stalled(date(2024, 5, 31)) == []
    assert stalled(date(2024, 6, 1)) == [("STARTED", "2024-04-01", 61), ("SUSPENDED", "2024-04-01", 61)]
    assert [project for project, *_ in stalled(date(2024, 7, 31))] == ["REPORTED", "RESUMED", "STARTED", "SUSPENDED"]

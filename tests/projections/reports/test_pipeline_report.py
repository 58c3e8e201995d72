"""The library as a pipeline: 储备, 开工, 在建, 竣工."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from projections.reports.pipeline import pipeline
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def stages(history: History, question: Question) -> dict[str, int]:
    return {row.stage: row.projects for row in pipeline(history.engine, question).rows if row.place.row == "total"}


def test_every_project_is_in_one_stage(history: History) -> None:
    history.project("RESERVE")
    history.project("STARTED")
    history.project("BY_PERCENT")
    history.project("BY_MONEY")
    history.project("SUSPENDED")
    history.project("RESUMED")
    history.project("DONE")
    history.project("CANCELLED")
    history.reach(
        e.ProjectStarted, "STARTED", "BY_PERCENT", "BY_MONEY", "SUSPENDED", "RESUMED", "DONE", on=date(2024, 4, 1)
    )
    history.of_project(e.ProjectProgressed, "BY_PERCENT", date(2024, 5, 1), percent=40)
    history.of_project(e.ProjectProgressed, "BY_MONEY", date(2024, 5, 1), invested_fen=5)
    history.reach(e.ProjectSuspended, "SUSPENDED", "RESUMED", on=date(2024, 6, 1))
    history.reach(e.ProjectResumed, "RESUMED", on=date(2024, 6, 2))
    history.reach(e.ProjectCompleted, "DONE", on=date(2024, 7, 1))
    history.reach(e.ProjectCancelled, "CANCELLED", on=date(2024, 7, 1))
    place: dict[str, Any] = {"area": "520201", "project_year": 2024, "project_type": "crop_base"}
    history.record(e.ProjectDeclared(effective_on=date(2024, 1, 1), project="DECLARED", name="申报", **place))

    assert stages(history, Question("520201", 2024, as_of=END)) == {
        "declared": 1,
        "reserve": 1,
        "started": 2,
        "in_progress": 2,
        "suspended": 1,
        "completed": 1,
        "cancelled": 1,
    }
    assert stages(history, Question("520201", 2024, as_of=date(2024, 4, 30))) == {
        "declared": 1,
        "reserve": 2,
        "started": 6,
        "in_progress": 0,
        "completed": 0,
    }


def test_money_is_that_of_the_projects_in_the_stage(history: History) -> None:
    history.issue("T", 1000)
    history.project("A", record={"estimate_fen": 900})
    history.project("B", record={"estimate_fen": 70})
    history.allocate("T", "A", 500)
    history.allocate("T", "B", 60)
    history.spend(e.MoneyPaid, "T", "A", 200)
    history.reach(e.ProjectStarted, "A")

    rows = {row.stage: row for row in pipeline(history.engine, Question("520201", as_of=END)).rows}
    found = [(rows[stage].estimated_fen, rows[stage].allocated_fen, rows[stage].paid_fen) for stage in rows]
    assert dict(zip(rows, found, strict=True)) == {
        "reserve": (70, 60, 0),
        "started": (900, 500, 200),
        "in_progress": (0, 0, 0),
        "completed": (0, 0, 0),
    }


def test_a_reversed_report_of_work_takes_the_project_back_to_started(history: History) -> None:
    history.project("A")
    history.reach(e.ProjectStarted, "A")
    position = history.of_project(e.ProjectProgressed, "A", percent=10)
    assert stages(history, Question("520201", as_of=END))["in_progress"] == 1

    history.reverse(position)
    assert stages(history, Question("520201", as_of=END))["started"] == 1
    assert stages(history, Question("520201", as_of=END, known_at=position))["in_progress"] == 1


def test_one_year_or_all_and_every_breakdown_adds_up(history: History) -> None:
    history.project("A", town="520201100", project_type="village_road")
    history.project("B", area="520203", project_year=2023)

    assert stages(history, Question("520200", as_of=END))["reserve"] == 2
    assert stages(history, Question("520200", 2023, as_of=END))["reserve"] == 1
    for by in ("area", "town", "type"):
        rows = [row for row in pipeline(history.engine, Question("520200", by=by, as_of=END)).rows if row.projects]
        assert [row.projects for row in rows if row.place.row == "part"] == [1, 1]
        assert [row.projects for row in rows if row.place.row == "total"] == [2]


def test_a_project_belongs_to_the_year_that_it_was_planned_for(history: History) -> None:
    place: dict[str, Any] = {"area": "520201", "project": "A", "project_type": "crop_base"}
    history.record(e.ProjectListed(effective_on=date(2023, 9, 1), name="A", project_year=2023, **place))
    assert stages(history, Question("520201", 2023, as_of=END))["reserve"] == 1

    planned = history.record(e.ProjectPlanned(effective_on=date(2024, 1, 5), project_year=2024, **place))
    assert stages(history, Question("520201", 2023, as_of=END))["reserve"] == 0
    assert stages(history, Question("520201", 2023, as_of=date(2023, 12, 31)))["reserve"] == 1
    assert stages(history, Question("520201", 2024, as_of=END))["reserve"] == 1
    assert stages(history, Question("520201", as_of=END))["reserve"] == 1
    history.reverse(planned)
    assert stages(history, Question("520201", 2023, as_of=END))["reserve"] == 1


def test_an_empty_library_has_four_empty_batches(history: History) -> None:
    assert stages(history, Question("520201")) == {"reserve": 0, "started": 0, "in_progress": 0, "completed": 0}


def test_a_county_shows_the_projects_of_its_old_code(history: History) -> None:
    history.project("OLD", on=date(2020, 1, 6), area="520221", project_year=2020)
    history.project("NEW", on=date(2020, 9, 1), area="520204", project_year=2020)

    rows = [row for row in pipeline(history.engine, Question("520200", 2020, as_of=END)).rows if row.projects]
    assert [(row.place.area, row.projects) for row in rows] == [("520204", 2), ("520200", 2)]
    assert stages(history, Question("520204", 2020, as_of=END))["reserve"] == 2


def test_what_does_not_count_as_a_project_does_not_stand_in_the_pipeline(history: History) -> None:
    history.project("P1")
    history.project("FEE", project_type="management_fee")
    before = stages(history, Question("520201", 2024, as_of=END))
    history.adopt()
    after = stages(history, Question("520201", 2024, as_of=END))
    assert (before["reserve"], after["reserve"]) == (2, 1)

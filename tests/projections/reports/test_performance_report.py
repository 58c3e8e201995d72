"""Performance: targets, monitoring, evaluation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from projections.reports.performance import performance
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def test_projects_with_targets_monitored_and_evaluated(history: History) -> None:
    history.project("WORDS", record={"goal": "带动 20 户"})
    history.project("GOALS", record={"goals": (e.Goal(indicator="受益户", target="20", unit="户"),)})
    history.project("NONE")
    history.project("GONE", record={"goal": "x"})
    history.reach(e.ProjectCancelled, "GONE")
    history.of_project(e.PerformanceMonitored, "WORDS", date(2024, 6, 1), on_track=True)
    history.of_project(e.PerformanceMonitored, "WORDS", date(2024, 9, 1), on_track=False)
    history.of_project(e.PerformanceEvaluated, "WORDS", date(2024, 11, 1), score_hundredths=9125, grade="优")
    history.of_project(e.PerformanceEvaluated, "GOALS", date(2024, 11, 1), score_hundredths=8000)
    history.of_project(e.PerformanceEvaluated, "GOALS", date(2024, 12, 1), score_hundredths=8002)

    answer = performance(history.engine, Question("520201", 2024, as_of=END))
    (row,) = answer.rows
    assert (row.projects, row.with_goals, row.goals_percent) == (3, 2, "66.67")
    assert (row.monitored, row.off_track, row.evaluated) == (1, 1, 2)
    assert (row.score_hundredths, row.mean_score) == (17127, "85.64")
    projects: Any = answer.more["projects"]
    assert [(each["project"], each["has_goal"], each["on_track"], each["score_hundredths"]) for each in projects] == [
        ("GOALS", True, None, 8002),
        ("NONE", False, None, None),
        ("WORDS", True, False, 9125),
    ]
    summer = performance(history.engine, Question("520201", 2024, as_of=date(2024, 6, 30))).rows[0]
    assert (summer.off_track, summer.evaluated, summer.mean_score) == (0, 0, None)


def test_an_amended_record_decides_and_a_reversed_one_does_not(history: History) -> None:
    history.project("A")
    amended = history.of_project(e.ProjectAmended, "A", name="甲", goals=(e.Goal(indicator="产量", target="5"),))
    question = Question("520201", as_of=END)
    assert performance(history.engine, question).rows[0].with_goals == 1

    history.reverse(amended)
    assert performance(history.engine, question).rows[0].with_goals == 0


def test_parts_add_up_to_the_total(history: History) -> None:
    history.project("A", record={"goal": "x"}, town="520201100")
    history.project("B", area="520203", project_type="village_road")

    for by in ("area", "town", "type"):
        rows = performance(history.engine, Question("520200", by=by, as_of=END)).rows
        assert sorted((row.projects, row.with_goals) for row in rows) == [(1, 0), (1, 1), (2, 1)]

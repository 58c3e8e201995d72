"""The JSON of the project and year reports is a contract: these keys, each described in its own section of json.md."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.rules.pack import shipped_packs
from projections.reports.arrears import arrears
from projections.reports.discrepancies import discrepancies
from projections.reports.findings import findings
from projections.reports.performance import performance
from projections.reports.pipeline import pipeline
from projections.reports.progress import progress
from projections.reports.quarterly import quarterly
from projections.reports.targets import targets
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.projections.conftest import History

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "json.md"
SHARED = {"report", "as_of", "position", "root", "rule", "area", "year", "by", "mode", "pending", "rows"}
SHARED |= {"row", "area_name", "town", "town_name", "type", "type_name"}
GOALS = """
pack = "goals"
version = "1"
title = "目标任务"
source = "文件"
jurisdiction = "520200"
purpose = "targets"

[[indicator]]
id = "water"
name = "自来水普及率"
unit = "%"
direction = "at_least"
target = "98.3"
by = 2024-12-31
jurisdiction = "520200"
clause = "十"
source = "文件"
"""
TARGET = """
[[target]]
id = "completed-by-june"
set = "gz-silv-default"
rate = "completion"
by = "06-30"
percent = "100"
jurisdiction = "520000"
source = "文件"
"""
MORE = {
    "pipeline": [],
    "progress": ["milestones", "late", "stalled_days", "stalled"],
    "performance": ["projects"],
    "findings": ["findings"],
    "arrears": ["arrears"],
    "targets": [],
    "discrepancies": ["definitions", "verdicts"],
    "quarterly": ["quarter", "due_on", "levels", "stages"],
}
REPORTS = (pipeline, progress, performance, findings, arrears, targets, discrepancies, quarterly)
OF_STAGES = {"declared", "reserve", "started", "in_progress", "suspended", "completed"}
OF_STAGES |= {"removed", "cancelled", "replaced"}


def filled(history: History) -> None:
    """Give every list of every report something to show."""
    history.adopt(shipped_packs()["base"] + TARGET)
    history.record(e.RulePackAdopted(effective_on=date(2024, 1, 1), pack="goals", version="1", text=GOALS))
    history.issue("T", 100)
    history.project("P")
    history.reach(e.ProjectStarted, "P")
    history.of_project(e.PerformanceMonitored, "P", on_track=False)
    history.finding("F")
    printed: dict[str, Any] = {"area": "520201", "kind": "rate", "measure": "kezhou-2021/start", "unit": "percent"}
    printed |= {"value": "97.93", "as_of": date(2024, 3, 4), "year": 2024}
    history.record(e.FigureReported(effective_on=date(2024, 3, 5), **printed))
    owed: dict[str, Any] = {"creditor_kind": "workers", "amount_fen": 5, "debtor": "住建局"}
    history.record(e.ArrearRecorded(effective_on=date(2024, 3, 1), arrear="A", area="520201", **owed))


def keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from keys(below)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__)
def test_every_key_is_described_in_the_section_of_its_report(
    sqlite_history: History, report: Callable[..., Any]
) -> None:
    filled(sqlite_history)

    question = Question("520201", 2024, as_of=date(2024, 12, 31))
    answer = json.loads(json.dumps(report(sqlite_history.engine, question).as_json()))
    name = report.__name__
    assert answer["report"] == name
    assert [key for key in answer if key not in SHARED] == MORE[name]
    assert answer["rows"]
    section = DOCUMENT.read_text(encoding="utf-8").partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]
    own = [answer["rows"], {key: answer[key] for key in MORE[name]}]
    assert [key for key in keys(own) if key not in SHARED | OF_STAGES and f"`{key}`" not in section] == []

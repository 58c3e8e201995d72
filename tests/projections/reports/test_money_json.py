"""The JSON of the reports on money is a contract: these keys, and each of them described in docs/reference/json.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from projections.reports.aging import aging
from projections.reports.execution import execution
from projections.reports.flow import flow
from projections.reports.own_input import own_input
from projections.reports.relocation import relocation
from projections.reports.tilt import tilt
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.projections.conftest import History

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "json.md"
TOP = ["report", "as_of", "position", "root", "rule", "area", "year", "by", "mode", "pending"]
PLACE = ["row", "area", "area_name", "town", "town_name", "type", "type_name"]
TRANCHE = ["year", "tranche", "fund_kind", "level", "direction", "arrived_on"]
ROWS = {
    "flow": [
        *("year", "fund_kind", "level", "direction", "arrived_fen", "distributed_fen", "recovered_fen"),
        *("unallocated_fen", "allocated_fen", "unreleased_fen", "released_fen", "unpaid_fen", "paid_fen"),
    ],
    "aging": [
        *(*TRANCHE, "days", "up_to_days", "unallocated_fen", "unreleased_fen", "unpaid_fen"),
        *("idle_fen", "recoverable"),
    ],
    "own_input": ["level", "year", "current_fen", "previous_fen", "change_fen", "met", "source"],
    "execution": [
        *(*TRANCHE, "days_to_distribution", "days_to_allocation"),
        *("arrived_fen", "handed_on_fen", "handed_on_percent", "due_on", "due_provisional", "due_fen"),
        *("in_time_fen", "in_time_percent", "stayed_fen", "paid_fen", "paid_percent"),
    ],
    "tilt": ["year", "grade", "level", "numerator_fen", "denominator_fen", "percent", "source"],
    "relocation": ["year", "rate", "name", "paid_fen", "money_fen", "money_of", "unused_fen", "percent"],
}
MORE = {
    "flow": [],
    "aging": ["buckets", "idle_rule"],
    "own_input": ["year_over"],
    "execution": ["levels", "deadlines"],
    "tilt": [],
    "relocation": ["definitions"],
}
REPORTS = [flow, aging, own_input, execution, tilt, relocation]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__)
def test_the_keys_are_these_and_all_are_described(sqlite_history: History, report: Callable[..., Any]) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 100)

    name = report.__name__
    answer = json.loads(json.dumps(report(sqlite_history.engine, Question("520201", 2024)).as_json()))
    assert list(answer) == [*TOP, *MORE[name], "rows"]
    assert list(answer["rows"][0]) == [*PLACE, *ROWS[name]]
    assert (answer["report"], answer["area"], answer["year"], answer["position"]) == (name, "520201", 2024, 2)
    (section,) = (text for text in DOCUMENT.read_text(encoding="utf-8").split("\n## ") if text.startswith(f"`{name}`"))
    for key in (*MORE[name], *ROWS[name]):
        assert f"`{key}`" in section, key


@pytest.mark.parametrize("report", [flow, aging, own_input, execution], ids=lambda report: report.__name__)
def test_no_rule_pack_is_needed(sqlite_history: History, report: Callable[..., Any]) -> None:
    sqlite_history.issue("T", 100)

    answer = report(sqlite_history.engine, Question("520201", 2024)).as_json()
    assert answer["rule"] is None
    assert answer["rows"]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__)
def test_an_empty_ledger_has_an_answer(sqlite_history: History, report: Callable[..., Any]) -> None:
    sqlite_history.adopt()

    answer = report(sqlite_history.engine, Question("520200", 2024)).as_json()
    assert all(row["row"] == "total" for row in answer["rows"])

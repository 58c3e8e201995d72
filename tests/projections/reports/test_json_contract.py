"""The JSON of reports is a contract: these keys, and each of them described in docs/reference/json.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from projections.reports.balance import balance
from projections.reports.rates import rates
from projections.reports.rights import rights
from projections.reports.share import share
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.projections.conftest import History

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "json.md"
TOP = ["report", "as_of", "position", "root", "rule", "area", "year", "by", "mode", "pending"]
PLACE = ["row", "area", "area_name", "town", "town_name", "type", "type_name"]
ROWS = {
    "share": [
        *("year", "pair", "default", "numerator_fen", "denominator_fen", "denominator_of", "percent"),
        *("threshold_percent", "threshold_firm", "threshold_source", "met", "short_fen", "unallocated_fen"),
        *("base_year", "base_numerator_fen", "base_denominator_fen", "base_percent", "base_met"),
        *("adjustable_projects", "adjustable_fen"),
    ],
    "rates": [
        *("rate", "name", "unit", "numerator", "denominator", "denominator_of", "percent", "set", "targets"),
    ],
    "rights": [
        *("right", "right_name", "holder_kind", "holder_kind_name", "assets", "assets_touched", "value_fen"),
        *("whole_assets", "whole_value_fen", "percent", "part", "part_name"),
    ],
    "balance": [
        *("year", "tranche", "document", "issuer", "parent", "fund_kind", "level", "direction"),
        *("issued_fen", "received_fen", "distributed_fen", "recovered_fen", "returned_fen"),
        *("allocated_fen", "released_fen", "paid_fen", "reimbursed_fen", "unallocated_fen"),
    ],
}
MORE = {
    "share": ["definitions"],
    "rates": ["set", "sets", "definitions"],
    "rights": ["supervision", "holder", "asset", "holdings"],
    "balance": ["plans"],
}


@pytest.mark.parametrize("report", [share, rates, rights, balance], ids=lambda report: report.__name__)
def test_the_keys_are_these_and_all_are_described(sqlite_history: History, report: Callable[..., Any]) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 100)
    sqlite_history.asset("A", 5)

    name = report.__name__
    answer = json.loads(json.dumps(report(sqlite_history.engine, Question("520201", 2024)).as_json()))
    assert list(answer) == [*TOP, *MORE[name], "rows"]
    assert list(answer["rows"][0]) == [*PLACE, *ROWS[name]]
    assert answer["report"] == name
    assert (answer["area"], answer["year"], answer["by"], answer["position"]) == ("520201", 2024, "area", 3)
    document = DOCUMENT.read_text(encoding="utf-8")
    for key in (*TOP, *MORE[name], *PLACE, *ROWS[name]):
        assert f"`{key}`" in document or f"`{key.removesuffix('_fen')}`" in document, key


def test_the_root_is_that_of_the_checkpoint(sqlite_history: History) -> None:
    position = sqlite_history.adopt()

    answer = share(sqlite_history.engine, Question("520201", 2024)).as_json()
    assert answer["position"] == position
    with sqlite_history.engine.connect() as connection:
        checkpoint = connection.exec_driver_sql("SELECT checkpoint FROM batch").scalar_one()
    assert answer["root"] == checkpoint.splitlines()[2]

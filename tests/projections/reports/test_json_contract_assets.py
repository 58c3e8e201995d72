"""The JSON of the reports on assets in use is a contract: these keys, each described in its own section of json.md."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from projections.reports.asset_rates import asset_rates
from projections.reports.contracts_due import contracts_due
from projections.reports.idle import idle
from projections.reports.income import income
from projections.reports.upkeep_due import upkeep_due
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.projections.conftest import History

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "json.md"
DAY, END = date(2024, 1, 1), date(2024, 12, 31)
SHARED = {"report", "as_of", "position", "root", "rule", "area", "year", "by", "mode", "pending", "rows"}
SHARED |= {"row", "area_name", "town", "town_name", "type", "type_name"}
MORE = {
    "asset_rates": ["set", "sets", "definitions"],
    "income": ["collection"],
    "contracts_due": ["days", "grace", "dues", "expiring"],
    "upkeep_due": ["record_rule", "assets"],
    "idle": ["idle_rule", "assets"],
}
REPORTS = (asset_rates, income, contracts_due, upkeep_due, idle)
COSTS = {"om"}  # codes of a county's own
OF_RATES = {"id", "source", "rounding", "digits"}  # described under `rates`


def filled(history: History) -> None:
    """Give every list of every report something to show."""
    history.adopt()
    history.asset("ROAD", 100, on=DAY, asset_class="public")
    history.asset("SHED", 100, on=DAY)
    history.of_asset(e.ConditionAssessed, "SHED", DAY, condition="idle")
    here: dict[str, Any] = {"effective_on": DAY, "area": "520201"}
    owed = (e.Due(on=date(2024, 6, 30), amount_fen=10),)
    terms: dict[str, Any] = {"mode": "lease", "operator": "C1", "operator_kind": "company", "return_kind": "fixed"}
    term: dict[str, Any] = {"from_on": DAY, "to_on": END, "assets": ("SHED",), "dues": owed}
    floor = e.RuleLine(payee="posts", name="公益岗位", numerator=4, denominator=5, floor=True)
    line = e.DistributionLine(payee="posts", amount_fen=8)
    plan: dict[str, Any] = {"plan": "P", "period": "2024", "rule_version": "v1", "base_fen": 10, "lines": (line,)}
    history.record(
        e.ContractSigned(**here, contract="K", **terms, **term),
        e.SchemeOpened(**here, scheme="S", name="电站", assets=("SHED",)),
        e.IncomeRuleSet(**here, scheme="S", version="v1", base="gross", lines=(floor,)),
        e.IncomePosted(**here, scheme="S", period="2024", amount_fen=10),
        e.CostPosted(**here, scheme="S", period="2024", cost="om", amount_fen=1),
        e.DistributionPlanned(**here, scheme="S", **plan),
    )


def keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from keys(below)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each)


def answered(history: History, report: Callable[..., Any], area: str = "520201") -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(json.dumps(report(history.engine, Question(area, as_of=END)).as_json()))
    return answer


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__)
def test_every_key_is_described_in_the_section_of_its_report(
    sqlite_history: History, report: Callable[..., Any]
) -> None:
    filled(sqlite_history)

    name = report.__name__
    answer = answered(sqlite_history, report)
    assert answer["report"] == name
    assert [key for key in answer if key not in SHARED] == MORE[name]
    assert answer["rows"]
    assert all(answer[key] for key in MORE[name])
    section = DOCUMENT.read_text(encoding="utf-8").partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]
    known = SHARED | COSTS | (OF_RATES if name == "asset_rates" else set())
    own = [answer["rows"], {key: answer[key] for key in MORE[name]}]
    assert [key for key in keys(own) if key not in known and f"`{key}`" not in section] == []


@pytest.mark.parametrize("report", [income, contracts_due, upkeep_due, idle], ids=lambda report: report.__name__)
def test_an_empty_ledger_has_an_answer_without_rules(sqlite_history: History, report: Callable[..., Any]) -> None:
    answer = answered(sqlite_history, report, "520200")
    assert answer["rule"] is None
    assert [row["row"] for row in answer["rows"]] == ["total"]
    assert not any(answer[key] for key in MORE[report.__name__] if key not in {"days", "collection"})


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__)
def test_both_databases_give_the_same_json(both_histories: tuple[History, History], report: Callable[..., Any]) -> None:
    answers = []
    for history in both_histories:
        filled(history)
        answers.append({key: value for key, value in answered(history, report).items() if key != "root"})
    assert answers[0] == answers[1]

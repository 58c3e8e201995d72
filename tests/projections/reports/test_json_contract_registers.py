"""The JSON of the register, the card, the rights and the formation of assets: every key stands in json.md."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from projections.reports.assets import assets
from projections.reports.card import card
from projections.reports.formation import formation
from projections.reports.rights import rights
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.projections.conftest import History

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "json.md"
DAY, END = date(2024, 3, 4), date(2024, 12, 31)
SHARED = {"report", "as_of", "position", "root", "rule", "area", "year", "by", "mode", "pending", "rows"}
SHARED |= {"row", "area_name", "town", "town_name", "type", "type_name"}
RIGHTS = {"ownership", "operation", "income", "supervision", "disposal"}
MORE = {
    "rights": ["supervision", "holder", "asset", "holdings"],
    "assets": ["totals"],
    "card": [
        *("identity", "sources", "values", "rights", "settings", "contracts", "batches", "income", "votes", "notices"),
    ],
    "formation": ["registration_rule", "undecided"],
}
REPORTS: dict[str, Callable[[History], Any]] = {
    "rights": lambda history: rights(history.engine, Question("520201", as_of=END), asset="A"),
    "assets": lambda history: assets(history.engine, Question("520201", as_of=END)),
    "card": lambda history: card(history.engine, Question("520201", as_of=END), "A"),
    "formation": lambda history: formation(history.engine, Question("520201", as_of=END)),
}


def filled(history: History) -> None:
    """Give every list of every report something to show."""
    history.adopt()
    history.project("P")
    history.project("Q")
    history.reach(e.ProjectAccepted, "P", "Q")
    source = {"fund_kind": "transition", "level": "central", "amount_fen": 100}
    history.asset("A", 100, about={"sources": [source]})
    history.hold("A", "ownership", ("state_unit", 1, 1))
    history.of_asset(e.BatchClassified, "A", year=2024, batch="revive")
    counts: dict[str, Any] = {"members": 3, "present": 3, "in_favour": 3, "notice_days": 10}
    history.of_asset(e.DisposalVoted, "A", disposal="CZ1", body="members", **counts)
    here: dict[str, Any] = {"effective_on": DAY, "area": "520201"}
    terms: dict[str, Any] = {"mode": "lease", "operator": "C1", "operator_kind": "company", "return_kind": "fixed"}
    shown = e.Subject(kind="asset", code="A", area="520201", year=2024, type="operating")
    published: dict[str, Any] = {
        "area": "520201",
        "template": "assets",
        "title": "资产公示",
        "channel": "village_board",
        "from_on": DAY,
    }
    history.record(
        e.ContractSigned(**here, contract="K", **terms, from_on=DAY, to_on=END, assets=("A",)),
        e.SchemeOpened(**here, scheme="S", name="电站", assets=("A",)),
        e.IncomePosted(**here, scheme="S", period="2024", amount_fen=10),
        e.NoticePublished(
            effective_on=DAY, notice="N1", subjects=(shown,), position=1, content_hash="0" * 64, **published
        ),
    )


def keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from keys(below)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each)


@pytest.mark.parametrize("name", REPORTS)
def test_every_key_is_described_in_the_section_of_its_report(sqlite_history: History, name: str) -> None:
    filled(sqlite_history)

    answer = json.loads(json.dumps(REPORTS[name](sqlite_history).as_json()))
    assert answer["report"] == name
    assert [key for key in answer if key not in SHARED] == MORE[name]
    assert answer["rows"]
    assert all(answer[key] for key in MORE[name] if key not in {"holder", "registration_rule"})
    document = DOCUMENT.read_text(encoding="utf-8")
    section = document.partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]
    if name == "card":  # the card says of its identity and its rights what the register and the rights say
        section += document.partition("\n## `rights`\n")[2].partition("\n## `card`")[0]
    own = [answer["rows"], {key: answer[key] for key in MORE[name]}]
    assert [key for key in keys(own) if key not in SHARED | RIGHTS and f"`{key}`" not in section] == []


@pytest.mark.parametrize("name", REPORTS)
def test_both_databases_give_the_same_json(both_histories: tuple[History, History], name: str) -> None:
    answers = []
    for history in both_histories:
        filled(history)
        answer = json.loads(json.dumps(REPORTS[name](history).as_json()))
        answers.append({key: value for key, value in answer.items() if key != "root"})
    assert answers[0] == answers[1]

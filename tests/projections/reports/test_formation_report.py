"""From money to assets: formed, formed none and why, or not decided yet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from ledger.rules.pack import shipped_packs
from projections.reports.formation import FormationRow, formation
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)
ACCEPTED = date(2024, 6, 1)
RULE = """
[[parameter]]
name = "registration_days"
value = 60
unit = "日"
jurisdiction = "520201"
source = "assumed(test)"
"""


def accepted(history: History, *projects: str, fen: int = 100) -> None:
    history.issue("T", 10_000)
    for project in projects:
        history.project(project)
        history.allocate("T", project, fen)
        history.spend(e.MoneyPaid, "T", project, fen - 10)
        history.reach(e.ProjectAccepted, project, on=ACCEPTED)


def totals(history: History, **question: object) -> dict[str | None, FormationRow]:
    asked: dict[str, Any] = {"area": "520201", "as_of": END, **question}
    rows = formation(history.engine, Question(**asked)).rows
    return {row.outcome: row for row in rows if row.place.row == "total"}


def test_every_accepted_project_has_one_outcome_and_they_add_up(history: History) -> None:
    history.adopt()
    accepted(history, "P1", "P2", "P3")
    history.project("P4")
    history.asset("A1", 60, project="P1")
    history.asset("A2", 20, project="P1")
    history.of_project(e.ProjectFormedNone, "P2", why="consumed")

    found = totals(history)
    assert {outcome: (row.projects, row.paid_fen, row.assets, row.formed_fen) for outcome, row in found.items()} == {
        None: (3, 270, 2, 80),
        "formed": (1, 90, 2, 80),
        "consumed": (1, 90, 0, 0),
        "undecided": (1, 90, 0, 0),
    }
    assert found["formed"].percent == "88.89"
    assert found["undecided"].overdue is None


def test_what_a_project_formed_follows_final_accounts_and_additions_but_no_split(history: History) -> None:
    history.adopt()
    accepted(history, "P1", "P2")
    history.asset("A1", 100, project="P1")
    history.of_asset(e.ValueFinalised, "A1", change_fen=-5, value_fen=95)
    history.of_asset(e.ValueAdded, "A1", change_fen=30, added_by="P2", value_fen=125)
    history.of_asset(e.AssetSplit, "A1", part="A2", change_fen=25, change_id="X1", value_fen=100)
    born: dict[str, Any] = {"project": "P1", "project_year": 2024, "asset_class": "operating", "asset_form": "fixed"}
    named = {"asset": "A2", "name": "A2", "area": "520201", "parent": "A1", "change_id": "X1", "value_fen": 25}
    history.record(e.AssetSplitOff(effective_on=END, **{**born, **named}))

    found = totals(history)["formed"]
    assert (found.projects, found.assets, found.formed_fen) == (2, 1, 125)


def test_types_that_form_no_asset_count_only_when_they_formed_one(history: History) -> None:
    history.adopt()
    accepted(history, "P1")
    history.project("T1", project_type="training")
    history.project("T2", project_type="training")
    history.reach(e.ProjectAccepted, "T1", "T2", on=ACCEPTED)
    history.asset("A1", 7, project="T1")

    assert totals(history)[None].projects == 2


def test_what_nobody_decided_is_late_after_the_days_of_the_rule(history: History) -> None:
    history.adopt(shipped_packs()["base"] + RULE)
    accepted(history, "P1", "P2")
    history.asset("A1", 7, project="P1")

    answer: Any = formation(history.engine, Question("520201", as_of=date(2024, 7, 31)))
    assert answer.more["registration_rule"] == {"id": "RF01", "days": 60, "source": "assumed(test)"}
    assert [(each["project"], each["days"], each["overdue"]) for each in answer.more["undecided"]] == [
        ("P2", 60, False)
    ]
    assert totals(history, as_of=date(2024, 7, 31))["undecided"].overdue == 0
    assert totals(history, as_of=date(2024, 8, 1))["undecided"].overdue == 1


def test_an_asset_taken_back_leaves_its_project_undecided(history: History) -> None:
    history.adopt()
    accepted(history, "P1")
    wrong = history.asset("A1", 7, project="P1")
    history.reverse(wrong)

    assert totals(history)["undecided"].projects == 1
    assert totals(history, known_at=wrong)["undecided"].projects == 0


def test_parts_add_up_to_the_total(history: History) -> None:
    history.adopt()
    accepted(history, "P1")
    history.project("P2", area="520204", town="520204100")
    history.reach(e.ProjectAccepted, "P2", on=ACCEPTED)

    rows = formation(history.engine, Question("520200", as_of=END)).rows
    every = [(row.place.area, row.projects) for row in rows if row.outcome is None]
    assert every == [("520201", 1), ("520204", 1), ("520200", 2)]

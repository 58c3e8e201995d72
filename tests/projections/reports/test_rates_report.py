"""Rates by the definitions of a rule pack."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.errors import NotFoundError
from ledger.rules.pack import shipped_packs
from projections.reports.rates import RateRow, rates
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def totals(history: History, rate_set: str | None = None, **question: object) -> dict[str, RateRow]:
    asked: dict[str, Any] = {"area": "520201", "year": 2024, "as_of": END, **question}
    answer = rates(history.engine, Question(**asked), rate_set)
    return {row.rate: row for row in answer.rows if row.place.row == "total"}


def integers(row: RateRow) -> tuple[int, int, str | None]:
    return row.numerator, row.denominator, row.percent


def test_the_default_set_counts_projects_and_money(history: History) -> None:
    history.adopt()
    history.issue("T", 1000)
    for name in ("A", "B", "C"):
        history.project(name)
    history.allocate("T", "A", 800)
    history.reach(e.ProjectStarted, "A", "B")
    history.reach(e.ProjectCompleted, "A")
    history.spend(e.MoneyPaid, "T", "A", 250)
    history.spend(e.MoneyReimbursed, "T", "A", 200)

    found = totals(history)
    assert list(found) == ["start", "completion", "spending", "reimbursement"]
    assert integers(found["start"]) == (2, 3, "66.67")
    assert integers(found["completion"]) == (1, 3, "33.33")
    assert integers(found["spending"]) == (250, 1000, "25.00")
    assert integers(found["reimbursement"]) == (200, 800, "25.00")
    assert [row.unit for row in found.values()] == ["projects", "projects", "fen", "fen"]


def test_kezhou_counts_the_accepted_among_the_completed(history: History) -> None:
    history.adopt()
    history.issue("T", 1235)
    history.project("ALL", planned_fen=1339)
    history.record(*(progress(history, "ALL", 583),))
    for number in range(1, 10):
        history.project(f"P{number}")
    started = [f"P{number}" for number in range(1, 9)]
    history.reach(e.ProjectStarted, *started)
    history.reach(e.ProjectCompleted, *started[:6])
    history.reach(e.ProjectAccepted, *started[:5])
    history.allocate("T", "P1", 1200)
    history.spend(e.MoneyReleased, "T", "P1", 531)
    history.spend(e.MoneyPaid, "T", "P1", 522)

    found = totals(history, "kezhou-2021")
    assert integers(found["start"]) == (8, 10, "80.00")
    assert integers(found["acceptance"]) == (5, 6, "83.33")
    assert integers(found["investment"]) == (583, 1339, "43.54")
    assert integers(found["payment"]) == (522, 1235, "42.27")
    assert integers(found["release"])[:2] == (531, 1235)


def progress(history: History, project: str, fen: int) -> e.ProjectProgressed:
    place = history._dimensions[f"project:{project}"]
    return e.ProjectProgressed(effective_on=date(2024, 4, 30), invested_fen=fen, **place)


def test_the_lifecycle_set_follows_money_to_assets(history: History) -> None:
    history.adopt()
    history.issue("T", 1000)
    history.project("A")
    history.project("B")
    history.allocate("T", "A", 10)
    history.allocate("T", "B", 10)
    subject = e.Subject(kind="project", code="A", area="520201", year=2024, type="crop_base")
    history.record(
        e.NoticePublished(
            effective_on=date(2024, 4, 1),
            notice="N",
            template="plan",
            title="计划",
            area="520201",
            subjects=(subject,),
            channel="website",
            from_on=date(2024, 4, 1),
            position=1,
        )
    )
    owner = (e.Holding(holder="V", kind="village_collective", numerator=1, denominator=1),)
    for name in ("X", "Y", "Z"):
        history.asset(name, 100)
    history.of_asset(e.AssetConfirmed, "X", owners=owner, confirmation_id="1")
    history.of_asset(e.AssetConfirmed, "Y", owners=owner, confirmation_id="2")
    history.of_asset(e.AssetHandedOver, "X", giver="甲", receiver="乙", supervisor="丙")

    found = totals(history, "lifecycle")
    assert integers(found["publication"]) == (1, 2, "50.00")
    assert integers(found["confirmation"]) == (2, 3, "66.67")
    assert integers(found["handover"]) == (1, 2, "50.00")
    assert found["handover"].unit == "assets"


def test_a_cancelled_project_leaves_the_denominator_from_that_day_on(history: History) -> None:
    history.adopt()
    history.project("A")
    history.project("B")
    history.reach(e.ProjectStarted, "A", "B")
    history.reach(e.ProjectCancelled, "B", on=date(2024, 7, 1))

    assert integers(totals(history, as_of=date(2024, 6, 30))["start"]) == (2, 2, "100.00")
    assert integers(totals(history)["start"]) == (1, 1, "100.00")


def test_a_management_fee_is_not_a_project(history: History) -> None:
    history.adopt()
    history.project("A")
    history.project("FEE", project_type="management_fee")
    history.reach(e.ProjectStarted, "A")

    assert integers(totals(history)["start"]) == (1, 1, "100.00")


def test_a_start_without_a_plan_counts_on_neither_side(history: History) -> None:
    history.adopt()
    history.project("A")
    planned = history.project("B")
    history.reach(e.ProjectStarted, "A", "B")
    history.reverse(planned)

    assert integers(totals(history)["start"]) == (1, 1, "100.00")


def test_a_rate_above_100_percent_is_shown_as_it_is(history: History) -> None:
    history.adopt()
    history.issue("T", 100)
    history.project("A", planned_fen=100)
    history.record(progress(history, "A", 122))

    assert totals(history, "kezhou-2021")["investment"].percent == "122.00"


def test_nothing_planned_gives_null_not_zero(history: History) -> None:
    history.adopt()

    assert {row.percent for row in totals(history).values()} == {None}


def test_the_rounding_is_that_of_the_rule(history: History) -> None:
    text = shipped_packs()["base"]
    history.adopt(text.replace('denominator = "arrived"', 'denominator = "arrived"\nrounding = "truncate"'))
    history.issue("T", 3)
    history.project("A")
    history.spend(e.MoneyPaid, "T", "A", 2)

    assert totals(history)["spending"].percent == "66.66"


def test_counties_towns_and_types_add_up_to_the_total(history: History) -> None:
    history.adopt()
    history.issue("T", 100)
    history.project("A", town="520201001")
    history.project("B", town="520201002", project_type="village_road")
    history.project("C", area="520204", town="520204001")
    history.reach(e.ProjectStarted, "A", "C")
    history.allocate("T", "A", 50)
    history.spend(e.MoneyPaid, "T", "A", 20)
    history.asset("X", 5)

    for by, area in (("area", "520200"), ("town", "520200"), ("type", "520200")):
        answer = rates(history.engine, Question(area, 2024, by, END))  # type: ignore[arg-type]
        parts = [row for row in answer.rows if row.rate == "start" and row.place.row == "part"]
        whole = next(row for row in answer.rows if row.rate == "start" and row.place.row == "total")
        assert sum(row.numerator for row in parts) == whole.numerator == 2
        assert sum(row.denominator for row in parts) == whole.denominator == 3

    by_type = rates(history.engine, Question("520200", 2024, "type", END), "lifecycle").rows
    assert {row.rate for row in by_type if row.place.type == "operating"} == {"confirmation", "handover"}
    assert {row.place.type_name for row in by_type if row.place.type == "village_road"} == {"农村道路"}
    spending = [
        row for row in rates(history.engine, Question("520201", 2024, "town", END)).rows if row.rate == "spending"
    ]
    assert [(row.place.town, row.numerator, row.denominator, row.denominator_of) for row in spending] == [
        ("", 0, 100, "total"),
        ("520201001", 20, 100, "total"),
        ("520201002", 0, 100, "total"),
        (None, 20, 100, "row"),
    ]


TARGETS = """
[[target]]
id = "half"
set = "gz-silv-default"
rate = "start"
by = "04-01"
percent = "50"
jurisdiction = "520200"
source = "某文件"

[[target]]
id = "whole"
set = "gz-silv-default"
rate = "start"
by = "09-30"
percent = "100"
jurisdiction = "520200"
source = "某文件"
"""


def started_late(history: History) -> None:
    history.adopt(shipped_packs()["base"] + TARGETS)
    for name in ("A", "B"):
        history.project(name)
    history.reach(e.ProjectStarted, "A", on=date(2024, 4, 1))
    history.reach(e.ProjectStarted, "B", on=date(2024, 10, 1))


def test_a_target_is_judged_by_what_had_happened_on_its_day(history: History) -> None:
    started_late(history)

    row = totals(history)["start"]
    assert integers(row) == (2, 2, "100.00")
    assert [
        (each.id, each.by, each.target_percent, each.state, each.numerator, each.denominator, each.percent)
        for each in row.targets
    ] == [
        ("half", "2024-04-01", "50", "met", 1, 2, "50.00"),
        ("whole", "2024-09-30", "100", "missed", 1, 2, "50.00"),
    ]
    assert totals(history)["completion"].targets == ()


def test_a_target_whose_day_is_to_come_is_not_due(sqlite_history: History) -> None:
    started_late(sqlite_history)

    states = [each.state for each in totals(sqlite_history, as_of=date(2024, 9, 29))["start"].targets]
    assert states == ["met", "not_due"]
    assert [each.state for each in totals(sqlite_history, as_of=date(2024, 9, 30))["start"].targets] == [
        "met",
        "missed",
    ]


def test_a_target_of_no_projects_is_neither_met_nor_missed(sqlite_history: History) -> None:
    sqlite_history.adopt(shipped_packs()["base"] + TARGETS)

    assert [each.state for each in totals(sqlite_history)["start"].targets] == [None, None]


def test_towns_have_no_targets_and_counties_their_own(sqlite_history: History) -> None:
    started_late(sqlite_history)
    sqlite_history.project("C", area="520204", town="520204001")

    by_area = rates(sqlite_history.engine, Question("520200", 2024, as_of=END)).rows
    missed = [(row.place.area, row.targets[0].state) for row in by_area if row.rate == "start"]
    assert missed == [("520201", "met"), ("520204", "missed"), ("520200", "missed")]
    by_town = rates(sqlite_history.engine, Question("520200", 2024, "town", END)).rows
    assert [len(row.targets) for row in by_town if row.rate == "start"] == [0, 0, 2]


def test_all_sets_are_shown_together_and_equal_each_alone(history: History) -> None:
    history.adopt()
    history.issue("T", 100)
    history.project("A")
    history.project("B")
    history.reach(e.ProjectStarted, "A")
    history.asset("X", 5)

    answer = rates(history.engine, Question("520201", 2024, as_of=END), "all")
    together = {(row.set, row.rate): integers(row) for row in answer.rows}
    sets: Any = answer.more["sets"]
    alone = {(each["id"], rate): integers(row) for each in sets for rate, row in totals(history, each["id"]).items()}
    assert together == alone
    assert {"gz-silv-default", "kezhou-2021", "lifecycle"} <= {each["id"] for each in sets}
    assert answer.more["set"] is None


def test_a_rate_has_the_digits_of_its_rule(sqlite_history: History) -> None:
    text = shipped_packs()["base"]
    sqlite_history.adopt(text.replace('denominator = "arrived"', 'denominator = "arrived"\ndigits = 0'))
    sqlite_history.issue("T", 3)
    sqlite_history.project("A")
    sqlite_history.spend(e.MoneyPaid, "T", "A", 2)

    assert totals(sqlite_history)["spending"].percent == "67"


def test_a_count_may_ask_for_some_types_only(sqlite_history: History) -> None:
    text = shipped_packs()["base"]
    asked = 'id = "projects_planned"', 'id = "projects_planned"\ntypes = ["crop_base"]'
    sqlite_history.adopt(text.replace(*asked))
    sqlite_history.project("A")
    sqlite_history.project("B", project_type="village_road")
    sqlite_history.reach(e.ProjectStarted, "A", "B")

    assert integers(totals(sqlite_history)["start"]) == (1, 1, "100.00")


def test_a_count_may_ask_for_projects_with_certain_money_only(history: History) -> None:
    text = shipped_packs()["base"]
    asked = 'levels = ["central"]\nfund_kinds = ["transition"]\ndirections = ["consolidation"]'
    history.adopt(text.replace('id = "projects_planned"', f'id = "projects_planned"\n{asked}'))
    history.issue("CENTRAL", 100)
    history.issue("OTHER", 100, level="county")
    for code, tranche in (("A", "CENTRAL"), ("B", "OTHER"), ("TAKEN", "CENTRAL")):
        history.project(code)
        history.allocate(tranche, code, 10)
    history.project("WITHOUT")
    history.withdraw("CENTRAL", "TAKEN", 10)
    history.reach(e.ProjectStarted, "A", "B")

    assert integers(totals(history)["start"]) == (1, 1, "100.00")


def test_an_unknown_set_is_refused_with_the_known_ones(sqlite_history: History) -> None:
    sqlite_history.adopt()

    with pytest.raises(NotFoundError) as caught:
        totals(sqlite_history, "nowhere")
    assert "kezhou-2021" in caught.value.hint


def test_both_databases_give_the_same_json(both_histories: tuple[History, History]) -> None:
    answers = []
    for history in both_histories:
        history.adopt()
        history.issue("T", 7)
        history.project("A")
        history.project("B")
        history.reach(e.ProjectStarted, "B")
        answer = rates(history.engine, Question("520200", 2024, as_of=END)).as_json()
        answers.append({key: value for key, value in answer.items() if key != "root"})
    assert answers[0] == answers[1]

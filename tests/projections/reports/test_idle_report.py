"""Unused assets: since when, what is done about them, and what is overdue (RF18)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from projections.reports.idle import idle
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

BORN, END = date(2023, 1, 1), date(2024, 6, 30)


def assess(history: History, asset: str, condition: str, on: date) -> int:
    return history.of_asset(e.ConditionAssessed, asset, on, condition=condition)


def open_plan(history: History, asset: str, on: date, deadline: date) -> int:
    words: dict[str, Any] = {"revival": "R1", "measure": "引进经营者", "unit": "镇政府"}
    return history.of_asset(e.RevivalOpened, asset, on, **words, deadline=deadline)


def listed(history: History, as_of: date = END) -> dict[str, tuple[str, int, str, bool]]:
    found: Any = idle(history.engine, Question("520201", as_of=as_of)).more["assets"]
    names = ("condition", "days", "revival_state", "overdue")
    return {each["asset"]: tuple(each[name] for name in names) for each in found}


def test_days_run_from_the_last_use_or_from_registration(history: History) -> None:
    for asset in ("A", "B", "C"):
        history.asset(asset, 10, on=BORN)
    assess(history, "A", "stopped", date(2024, 1, 1))
    assess(history, "B", "ordinary", date(2024, 3, 1))
    assess(history, "B", "stopped", date(2024, 4, 1))
    assess(history, "B", "low_efficiency", date(2024, 5, 1))
    assess(history, "C", "good", date(2024, 5, 1))

    assert listed(history) == {"A": ("stopped", 546, "none", False), "B": ("low_efficiency", 121, "none", False)}


def test_idle_for_the_months_of_the_rule_without_a_plan_is_overdue(history: History) -> None:
    history.asset("A", 10, on=BORN)
    assess(history, "A", "idle", date(2023, 12, 1))
    assert not listed(history)["A"][3]

    history.adopt()
    assert not listed(history, date(2023, 12, 31))["A"][3]
    assert listed(history, date(2024, 1, 1))["A"][3]


def test_a_plan_is_overdue_after_its_deadline_until_it_is_struck_off(history: History) -> None:
    history.adopt()
    history.asset("A", 10, on=BORN)
    assess(history, "A", "idle", date(2024, 1, 1))
    opened = open_plan(history, "A", date(2024, 2, 1), date(2024, 5, 31))
    assert listed(history, date(2024, 5, 31))["A"][2:] == ("open", False)
    assert listed(history)["A"][2:] == ("open", True)

    history.of_asset(e.RevivalSubmitted, "A", date(2024, 6, 1), revival="R1", result="已出租", by="甲")
    assert listed(history)["A"][2:] == ("submitted", True)
    history.of_asset(e.RevivalClosed, "A", date(2024, 6, 2), revival="R1", by="乙")
    assert listed(history)["A"][2:] == ("closed", True), "struck off and still idle without a plan"
    assess(history, "A", "good", date(2024, 6, 3))
    assert listed(history) == {}
    assert opened


def test_conditions_add_up_to_the_whole_of_a_place(history: History) -> None:
    history.adopt()
    for number, (asset, condition) in enumerate((("A", "idle"), ("B", "stopped"), ("C", "idle"))):
        history.asset(asset, 10**number, on=BORN, area="520203" if asset == "C" else "520201")
        assess(history, asset, condition, date(2024, 1, 1))
    open_plan(history, "B", date(2024, 2, 1), date(2024, 12, 31))

    rows = idle(history.engine, Question("520200", as_of=END)).rows
    shown = [(row.place.area, row.condition, row.assets, row.value_fen, row.planned, row.overdue) for row in rows]
    assert shown == [
        ("520201", "idle", 1, 1, 0, 1),
        ("520201", "stopped", 1, 10, 1, 0),
        ("520201", None, 2, 11, 1, 1),
        ("520203", "idle", 1, 100, 0, 1),
        ("520203", None, 1, 100, 0, 1),
        ("520200", "idle", 2, 101, 0, 2),
        ("520200", "stopped", 1, 10, 1, 0),
        ("520200", None, 3, 111, 1, 2),
    ]


def test_a_reversed_assessment_gives_way_to_the_one_before(history: History) -> None:
    history.asset("A", 10, on=BORN)
    assess(history, "A", "good", date(2024, 1, 1))
    wrong = assess(history, "A", "stopped", date(2024, 2, 1))
    assert list(listed(history)) == ["A"]

    history.reverse(wrong)
    assert listed(history) == {}

"""A plan that meets the threshold: only money and projects that could really meet, no more than needed, tried out."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.domain.allocation import AllocateMoney
from ledger.errors import RuleRefusedError
from projections.reports.plan import plan
from projections.reports.share import share
from projections.reports.what_if import what_if
from projections.scope import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.scope import Answer
    from tests.projections.conftest import History

DAY = date(2022, 3, 1)
ASKED = Question("520200", 2022, as_of=date(2022, 12, 31))


def issue(history: History, tranche: str, fen: int, **dimensions: object) -> None:
    history.issue(tranche, fen, on=DAY, plan_year=2022, **dimensions)  # type: ignore[arg-type]


def project(history: History, name: str, room: int, **dimensions: object) -> None:
    record = {"goal": "建成一处基地", "estimate_fen": room}
    history.project(name, on=DAY, record=record, **{"project_year": 2022, **dimensions})  # type: ignore[arg-type]


def proposed(answer: Answer[Any]) -> dict[str, Any]:
    found: Any = answer.more["plan"]
    return dict(found)


def moves(answer: Answer[Any]) -> list[tuple[str, str, int]]:
    return [(each["tranche"], each["project"], each["amount_fen"]) for each in proposed(answer)["moves"]]


def total_after(answer: Answer[Any]) -> dict[str, Any]:
    tried: Any = answer.more["what_if"]
    return next(dict(row) for row in tried["rows"] if row["default"] and row["row"] == "total")


def test_the_largest_rooms_first_and_not_a_fen_too_much(history: History) -> None:
    history.adopt()
    issue(history, "T", 1_001)
    for name, room in (("SMALL", 100), ("LARGE", 400), ("MIDDLE", 300)):
        project(history, name, room)
    project(history, "ROAD", 900, project_type="village_road")

    answer = plan(history.engine, ASKED)

    assert moves(answer) == [("T", "LARGE", 400), ("T", "MIDDLE", 151)]
    found = proposed(answer)
    assert (found["need_fen"], found["moved_fen"], found["meets"], found["smallest"]) == (551, 551, True, True)
    after = total_after(answer)
    assert (after["numerator_after_fen"], after["denominator_after_fen"]) == (551, 1_001)
    assert (after["met"], after["met_after"], after["short_after_fen"]) == (False, True, 0)


def test_money_stays_in_its_county_and_its_task(history: History) -> None:
    history.adopt()
    issue(history, "A", 100, area="520201")
    issue(history, "RELIEF", 100, area="520204", direction="work_relief")
    issue(history, "PROVINCE", 500, area="520204", level="provincial")
    issue(history, "CITY", 100, area="520200")
    project(history, "PA", 500, area="520201")
    project(history, "PB", 500, area="520204", project_type="relocation_service", industry=True)

    answer = plan(history.engine, ASKED)

    found = proposed(answer)
    assert moves(answer) == [("A", "PA", 100)]
    assert (found["need_fen"], found["moved_fen"], found["meets"], found["lacking"]) == (165, 100, False, "fit")
    assert (found["unallocated_fen"], found["room_fen"]) == (300, 1_000)
    assert [(each["project"], each["code"]) for each in found["refused"]] == [("PB", "allocation.wrong_direction")]


@pytest.mark.parametrize(("allocated", "room", "lacking", "moved"), [(900, 500, "money", 100), (0, 20, "projects", 20)])
def test_what_cannot_be_met_says_what_is_lacking(
    sqlite_history: History, allocated: int, room: int, lacking: str, moved: int
) -> None:
    sqlite_history.adopt()
    issue(sqlite_history, "T", 1_000)
    project(sqlite_history, "ROAD", 0, project_type="village_road")
    if allocated:
        sqlite_history.allocate("T", "ROAD", allocated, on=DAY)
    project(sqlite_history, "FARM", room)

    found = proposed(plan(sqlite_history.engine, ASKED))
    assert (found["meets"], found["lacking"], found["moved_fen"]) == (False, lacking, moved)


def test_a_project_that_the_ledger_would_refuse_is_named_with_the_reason(sqlite_history: History) -> None:
    sqlite_history.adopt()
    issue(sqlite_history, "T", 100)
    sqlite_history.project("AIMLESS", on=DAY, project_year=2022, planned_fen=500)
    project(sqlite_history, "FARM", 90)

    answer = plan(sqlite_history.engine, ASKED)
    assert moves(answer) == [("T", "FARM", 55)]
    assert [each["code"] for each in proposed(answer)["refused"]] == ["allocation.no_goal"]


def test_a_share_that_is_met_needs_nothing(sqlite_history: History) -> None:
    sqlite_history.adopt()
    issue(sqlite_history, "T", 100)
    project(sqlite_history, "FARM", 90)
    sqlite_history.allocate("T", "FARM", 55, on=DAY)

    found = proposed(plan(sqlite_history.engine, ASKED))
    assert (found["need_fen"], found["moves"], found["meets"], found["lacking"]) == (0, [], True, None)


@pytest.mark.parametrize("year", [2019, 2022])
def test_without_a_threshold_or_money_there_is_nothing_to_plan(sqlite_history: History, year: int) -> None:
    sqlite_history.adopt()

    with pytest.raises(RuleRefusedError) as caught:
        plan(sqlite_history.engine, Question("520200", year, as_of=date(2022, 12, 31)))
    assert caught.value.code == "plan.no_threshold"


AREAS = ("520201", "520204")
COUNTY = st.tuples(
    st.lists(st.integers(1, 60), min_size=1, max_size=2),  # tranches
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["crop_base", "village_road"])), max_size=3),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counties=st.tuples(COUNTY, COUNTY))
def test_a_plan_tried_out_meets_the_threshold_and_no_smaller_one_does(
    new_history: Callable[[], History], counties: tuple[Any, Any]
) -> None:
    history = new_history()
    history.adopt()
    left: dict[str, int] = {}
    rooms: dict[str, dict[str, int]] = {area: {} for area in AREAS}
    for area, (tranches, projects) in zip(AREAS, counties, strict=True):
        for number, fen in enumerate(tranches):
            issue(history, f"T{area}-{number}", fen, area=area)
        left[area] = sum(tranches)
        for number, (room, kind) in enumerate(projects):
            project(history, f"P{area}-{number}", room, area=area, project_type=kind)
            if kind == "crop_base":
                rooms[area][f"P{area}-{number}"] = room

    answer = plan(history.engine, ASKED)
    need = next(row.short_fen for row in share(history.engine, ASKED).rows if row.default and row.place.row == "total")
    found = moves(answer)
    commands = [
        (AllocateMoney.of(on=DAY, tranche=tranche, project=name, amount_fen=fen), "") for tranche, name, fen in found
    ]
    after = total_after(what_if(history.engine, ASKED, commands))

    def most(chosen: set[str]) -> int:
        return sum(min(left[area], sum(rooms[area][name] for name in chosen & rooms[area].keys())) for area in AREAS)

    everyone = {name for area in AREAS for name in rooms[area]}
    assert need is not None
    assert proposed(answer)["meets"] == after["met_after"] == (most(everyone) >= need)
    assert after["numerator_after_fen"] - after["numerator_fen"] == min(need, most(everyone))
    used = {name for _, name, _ in found}
    if used:
        assert all(most(set(fewer)) < min(need, most(everyone)) for fewer in combinations(everyone, len(used) - 1))

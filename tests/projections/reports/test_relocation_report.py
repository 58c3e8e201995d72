"""The use rate of the money for relocation follow-up, read in two ways."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from ledger import events as e
from projections.reports.relocation import relocation
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

END = date(2024, 12, 31)


def rows_of(
    history: History, by: Literal["area", "type"] = "area"
) -> dict[tuple[str, str], tuple[int, int, str | None]]:
    rows = relocation(history.engine, Question("520200", 2024, by=by, as_of=END)).rows
    return {
        (row.place.type or row.place.area if row.place.row == "part" else "", row.rate): (
            row.paid_fen,
            row.money_fen,
            row.percent,
        )
        for row in rows
    }


def fill(history: History) -> None:
    history.adopt()
    history.issue("R", 1000, direction="relocation")
    history.issue("C", 500)
    history.project("S", project_type="relocation_service")
    history.project("F", project_type="crop_base")
    for tranche, project, fen in (("R", "S", 400), ("R", "F", 300), ("C", "S", 100)):
        history.allocate(tranche, project, fen)
        history.spend(e.MoneyReleased, tranche, project, fen)
        history.spend(e.MoneyPaid, tranche, project, fen // 2)


def test_it_is_paid_of_the_directions_money_and_paid_of_the_follow_up_projects_money(history: History) -> None:
    fill(history)

    assert rows_of(history) == {
        ("520201", "by_direction"): (350, 1000, "35.00"),
        ("520201", "by_projects"): (250, 500, "50.00"),
        ("", "by_direction"): (350, 1000, "35.00"),
        ("", "by_projects"): (250, 500, "50.00"),
    }


def test_by_type_the_directions_money_is_the_whole_areas(history: History) -> None:
    fill(history)

    rows = rows_of(history, "type")
    assert rows["relocation_service", "by_direction"] == (200, 1000, "20.00")
    assert rows["relocation_service", "by_projects"] == (250, 500, "50.00")


def test_both_readings_are_defined_in_words_with_their_source(sqlite_history: History) -> None:
    fill(sqlite_history)

    answer = relocation(sqlite_history.engine, Question("520200", 2024, as_of=END))
    definitions = {each["rate"]: each for each in answer.as_json()["definitions"]}  # type: ignore[attr-defined]
    assert "后续扶持方向" in definitions["by_direction"]["denominator"]["name"]
    assert all(each["source"] for each in definitions.values())
    assert answer.rows[-2].unused_fen == 650

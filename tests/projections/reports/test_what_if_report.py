"""The share under allocations that nobody made: decided like real ones, counted like real ones, recorded nowhere."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.database import open_database, read_transaction
from ledger.domain.allocation import AllocateMoney
from ledger.errors import LedgerError
from ledger.log.reading import head
from projections.reports.share import share
from projections.reports.what_if import what_if
from projections.scope import Question

if TYPE_CHECKING:
    from projections.scope import Answer
    from tests.projections.conftest import History

DAY = date(2022, 3, 1)
END = date(2022, 12, 31)
GOAL = {"goal": "建成一处基地"}


def move(tranche: str, project: str, fen: int, **more: object) -> tuple[AllocateMoney, str]:
    values: dict[str, Any] = {"on": END, "tranche": tranche, "project": project, "amount_fen": fen, **more}
    return AllocateMoney.of(**values), f"试算.csv,第 {fen} 行"


def county(history: History) -> None:
    """T: 1,000 for 520201, of which 500 in FARM; MORE and ROAD could take more."""
    history.adopt()
    history.issue("T", 1_000, on=DAY, plan_year=2022)
    for name, kind in (("FARM", "crop_base"), ("MORE", "crop_base"), ("ROAD", "village_road")):
        history.project(name, on=DAY, project_year=2022, project_type=kind, record=GOAL)
    history.allocate("T", "FARM", 500, on=DAY)


def ask(history: History, *moves: tuple[AllocateMoney, str], **question: object) -> Answer[Any]:
    asked: dict[str, Any] = {"area": "520201", "year": 2022, "as_of": END, **question}
    return what_if(history.engine, Question(**asked), moves)


def changed(answer: Answer[Any], pair: str = "N1/D1") -> list[dict[str, Any]]:
    tried: Any = answer.more["what_if"]
    return [row for row in tried["rows"] if row["pair"] == pair]


def test_both_integers_before_and_after(history: History) -> None:
    county(history)
    before = share(history.engine, Question("520201", 2022, as_of=END)).rows

    answer = ask(history, move("T", "MORE", 49), move("T", "ROAD", 100), move("T", "MORE", 1))

    (row,) = changed(answer)
    assert (row["numerator_fen"], row["denominator_fen"], row["percent"]) == (500, 1_000, "50.00")
    assert (row["numerator_after_fen"], row["denominator_after_fen"], row["percent_after"]) == (550, 1_000, "55.00")
    assert (row["met"], row["met_after"], row["short_fen"], row["short_after_fen"]) == (False, True, 50, 0)
    assert [(each.pair, each.numerator_fen) for each in answer.rows] == [
        (each.pair, each.numerator_fen) for each in before
    ]
    (paid,) = changed(answer, "N2/D1")
    assert paid["numerator_after_fen"] == 0


def test_the_same_as_if_it_had_been_allocated(history: History) -> None:
    county(history)
    history.issue("CITY", 900, area="520200", on=DAY, plan_year=2022)
    history.project("TOWNFARM", on=DAY, area="520200", project_year=2022, record=GOAL)
    moves = [("T", "MORE", 70), ("T", "ROAD", 30), ("CITY", "TOWNFARM", 11)]
    questions: list[dict[str, Any]] = [{"by": by, "area": "520200"} for by in ("area", "town", "type")]
    tried = [changed(ask(history, *(move(*each) for each in moves), **question)) for question in questions]

    for each in moves:
        history.allocate(*each, on=DAY)
    for question, rows in zip(questions, tried, strict=True):
        asked: dict[str, Any] = {"year": 2022, "as_of": END, **question}
        real = [row for row in share(history.engine, Question(**asked)).rows if row.pair == "N1/D1"]
        assert [
            (*row.place, row.numerator_fen, row.denominator_fen, row.percent, row.met, row.short_fen) for row in real
        ] == [
            (
                *(row[name] for name in real[0].place._fields),
                *(row[f"{name}_after_fen"] for name in ("numerator", "denominator")),
                *(row[name] for name in ("percent_after", "met_after", "short_after_fen")),
            )
            for row in rows
        ]


def test_nothing_is_recorded_and_the_database_is_only_read(sqlite_history: History) -> None:
    county(sqlite_history)
    engine = open_database(str(sqlite_history.engine.url.database), read_only=True)
    with read_transaction(engine) as connection:
        before = head(connection)

    answer = what_if(engine, Question("520201", 2022, as_of=END), [move("T", "MORE", 50)])

    assert changed(answer)[0]["met_after"]
    with read_transaction(engine) as connection:
        assert head(connection) == before
    engine.dispose()


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ([move("NONE", "MORE", 1)], "tranche.unknown"),
        ([move("T", "NONE", 1)], "project.unknown"),
        ([move("T", "MORE", 501)], "tranche.overdrawn"),
        ([move("T", "MORE", 500), move("T", "ROAD", 1)], "tranche.overdrawn"),
        ([move("T", "AWAY", 1)], "allocation.other_area"),
        ([move("RELIEF", "HOME", 1)], "allocation.wrong_direction"),
        ([move("T", "GONE", 1)], "project.ended"),
        ([move("T", "AIMLESS", 1)], "allocation.no_goal"),
        ([move("LAST", "MORE", 1)], "what_if.outside"),
        ([move("FAR", "AWAY", 1)], "what_if.outside"),
        ([move("LATE", "MORE", 1)], "tranche.unknown"),
    ],
)
def test_it_is_refused_where_the_allocation_would_be(
    sqlite_history: History, moves: list[tuple[AllocateMoney, str]], code: str
) -> None:
    history = sqlite_history
    county(history)
    history.issue("RELIEF", 100, on=DAY, plan_year=2022, direction="work_relief")
    history.issue("LAST", 100, on=DAY, plan_year=2021)
    history.issue("FAR", 100, on=DAY, plan_year=2022, area="520204")
    history.issue("LATE", 100, on=date(2023, 1, 1), plan_year=2022)
    history.project("AWAY", on=DAY, project_year=2022, area="520204", record=GOAL)
    history.project("HOME", on=DAY, project_year=2022, project_type="relocation_service", record=GOAL)
    history.project("GONE", on=DAY, project_year=2022, record=GOAL)
    history.reach(e.ProjectCancelled, "GONE", on=DAY)
    history.project("AIMLESS", on=DAY, project_year=2022)

    with pytest.raises(LedgerError) as caught:
        ask(history, *moves)
    assert (caught.value.code, caught.value.where) == (code, moves[-1][1])


def test_a_reason_lifts_what_it_lifts_for_a_real_allocation(sqlite_history: History) -> None:
    county(sqlite_history)
    sqlite_history.project("AIMLESS", on=DAY, project_year=2022)

    assert changed(ask(sqlite_history, move("T", "AIMLESS", 1, reason="目标待报")))[0]["numerator_after_fen"] == 501


def test_it_stands_on_what_was_known_then(sqlite_history: History) -> None:
    history = sqlite_history
    county(history)
    known = history.allocate("T", "ROAD", 500, on=DAY)

    (row,) = changed(ask(history, move("T", "MORE", 500), known_at=known - 2))
    assert row["percent_after"] == "100.00"
    with pytest.raises(LedgerError) as caught:
        ask(history, move("T", "MORE", 500))
    assert caught.value.code == "tranche.overdrawn"

"""Arrears: recorded, settled, left."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.errors import ValueRefusedError
from projections.reports.arrears import arrears
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

DAY, END = date(2024, 3, 1), date(2024, 3, 31)


def owe(history: History, arrear: str, fen: int, **values: object) -> int:
    given: dict[str, Any] = {"effective_on": DAY, "area": "520201", "creditor_kind": "enterprise", **values}
    return history.record(e.ArrearRecorded(arrear=arrear, amount_fen=fen, debtor="住建局", **given))


def settle(history: History, arrear: str, fen: int, on: date = END, **values: object) -> int:
    given: dict[str, Any] = {"area": "520201", "creditor_kind": "enterprise", **values}
    return history.record(e.ArrearSettled(effective_on=on, arrear=arrear, amount_fen=fen, **given))


def test_what_is_left_by_kind_of_creditor(history: History) -> None:
    owe(history, "A", 1000)
    owe(history, "B", 500)
    owe(history, "C", 200, creditor_kind="workers", project="P", due_on=date(2024, 3, 21))
    settle(history, "A", 1000)
    settle(history, "B", 125)

    answer = arrears(history.engine, Question("520201", as_of=END))
    assert [(row.creditor_kind, row.arrears, row.arrears_left, row.left_fen, row.percent) for row in answer.rows] == [
        ("enterprise", 2, 1, 375, "75.00"),
        ("workers", 1, 1, 200, "0.00"),
        (None, 3, 2, 575, "66.18"),
    ]
    found: Any = answer.more["arrears"]
    assert [(each["arrear"], each["left_fen"], each["days_overdue"]) for each in found] == [
        ("A", 0, 0),
        ("B", 375, 30),
        ("C", 200, 10),
    ]
    before = arrears(history.engine, Question("520201", as_of=date(2024, 3, 30))).rows[-1]
    assert (before.recorded_fen, before.settled_fen, before.left_fen) == (1700, 0, 1700)


def test_reversals_count_for_nothing(history: History) -> None:
    recorded = owe(history, "A", 1000)
    history.reverse(settle(history, "A", 400))
    assert arrears(history.engine, Question("520201", as_of=END)).rows[-1].left_fen == 1000

    history.reverse(recorded)
    assert arrears(history.engine, Question("520201", as_of=END)).rows[-1].arrears == 0


def test_the_city_is_the_sum_of_its_counties_in_one_year_or_ever(history: History) -> None:
    owe(history, "A", 10)
    owe(history, "B", 5, area="520203")
    owe(history, "OLD", 3, effective_on=date(2023, 1, 1))

    def left(year: int | None) -> list[tuple[str, int]]:
        rows = arrears(history.engine, Question("520200", year, as_of=END)).rows
        return [(row.place.area, row.left_fen) for row in rows if row.creditor_kind is None]

    assert left(None) == [("520201", 13), ("520203", 5), ("520200", 18)]
    assert left(2024) == [("520201", 10), ("520203", 5), ("520200", 15)]


def test_arrears_have_no_types(history: History) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        arrears(history.engine, Question("520201", by="type"))
    assert refused.value.code == "report.no_types"

"""What is due under contracts, what came of it, and contracts that run out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import events as e
from ledger.errors import ValueRefusedError
from projections.contracts import contracts_of
from projections.reports.contracts_due import contracts_due
from projections.scope import Question, open_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.projections.conftest import History

END = date(2024, 12, 31)
TERMS: dict[str, Any] = {
    "area": "520201",
    "assets": ("A",),
    "mode": "lease",
    "operator": "C1",
    "operator_kind": "company",
    "from_on": date(2024, 1, 1),
    "to_on": date(2026, 12, 31),
    "return_kind": "fixed",
}


def sign(history: History, contract: str, *dues: tuple[date, int, str], **terms: object) -> int:
    owed = tuple(e.Due.model_validate({"on": on, "amount_fen": fen, "what": what}) for on, fen, what in dues)
    given: dict[str, Any] = {**TERMS, "effective_on": date(2024, 1, 1), **terms}
    return history.record(e.ContractSigned(**given, contract=contract, dues=owed))


def receive(history: History, contract: str, fen: int, on: date, **values: object) -> int:
    given: dict[str, Any] = {"effective_on": on, "area": "520201", **values}
    return history.record(e.RentReceived(**given, contract=contract, amount_fen=fen))


def end(history: History, contract: str, on: date, why: str) -> int:
    given: dict[str, Any] = {"effective_on": on, "area": "520201", "why": why}
    return history.record(e.ContractEnded(**given, contract=contract))


def rent(month: int, day: int, fen: int) -> tuple[date, int, str]:
    return date(2024, month, day), fen, "rent"


def due(history: History, **question: object) -> list[tuple[str, str, int, int, int]]:
    days: Any = question.pop("days", 30)
    asked: dict[str, Any] = {"area": "520201", "as_of": END, **question}
    listed: Any = contracts_due(history.engine, Question(**asked), days).more["dues"]
    names = ("contract", "due_on", "received_fen", "left_fen", "days_late")
    return [tuple(each[name] for name in names) for each in listed]


def test_receipts_meet_the_oldest_due_of_their_kind_first(history: History) -> None:
    sign(history, "K", rent(6, 30, 100), rent(12, 31, 100), (date(2024, 7, 1), 1000, "buy_back"))
    receive(history, "K", 50, date(2024, 7, 1))
    receive(history, "K", 70, date(2024, 8, 1))
    receive(history, "K", 900, date(2024, 8, 1), what="deposit")

    assert due(history) == [("K", "2024-07-01", 0, 1000, 183), ("K", "2024-12-31", 20, 80, 0)]
    assert due(history, as_of=date(2024, 7, 2)) == [("K", "2024-06-30", 50, 50, 2), ("K", "2024-07-01", 0, 1000, 1)]


def test_what_is_coming_counts_within_the_days_only(history: History) -> None:
    sign(history, "K", rent(6, 30, 100), rent(12, 31, 100))
    asked = Question("520201", as_of=date(2024, 5, 31))

    assert contracts_due(history.engine, asked, 29).rows[-1].dues == 0
    (row,) = contracts_due(history.engine, asked, 30).rows
    assert (row.coming, row.coming_fen, row.overdue, row.expiring) == (1, 100, 0, 0)
    with pytest.raises(ValueRefusedError) as refused:
        contracts_due(history.engine, asked, -1)
    assert refused.value.code == "report.days"


def test_late_is_a_verdict_of_the_rules(history: History) -> None:
    sign(history, "K", rent(11, 30, 100), rent(12, 1, 100))

    def late() -> list[bool | None]:
        listed: Any = contracts_due(history.engine, Question("520201", as_of=END)).more["dues"]
        return [each["late"] for each in listed]

    assert late() == [None, None]
    history.adopt()
    assert late() == [True, False]


def test_an_amendment_replaces_what_is_due_from_its_day(history: History) -> None:
    sign(history, "K", rent(6, 30, 100))
    owed = (e.Due(on=date(2024, 6, 30), amount_fen=60),)
    terms: dict[str, Any] = {**TERMS, "effective_on": date(2024, 8, 1)}
    changed = history.record(e.ContractAmended(**terms, contract="K", dues=owed))

    assert due(history, as_of=date(2024, 7, 31))[0][3] == 100
    assert due(history)[0][3] == 60
    history.reverse(changed)
    assert due(history)[0][3] == 100


@pytest.mark.parametrize(
    ("why", "left"), [("expired", [100, 100, 500]), ("early", [100, 500]), ("renewed", [100]), ("void", [])]
)
def test_the_end_of_a_contract_decides_what_is_still_owed(history: History, why: str, left: list[int]) -> None:
    sign(history, "K", rent(6, 30, 100), rent(9, 30, 100), (date(2024, 10, 1), 500, "principal"))
    wrong = end(history, "K", date(2024, 7, 31), why)
    assert [each[3] for each in due(history)] == left

    history.reverse(wrong)
    assert [each[3] for each in due(history)] == [100, 100, 500]


def expiring(history: History, as_of: date = END) -> dict[str, tuple[int, list[str]]]:
    listed: Any = contracts_due(history.engine, Question("520201", as_of=as_of)).more["expiring"]
    return {each["contract"]: (each["days_left"], each["flags"]) for each in listed}


def test_contracts_that_run_out_are_listed_until_they_are_ended_or_renewed(history: History) -> None:
    past, soon = {"to_on": date(2024, 11, 30)}, {"to_on": date(2025, 1, 30)}
    sign(history, "OVER", **past)
    sign(history, "SOON", **soon)
    sign(history, "FAR")
    sign(history, "OLD", **past)
    sign(history, "NEW", renews="OLD", effective_on=date(2024, 12, 1))
    sign(history, "DONE", **past)
    end(history, "DONE", date(2024, 12, 1), "expired")

    assert expiring(history) == {"OVER": (-31, []), "SOON": (30, [])}


def test_rent_after_the_end_and_principal_not_paid_back_are_flagged(history: History) -> None:
    past = {"to_on": date(2024, 11, 30)}
    sign(history, "RUNNING", **past)
    receive(history, "RUNNING", 5, date(2024, 12, 5))
    sign(history, "LENT", mode="debt", base_fen=900, **past)
    receive(history, "LENT", 400, date(2024, 11, 30), what="principal")
    end(history, "LENT", date(2024, 12, 1), "expired")

    assert expiring(history) == {"RUNNING": (-31, ["RF09"]), "LENT": (-31, ["RF13"])}
    receive(history, "LENT", 500, date(2024, 12, 31), what="principal")
    assert "LENT" not in expiring(history)
    assert expiring(history, date(2024, 11, 30)) == {"RUNNING": (0, []), "LENT": (0, [])}


def test_the_city_is_the_sum_of_its_counties(history: History) -> None:
    sign(history, "K", rent(6, 30, 100))
    sign(history, "L", rent(6, 30, 70), area="520203")
    receive(history, "L", 30, date(2024, 7, 1), area="520203")

    rows = contracts_due(history.engine, Question("520200", as_of=END)).rows
    assert [(row.place.area, row.due_fen, row.received_fen, row.overdue_fen) for row in rows] == [
        *(("520201", 100, 0, 100), ("520203", 70, 30, 40)),
        ("520200", 170, 30, 140),
    ]
    with pytest.raises(ValueRefusedError) as refused:
        contracts_due(history.engine, Question("520201", by="town"))
    assert refused.value.code == "report.only_areas"


RENTS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 1000)), min_size=1, max_size=5)
RECEIPTS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 1500)), max_size=5)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rents=RENTS, receipts=RECEIPTS)
def test_what_is_met_is_the_lesser_of_what_was_due_and_what_came(
    new_history: Callable[[], History], rents: list[tuple[int, int]], receipts: list[tuple[int, int]]
) -> None:
    history = new_history()
    sign(history, "K", *(rent(month, 1, fen) for month, fen in rents))
    for month, fen in receipts:
        receive(history, "K", fen, date(2024, month, 2))

    with open_scope(history.engine, Question("520201", as_of=END)) as scope:
        (contract,) = contracts_of(scope)
    owed, came = sum(fen for _, fen in rents), sum(fen for _, fen in receipts)
    assert sum(each.received_fen for each in contract.dues) == min(owed, came)
    left = [each.left_fen > 0 for each in contract.dues]
    assert left == sorted(left), "an older due waits while a later one was met"

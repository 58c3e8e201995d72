"""Debts in arrears: entered once, settled never beyond what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.commands.work import ARREAR
from ledger.domain.arrear import Arrear, RecordArrear, SettleArrear, decide_settle, evolve_arrear
from ledger.domain.control import ReverseEvent
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import ArrearRecorded, ArrearSettled

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book


def owe(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-05-01", "arrear": "Q1", "area": "520203", "creditor_kind": "农民工", "debtor": "甲建设公司"}
    return RecordArrear.of(**{**fields, "amount_fen": 1_000_00, "due_on": "2022-01-31", **changes})


def settle(amount_fen: int, day: str = "2022-06-01", **changes: Any) -> SettleArrear:  # noqa: ANN401 - field values
    return SettleArrear.of(**{"on": day, "arrear": "Q1", "amount_fen": amount_fen, **changes})


def test_a_debt_is_settled_in_parts_until_nothing_is_left(book: Book) -> None:
    (recorded,) = book.do(owe())
    (part,) = book.do(settle(400_00, voucher="记-1"))
    assert isinstance(recorded, ArrearRecorded)
    assert isinstance(part, ArrearSettled)
    assert (recorded.creditor_kind, recorded.amount_fen) == ("workers", 1_000_00)
    assert (part.creditor_kind, part.area, part.voucher) == ("workers", "520203", "记-1")
    refusal = book.refuses(settle(600_01))
    assert refusal.code == "arrear.exceeds"
    assert [amount in refusal.message for amount in ("600.01", "600.00", "1,000.00", "400.00")] == [True] * 4
    book.do(settle(600_00))
    assert book.load(ARREAR, "Q1").left_fen == 0
    assert book.refuses(settle(1)).code == "arrear.exceeds"


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({}, RuleRefusedError, "arrear.exists"),
        ({"arrear": "Q2", "area": "999999"}, ValueRefusedError, "area.unknown"),
        ({"arrear": "Q2", "town": "520281001"}, ValueRefusedError, "area.outside"),
        ({"arrear": "Q2", "project": "没有"}, NotFoundError, "project.unknown"),
        ({"arrear": "Q2", "due_on": "2022-05-02"}, RuleRefusedError, "date.before_cause"),
    ],
)
def test_a_debt_is_new_overdue_and_of_a_known_place(
    book: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    refusal = book.given(owe()).refuses(owe(**changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_an_unknown_debt_is_not_settled_and_a_known_one_not_before_it_was_entered(book: Book) -> None:
    assert book.refuses(settle(1)).code == "arrear.unknown"
    assert book.given(owe()).refuses(settle(1, "2022-04-30")).code == "date.before_cause"
    book.do(settle(1, "2022-04-30", reason="补记"))


def test_a_debt_is_not_reversed_while_something_was_settled(book: Book) -> None:
    book.given(owe(), settle(100_00))
    undo = {"on": "2022-10-01", "reason": "错", "document": "函1号"}
    refusal = book.refuses(ReverseEvent.of(position=1, **undo))
    assert (refusal.code, "100.00" in refusal.message) == ("correction.needed_later", True)
    book.given(ReverseEvent.of(position=2, **undo), ReverseEvent.of(position=1, **undo))
    assert not book.load(ARREAR, "Q1").exists


@settings(max_examples=60)
@given(owed=st.integers(1, 1_000), parts=st.lists(st.integers(1, 600), max_size=6))
def test_whatever_is_tried_settled_and_left_make_up_what_is_owed(owed: int, parts: list[int]) -> None:
    recorded = owe(amount_fen=owed)
    state = evolve_arrear(Arrear(), ArrearRecorded(effective_on=recorded.on, **recorded.model_dump(exclude={"on"})))
    taken = 0
    for part in parts:
        if part > owed - taken:
            with pytest.raises(RuleRefusedError):
                decide_settle(state, settle(part))
        else:
            (event,) = decide_settle(state, settle(part))
            state, taken = evolve_arrear(state, event), taken + part
        assert (state.settled_fen, state.left_fen) == (taken, owed - taken)

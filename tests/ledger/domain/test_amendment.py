"""Recorded anew: every kind of entry that may be amended comes out the same where nothing is changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.commands.amendment import amended, same_entry
from ledger.commands.correction import with_other_half
from ledger.domain.control import ReverseEvent
from ledger.errors import RuleRefusedError, ValueRefusedError

if TYPE_CHECKING:
    from tests.ledger.domain.conftest import Book

WHY = {"on": date(2022, 12, 1), "reason": "录错", "document": "更1号"}

STEPS = (
    *("issue", "distribute", "list", "approve", "plan", "allocate", "start", "progress", "release", "pay"),
    *("reimburse", "complete", "accept", "certify", "hand_over", "book"),
)


@pytest.mark.parametrize("step", STEPS)
def test_an_entry_reversed_and_recorded_anew_says_the_same(book: Book, step: str) -> None:
    halves = with_other_half(book, book.up_to(step).log[-1])
    book.given(ReverseEvent.of(**WHY, position=halves[0].position))
    assert same_entry(halves, book.do(amended(halves, {})))


def test_only_what_is_changed_differs(book: Book) -> None:
    halves = with_other_half(book, book.up_to("pay").log[-1])
    book.given(ReverseEvent.of(**WHY, position=halves[0].position))
    events = book.do(amended(halves, {"amount_fen": 1_00, "voucher": "记-2"}))
    assert not same_entry(halves, events)
    before, after = halves[0].event.model_dump(), events[0].model_dump()
    assert {name for name in before if before[name] != after[name]} == {"amount_fen", "voucher"}


@pytest.mark.parametrize("step", ["notice", "set_right", "publish"])
def test_what_no_single_command_leads_to_is_not_made_anew(book: Book, step: str) -> None:
    halves = with_other_half(book, book.up_to(step).log[-1])
    with pytest.raises(RuleRefusedError, match="不能直接改记"):
        amended(halves, {})


def test_a_field_that_the_entry_has_not_is_refused(book: Book) -> None:
    halves = with_other_half(book, book.up_to("pay").log[-1])
    with pytest.raises(ValueRefusedError, match="child"):
        amended(halves, {"child": "T9"})

"""The end of a year: balances carried over, books closed, and entries into closed books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import TRANCHE
from ledger.domain.closing import CarryOverTranche, CloseYear
from ledger.domain.control import ReverseEvent
from ledger.domain.retention import HoldRetention
from ledger.errors import ValueRefusedError
from ledger.events import TrancheCarriedOver, YearClosed

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book


def carry(**changes: Any) -> Command:  # noqa: ANN401 - field values
    return CarryOverTranche.of(**{"on": "2022-12-31", "tranche": "T1-1", "from_year": 2022, **changes})


def close(**changes: Any) -> Command:  # noqa: ANN401 - field values
    return CloseYear.of(**{"on": "2022-12-31", "area": "520203", "year": 2022, **changes})


def test_what_is_carried_over_is_exactly_what_was_left(book: Book) -> None:
    (event,) = book.up_to("allocate").do(carry())
    assert isinstance(event, TrancheCarriedOver)
    assert (event.balance_fen, event.from_year, event.area) == (300_000_00, 2022, "520203")
    assert book.load(TRANCHE, "T1-1").available_fen == 300_000_00


def test_the_balance_is_that_of_the_last_day_of_the_year(book: Book) -> None:
    book.up_to("allocate").given(book.like("allocate", on="2023-01-05", amount_fen=100_000_00))
    (event,) = book.do(carry(on="2023-02-01"))
    assert isinstance(event, TrancheCarriedOver)
    assert event.balance_fen == 300_000_00


def test_a_reversed_allocation_does_not_lower_the_balance(book: Book) -> None:
    book.up_to("allocate")
    book.given(ReverseEvent.of(on="2022-12-01", position=book.last("tranche.allocated"), reason="记错", document="更1"))
    (event,) = book.do(carry())
    assert isinstance(event, TrancheCarriedOver)
    assert event.balance_fen == 600_000_00


def test_a_balance_is_carried_over_once_a_year(book: Book) -> None:
    book.up_to("allocate").given(carry())
    assert book.refuses(carry()).code == "carry_over.repeated"
    book.given(carry(on="2023-12-31", from_year=2023))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tranche": "T9"}, "tranche.unknown"),
        ({"from_year": 2021}, "carry_over.not_arrived"),
        ({"on": "2022-12-30"}, "year.not_over"),
    ],
)
def test_carrying_over_is_refused(book: Book, changes: dict[str, Any], code: str) -> None:
    book.up_to("allocate")
    assert book.refuses(carry(**changes)).code == code


def test_less_than_nothing_is_not_carried_over(book: Book) -> None:
    book.up_to("allocate").given(book.like("distribute", on="2023-01-05", amount_fen=400_000_00))
    book.given(book.like("allocate", amount_fen=600_000_00))
    refusal = book.refuses(carry(on="2023-01-06"))
    assert (refusal.code, "-300,000.00" in refusal.message) == ("carry_over.negative", True)


def test_a_year_is_closed_once_and_when_it_is_over(book: Book) -> None:
    book.up_to("allocate")
    assert book.refuses(close(on="2022-12-30")).code == "year.not_over"
    (event,) = book.do(close())
    assert isinstance(event, YearClosed)
    assert (event.stream, event.area, event.year) == ("year:520203:2022", "520203", 2022)
    refusal = book.refuses(close(on="2023-01-03", reason="再结一次"))
    assert (refusal.code, "2022-12-31" in refusal.message) == ("year.closed_twice", True)
    assert isinstance(book.refuses(close(area="110101")), ValueRefusedError)


def test_a_year_may_be_closed_early_with_a_reason(book: Book) -> None:
    book.up_to("allocate").given(close(on="2022-12-25", reason="县里统一提前结账"))


@pytest.mark.parametrize("step", ["recover", "allocate", "release", "pay", "reimburse"])
def test_money_dated_in_a_closed_year_needs_a_reason(book: Book, step: str) -> None:
    book.up_to("reimburse").given(close())
    refusal = book.refuses(book.like(step, amount_fen=1_00))
    assert (refusal.code, "2022-12-31" in refusal.message) == ("year.closed", True)
    book.given(book.like(step, amount_fen=1_00, reason="凭证补录"))
    book.given(book.like(step, amount_fen=1_00, on="2023-01-05"))


def test_every_kind_of_money_command_asks_for_the_books(book: Book) -> None:
    book.up_to("reimburse").given(close())
    assert book.refuses(HoldRetention.of(on="2022-12-01", project="P1", amount_fen=1)).code == "year.closed"
    assert book.refuses(carry()).code == "year.closed"


def test_the_books_of_another_area_or_year_stay_open(book: Book) -> None:
    book.up_to("issue").given(close(), close(area="520200", year=2021))
    book.given(book.like("issue", tranche="T2", direction="ethnic"))
    assert book.refuses(book.like("distribute")).code == "year.closed"
    book.given(book.like("distribute", on="2023-01-02"))


def test_closing_by_mistake_is_corrected(book: Book) -> None:
    book.up_to("allocate").given(close())
    book.given(ReverseEvent.of(on="2023-01-02", position=book.last("year.closed"), reason="结错", document="更2"))
    book.given("release")

"""The note of an import: in parts that events can hold, and never past an import that was not seen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.domain.control import ReverseBatch, ReverseEvent
from ledger.domain.intake import RecordImport
from ledger.errors import ConflictError, NeededLaterError, RuleRefusedError, ValueRefusedError
from ledger.events import EventReversed, ImportedRow, ImportRecorded

if TYPE_CHECKING:
    from tests.ledger.domain.conftest import Book

WHY = {"on": date(2022, 12, 1), "reason": "导错文件", "document": "市财函〔2022〕9号"}


def note(rows: int, *, after: int = 0, kind: str = "payments") -> RecordImport:
    kept = tuple(ImportedRow(number=n, key=f"P{n}", content=f"{n:032x}") for n in range(1, rows + 1))
    return RecordImport.of(
        on=date(2022, 3, 1), kind=kind, file="拨付.xlsx", file_hash="ab" * 32, after=after, rows=kept
    )


def test_a_long_file_is_noted_in_parts_that_keep_every_row(book: Book) -> None:
    events = [event for event in book.do(note(12_000)) if isinstance(event, ImportRecorded)]
    assert [(event.part, len(event.rows)) for event in events] == [(1, 5_000), (2, 5_000), (3, 2_000)]
    assert [row.number for event in events for row in event.rows] == [*range(1, 12_001)]


def test_an_import_that_was_not_seen_is_a_conflict_and_one_of_another_kind_is_none(book: Book) -> None:
    book.given(note(1))
    assert isinstance(book.refuses(note(1)), ConflictError)
    book.given(note(1, after=1), note(1, kind="projects"))


def test_a_batch_is_reversed_from_its_last_entry_to_its_first(book: Book) -> None:
    book.up_to("allocate")
    first = book.last("tranche.issued")
    events = book.do(ReverseBatch.of(first=first, last=len(book.log), **WHY))
    undone = [event.reversed_position for event in events if isinstance(event, EventReversed)]
    assert undone == sorted(undone, reverse=True)
    assert {"tranche.issued", "tranche.distributed", "project.funded"} <= {
        event.reversed_topic for event in events if isinstance(event, EventReversed)
    }


def test_a_batch_on_which_others_rest_names_only_what_came_after_it(book: Book) -> None:
    book.up_to("pay")
    first, last = book.last("project.released"), book.last("project.released")
    refusal = book.refuses(ReverseBatch.of(first=first, last=last, **WHY))
    assert isinstance(refusal, NeededLaterError)
    assert refusal.later == (book.last("project.paid"),)


@pytest.mark.parametrize("missing", ["reason", "document"])
def test_a_batch_is_not_reversed_without_reason_and_document(book: Book, missing: str) -> None:
    book.up_to("issue")
    at = book.last("tranche.issued")
    refusal = book.refuses(ReverseBatch.of(first=at, last=at, **(WHY | {missing: ""})))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "correction.unfounded")


def test_a_batch_is_not_reversed_before_what_it_moved(book: Book) -> None:
    book.up_to("pay")
    at = book.last("project.paid")
    refusal = book.refuses(ReverseBatch.of(first=at, last=at, **(WHY | {"on": date(2013, 1, 1)})))
    assert (type(refusal), refusal.code) == (ValueRefusedError, "date.before_cause")


def test_the_note_goes_with_its_batch_and_never_alone(book: Book) -> None:
    book.up_to("pay").given(note(1))
    at, paid = book.last("import.recorded"), book.last("project.paid")
    assert book.refuses(ReverseEvent.of(position=at, **WHY)).code == "correction.import_alone"
    assert len(book.do(ReverseBatch.of(first=paid, last=at, **WHY))) == 2

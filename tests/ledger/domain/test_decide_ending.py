"""The ends of a project before its time: taken out of the library, cancelled, replaced by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import PROJECT
from ledger.domain.control import ReverseEvent
from ledger.domain.stages import CancelProject, RemoveProject, ReplaceProject
from ledger.errors import NotFoundError
from ledger.events import ProjectCancelled, ProjectRemoved, ProjectReplaced

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

END: dict[str, Any] = {"on": "2022-12-01", "project": "P1", "reason": "群众不同意"}


def remove(**changes: Any) -> RemoveProject:  # noqa: ANN401 - field values
    return RemoveProject.of(**{**END, **changes})


def cancel(**changes: Any) -> CancelProject:  # noqa: ANN401 - field values
    return CancelProject.of(**{**END, **changes})


def replace(**changes: Any) -> ReplaceProject:  # noqa: ANN401 - field values
    return ReplaceProject.of(**{**END, "successor": "P2", "document": "六特调〔2022〕3号", **changes})


def with_successor(book: Book, last: str) -> Book:
    return book.up_to(last).given(book.like("list", project="P2", name="食用菌基地二期"))


def test_a_project_that_nobody_began_is_taken_out_of_the_library(book: Book) -> None:
    book.up_to("list")
    (event,) = book.do(remove())
    assert isinstance(event, ProjectRemoved)
    for command in (book.like("approve"), remove(), cancel()):
        refusal = book.refuses(command)
        assert (refusal.code, "2022-12-01 出库" in refusal.message) == ("project.ended", True)


@pytest.mark.parametrize("last", ["approve", "plan"])
def test_a_begun_project_is_cancelled_and_not_removed(book: Book, last: str) -> None:
    book.up_to(last)
    refusal = book.refuses(remove())
    assert (refusal.code, "project cancel" in refusal.hint) == ("project.begun", True)
    (event,) = book.do(cancel())
    assert isinstance(event, ProjectCancelled)
    assert event.planned_fen == (300_000_00 if last == "plan" else 0)  # planned no longer
    for command in (book.like("start"), book.like("progress"), cancel()):
        assert book.refuses(command).code == "project.ended"


def test_another_project_takes_the_place(book: Book) -> None:
    with_successor(book, "plan")
    (event,) = book.do(replace())
    assert isinstance(event, ProjectReplaced)
    assert (event.successor, event.planned_fen) == ("P2", 300_000_00)
    assert "替换" in book.refuses(book.like("start")).message


@pytest.mark.parametrize(
    ("last", "command", "code"),
    [
        ("list", cancel(), "project.not_begun"),
        ("plan", cancel(reason=""), "project.end_reason"),
        ("list", remove(reason=""), "project.end_reason"),
        ("plan", replace(reason=""), "project.end_reason"),
        ("accept", cancel(), "project.accepted"),
        ("allocate", cancel(), "project.still_funded"),
        ("allocate", replace(), "project.still_funded"),
        ("plan", cancel(on="2022-01-24"), "date.before_cause"),
        ("plan", replace(document=""), "project.replace_unapproved"),
        ("plan", replace(successor="P1"), "project.no_successor"),
        ("plan", replace(successor="P9"), "project.unknown"),
    ],
)
def test_an_end_is_refused(book: Book, last: str, command: Command, code: str) -> None:
    with_successor(book, last)
    assert book.refuses(command).code == code


def test_an_unknown_project_has_no_end(book: Book) -> None:
    book.up_to("adopt")
    assert isinstance(book.refuses(cancel()), NotFoundError)


def test_the_successor_lies_in_the_same_county(book: Book) -> None:
    book.up_to("plan").given(book.like("list", project="P2", area="520201"))
    refusal = book.refuses(replace())
    assert refusal.code == "project.no_successor"
    assert ("520203" in refusal.message, "520201" in refusal.message) == (True, True)


def test_the_successor_lives(book: Book) -> None:
    with_successor(book, "plan").given(remove(project="P2"))
    assert book.refuses(replace()).code == "project.ended"


def test_unspent_money_is_told_and_spent_money_does_not_hinder(book: Book) -> None:
    book.up_to("reimburse")
    refusal = book.refuses(cancel())
    assert [part in refusal.message for part in ("300,000.00", "150,000.00")] == [True, True]
    assert "fund recover --project P1" in refusal.hint
    assert "fund adjust --from P1 --to P2" in with_successor_hint(book)
    rest = {"on": "2022-05-01", "amount_fen": 100_000_00}
    book.given(book.like("release", **rest), book.like("pay", **{**rest, "amount_fen": 150_000_00}))
    book.given(cancel())


def with_successor_hint(book: Book) -> str:
    book.given(book.like("list", project="P2", name="食用菌基地二期"))
    return book.refuses(replace()).hint


def test_a_plan_is_not_reversed_after_the_end_has_taken_it_back(book: Book) -> None:
    book.up_to("plan").given(cancel())
    undo = {"on": "2022-12-02", "reason": "记错", "document": "更正1号"}
    refusal = book.refuses(ReverseEvent.of(position=book.last("project.planned"), **undo))
    assert (refusal.code, "300,000.00" in refusal.message) == ("correction.needed_later", True)
    book.given(ReverseEvent.of(position=book.last("project.cancelled"), **undo), "start")
    assert book.load(PROJECT, "P1").planned_fen == 300_000_00

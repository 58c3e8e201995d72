"""Corrections: both halves at once, only while nothing rests on them, and never without reason and document."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import PROJECT, TRANCHE
from ledger.domain.control import ReverseEvent
from ledger.domain.stages import CancelProject, RemoveProject
from ledger.errors import NeededLaterError, NotFoundError, ValueRefusedError
from ledger.events import EventReversed

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

COMPANY = {"holder": "C9", "kind": "企业", "share": "1"}


def reverse(position: int, **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": date(2022, 12, 1), "reason": "登记有误", "document": "市财函〔2022〕9号"}
    return ReverseEvent.of(**(fields | {"position": position} | changes))


def test_a_reversal_carries_what_it_reverses_and_its_date(book: Book) -> None:
    book.up_to("pay")
    paid = book.log[-1]

    (event,) = book.do(reverse(paid.position))

    assert event == EventReversed(
        effective_on=paid.event.effective_on,
        document="市财函〔2022〕9号",
        reason="登记有误",
        reversed_stream="project:P1",
        reversed_version=paid.version,
        reversed_position=paid.position,
        reversed_topic="project.paid",
        reversed_state=paid.state.decode(),
        corrected_on=date(2022, 12, 1),
    )
    assert event.stream == "project:P1"


@pytest.mark.parametrize(
    ("last", "halves"),
    [
        ("distribute", ("tranche.distributed", "tranche.received")),
        ("allocate", ("tranche.allocated", "project.funded")),
        ("confirm", ("asset.confirmed", "right.set")),
    ],
)
@pytest.mark.parametrize("half", [0, 1])
def test_two_halves_are_reversed_together_whichever_is_named(
    book: Book, last: str, halves: tuple[str, str], half: int
) -> None:
    book.up_to(last)
    events = book.do(reverse(book.last(halves[half])))
    assert [event.model_dump()["reversed_topic"] for event in events] == [*halves]


def test_a_recovery_to_the_parent_is_reversed_with_both_legs(book: Book) -> None:
    book.up_to("distribute").given("recover")
    book.given(reverse(book.last("tranche.returned")))
    assert book.load(TRANCHE, "T1-1").available_fen == 600_000_00
    assert book.load(TRANCHE, "T1").available_fen == 400_000_00


def test_one_of_several_movements_between_the_same_streams_is_reversed_alone(book: Book) -> None:
    book.up_to("allocate").given(book.like("allocate", amount_fen=1_00), reverse(book.last("project.funded")))
    assert book.load(PROJECT, "P1").allocated_fen == 1_00
    assert book.load(TRANCHE, "T1-1").allocated_fen == 1_00


@pytest.mark.parametrize(
    ("last", "topic", "step"),
    [
        ("issue", "tranche.issued", "issue"),
        ("distribute", "tranche.received", "distribute"),
        ("list", "project.listed", "list"),
        ("plan", "project.planned", "plan"),
        ("allocate", "tranche.allocated", "allocate"),
        ("progress", "project.progressed", "progress"),
        ("release", "project.released", "release"),
        ("reimburse", "project.reimbursed", "reimburse"),
        ("accept", "project.accepted", "accept"),
        ("identify", "asset.identified", "identify"),
        ("notice", "asset.ownership_noticed", "notice"),
        ("confirm", "asset.confirmed", "confirm"),
        ("hand_over", "asset.handed_over", "hand_over"),
        ("set_right", "right.set", "set_right"),
        ("publish", "notice.published", "publish"),
    ],
)
def test_what_was_reversed_can_be_recorded_anew(book: Book, last: str, topic: str, step: str) -> None:
    book.up_to(last).given(reverse(book.last(topic)), step)


def test_a_cancelled_project_lives_again_when_the_cancellation_is_reversed(book: Book) -> None:
    book.up_to("plan").given(CancelProject.of(on="2022-02-01", project="P1", reason="误取消"))
    book.given(reverse(book.last("project.cancelled")), "start")


@pytest.mark.parametrize(
    ("last", "topic", "said"),
    [
        ("distribute", "tranche.issued", "T1"),
        ("allocate", "tranche.received", "-300,000.00"),
        ("allocate", "project.listed", "P1"),
        ("start", "project.approved", "批复"),
        ("complete", "project.started", "完工"),
        ("release", "tranche.allocated", "核拨 200,000.00"),
        ("pay", "project.released", "支付 150,000.00"),
        ("reimburse", "project.funded", "报账 100,000.00"),
        ("notice", "asset.identified", "公示"),
        ("confirm", "asset.ownership_noticed", "确权"),
        ("certify", "asset.confirmed", "颁证"),
        ("book", "asset.handed_over", "入账"),
    ],
)
def test_nothing_is_reversed_while_something_rests_on_it(book: Book, last: str, topic: str, said: str) -> None:
    book.up_to(last)
    position = book.last(topic)
    refusal = book.refuses(reverse(position))
    assert (type(refusal), refusal.code) == (NeededLaterError, "correction.needed_later")
    assert f"第 {position} 号" in refusal.message
    assert said in refusal.message


def test_a_recovered_tranche_needs_the_money_it_received(book: Book) -> None:
    book.up_to("distribute").given("recover")
    assert book.refuses(reverse(book.last("tranche.received"))).code == "correction.needed_later"


def test_a_start_with_reported_progress_is_not_reversed(book: Book) -> None:
    book.up_to("progress")
    refusal = book.refuses(reverse(book.last("project.started")))
    assert (refusal.code, "120,000.00" in refusal.message) == ("correction.needed_later", True)


def test_a_listing_is_not_reversed_while_the_project_is_removed(book: Book) -> None:
    book.up_to("list").given(RemoveProject.of(on="2022-02-01", project="P1", reason="误出库"))
    assert book.refuses(reverse(book.last("project.listed"))).code == "correction.needed_later"


def test_a_confirmation_is_not_reversed_after_the_ownership_changed_again(book: Book) -> None:
    book.up_to("confirm").given(book.like("set_right", right="所有权", holders=(COMPANY,)))
    refusal = book.refuses(reverse(book.last("asset.confirmed")))
    assert (refusal.code, "所有权" in refusal.message) == ("correction.needed_later", True)


def test_an_asset_with_rights_is_not_reversed(book: Book) -> None:
    book.up_to("identify").given("set_right")
    refusal = book.refuses(reverse(book.last("asset.identified")))
    assert (refusal.code, "权利" in refusal.message) == ("correction.needed_later", True)


def test_the_chain_is_undone_from_its_end_to_its_beginning(book: Book) -> None:
    book.up_to("reimburse")
    for topic in (
        *("project.reimbursed", "project.paid", "project.released", "project.progressed", "project.started"),
        *("project.funded", "project.planned", "project.approved", "project.listed"),
        *("tranche.received", "tranche.issued"),
    ):
        book.given(reverse(book.last(topic)))
    assert not book.load(PROJECT, "P1").exists
    assert not book.load(TRANCHE, "T1").exists


def test_only_allocations_that_count_say_since_when_a_project_has_money(book: Book) -> None:
    book.up_to("allocate")
    first = book.last("tranche.allocated")
    book.given("release", book.like("allocate", on="2022-05-01"), reverse(first))  # the later one covers the release
    assert book.refuses(book.like("reimburse", on="2022-03-04")).code == "date.before_cause"


@pytest.mark.parametrize("topic", ["tranche.allocated", "project.funded"])
def test_nothing_is_reversed_twice(book: Book, topic: str) -> None:
    book.up_to("allocate").given(reverse(book.last("tranche.allocated")))
    assert book.refuses(reverse(book.last(topic))).code == "correction.repeated"


def test_an_acceptance_on_which_an_asset_stands_is_not_reversed(book: Book) -> None:
    book.up_to("identify")
    refusal = book.refuses(reverse(book.last("project.accepted")))
    assert (refusal.code, "A1" in refusal.message) == ("correction.needed_later", True)

    book.do(reverse(book.last("asset.identified")))  # with its half on the project's side
    book.do(reverse(book.last("project.accepted")))


@pytest.mark.parametrize(
    "lacking", [{"reason": ""}, {"document": ""}, {"reason": "  "}, {"reason": "", "document": ""}]
)
def test_a_correction_has_a_reason_and_an_approving_document(book: Book, lacking: dict[str, str]) -> None:
    book.up_to("plan")
    assert book.refuses(reverse(book.position, **lacking)).code == "correction.unfounded"


@pytest.mark.parametrize("topic", ["ledger.opened", "rule.adopted", "document.registered", "event.reversed"])
def test_what_the_ledger_says_about_itself_stays(book: Book, topic: str) -> None:
    book.up_to("plan").given(reverse(book.last("project.planned")))
    refusal = book.refuses(reverse(book.last(topic)))
    assert (refusal.code, topic in refusal.message) == ("correction.irreversible", True)


@pytest.mark.parametrize("position", [0, -1, 99], ids=["zero", "negative", "beyond"])
def test_there_is_nothing_to_reverse_where_nothing_was_recorded(book: Book, position: int) -> None:
    refusal = book.up_to("plan").refuses(reverse(position))
    assert (type(refusal), refusal.code) == (NotFoundError, "event.unknown")


def test_a_correction_is_not_dated_before_what_it_corrects(book: Book) -> None:
    book.up_to("plan")
    refusal = book.refuses(reverse(book.position, on=date(2022, 1, 24)))
    assert (type(refusal), refusal.code) == (ValueRefusedError, "date.before_cause")


# What rests on an entry is named, in the order in which to undo it


def needed(book: Book, topic: str) -> list[int]:
    refusal = book.refuses(reverse(book.last(topic)))
    assert isinstance(refusal, NeededLaterError)
    assert all(f"第 {position} 号" in refusal.hint for position in refusal.later)
    return list(refusal.later)


@pytest.mark.parametrize(
    ("last", "topic", "later"),
    [
        ("accept", "project.completed", ["project.accepted"]),
        ("complete", "project.started", ["project.completed", "project.progressed"]),
        ("pay", "project.released", ["project.paid"]),
        ("reimburse", "project.funded", ["project.reimbursed", "project.paid", "project.released"]),
        ("confirm", "asset.ownership_noticed", ["right.set"]),
    ],
)
def test_what_rests_on_an_entry_is_named_newest_first_and_nothing_else(
    book: Book, last: str, topic: str, later: list[str]
) -> None:
    book.up_to(last)
    assert [book.log[position - 1].topic for position in needed(book, topic)] == later


@pytest.mark.parametrize("topic", ["tranche.issued", "project.listed", "project.started", "tranche.received"])
def test_the_order_that_is_named_can_be_followed_to_the_end(book: Book, topic: str) -> None:
    book.up_to("book").given("set_right", "publish")
    asked = book.last(topic)
    later = needed(book, topic)
    assert len(later) > 1
    for position in [*later, asked]:
        book.given(reverse(position))

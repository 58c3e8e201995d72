"""Works: contracts, progress, stops, acceptance, settlement, conclusion, hand-over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import PROJECT
from ledger.domain.control import ReverseEvent
from ledger.domain.stages import (
    ConcludeProject,
    ContractProject,
    HandOverProject,
    ReportProgress,
    ResumeProject,
    SettleProject,
    SuspendProject,
)
from ledger.errors import ValueRefusedError
from ledger.events import ProjectConcluded, ProjectContracted, ProjectHandedOver, ProjectProgressed, ProjectSettled

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

UNDO = {"on": "2022-12-01", "reason": "记错", "document": "更正1号"}


def contract(number: str = "H1", on: str = "2022-02-05") -> ContractProject:
    return ContractProject.of(on=on, project="P1", contract=number, contractor="某建筑公司", contract_fen=290_000_00)


def suspend(on: str = "2022-04-01", reason: str = "汛期") -> SuspendProject:
    return SuspendProject.of(on=on, project="P1", reason=reason)


def resume(on: str = "2022-04-20", reason: str = "汛期已过") -> ResumeProject:
    return ResumeProject.of(on=on, project="P1", reason=reason)


def progress(percent: int | None, on: str = "2022-05-01", **more: Any) -> ReportProgress:  # noqa: ANN401 - field values
    return ReportProgress.of(on=on, project="P1", percent=percent, **more)


def settle(fen: int = 280_000_00, **more: Any) -> SettleProject:  # noqa: ANN401 - field values
    values = {"on": "2022-08-01", "project": "P1", "settled_fen": fen, "auditor": "县审计局"}
    return SettleProject.of(**{**values, **more})


def conclude(reason: str = "") -> ConcludeProject:
    return ConcludeProject.of(on="2022-09-01", project="P1", reason=reason)


def hand_over() -> HandOverProject:
    return HandOverProject.of(on="2022-09-01", project="P1", receiver="甲村经济合作社")


def test_contracts_add_up(book: Book) -> None:
    book.up_to("plan")
    (event,) = book.do(contract())
    assert isinstance(event, ProjectContracted)
    assert (event.contract, event.contractor, event.contract_fen) == ("H1", "某建筑公司", 290_000_00)
    book.given(contract("H2"))
    assert book.load(PROJECT, "P1").contract_fen == 580_000_00
    refusal = book.refuses(contract("H2"))
    assert (refusal.code, "290,000.00" in refusal.message) == ("project.contract_repeated", True)


def test_a_contract_follows_the_approval(book: Book) -> None:
    book.up_to("list")
    assert book.refuses(contract()).code == "project.stage_order"
    book.given("approve")
    assert book.refuses(contract(on="2022-01-19")).code == "date.before_cause"


def test_progress_says_how_much_is_done_in_money_in_per_cent_or_both(book: Book) -> None:
    book.up_to("start")
    (event,) = book.do(progress(40))
    assert isinstance(event, ProjectProgressed)
    assert (event.invested_fen, event.percent) == (0, 40)
    book.given(progress(None, invested_fen=1_00), progress(55, invested_fen=2_00))
    state = book.load(PROJECT, "P1")
    assert (state.percent, state.invested_fen) == (55, 3_00)


def test_a_report_of_nothing_is_no_report(book: Book) -> None:
    book.up_to("start")
    refusal = book.refuses(progress(None))
    assert (type(refusal), refusal.code) == (ValueRefusedError, "project.nothing_reported")


def test_progress_does_not_fall_without_a_reason(book: Book) -> None:
    book.up_to("start").given(progress(60))
    refusal = book.refuses(progress(59))
    assert refusal.code == "project.progress_falls"
    assert ("59%" in refusal.message, "60%" in refusal.message) == (True, True)
    book.given(progress(50, reason="质量返工"))
    assert book.load(PROJECT, "P1").percent == 50


@pytest.mark.parametrize("percent", [-1, 101])
def test_progress_is_a_whole_per_cent(percent: int) -> None:
    with pytest.raises(ValueRefusedError):
        progress(percent)


def test_work_stops_and_goes_on(book: Book) -> None:
    book.up_to("start").given(suspend())
    assert book.load(PROJECT, "P1").suspended
    for command in (suspend("2022-04-02"), progress(50), book.like("complete")):
        refusal = book.refuses(command)
        assert (refusal.code, "2022-04-01" in refusal.message) == ("project.suspended", True)
    book.given(resume())
    assert not book.load(PROJECT, "P1").suspended
    book.given(progress(50), suspend("2022-05-10"), resume("2022-05-20"), "complete")


@pytest.mark.parametrize(
    ("last", "given", "command", "code"),
    [
        ("plan", [], suspend(), "project.stage_order"),
        ("start", [], resume(), "project.stage_order"),
        ("start", [suspend(), resume()], resume(), "project.not_suspended"),
        ("start", [], suspend(reason=""), "project.stop_reason"),
        ("start", [suspend()], resume(reason=""), "project.stop_reason"),
        ("complete", [], suspend("2022-06-02"), "project.completed"),
    ],
)
def test_stops_alternate_between_start_and_completion(
    book: Book, last: str, given: list[Command], command: Command, code: str
) -> None:
    book.up_to(last).given(*given)
    assert book.refuses(command).code == code


@pytest.mark.parametrize("topic", ["project.suspended", "project.resumed"])
def test_a_stop_is_not_reversed_out_of_a_pair(book: Book, topic: str) -> None:
    book.up_to("start").given(suspend(), resume())
    first = book.last(topic)
    book.given(suspend("2022-05-10"))
    refusal = book.refuses(ReverseEvent.of(position=first, **UNDO))
    assert (refusal.code, "交替" in refusal.message) == ("correction.needed_later", True)


def test_acceptance_of_unfinished_work_needs_a_reason(book: Book) -> None:
    book.up_to("start").given(progress(95), "complete")
    refusal = book.refuses(book.like("accept"))
    assert (refusal.code, "95%" in refusal.message, "R18" in refusal.rule) == (
        "project.accepted_unfinished",
        True,
        True,
    )
    book.given(book.like("accept", reason="尾工不影响使用"))


@pytest.mark.parametrize("last", [100, None])
def test_acceptance_needs_no_reason_where_all_or_nothing_is_known(book: Book, last: int | None) -> None:
    book.up_to("start").given(*([] if last is None else [progress(last)]), "complete", "accept")


def test_the_audited_price_is_recorded_after_acceptance(book: Book) -> None:
    book.up_to("complete")
    assert book.refuses(settle()).code == "project.stage_order"
    book.given("accept")
    (event,) = book.do(settle())
    assert isinstance(event, ProjectSettled)
    assert (event.settled_fen, event.auditor) == (280_000_00, "县审计局")
    assert book.load(PROJECT, "P1").settled_fen == 280_000_00
    assert book.refuses(settle()).code == "project.stage_repeated"


def test_a_price_below_what_was_paid_needs_a_reason(book: Book) -> None:
    book.up_to("accept")
    refusal = book.refuses(settle(149_999_99))
    assert refusal.code == "project.overpaid"
    assert ("150,000.00" in refusal.message, "149,999.99" in refusal.message) == (True, True)
    book.given(settle(149_999_99, reason="审减,多付部分正在追回"))


def test_a_project_is_concluded_when_all_is_reimbursed(book: Book) -> None:
    book.up_to("accept").given(settle())
    refusal = book.refuses(conclude())
    assert refusal.code == "project.not_reimbursed"
    assert ("100,000.00" in refusal.message, "200,000.00" in refusal.message) == (True, True)
    book.given(book.like("reimburse", on="2022-08-10", amount_fen=200_000_00))
    (event,) = book.do(conclude())
    assert isinstance(event, ProjectConcluded)
    undo = ReverseEvent.of(position=book.last("project.reimbursed"), **UNDO)
    assert (book.refuses(undo).code, "200,000.00" in book.refuses(undo).message) == ("correction.needed_later", True)


def test_a_project_with_money_left_is_concluded_for_a_reason(book: Book) -> None:
    book.up_to("accept").given(settle(), conclude("余款按规定由村集体自筹"))
    undo = ReverseEvent.of(position=book.last("project.reimbursed"), **UNDO)
    book.given(undo)


def test_conclusion_follows_settlement(book: Book) -> None:
    book.up_to("accept", without="allocate release pay reimburse")
    assert book.refuses(conclude()).code == "project.stage_order"


def test_an_accepted_project_is_handed_over_once(book: Book) -> None:
    book.up_to("complete")
    assert book.refuses(hand_over()).code == "project.stage_order"
    book.given("accept")
    (event,) = book.do(hand_over())
    assert isinstance(event, ProjectHandedOver)
    assert event.receiver == "甲村经济合作社"
    assert book.refuses(hand_over()).code == "project.stage_repeated"

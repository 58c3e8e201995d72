"""Money that leaves a project: adjusted to another, recovered, or left over after settlement."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import PROJECT, TRANCHE
from ledger.domain.adjustment import AdjustMoney, ConfirmSurplus, RecoverFromProject
from ledger.domain.control import ReverseEvent
from ledger.domain.retention import HoldRetention
from ledger.domain.stages import SettleProject
from ledger.errors import RuleRefusedError
from ledger.events import MoneyAllocated, MoneyRegained, MoneyWithdrawn, ReleaseReturned

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

APPROVAL = "县农领〔2022〕9号"


def adjust(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"from_project": "P1", "to_project": "P2", "amount_fen": 100_000_00, "document": APPROVAL}
    return AdjustMoney.of(**{"on": "2022-05-01", **fields, **changes})


def recover(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"project": "P1", "amount_fen": 50_000_00, "recovered_by": "县财政局"}
    return RecoverFromProject.of(**{"on": "2022-10-01", **fields, **changes})


def surplus(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"project": "P1", "amount_fen": 10_000_00, "document": "县审决〔2022〕3号"}
    return ConfirmSurplus.of(**{"on": "2022-08-01", **fields, **changes})


def settle(fen: int) -> Command:
    return SettleProject.of(on="2022-07-01", project="P1", settled_fen=fen, auditor="县审计局")


def test_an_adjustment_has_four_legs_and_leaves_the_total_as_it_was(book: Book) -> None:
    book.up_to("allocate").given(book.like("list", project="P2"))
    before = book.load(TRANCHE, "T1-1")

    withdrawn, regained, allocated, funded = book.do(adjust())

    assert isinstance(withdrawn, MoneyWithdrawn)
    assert isinstance(regained, MoneyRegained)
    assert isinstance(allocated, MoneyAllocated)
    legs = (withdrawn, regained, allocated, funded)
    assert [each.stream for each in legs] == ["project:P1", "tranche:T1-1", "tranche:T1-1", "project:P2"]
    assert withdrawn.link == regained.link != allocated.link == funded.link
    assert (withdrawn.cause, regained.cause, allocated.cause) == ("adjusted", "adjusted", "adjusted")
    assert {each.document for each in legs} == {APPROVAL}
    after = book.load(TRANCHE, "T1-1")
    assert (after.allocated_fen, after.available_fen) == (before.allocated_fen, before.available_fen)
    assert book.load(PROJECT, "P1").allocated_fen == 200_000_00
    assert book.load(PROJECT, "P2").allocated_fen == 100_000_00


def test_a_replaced_project_hands_all_its_money_on(book: Book) -> None:
    book.up_to("allocate").given(book.like("list", project="P2"))
    book.given(adjust(cause="项目替换", amount_fen=300_000_00))
    assert book.load(PROJECT, "P1").funding == {}


def test_an_adjustment_needs_an_approving_document(book: Book) -> None:
    book.up_to("allocate").given(book.like("list", project="P2"))
    refusal = book.refuses(adjust(document="", reason="来不及"))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "adjustment.no_document")
    assert refusal.rule.startswith("R28 ")


def test_an_approval_dated_after_the_adjustment_needs_a_reason(book: Book) -> None:
    late = book.like("issue", tranche="T9", document=APPROVAL, on="2022-05-02", direction="ethnic")
    book.up_to("allocate").given(book.like("list", project="P2"), late)
    refusal = book.refuses(adjust())
    assert refusal.code == "adjustment.document_later"
    assert "2022-05-02" in refusal.message
    assert "2022-05-01" in refusal.message
    book.given(adjust(reason="会议先定,文件后发"))


def test_an_approval_dated_after_the_first_payment_of_the_target_needs_a_reason(book: Book) -> None:
    approval = book.like("issue", tranche="T9", document=APPROVAL, on="2022-04-01", direction="ethnic")
    book.up_to("pay").given(book.like("list", project="P2"), approval)
    back = {"from_project": "P2", "to_project": "P1", "amount_fen": 1_00}
    book.given(book.like("allocate", project="P2", amount_fen=1_00))
    refusal = book.refuses(adjust(**back))
    assert refusal.code == "adjustment.document_later"
    assert "2022-03-03" in refusal.message
    book.given(adjust(**back, reason="补办手续"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to_project": "P1"}, "adjustment.same_project"),
        ({"to_project": "P9"}, "project.unknown"),
        ({"from_project": "P9"}, "project.unknown"),
        ({"to_project": "P3"}, "adjustment.other_area"),
        ({"to_project": "P4"}, "allocation.wrong_direction"),
        ({"to_project": "P5"}, "allocation.no_goal"),
        ({"amount_fen": 300_000_01}, "payment.exceeds"),
        ({"cause": "结余"}, "adjustment.cause"),
        ({"tranche": "T1"}, "payment.not_allocated"),
        ({"on": "2022-01-31"}, "date.before_cause"),
    ],
)
def test_an_adjustment_is_checked_like_an_allocation(book: Book, changes: dict[str, Any], code: str) -> None:
    book.up_to("allocate").given(
        book.like("list", project="P2"),
        book.like("list", project="P3", area="520201"),
        book.like("list", project="P4", project_type="work_relief"),
        book.like("list", project="P5", goal=""),
    )
    assert book.refuses(adjust(**changes)).code == code
    assert book.load(PROJECT, "P1").allocated_fen == 300_000_00


def test_released_money_is_not_adjusted_before_it_came_back(book: Book) -> None:
    book.up_to("release").given(book.like("list", project="P2"))
    refusal = book.refuses(adjust(amount_fen=100_000_01))
    assert (refusal.code, "100,000.00" in refusal.message) == ("payment.exceeds", True)
    book.given(adjust())


def test_an_adjustment_is_undone_from_its_end(book: Book) -> None:
    book.up_to("allocate").given(book.like("list", project="P2"), adjust())

    def undo(topic: str) -> Command:
        return ReverseEvent.of(on=date(2022, 12, 1), position=book.last(topic), reason="记错", document="更正1号")

    refusal = book.refuses(undo("project.withdrawn"))
    assert (refusal.code, "计划调整" in refusal.message) == ("correction.needed_later", True)
    book.given(undo("project.funded"), undo("project.withdrawn"))
    assert book.load(PROJECT, "P1").allocated_fen == 300_000_00
    assert book.load(TRANCHE, "T1-1").available_fen == 300_000_00


def test_money_held_back_keeps_its_allocation_from_being_undone(book: Book) -> None:
    book.up_to("allocate").given(HoldRetention.of(on="2022-04-01", project="P1", amount_fen=1))
    undo = ReverseEvent.of(
        on=date(2022, 12, 1), position=book.last("project.funded"), reason="记错", document="更正1号"
    )
    assert book.refuses(undo).code == "correction.needed_later"


def test_recovering_takes_what_was_not_released(book: Book) -> None:
    book.up_to("release")
    withdrawn, regained = book.do(recover(amount_fen=100_000_00))
    assert isinstance(withdrawn, MoneyWithdrawn)
    assert isinstance(regained, MoneyRegained)
    assert (withdrawn.cause, regained.cause, withdrawn.reason) == ("recovered", "recovered", "收回单位:县财政局")
    assert book.load(TRANCHE, "T1-1").available_fen == 400_000_00


def test_recovering_more_first_brings_back_what_was_released_and_not_paid(book: Book) -> None:
    book.up_to("pay")
    back, withdrawn, _ = book.do(recover(amount_fen=120_000_00, reason="到期未支付"))
    assert isinstance(back, ReleaseReturned)
    assert isinstance(withdrawn, MoneyWithdrawn)
    assert (back.amount_fen, withdrawn.amount_fen) == (20_000_00, 120_000_00)
    assert back.reason == withdrawn.reason == "收回单位:县财政局;到期未支付"
    line = book.load(PROJECT, "P1").funding["T1-1"]
    assert (line.allocated_fen, line.released_fen, line.paid_fen) == (180_000_00, 180_000_00, 150_000_00)


def test_never_more_than_is_unpaid_is_recovered(book: Book) -> None:
    book.up_to("pay")
    refusal = book.refuses(recover(amount_fen=150_000_01))
    assert (refusal.code, "150,000.00" in refusal.message) == ("payment.exceeds", True)
    assert refusal.rule.startswith("R13 ")
    book.given(HoldRetention.of(on="2022-04-01", project="P1", amount_fen=9_000_00))
    assert "141,000.00" in book.refuses(recover(amount_fen=141_000_01)).message
    book.given(recover(amount_fen=141_000_00))


def test_reimbursed_money_is_not_recovered(book: Book) -> None:
    book.up_to("reimburse").given(book.like("reimburse", amount_fen=200_000_00))
    assert book.refuses(recover(amount_fen=1)).code == "payment.exceeds"


def test_a_surplus_is_confirmed_by_the_audit_and_may_be_given_to_another_project(book: Book) -> None:
    book.up_to("accept").given(settle(290_000_00), book.like("list", project="P2"))
    withdrawn, regained = book.do(surplus())
    assert isinstance(withdrawn, MoneyWithdrawn)
    assert isinstance(regained, MoneyRegained)
    assert (withdrawn.cause, regained.document) == ("surplus", "县审决〔2022〕3号")
    again = {"on": "2022-09-01", "project": "P2", "cause": "结余"}
    book.given(book.like("allocate", **again, amount_fen=10_000_00))
    assert book.refuses(book.like("allocate", **again, amount_fen=1)).code == "allocation.cause_exceeds"


def test_a_surplus_needs_a_document_and_a_settlement(book: Book) -> None:
    book.up_to("accept")
    assert book.refuses(surplus(document="", reason="小额")).code == "surplus.no_document"
    assert book.refuses(surplus()).code == "surplus.not_settled"
    book.given(surplus(reason="零星工程,无须审计"))


def test_a_project_that_is_not_accepted_has_no_surplus(book: Book) -> None:
    book.up_to("complete")
    assert book.refuses(surplus(reason="想先退")).code == "surplus.not_settled"


def test_a_surplus_leaves_the_audited_price(book: Book) -> None:
    book.up_to("accept").given(settle(290_000_00))
    refusal = book.refuses(surplus(amount_fen=10_000_01))
    assert refusal.code == "surplus.below_settlement"
    for number in ("10,000.01", "289,999.99", "290,000.00"):
        assert number in refusal.message
    assert book.refuses(surplus(on="2022-06-30")).code == "date.before_cause"
    book.given(surplus(amount_fen=10_000_01, reason="审定价含自筹"))
    assert book.refuses(surplus(amount_fen=90_000_00, reason="审定价含自筹")).code == "payment.exceeds"

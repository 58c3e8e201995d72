"""Caps on payments and the retention: each at its limit, one fen above it, and with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import PROJECT
from ledger.domain.control import AdoptRules
from ledger.domain.payment import RefundPayment, ReturnRelease
from ledger.domain.retention import HoldRetention, ReleaseRetention
from ledger.domain.stages import (
    AcceptProject,
    CompleteProject,
    ContractProject,
    ReportProgress,
    ResumeProject,
    SettleProject,
    SuspendProject,
)
from ledger.events import MoneyPaid, PaymentRefunded, ReleaseReturned

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

CAPS = {"payment_progress_margin_points": 10, "payment_before_settlement_percent": 80, "retention_percent": 3}
CONTRACT = 250_000_00
LATER = "2022-06-25"


def county_rules() -> Command:
    """Adopt a county's caps, as 栾川 has them."""
    head = (
        'pack = "county"\nversion = "1"\ntitle = "本县"\nsource = "县规"\njurisdiction = "520203"\nextends = "base"\n'
    )
    rest = 'unit = "%"\njurisdiction = "520203"\nsource = "栾川 [S23]"\n'
    caps = [f'[[parameter]]\nname = "{name}"\nvalue = {value}\n{rest}' for name, value in CAPS.items()]
    return AdoptRules.of(on="2012-01-02", text=head + "".join(caps))


def of(kind: type[Command], fen: int, **changes: Any) -> Command:  # noqa: ANN401 - field values
    return kind.of(**{"on": LATER, "project": "P1", "amount_fen": fen, **changes})


def contract(fen: int) -> Command:
    return ContractProject.of(on="2022-02-10", project="P1", contract="HT1", contractor="某公司", contract_fen=fen)


@pytest.fixture
def built(book: Book) -> Book:
    """A contract over 250,000, all of the 300,000 released, nothing paid, work under way; the county's caps hold."""
    book.up_to("start").given(county_rules(), contract(CONTRACT), book.like("release", amount_fen=300_000_00))
    return book


def finish(book: Book, settled_fen: int = 0) -> None:
    book.given(CompleteProject.of(on="2022-06-01", project="P1"), AcceptProject.of(on="2022-06-20", project="P1"))
    if settled_fen:
        book.given(SettleProject.of(on="2022-06-22", project="P1", settled_fen=settled_fen))


def limits(book: Book, most: int, code: str, rule: str, numbers: tuple[str, ...]) -> None:
    """Say that the most is paid and not a fen more, but for a stated reason."""
    refusal = book.refuses(book.like("pay", on=LATER, amount_fen=most + 1))
    assert refusal.code == code
    assert refusal.rule.startswith(rule)
    assert [number for number in numbers if number not in refusal.message] == []
    book.given(book.like("pay", on=LATER, amount_fen=most))
    book.given(book.like("pay", on=LATER, amount_fen=1, reason="抢险"))


def test_payment_stays_behind_progress(built: Book) -> None:
    built.given(ReportProgress.of(on="2022-04-01", project="P1", percent=50))
    numbers = ("100,000.01", "100,000.00", "50%", "10 个百分点", "250,000.00")
    limits(built, 100_000_00, "payment.ahead_of_progress", "R8 ", numbers)


def test_nothing_is_paid_on_less_progress_than_the_margin(built: Book) -> None:
    built.given(ReportProgress.of(on="2022-04-01", project="P1", percent=5))
    assert built.refuses(built.like("pay", amount_fen=1)).code == "payment.ahead_of_progress"


def test_where_progress_is_not_known_there_is_no_such_cap(built: Book) -> None:
    built.given(built.like("pay", amount_fen=300_000_00))


def test_before_settlement_a_part_of_the_contract_is_paid(built: Book) -> None:
    finish(built)
    numbers = ("200,000.01", "200,000.00", "80%", "250,000.00")
    limits(built, 200_000_00, "payment.before_settlement", "R10 ", numbers)


def test_after_settlement_the_retention_stays(built: Book) -> None:
    finish(built, 240_000_00)
    limits(built, 232_800_00, "payment.no_retention", "R12 ", ("232,800.01", "232,800.00", "3%", "240,000.00"))


def test_never_more_than_the_audited_price_is_paid(built: Book) -> None:
    finish(built, 240_000_00)
    built.given(built.like("pay", on=LATER, amount_fen=240_000_00, reason="质保金以保函代替"))
    refusal = built.refuses(built.like("pay", on=LATER, amount_fen=1, reason="再付一点"))
    assert refusal.code == "payment.above_settlement"
    assert "240,000.00" in refusal.message
    assert refusal.rule.startswith("R11 ")


def test_what_is_held_back_counts_towards_the_audited_price(built: Book) -> None:
    finish(built, 240_000_00)
    built.given(of(HoldRetention, 7_200_00), built.like("pay", on=LATER, amount_fen=232_800_00))
    for command in (of(HoldRetention, 1, reason="多留"), built.like("pay", on=LATER, amount_fen=1, reason="多付")):
        assert built.refuses(command).code == "payment.above_settlement"


def test_retention_is_freed_after_the_defect_period_and_then_paid(built: Book) -> None:
    finish(built, 240_000_00)
    built.given(of(HoldRetention, 7_200_00), built.like("pay", on=LATER, amount_fen=232_800_00))
    refusal = built.refuses(of(ReleaseRetention, 7_200_00, on="2023-06-19"))
    assert refusal.code == "retention.too_early"
    for said in ("2022-06-20", "2023-06-20", "2023-06-19", "7,200.00"):
        assert said in refusal.message
    built.given(of(ReleaseRetention, 7_200_00, on="2023-06-20"))
    built.given(built.like("pay", on="2023-06-21", amount_fen=7_200_00))
    assert built.load(PROJECT, "P1").paid_fen == 240_000_00


def test_retention_may_be_freed_early_with_a_reason_and_never_more_than_is_held(built: Book) -> None:
    built.given(of(HoldRetention, 100_00))
    assert built.refuses(of(ReleaseRetention, 100_01, reason="换保函")).code == "payment.exceeds"
    assert "尚未验收" in built.refuses(of(ReleaseRetention, 100_00)).message
    built.given(of(ReleaseRetention, 100_00, reason="换保函"))


def test_money_held_back_is_not_paid(built: Book) -> None:
    built.given(of(HoldRetention, 9_000_00))
    refusal = built.refuses(built.like("pay", amount_fen=291_000_01))
    assert refusal.code == "payment.exceeds"
    assert "可支付的 291,000.00" in refusal.message
    assert "质保金 9,000.00" in refusal.message
    built.given(built.like("pay", amount_fen=291_000_00))
    assert built.refuses(of(HoldRetention, 1)).code == "payment.exceeds"


def test_without_caps_in_the_pack_none_holds(book: Book) -> None:
    book.up_to("start").given(contract(1_00), book.like("release", amount_fen=300_000_00))
    book.given(ReportProgress.of(on="2022-04-01", project="P1", percent=1), book.like("pay", amount_fen=100_000_00))
    book.given(ReportProgress.of(on="2022-04-02", project="P1", percent=100))
    finish(book)
    book.given(book.like("pay", on=LATER, amount_fen=150_000_00))
    book.given(SettleProject.of(on="2022-06-22", project="P1", settled_fen=300_000_00))
    book.given(book.like("pay", on=LATER, amount_fen=50_000_00))


@pytest.mark.parametrize(("without", "said"), [("start", "尚未开工"), ("approve plan start", "尚未批复")])
def test_paying_before_approval_or_start_needs_a_reason(book: Book, without: str, said: str) -> None:
    book.up_to("release", without=f"progress {without}")
    refusal = book.refuses(book.like("pay"))
    assert (refusal.code, said in refusal.message) == ("payment.before_start", True)
    assert refusal.rule.startswith("R9 ")
    book.given(book.like("pay", reason="预付备料款"))


def test_a_payment_dated_before_the_start_needs_a_reason(book: Book) -> None:
    book.up_to("start").given(book.like("release", on="2022-02-05"))
    refusal = book.refuses(book.like("pay", on="2022-02-09"))
    assert refusal.code == "payment.before_start"
    assert "2022-02-09" in refusal.message
    assert "2022-02-10" in refusal.message
    book.given(book.like("pay", on="2022-02-10"))


def test_a_management_fee_is_paid_without_being_started(book: Book) -> None:
    book.up_to("distribute").given(book.like("list", project_type="management_fee"))
    book.given(book.like("allocate", amount_fen=600_00), book.like("release", amount_fen=600_00))
    book.given(book.like("pay", amount_fen=600_00))


def test_while_work_stands_still_a_payment_needs_a_reason(book: Book) -> None:
    book.up_to("release").given(SuspendProject.of(on="2022-03-02", project="P1", reason="大雪封山"))
    refusal = book.refuses(book.like("pay"))
    assert refusal.code == "payment.suspended"
    assert "2022-03-02" in refusal.message
    assert "150,000.00" in refusal.message
    book.given(book.like("pay", amount_fen=1_00, reason="支付农民工工资"))
    book.given(ResumeProject.of(on="2022-03-03", project="P1", reason="天晴"), book.like("pay"))


def test_the_payee_is_a_kind(book: Book) -> None:
    book.up_to("release")
    (paid,) = book.do(book.like("pay", payee_kind="企业"))
    assert isinstance(paid, MoneyPaid)
    assert paid.payee_kind == "company"


def test_released_money_goes_back_as_far_as_it_is_unpaid(book: Book) -> None:
    book.up_to("pay")
    refusal = book.refuses(of(ReturnRelease, 50_000_01))
    assert (refusal.code, "50,000.00" in refusal.message) == ("payment.exceeds", True)
    assert book.refuses(of(ReturnRelease, 1, on="2022-03-01")).code == "date.before_cause"
    (back,) = book.do(of(ReturnRelease, 50_000_00, voucher="退-1"))
    assert isinstance(back, ReleaseReturned)
    assert back.voucher == "退-1"
    assert book.refuses(book.like("pay", amount_fen=1)).code == "payment.exceeds"


def test_a_refund_is_at_most_what_was_paid_and_may_be_paid_again(book: Book) -> None:
    book.up_to("pay")
    assert book.refuses(of(RefundPayment, 150_000_01)).code == "payment.exceeds"
    assert book.refuses(of(RefundPayment, 1, on="2022-03-02")).code == "date.before_cause"
    (back,) = book.do(of(RefundPayment, 150_000_00, voucher="退-2"))
    assert isinstance(back, PaymentRefunded)
    book.given(book.like("pay", on="2022-06-26", amount_fen=200_000_00))

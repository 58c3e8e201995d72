"""Approval and payment: step by step, by two thirds of all, after ten days; paid after that, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.commands.work import SCHEME
from ledger.domain.control import ReverseEvent
from ledger.domain.distribution import PlanDistribution, SetIncomeRule
from ledger.domain.income import OpenScheme, PostIncome
from ledger.domain.payout import PayDistribution, ResolveDistribution
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import DistributionPaid, DistributionResolved

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

LINES = (
    {"payee": "posts", "name": "公益岗位", "share": "80%", "floor": True},
    {"payee": "village", "name": "村集体", "share": "20%"},
)


def vote(day: str = "2023-01-20", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": day, "scheme": "S1", "plan": "F1", "step": "village_vote", "body": "甲村成员代表会议"}
    return ResolveDistribution.of(**{**fields, "members": 45, "in_favour": 30, **changes})


def check(day: str = "2023-01-25", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": day, "scheme": "S1", "plan": "F1", "step": "town_check", "body": "某镇政府"}
    return ResolveDistribution.of(**{**fields, **changes})


def pay(amount_fen: int, day: str = "2023-02-01", payee: str = "posts", plan: str = "F1") -> PayDistribution:
    return PayDistribution.of(on=day, scheme="S1", plan=plan, payee=payee, amount_fen=amount_fen, voucher="记-9")


def undo(book: Book, topic: str) -> Command:
    return ReverseEvent.of(on="2024-01-01", position=book.last(topic), reason="错", document="函1号")


@pytest.fixture
def plan(book: Book) -> Book:
    """A plan of 2023-01-10: 800.00 yuan for the posts and 200.00 for the village, by two steps of approval."""
    rule = {"version": "1", "base": "gross", "lines": LINES, "approvals": ("village_vote", "town_check")}
    return book.up_to("identify").given(
        OpenScheme.of(on="2022-09-01", scheme="S1", name="菌棚收益", assets=("A1",)),
        SetIncomeRule.of(on="2022-09-01", scheme="S1", **rule),
        PostIncome.of(on="2022-12-31", scheme="S1", period="2022Q4", amount_fen=1_000_00),
        PlanDistribution.of(on="2023-01-10", scheme="S1", plan="F1", period="2022Q4"),
    )


@pytest.fixture
def approved(plan: Book) -> Book:
    return plan.given(vote(), check())


def test_the_steps_are_taken_in_their_order(plan: Book) -> None:
    refusal = plan.refuses(check())
    assert (refusal.code, "village_vote、town_check" in refusal.message) == ("income.step_order", True)
    (voted,) = plan.do(vote(notice_to_on="2023-01-19", document="决议1号"))
    assert isinstance(voted, DistributionResolved)
    assert (voted.members, voted.in_favour, str(voted.notice_to_on)) == (45, 30, "2023-01-19")
    assert plan.refuses(vote()).code == "income.step_order"
    assert plan.given(check()).refuses(check()).code == "income.step_order"


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"scheme": "S9"}, NotFoundError, "income.unknown_scheme"),
        ({"plan": "F9"}, NotFoundError, "income.unknown_plan"),
        ({"in_favour": 46}, ValueRefusedError, "income.votes"),
        ({"notice_to_on": "2023-01-09"}, ValueRefusedError, "income.notice_period"),
        ({"members": 0, "in_favour": 0}, RuleRefusedError, "income.vote_counts"),
        ({"members": 0, "in_favour": 0, "reason": "无记录"}, RuleRefusedError, "income.vote_counts"),
        ({"in_favour": 29}, RuleRefusedError, "income.vote_short"),
        ({"on": "2023-01-19"}, RuleRefusedError, "income.vote_too_soon"),
    ],
)
def test_a_vote_has_its_counts_its_majority_and_its_days(
    plan: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    refusal = plan.refuses(vote(**changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_a_short_vote_names_the_law_and_both_numbers(plan: Book) -> None:
    refusal = plan.refuses(vote(in_favour=29))
    assert [word in refusal.message for word in ("29", "45", "2/3")] == [True] * 3
    assert "distribution_vote_share" in refusal.rule


@pytest.mark.parametrize("changes", [{"in_favour": 29}, {"day": "2023-01-19"}])
def test_another_law_or_an_earlier_notice_is_a_reason(plan: Book, changes: dict[str, Any]) -> None:
    plan.given(vote(**changes, reason="依村民委员会组织法"))


def test_a_step_comes_after_the_one_before(plan: Book) -> None:
    assert plan.given(vote()).refuses(check("2023-01-19")).code == "date.before_cause"


def test_money_is_paid_to_kinds_of_payees_up_to_what_is_planned(approved: Book) -> None:
    (first,) = approved.do(pay(500_00))
    assert isinstance(first, DistributionPaid)
    assert (first.payee, first.amount_fen, first.voucher) == ("posts", 500_00, "记-9")
    refusal = approved.refuses(pay(300_01))
    assert refusal.code == "income.exceeds"
    assert [amount in refusal.message for amount in ("300.01", "300.00", "800.00", "500.00")] == [True] * 4
    approved.given(pay(300_00), pay(200_00, payee="village"))
    assert dict(approved.load(SCHEME, "S1").plans["F1"].paid) == {"posts": 800_00, "village": 200_00}


def test_nothing_is_paid_before_the_last_approval(plan: Book) -> None:
    for step, lacks in ((vote(), "village_vote、town_check"), (check(), "town_check")):
        refusal = plan.refuses(pay(1).model_copy(update={"reason": "急用"}))
        assert (refusal.code, lacks in refusal.message, "RF17" in refusal.rule) == ("income.not_approved", True, True)
        plan.given(step)
    assert plan.refuses(pay(1, "2023-01-24")).code == "income.not_approved"
    plan.given(pay(1, "2023-01-25"))


def test_nothing_is_paid_while_the_plan_is_on_notice(plan: Book) -> None:
    plan.given(vote(notice_to_on="2023-02-10"), check(notice_to_on="2023-02-05"))
    refusal = plan.refuses(pay(1, "2023-02-10"))
    assert (refusal.code, "2023-02-10" in refusal.message) == ("income.notice_running", True)
    plan.given(pay(1, "2023-02-11"))


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (pay(1, payee="others"), ValueRefusedError, "income.unknown_payee"),
        (pay(1, plan="F9"), NotFoundError, "income.unknown_plan"),
    ],
)
def test_a_payment_is_for_a_payee_of_the_plan(
    approved: Book, command: Command, kind: type[Exception], code: str
) -> None:
    refusal = approved.refuses(command)
    assert (type(refusal), refusal.code) == (kind, code)


@pytest.mark.parametrize("topic", ["income.distribution_planned", "income.distribution_resolved"])
def test_what_a_payment_stands_on_is_not_reversed(approved: Book, topic: str) -> None:
    approved.given(pay(1))
    assert approved.refuses(undo(approved, topic)).code == "correction.needed_later"
    approved.given(undo(approved, "income.distribution_paid"), undo(approved, "income.distribution_resolved"))


def test_a_step_is_not_reversed_under_the_next(approved: Book) -> None:
    position = next(each.position for each in approved.log if each.topic == "income.distribution_resolved")
    first = ReverseEvent.of(on="2024-01-01", position=position, reason="错", document="函1号")
    refusal = approved.refuses(first)
    assert (refusal.code, "town_check" in refusal.message) == ("correction.needed_later", True)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.tuples(st.sampled_from(["posts", "village"]), st.integers(1, 900_00)), max_size=6))
def test_whatever_is_tried_no_payee_gets_more_than_planned(approved: Book, parts: list[tuple[str, int]]) -> None:
    before, planned = list(approved.log), approved.load(SCHEME, "S1").plans["F1"].lines
    taken = {"posts": 0, "village": 0}
    for payee, fen in parts:
        if taken[payee] + fen > planned[payee]:
            assert approved.refuses(pay(fen, payee=payee)).code == "income.exceeds"
        else:
            approved.do(pay(fen, payee=payee))
            taken[payee] += fen
    state = approved.load(SCHEME, "S1").plans["F1"]
    assert {payee: state.paid.get(payee, 0) for payee in taken} == taken
    approved.log = before

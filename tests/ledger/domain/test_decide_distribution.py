"""Rules and plans: a rule from its day on, a plan by the rule of its period, of what was posted, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import SCHEME
from ledger.domain.control import ReverseEvent
from ledger.domain.distribution import PlanDistribution, SetIncomeRule
from ledger.domain.income import OpenScheme, PostCost, PostIncome
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import DistributionPlanned, IncomeRuleSet

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

POSTS = {"payee": "posts", "name": "公益岗位", "share": "80%", "floor": True}
VILLAGE = {"payee": "village", "name": "村集体", "share": "1/5"}
AWARDS = {"payee": "awards", "name": "奖励补助", "share": "0", "floor": True}


def rule(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-09-01", "scheme": "S1", "version": "2022-1", "base": "net", "costs": ("om", "site")}
    return SetIncomeRule.of(**{**fields, "lines": (POSTS, VILLAGE), "approvals": ("village_vote",), **changes})


def earned(amount_fen: int, period: str, day: str = "2022-12-31") -> Command:
    return PostIncome.of(on=day, scheme="S1", period=period, amount_fen=amount_fen)


def spent(amount_fen: int, period: str, cost: str = "om", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-12-31", "scheme": "S1", "period": period, "cost": cost, "amount_fen": amount_fen}
    return PostCost.of(**{**fields, **changes})


def plan(
    period: str = "2022H2", code: str = "F1", day: str = "2023-01-10", given: dict[str, int] | None = None
) -> Command:
    lines = tuple({"payee": payee, "amount_fen": fen} for payee, fen in (given or {}).items())
    return PlanDistribution.of(on=day, scheme="S1", plan=code, period=period, lines=lines)


def with_reason(command: Command) -> Command:
    return command.model_copy(update={"reason": "村民会议决定"})


def planned(book: Book, command: Command) -> DistributionPlanned:
    (event,) = book.do(command)
    assert isinstance(event, DistributionPlanned)
    return event


def undo(book: Book, topic: str) -> Command:
    return ReverseEvent.of(on="2024-01-01", position=book.last(topic), reason="错", document="函1号")


@pytest.fixture
def account(book: Book) -> Book:
    opened = OpenScheme.of(on="2022-09-01", scheme="S1", name="菌棚收益", assets=("A1",))
    return book.up_to("identify").given(opened)


@pytest.fixture
def posted(account: Book) -> Book:
    """Ten months' income of 12,000.00 yuan, and 1,000.00 of the costs that the rule deducts."""
    return account.given(rule(), earned(12_000_00, "2022H2"), spent(600_00, "2022Q4"), spent(400_00, "2022-12", "site"))


# The rule


def test_a_rule_writes_down_exact_parts(account: Book) -> None:
    (event,) = account.do(rule(document="办法1号", approvals=("village_vote", "town_check")))
    assert isinstance(event, IncomeRuleSet)
    assert [(each.payee, each.numerator, each.denominator, each.floor) for each in event.lines] == [
        ("posts", 4, 5, True),
        ("village", 1, 5, False),
    ]
    assert (event.base, event.costs, event.approvals, event.document) == (
        "net",
        ("om", "site"),
        ("village_vote", "town_check"),
        "办法1号",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": ()}, "income.rule_over_whole"),
        ({"lines": (POSTS, {**VILLAGE, "share": "20.01%"})}, "income.rule_over_whole"),
        ({"lines": (POSTS, {**VILLAGE, "payee": "posts"})}, "income.rule_doubled"),
        ({"lines": (POSTS, {**VILLAGE, "share": "0"})}, "share.out_of_range"),
        ({"lines": (POSTS, {**VILLAGE, "share": "两成"})}, "share.not_a_share"),
        ({"costs": ("om", "om")}, "income.rule_doubled"),
        ({"approvals": ("village_vote", "village_vote")}, "income.rule_doubled"),
        ({"costs": ()}, "income.rule_costs"),
        ({"base": "gross"}, "income.rule_costs"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(account: Book, changes: dict[str, Any], code: str) -> None:
    refusal = account.refuses(rule(**changes))
    assert (type(refusal), refusal.code) == (ValueRefusedError, code)


def test_a_rule_over_the_whole_says_its_sum(account: Book) -> None:
    refusal = account.refuses(rule(lines=(POSTS, {**VILLAGE, "share": "1/4"})))
    assert "21/20" in refusal.message


def test_a_rule_without_approval_needs_a_reason(account: Book) -> None:
    assert account.refuses(rule(approvals=())).code == "income.no_approval"
    account.given(rule(approvals=(), reason="国有单位资产,按财政规定上缴"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scheme": "S9"}, "income.unknown_scheme"),
        ({}, "income.rule_exists"),
        ({"version": "2022-2"}, "income.rule_exists"),
        ({"on": "2022-10-01"}, "income.rule_exists"),
        ({"on": "2022-08-31", "version": "2022-0"}, "date.before_cause"),
    ],
)
def test_a_rule_has_a_version_and_a_day_of_its_own(account: Book, changes: dict[str, Any], code: str) -> None:
    assert account.given(rule()).refuses(rule(**changes)).code == code


# The plan


def test_a_plan_divides_the_net_income_of_all_that_lies_within_the_period(posted: Book) -> None:
    event = planned(posted, plan())
    assert (event.base_fen, event.rule_version, event.undistributed_fen) == (11_000_00, "2022-1", 0)
    assert {each.payee: each.amount_fen for each in event.lines} == {"posts": 8_800_00, "village": 2_200_00}


def test_a_cost_that_the_rule_does_not_name_lowers_no_base(posted: Book) -> None:
    posted.given(spent(5_000_00, "2022-12", "labour", reason="村级列支"))
    assert planned(posted, plan()).base_fen == 11_000_00


def test_what_the_rule_leaves_open_stays_undistributed(account: Book) -> None:
    account.given(rule(base="gross", costs=(), lines=({**POSTS, "share": "60%"},)), earned(101, "2022Q4"))
    event = planned(account, plan("2022Q4"))
    assert (event.lines[0].amount_fen, event.undistributed_fen) == (61, 40)


def test_more_than_the_least_may_be_given_to_those_who_get_at_least(posted: Book) -> None:
    event = planned(posted, plan(given={"posts": 10_000_00, "village": 1_000_00}))
    assert event.undistributed_fen == 0


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ({"posts": 8_799_99, "village": 2_200_01}, "income.floor_not_met", "至少 8,800.00"),
        ({"posts": 8_800_00, "village": 1_000_00}, "income.rule_not_followed", "9,800.00"),
        ({"posts": 8_800_00, "others": 2_200_00}, "income.rule_not_followed", "others"),
    ],
)
def test_given_amounts_follow_the_rule_or_need_a_reason(
    posted: Book, given: dict[str, int], code: str, said: str
) -> None:
    refusal = posted.refuses(plan(given=given))
    assert (refusal.code, said in refusal.message, "RF1" in refusal.rule) == (code, True, True)
    event = planned(posted, with_reason(plan(given=given)))
    assert event.reason == "村民会议决定"


def test_more_than_the_base_is_never_given(posted: Book) -> None:
    refusal = posted.refuses(with_reason(plan(given={"posts": 8_800_00, "village": 2_200_01})))
    assert (refusal.code, "11,000.01" in refusal.message, "11,000.00" in refusal.message) == (
        "income.plan_exceeds",
        True,
        True,
    )


def test_a_payee_is_named_once_in_a_plan(posted: Book) -> None:
    twice = ({"payee": "posts", "amount_fen": 1}, {"payee": "posts", "amount_fen": 2})
    command = PlanDistribution.of(on="2023-01-10", scheme="S1", plan="F1", period="2022H2", lines=twice)
    assert posted.refuses(command).code == "income.payee_doubled"


def test_a_rule_without_amounts_leaves_them_to_the_plan(account: Book) -> None:
    account.given(rule(base="gross", costs=(), lines=({**POSTS, "share": "0"}, AWARDS)), earned(100_00, "2022Q4"))
    refusal = account.refuses(plan("2022Q4"))
    assert (refusal.code, "posts、awards" in refusal.hint) == ("income.lines_needed", True)
    assert refusal.rule.startswith("RF16 ")
    assert planned(account, plan("2022Q4", given={"posts": 60_00, "awards": 30_00})).undistributed_fen == 10_00


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (PlanDistribution.of(on="2023-01-10", scheme="S9", plan="F1", period="2022"), NotFoundError, "unknown_scheme"),
        (plan("2022Q3"), RuleRefusedError, "nothing_to_distribute"),
        (plan("2022Q2"), RuleRefusedError, "no_rule"),
    ],
)
def test_a_plan_needs_a_rule_and_accounts(posted: Book, command: Command, kind: type[Exception], code: str) -> None:
    refusal = posted.refuses(command)
    assert (type(refusal), refusal.code) == (kind, f"income.{code}")


def test_costs_as_high_as_the_income_leave_nothing_to_distribute(account: Book) -> None:
    account.given(rule(), earned(100_00, "2022Q4"), spent(120_00, "2022Q4"))
    refusal = account.refuses(plan("2022Q4"))
    assert (refusal.code, "-20.00" in refusal.message) == ("income.nothing_to_distribute", True)


def test_a_plan_waits_for_the_end_of_the_period_and_its_last_entry(posted: Book) -> None:
    early = plan(day="2022-12-30")
    assert posted.refuses(early).code == "date.before_cause"
    posted.given(earned(1, "2022H2", "2023-02-01"))
    assert "入账" in posted.refuses(plan(day="2023-01-31")).message
    posted.given(with_reason(early))


def test_income_is_distributed_once(posted: Book) -> None:
    posted.given(earned(500_00, "2022"), plan("2022H2"))
    for command, code in (
        (plan("2022H2", "F2"), "income.planned_already"),
        (plan("2022-12", "F2"), "income.planned_already"),
        (plan("2022Q4", "F1"), "income.plan_exists"),
    ):
        assert posted.refuses(with_reason(command)).code == code
    assert planned(posted, plan("2022", "F2")).base_fen == 500_00


def test_a_plan_of_a_part_is_not_reversed_under_a_plan_of_the_whole(posted: Book) -> None:
    posted.given(earned(500_00, "2022"), plan("2022H2"))
    first = undo(posted, "income.distribution_planned")
    posted.given(plan("2022", "F2"))
    refusal = posted.refuses(first)
    assert (refusal.code, "F2" in refusal.message) == ("correction.needed_later", True)
    posted.given(undo(posted, "income.distribution_planned"), first)


def test_a_new_rule_never_reaches_back_behind_a_plan(posted: Book) -> None:
    posted.given(plan("2022H2"))
    later = rule(version="2023-1", on="2022-12-31", costs=("om",), reason="上级要求")
    refusal = posted.refuses(later)
    assert (refusal.code, "F1" in refusal.message) == ("income.rule_backwards", True)
    posted.given(rule(version="2023-1", on="2023-01-01", costs=("om",)))
    assert posted.load(SCHEME, "S1").plans["F1"].rule_version == "2022-1"


def test_an_older_rule_may_be_entered_later_where_no_plan_needs_it(posted: Book) -> None:
    older = rule(version="2022-0", on="2022-06-01", costs=("om",), reason="补记")
    posted.given(plan("2022H2"), older)
    assert [each.version for each in posted.load(SCHEME, "S1").rules] == ["2022-0", "2022-1"]


def test_a_rule_that_begins_on_the_last_day_of_a_period_is_the_rule_of_the_period(posted: Book) -> None:
    posted.given(rule(version="2022-2", on="2022-12-31", lines=({**POSTS, "share": "90%"},)))
    event = planned(posted, plan())
    assert (event.rule_version, event.lines[0].amount_fen) == ("2022-2", 9_900_00)

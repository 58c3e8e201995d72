"""Income accounts: opened for what exists, posted by period, and not again once a plan distributes the period."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import ASSET, SCHEME
from ledger.domain.closing import CloseYear
from ledger.domain.control import ReverseEvent
from ledger.domain.distribution import PlanDistribution, SetIncomeRule
from ledger.domain.income import OpenScheme, PostCost, PostIncome
from ledger.domain.scheme import last_day_of, within
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import AssetDisposed, ContractSigned, CostPosted, IncomePosted, SchemeOpened

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book


def opening(**changes: Any) -> Command:  # noqa: ANN401 - field values
    return OpenScheme.of(**{"on": "2022-09-01", "scheme": "S1", "name": "菌棚收益", "assets": ("A1",), **changes})


def earned(amount_fen: int = 1_000_00, period: str = "2022Q4", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-12-20", "scheme": "S1", "period": period, "amount_fen": amount_fen}
    return PostIncome.of(**{**fields, **changes})


def spent(amount_fen: int = 100_00, period: str = "2022Q4", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-12-20", "scheme": "S1", "period": period, "amount_fen": amount_fen, "cost": "om"}
    return PostCost.of(**{**fields, **changes})


def net_rule(**changes: Any) -> Command:  # noqa: ANN401 - field values
    lines = ({"payee": "posts", "name": "公益岗位", "share": "80%", "floor": True},)
    fields = {"on": "2022-09-01", "scheme": "S1", "version": "1", "base": "net", "costs": ("om", "site")}
    return SetIncomeRule.of(**{**fields, "lines": lines, "approvals": ("village_vote",), **changes})


def planned(period: str, plan: str = "F1", day: str = "2023-01-10") -> Command:
    return PlanDistribution.of(on=day, scheme="S1", plan=plan, period=period)


def undo(book: Book, topic: str) -> Command:
    return ReverseEvent.of(on="2024-01-01", position=book.last(topic), reason="错", document="函1号")


@pytest.fixture
def asset(book: Book) -> Book:
    return book.up_to("identify")


@pytest.fixture
def account(asset: Book) -> Book:
    return asset.given(opening())


def signed(*assets: str) -> ContractSigned:
    return ContractSigned(
        effective_on=date(2022, 8, 1),
        contract="C1",
        area="520203",
        assets=assets,
        mode="lease",
        operator="Q1",
        operator_kind="company",
        from_on=date(2022, 8, 1),
        to_on=date(2025, 7, 31),
        return_kind="fixed",
        return_fen=1_000_00,
    )


def disposed(book: Book) -> None:
    place = book.load(ASSET, "A1").dimensions()
    book.record(
        [
            AssetDisposed(
                effective_on=date(2022, 11, 1),
                **place,
                disposal="D1",
                way="scrap",
                price_fen=0,
            )
        ]
    )


@pytest.mark.parametrize(
    ("period", "last"),
    [
        ("2022", "2022-12-31"),
        ("2022H1", "2022-06-30"),
        ("2022H2", "2022-12-31"),
        ("2022Q3", "2022-09-30"),
        ("2024-02", "2024-02-29"),
    ],
)
def test_a_period_ends_on_its_last_day(period: str, last: str) -> None:
    assert last_day_of(period) == date.fromisoformat(last)
    assert within(period, period[:4])
    assert within(period, "2022H2") == (period in {"2022H2", "2022Q3"})


def test_an_account_is_opened_where_its_assets_lie(asset: Book) -> None:
    (event,) = asset.do(opening(document="账户1号"))
    assert isinstance(event, SchemeOpened)
    assert (event.area, event.assets, event.stream, event.document) == ("520203", ("A1",), "scheme:S1", "账户1号")
    assert asset.refuses(opening()).code == "income.scheme_exists"


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"assets": ()}, ValueRefusedError, "income.scheme_assets"),
        ({"assets": ("A1", "A1")}, ValueRefusedError, "income.scheme_assets"),
        ({"assets": ("A1", "A9")}, NotFoundError, "asset.unknown"),
        ({"area": "520281"}, ValueRefusedError, "income.scheme_area"),
        ({"area": "999999"}, ValueRefusedError, "area.unknown"),
    ],
)
def test_an_account_needs_assets_that_exist_in_its_area(
    asset: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    refusal = asset.refuses(opening(**changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_an_account_may_be_kept_by_the_city_above(asset: Book) -> None:
    (event,) = asset.do(opening(area="520200"))
    assert isinstance(event, SchemeOpened)
    assert event.area == "520200"


def test_income_and_costs_are_posted_by_period(account: Book) -> None:
    (income,) = account.do(earned(asset="A1", voucher="记-1"))
    (cost,) = account.do(spent(cost="site"))
    assert isinstance(income, IncomePosted)
    assert isinstance(cost, CostPosted)
    assert (income.area, income.period, income.asset, income.voucher) == ("520203", "2022Q4", "A1", "记-1")
    assert (cost.cost, cost.amount_fen) == ("site", 100_00)
    account.given(earned(1))
    assert {key: each.amount_fen for key, each in account.load(SCHEME, "S1").postings.items()} == {
        ("2022Q4", ""): 1_000_01,
        ("2022Q4", "site"): 100_00,
    }


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (earned(scheme="S9"), NotFoundError, "income.unknown_scheme"),
        (spent(scheme="S9"), NotFoundError, "income.unknown_scheme"),
        (earned(asset="A9"), ValueRefusedError, "income.other_asset"),
        (spent(asset="A9"), ValueRefusedError, "income.other_asset"),
        (earned(contract="C9"), NotFoundError, "contract.unknown"),
        (earned(period="2023Q1"), RuleRefusedError, "date.before_cause"),
        (spent(period="2023"), RuleRefusedError, "date.before_cause"),
        (earned(on="2022-08-31", period="2022Q3"), RuleRefusedError, "date.before_cause"),
    ],
)
def test_a_posting_names_what_is_known_and_a_period_that_has_begun(
    account: Book, command: Command, kind: type[Exception], code: str
) -> None:
    refusal = account.refuses(command)
    assert (type(refusal), refusal.code) == (kind, code)


def test_rent_received_ahead_of_its_period_needs_a_reason(account: Book) -> None:
    account.given(earned(period="2023Q1", reason="预收下年租金"))


@pytest.mark.parametrize("period", ["2022Q5", "2022-13", "去年", "1999"])
def test_a_period_is_a_period(period: str) -> None:
    with pytest.raises(ValueRefusedError):
        earned(period=period)


def test_income_names_a_contract_about_its_asset(account: Book) -> None:
    account.record([signed("A1", "A2")])
    (event,) = account.do(earned(contract="C1"))
    assert isinstance(event, IncomePosted)
    assert event.contract == "C1"


def test_income_of_a_contract_about_other_assets_is_refused(account: Book) -> None:
    account.record([signed("A2")])
    assert account.refuses(earned(contract="C1")).code == "income.other_contract"


def test_a_disposed_asset_earns_only_with_a_reason(account: Book) -> None:
    disposed(account)
    refusal = account.refuses(earned())
    assert (refusal.code, "A1" in refusal.message, "RF37" in refusal.rule) == ("income.asset_gone", True, True)
    account.given(earned(reason="处置前应收"), spent())
    assert account.refuses(opening(scheme="S2")).code == "income.asset_gone"


def test_an_account_with_a_live_asset_goes_on_earning(asset: Book) -> None:
    other = asset.like("identify", asset="A2", value_fen=1_000_00, name="冷库")
    asset.given(other, opening(assets=("A1", "A2")))
    disposed(asset)
    asset.given(earned(), earned(asset="A2"))
    assert asset.refuses(earned(asset="A1")).code == "income.asset_gone"


def test_a_cost_that_no_rule_deducts_is_questioned(account: Book) -> None:
    account.given(spent(cost="tax"), net_rule())
    refusal = account.refuses(spent(cost="税费"))
    assert (refusal.code, "om、site" in refusal.message) == ("income.cost_not_deducted", True)
    account.given(spent(cost="tax", reason="不由收益列支"), spent(cost="site"))


@pytest.mark.parametrize("late", ["2022Q4", "2022-11"])
def test_nothing_is_posted_to_a_period_that_is_distributed(account: Book, late: str) -> None:
    account.given(earned(), net_rule(), planned("2022Q4"))
    for command in (earned(1, late, reason="补记"), spent(1, late, reason="补记")):
        refusal = account.refuses(command)
        assert (refusal.code, "F1" in refusal.message) == ("income.period_planned", True)
    account.given(earned(1, "2022"), undo(account, "income.distribution_planned"), earned(1, late))


@pytest.mark.parametrize("topic", ["income.scheme_opened", "income.posted", "income.cost_posted", "income.rule_set"])
def test_what_a_plan_stands_on_is_not_reversed(account: Book, topic: str) -> None:
    account.given(net_rule(), earned(), spent(), planned("2022Q4"))
    refusal = account.refuses(undo(account, topic))
    assert refusal.code == "correction.needed_later"
    account.given(undo(account, "income.distribution_planned"), undo(account, "income.posted"))
    assert account.refuses(planned("2022Q4")).code == "income.nothing_to_distribute"


def test_an_account_is_reversed_only_while_it_is_empty(account: Book) -> None:
    account.given(earned())
    assert account.refuses(undo(account, "income.scheme_opened")).code == "correction.needed_later"
    account.given(undo(account, "income.posted"), undo(account, "income.scheme_opened"))
    assert not account.load(SCHEME, "S1").exists


def test_nothing_is_posted_to_closed_books_without_a_reason(account: Book) -> None:
    account.given(CloseYear.of(on="2023-01-05", area="520203", year=2022))
    assert {account.refuses(command).code for command in (earned(), spent())} == {"year.closed"}
    account.given(earned(reason="结账后补记"), earned(on="2023-01-06"))

"""Flags of contracts and income: each with a history in which it is raised and a near miss."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from tests.projections.flags.scenes import contract, dispose, earn, found, on, open_scheme, receive, register, step

if TYPE_CHECKING:
    from tests.projections.conftest import History

JANUARY, JULY = date(2024, 1, 20), date(2024, 7, 1)


def test_rf07_an_operating_asset_has_an_operator_after_ninety_days(sqlite_history: History) -> None:
    register(sqlite_history)
    assert not found(sqlite_history, "RF07", on(4, 9))
    assert found(sqlite_history, "RF07", on(4, 10)) == [(91, "超过", 90)]
    contract(sqlite_history)
    assert not found(sqlite_history, "RF07", on(4, 10))


@pytest.mark.parametrize("let", [False, True])
def test_rf08_income_comes_from_a_contract(sqlite_history: History, *, let: bool) -> None:
    register(sqlite_history)
    open_scheme(sqlite_history)
    earn(sqlite_history, 50, on(6, 1))
    if let:
        contract(sqlite_history, procurement="交易1号")
    assert found(sqlite_history, "RF08") == ([] if let else [(50, "多于", 0)])


@pytest.mark.parametrize(
    ("fen", "procurement", "raised"), [(10_000_000, "", True), (9_999_999, "", False), (10_000_000, "交易1号", False)]
)
def test_rf08_a_large_contract_is_made_on_the_market(
    sqlite_history: History, *, fen: int, procurement: str, raised: bool
) -> None:
    register(sqlite_history)
    contract(sqlite_history, base_fen=fen, procurement=procurement)
    assert found(sqlite_history, "RF08") == ([(10_000_000, "达到", 10_000_000)] if raised else [])


@pytest.mark.parametrize(("paid_on", "raised"), [(on(1, 9, 2026), False), (on(1, 10, 2026), True)])
def test_rf09_no_rent_comes_after_the_end(sqlite_history: History, *, paid_on: date, raised: bool) -> None:
    register(sqlite_history)
    contract(sqlite_history)
    receive(sqlite_history, 10, paid_on)
    said = [("2026-01-10", "晚于", "2026-01-09")] if raised else []
    assert found(sqlite_history, "RF09", on(2, 1, 2026)) == said


@pytest.mark.parametrize(("last", "raised"), [(on(1, 10, 2044), False), (on(1, 11, 2044), True)])
def test_rf10_a_lease_runs_for_twenty_years_at_most(sqlite_history: History, *, last: date, raised: bool) -> None:
    register(sqlite_history)
    contract(sqlite_history, to_on=last)
    assert found(sqlite_history, "RF10") == ([("2044-01-11", "晚于", "2044-01-10")] if raised else [])


@pytest.mark.parametrize(("rent", "raised"), [(300, False), (299, True)])
def test_rf11_rent_is_three_per_cent_of_its_base(sqlite_history: History, *, rent: int, raised: bool) -> None:
    register(sqlite_history)
    contract(sqlite_history, return_fen=rent)
    assert found(sqlite_history, "RF11") == ([(299, "少于", 300)] if raised else [])


@pytest.mark.parametrize(("rent", "raised"), [(500, False), (499, True)])
def test_rf11_rent_is_half_of_that_of_like_contracts(sqlite_history: History, *, rent: int, raised: bool) -> None:
    register(sqlite_history)
    for number in range(4):
        contract(sqlite_history, f"L{number}")
    contract(sqlite_history, return_fen=rent)
    assert found(sqlite_history, "RF11") == ([(499, "少于", 500)] if raised else [])


def test_rf12_what_fell_due_is_paid_in_thirty_days(sqlite_history: History) -> None:
    register(sqlite_history)
    contract(sqlite_history, dues=(e.Due(on=on(6, 1), amount_fen=100),))
    assert not found(sqlite_history, "RF12", on(7, 1))
    assert found(sqlite_history, "RF12", on(7, 2)) == [(0, "少于", 100)]
    receive(sqlite_history, 100, on(6, 30))
    assert not found(sqlite_history, "RF12", on(7, 2))


def test_rf13_principal_comes_back_when_a_contract_matures(sqlite_history: History) -> None:
    register(sqlite_history)
    contract(sqlite_history, mode="debt", clauses=("risk", "exit", "principal"))
    assert not found(sqlite_history, "RF13", on(1, 9, 2026))
    assert found(sqlite_history, "RF13", on(1, 10, 2026)) == [(0, "少于", 10_000)]
    receive(sqlite_history, 10_000, on(1, 9, 2026), what="principal")
    assert not found(sqlite_history, "RF13", on(1, 10, 2026))


@pytest.mark.parametrize(("clauses", "raised"), [(("risk", "exit", "principal"), False), (("risk", "principal"), True)])
def test_rf14_a_guaranteed_return_says_who_bears_the_risk(
    sqlite_history: History, *, clauses: tuple[str, ...], raised: bool
) -> None:
    register(sqlite_history)
    contract(sqlite_history, mode="entrust", clauses=clauses)
    assert found(sqlite_history, "RF14") == ([(2, "少于", 3)] if raised else [])


LINES = (
    e.RuleLine(payee="post", name="公益岗位", numerator=4, denominator=5, floor=True),
    e.RuleLine(payee="fund", name="村集体", numerator=1, denominator=5),
)


def set_rule(history: History, version: str = "1", day: date = JANUARY, lines: tuple[e.RuleLine, ...] = LINES) -> int:
    said: dict[str, Any] = {"scheme": "S", "area": "520201", "version": version, "base": "gross", "lines": lines}
    return history.record(e.IncomeRuleSet(effective_on=day, **said))


def divide(history: History, post: int, fund: int, version: str = "1", day: date = JULY) -> int:
    lines = tuple(e.DistributionLine(payee=payee, amount_fen=fen) for payee, fen in (("post", post), ("fund", fund)))
    said: dict[str, Any] = {"scheme": "S", "area": "520201", "plan": "F", "period": "2024", "rule_version": version}
    return history.record(e.DistributionPlanned(effective_on=day, base_fen=1000, lines=lines, **said))


def divided(history: History, name: str = "大棚收益") -> None:
    register(history)
    open_scheme(history, name)
    set_rule(history)


@pytest.mark.parametrize(("post", "raised"), [(800, False), (799, True)])
def test_rf15_a_payee_with_a_floor_gets_it(sqlite_history: History, *, post: int, raised: bool) -> None:
    divided(sqlite_history)
    divide(sqlite_history, post, 200)
    assert found(sqlite_history, "RF15") == ([(799, "少于", 800)] if raised else [])


@pytest.mark.parametrize(("post", "raised"), [(800, False), (799, True)])
def test_rf15_public_posts_get_four_fifths_of_a_power_station(
    sqlite_history: History, *, post: int, raised: bool
) -> None:
    register(sqlite_history)
    open_scheme(sqlite_history, "光伏电站收益")
    set_rule(sqlite_history, lines=tuple(each.model_copy(update={"floor": False}) for each in LINES))
    divide(sqlite_history, post, 1000 - post)
    assert found(sqlite_history, "RF15") == ([(799, "少于", 800)] if raised else [])


@pytest.mark.parametrize(("fund", "raised"), [(201, False), (202, True)])
def test_rf16_a_plan_divides_as_its_rule_says_but_for_rounding(
    sqlite_history: History, *, fund: int, raised: bool
) -> None:
    divided(sqlite_history)
    divide(sqlite_history, 800, fund)
    assert found(sqlite_history, "RF16") == ([(202, "不等于", 200)] if raised else [])


@pytest.mark.parametrize(("day", "raised"), [(on(7, 2), False), (on(7, 1), True)])
def test_rf16_a_plan_stands_on_the_rule_in_force(sqlite_history: History, *, day: date, raised: bool) -> None:
    divided(sqlite_history)
    set_rule(sqlite_history, "2", day)
    divide(sqlite_history, 800, 200)
    assert found(sqlite_history, "RF16") == ([("1", "不同于", "2")] if raised else [])


def resolve(history: History, day: date, notice_to: date | None = None) -> int:
    said: dict[str, Any] = {"scheme": "S", "area": "520201", "plan": "F", "step": "village_vote", "body": "成员大会"}
    return history.record(e.DistributionResolved(effective_on=day, notice_to_on=notice_to, **said))


def hand_out(history: History, fen: int, day: date, voucher: str = "") -> int:
    said: dict[str, Any] = {"scheme": "S", "area": "520201", "plan": "F", "payee": "post", "voucher": voucher}
    return history.record(e.DistributionPaid(effective_on=day, amount_fen=fen, **said))


@pytest.mark.parametrize(("day", "raised"), [(on(7, 20), False), (on(7, 19), True)])
def test_rf17_money_is_paid_after_the_notice_of_the_vote_ended(
    sqlite_history: History, *, day: date, raised: bool
) -> None:
    divided(sqlite_history)
    divide(sqlite_history, 800, 200)
    resolve(sqlite_history, on(7, 10), on(7, 20))
    hand_out(sqlite_history, 800, day)
    assert found(sqlite_history, "RF17") == ([("2024-07-19", "早于", "2024-07-20")] if raised else [])


def test_rf17_money_is_paid_after_a_vote(sqlite_history: History) -> None:
    divided(sqlite_history)
    divide(sqlite_history, 800, 200)
    hand_out(sqlite_history, 800, on(8, 1))
    assert found(sqlite_history, "RF17") == [("2024-08-01", "早于", "")]


def test_r30_what_a_plan_promises_is_paid_in_ninety_days(sqlite_history: History) -> None:
    divided(sqlite_history)
    divide(sqlite_history, 800, 0)
    assert not found(sqlite_history, "R30", on(9, 29))
    assert found(sqlite_history, "R30", on(9, 30)) == [(0, "少于", 800)]
    hand_out(sqlite_history, 800, on(8, 1))
    assert not found(sqlite_history, "R30", on(9, 30))


@pytest.mark.parametrize(("second", "raised"), [(on(4, 9), True), (on(4, 10), False)])
def test_rf27_contracts_below_the_line_are_not_split(sqlite_history: History, *, second: date, raised: bool) -> None:
    register(sqlite_history)
    for code, day in (("C", on(1, 10)), ("D", second)):
        contract(sqlite_history, code, on=day, base_fen=5_000_000)
    assert found(sqlite_history, "RF27") == ([(10_000_000, "达到", 10_000_000)] if raised else [])


@pytest.mark.parametrize(("guarantee", "raised"), [("经营者缴纳保证金", False), ("以集体资产抵押", True)])
def test_rf30_property_of_the_collective_guarantees_nothing(
    sqlite_history: History, *, guarantee: str, raised: bool
) -> None:
    register(sqlite_history)
    contract(sqlite_history, guarantee=guarantee)
    assert found(sqlite_history, "RF30") == ([("以集体资产", "而", "不得担保")] if raised else [])


@pytest.mark.parametrize(("voucher", "raised"), [("集体账户收据1号", False), ("转入个人账户", True)])
@pytest.mark.parametrize("by", ["contract", "scheme"])
def test_rf30_income_goes_to_a_common_account(sqlite_history: History, *, voucher: str, raised: bool, by: str) -> None:
    register(sqlite_history)
    open_scheme(sqlite_history)
    contract(sqlite_history)
    if by == "contract":
        receive(sqlite_history, 10, on(6, 1), voucher=voucher)
    else:
        earn(sqlite_history, 10, on(6, 1), voucher=voucher)
    assert found(sqlite_history, "RF30") == ([("个人账户", "而", "应入集体账户")] if raised else [])


@pytest.mark.parametrize(("day", "raised"), [(on(6, 1), False), (on(6, 2), True)])
def test_rf37_an_asset_that_ended_earns_nothing(sqlite_history: History, *, day: date, raised: bool) -> None:
    register(sqlite_history)
    open_scheme(sqlite_history)
    earn(sqlite_history, 10, day)
    dispose(sqlite_history, "scrap", 0)
    assert found(sqlite_history, "RF37") == ([("2024-06-02", "晚于", "2024-06-01")] if raised else [])


@pytest.mark.parametrize(("condition", "raised"), [("good", False), ("idle", True)])
def test_rf37_an_idle_asset_brings_no_rent(sqlite_history: History, *, condition: str, raised: bool) -> None:
    register(sqlite_history)
    contract(sqlite_history)
    step(sqlite_history, e.ConditionAssessed, on(6, 1), condition=condition)
    receive(sqlite_history, 10, on(6, 2))
    assert found(sqlite_history, "RF37") == ([("2024-06-02", "晚于", "2024-06-01")] if raised else [])


@pytest.mark.parametrize(("kind", "raised"), [("operating", False), ("household", True)])
def test_rf37_a_household_asset_has_no_operator(sqlite_history: History, *, kind: str, raised: bool) -> None:
    register(sqlite_history, asset_class=kind)
    contract(sqlite_history)
    assert found(sqlite_history, "RF37") == ([(1, "多于", 0)] if raised else [])

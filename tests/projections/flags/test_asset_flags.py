"""Flags of assets, contracts and income: each with a history in which it is raised and a near miss."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.rules import shipped_packs
from tests.projections.flags.scenes import END, VILLAGE, build, contract, hits, own, register, says

if TYPE_CHECKING:
    from tests.projections.conftest import History

HANDED_OVER = {"giver": "乡政府", "receiver": "村委会", "supervisor": "县农业农村局", "documents": ("清单",)}

JANUARY, JULY = date(2024, 1, 20), date(2024, 7, 1)


def on(month: int, day: int, year: int = 2024) -> date:
    return date(year, month, day)


def step(history: History, kind: type[e.Event], day: date, **words: object) -> int:
    return history.of_asset(kind, "A", day, **words)


def found(history: History, flag: str, as_of: date = END) -> list[tuple[object, str, object]]:
    return [says(each) for each in hits(history, flag, as_of)]


def test_rf02_an_accepted_asset_is_booked_in_half_a_year(sqlite_history: History) -> None:
    build(sqlite_history)
    sqlite_history.asset("A", 1000, on=on(4, 1))
    assert not found(sqlite_history, "RF02", on(8, 28))
    assert found(sqlite_history, "RF02", on(8, 29)) == [(181, "超过", 180)]
    step(sqlite_history, e.AssetBooked, on(8, 28), books="collective", voucher="1")
    assert not found(sqlite_history, "RF02", on(8, 29))


@pytest.mark.parametrize(("shares", "raised"), [(((1, 3), (2, 3)), False), (((1, 3), (1, 3)), True)])
def test_rf03_shares_of_ownership_sum_to_one(
    sqlite_history: History, *, shares: tuple[tuple[int, int], ...], raised: bool
) -> None:
    register(sqlite_history)
    sqlite_history.hold("A", "ownership", *(("village_collective", *share) for share in shares))
    assert found(sqlite_history, "RF03") == ([("2/3", "不等于", "1")] if raised else [])


def test_rf05_a_provisional_value_is_final_after_a_year(sqlite_history: History) -> None:
    register(sqlite_history, about={"provisional": True})
    step(sqlite_history, e.AssetHandedOver, on(2, 1), **HANDED_OVER)
    assert not found(sqlite_history, "RF05", on(2, 1, 2025))
    assert found(sqlite_history, "RF05", on(2, 2, 2025)) == [("2025-02-02", "晚于", "2025-02-01")]
    step(sqlite_history, e.ValueFinalised, on(1, 5, 2025), change_fen=0)
    assert not found(sqlite_history, "RF05", on(2, 2, 2025))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"documents": ()}, [(0, "少于", 1)]),
        ({"supervisor": "村委会"}, [(2, "少于", 3)]),
    ],
)
def test_rf06_a_hand_over_has_three_parties_and_a_list(
    sqlite_history: History, *, change: dict[str, object] | None, said: list[object]
) -> None:
    register(sqlite_history)
    owner = e.Holding(holder="V", kind="village_collective", numerator=1, denominator=1)
    step(sqlite_history, e.AssetConfirmed, on(1, 20), owners=(owner,), confirmation_id="K")
    step(sqlite_history, e.AssetHandedOver, on(2, 1), **{**HANDED_OVER, **(change or {})})
    assert found(sqlite_history, "RF06") == said


def test_rf06_an_asset_is_confirmed_before_it_is_handed_over(sqlite_history: History) -> None:
    register(sqlite_history)
    step(sqlite_history, e.AssetHandedOver, on(2, 1), **HANDED_OVER)
    assert found(sqlite_history, "RF06") == [("2024-02-01", "早于", "")]


def test_rf07_an_operating_asset_has_an_operator_after_ninety_days(sqlite_history: History) -> None:
    register(sqlite_history)
    assert not found(sqlite_history, "RF07", on(4, 9))
    assert found(sqlite_history, "RF07", on(4, 10)) == [(91, "超过", 90)]
    contract(sqlite_history)
    assert not found(sqlite_history, "RF07", on(4, 10))


def open_scheme(history: History, name: str = "大棚收益") -> None:
    told: dict[str, Any] = {"scheme": "S", "area": "520201", "name": name, "assets": ("A",)}
    history.record(e.SchemeOpened(effective_on=on(1, 15), **told))


def earn(history: History, fen: int, day: date, **words: object) -> int:
    said: dict[str, Any] = {"scheme": "S", "area": "520201", "period": "2024", **words}
    return history.record(e.IncomePosted(effective_on=day, amount_fen=fen, **said))


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


def receive(history: History, fen: int, day: date, **words: object) -> int:
    said: dict[str, Any] = {"contract": "C", "area": "520201", **words}
    return history.record(e.RentReceived(effective_on=day, amount_fen=fen, **said))


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


def test_rf18_an_idle_asset_is_revived_after_twelve_months(sqlite_history: History) -> None:
    register(sqlite_history)
    step(sqlite_history, e.ConditionAssessed, on(6, 1), condition="idle")
    assert not found(sqlite_history, "RF18", on(1, 9, 2025))
    assert found(sqlite_history, "RF18", on(1, 10, 2025)) == [(366, "达到", 12)]
    step(sqlite_history, e.RevivalOpened, on(7, 1), revival="V", measure="招租", unit="村", deadline=on(3, 1, 2025))
    assert not found(sqlite_history, "RF18", on(3, 1, 2025))
    assert found(sqlite_history, "RF18", on(3, 2, 2025)) == [("2025-03-02", "晚于", "2025-03-01")]


@pytest.mark.parametrize("decided", [False, True])
def test_rf19_another_use_is_decided(sqlite_history: History, *, decided: bool) -> None:
    register(sqlite_history)
    step(sqlite_history, e.ConditionAssessed, on(6, 1), condition="good", note="已改作仓库")
    if decided:
        words = {"authority": "县政府", "former_class": "operating", "former_form": "fixed"}
        step(sqlite_history, e.AssetClassified, on(7, 1), asset_class="public", **words)
    assert found(sqlite_history, "RF19") == ([] if decided else [("改作", "而", "没有")])


def test_r20_an_operating_asset_earns_within_a_year(sqlite_history: History) -> None:
    register(sqlite_history)
    step(sqlite_history, e.AssetHandedOver, on(2, 1), **HANDED_OVER)
    assert not found(sqlite_history, "R20", on(1, 31, 2025))
    assert found(sqlite_history, "R20", on(2, 1, 2025)) == [(366, "达到", 12)]
    contract(sqlite_history)
    receive(sqlite_history, 10, on(6, 1))
    assert not found(sqlite_history, "R20", on(2, 1, 2025))


def test_r20_an_asset_is_not_idle_for_a_year(sqlite_history: History) -> None:
    register(sqlite_history)
    step(sqlite_history, e.ConditionAssessed, on(6, 1), condition="idle")
    assert not found(sqlite_history, "R20", on(1, 9, 2025))
    assert found(sqlite_history, "R20", on(1, 10, 2025)) == [(366, "达到", 12)]


def test_r20_a_public_asset_has_a_custodian(sqlite_history: History) -> None:
    register(sqlite_history, asset_class="public")
    step(sqlite_history, e.AssetHandedOver, on(2, 1), **HANDED_OVER)
    assert found(sqlite_history, "R20", on(2, 1, 2025)) == [(0, "少于", 1)]
    step(sqlite_history, e.UpkeepAssigned, on(2, 1), unit="村委会")
    assert not found(sqlite_history, "R20", on(2, 1, 2025))


def test_rf20_a_public_asset_is_visited_every_year(sqlite_history: History) -> None:
    register(sqlite_history, asset_class="public")
    assert found(sqlite_history, "RF20") == [(0, "少于", 1)]
    step(sqlite_history, e.UpkeepAssigned, on(2, 1), unit="村委会")
    step(sqlite_history, e.UpkeepVisited, on(3, 1))
    assert not found(sqlite_history, "RF20", on(3, 1, 2025))
    assert found(sqlite_history, "RF20", on(3, 2, 2025)) == [(366, "超过", 12)]


@pytest.mark.parametrize(
    ("kind", "owner", "raised"),
    [("public", "village_collective", False), ("household", "household", True), ("public", "company", True)],
)
def test_rf21_money_for_care_goes_to_common_assets(
    sqlite_history: History, *, kind: str, owner: str, raised: bool
) -> None:
    register(sqlite_history, asset_class=kind)
    own(sqlite_history, kind=owner)
    step(sqlite_history, e.UpkeepVisited, on(3, 1), cost_fen=70)
    assert found(sqlite_history, "RF21") == ([(70, "多于", 0)] if raised else [])


def dispose(history: History, way: str = "transfer", price: int = 500) -> int:
    return step(history, e.AssetDisposed, on(6, 1), disposal="D", way=way, price_fen=price)


def vote(history: History, **change: object) -> int:
    said: dict[str, object] = {
        "members": 30,
        "present": 25,
        "in_favour": 20,
        "notice_days": 10,
        "party_first": True,
        **change,
    }
    return step(history, e.DisposalVoted, on(5, 1), disposal="D", body="members", **said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"in_favour": 19}, [(19, "少于", 20)]),
        ({"notice_days": 9}, [(9, "少于", 10)]),
        ({"party_first": False}, [(0, "少于", 1)]),
        (None, [(0, "少于", 1)]),
    ],
)
def test_rf22_two_thirds_of_all_members_agree_to_a_disposal(
    sqlite_history: History, *, change: dict[str, object] | None, said: list[object]
) -> None:
    register(sqlite_history)
    own(sqlite_history)
    if change is not None:
        vote(sqlite_history, **change)
    dispose(sqlite_history)
    assert found(sqlite_history, "RF22") == said


@pytest.mark.parametrize(("appraised", "said"), [(500, []), (501, [(500, "少于", 501)]), (None, [(0, "少于", 1)])])
def test_rf23_nothing_is_sold_below_its_appraisal(
    sqlite_history: History, *, appraised: int | None, said: list[object]
) -> None:
    register(sqlite_history)
    if appraised:
        words = {"disposal": "D", "appraised_fen": appraised, "appraiser": "评估所"}
        step(sqlite_history, e.DisposalAppraised, on(5, 1), **words)
    dispose(sqlite_history)
    assert found(sqlite_history, "RF23") == said


def test_rf24_the_price_is_booked_in_thirty_days(sqlite_history: History) -> None:
    register(sqlite_history)
    own(sqlite_history)
    dispose(sqlite_history)
    assert not found(sqlite_history, "RF24", on(7, 1))
    assert found(sqlite_history, "RF24", on(7, 2)) == [(0, "少于", 500)]
    step(sqlite_history, e.ProceedsBooked, on(6, 2), disposal="D", amount_fen=500, destination="collective")
    assert not found(sqlite_history, "RF24", on(7, 2))


@pytest.mark.parametrize(("owner", "raised"), [("state_unit", False), ("village_collective", True)])
def test_rf24_only_the_price_of_state_assets_goes_to_the_treasury(
    sqlite_history: History, *, owner: str, raised: bool
) -> None:
    register(sqlite_history)
    own(sqlite_history, kind=owner)
    dispose(sqlite_history)
    step(sqlite_history, e.ProceedsBooked, on(6, 2), disposal="D", amount_fen=500, destination="treasury")
    assert found(sqlite_history, "RF24") == ([(500, "多于", 0)] if raised else [])


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (((1, 1), (2, 1), (3, 5)), []),
        (((1, 1), (2, 1)), [(2, "少于", 3)]),
        (((1, 1), (3, 1), (2, 5)), [("1、3、2", "而", "先后相接")]),
        (((1, 1), (2, 1), (3, 4)), [(4, "少于", 5)]),
    ],
)
def test_rf25_a_write_off_goes_through_its_whole_chain(
    sqlite_history: History, *, steps: tuple[tuple[int, int], ...], said: list[object]
) -> None:
    register(sqlite_history)
    sqlite_history.adopt(shipped_packs()["base"].replace('"441322"', '"520201"'), on(1, 2))
    for number, days in steps:
        words = {"disposal": "D", "step": number, "authority": "机关", "notice_days": days}
        step(sqlite_history, e.DisposalApproved, on(5, 1), **words)
    dispose(sqlite_history, "write_off", 0)
    assert found(sqlite_history, "RF25") == said


@pytest.mark.parametrize(("village", "raised"), [(VILLAGE, True), ("520201101202", False)])
def test_rf26_one_thing_stands_in_the_register_once(sqlite_history: History, *, village: str, raised: bool) -> None:
    register(sqlite_history, about={"name": "一号大棚"})
    register(sqlite_history, "B", about={"name": "一号大棚"}, village=village, project="Q")
    assert found(sqlite_history, "RF26") == ([(2, "多于", 1)] if raised else [])


@pytest.mark.parametrize(("second", "raised"), [(on(4, 9), True), (on(4, 10), False)])
def test_rf27_contracts_below_the_line_are_not_split(sqlite_history: History, *, second: date, raised: bool) -> None:
    register(sqlite_history)
    for code, day in (("C", on(1, 10)), ("D", second)):
        contract(sqlite_history, code, on=day, base_fen=5_000_000)
    assert found(sqlite_history, "RF27") == ([(10_000_000, "达到", 10_000_000)] if raised else [])


@pytest.mark.parametrize(("kind", "raised"), [("household", False), ("operating", True)])
def test_rf28_a_household_owns_nothing_of_the_collective(sqlite_history: History, *, kind: str, raised: bool) -> None:
    register(sqlite_history, asset_class=kind)
    own(sqlite_history, kind="household")
    assert found(sqlite_history, "RF28") == ([("1", "多于", "0")] if raised else [])


@pytest.mark.parametrize(("kind", "raised"), [("operating", False), ("public", True)])
def test_rf29_only_operating_assets_are_quantified(sqlite_history: History, *, kind: str, raised: bool) -> None:
    register(sqlite_history, asset_class=kind)
    sqlite_history.hold("A", "income", ("household", 1, 4), ("village_collective", 3, 4))
    assert found(sqlite_history, "RF29") == ([("1/4", "多于", "0")] if raised else [])


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


@pytest.mark.parametrize("agreed", [False, True])
def test_rf31_no_co_owner_is_left_out(sqlite_history: History, *, agreed: bool) -> None:
    register(sqlite_history)
    sqlite_history.hold("A", "ownership", ("village_collective", 1, 2), ("village_collective", 1, 2), on=on(1, 10))
    if agreed:
        words = {"way": "assigned", "giver": "乙村", "receiver": "甲村", "confirmation_id": "K"}
        step(sqlite_history, e.OwnershipTransferred, on(5, 1), **words)
    own(sqlite_history, on=on(5, 1))
    assert found(sqlite_history, "RF31") == ([] if agreed else [(1, "少于", 2)])


@pytest.mark.parametrize("known", [False, True])
def test_rf33_money_goes_into_an_asset_that_is_known(sqlite_history: History, *, known: bool) -> None:
    register(sqlite_history)
    if known:
        register(sqlite_history, "B")
    step(sqlite_history, e.AssetReinvested, on(6, 1), into="B", amount_fen=10, money="income")
    assert found(sqlite_history, "RF33") == ([] if known else [("B", "而", "没有这项资产")])


@pytest.mark.parametrize(("fen", "raised"), [(500, False), (501, True)])
def test_rf33_no_more_goes_on_than_came_in(sqlite_history: History, *, fen: int, raised: bool) -> None:
    register(sqlite_history)
    register(sqlite_history, "B")
    dispose(sqlite_history)
    step(sqlite_history, e.ProceedsBooked, on(6, 2), disposal="D", amount_fen=500, destination="reinvested")
    step(sqlite_history, e.AssetReinvested, on(6, 3), into="B", amount_fen=fen, money="proceeds")
    assert found(sqlite_history, "RF33") == ([(501, "多于", 500)] if raised else [])


@pytest.mark.parametrize(
    ("form", "owner", "raised"),
    [("equity", "state_unit", True), ("fixed", "state_unit", False), ("equity", "village_collective", False)],
)
def test_rf35_a_state_unit_holds_no_equity(sqlite_history: History, *, form: str, owner: str, raised: bool) -> None:
    register(sqlite_history, asset_form=form)
    own(sqlite_history, kind=owner)
    assert found(sqlite_history, "RF35") == ([("1", "多于", "0")] if raised else [])


@pytest.mark.parametrize(("body", "raised"), [("members", False), ("", False), ("representatives", True)])
def test_rf36_members_themselves_decide_about_quantification(
    sqlite_history: History, *, body: str, raised: bool
) -> None:
    register(sqlite_history)
    member = e.Holding(holder="H1", kind="household", numerator=1, denominator=1)
    said: dict[str, Any] = {"right": "income", "status": "held", "holdings": (member,), "body": body}
    step(sqlite_history, e.RightSet, on(6, 1), **said)
    assert found(sqlite_history, "RF36") == ([("成员代表大会", "不同于", "成员大会")] if raised else [])


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

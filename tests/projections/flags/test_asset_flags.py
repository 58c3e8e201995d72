"""Flags of assets, rights and disposal: each with a history in which it is raised and a near miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.rules import shipped_packs
from tests.projections.flags.scenes import VILLAGE, build, contract, dispose, found, on, own, receive, register, step

if TYPE_CHECKING:
    from tests.projections.conftest import History

HANDED_OVER = {"giver": "乡政府", "receiver": "村委会", "supervisor": "县农业农村局", "documents": ("清单",)}


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

"""阳山: the kilowatts of a joint power station are its shares (assets.md 2.2 and 4.4, [A26]).

Given by the source: the installed capacity is the number of shares; net income = income − upkeep − insurance − cost of
the site; the value of one share = net income over all kilowatts. assumed: three villages of 60, 100 and 140 kW, all
amounts, days, codes and documents.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.conftest import wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

VILLAGES = {"V1": 60, "V2": 100, "V3": 140}
WHOLE = sum(VILLAGES.values())
NOTICE = "asset notice GF --from 2020-01-02 --to 2020-01-12 --basis 按容量"
OWNERS = " ".join(f"--holder {code}:村集体" for code in VILLAGES)
INPUTS = " ".join(f"--input {kilowatts}kW" for kilowatts in VILLAGES.values())
LINES = " ".join(f"--line {code}:{code}村:{kilowatts}/{WHOLE}" for code, kilowatts in VILLAGES.items())
COSTS = {"om": 3_000_000, "insurance": 500_000, "site": 900_000}
INCOME = 30_000_001


@pytest.fixture
def yangshan(county_on_each: Callable[[str, int], County]) -> County:
    here = county_on_each("441823", 2019)
    stock = "asset stocktake GF --origin 联建光伏 --name 联村光伏电站 --area 441823 --year 2019 --class 经营性"
    here.does("2020-01-01", f"{stock} --subclass 光伏电站 --value 210万元 --quantity {WHOLE}kW")
    return here


def confirmed(here: County) -> County:
    here.does("2020-01-02", f"{NOTICE} {OWNERS} {INPUTS}")
    here.does("2020-01-13", "asset confirm GF")
    return here


def test_each_village_owns_its_kilowatts_exactly(yangshan: County) -> None:
    here = confirmed(yangshan)
    (right,) = here.program.json("right", "who", "GF", "--right", "所有权", "--as-of", "2020-01-13")["rights"]
    held = {each["holder"]: Fraction(each["numerator"], each["denominator"]) for each in right["holdings"]}
    assert held == {code: Fraction(kilowatts, WHOLE) for code, kilowatts in VILLAGES.items()}
    assert (right["basis"], sum(held.values())) == ("capacity", 1)


def test_shares_that_are_not_those_of_the_kilowatts_are_refused(yangshan: County) -> None:
    thirds = " ".join(f"--holder {code}:村集体:1/3" for code in VILLAGES)
    refusal = yangshan.refuses("2020-01-02", f"{NOTICE} {thirds} {INPUTS}", code="right.share_differs")
    assert ("1/3" in refusal, "1/5" in refusal, "第三百零九条" in refusal) == (True, True, True)
    mixed = INPUTS.replace("140kW", "140亩")
    yangshan.refuses("2020-01-02", f"{NOTICE} {OWNERS} {mixed}", code="right.inputs_unreadable")


def test_net_income_is_shared_by_the_kilowatt_to_the_fen(yangshan: County) -> None:
    here = confirmed(yangshan)
    here.does("2020-01-14", "income open S1 --name 光伏收益 --asset GF")
    costs = " ".join(f"--cost {cost}" for cost in COSTS)
    here.does("2020-01-14", f"income rule S1 --version 1 --base net {costs} {LINES} --approval village_vote", "办法1号")
    here.does("2020-12-30", f"income post S1 --period 2020 --amount {INCOME // 100}.{INCOME % 100:02d}")
    for cost, fen in COSTS.items():
        here.does("2020-12-30", f"income cost S1 --period 2020 --cost {cost} --amount {fen // 100}")
    here.does("2021-01-05", "income plan S1 F1 --period 2020")
    (plan,) = here.program.json("income", "show", "S1")["plans"]
    net = INCOME - sum(COSTS.values())
    of_one = Fraction(net, WHOLE)
    planned = {each["payee"]: each["planned_fen"] for each in plan["lines"]}
    assert (plan["base_fen"], sum(planned.values()), plan["undistributed_fen"]) == (net, net, 0)
    assert all(abs(planned[code] - of_one * kilowatts) < 1 for code, kilowatts in VILLAGES.items())


def test_the_value_of_the_station_is_split_to_the_fen_as_well(yangshan: County) -> None:
    here = confirmed(yangshan)
    rows = here.report("rights", "--as-of", "2020-01-13")
    (owners,) = [row for row in rows if (row["row"], row["right"]) == ("total", "ownership")]
    assert (owners["holder_kind"], owners["value_fen"], owners["percent"]) == ("village_collective", wan(210), "100.00")

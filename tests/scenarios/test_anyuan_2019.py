"""安远 2019: 152 village power stations run by one city company, for a fee with a cap (data 07, [A16]).

Given by the source (AY-01 to AY-07): 71 stations of 14,200 kW built in 2017, 81 of 8,200 kW in 2018,
one in each of 152 villages; operated by 城投集团新能源发展公司, entrusted by the villages; a fee of at most 0.03
yuan a watt and year, which is 672,000 yuan. assumed: the capacity of each station, a cost of 7 yuan a
watt, income, days, codes and documents; that a fee is entered as the cost ``om``. The cap itself is no
rule of the ledger: the scenario shows the fee beside it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from ledger.money import apportion
from tests.scenarios.conftest import wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

BUILT = {2017: (71, 14_200), 2018: (81, 8_200)}
PRICE_FEN, CAP_FEN = 7_000_00, 30_00  # a kilowatt; a kilowatt and year: 0.03 yuan a watt
STATIONS = {
    f"D{year}{number:03d}": (year, kilowatts)
    for year, (count, capacity) in BUILT.items()
    for number, kilowatts in enumerate(apportion(capacity, [Fraction(1)] * count), start=1)
}
COMPANY = "城投集团新能源发展公司"
ENTRUST = f"--mode 委托经营 --operator CT --operator-kind 企业 --operator-name {COMPANY} --return profit"


def owned(here: County) -> County:
    """Every station belongs to its village, and the company runs it."""
    rows = [
        f"{code} 2019-01-10 光伏电站 360726 {year} 经营性 光伏电站 {kilowatts * PRICE_FEN // 100} {kilowatts}kW 扶贫"
        for code, (year, kilowatts) in STATIONS.items()
    ]
    here.files("stocktake", "资产编号 日期 资产名称 地区代码 形成年度 资产类别 细类 原值(元) 数量 来由", rows)
    heads = "步骤 资产编号 日期 所有权人 公示起始日 公示截止日"
    here.files("assets", heads, [f"公示 {code} 2019-01-11 V{code}:村集体 2019-01-11 2019-01-20" for code in STATIONS])
    here.files("assets", "步骤 资产编号 日期", [f"确权 {code} 2019-01-21" for code in STATIONS])
    heads = "资产编号 权利 起始日期 权利人编号 权利人类别 份额 权利人名称"
    here.files("rights", heads, [f"{code} 经营权 2019-02-01 CT 企业 1 {COMPANY}" for code in STATIONS])
    return here


@pytest.fixture
def anyuan(county: Callable[[str, int], County]) -> County:
    return county("360726", 2019)


def totals(here: County, *options: str) -> dict[tuple[str, str], tuple[int, int]]:
    asked = ("report", "rights", "--area", "360726", "--as-of", "2019-07-31", *options)
    rows = [row for row in here.program.json(*asked)["rows"] if row["row"] == "total"]
    return {(row["right"], row["holder_kind"]): (row["assets"], row["value_fen"]) for row in rows}


def test_villages_own_and_one_company_runs_152_stations(anyuan: County) -> None:
    here = owned(anyuan)
    whole = (152, 22_400 * PRICE_FEN)
    assert totals(here)["ownership", "village_collective"] == whole
    assert totals(here)["operation", "company"] == whole
    assert totals(here)["income", "unsettled"] == whole
    for year, (count, capacity) in BUILT.items():
        assert totals(here, "--year", str(year))["operation", "company"] == (count, capacity * PRICE_FEN)
    (found,) = here.program.json("right", "who", "D2017001", "--right", "经营权", "--as-of", "2019-07-01")["rights"]
    assert (found["status"], found["holdings"][0]["name"]) == ("held", COMPANY)


def test_the_entrusted_fee_at_its_cap_is_a_cost_before_the_villages_share(anyuan: County) -> None:
    here = owned(anyuan)
    entrusted = " ".join(f"--asset {code}" for code in STATIONS)
    sign = f"contract sign WT1 {entrusted} {ENTRUST} --return-share 100% --from 2019-02-01 --to 2024-01-31"
    here.does("2019-01-25", sign, "委托经营协议1号")
    assert len(here.program.json("contract", "show", "WT1")["assets"]) == 152
    here.does("2019-02-01", f"income open GF --name 光伏收益 {entrusted}")
    rule = "income rule GF --version 2019 --base net --cost om --line villages:152个村集体:100% --approval village_vote"
    here.does("2019-02-01", rule, "安远光伏分配办法")
    cap = sum(kilowatts for _, kilowatts in STATIONS.values()) * CAP_FEN
    assert cap == 672_000_00
    here.does("2019-12-31", "income post GF --period 2019 --amount 1600万元")
    here.does("2019-12-31", "income cost GF --period 2019 --cost om --amount 672000")
    here.does("2020-01-10", "income plan GF F1 --period 2019")
    (plan,) = here.program.json("income", "show", "GF")["plans"]
    assert (plan["base_fen"], plan["undistributed_fen"]) == (wan(1600) - cap, 0)

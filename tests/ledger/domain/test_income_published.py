"""Rules of distribution that were published, told as a county would enter them; the places are moved to the test area.

* 国开办司发〔2020〕3号: in 2020 at least 80 % of the income of power stations pays public posts and village labour;
  合肥日报 2020-09-03 prints every part of the city's account up to 25 August and the rate, 85.72 %.
* 灵台 (每日甘肃网 2020-05-09, 柳家铺 station): 70 % to the households, 20 % to the village, 10 % for daily management;
  from 2019-06 the costs of management first, of the rest 45 % to the village and 55 % to households that did public
  work.
* 长丰楼西: after rent and upkeep, at least 60 % of the net income to public posts.
* 双龙镇: a yearly plan by the village, checked by the town, filed with the county; no parts are fixed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import SCHEME
from ledger.domain.distribution import PlanDistribution, SetIncomeRule
from ledger.domain.income import OpenScheme, PostCost, PostIncome
from ledger.domain.payout import PayDistribution, ResolveDistribution
from ledger.events import DistributionPlanned
from ledger.money import percent

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

WAN = 10_000_00
LABOUR = {"payee": "labour", "name": "公益岗位和村级公益事业劳务", "share": "80%", "floor": True}


def line(payee: str, name: str, share: str, *, floor: bool = False) -> dict[str, Any]:
    return {"payee": payee, "name": name, "share": share, "floor": floor}


def rule(day: str, version: str, *lines: dict[str, Any], costs: tuple[str, ...] = (), **more: Any) -> Command:  # noqa: ANN401 - field values
    base = "net" if costs else "gross"
    fields = {"on": day, "scheme": "S1", "version": version, "base": base, "costs": costs, "lines": lines}
    return SetIncomeRule.of(**{**fields, "approvals": ("village_vote",), **more})


def earned(amount_fen: int, period: str, day: str) -> Command:
    return PostIncome.of(on=day, scheme="S1", period=period, amount_fen=amount_fen)


def spent(amount_fen: int, cost: str, period: str, day: str) -> Command:
    return PostCost.of(on=day, scheme="S1", period=period, cost=cost, amount_fen=amount_fen)


def plan(code: str, period: str, day: str, **given: int) -> Command:
    lines = tuple({"payee": payee, "amount_fen": fen} for payee, fen in given.items())
    return PlanDistribution.of(on=day, scheme="S1", plan=code, period=period, lines=lines)


def amounts(book: Book, command: Command) -> dict[str, int]:
    (event,) = book.do(command)
    assert isinstance(event, DistributionPlanned)
    return {each.payee: each.amount_fen for each in event.lines}


@pytest.fixture
def station(book: Book) -> Book:
    return book.up_to("identify").given(
        OpenScheme.of(on="2018-01-01", scheme="S1", name="光伏电站收益", assets=("A1",))
    )


def test_hefei_2020_meets_the_national_floor_after_necessary_costs(station: Book) -> None:
    """4,224,800 yuan earned; 211,400 of rent and upkeep; 3,051,100 of post wages and 389,200 of labour."""
    floor = rule("2020-01-01", "国开办司发〔2020〕3号", LABOUR, costs=("site", "om"))
    station.given(floor, earned(42_248 * WAN // 100, "2020", "2020-08-25"))
    station.given(spent(1_000 * WAN // 100, "site", "2020", "2020-08-25"))
    station.given(spent(1_114 * WAN // 100, "om", "2020", "2020-08-25"))
    posts, labour, net = 30_511 * WAN // 100, 3_892 * WAN // 100, 40_134 * WAN // 100
    early = plan("F1", "2020", "2020-08-26", labour=posts + labour)
    assert station.refuses(early).code == "date.before_cause"
    interim = early.model_copy(update={"reason": "8月25日前的收支先行分配"})
    (event,) = station.do(interim)
    assert isinstance(event, DistributionPlanned)
    assert (event.base_fen, event.undistributed_fen) == (net, net - posts - labour)
    assert percent(posts + labour, event.base_fen) == "85.72"


def test_less_than_the_national_floor_is_refused_by_a_single_fen(station: Book) -> None:
    station.given(rule("2020-01-01", "2020", LABOUR), earned(1_000_01, "2020", "2020-12-31"))
    refusal = station.refuses(plan("F1", "2020", "2021-01-05", labour=800_00))
    assert (refusal.code, "800.01" in refusal.message, "RF15" in refusal.rule) == ("income.floor_not_met", True, True)
    assert amounts(station, plan("F1", "2020", "2021-01-05", labour=800_01)) == {"labour": 800_01}


def test_the_floor_of_2020_binds_2020_and_no_other_year(station: Book) -> None:
    earlier = rule("2018-01-01", "2018", line("village", "村集体", "100%"))
    station.given(earlier, rule("2020-01-01", "2020", LABOUR, line("village", "村集体", "20%")))
    for year in (2019, 2020):
        station.given(earned(100_00, str(year), f"{year}-12-31"))
    assert amounts(station, plan("F19", "2019", "2021-01-05")) == {"village": 100_00}
    assert amounts(station, plan("F20", "2020", "2021-01-05")) == {"labour": 80_00, "village": 20_00}


OLD = (
    line("households", "配股贫困户", "70%"),
    line("village", "村集体经济", "20%"),
    line("station", "电站日常管理", "10%"),
)
NEW = (line("village", "村集体", "45%"), line("households", "参加公益劳动的贫困户", "55%"))


@pytest.fixture
def lingtai(station: Book) -> Book:
    return station.given(rule("2018-07-01", "2018", *OLD))


def test_lingtai_changes_its_rule_from_june_2019_and_not_before(lingtai: Book) -> None:
    lingtai.given(
        earned(10_000_00, "2018H2", "2018-12-31"),
        plan("F1", "2018H2", "2019-01-10"),
        earned(1_500_00, "2019-05", "2019-05-31"),
        rule("2019-06-01", "2019", *NEW, costs=("om",)),
        earned(9_000_00, "2019H2", "2019-12-31"),
        spent(1_000_01, "om", "2019H2", "2019-12-31"),
    )
    assert dict(lingtai.load(SCHEME, "S1").plans["F1"].lines) == {
        "households": 7_000_00,
        "village": 2_000_00,
        "station": 1_000_00,
    }
    # May was earned under the old rule, though its plan is made under the new one.
    assert amounts(lingtai, plan("F2", "2019-05", "2019-07-01")) == {
        "households": 1_050_00,
        "village": 300_00,
        "station": 150_00,
    }
    assert amounts(lingtai, plan("F3", "2019H2", "2020-01-10")) == {"village": 3_600_00, "households": 4_399_99}


def test_the_half_year_in_which_lingtai_changed_follows_the_rule_of_its_last_day(lingtai: Book) -> None:
    lingtai.given(rule("2019-06-01", "2019", *NEW, costs=("om",)), earned(100_00, "2019H1", "2019-06-30"))
    assert amounts(lingtai, plan("F1", "2019H1", "2019-07-01")) == {"village": 45_00, "households": 55_00}


def test_lingtai_cannot_rewrite_what_it_planned_under_the_old_rule(lingtai: Book) -> None:
    lingtai.given(earned(100_00, "2019H1", "2019-06-30"), plan("F1", "2019H1", "2019-07-01"))
    refusal = lingtai.refuses(rule("2019-06-01", "2019", *NEW, costs=("om",), reason="按新政策"))
    assert (refusal.code, "2019H1" in refusal.message) == ("income.rule_backwards", True)


def test_louxi_gives_sixty_per_cent_of_what_rent_and_upkeep_leave(station: Book) -> None:
    station.given(
        rule("2020-01-01", "2020", line("posts", "公益岗位", "60%", floor=True), costs=("site", "om")),
        earned(50_000_00, "2020", "2020-12-31"),
        spent(3_000_00, "site", "2020", "2020-12-31"),
        spent(2_000_00, "om", "2020", "2020-12-31"),
    )
    refusal = station.refuses(plan("F1", "2020", "2021-01-05", posts=26_999_99))
    assert (refusal.code, "27,000.00" in refusal.message) == ("income.floor_not_met", True)
    assert amounts(station, plan("F1", "2020", "2021-01-05", posts=30_000_00)) == {"posts": 30_000_00}


def test_shuanglong_plans_by_village_town_and_county(station: Book) -> None:
    payees = [("posts", "公益岗位"), ("works", "小型公益事业"), ("awards", "奖励补助")]
    steps = ("village_vote", "town_check", "county_filing")
    free = [line(payee, name, "0", floor=True) for payee, name in payees]
    station.given(rule("2021-01-01", "2021", *free, approvals=steps), earned(10_000_00, "2021", "2021-12-31"))
    station.given(plan("F1", "2021", "2022-01-05", posts=6_000_00, works=3_000_00, awards=500_00))
    days = ("2022-01-20", "2022-01-25", "2022-01-28")
    for step, day, body in zip(steps, days, ("村民代表会议", "镇政府", "县乡村振兴局"), strict=True):
        counts = {"members": 40, "in_favour": 35} if step == "village_vote" else {}
        step_taken = ResolveDistribution.of(on=day, scheme="S1", plan="F1", step=step, body=body, **counts)
        station.given(step_taken)
    paid = PayDistribution.of(on="2022-02-01", scheme="S1", plan="F1", payee="works", amount_fen=3_000_00)
    station.given(paid)
    assert station.load(SCHEME, "S1").plans["F1"].steps[-1][0] == "county_filing"

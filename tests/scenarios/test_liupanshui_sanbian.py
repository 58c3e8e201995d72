"""六盘水 «三变»: planting subsidies become shares of farmers (assets.md 2.2, [A24]; 农村集体经济组织法 §40).

Given by the source: 1643 yuan of planting subsidy for each mu were pooled as shares and take 10 % of the profit of each
mu. assumed: four households with 100 mu together, one company, its profit, days, codes and documents.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

MU = {
    "H-36SCB6C2ZO7FOPUT2J2FO3VR57": 15,
    "H-U2DB4CCBDQJN345MFNPM4YHA7O": 20,
    "H-ATNSMNIHXTUZEA2TV66NNHAPK4": 25,
    "H-WHPE3HAPVGEYODD7CRTMYRF2I7": 40,
}
WHOLE, SUBSIDY = sum(MU.values()), 1_643
SHARES = " ".join(f"--holder {code}:农户:{mu}/{WHOLE}" for code, mu in MU.items())
QUANTIFY = f"right set {{}} --right 收益权 --basis 按容量 {SHARES} --note 按入股亩数 --body members"
SIGN = (
    "contract sign H1 --asset JD --mode 入股 --operator C1 --operator-kind 企业 --from 2016-01-01 --to 2025-12-31"
    " --return profit --return-share 10%"
)


@pytest.fixture
def sanbian(county: Callable[[str, int], County]) -> County:
    """The pooled subsidy is an asset of the village; a road is one, too."""
    here = county("520203", 2015)
    where = "--area 520203 --year 2015 --origin 三变改革"
    value = SUBSIDY * WHOLE
    here.does(
        "2015-12-01", f"asset stocktake JD --name 猕猴桃基地股权 {where} --class 经营性 --form 股权 --value {value}"
    )
    here.does("2015-12-01", f"asset stocktake LU --name 机耕道 {where} --class 公益性 --value 5万元")
    for code in ("JD", "LU"):
        here.does("2015-12-02", f"asset notice {code} --holder V1:村集体 --from 2015-12-02 --to 2015-12-15")
        here.does("2015-12-16", f"asset confirm {code}")
    return here


def test_farmers_earn_by_the_mu_and_the_village_stays_the_owner(sanbian: County) -> None:
    here = sanbian
    assert here.does("2016-01-01", QUANTIFY.format("JD")) == ["right.set"]
    rights = {
        each["right"]: each for each in here.program.json("right", "who", "JD", "--as-of", "2016-06-01")["rights"]
    }
    earned = {each["holder"]: Fraction(each["numerator"], each["denominator"]) for each in rights["income"]["holdings"]}
    assert earned == {code: Fraction(mu, WHOLE) for code, mu in MU.items()}
    assert [each["kind"] for each in rights["ownership"]["holdings"]] == ["village_collective"]
    rows = here.report("rights", "--as-of", "2016-06-01")
    (households,) = [row for row in rows if (row["row"], row["holder_kind"]) == ("total", "household")]
    assert (households["right"], households["value_fen"]) == ("income", SUBSIDY * WHOLE * 100)


def test_a_tenth_of_the_profit_is_received_and_shared_by_the_mu(sanbian: County) -> None:
    here = sanbian
    here.does("2016-01-01", QUANTIFY.format("JD"))
    here.does("2016-01-01", SIGN, "入股协议1号")
    assert here.program.json("contract", "show", "H1")["yearly_fen"] is None
    tenth = 12_345_67
    here.does("2016-12-30", "contract receive H1 --amount 12345.67")
    here.does("2016-12-30", "income open S1 --name 股份分红 --asset JD")
    lines = " ".join(f"--line {code}:{code}户:{mu}/{WHOLE}" for code, mu in MU.items())
    here.does("2016-12-30", f"income rule S1 --version 1 --base gross {lines} --approval village_vote", "分红办法")
    here.does("2016-12-31", "income post S1 --period 2016 --amount 12345.67 --contract H1")
    here.does("2017-01-05", "income plan S1 F1 --period 2016")
    (plan,) = here.program.json("income", "show", "S1")["plans"]
    assert sum(each["planned_fen"] for each in plan["lines"]) == tenth


def test_a_road_is_not_quantified_and_the_land_of_the_village_is_not_divided(sanbian: County) -> None:
    by_delegates = QUANTIFY.format("JD").replace("members", "representatives")
    assert "RF36" in sanbian.refuses("2016-01-01", by_delegates, code="right.wrong_meeting")
    refusal = sanbian.refuses("2016-01-01", QUANTIFY.format("LU"), code="right.not_quantifiable")
    assert ("RF29" in refusal, "第四十条" in refusal) == (True, True)
    divided = f"right set JD --right 所有权 {SHARES}"
    assert "第三十六条" in sanbian.refuses("2016-01-01", divided, code="right.household_owner")
    short = QUANTIFY.format("JD").replace("40/100", "39/100")
    sanbian.refuses("2016-01-01", short, code="share.not_whole")

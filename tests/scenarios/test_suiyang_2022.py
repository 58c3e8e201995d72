"""绥阳 2022: a department lends transition funds to companies, four times (assets.md 4.1, [A18]; RF35).

Given by the source: debt investments of 300, 331, 120 and 80 万元 by 县农业农村局, 5 % a year, five years; the
one of 120 carries on that of 331. assumed: the rate and term of the two whose page is not readable;
yearly interest; companies, codes, documents and days of the month; that a
measure of the province is the legal basis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.conftest import wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

LENT = {"JYH": 300, "LJ": 331, "LJX": 120, "GSY": 80}
TERMS = {"JYH": ("2022-07-01", "2027-06-30"), "LJ": ("2022-03-01", "2027-02-28"), "GSY": ("2022-07-01", "2027-06-30")}
CLAUSES = "--clause 风险承担 --clause 退出 --clause 本金返还"
PAPER = "绥农发〔2022〕1号"


@pytest.fixture
def suiyang(county: Callable[[str, int], County]) -> County:
    """Four accepted projects formed three claims; the fourth added to one of them."""
    here = county("520323", 2022)
    issue = "fund issue --tranche SY1 --area 520323 --year 2022 --level 省级 --amount 831万元 --issuer 遵义市财政局"
    here.does("2022-01-10", issue, PAPER)
    heads = "项目编号 项目名称 地区代码 项目年度 项目类型 绩效目标 入库日期"
    here.files("projects", heads, [f"{code} 债权投资{code} 520323 2022 加工业 带动产业 2022-01-11" for code in LENT])
    heads = "项目编号 环节 日期 金额(元)"
    for step, day in (("批复", "2022-01-12"), ("列入计划", "2022-01-13")):
        here.files("milestones", "项目编号 环节 日期", [f"{code} {step} {day}" for code in LENT])
    rows = [f"SY1 {code} {amount}万元 2022-01-14 {PAPER}" for code, amount in LENT.items()]
    here.files("allocations", "批次编号 项目编号 金额(元) 日期 文号", rows)
    for step, day in (("开工", "2022-01-20"), ("完工", "2022-02-01"), ("验收", "2022-02-10")):
        here.files("milestones", "项目编号 环节 日期", [f"{code} {step} {day}" for code in LENT])
    for code in TERMS:
        formed = f"asset identify {code} --project {code} --name 对企业的债权 --class 经营性 --form 债权"
        here.does("2022-02-11", f"{formed} --value {LENT[code]}万元")
        notice = f"asset notice {code} --holder NYJ:国有单位 --from 2022-02-11 --to 2022-02-20"
        assert "RF35" in here.refuses("2022-02-11", notice, code="asset.state_invests")
        here.does("2022-02-11", notice, reason="省资产收益扶贫办法准许")
        here.does("2022-02-21", f"asset confirm {code}")
    here.does("2022-02-22", f"asset add-value LJ --project LJX --amount {LENT['LJX']}万元")
    return here


def lent(code: str, amount: int, clauses: str = CLAUSES) -> str:
    begin, end = TERMS[code]
    sign = f"contract sign H{code} --asset {code} --mode 债权投资 --operator C{code} --operator-kind 企业"
    principal = f"--due {end}:{amount}万元:本金"
    how = f"--return percent --return-share 5% --base-amount {amount}万元 --base 本金 --instalments {end[5:]}"
    return f"{sign} --from {begin} --to {end} {how} {principal} {clauses}"


def test_four_loans_stand_as_three_claims_of_the_department(suiyang: County) -> None:
    here = suiyang
    rows = here.report("rights", "--as-of", "2022-03-01")
    (owner,) = [row for row in rows if (row["row"], row["right"]) == ("total", "ownership")]
    assert (owner["holder_kind"], owner["assets"], owner["value_fen"]) == ("state_unit", 3, wan(831))
    assert here.program.json("asset", "show", "LJ")["value_fen"] == wan(451)


def test_five_per_cent_of_interest_a_year_and_the_principal_at_the_end(suiyang: County) -> None:
    here = suiyang
    for code, amount in (("JYH", 300), ("LJ", 451), ("GSY", 80)):
        here.does("2022-02-25", lent(code, amount), f"借款合同{code}")
        interest = [
            each for each in here.program.json("contract", "show", f"H{code}")["dues"] if each["what"] == "rent"
        ]
        assert sum(each["amount_fen"] for each in interest) == wan(amount) // 4
    dues = here.program.json("contract", "show", "HJYH")["dues"]
    assert [each["amount_fen"] for each in dues if each["what"] == "rent"] == [wan(15)] * 5
    assert [(each["on"], each["amount_fen"]) for each in dues if each["what"] == "principal"] == [
        ("2027-06-30", wan(300))
    ]
    here.does("2023-06-30", "contract receive HJYH --amount 15万元")
    early = "contract receive HJYH --what principal --amount 3000000.01"
    here.refuses("2023-06-30", early, code="contract.receipt_exceeds")


def test_a_fixed_return_says_who_bears_the_risk(suiyang: County) -> None:
    silent = suiyang.refuses("2022-02-25", lent("JYH", 300, "--clause 本金返还"), code="contract.clauses_missing")
    assert ("风险承担" in silent, "RF14" in silent) == (True, True)

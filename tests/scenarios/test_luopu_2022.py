"""洛浦 2022: a food park is let for 8 % of its audited cost and bought back in steps (assets.md 4.1, [A17]).

Given by the source: 1840 万元 of transition funds; three years at 8 % a year of the final audited fixed-
asset investment, half before 1 July and half before 31 December; then bought back by 10-50 % a step
within five years, without depreciation, and what is bought back earns nothing from that year; 30 % of
the income to the village, 70 % to poor households. assumed: that the audit found the whole 1840 万元; two
steps of one half; all codes, documents and days.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from tests.scenarios.conftest import wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

TERMS = (
    "--asset PARK --mode 租赁 --operator FOOD --operator-kind 企业 --operator-name 面食企业 --return percent"
    " --return-share 8% --base 决算审定的固定资产投资"
)
SIGN = f"contract sign H1 {TERMS} --from 2022-07-01 --to 2025-06-30"
HALVES = "--instalments 06-30,12-30"
STEPS = "--due 2025-09-01:920万元:回购款 --due 2026-06-30:920万元:回购款"
RULE = "income rule S1 --version 2022 --base gross --line village:村集体经济:30% --line households:贫困户:70%"
VOTE = "--body 成员代表会议 --members 45 --in-favour 40 --notice-to 2023-02-01"


@pytest.fixture
def luopu(county: Callable[[str, int], County]) -> County:
    """The park is built, audited, and owned by the village."""
    here = county("653224", 2022)
    issue = "fund issue --tranche LP1 --area 653224 --year 2022 --level 中央 --amount 1840万元 --issuer 和田地区财政局"
    here.does("2022-01-10", issue, "和财农〔2022〕1号")
    add = "project add PARK --name 特色面食产业园 --area 653224 --year 2022 --type 加工业 --goal 建成产业园"
    here.does("2022-01-11", add)
    for day, step in (
        ("2022-01-12", "project approve PARK"),
        ("2022-01-13", "project plan PARK --amount 1840万元"),
        ("2022-01-14", "fund allocate --tranche LP1 --project PARK --amount 1840万元"),
        ("2022-01-20", "project start PARK"),
        ("2022-04-18", "project complete PARK"),
        ("2022-05-10", "project accept PARK"),
        (
            "2022-05-11",
            "asset identify PARK --project PARK --name 面食产业园 --class 经营性 --value 1840万元 --provisional",
        ),
        ("2022-05-12", "asset notice PARK --holder V1:村集体 --from 2022-05-12 --to 2022-05-25"),
        ("2022-05-26", "asset confirm PARK"),
        ("2022-06-10", "project settle PARK --amount 1840万元 --auditor 洛浦县审计局"),
        ("2022-06-11", "asset finalise PARK --value 1840万元"),
    ):
        here.does(day, step, "洛农字〔2022〕1号")
    return here


def let(here: County) -> County:
    here.does("2022-06-20", f"{SIGN} --base-amount 1840万元 {HALVES}", "租赁合同1号")
    return here


def shown(here: County, contract: str) -> Any:  # noqa: ANN401 - what the program prints
    return here.program.json("contract", "show", contract)


def due(here: County, contract: str) -> list[tuple[str, str, int]]:
    return [(each["on"], each["what"], each["amount_fen"]) for each in shown(here, contract)["dues"]]


def test_eight_per_cent_of_the_audited_base_is_due_in_two_halves(luopu: County) -> None:
    luopu.refuses("2022-06-20", f"{SIGN} {HALVES}", "租赁合同1号", code="contract.return_unknown")
    here = let(luopu)
    half = 73_6000_00
    assert shown(here, "H1")["yearly_fen"] == 2 * half
    days = ("2022-12-30", "2023-06-30", "2023-12-30", "2024-06-30", "2024-12-30", "2025-06-30")
    assert due(here, "H1") == [(day, "rent", half) for day in days]
    here.does("2022-12-28", "contract receive H1 --amount 73.6万元")
    (whole,) = [row for row in here.report("contracts-due", "--as-of", "2023-08-01") if row["row"] == "total"]
    assert (whole["overdue"], whole["overdue_fen"], whole["coming"]) == (1, half, 0)


def test_what_is_bought_back_earns_nothing_from_then_on(luopu: County) -> None:
    here = let(luopu)
    again = f"contract sign H2 {TERMS} --from 2025-07-01 --to 2027-06-30 --base-amount 1840万元 {HALVES} {STEPS}"
    assert here.does("2024-12-20", f"{again} --renews H1", "回购协议1号")[:2] == ["contract.ended", "contract.signed"]
    step = "contract buy-back H2 --share 50% --price 920万元"
    here.refuses("2025-09-01", step, "回购协议1号", code="contract.buy_back_unpaid")
    here.does("2025-09-01", "contract receive H2 --what buy_back --amount 920万元")
    whole = step.replace("50%", "51%")
    assert "A17" in here.refuses("2025-09-01", whole, "回购协议1号", code="contract.buy_back_step")
    cheap = step.replace("920", "919")
    assert "第三十五条" in here.refuses("2025-09-01", cheap, "回购协议1号", code="contract.buy_back_cheap")
    moved = ["contract.bought_back", "asset.transferred", "right.set", "contract.amended"]
    assert here.does("2025-09-01", step, "回购协议1号") == moved
    assert owners(here, "2025-08-31") == {"V1": Fraction(1)}
    assert owners(here, "2025-09-01") == {"V1": Fraction(1, 2), "FOOD": Fraction(1, 2)}
    quarter = 36_8000_00
    days = ("2025-12-30", "2026-06-30", "2026-12-30", "2027-06-30")
    assert [each for each in due(here, "H2") if each[1] == "rent"] == [(day, "rent", quarter) for day in days]
    assert shown(here, "H2")["yearly_fen"] * 2 == shown(here, "H1")["yearly_fen"]
    here.does("2026-06-30", "contract receive H2 --what buy_back --amount 920万元")
    here.refuses("2026-06-30", "contract buy-back H2 --share 51% --price 940万元", code="contract.buy_back_too_much")
    here.does("2026-06-30", step, "回购协议1号")
    assert owners(here, "2026-06-30") == {"FOOD": Fraction(1)}
    assert [each for each in due(here, "H2") if each[1] == "rent"] == [(day, "rent", quarter) for day in days[:2]]
    bought = [fen for _, what, fen in due(here, "H2") if what == "buy_back"]
    assert sum(bought) == wan(1840)
    over = "contract receive H2 --what buy_back --amount 0.01"
    here.refuses("2026-07-01", over, code="contract.receipt_exceeds")


def test_a_step_of_buying_back_is_reversed_as_a_whole(luopu: County) -> None:
    here = let(luopu)
    here.does("2023-01-01", "contract buy-back H1 --share 1/3 --price 700万元", "协议", reason="试点先行")
    assert owners(here, "2023-01-02") == {"V1": Fraction(2, 3), "FOOD": Fraction(1, 3)}
    position = here.program.position()
    undone = here.does("2023-02-01", f"correct undo {position - 1}", "更正1号", reason="录入有误")
    assert undone == ["event.reversed"] * 4
    assert owners(here, "2023-02-01") == {"V1": Fraction(1)}
    assert shown(here, "H1")["yearly_fen"] == wan(1840) * 8 // 100


def owners(here: County, day: str) -> dict[str, Fraction]:
    rights = here.program.json("right", "who", "PARK", "--as-of", day)["rights"]
    (owned,) = [each["holdings"] for each in rights if each["right"] == "ownership"]
    return {each["holder"]: Fraction(each["numerator"], each["denominator"]) for each in owned}


def test_the_income_of_a_year_goes_three_to_seven_to_the_village_and_its_poor(luopu: County) -> None:
    here = let(luopu)
    here.does("2022-07-01", "income open S1 --name 产业园收益 --asset PARK")
    here.does("2022-07-01", f"{RULE} --approval village_vote", "洛浦方案1号")
    for day in ("2022-12-28", "2022-12-29"):
        here.does(day, "contract receive H1 --amount 36.8万元")
    here.does("2022-12-30", "income post S1 --period 2022H2 --amount 73.6万元 --contract H1")
    wrong = "income plan S1 F1 --period 2022H2 --line village:29.44万元 --line households:44.16万元"
    assert "220,800.00" in here.refuses("2023-01-10", wrong, code="income.rule_not_followed")
    here.does("2023-01-10", "income plan S1 F1 --period 2022H2")
    here.does("2023-01-20", f"income resolve S1 F1 --step village_vote {VOTE}")
    here.does("2023-02-02", "income pay S1 F1 --payee households --amount 51.52万元")
    (plan,) = here.program.json("income", "show", "S1")["plans"]
    assert [(each["payee"], each["planned_fen"]) for each in plan["lines"]] == [
        ("village", 22_0800_00),
        ("households", 51_5200_00),
    ]
    over = "income pay S1 F1 --payee households --amount 0.01"
    here.refuses("2023-02-02", over, code="income.exceeds")

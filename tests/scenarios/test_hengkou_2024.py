"""恒口 2024: thirty projects accepted and audited, the surplus of twenty-one arranged again (funds.md 7.1, [S7]).

Given by the source: the notice of 2024-12-27, thirty projects, all accepted and audited, a surplus of 87.680651 万元
from twenty-one of them that was planned anew, one amount of 0.160527 万元. assumed: that 0.160527 is the surplus of one
project and the others share the rest evenly; 50 万元 for each project; the new project; days and documents before.
恒口示范区 has no area code of its own, so it is recorded as 汉滨区.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from ledger.money import apportion, format_yuan
from tests.scenarios.conftest import Sums, wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

ISSUED, PLAN, AUDIT, ADJUSTED = "安财农〔2024〕3号", "恒农发〔2024〕5号", "恒审〔2024〕30号", "恒口示范区2024-12-27公告"
DAY = "2024-12-27"
SURPLUS, SMALLEST, EACH = 87_680_651, 160_527, wan(50)
CODES = [f"HK{number:02d}" for number in range(1, 31)]
LEFT = dict(zip(CODES, [SMALLEST, *apportion(SURPLUS - SMALLEST, [Fraction(1, 20)] * 20)], strict=False))
SURPLUSES = [f"确认结余 {code} {format_yuan(fen).replace(',', '')} {DAY} {AUDIT}" for code, fen in LEFT.items()]
SURPLUS_HEADS = "类型 项目编号 金额(元) 日期 文号"


def accepted(here: County) -> County:
    issue = "fund issue --tranche HK1 --area 610902 --year 2024 --level 中央 --amount 1500万元 --issuer 安康市财政局"
    here.does("2024-02-01", issue, ISSUED)
    heads = "项目编号 项目名称 地区代码 项目年度 项目类型 绩效目标 入库日期"
    here.files(
        "projects", heads, [f"{code} 产业路{code} 610902 2024 industry_road 建成产业路 2024-02-05" for code in CODES]
    )
    steps = [("批复", "2024-02-20"), ("列入计划", "2024-02-20"), ("开工", "2024-03-10")]
    steps += [("完工", "2024-09-01"), ("验收", "2024-10-15")]
    here.files("milestones", "项目编号 环节 日期", [f"{code} {step} {day}" for step, day in steps for code in CODES])
    heads = "批次编号 项目编号 金额(元) 日期 文号"
    here.files("allocations", heads, [f"HK1 {code} 50万元 2024-03-01 {PLAN}" for code in CODES])
    return here


def audited(here: County) -> County:
    """Every project is settled; of each, what the audit left is released, paid and reimbursed."""
    prices = {code: format_yuan(EACH - LEFT.get(code, 0)).replace(",", "") for code in CODES}
    settled = [f"{code} 决算审计 2024-12-10 {AUDIT} {price} 恒口示范区审计局" for code, price in prices.items()]
    here.files("milestones", "项目编号 环节 日期 文号 金额(元) 单位", settled)
    rows = [f"{step} {code} {price} 2024-12-20" for code, price in prices.items() for step in ("核拨", "支付", "报账")]
    here.files("payments", "类型 项目编号 金额(元) 日期", rows)
    return here


def planned_anew(here: County) -> County:
    here.files("recoveries", SURPLUS_HEADS, SURPLUSES)
    here.does(DAY, "project add NEW --name 冷链仓库 --area 610902 --year 2024 --type 仓储保鲜冷链 --goal 建库1座")
    here.does(DAY, "fund allocate --tranche HK1 --project NEW --cause 结余 --amount 876806.51", ADJUSTED)
    return here


@pytest.fixture
def hengkou(county: Callable[[str, int], County]) -> County:
    return county("610902", 2024)


def test_the_surplus_of_twenty_one_projects_is_planned_anew_to_the_fen(hengkou: County) -> None:
    here = planned_anew(audited(accepted(hengkou)))
    spent = wan(1500) - SURPLUS
    assert len(SURPLUSES) == 21
    assert here.money("--as-of", "2024-12-26") == Sums(wan(1500), 0, wan(1500), spent, spent)
    assert here.money("--as-of", DAY) == Sums(wan(1500), 0, wan(1500), spent, spent)
    assert here.stages("--as-of", DAY) == {"completed": 30, "reserve": 1}
    assert here.cites(ADJUSTED) == [("tranche.allocated", "HK1", SURPLUS), ("project.funded", "NEW", SURPLUS)]
    regained = [fen for act, _, fen in here.cites(AUDIT) if act == "tranche.regained"]
    assert (len(regained), sum(filter(None, regained)), regained[0]) == (21, SURPLUS, SMALLEST)
    assert here.program.json("fund", "show", "HK1")["regained"] == []
    here.files("milestones", "项目编号 环节 日期", [f"{code} 报账完结 2024-12-30" for code in CODES])


def test_no_surplus_before_every_project_is_settled(hengkou: County) -> None:
    here = accepted(hengkou)
    assert here.may_not_file("recoveries", SURPLUS_HEADS, SURPLUSES) == "surplus.not_settled"
    assert here.money("--as-of", DAY) == Sums(wan(1500), 0, wan(1500), 0, 0)


def test_no_surplus_without_audit_below_the_price_or_beyond_what_came_back(hengkou: County) -> None:
    here = audited(accepted(hengkou))
    here.refuses(DAY, "fund surplus --project HK01 --amount 1605.27", code="surplus.no_document")
    here.refuses(DAY, "fund surplus --project HK01 --amount 1605.28", AUDIT, code="payment.exceeds")
    here.does(DAY, "fund surplus --project HK01 --amount 1605.27", AUDIT)
    here.does(DAY, "project add NEW --name 冷链仓库 --area 610902 --year 2024 --type 仓储保鲜冷链 --goal 建库1座")
    more = "fund allocate --tranche HK1 --project NEW --cause 收回后再安排 --amount 1605.27"
    assert "0.00" in here.refuses(DAY, more, ADJUSTED, code="allocation.cause_exceeds")

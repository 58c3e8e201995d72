"""云溪 2024: a surplus goes to a new project, and a project that cannot be done is replaced (funds.md 7.1, [S8]).

Given by the source: the office, the day (2024-09-14), that one project's surplus went to a new project and that another
one was replaced, and one amount in yuan with cents (159,993.26). assumed: that this amount is the surplus; the names,
types and other amounts of the projects, the days before, and the numbers of all documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.conftest import Sums, wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

ISSUED, APPROVED, AUDITED, ADJUSTED = (
    "云财农〔2024〕1号",
    "云农组发〔2024〕2号",
    "云审〔2024〕9号",
    "云农组发〔2024〕8号",
)
DAY = "2024-09-14"
SURPLUS = 15_999_326


@pytest.fixture
def yunxi(county: Callable[[str, int], County]) -> County:
    """Two funded projects: the pond is built and audited below its money, the factory never starts."""
    here = county("430603", 2024)
    issue = "fund issue --tranche YX1 --area 430603 --year 2024 --level 省级 --amount 100万元 --issuer 岳阳市财政局"
    here.does("2024-03-01", issue, ISSUED)
    for code, name, kind, amount in (
        ("POND", "山塘清淤", "小型农田水利", "60万元"),
        ("SHOP", "加工车间", "加工业", "40万元"),
        ("ROAD", "产业路", "产业路和产业配套设施", "15万元"),
        ("PUMP", "提灌站", "小型农田水利", "40万元"),
    ):
        place = "--area 430603 --year 2024 --goal 按期建成"
        here.does("2024-03-02", f"project add {code} --name {name} --type {kind} {place} --estimate {amount}")
    for code, amount in (("POND", "60万元"), ("SHOP", "40万元")):
        here.does("2024-03-10", f"project approve {code}", APPROVED)
        here.does("2024-03-11", f"project plan {code} --amount {amount}", APPROVED)
        here.does("2024-03-12", f"fund allocate --tranche YX1 --project {code} --amount {amount}", APPROVED)
    here.does("2024-04-01", "project start POND")
    here.does("2024-06-01", "project complete POND")
    here.does("2024-06-10", "project accept POND")
    return here


def audited(here: County) -> County:
    here.does("2024-08-20", "project settle POND --amount 440006.74 --auditor 云溪区审计局", AUDITED)
    return here


def test_the_surplus_of_one_project_goes_to_a_new_one_and_another_project_is_replaced(yunxi: County) -> None:
    here = audited(yunxi)
    assert here.does(DAY, "fund surplus --project POND --amount 159993.26", AUDITED) == [
        "project.withdrawn",
        "tranche.regained",
    ]
    here.does(DAY, "fund allocate --tranche YX1 --project ROAD --cause 结余 --amount 159993.26", ADJUSTED)
    adjust = "fund adjust --from SHOP --to PUMP --cause 项目替换 --amount 40万元"
    assert here.does(DAY, adjust, ADJUSTED) == [
        "project.withdrawn",
        "tranche.regained",
        "tranche.allocated",
        "project.funded",
    ]
    here.does(DAY, "project replace SHOP --by PUMP", ADJUSTED, "村民不同意用地,无法实施")

    assert here.money() == Sums(wan(100), 0, wan(100), 0, 0)
    assert here.money("--as-of", "2024-09-13") == here.money()
    assert here.stages() == {"completed": 1, "replaced": 1, "reserve": 2}
    assert here.stages("--as-of", "2024-09-13") == {"completed": 1, "reserve": 3}
    projects = {each["project"]: each["funded_fen"] for each in here.program.json("project", "list")}
    assert projects == {"POND": wan(60) - SURPLUS, "ROAD": SURPLUS, "PUMP": wan(40), "SHOP": 0}
    assert here.cites(ADJUSTED) == [
        ("tranche.allocated", "YX1", SURPLUS),
        ("project.funded", "ROAD", SURPLUS),
        ("project.withdrawn", "SHOP", wan(40)),
        ("tranche.regained", "YX1", wan(40)),
        ("tranche.allocated", "YX1", wan(40)),
        ("project.funded", "PUMP", wan(40)),
        ("project.replaced", "SHOP", wan(40)),
    ]


def test_nothing_is_replaced_without_a_document_or_with_money_left_in_it(yunxi: County) -> None:
    adjust = "fund adjust --from SHOP --to PUMP --cause 项目替换 --amount 40万元"
    assert "R28" in yunxi.refuses(DAY, adjust, code="adjustment.no_document")
    notice = (
        f"doc add {ADJUSTED} --issuer 云溪区委农村工作领导小组办公室 --dated {DAY} --kind 调整文件 --title 调整项目"
    )
    yunxi.does(DAY, notice)
    yunxi.refuses("2024-09-13", adjust, ADJUSTED, code="adjustment.document_later")
    replace = "project replace SHOP --by PUMP --reason 无法实施"
    assert "400,000.00" in yunxi.refuses(DAY, replace, ADJUSTED, code="project.still_funded")
    yunxi.does(DAY, adjust, ADJUSTED)
    assert "R28" in yunxi.refuses(DAY, replace, code="project.replace_unapproved")
    yunxi.does(DAY, replace, ADJUSTED)
    yunxi.refuses(DAY, "fund allocate --tranche YX1 --project SHOP --amount 1", ADJUSTED, code="project.ended")


def test_a_surplus_waits_for_its_audit_and_gives_out_no_more_than_came_back(yunxi: County) -> None:
    surplus = "fund surplus --project POND --amount 159993.26"
    assert "R7" in yunxi.refuses(DAY, surplus, AUDITED, code="surplus.not_settled")
    here = audited(yunxi)
    here.refuses(DAY, "fund surplus --project POND --amount 159993.27", AUDITED, code="surplus.below_settlement")
    here.does(DAY, surplus, AUDITED)
    again = "fund allocate --tranche YX1 --project ROAD --cause 结余 --amount 159993.27"
    here.refuses(DAY, again, ADJUSTED, code="tranche.overdrawn")

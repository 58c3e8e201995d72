"""牟定 2022: money announced in December reaches the projects of three towns before February (funds.md 7.1, [S6]).

Given by the source: 楚财农〔2021〕147号, 2,576 万元 issued in advance, the towns' requests, 牟乡振字〔2022〕2号
(the county's own), 牟巩固振兴组发〔2022〕2号 (approval), 牟财农〔2022〕5号 (money and plan), the notice dated
01-30 and up from 01-31 to 02-06. assumed: that the money is central; every day before 01-30; the projects of the towns
with their amounts; the titles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.conftest import Sums, wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

ADVANCE, REQUEST = "楚财农〔2021〕147号", "牟乡振字〔2022〕2号"
APPROVAL, ALLOCATED = "牟巩固振兴组发〔2022〕2号", "牟财农〔2022〕5号"
ISSUE = (
    "fund issue --tranche MD2022-1 --area 532323 --year 2022 --level 中央 --advance --amount 2576万元"
    " --issuer 楚雄州财政局"
)
PROJECTS = {"GH": ("532323101", "1500万元"), "XQ": ("532323102", "800万元"), "JP": ("532323103", "276万元")}
NOTICE = (
    "notice publish MD-N1 --template allocation --title 2022年第一批衔接资金安排公示 --area 532323 --subject MD2022-1"
    " --subject GH --subject XQ --subject JP --channel 政府网站 --from 2022-01-31 --to 2022-02-06"
)


def requested(here: County) -> County:
    """The money is announced; towns declare, the county reviews and asks."""
    here.does("2021-12-20", ISSUE, ADVANCE)
    for code, (town, amount) in PROJECTS.items():
        where = f"--area 532323 --town {town} --year 2022 --type 种植业基地 --estimate {amount}"
        here.does("2022-01-05", f"project declare {code} --name 蔬菜基地{code} {where} --goal 建成投产")
        here.does("2022-01-12", f"project review {code}")
    kind = "--issuer 牟定县乡村振兴局 --dated 2022-01-18 --kind 请示 --title 关于2022年第一批衔接资金项目的请示"
    here.does("2022-01-18", f"doc add {REQUEST} {kind}")
    for code in PROJECTS:
        here.does("2022-01-18", f"project add {code}", REQUEST)
    return here


def allocated(here: County) -> County:
    """The leading group approves, and the finance bureau hands the money and the plan down."""
    for code, (_, amount) in PROJECTS.items():
        here.does("2022-01-24", f"project approve {code}", APPROVAL)
        here.does("2022-01-28", f"project plan {code} --amount {amount}", ALLOCATED)
        here.does("2022-01-28", f"fund allocate --tranche MD2022-1 --project {code} --amount {amount}", ALLOCATED)
    here.does("2022-01-30", NOTICE, ALLOCATED)
    return here


@pytest.fixture
def mouding(county: Callable[[str, int], County]) -> County:
    return county("532323", 2022)


def test_every_fen_of_the_advance_is_allocated_before_the_notice(
    county_on_each: Callable[[str, int], County],
) -> None:
    here = allocated(requested(county_on_each("532323", 2022)))
    assert here.money("--as-of", "2022-01-27") == Sums(wan(2576), wan(2576), 0, 0, 0)
    assert here.money() == Sums(wan(2576), 0, wan(2576), 0, 0)
    (tranche,) = here.report("balance")
    assert (tranche["document"], tranche["issued_fen"], tranche["unallocated_fen"]) == (ADVANCE, wan(2576), 0)
    (speed,) = [row for row in here.report("execution") if row["tranche"] == "MD2022-1"]
    assert (speed["days_to_allocation"], speed["handed_on_fen"]) == (39, wan(2576))
    assert here.stages("--as-of", "2022-01-10") == {"declared": 3}
    assert here.stages() == {"reserve": 3}
    towns = {row["town"]: row["projects"] for row in here.report("pipeline", "--by", "town") if row["projects"]}
    assert towns.pop(None) == 3
    assert towns == {town: 1 for town, _ in PROJECTS.values()}


def test_every_document_of_the_chain_names_the_acts_that_stand_on_it(mouding: County) -> None:
    here = allocated(requested(mouding))
    assert here.cites(ADVANCE) == [("tranche.issued", "MD2022-1", wan(2576))]
    assert {act for act, _, _ in here.cites(REQUEST)} == {"project.listed"}
    assert [whose for _, whose, _ in here.cites(APPROVAL)] == list(PROJECTS)
    acts = here.cites(ALLOCATED)
    moved = [fen for act, _, fen in acts if act == "project.funded"]
    assert (sum(filter(None, moved)), len(acts)) == (wan(2576), 10)
    assert acts[-1][:2] == ("notice.published", "MD-N1")
    (notice,) = here.program.json("notice", "list")
    assert (notice["from_on"], notice["to_on"], notice["subjects"]) == ("2022-01-31", "2022-02-06", 4)


def test_no_link_of_the_chain_can_be_skipped(mouding: County) -> None:
    here = mouding
    here.does("2021-12-20", ISSUE, ADVANCE)
    allocate = "fund allocate --tranche MD2022-1 --project GH --amount 1500万元"
    here.refuses("2022-01-28", allocate, ALLOCATED, code="project.unknown")
    declare = "project declare GH --name 蔬菜基地 --area 532323 --year 2022 --type 种植业基地 --goal 建成投产"
    here.does("2022-01-05", declare)
    here.refuses("2022-01-18", "project add GH", REQUEST, code="project.not_examined")
    here.does("2022-01-12", "project review GH")
    here.refuses("2022-01-28", allocate, ALLOCATED, code="project.not_listed")
    here.does("2022-01-18", "project add GH", REQUEST)
    here.refuses("2022-02-10", "project start GH", code="project.stage_order")
    here.refuses("2021-12-19", allocate, ALLOCATED, code="date.before_cause")
    assert "25,760,000.00" in here.refuses(
        "2022-01-28", allocate.replace("1500", "2577"), ALLOCATED, code="tranche.overdrawn"
    )


def test_the_same_advance_is_not_entered_twice(mouding: County) -> None:
    mouding.does("2021-12-20", ISSUE, ADVANCE)
    mouding.refuses("2021-12-20", ISSUE.replace("MD2022-1", "MD2022-2"), ADVANCE, code="document.used_twice")

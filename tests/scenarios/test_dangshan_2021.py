"""砀山 2021: money of the paired county, planned, handed to units, topped up, and used to the last fen (7.1, [S24]).

Given by the source (an audit by 广德, 广审〔2022〕1号): transfer on 06-30, plan approved on 07-19 by
砀扶组〔2021〕11号, indicator to the units on 08-10, top-up of 5 万元 on 12-16, 1,505 of 1,505 万元 used, one project
of 1,000 万元. assumed: the kind of money (社会帮扶); that the first transfer was 1,500; the other projects, the units,
the days of works and payments, and the numbers of the other documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.conftest import Sums, wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

TRANSFER, PLAN, INDICATOR, TOP_UP = (
    "广德拨付〔2021〕1号",
    "砀扶组〔2021〕11号",
    "砀财农〔2021〕8号",
    "广德拨付〔2021〕2号",
)
ISSUE = "fund issue --area 341321 --year 2021 --kind 社会帮扶 --level 其他 --direction 未分方向 --issuer 广德市财政局"
PROJECTS = {"PARK": ("产业园", "产业园(区)和标准化厂房", "1000"), "COLD": ("冷库", "仓储保鲜冷链", "500")}


def transferred(here: County) -> County:
    here.does("2021-06-30", f"{ISSUE} --tranche DS1 --amount 1500万元", TRANSFER)
    for code, (name, kind, _) in PROJECTS.items():
        place = "--area 341321 --year 2021 --goal 建成并移交村集体"
        here.does("2021-07-01", f"project add {code} --name {name} --type {kind} {place}")
    return here


def planned(here: County) -> County:
    for code, (_, _, amount) in PROJECTS.items():
        here.does("2021-07-19", f"project plan {code} --amount {amount}万元", PLAN)
        here.does("2021-07-19", f"project approve {code}", PLAN)
    return here


def handed_to_units(here: County) -> County:
    for code, (_, _, amount) in PROJECTS.items():
        unit = f"--child DS1-{code} --child-area 341321 --child-unit 砀山县{code}实施单位"
        here.does("2021-08-10", f"fund distribute --tranche DS1 {unit} --amount {amount}万元", INDICATOR)
        here.does("2021-08-10", f"fund allocate --tranche DS1-{code} --project {code} --amount {amount}万元", INDICATOR)
    return here


def topped_up(here: County) -> County:
    here.does("2021-12-16", f"{ISSUE} --tranche DS2 --amount 5万元", TOP_UP)
    here.does("2021-12-16", "fund allocate --tranche DS2 --project COLD --amount 5万元", TOP_UP)
    return here


def used(here: County) -> County:
    spent = [("PARK", "DS1-PARK", "1000"), ("COLD", "DS1-COLD", "500"), ("COLD", "DS2", "5")]
    for code in PROJECTS:
        here.does("2021-08-20", f"project start {code}")
    for code, tranche, amount in spent:
        here.does("2021-12-20", f"payment release {code} --tranche {tranche} --amount {amount}万元")
        here.does("2021-12-28", f"payment pay {code} --tranche {tranche} --amount {amount}万元 --payee-kind 企业")
    return here


@pytest.fixture
def dangshan(county: Callable[[str, int], County]) -> County:
    return county("341321", 2021)


def test_what_was_transferred_is_used_in_full(dangshan: County) -> None:
    here = used(topped_up(handed_to_units(planned(transferred(dangshan)))))
    assert here.money("--as-of", "2021-07-31") == Sums(wan(1500), wan(1500), 0, 0, 0)
    assert here.money("--as-of", "2021-08-10") == Sums(wan(1500), 0, wan(1500), 0, 0)
    assert here.money("--as-of", "2021-12-31") == Sums(wan(1505), 0, wan(1505), wan(1505), wan(1505))
    speed = {row["tranche"]: row for row in here.report("execution", "--as-of", "2021-12-31")}
    assert (speed["DS1"]["days_to_distribution"], speed["DS1"]["due_on"]) == (41, "2021-07-30")
    stayed, paid = (sum(row[name] for row in speed.values()) for name in ("stayed_fen", "paid_fen"))
    assert (stayed, paid) == (wan(1505), wan(1505))
    assert here.stages("--as-of", "2021-12-31") == {"started": 2}


def test_the_documents_lead_from_the_transfer_to_the_units(dangshan: County) -> None:
    here = topped_up(handed_to_units(planned(transferred(dangshan))))
    assert here.cites(TRANSFER) == [("tranche.issued", "DS1", wan(1500))]
    assert {act for act, _, _ in here.cites(PLAN)} == {"project.planned", "project.approved"}
    handed = [(act, whose, fen) for act, whose, fen in here.cites(INDICATOR) if act == "tranche.received"]
    assert handed == [("tranche.received", "DS1-PARK", wan(1000)), ("tranche.received", "DS1-COLD", wan(500))]
    assert here.cites(TOP_UP)[0] == ("tranche.issued", "DS2", wan(5))


def test_units_get_no_more_than_was_transferred_and_a_top_up_is_not_spent_before_it_comes(dangshan: County) -> None:
    here = handed_to_units(planned(transferred(dangshan)))
    more = "fund distribute --tranche DS1 --child DS1-X --child-area 341321 --child-unit 农业局 --amount 5万元"
    assert "0.00" in here.refuses("2021-08-10", more, INDICATOR, code="tranche.overdrawn")
    here.does("2021-12-16", f"{ISSUE} --tranche DS2 --amount 5万元", TOP_UP)
    early = "fund allocate --tranche DS2 --project COLD --amount 5万元"
    assert "2021-12-16" in here.refuses("2021-12-01", early, TOP_UP, code="date.before_cause")


def test_nothing_is_built_or_paid_before_the_plan_is_approved(dangshan: County) -> None:
    here = transferred(dangshan)
    here.refuses("2021-07-10", "project start PARK", code="project.stage_order")
    here.does("2021-07-10", "fund allocate --tranche DS1 --project PARK --amount 1000万元")
    here.does("2021-07-11", "payment release PARK --amount 1000万元")
    assert "R9" in here.refuses("2021-07-12", "payment pay PARK --amount 1000万元", code="payment.before_start")

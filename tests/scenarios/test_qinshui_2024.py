"""沁水 2024: a unit applies, the tenth direct payment is made, the asset gets an owner and a keeper (7.1, [S9]).

Given by the source: the notice of 2024-07-26, the tenth batch of direct payments with 252 万元; the unit applies,
township and sector approve, any change needs approval afresh; after acceptance ownership is stated, the custodian and
his duties are named. assumed: the project, its amounts beyond the batch, all other days, numbers of documents, owners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.conftest import Sums, wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

ISSUED, APPROVED, BATCH, ACCEPTED = (
    "晋市财农〔2024〕6号",
    "沁农批〔2024〕3号",
    "沁直付〔2024〕10号",
    "沁农验〔2024〕2号",
)
DECLARE = (
    "project declare HERB --name 连翘加工厂 --area 140521 --year 2024 --type 加工业 --unit-name 沁水县某镇人民政府"
    " --goal 建成厂房1座 --estimate 300万元"
)
IDENTIFY = "asset identify A1 --project HERB --name 连翘加工厂房 --class 经营性 --value 252万元"


def approved(here: County) -> County:
    issue = "fund issue --tranche QS1 --area 140521 --year 2024 --level 市级 --amount 300万元 --issuer 晋城市财政局"
    here.does("2024-02-20", issue, ISSUED)
    here.does("2024-03-01", DECLARE)
    here.does("2024-03-05", "project review HERB")
    here.does("2024-03-12", "project appraise HERB")
    here.does("2024-03-20", "project add HERB")
    here.does("2024-03-20", "project approve HERB", APPROVED)
    here.does("2024-03-20", "project plan HERB --amount 300万元", APPROVED)
    here.does("2024-03-25", "fund allocate --tranche QS1 --project HERB --amount 300万元", APPROVED)
    return here


def paid_directly(here: County) -> County:
    here.does("2024-04-01", "project start HERB")
    here.does("2024-07-26", "payment release HERB --amount 252万元", BATCH)
    here.does("2024-07-26", "payment pay HERB --amount 252万元 --payee-kind 企业", BATCH)
    return here


def accepted(here: County) -> County:
    here.does("2024-09-10", "project complete HERB")
    here.does("2024-09-20", "project accept HERB", ACCEPTED)
    return here


def owned_and_kept(here: County) -> County:
    here.does("2024-09-21", IDENTIFY, ACCEPTED)
    notice = "asset notice A1 --holder V1:村集体:1:某村股份经济合作社 --from 2024-09-22 --to 2024-09-30"
    here.does("2024-09-22", notice)
    here.does("2024-10-08", "asset confirm A1")
    here.does(
        "2024-10-10", "asset hand-over A1 --giver 某镇人民政府 --receiver 某村股份经济合作社 --supervisor 县农业农村局"
    )
    return here


@pytest.fixture
def qinshui(county: Callable[[str, int], County]) -> County:
    return county("140521", 2024)


def test_the_batch_goes_to_the_payee_and_the_asset_to_its_owner_and_keeper(qinshui: County) -> None:
    here = owned_and_kept(accepted(paid_directly(approved(qinshui))))
    assert here.money("--as-of", "2024-07-25") == Sums(wan(300), 0, wan(300), 0, 0)
    assert here.money("--as-of", "2024-12-31") == Sums(wan(300), 0, wan(300), wan(252), wan(252))
    assert here.cites(BATCH) == [("project.released", "HERB", wan(252)), ("project.paid", "HERB", wan(252))]
    payment = here.program.json("project", "show", "HERB")["events"][-4]["data"]
    assert (payment["payee_kind"], payment["amount_fen"]) == ("company", wan(252))
    owned = [row for row in here.report("rights", "--as-of", "2024-12-31") if row["right"] == "ownership"]
    assert {(row["holder_kind"], row["value_fen"]) for row in owned if row["value_fen"]} == {
        ("village_collective", wan(252))
    }
    handed = [
        each for each in here.program.json("asset", "show", "A1")["events"] if each["topic"] == "asset.handed_over"
    ]
    assert [each["data"]["receiver"] for each in handed] == ["某村股份经济合作社"]
    reached = here.program.json("project", "show", "HERB")["reached"]
    assert list(reached)[:6] == ["declared", "reviewed", "appraised", "listed", "approved", "planned"]


def test_the_money_waits_for_the_approval_of_township_and_sector(qinshui: County) -> None:
    here = qinshui
    here.does("2024-03-01", DECLARE)
    here.refuses("2024-03-02", "project appraise HERB", code="project.stage_order")
    here.refuses("2024-03-20", "project add HERB", code="project.not_examined")
    here.refuses("2024-07-26", "payment pay HERB --amount 252万元", BATCH, code="project.not_listed")


def test_a_change_needs_approval_afresh(qinshui: County) -> None:
    here = approved(qinshui)
    change = "project amend HERB --content 改建冷库"
    here.refuses("2024-05-01", change, code="project.amend_unapproved")
    here.does("2024-05-01", change, "沁农批〔2024〕5号")
    assert here.program.json("project", "show", "HERB")["record"]["content"] == "改建冷库"
    here.does("2024-05-01", "project add TEA --name 茶园 --area 140521 --year 2024 --type 种植业基地 --goal 建茶园")
    adjust = "fund adjust --from HERB --to TEA --amount 48万元"
    assert "R28" in here.refuses("2024-05-02", adjust, code="adjustment.no_document")


def test_no_more_is_paid_than_released_and_no_asset_is_confirmed_early(qinshui: County) -> None:
    here = paid_directly(approved(qinshui))
    assert "2,520,000.00" in here.refuses("2024-08-01", "payment pay HERB --amount 0.01", BATCH, code="payment.exceeds")
    here.refuses("2024-09-01", IDENTIFY, code="asset.not_accepted")
    accepted(here)
    here.does("2024-09-21", IDENTIFY, ACCEPTED)
    here.refuses("2024-09-21", "asset confirm A1", code="asset.step_order")

"""松阳 2023, fourth batch: one document hands out money and changes a project, and caps the price (7.1, 3.2, [S11]).

Given by the source (November 2023, 松阳县乡村振兴局 and 财政局): batch and change of a project's content in one
document, acceptance by the end of December, subsidy never above the audited price. assumed: the document's number, all
amounts, the projects, the days, and that acceptance is counted over the projects planned (the pack below).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.conftest import Sums, wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

ISSUED, BATCH, AUDIT = "丽财农〔2023〕20号", "松乡振〔2023〕45号", "松审〔2023〕77号"
PACK = """
pack = "songyang-2023"
version = "2023.4"
title = "松阳县 2023 年第四批项目要求"
source = "松阳县乡村振兴局、财政局 2023-11 第四批 [S11]"
jurisdiction = "331124"
extends = "base"

[[rate_set]]
id = "songyang-2023"
name = "松阳 2023 年第四批要求"
default = true
source = "松阳 2023 [S11]"

[[rate]]
set = "songyang-2023"
id = "acceptance"
name = "验收率"
unit = "projects"
numerator = "projects_accepted"
denominator = "projects_planned"
source = "松阳 2023 [S11];分母为 assumed"

[[target]]
id = "acceptance"
set = "songyang-2023"
rate = "acceptance"
by = "12-31"
percent = "100"
years = [2023]
jurisdiction = "331124"
source = "松阳 2023 第四批:12月底前完成验收 [S11]"
"""


def arranged(here: County) -> County:
    issue = "fund issue --tranche SY4 --area 331124 --year 2023 --level 省级 --amount 200万元 --issuer 丽水市财政局"
    here.does("2023-10-20", issue, ISSUED)
    for code, name, content, amount in (
        ("TEA", "茶园", "新建茶园100亩", "120万元"),
        ("MILL", "碾米厂", "厂房1座", "80万元"),
    ):
        place = "--area 331124 --year 2023 --type 种植业基地 --goal 年底前验收"
        here.does("2023-09-01", f"project add {code} --name {name} {place} --content {content} --estimate {amount}")
        here.does("2023-09-20", f"project approve {code}")
        here.does("2023-11-08", f"project plan {code} --amount {amount}", BATCH)
        here.does("2023-11-08", f"fund allocate --tranche SY4 --project {code} --amount {amount}", BATCH)
    here.does("2023-11-08", "project amend MILL --content 厂房1座及烘干线1条", BATCH)
    return here


def built(here: County) -> County:
    for code in ("TEA", "MILL"):
        here.does("2023-11-10", f"project start {code}")
        here.does("2023-12-15", f"project complete {code}")
    here.does("2023-12-25", "project accept TEA")
    return here


@pytest.fixture
def songyang(county: Callable[[str, int], County]) -> County:
    here = county("331124", 2023)
    pack = here.folder / "songyang-2023.toml"
    pack.write_text(PACK, encoding="utf-8")
    here.does("2023-11-08", f"rule adopt {pack}", BATCH)
    return here


def target(here: County, as_of: str) -> tuple[object, ...]:
    (row,) = [row for row in here.report("rates", "--as-of", as_of) if row["row"] == "total"]
    (aim,) = row["targets"]
    return aim["state"], row["numerator"], row["denominator"]


def test_one_document_allocates_the_batch_and_changes_a_project(songyang: County) -> None:
    here = arranged(songyang)
    acts = here.cites(BATCH)
    assert [act for act, _, _ in acts].count("project.funded") == 2
    assert ("project.amended", "MILL") in [each[:2] for each in acts]
    assert here.money("--as-of", "2023-11-08") == Sums(wan(200), 0, wan(200), 0, 0)
    record = here.program.json("project", "show", "MILL")["record"]
    assert (record["content"], record["estimate_fen"]) == ("厂房1座及烘干线1条", wan(80))


def test_whether_all_were_accepted_by_the_end_of_december_is_counted(songyang: County) -> None:
    here = built(arranged(songyang))
    assert target(here, "2023-12-20") == ("not_due", 0, 2)
    assert target(here, "2024-01-05") == ("missed", 1, 2)
    here.does("2023-12-30", "project accept MILL")
    assert target(here, "2024-01-05") == ("met", 2, 2)


def test_the_subsidy_keeps_to_the_audited_price(songyang: County) -> None:
    here = built(arranged(songyang))
    here.does("2023-12-27", "project settle TEA --amount 1150000.50 --auditor 县审计局", AUDIT)
    here.does("2023-12-28", "payment release TEA --amount 120万元")
    message = here.refuses(
        "2023-12-29", "payment pay TEA --amount 1150000.51 --reason 特批", code="payment.above_settlement"
    )
    assert ("R11" in message, "1,150,000.50" in message, "1,150,000.51" in message) == (True, True, True)
    here.does("2023-12-29", "payment pay TEA --amount 1150000.50")
    assert here.money("--as-of", "2023-12-31").paid == 115_000_050


def test_a_change_without_the_document_is_refused(songyang: County) -> None:
    here = arranged(songyang)
    here.refuses("2023-11-20", "project amend TEA --content 新建茶园80亩", code="project.amend_unapproved")
    here.refuses("2023-12-20", "project accept TEA", code="project.stage_order")

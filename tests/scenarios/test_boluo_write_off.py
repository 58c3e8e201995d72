"""博罗: planting inputs that could not be a fixed asset are written off, step by step (assets.md 3 and 4.6, [A19]).

Given by the source: short-lived planting of help projects was written off; village representatives' meeting, village
notice without objection, town party committee, town notice, letter to the county, county notice of five days, then the
write-off. assumed: the asset, its value, all days and counts of votes; one day of notice in the village and the town.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.conftest import wan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scenarios.conftest import County

VILLAGE = "V441322101201"
VOTE = "disposal vote A1 --body representatives --members 45 --present 40 --in-favour {} --notice-days 10 --party-first"
COUNTY_NOTICE = "disposal approve A1 --authority 博罗县农业农村局 --notice-days {}"


@pytest.fixture
def boluo(county_on_each: Callable[[str, int], County]) -> County:
    """A village owns what its planting of 2016 cost, and proposes to write it off."""
    here = county_on_each("441322", 2016)
    stock = "asset stocktake A1 --origin 2016年种植项目 --name 种苗肥料 --area 441322 --year 2016 --class 经营性"
    here.does("2021-03-01", f"{stock} --form 生物性资产 --value 12万元")
    owners = f"asset notice A1 --holder {VILLAGE}:村集体 --from 2021-03-01 --to 2021-03-10"
    here.does("2021-03-01", owners)
    here.does("2021-03-11", "asset confirm A1")
    here.does("2021-04-01", "disposal propose A1 --disposal CZ1 --why 消耗灭失 --way 核销")
    return here


def agreed(here: County) -> County:
    """Village, village notice and town have agreed; the county has not."""
    here.does("2021-04-10", VOTE.format(30))
    here.does("2021-04-12", "disposal approve A1 --authority 村民委员会 --notice-days 1")
    here.does("2021-04-20", "disposal approve A1 --authority 镇党委会议 --notice-days 1")
    return here


def standing(here: County, day: str) -> dict[str, int]:
    rows = here.report("rights", "--as-of", day)
    return {
        row["holder_kind"]: row["value_fen"] for row in rows if (row["row"], row["right"]) == ("total", "ownership")
    }


def test_the_asset_is_written_off_after_five_days_of_county_notice(boluo: County) -> None:
    here = agreed(boluo)
    here.does("2021-05-06", COUNTY_NOTICE.format(5))
    early = here.refuses("2021-05-10", "disposal carry-out A1", code="disposal.notice_running")
    assert ("2021-05-11" in early, "RF25" in early) == (True, True)
    written_off = here.does("2021-05-11", "disposal carry-out A1", "博农核销〔2021〕1号")
    assert written_off == ["asset.disposed", "right.set"]
    assert here.does("2021-05-12", "asset close A1 --why 已核销") == ["asset.closed"]
    assert standing(here, "2021-05-10") == {"village_collective": wan(12)}
    assert standing(here, "2021-05-11") == {}
    assert here.program.json("asset", "show", "A1")["life"] == "closed"
    here.program.ok("audit", "verify")
    here.program.ok("db", "compare")


def test_no_step_of_the_chain_is_left_out_or_cut_short(boluo: County) -> None:
    here = boluo
    here.refuses("2021-04-12", COUNTY_NOTICE.format(5), code="disposal.no_vote")
    assert "2/3" in here.refuses("2021-04-10", VOTE.format(29), code="disposal.vote_failed")
    agreed(here)
    missing = here.refuses("2021-05-06", "disposal carry-out A1", code="disposal.not_approved")
    assert "县级主管部门" in missing
    assert "少于 5 天" in here.refuses("2021-05-06", COUNTY_NOTICE.format(4), code="disposal.chain_notice")
    here.does("2021-05-06", COUNTY_NOTICE.format(5))
    here.refuses("2021-05-07", COUNTY_NOTICE.format(5), code="disposal.chain_done")

"""A county's year, command by command, on both databases: what was typed comes out of every report and register."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Program


def test_every_report_shows_the_year(year: Program) -> None:
    share = {
        row["pair"]: row for row in year.json("report", "share", "--year", "2022")["rows"] if row["row"] == "total"
    }
    assert (share["N1/D1"]["numerator_fen"], share["N1/D1"]["denominator_fen"]) == (3_000_000_00, 10_000_000_00)
    assert (share["N1/D1"]["percent"], share["N1/D1"]["met"]) == ("30.00", False)
    assert share["N2/D1"]["numerator_fen"] == 1_500_000_01

    county = ("--year", "2022", "--area", "520203")
    rates = {row["rate"]: row["percent"] for row in year.json("report", "rates", *county)["rows"]}
    assert rates == {"start": "100.00", "completion": "100.00", "spending": "30.00", "reimbursement": "33.33"}

    rights = year.json("report", "rights", *county)["rows"]
    held = {(row["right"], row["holder_kind"]): row["value_fen"] for row in rights}
    assert held["ownership", "village_collective"] == held["operation", "company"] == 3_000_000_00

    balance = {
        row["tranche"]: row["unallocated_fen"] for row in year.json("report", "balance", "--year", "2022")["rows"]
    }
    assert balance == {"T1": 5_000_000_00, "T2": 2_000_000_00}


def test_every_register_shows_the_year(year: Program) -> None:
    (project,) = year.json("project", "list")
    assert (project["stage"], project["funded_fen"], project["paid_fen"]) == ("accepted", 3_000_000_00, 1_500_000_01)
    (asset,) = year.json("asset", "list", "--area", "520203", "--year", "2022")
    assert (asset["stage_name"], asset["value_fen"]) == ("入账", 3_000_000_00)
    assert [(row["holder"], row["numerator"], row["denominator"]) for row in year.json("right", "list")] == [
        ("", 0, 1),
        ("C1", 1, 1),
        ("V1", 1, 3),
        ("V2", 2, 3),
    ]
    (notice,) = year.json("notice", "list")
    assert (notice["notice"], notice["subjects"]) == ("N1", 2)
    assert [row["tranche"] for row in year.json("fund", "list")] == ["T1", "T2"]
    assert year.json("project", "list", "--area", "520201") == []


def test_one_thing_is_shown_with_its_state_and_its_whole_history(year: Program) -> None:
    project = year.json("project", "show", "P1")
    assert project["funding"][0]["released_fen"] == 2_000_000_00
    assert [event["topic"] for event in project["events"]][:3] == [
        "project.listed",
        "project.approved",
        "project.planned",
    ]
    assert year.json("fund", "show", "T2")["available_fen"] == 2_000_000_00
    assert set(year.json("asset", "show", "A1")["rights_since"]) == {"ownership", "operation", "disposal"}
    for shown in (
        "project show P1",
        "fund show T2",
        "asset show A1",
        "report share --year 2022",
        "report rates --year 2022",
    ):
        assert "(没有)" not in year.ok(*shown.split())


def test_the_year_verifies_and_every_entry_can_be_seen(year: Program) -> None:
    verified = year.json("audit", "verify")
    assert (verified["ok"], verified["events"], verified["findings"]) == (True, year.position(), [])
    assert year.json("db", "compare") == []
    log = year.json("audit", "log", "--from", "1", "--limit", "1000")
    assert [row["position"] for row in log] == list(range(1, year.position() + 1))
    assert {row["actor"] for row in log} == {"张三"}
    position = next(row["position"] for row in log if row["topic"] == "tranche.allocated")
    entry = year.json("audit", "show", str(position))
    assert (entry["other_half"], entry["data"]["amount_fen"]) == ([position + 1], 3_000_000_00)
    assert [row["position"] for row in year.json("audit", "log", "--stream", "asset:A1", "--limit", "2")] == sorted(
        row["position"] for row in log if row["stream"] == "asset:A1"
    )[-2:]


def test_the_facts_can_be_rebuilt_at_any_time(year: Program) -> None:
    before = year.json("report", "balance", "--year", "2022")
    assert year.json("db", "rebuild") == {"position": year.position()}
    assert year.json("report", "balance", "--year", "2022") == before


def test_a_correction_cancels_both_legs_and_the_past_still_shows_the_mistake(year: Program) -> None:
    year.ok(*["fund", "allocate", "--tranche", "T2", "--project", "P1", "--amount", "1元", "--date", "2022-02-01"])
    mistake = year.position() - 1
    undone = year.json(*f"correct undo {mistake} --reason 重复安排 --doc 更正1号 --date 2022-12-01".split())
    assert [event["data"]["reversed_position"] for event in undone["events"]] == [mistake, mistake + 1]
    assert year.json("fund", "show", "T2")["available_fen"] == 2_000_000_00

    def unallocated(*when: str) -> dict[str, int]:
        rows = year.json("report", "balance", "--year", "2022", *when)["rows"]
        return {row["tranche"]: row["unallocated_fen"] for row in rows}

    assert unallocated()["T2"] == 2_000_000_00
    assert unallocated("--known-at", str(mistake + 1))["T2"] == 2_000_000_00 - 100
    assert unallocated("--as-of", "2022-01-12")["T2"] == 5_000_000_00
    assert "已由第" in year.ok("fund", "show", "T2")

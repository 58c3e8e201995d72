"""The project and year reports as people read them: Chinese tables with the numbers that were recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program

REPORTS = ("pipeline", "progress", "performance", "findings", "arrears", "targets", "quarterly")
COUNTY = ("--area", "520203", "--year", "2022")


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_of_an_empty_ledger_is_chinese_and_says_what_it_stands_on(program: Program, name: str) -> None:
    said = program.ok("report", name)
    assert "六盘水市" in said.splitlines()[0]
    assert f"账本第 {program.position()} 号" in said.splitlines()[0]
    assert re.findall(r"None|True|False|[a-z]+_[a-z]+", said) == []
    assert program.json("report", name)["report"] == name
    assert program.ok("-f", "csv", "report", name).startswith("范围,")


def test_the_pipeline_counts_the_accepted_project_as_completed(built: Program) -> None:
    (completed,) = (
        line.split() for line in built.ok("report", "pipeline", *COUNTY).splitlines() if "竣工" in line.split()
    )
    assert completed[-4:] == ["1", "0.00", "3,000,000.00", "1,500,000.01"]


def test_progress_is_set_against_time(built: Program) -> None:
    said = built.ok("report", "progress", *COUNTY, "--as-of", "2022-05-31")
    (spending,) = (line for line in said.splitlines() if "资金支出率" in line)
    assert "30.00%" in spending
    assert "41.67%(5/12)" in spending
    assert "-11.67 个百分点" in spending
    assert "超过 60 天没有进展" in said


def test_a_quarter_is_named_by_number(built: Program) -> None:
    said = built.ok("report", "quarterly", *COUNTY, "--quarter", "2")
    assert "2022Q2 季度报告" in said
    assert "报送(期限 2022-06-25)" in said
    assert "未报 5 天" in said
    assert "截至 2022-06-30" in said
    assert built.json("report", "quarterly", *COUNTY, "--quarter", "2")["rows"][0]["assets_identified"] == 1


def test_what_has_no_types_says_how_to_ask(program: Program) -> None:
    exit_code, error = program.refused("report", "findings", "--by", "type")
    assert (exit_code, error["code"], error["hint"]) == (1, "report.no_types", "请用 --by area 或 --by town")
    assert program.refused("report", "quarterly", "--by", "town")[1]["code"] == "report.only_areas"
    assert program.run("report", "quarterly", "--quarter", "5").exit_code == 2

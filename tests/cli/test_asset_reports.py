"""The reports on assets in use as people read them, over what the program's own commands recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program

REPORTS = ("asset-rates", "income", "contracts-due", "upkeep-due", "idle")
COUNTY = ("--area", "520203")
IN_USE = (
    "rule adopt base --date 2022-01-01",
    "asset confirm A1 --date 2022-06-11",
    (
        "contract sign K1 --asset A1 --mode 租赁 --operator C1 --operator-kind 企业 --operator-name 洛河公司"
        " --from 2022-07-01 --to 2024-06-30 --return percent --return-share 8% --base-amount 300万元"
        " --instalments 06-30,12-31 --date 2022-06-30"
    ),
    "contract receive K1 --amount 100000 --date 2022-12-30",
    "income open S1 --name 大棚收益 --asset A1 --date 2022-07-01",
    "income post S1 --period 2022 --amount 100000 --contract K1 --date 2022-12-30",
    "income cost S1 --period 2022 --cost om --amount 4000 --date 2022-12-30",
    "condition assess A1 --condition 停用 --date 2023-03-01",
    "revival open A1 --revival R1 --measure 引进经营者 --by 农业农村局 --deadline 2023-06-30 --date 2023-03-02",
)


@pytest.fixture
def in_use(built: Program) -> Program:
    """The ledger with an asset let, earning and then standing."""
    for command in IN_USE:
        built.ok(*command.split())
    return built


def line_of(said: str, *words: str) -> list[str]:
    (found,) = (line.split() for line in said.splitlines() if set(words) <= set(line.split()))
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_of_an_empty_ledger_is_chinese_and_says_what_it_stands_on(program: Program, name: str) -> None:
    program.ok("rule", "adopt", "base", "--date", "2022-01-01")
    said = program.ok("report", name)
    assert "六盘水市" in said.splitlines()[0]
    assert f"账本第 {program.position()} 号" in said.splitlines()[0]
    assert re.findall(r"None|True|False|[a-z]+_[a-z]+", said) == []
    assert program.json("report", name)["report"] == name.replace("-", "_")
    assert program.ok("-f", "csv", "report", name).startswith("范围,")


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_of_the_code_shows_in_a_report_with_figures(in_use: Program, name: str) -> None:
    said = in_use.ok("report", name, *COUNTY, "--as-of", "2023-07-31")
    assert re.findall(r"None|True|False|[a-z]+_[a-z]+", said) == []


def test_rates_of_assets_show_both_integers_and_that_they_are_assumed(in_use: Program) -> None:
    said = in_use.ok("report", "asset-rates", *COUNTY, "--as-of", "2022-12-31")
    assert line_of(said, "确权率(按价值)")[-4:] == ["3,000,000.00", "3,000,000.00", "元", "100.00%"]
    assert line_of(said, "登记率(按项目数)")[-4:] == ["1", "1", "个项目", "100.00%"]
    assert line_of(said, "移交率(按数量)")[-4:] == ["0", "1", "项资产", "0.00%"]
    assert line_of(said, "收益到账率")[-4:] == ["100,000.00", "120,000.00", "元", "83.33%"]
    assert line_of(said, "收益率(净收益)")[-4:] == ["96,000.00", "1,500,000.00", "元", "6.40%"]
    assert "暂定,未见文件规定" in said


def test_what_is_overdue_and_what_is_coming(in_use: Program) -> None:
    said = in_use.ok("report", "contracts-due", *COUNTY, "--as-of", "2023-06-01", "--days", "30")
    first, second = (line.split() for line in said.splitlines() if line.startswith("K1"))
    assert first[4:] == ["2022-12-31", "120,000.00", "100,000.00", "20,000.00", "152", "天", "拖欠"]
    assert second[4:] == ["2023-06-30", "120,000.00", "0.00", "120,000.00"]
    assert "拖欠(RF12):逾期超过 30 日" in said
    exit_code, error = in_use.refused("report", "contracts-due", "--days", "99999")
    assert (exit_code, error["code"]) == (1, "report.days")


def test_a_contract_past_its_last_day_is_listed_with_its_days(in_use: Program) -> None:
    said = in_use.ok("report", "contracts-due", *COUNTY, "--as-of", "2024-07-31")
    assert "已过 31 天" in said


def test_income_of_a_period_and_what_the_contract_owes(in_use: Program) -> None:
    said = in_use.ok("report", "income", *COUNTY, "--as-of", "2022-12-31")
    row = line_of(said, "S1", "2022")
    amounts = ["100,000.00", "4,000.00", "96,000.00", "0.00", "96,000.00", "0.00", "0.00"]
    assert row[-10:] == ["2022", *amounts, "运维费", "4,000.00"]
    assert "83.33%" in said


def test_an_idle_asset_and_the_plan_that_is_late(in_use: Program) -> None:
    said = in_use.ok("report", "idle", *COUNTY, "--as-of", "2023-07-01")
    assert line_of(said, "A1", "盘活中")[2:] == [
        *("停用", "2022-06-02", "394", "3,000,000.00", "盘活中", "农业农村局", "2023-06-30", "超期"),
    ]
    assert "超期(RF18):闲置满 12 个月未立项盘活,或盘活逾期" in said


def test_a_public_asset_without_a_unit_is_due(in_use: Program) -> None:
    classify = "asset classify A1 --class 公益性 --authority 县政府 --reason 改作公用 --date 2023-04-01"
    in_use.ok(*classify.split())
    said = in_use.ok("report", "upkeep-due", *COUNTY, "--as-of", "2023-07-01")
    assert "未落实" in line_of(said, "A1", "公益性")

    assign = "upkeep assign A1 --by 村委会 --times 12 --date 2023-04-01"
    in_use.ok(*assign.split())
    said = in_use.ok("report", "upkeep-due", *COUNTY, "--as-of", "2023-07-01")
    assert "0/3" in line_of(said, "A1", "公益性")


def test_dues_and_accounts_have_no_towns(program: Program) -> None:
    for name in ("income", "contracts-due"):
        assert program.refused("report", name, "--by", "town")[1]["code"] == "report.only_areas"

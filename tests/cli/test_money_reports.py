"""The reports on money, as a bureau sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program

ASKED = ("--year", "2022", "--as-of", "2022-12-31")


@pytest.fixture
def adopted(built: Program) -> Program:
    """The ledger with a project built, under the shipped rules."""
    built.ok("rule", "adopt", "base", "--date", "2022-01-01")
    return built


def cells(line: str) -> list[str]:
    return line.split()


def test_flow_shows_every_stream_from_source_to_payee(adopted: Program) -> None:
    shown = adopted.ok("report", "flow", *ASKED)

    county = next(line for line in shown.splitlines() if line.startswith("六枝特区"))
    assert cells(county)[1:3] == ["衔接资金", "中央"]
    assert cells(county)[4:] == [
        *("5,000,000.00", "0.00", "0.00", "2,000,000.00", "3,000,000.00"),
        *("1,000,000.00", "2,000,000.00", "499,999.99", "1,500,000.01"),
    ]
    total = next(line for line in shown.splitlines() if line.startswith("六盘水市 合计") and "全部" in line)
    assert cells(total)[5:8] == ["10,000,000.00", "0.00", "0.00"]


def test_aging_shows_idle_money_its_days_and_the_rule(adopted: Program) -> None:
    shown = adopted.ok("report", "aging", "--as-of", "2025-01-01")

    county = next(line for line in shown.splitlines() if line.startswith("T2"))
    assert cells(county)[4:] == [
        *("2022-01-09", "1088", "2,000,000.00", "1,000,000.00", "499,999.99", "3,499,999.99", "应收回"),
    ]
    assert "应收回(R6):预算年度结束满 2 年仍未支付" in shown
    assert "更久" in shown


def test_own_input_says_whether_it_is_less_than_last_year(adopted: Program) -> None:
    for year, amount in (("2021", "200万元"), ("2022", "199万元")):
        adopted.ok(
            *("fund", "issue", "--tranche", f"C{year}", "--area", "520203", "--year", year, "--level", "县级"),
            *("--amount", amount, "--issuer", "县财政局", "--doc", f"六财农〔{year}〕9号", "--date", "2022-01-06"),
        )
    shown = adopted.ok("report", "own-input", "--year", "2022", "--as-of", "2022-12-30")

    county = next(line for line in shown.splitlines() if line.startswith("六枝特区"))
    assert cells(county)[1:] == ["县级", "2022", "1,990,000.00", "2,000,000.00", "-10,000.00", "低于上年"]
    assert "保持市、县两级投入力度不减" in shown
    assert "尚未结束" in shown
    assert "尚未结束" not in adopted.ok("report", "own-input", "--year", "2022", "--as-of", "2022-12-31")


def test_execution_shows_days_and_shares(adopted: Program) -> None:
    shown = adopted.ok("report", "execution", *ASKED)

    city = next(line for line in shown.splitlines() if line.startswith("T1"))
    assert cells(city)[3:] == ["2022-01-05", "4", "2022-02-04", "50.00%", "50.00%", "0.00%"]
    county = next(line for line in shown.splitlines() if line.startswith("T2"))
    assert cells(county)[3:] == ["2022-01-09", "4", "2022-02-08", "60.00%", "60.00%", "30.00%"]
    assert "30 日" in shown


def test_tilt_shows_the_share_of_key_counties(adopted: Program) -> None:
    shown = adopted.ok("report", "tilt", *ASKED)

    county = next(line for line in shown.splitlines() if line.startswith("六枝特区") and "全部" in line)
    assert cells(county)[1:] == ["省级重点帮扶县", "全部", "5,000,000.00", "10,000,000.00", "50.00%"]
    assert "水城区国家乡村振兴重点帮扶县" in shown


def test_relocation_shows_a_dash_where_there_is_no_such_money(adopted: Program) -> None:
    shown = adopted.ok("report", "relocation", *ASKED)

    total = next(line for line in shown.splitlines() if line.startswith("六盘水市 合计"))
    assert cells(total)[1:] == ["合计", "使用率(按资金任务方向)", "0.00", "0.00", "0.00", "—"]
    assert "使用率(按项目类型):易地搬迁后扶类项目实际支付的资金 ÷ 安排到易地搬迁后扶类项目的资金" in shown


@pytest.mark.parametrize("name", ["flow", "aging", "own-input", "execution", "tilt", "relocation"])
def test_each_prints_json_and_csv_and_refuses_an_unknown_area(adopted: Program, name: str) -> None:
    answer = adopted.json("report", name, "--year", "2022")
    assert answer["report"] == name.replace("-", "_")
    assert adopted.ok("-f", "csv", "report", name, "--year", "2022").count("\n") == len(answer["rows"]) + 1

    code, error = adopted.refused("report", name, "--area", "999999")
    assert (code, error["code"]) == (1, "area.unknown")

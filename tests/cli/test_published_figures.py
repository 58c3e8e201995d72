"""Published figures at the command line: taken in as printed, or refused at their row and column, and never counted."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.cli.conftest import Program

ROW: dict[str, str] = {
    "地区": "六枝特区",
    "截至日期": "2022-05-31",
    "计划年度": "2022",
    "公布日期": "2022-06-05",
    "文号": "通报1号",
}
FIGURE = ROW | {"指标": "paid", "公布数": "150", "单位": "万元"}


def sheet(folder: Path, *rows: Mapping[str, str]) -> str:
    file = folder / "通报.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(file)


def problems(program: Program, file: str, kind: str) -> list[tuple[int, str, str]]:
    """Return row, column and code of what a check finds; nothing may have been recorded."""
    before = program.position()
    done = program.run("-f", "json", "import", "check", file, "--kind", kind)
    assert (done.exit_code, program.position()) == (1, before)
    found: list[dict[str, Any]] = json.loads(done.stdout)["problems"]
    return [(each["row"], each["column"].partition(" ")[0], each["code"]) for each in found]


def test_a_figure_stands_beside_the_ledgers_and_changes_nothing_in_it(built: Program, tmp_path: Path) -> None:
    before = built.json("report", "flow", "--year", "2022")["rows"]
    file = sheet(tmp_path, FIGURE, FIGURE | {"指标": "kezhou-2021/start", "公布数": "100.00", "单位": "%"})
    told = built.json("import", "apply", file, "--kind", "published")
    assert [(event["topic"], event["data"]["value"]) for event in told["events"][:2]] == [
        ("figure.reported", "150"),
        ("figure.reported", "100.00"),
    ]
    assert told["amounts_fen"] == {}
    shown = built.ok("report", "discrepancies", "--year", "2022", "--area", "520203")
    assert "1,500,000.01" in shown
    assert "舍入后一致 1 个" in shown
    assert built.json("report", "flow", "--year", "2022")["rows"] == before
    again = built.json("import", "apply", file, "--kind", "published")
    assert (again["repeated"], again["last"]) == (True, told["last"])


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"公布数": "约150"}, "E", "figure.not_a_number"),
        ({"公布数": "0.333333333333"}, "E", "figure.not_a_number"),
        ({"单位": "吨"}, "F", "code.unknown"),
        ({"单位": "%"}, "", "figure.unit"),
        ({"指标": "无此指标"}, "", "figure.measure_unknown"),
        ({"地区": "无此县"}, "", "area.unknown_name"),
        ({"文号": ""}, "", "figure.no_document"),
        ({"截至日期": "2022-06-06"}, "", "date.before_cause"),
        ({"小数位数": "50"}, "K", "command.field"),
    ],
)
def test_what_is_wrong_with_a_figure_is_told_at_its_row(
    built: Program, tmp_path: Path, change: dict[str, str], column: str, code: str
) -> None:
    order = (
        "地区",
        "截至日期",
        "计划年度",
        "指标",
        "公布数",
        "单位",
        "公布日期",
        "文号",
        "比率组",
        "公布单位",
        "小数位数",
    )
    row = {name: (FIGURE | change).get(name, "") for name in order}
    assert problems(built, sheet(tmp_path, row), "published") == [(2, column, code)]


def test_a_field_within_a_figure_is_named_in_chinese(built: Program, tmp_path: Path) -> None:
    said = built.run("import", "check", sheet(tmp_path, FIGURE | {"小数位数": "50"}), "--kind", "published")
    assert "小数位数 太大" in said.stdout
    assert "figures" not in said.stdout


def test_a_table_leaves_out_what_was_not_published_and_asks_whose_a_total_is(built: Program, tmp_path: Path) -> None:
    county = ROW | {"计划项目数": "1", "开工率": "100%", "到位资金(万元)": "—", "支付资金(万元)": "150"}
    whole = county | {"地区": "合计", "开工率": "/", "支付资金(万元)": "0.015亿元"}
    file = sheet(tmp_path, county, whole)
    assert problems(built, file, "published_table") == [(3, "", "area.unknown_name")]
    told = built.json("import", "apply", file, "--kind", "published_table", "--word", "地区:合计=520200")
    figures = [event["data"] for event in told["events"] if event["topic"] == "figure.reported"]
    assert [(each["area"], each["measure"], each["value"], each["unit"]) for each in figures] == [
        ("520203", "projects_planned", "1", "count"),
        ("520203", "gz-silv-default/start", "100", "percent"),
        ("520203", "paid", "150", "wan"),
        ("520200", "projects_planned", "1", "count"),
        ("520200", "paid", "0.015", "yi"),
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [("97.93", "figure.no_unit"), ("0.9793%", "figure.maybe_hundredfold"), ("很多%", "figure.not_a_number")],
)
def test_a_figure_that_is_typed_has_its_unit_behind_it(built: Program, value: str, code: str) -> None:
    typed = ("figure", "add", "开工率", value, "--area", "520203", "--year", "2022", "--as-of", "2022-05-31")
    assert built.refused(*typed, "--doc", "通报1号", "--date", "2022-06-05")[1]["code"] == code

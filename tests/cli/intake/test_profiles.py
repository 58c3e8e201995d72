"""What an office says once about its own form is kept: next month's file of the same form needs no flag."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.cli.conftest import Program

SAID = (
    *("--kind", "allocations", "--unit", "万元", "--map", "金额=县里这次给的", "--set", "批次编号=T2"),
    *("--word", "项目编号:基地=P1", "--map", "项目编号=给谁", "--map", "日期=哪天", "--ignore", "领导意见"),
)


def form(path: Path, *rows: Sequence[object]) -> str:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["某县财政资金安排表"])
    for row in (("序号", "给谁", "县里这次给的", "哪天", "领导意见"), *rows):
        sheet.append(list(row))
    book.save(path)
    return str(path)


@pytest.fixture
def march(tmp_path: Path) -> str:
    return form(tmp_path / "三月.xlsx", (1, "基地", 1.5, "2022.3.4", "同意"), ("合计", None, 1.5, None, None))


def test_inspection_shows_what_is_not_understood_and_says_how_to_go_on(funded: Program, march: str) -> None:
    done = funded.run("-f", "json", "import", "inspect", march, "--kind", "allocations")
    seen = json.loads(done.stdout)
    assert (done.exit_code, seen["missing"]) == (1, ["批次编号", "项目编号", "金额(元)", "日期"])
    error = json.loads(done.stderr)
    assert (error["code"], "--map" in error["hint"]) == ("import.columns", True)


def test_a_saved_profile_reads_next_months_file_without_a_flag(funded: Program, tmp_path: Path, march: str) -> None:
    seen = funded.json("import", "inspect", march, *SAID, "--save-profile", "县里的表")
    assert seen["rows"][0]["values"] == {"项目编号": "P1", "金额": "15,000.00 元", "日期": "2022-03-04"}
    assert {each["head"]: each["confidence"] for each in seen["columns"]} == {
        "给谁": "格式指定",
        "县里这次给的": "格式指定",
        "哪天": "格式指定",
        "序号": "不读入",
        "领导意见": "不读入",
    }
    april = form(tmp_path / "四月.xlsx", (1, "基地", 2.25, "2022年4月8日", None), (2, "P1", 0.5, 44660, "缓"))
    checked = funded.json("import", "check", april)
    assert (checked["profile"], checked["kind"], checked["rows"]) == ("县里的表", "allocations", 2)
    events = funded.json("import", "apply", april)["events"]
    assert [(each["data"]["amount_fen"], each["data"]["effective_on"]) for each in events[:-1:2]] == [
        (2_250_000, "2022-04-08"),
        (500_000, "2022-04-09"),
    ]
    assert funded.json("import", "apply", april)["repeated"] is True


def test_the_same_file_read_in_another_way_is_a_conflict_and_no_second_entry(funded: Program, march: str) -> None:
    funded.ok("import", "apply", march, *SAID)
    wan = SAID.index("万元")
    exit_code, _ = funded.refused("import", "apply", march, *SAID[:wan], "元", *SAID[wan + 1 :])
    assert exit_code == 4


def test_a_kind_must_be_said_until_a_profile_says_it(funded: Program, tmp_path: Path) -> None:
    file = form(tmp_path / "五月.xlsx", (1, "基地", 1, "2022.5.4", None))
    exit_code, error = funded.refused("import", "check", file)
    assert (exit_code, error["code"]) == (1, "import.no_kind")


def test_an_amount_without_a_unit_is_asked_for_once_and_not_guessed(funded: Program, tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("批次编号,项目编号,金额,日期\nT2,P1,5,2022-02-03\nT2,P1,6,2022-02-03\n", encoding="utf-8")
    exit_code, error = funded.refused("import", "check", str(path), "--kind", "allocations")
    assert (exit_code, error["code"], "--unit 万元" in error["hint"]) == (1, "import.no_unit", True)
    checked = funded.json("import", "check", str(path), "--kind", "allocations", "--unit", "万元")
    assert checked["amounts_fen"] == {"金额": 11_000_000}
    path.write_text("批次编号,项目编号,金额,日期\nT2,P1,5万元,2022-02-03\n", encoding="utf-8")
    assert funded.json("import", "check", str(path), "--kind", "allocations")["amounts_fen"] == {"金额": 5_000_000}


def test_an_amount_merged_over_rows_is_refused_for_each_of_them(funded: Program, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["批次编号", "项目编号", "金额(元)", "日期"])
    for _ in range(3):
        sheet.append(["T2", "P1", 9, "2022-02-03"])
    sheet.merge_cells("C3:C4")
    book.save(tmp_path / "表.xlsx")
    done = funded.run("-f", "json", "import", "check", str(tmp_path / "表.xlsx"), "--kind", "allocations")
    assert [(each["row"], each["code"]) for each in json.loads(done.stdout)["problems"]] == [
        (3, "cell.merged_amount"),
        (4, "cell.merged_amount"),
    ]


def test_a_head_of_two_levels_is_seen_in_a_csv_that_has_no_merged_cells(funded: Program, tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    lines = ("某县安排表,,,", "批次编号,项目编号,安排情况,", ",,资金(万元),日期", "T2,P1,1.5,2022-02-03")
    path.write_text("\n".join(lines), encoding="utf-8")
    seen = funded.json("import", "inspect", str(path), "--kind", "allocations")
    assert (seen["head_rows"], seen["columns"][2]["head"]) == ([2, 3], "安排情况/资金(万元)")
    text = "批次编号,项目编号,资金规模,,日期\n,,安排资金(元),其中支付,\nT2,P1,1.5,1,2022-02-03"
    path.write_text(text, encoding="utf-8")
    seen = funded.json("import", "inspect", str(path), "--kind", "allocations", "--ignore", "资金规模/其中支付")
    assert (seen["head_rows"], seen["rows"][0]["values"]["金额"]) == ([1, 2], "1.50 元")


def test_profiles_are_listed_shown_and_removed(funded: Program, march: str) -> None:
    funded.ok("import", "inspect", march, *SAID, "--save-profile", "县里的表")
    (kept,) = funded.json("import", "profile", "list")
    assert kept == funded.json("import", "profile", "show", "县里的表")
    assert (kept["kind"], kept["unit"], kept["words"]) == ("allocations", "万元", {"项目编号": {"基地": "P1"}})
    assert "批次编号=T2" in funded.ok("import", "profile", "show", "县里的表")
    again = funded.refused("import", "inspect", march, *SAID, "--save-profile", "县里的表")
    assert (again[0], again[1]["code"]) == (6, "import.profile_exists")
    funded.ok("import", "profile", "remove", "县里的表")
    assert funded.json("import", "profile", "list") == []
    assert funded.refused("import", "profile", "show", "县里的表")[0] == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kind = 1", "import.bad_profile"),
        ("kind = 'allocations'\nrun = 'rm'", "import.bad_profile"),
        ("[[", "import.bad_profile"),
        ("unit = '千元'", "import.bad_profile"),
    ],
)
def test_a_profile_that_was_spoilt_is_one_refusal(funded: Program, march: str, text: str, code: str) -> None:
    folder = Path(os.environ["XIANJIE_HOME"]) / "profiles"
    folder.mkdir(parents=True)
    (folder / "坏.toml").write_text(text, encoding="utf-8")
    exit_code, error = funded.refused("import", "check", march, "--profile", "坏")
    assert (exit_code, error["code"]) == (1, code)
    assert funded.refused("import", "check", march, "--profile", "../坏")[1]["code"] == "import.profile_name"

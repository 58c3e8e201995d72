"""What-if and plan of the industry share as a clerk uses them: files in, tables and a file out, nothing recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

COMMANDS = (
    (
        "fund issue --tranche T1 --area 520203 --year 2022 --level 中央 --amount 1000万元 --issuer 省财政厅"
        " --doc 黔财农〔2022〕1号 --date 2022-01-05"
    ),
    "project add P1 --name 食用菌基地 --area 520203 --year 2022 --type 种植业基地 --goal 建成 --date 2022-01-10",
    (
        "project add P2 --name 茶园 --area 520203 --year 2022 --type 种植业基地 --estimate 200万元 --goal 建成"
        " --date 2022-01-10"
    ),
    (
        "project add P3 --name 果园 --area 520203 --year 2022 --type 种植业基地 --estimate 30万元 --goal 建成"
        " --date 2022-01-10"
    ),
    "fund allocate --tranche T1 --project P1 --amount 400万元 --date 2022-01-13",
)
SHARE = ("report", "share", "--area", "520203", "--as-of", "2022-12-31")


@pytest.fixture
def short(program: Program) -> Program:
    """A county with 40 per cent in industry, where 55 are asked for."""
    for command in COMMANDS:
        program.ok(*command.split())
    return program


def saved(folder: Path, *lines: str, name: str = "试算.csv") -> str:
    path = folder / name
    path.write_text("\n".join(("批次编号,项目编号,金额(万元)", *lines)) + "\n", encoding="utf-8")
    return str(path)


def test_the_share_says_what_is_missing_and_where_it_could_come_from(short: Program) -> None:
    shown = short.ok(*SHARE)

    assert "N1/D1 还差 1,500,000.00 元;2 个项目可调,还可安排 2,300,000.00 元" in shown


def test_a_what_if_shows_before_and_after_and_records_nothing(short: Program, tmp_path: Path) -> None:
    before = short.position()
    file = saved(tmp_path, "T1,P2,120", "T1,P3,30")

    shown = short.ok(*SHARE, "--what-if", file)

    assert short.position() == before
    assert "2 笔,1,500,000.00 元;只试算,没有记账" in shown
    (line,) = [line for line in shown.splitlines() if "N1/D1(默认)" in line]
    assert line.split()[3:] == [
        *("4,000,000.00", "5,500,000.00", "10,000,000.00", "10,000,000.00"),
        *("40.00%", "55.00%", "55%", "未达标", "达标", "0.00"),
    ]
    (row,) = [row for row in short.json(*SHARE, "--what-if", file)["what_if"]["rows"] if row["default"]]
    assert (row["numerator_fen"], row["numerator_after_fen"]) == (400_000_000, 550_000_000)
    assert "N1/D1(默认),4,000,000.00" in short.ok(*SHARE, "--what-if", file, "-f", "csv").replace('"', "")


def test_a_workbook_is_read_as_for_an_import(short: Program, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (("批次编号", "项目编号", "金额(元)"), ("T1", "P2", 1_500_000)):
        sheet.append(row)
    book.save(tmp_path / "试算.xlsx")

    found = short.json(*SHARE, "--what-if", str(tmp_path / "试算.xlsx"))
    assert [each["amount_fen"] for each in found["what_if"]["allocations"]] == [150_000_000]


@pytest.mark.parametrize(
    ("lines", "code", "where"),
    [
        (["T1,P2,100", "T1,P9,1"], "project.unknown", "第 3 行"),
        (["T1,P2,500", "T1,P3,100.000001"], "tranche.overdrawn", "第 3 行"),
        (["T1,P2,0.0000001"], "money.finer_than_fen", "第 2 行,C 列“金额(万元)”"),
    ],
)
def test_a_line_that_could_not_be_allocated_is_refused_with_its_row(
    short: Program, tmp_path: Path, lines: list[str], code: str, where: str
) -> None:
    _, error = short.refused(*SHARE, "--what-if", saved(tmp_path, *lines))

    assert (error["code"], error["where"]) == (code, f"试算.csv,{where}")


def test_a_plan_is_saved_tried_out_imported_and_meets_the_threshold(short: Program, tmp_path: Path) -> None:
    out = str(tmp_path / "方案.csv")
    before = short.position()

    shown = short.ok(*SHARE, "--plan", "--out", out)

    assert short.position() == before
    assert "还差 1,500,000.00 元,安排到 1 个项目即达标;再少则不能达标" in shown
    assert (tmp_path / "方案.csv").read_text("utf-8-sig").splitlines() == [
        "批次编号,项目编号,金额(元),日期",
        "T1,P2,1500000.00,2022-12-31",
    ]
    (tried,) = [row for row in short.json(*SHARE, "--what-if", out)["what_if"]["rows"] if row["default"]]
    assert tried["met_after"]
    short.ok("import", "check", out, "--kind", "allocations")
    short.ok("import", "apply", out, "--kind", "allocations")
    (now,) = [row for row in short.json(*SHARE)["rows"] if row["default"]]
    assert (now["numerator_fen"], now["met"], now["percent"]) == (550_000_000, True, "55.00")


def test_a_plan_that_falls_short_says_why(short: Program) -> None:
    short.ok(*["project", "remove", "P2", "--reason", "村民不同意", "--date", "2022-02-01"])

    shown = short.ok(*SHARE, "--plan")

    assert "还差 1,500,000.00 元,最多只能安排 300,000.00 元(1 个项目),不能达标:可调项目不够" in shown
    assert "未安排资金 6,000,000.00 元,可调项目还可安排 300,000.00 元" in shown


def test_a_plan_does_not_overwrite_a_file(short: Program, tmp_path: Path) -> None:
    out = tmp_path / "方案.csv"
    out.write_text("别的内容", encoding="utf-8")

    assert short.refused(*SHARE, "--plan", "--out", str(out))[1]["code"] == "import.file_exists"
    assert short.refused(*SHARE, "--plan", "--out", str(tmp_path / "方案.xlsx"))[1]["code"] == "report.out_name"
    assert out.read_text("utf-8") == "别的内容"


@pytest.mark.parametrize("flags", [("--what-if", "x.csv", "--plan"), ("--out", "x.csv")])
def test_flags_that_do_not_go_together_are_wrong_usage(short: Program, flags: tuple[str, ...]) -> None:
    assert short.run(*SHARE, *flags).exit_code == 2


def test_rates_show_every_set_and_their_dated_targets(short: Program, tmp_path: Path) -> None:
    pack = tmp_path / "pack.toml"
    pack.write_text(
        'pack = "liuzhi"\nversion = "1"\ntitle = "六枝"\nsource = "assumed"\njurisdiction = "520203"\n'
        'extends = "base"\n[[target]]\nid = "start"\nset = "gz-silv-default"\nrate = "start"\nby = "04-01"\n'
        'percent = "100"\njurisdiction = "520203"\nsource = "某文件"\n',
        encoding="utf-8",
    )
    short.ok("rule", "adopt", str(pack), "--date", "2022-01-01")
    short.ok(*["project", "plan", "P1", "--amount", "400万元", "--date", "2022-01-12"])

    shown = short.ok("report", "rates", "--area", "520203", "--as-of", "2022-12-31", "--set", "all")

    assert "比率组:kezhou-2021;" in shown
    assert "比率组:gz-silv-default;" in shown
    (line,) = [line for line in shown.splitlines() if "2022-04-01" in line]
    assert line.split()[-5:] == ["100%", "0", "1", "0.00%", "未达标"]
    assert "目标出处:某文件" in shown

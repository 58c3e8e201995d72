"""Where data goes: formats, files, units, workbooks that a spreadsheet reads exactly, a pager only for people."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.output import Table
from cli.units import in_unit
from cli.workbook import workbook
from ledger.money import Unit, format_yuan, parse_money

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

BALANCE = ("report", "balance", "--year", "2022")


def test_a_line_of_json_holds_one_row_each(funded: Program) -> None:
    rows = [json.loads(line) for line in funded.ok(*BALANCE, "-f", "jsonl").splitlines()]
    assert rows == funded.json(*BALANCE)["rows"]


def test_the_name_of_the_file_tells_its_form_and_nothing_goes_to_the_screen(funded: Program, tmp_path: Path) -> None:
    for name in ("a.json", "a.jsonl", "a.csv", "a.xlsx"):
        done = funded.run(*BALANCE, "-o", str(tmp_path / name))
        assert (done.exit_code, done.stdout) == (0, "")
        assert "已写入" in done.stderr
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == funded.json(*BALANCE)
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    shown = list(csv.reader(io.StringIO(funded.ok(*BALANCE, "-f", "csv"))))
    assert list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig")))) == shown
    assert sorted(path.name for path in tmp_path.glob("a.*")) == ["a.csv", "a.json", "a.jsonl", "a.xlsx"]
    assert list(tmp_path.glob(".*")) == []


def test_the_file_may_be_named_before_the_noun_for_every_command(funded: Program, tmp_path: Path) -> None:
    funded.ok("-o", str(tmp_path / "log.csv"), "audit", "log")
    assert "资金下达" in (tmp_path / "log.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("-f", "xlsx"), 1, "工作簿不能显示在屏幕上"),
        (("-o", "a.pdf"), 1, "看不出格式"),
        (("-o", "no/such/folder/a.csv"), 6, "写不了文件"),
    ],
)
def test_what_cannot_be_written_is_refused(
    funded: Program, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    done = funded.run(*BALANCE, *arguments)
    assert (done.exit_code, done.stdout) == (exit_code, "")
    assert said in done.stderr
    assert "怎么办:" in done.stderr


def test_a_file_that_cannot_be_written_leaves_the_old_one(funded: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()  # a folder stands where the file should go
    assert funded.run(*BALANCE, "-o", str(tmp_path / "a.csv")).exit_code == 6
    assert list(tmp_path.glob(".*.new")) == []


def test_amounts_are_shown_in_wan_exactly_and_json_does_not_change(funded: Program) -> None:
    shown = funded.ok(*BALANCE, "--unit", "wan")
    assert "单位:万元" in shown
    assert "1,000.00" in shown
    assert "10,000,000.00" not in shown
    assert funded.ok(*BALANCE, "--unit", "wan", "-f", "json") == funded.ok(*BALANCE, "-f", "json")


@given(st.integers(-(10**15), 10**15), st.sampled_from([("wan", Unit.WAN), ("yi", Unit.YI)]))
def test_no_fen_is_lost_in_another_unit(fen: int, unit: tuple[str, Unit]) -> None:
    table = in_unit(Table(("编号", ">金额(元)"), [["0052", format_yuan(fen)]]), unit[0])
    assert table.heads[1] in (">金额(万元)", ">金额(亿元)")
    code, amount = table.rows[0]
    assert code == "0052"
    assert parse_money(amount.removeprefix("-"), unit[1]) == abs(fen)
    assert amount.startswith("-") == (fen < 0)


@pytest.mark.parametrize(
    ("typed", "yuan", "wan"),
    [
        ("project list", "3,000,000.00", "300.00"),
        ("fund list", "10,000,000.00", "1,000.00"),
        ("fund show T2", "5,000,000.00", "500.00"),
        ("project show P1", "3,000,000.00", "300.00"),
        ("audit log", "", ""),
    ],
)
def test_every_answer_goes_to_a_file_and_another_unit_as_its_verb_says(
    funded: Program, tmp_path: Path, typed: str, yuan: str, wan: str
) -> None:
    assert yuan in funded.ok(*typed.split())
    shown = funded.ok(*typed.split(), "--unit", "wan")
    assert wan in shown
    assert not yuan or yuan not in shown
    assert not yuan or "(万元)" in shown
    file = tmp_path / "out.csv"
    assert funded.ok(*typed.split(), "-o", str(file)) == ""
    assert file.read_text("utf-8-sig").count("\n") > 1


def test_a_column_that_is_not_money_stays_as_it_is_in_every_unit() -> None:
    table = Table(("编号", ">比率", ">金额(元)"), [["1.00", "57.31%", "—"], ["2.00", "1.00", "10,000.00"]])
    assert in_unit(table, "wan").rows == [["1.00", "57.31%", "—"], ["2.00", "1.00", "1.00"]]


def test_a_workbook_holds_numbers_where_that_is_exact_and_text_everywhere_else() -> None:
    rows = [["0052", "1,250,000.01"], ["=1+1", "12,345,678,901,234.56"]]
    table = Table(("编号", ">金额(元)"), rows, "资金(单位:元)", ["说明"])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([table]))).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["资金(单位:元)", None],
        ["编号", "金额(元)"],
        ["0052", 1250000.01],
        ["=1+1", "12,345,678,901,234.56"],
        ["说明", None],
    ]
    assert [sheet["A4"].data_type, sheet["A3"].number_format, sheet["B3"].number_format] == ["s", "@", "#,##0.00"]
    assert sheet.freeze_panes == "A3"


def test_the_same_tables_make_the_same_workbook_and_each_has_its_sheet() -> None:
    tables = [
        Table(("编号",), [["1"]], "甲(乙)"),
        Table(("编号",), [["2"]], "甲[乙]"),
        Table((), (), notes=["只有说明"]),
    ]
    assert workbook(tables) == workbook(tables)
    assert openpyxl.load_workbook(io.BytesIO(workbook(tables))).sheetnames == ["1 甲", "2 甲乙"]


@pytest.mark.parametrize("sign", ["=", "+", "@", "\uff1d", "\uff0b", "\uff20"])
def test_a_name_that_a_spreadsheet_would_compute_is_text_in_a_csv(funded: Program, tmp_path: Path, sign: str) -> None:
    place = ("--area", "520203", "--year", "2022", "--type", "village_road", "--date", "2022-01-10")
    funded.ok("project", "add", "PX", "--name", f"{sign}HYPERLINK(1)", *place)
    funded.ok("project", "list", "-o", str(tmp_path / "a.csv"))
    assert f"'{sign}HYPERLINK(1)" in (tmp_path / "a.csv").read_text("utf-8-sig")

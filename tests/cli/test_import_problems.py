"""Refusals as a workbook to work from: the own file with red cells and comments, or a list of the places."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from tests.cli.test_import_files import ALLOCATION, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.cli.conftest import Program

HEADS = ("批次编号", "项目编号", "金额(元)", "日期")
GOOD = ("T2", "P1", 1, "2022-02-03")
IDENTITY = "11010519491231002X"


def workbook(path: Path, *rows: Sequence[object]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "安排"
    for row in (("县资金安排表",), HEADS, *rows):
        sheet.append(list(row))
    sheet.merge_cells("A1:D1")
    book.save(path)
    return path


def checked(program: Program, file: Path, *more: str) -> dict[str, Any]:
    done = program.run("-f", "json", "import", "check", str(file), "--kind", "allocations", *more)
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (1, "import.refused"), done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_own_workbook_comes_back_with_red_cells_comments_and_a_list(funded: Program, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "安排.xlsx", GOOD, ("T2", "P 1", "=1+1", "2022-02-30"), GOOD, ("T2", "P1", 9_000_000, "2022-02-03")
    )
    before = file.read_bytes()
    said = checked(funded, file)
    assert said["problem_book"] == str(tmp_path / "安排.问题.xlsx")
    book = load_workbook(said["problem_book"])
    assert book.sheetnames == ["问题清单", "安排"]
    listed = [row[:4] for row in book["问题清单"].iter_rows(min_row=2, values_only=True)]
    assert listed == [
        ("安排", 4, "B 列“项目编号”", "P 1"),
        ("安排", 4, "C 列“金额(元)”", None),
        ("安排", 4, "D 列“日期”", "2022-02-30"),
        ("安排", 6, None, None),
    ]
    own = book["安排"]
    red = {cell.coordinate for row in own.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"}
    assert (
        red == {cell.coordinate for row in own.iter_rows() for cell in row if cell.comment} == {"B4", "C4", "D4", "A6"}
    )
    assert "没有 2022-02-30" in own["D4"].comment.text or "2022-02-30" in own["D4"].comment.text
    assert [[cell.value for cell in row] for row in own.iter_rows(min_row=2, max_row=3)] == [list(HEADS), list(GOOD)]
    assert file.read_bytes() == before


def test_the_marked_workbook_put_right_is_imported_and_marks_of_the_last_round_go(
    funded: Program, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "安排.xlsx", ("T2", "P1", 1, "昨天"), ("T2", "P1", 2, "2022-02-03"))
    marked = Path(checked(funded, file)["problem_book"])
    book = load_workbook(marked)
    book["安排"]["D3"].value = "2022-02-03"
    book["安排"]["C4"].value = "两元"
    book["安排"]["A4"].comment = Comment("领导已阅", "县局")
    book.save(marked)
    again = load_workbook(checked(funded, marked)["problem_book"])
    comments = {cell.coordinate: cell.comment.author for row in again["安排"] for cell in row if cell.comment}
    assert comments == {"C4": "衔接账本", "A4": "县局"}
    again["安排"]["C4"].value = 2
    again.save(marked)
    applied = funded.json("import", "apply", str(marked), "--kind", "allocations")
    assert (applied["rows"], applied["amounts_fen"]) == (2, {"金额": 300})


def test_a_file_that_is_no_workbook_or_has_too_many_rows_gets_a_list(funded: Program, tmp_path: Path) -> None:
    csv = Path(write(tmp_path / "安排.csv", ALLOCATION | {"日期": "=昨天"}))
    book = load_workbook(checked(funded, csv)["problem_book"])
    assert book.sheetnames == ["问题清单"]
    assert [cell.value for cell in book["问题清单"][2]][1:4] == [2, "D 列“日期”", "=昨天"]
    assert book["问题清单"]["D2"].data_type == "s"
    long = workbook(tmp_path / "长.xlsx", *[("T2", "P1", 1, "昨天")] * 5_001)
    said = checked(funded, long)
    assert (said["problem_count"], len(said["problems"])) == (5_001, 200)
    book = load_workbook(said["problem_book"], read_only=True)
    assert book.sheetnames == ["问题清单"]
    assert sum(1 for _ in book["问题清单"].rows) == 5_002


def test_nobody_stands_in_comments_lists_or_output(funded: Program, tmp_path: Path) -> None:
    file = workbook(tmp_path / "安排.xlsx", ("T2", f"{IDENTITY}", 1, f"张三{IDENTITY}"))
    said = checked(funded, file)
    assert IDENTITY not in json.dumps(said)
    book = load_workbook(said["problem_book"])
    listed = [cell.value for row in book["问题清单"].iter_rows() for cell in row]
    comments = [cell.comment.text for cell in book["安排"][3] if cell.comment]
    assert len(comments) == 2
    assert not any(IDENTITY in str(text) for text in [*listed, *comments])
    assert "(含个人信息,不显示)" in listed


def test_a_chosen_name_is_taken_and_nothing_is_written_over(funded: Program, tmp_path: Path) -> None:
    file = workbook(tmp_path / "安排.xlsx", ("T2", "P1", 1, "昨天"))
    out = tmp_path / "a.xlsx"
    assert checked(funded, file, "-o", str(out))["problem_book"] == str(out)
    exit_code, error = funded.refused("import", "check", str(file), "--kind", "allocations", "-o", str(out))
    assert (exit_code, error["code"]) == (6, "import.file_exists")
    names = [Path(checked(funded, file)["problem_book"]).name for _ in range(2)]
    assert names == ["安排.问题.xlsx", "安排.问题-2.xlsx"]
    exit_code, error = funded.refused("import", "check", str(file), "--kind", "allocations", "-o", "a.csv")
    assert (exit_code, error["code"]) == (1, "import.problems_name")


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "B3:A1:C9"])
def test_a_workbook_that_would_expand_without_end_gets_a_list(funded: Program, tmp_path: Path, reference: str) -> None:
    file = workbook(tmp_path / "安排.xlsx", ("T2", "P1", 1, "昨天"))
    book = load_workbook(file)
    book.create_sheet("另表")["A1"] = "x"
    book["另表"].merge_cells("A1:B1")
    book.save(file)
    rewrite(file, "xl/worksheets/sheet2.xml", 'ref="A1:B1"', f'ref="{reference}"')
    assert load_workbook(checked(funded, file)["problem_book"]).sheetnames == ["问题清单"]


def rewrite(file: Path, part: str, old: str, new: str) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("form", ["table", "json"])
def test_what_is_of_a_person_is_not_shown_by_an_inspection_either(funded: Program, tmp_path: Path, form: str) -> None:
    file = tmp_path / "项目.csv"
    rows = (
        "项目编号,项目名称,县,年度,项目类型,备注 13800138001\n"
        f"{IDENTITY},王某路 138-0013-8000,520203,2022,13800138000,李某\n"
        "P7,甲村路,520203,2022,种植业基地,电话13800138002\n"
        "注:填表人李某 13800138003,,,,,\n"
    )
    file.write_text(rows, encoding="utf-8")
    done = funded.run("-f", form, "import", "inspect", str(file), "--kind", "projects")
    shown = done.stdout + done.stderr
    assert "甲村路" in shown
    assert shown.count("(含个人信息,不显示)") >= 3
    assert [each for each in (IDENTITY, "13800138", "0013-8000") if each in shown] == []

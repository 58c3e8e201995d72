"""What a sheet says of its unit is never overruled without a word, and digits that are gone are not made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


def form(folder: Path, head: str, above: str = "") -> str:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([above or "资金安排表"])
    sheet.append(["批次编号", "项目编号", head, "日期"])
    sheet.append(["T2", "P1", 1, "2022-03-04"])
    path = folder / "安排.xlsx"
    book.save(path)
    return str(path)


def refused(program: Program, *words: str) -> dict[str, Any]:
    done = program.run("-f", "json", "import", "check", *words)
    assert done.exit_code == 1, done.output
    found: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("head", "above", "unit"),
    [
        ("金额", "单位:千元", "千元"),
        ("金额", "金额单位:人民币百万元", "百万元"),
        ("金额(千元)", "", "千元"),
        ("金额", "单位:美元", "美元"),
    ],
)
def test_a_unit_that_is_not_counted_in_is_refused_whatever_the_flag_says(
    funded: Program, tmp_path: Path, head: str, above: str, unit: str
) -> None:
    path = form(tmp_path, head, above)
    error = refused(funded, path, "--kind", "allocations", "--unit", "元", "--map", f"金额={head}")
    assert error["code"] == "import.other_unit"
    assert unit in error["message"]
    assert "安排.xlsx" in error["where"]


@pytest.mark.parametrize(("head", "above"), [("金额", "单位:万元"), ("金额(万元)", "")])
def test_a_flag_that_contradicts_the_sheet_is_refused(funded: Program, tmp_path: Path, head: str, above: str) -> None:
    path = form(tmp_path, head, above)
    error = refused(funded, path, "--kind", "allocations", "--unit", "元")
    assert error["code"] == "import.unit_contradicts"
    assert "万元" in error["message"]
    assert "安排.xlsx" in error["where"]
    assert funded.json("import", "check", path, "--kind", "allocations", "--unit", "万元")["rows"] == 1


def test_a_company_whose_name_ends_in_yuan_states_no_unit(funded: Program, tmp_path: Path) -> None:
    path = form(tmp_path, "金额", "实施单位:李元")
    assert funded.json("import", "check", path, "--kind", "allocations", "--unit", "万元")["rows"] == 1


@pytest.mark.parametrize(
    ("project", "document", "place"), [("5.20203E+17", "文1号", "项目编号"), ("P1", "5.20203E+17", "文号")]
)
def test_a_code_that_lost_its_digits_in_a_csv_is_refused(
    funded: Program, tmp_path: Path, project: str, document: str, place: str
) -> None:
    path = tmp_path / "安排.csv"
    path.write_text(
        f"批次编号,项目编号,金额(元),日期,文号\nT2,{project},1.00,2022-03-04,{document}\n", encoding="utf-8"
    )
    done = funded.run("-f", "json", "import", "check", str(path), "--kind", "allocations")
    assert done.exit_code == 1
    [problem] = json.loads(done.stdout)["problems"]
    assert problem["code"] == "cell.long_number"
    assert place in problem["column"]


def test_a_head_that_the_sheet_merges_over_two_rows_is_not_read_by_its_upper_row_alone(
    funded: Program, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["某县2022年度巩固拓展脱贫攻坚成果项目库"],
        ["单位:万元"],
        ["序号", "项目编号", "项目名称", "项目类型", "资金规模", None, "日期"],
        [None, None, None, None, "中央", "省级", None],
        [1, "P7", "道路", "村组道路", 100, 20, "2022-03-04"],
    ):
        sheet.append(row)
    for span in ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "G3:G4", "E3:F3"):
        sheet.merge_cells(span)
    path = tmp_path / "项目库.xlsx"
    book.save(path)

    seen = json.loads(funded.run("-f", "json", "import", "inspect", str(path), "--kind", "projects").stdout)
    heads = {each["head"]: each["confidence"] for each in seen["columns"]}
    assert {heads["资金规模/中央"], heads["资金规模/省级"]} == {"不认识"}
    assert "概算" not in {each.get("column") for each in seen["columns"]}

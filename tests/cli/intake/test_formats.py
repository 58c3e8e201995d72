"""The same sheet from every program that offices have: what is read is the same, whatever the file is called."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from tests.cli.conftest import Program

FILES = Path(__file__).with_name("files")  # written by xlwt, odfpy and msoffcrypto-tool
ROWS = [
    ["批次编号", "项目编号", "金额(万元)", "日期"],
    ["T2", "P1", "100.5", "2022-02-03"],
    ["T2", "P1", "0.07", "2022-02-03"],
    ["T2", "P1", "33.3", "2022-02-03"],
]
FEN = 1_005_000_00 + 700_00 + 333_000_00


def text_of(mark: str) -> str:
    return "\r\n".join(mark.join(row) for row in ROWS) + "\r\n"


def page_of(charset: str) -> bytes:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    page = f"<html><head><meta charset={charset}><style>td{{color:red}}</style></head><table>{lines}</table></html>"
    return page.encode(charset)


def workbook() -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    for row in ROWS:
        book.worksheets[0].append(row)
    book.save(buffer)
    return buffer.getvalue()


CONTENTS = {
    "XLSX named .xls": ("a.xls", workbook()),
    "XLS": ("a.xls", (FILES / "allocations.xls").read_bytes()),
    "WPS .et in the old format": ("a.et", (FILES / "allocations.xls").read_bytes()),
    "ODS": ("a.ods", (FILES / "allocations.ods").read_bytes()),
    "HTML named .xls, UTF-8": ("a.xls", page_of("utf-8")),
    "HTML named .xls, GBK": ("a.xls", page_of("gb18030")),
    "CSV in UTF-16": ("a.csv", text_of(",").encode("utf-16")),
    "tabs in UTF-16 without a mark": ("a.txt", text_of("\t").encode("utf-16-le")),
    "semicolons in GB18030": ("a.csv", text_of(";").encode("gb18030")),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_sheet_is_read_alike_from_every_format(funded: Program, tmp_path: Path, name: str) -> None:
    file, content = CONTENTS[name]
    (tmp_path / file).write_bytes(content)
    told = funded.json("import", "check", str(tmp_path / file), "--kind", "allocations")
    assert (told["ok"], told["rows"], told["amounts_fen"]) == (True, 3, {"金额": FEN})


def test_an_old_workbook_tells_its_hidden_rows_and_its_error_values(funded: Program, tmp_path: Path) -> None:
    file = str(shutil.copy(FILES / "allocations.xls", tmp_path))
    told = funded.json("import", "check", file, "--kind", "allocations")
    assert (told["sheet"], told["hidden_rows"], told["unread_sheets"]) == ("安排", [5], ["错误"])
    done = funded.run("-f", "json", "import", "check", file, "--kind", "allocations", "--sheet", "错误")
    assert (done.exit_code, "第 2 行,C 列“金额(元)”" in done.stderr, "cell.error" in done.stdout) == (1, True, True)


def test_rare_surnames_and_places_of_gb18030_are_read_exactly(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    heads = "项目编号,项目名称,地区代码,项目年度,项目类型,绩效目标,入库日期"
    path.write_bytes(f"{heads}\nQ1,𬱟家湾㛃氏祠堂旁大棚,520203,2022,种植业基地,建棚,2022-02-02\n".encode("gb18030"))
    program.ok("import", "apply", str(path), "--kind", "projects")
    assert program.json("project", "list")[0]["name"] == "𬱟家湾㛃氏祠堂旁大棚"

"""A sheet's own 合计 row: no entry, and the sum that the entries must reach to the fen."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.cli.conftest import Program

HEADS = ("资产编号", "日期", "资产名称", "地区代码", "形成年度", "资产类别", "原值(元)", "来由")


def entry(number: int, yuan: object) -> Sequence[object]:
    return f"Z{number}", "2021-06-01", "大棚", "520203", 2019, "经营性", yuan, "清产核资"


def total(word: str, yuan: object) -> Sequence[object]:
    return word, None, "3 项", None, None, None, yuan, None


def sheet(folder: Path, *rows: Sequence[object], name: str = "台账.csv") -> tuple[str, ...]:
    path = folder / name
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADS, *rows])
    else:
        book = Workbook()
        for row in (HEADS, *rows):
            book.worksheets[0].append(list(row))
        book.save(path)
    return str(path), "--kind", "stocktake"


THREE = (entry(1, "1000.01"), entry(2, "2000"), entry(3, "0.99"))


def test_a_total_that_agrees_is_no_entry_and_is_told(program: Program, tmp_path: Path) -> None:
    file = sheet(tmp_path, *THREE, total("合 计", "3,001.00"))
    checked = program.json("import", "check", *file)
    assert (checked["ok"], checked["rows"], checked["totals_agreed"]) == (True, 3, 1)
    assert checked["amounts_fen"] == {"金额": 3001_00}
    assert "与表内合计行的 1 项金额相符" in program.ok("import", "apply", *file)
    assert [row["asset"] for row in program.json("asset", "list", "--area", "520203")] == ["Z1", "Z2", "Z3"]


@pytest.mark.parametrize(("word", "says", "difference"), [("合计", "3001.01", "0.01"), ("全县总计:", "3000", "-1.00")])
def test_a_total_that_differs_refuses_the_whole_file(
    program: Program, tmp_path: Path, word: str, says: str, difference: str
) -> None:
    file = sheet(tmp_path, total(word, says), *THREE)
    code, error = program.refused("import", "apply", *file)
    assert (code, error["code"]) == (1, "import.total_differs")
    assert error["where"] == "台账.csv,第 2 行,G 列“原值(元)”"
    for part in ("3,001.00", f"相差 {difference} 元"):
        assert part in error["message"]
    assert program.run("import", "check", *file).exit_code == 1


@pytest.mark.parametrize("leading", [True, False])
def test_each_subtotal_stands_for_its_own_entries(program: Program, tmp_path: Path, *, leading: bool) -> None:
    first, second = (THREE[0], THREE[1]), (THREE[2],)
    halves = ((total("小计", "3000.01"), first), (total("甲镇小计", "0.99"), second))
    rows = [row for mark, group in halves for row in ((mark, *group) if leading else (*group, mark))]
    assert program.json("import", "check", *sheet(tmp_path, *rows, total("合计", "3001")))["totals_agreed"] == 3
    swapped = [total("小计", "0.99") if row is halves[0][0] else row for row in rows]
    program.refused("import", "apply", *sheet(tmp_path, *swapped, total("合计", "3001"), name="错.csv"))


@pytest.mark.parametrize("whole", ["总计", "合计", "全县合计", "某县合计"])
@pytest.mark.parametrize("leading", [True, False])
def test_the_total_of_a_town_stands_for_its_own_entries(
    program: Program, tmp_path: Path, whole: str, *, leading: bool
) -> None:
    towns = ((total("甲镇合计", "3000.01"), THREE[:2]), (total("乙镇合计", "0.99"), THREE[2:]))
    rows = [row for mark, group in towns for row in ((mark, *group) if leading else (*group, mark))]
    everything = total(whole, "3001")
    file = sheet(tmp_path, *((everything, *rows) if leading else (*rows, everything)))
    assert program.json("import", "check", *file)["totals_agreed"] == 3
    wrong = [total("乙镇合计", "1") if row is towns[1][0] else row for row in rows]
    _, error = program.refused("import", "apply", *sheet(tmp_path, *wrong, total("总计", "3001"), name="错.csv"))
    assert error["code"] == "import.total_differs"
    assert "乙镇合计行写 1.00 元,所辖各行相加是 0.99 元" in error["message"]


def test_a_town_adds_up_its_villages_and_the_next_town_begins_anew(program: Program, tmp_path: Path) -> None:
    rows = (
        *(entry(1, "1"), total("子村小计", "1"), entry(2, "2"), total("丑村小计", "2"), total("甲镇合计", "3")),
        *(entry(3, "4"), total("寅村小计", "4"), total("乙镇合计", "4"), total("合计", "7")),
    )
    assert program.json("import", "check", *sheet(tmp_path, *rows))["totals_agreed"] == 6


def test_the_noise_of_a_summing_formula_is_no_difference_but_a_fen_is(program: Program, tmp_path: Path) -> None:
    tenths = (entry(1, 0.1), entry(2, 0.2))
    assert 0.1 + 0.2 != 0.3
    file = sheet(tmp_path, *tenths, total("合计", 0.1 + 0.2), name="台账.xlsx")
    assert program.json("import", "check", *file)["totals_agreed"] == 1
    file = sheet(tmp_path, *tenths, total("合计", 0.31), name="错.xlsx")
    assert program.refused("import", "apply", *file)[1]["code"] == "import.total_differs"


def test_a_total_beside_an_entry_that_cannot_be_read_adds_no_second_complaint(program: Program, tmp_path: Path) -> None:
    file = sheet(tmp_path, *THREE, entry(4, "许多"), total("合计", "9"))
    done = program.run("-f", "json", "import", "check", *file)
    assert done.exit_code == 1
    assert done.stdout.count('"code": "import.total_differs"') == 0
    assert done.stdout.count('"row": 5') == 1


def test_a_total_that_is_no_amount_is_refused(program: Program, tmp_path: Path) -> None:
    code, error = program.refused("import", "apply", *sheet(tmp_path, *THREE, total("合计", "若干")))
    assert (code, "第 5 行" in error["where"]) == (1, True)


def test_rows_that_are_numbered_but_not_filled_in_are_empty(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    book = Workbook()
    rows: list[Sequence[object]] = [
        ("序号", *HEADS),
        (1, *entry(1, 5)),
        *((number, *[None] * 8) for number in range(2, 40)),
    ]
    for row in (*rows, ("四十", *[None] * 8), ("合计", *total("", 5)), ("注:按清产核资", *[None] * 8)):
        book.worksheets[0].append(list(row))
    book.save(path)
    file = (str(path), "--kind", "stocktake")
    told = program.json("import", "check", *file)
    assert (told["ok"], told["rows"], told["totals_agreed"], told["problem_count"]) == (True, 1, 1, 0)
    shown = program.ok("import", "check", *file)
    assert "没有作为记录读入:只有序号的行 3、4、" in shown
    assert "等 39 行" in shown
    assert "说明行 43" in shown


def test_a_remark_beside_the_number_makes_a_row_of_it(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("序号", *HEADS, "备注"), (1, *entry(1, 5), ""), (2, *[""] * 8, "缓建")])
    done = program.run("import", "check", str(path), "--kind", "stocktake")
    assert (done.exit_code, "没有填写" in done.stdout) == (1, True)

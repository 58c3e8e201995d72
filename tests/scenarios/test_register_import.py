"""A county's register of old assets is imported: its own 合计 row agrees, and so does the register that is printed.

assumed: everything; the sheet is made up. ``soak`` takes the size that the issue asks for.
"""

from __future__ import annotations

import csv
import io
import random
from typing import TYPE_CHECKING

import pytest

from ledger.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.scenarios.conftest import County

AREA = "520203"
HEADS = ("资产编号", "日期", "资产名称", "地区代码", "形成年度", "资产类别", "原值(元)", "来由")
CLASSES = ("经营性", "公益性", "到户类")


def written(sheet: Path, count: int) -> dict[str, tuple[int, int]]:
    """Write a register with so many assets and its 合计 row; return what that adds up, by class: number and fen."""
    rng = random.Random(2013)  # noqa: S311 - a reproducible register, not a secret
    of_class = dict.fromkeys(CLASSES, (0, 0))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADS)
        for number in range(count):
            kind, fen, year = rng.choice(CLASSES), rng.randrange(1, 50_000_000), rng.randrange(2013, 2021)
            assets, before = of_class[kind]
            of_class[kind] = (assets + 1, before + fen)
            out.writerow([f"Z{number:05d}", "2021-06-01", "资产", AREA, year, kind, format_yuan(fen), "清产核资"])
        total = format_yuan(sum(fen for _, fen in of_class.values()))
        out.writerow(["合计", "", f"{count} 项", "", "", "", total, ""])
    return of_class


def imported(here: County, folder: Path, count: int) -> None:
    sheet = folder / "台账.csv"
    of_class = written(sheet, count)
    total = sum(fen for _, fen in of_class.values())
    program = here.program
    applied = program.json("import", "apply", str(sheet), "--kind", "stocktake")
    assert (applied["rows"], applied["totals_agreed"], applied["amounts_fen"]) == (count, 1, {"金额": total})
    asked = ("--area", AREA, "--as-of", "2021-06-01")
    cut = program.json("report", "rights", "--by", "class", *asked)["rows"]
    owned = [row for row in cut if row["right"] == "ownership"]
    whole = {row["part_name"]: (row["whole_assets"], row["whole_value_fen"]) for row in owned}
    assert (whole.pop(None), whole) == ((count, total), of_class)
    register = list(csv.reader(io.StringIO(program.ok("-f", "csv", "report", "assets", *asked))))
    assert len(register) == 1 + count + 1
    with sheet.open(encoding="utf-8", newline="") as file:
        own = list(csv.reader(file))[-1]
    assert (register[-1][:2], register[-1][8]) == ([own[0], own[2]], own[6])


def test_two_thousand_assets_add_up_to_their_own_total(county: Callable[[str, int], County], tmp_path: Path) -> None:
    imported(county(AREA, 2013), tmp_path, 2_000)


@pytest.mark.soak
def test_fifty_thousand_assets_add_up_to_their_own_total(county: Callable[[str, int], County], tmp_path: Path) -> None:
    imported(county(AREA, 2013), tmp_path, 50_000)

"""Codes that a county added to a list print by their names, wherever they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

PACK = """
pack = "liuzhi"
version = "{version}"
title = "六枝规则"
source = "六特政发〔2022〕1号"
jurisdiction = "{area}"
extends = "base"

[[parameter]]
name = "more_cost_codes"
value = "cable:{cost}"
unit = "代码:名称"
jurisdiction = "{area}"
source = "六特政发〔2022〕1号"

[[parameter]]
name = "more_subclasses_operating"
value = "bees:养蜂场"
unit = "代码:名称"
jurisdiction = "{area}"
source = "六特政发〔2022〕1号"
"""


def adopt(program: Program, folder: Path, version: str, cost: str, area: str = "520203") -> None:
    file = folder / f"{version}.toml"
    file.write_text(PACK.format(version=version, cost=cost, area=area), encoding="utf-8")
    program.ok("rule", "adopt", str(file), "--date", "2022-01-02", "--reason", "更新")


@pytest.fixture
def keeping_bees(built: Program, tmp_path: Path) -> Program:
    """A county with a kind of asset and a kind of cost of its own, and an account that uses both."""
    adopt(built, tmp_path, "2022.1", "缆车费")
    for line in (
        "asset classify A1 --class 经营性 --subclass 养蜂场 --authority 县局 --reason 按实际 --date 2022-06-03",
        "income open S1 --name 蜂蜜 --asset A1 --date 2022-06-04",
        "income cost S1 --period 2022 --cost 缆车费 --amount 100 --date 2022-06-05",
        "income post S1 --period 2022 --amount 1000 --date 2022-06-06",
        "income rule S1 --version 1 --base net --cost 缆车费 --line v:甲村:100% --approval 村民会议 --date 2022-06-07",
    ):
        built.ok(*line.split())
    return built


@pytest.mark.parametrize(
    ("shown", "code", "name"),
    [
        ("asset show A1", "bees", "养蜂场"),
        ("report card A1", "bees", "养蜂场"),
        ("report card A1", "cable", "缆车费"),
        ("report income --year 2022", "cable", "缆车费"),
        ("income show S1", "cable", "缆车费"),
    ],
)
def test_a_code_of_the_county_is_shown_by_its_name(keeping_bees: Program, shown: str, code: str, name: str) -> None:
    printed = keeping_bees.ok(*shown.split())
    assert name in printed
    assert code not in printed


def test_an_entry_names_the_codes_that_it_holds_beside_the_stored_bytes(keeping_bees: Program) -> None:
    position = next(
        row["position"]
        for row in keeping_bees.json("audit", "log", "--limit", "99")
        if row["topic"] == "income.cost_posted"
    )
    assert "缆车费" in keeping_bees.ok("audit", "show", str(position))


def test_a_code_is_called_as_the_latest_pack_of_its_place_calls_it(keeping_bees: Program, tmp_path: Path) -> None:
    adopt(keeping_bees, tmp_path, "2022.2", "索道费")
    assert "索道费" in keeping_bees.ok("income", "show", "S1")


def test_a_code_that_two_places_call_otherwise_stays_a_code(keeping_bees: Program, tmp_path: Path) -> None:
    adopt(keeping_bees, tmp_path, "2022.2", "索道费", "520281")
    printed = keeping_bees.ok("income", "show", "S1")
    assert "cable" in printed
    assert "缆车费" not in printed

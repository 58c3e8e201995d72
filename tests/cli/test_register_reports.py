"""The register, the card, the rights and the formation of assets as people read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program

COUNTY = ("--area", "520203")
REPORTS = (
    ("rights",),
    ("rights", "--by", "village"),
    ("rights", "--holder", "V1"),
    ("assets",),
    ("card", "A1"),
    ("formation",),
)


@pytest.fixture
def confirmed(built: Program) -> Program:
    """A ledger with one asset that two collectives own."""
    built.ok("asset", "confirm", "A1", "--date", "2022-06-11", "--doc", "确权1号")
    return built


@pytest.mark.parametrize("asked", REPORTS, ids=" ".join)
def test_nothing_of_the_code_shows(confirmed: Program, asked: tuple[str, ...]) -> None:
    said = confirmed.ok("report", *asked, *COUNTY)
    assert "六枝特区" in said.splitlines()[0]
    assert f"账本第 {confirmed.position()} 号" in said.splitlines()[0]
    assert re.findall(r"None|True|False|[a-z]+_[a-z]+", said) == []
    assert confirmed.json("report", *asked, *COUNTY)["report"] == asked[0]


def test_the_register_ends_with_its_totals(confirmed: Program) -> None:
    said = confirmed.ok("-f", "csv", "report", "assets", *COUNTY).splitlines()
    assert said[0].startswith("资产编号,名称,类别")
    assert "V1 1/3;某村 2/3" in said[1]
    assert said[2].startswith("合计,1 项")
    assert '"3,000,000.00"' in said[2]


def test_the_card_of_a_past_day_is_printed_again_byte_for_byte(confirmed: Program) -> None:
    asked = ("report", "card", "A1", "--as-of", "2022-06-30", "--known-at", str(confirmed.position()))
    printed = [confirmed.ok(*asked), confirmed.ok("-f", "json", *asked)]
    confirmed.ok("asset", "certify", "A1", "--certificate", "证1号", "--date", "2022-06-12")
    confirmed.ok("db", "rebuild")

    assert [confirmed.ok(*asked), confirmed.ok("-f", "json", *asked)] == printed
    assert "证1号" in confirmed.ok("report", "card", "A1")
    assert "确权1号" in printed[0]


def test_a_class_is_a_breakdown_of_assets(confirmed: Program) -> None:
    assert "经营性" in confirmed.ok("report", "rights", "--by", "class", *COUNTY)
    by_type, by_class = (confirmed.json("report", "rights", "--by", by, *COUNTY)["rows"] for by in ("type", "class"))
    assert by_type == by_class
    assert "中央衔接资金" in confirmed.ok("report", "rights", "--by", "source", *COUNTY)
    assert confirmed.run("report", "share", "--by", "source").exit_code == 2


def test_what_is_not_there_is_not_found(confirmed: Program) -> None:
    exit_code, error = confirmed.refused("report", "card", "A9")
    assert (exit_code, error["code"]) == (3, "report.asset_unknown")
    assert confirmed.refused("report", "rights", "--asset", "A9")[1]["code"] == "report.asset_not_standing"

"""Rule packs as files: what they change without a line of Python, and how they are checked, shown and remembered."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger.rules import shipped_packs

if TYPE_CHECKING:
    from tests.cli.conftest import Program

PACKS = Path(__file__).parents[2] / "examples" / "packs"
AREAS = """code,name,valid_from,valid_to,successor
410000,河南省,2012-01-01,,
410300,洛阳市,2012-01-01,,
410324,栾川县,2012-01-01,,
540000,西藏自治区,2012-01-01,,
540100,拉萨市,2012-01-01,,
540102,城关区,2012-01-01,,
540600,那曲市,2012-01-01,,
540602,色尼区,2012-01-01,,
"""
OWN = """pack = "own"
version = "{version}"
title = "本县规则"
source = "s"
jurisdiction = "520203"
extends = "base"

[[parameter]]
name = "ownership_notice_days"
value = {days}
unit = "日"
jurisdiction = "520203"
source = "县文件"
"""


@pytest.fixture
def elsewhere(program: Program, tmp_path: Path) -> Program:
    """A ledger that also knows areas of 西藏 and 栾川."""
    file = tmp_path / "areas.csv"
    file.write_text(AREAS, "utf-8")
    program.ok("area", "load", str(file), "--date", "2018-01-01")
    return program


def run_all(program: Program, *lines: str) -> None:
    for line in lines:
        program.ok(*line.split())


def money(area: str, year: int, **levels: int) -> list[str]:
    """Return the issues of so many 万元 by each level; the tranche is named by area and level."""
    return [
        f"fund issue --tranche {area}-{level} --area {area} --year {year} --level {level} --amount {amount}万元"
        f" --issuer 财政厅 --doc {area}-{level}号 --date {year}-01-05"
        for level, amount in levels.items()
    ]


def project(name: str, area: str, year: int, kind: str, allocations: dict[str, int]) -> list[str]:
    """Return a project that is planned and has money from tranches, in 万元."""
    return [
        f"project add {name} --name {name} --area {area} --year {year} --type {kind} --goal 目标 --date {year}-01-06",
        f"project approve {name} --date {year}-01-07",
        f"project plan {name} --amount {sum(allocations.values())}万元 --date {year}-01-08",
        *(
            f"fund allocate --tranche {tranche} --project {name} --amount {amount}万元 --date {year}-01-09"
            for tranche, amount in allocations.items()
        ),
    ]


def pair_of(program: Program, pair: str, *arguments: str) -> dict[str, Any]:
    rows = program.json("report", "share", *arguments)["rows"]
    return next(row for row in rows if row["pair"] == pair and row["row"] == "total")


class TestTibetByOneFile:
    HERE = ("--area", "540000", "--year", "2023", "--as-of", "2023-04-10")

    @pytest.fixture
    def tibet(self, elsewhere: Program) -> Program:
        run_all(
            elsewhere,
            *money("540102", 2023, 中央=600, 省级=400),
            *money("540602", 2023, 中央=200, 省级=100),
            *project("P1", "540102", 2023, "crop_base", {"540102-中央": 300, "540102-省级": 350}),
            *project("P2", "540602", 2023, "breeding_base", {"540602-中央": 120}),
            "project contract P1 --contract C1 --contractor 甲公司 --amount 600万元 --date 2023-02-20",
            "project start P1 --date 2023-04-02",
            "payment release P1 --tranche 540102-中央 --amount 200万元 --date 2023-04-03",
        )
        return elsewhere

    def adopt(self, tibet: Program) -> None:
        tibet.ok("rule", "adopt", str(PACKS / "xizang-2023.toml"), "--date", "2023-01-01")

    def test_the_share_counts_central_and_regional_money_against_60_percent(self, tibet: Program) -> None:
        before = tibet.json("report", "share", *self.HERE)
        assert {row["pair"] for row in before["rows"]} == {"N1/D1", "N1/D2", "N1/D3", "N2/D1"}
        assert before["rule"]["id"] == "base"
        self.adopt(tibet)
        row = pair_of(tibet, "N1/D1-region", *self.HERE)
        assert (row["default"], row["numerator_fen"], row["denominator_fen"]) == (True, 770_000_000, 1_300_000_000)
        assert (row["threshold_percent"], row["threshold_firm"], row["met"]) == ("60", True, False)
        assert row["short_fen"] == 10_000_000
        assert pair_of(tibet, "N1/D1", *self.HERE)["threshold_firm"] is False  # 2023 nationwide: 力争

    def test_the_rates_have_the_dates_of_tibet_and_later_ones_for_high_places(self, tibet: Program) -> None:
        self.adopt(tibet)
        answer = tibet.json("report", "rates", *self.HERE)
        assert (answer["rule"]["id"], answer["set"]["id"]) == ("xizang-2023", "xizang-2023")
        targets = {
            (row["area"], row["rate"]): [(target["by"], target["state"]) for target in row["targets"]]
            for row in answer["rows"]
        }
        assert targets["540102", "start"] == [("2023-04-01", "missed")]
        assert targets["540602", "start"] == [("2023-05-20", "not_due")]
        assert targets["540102", "contract"] == [("2023-03-01", "met")]
        assert targets["540602", "contract"] == [("2023-03-01", "missed")]
        assert targets["540000", "spending"] == [("2023-03-31", "missed")]

    def test_the_report_known_before_the_adoption_stays_as_it_was(self, tibet: Program) -> None:
        position = str(tibet.position())
        before = tibet.ok("-f", "json", "report", "share", *self.HERE, "--known-at", position)
        self.adopt(tibet)
        assert tibet.ok("-f", "json", "report", "share", *self.HERE, "--known-at", position) == before


class TestLuanchuanByOneFile:
    BUILT = (
        *money("410324", 2018, 中央=100),
        *project("P1", "410324", 2018, "village_road", {"410324-中央": 100}),
        "project contract P1 --contract C1 --contractor 甲公司 --amount 100万元 --date 2018-02-01",
        "project start P1 --date 2018-02-02",
        "project progress P1 --percent 60 --date 2018-04-01",
        "payment release P1 --amount 100万元 --date 2018-04-02",
    )
    PAY = ("payment", "pay", "P1", "--date", "2018-04-03", "--amount")

    def test_works_are_paid_at_their_progress_less_ten_points(self, elsewhere: Program) -> None:
        run_all(elsewhere, *self.BUILT)
        elsewhere.ok(*self.PAY, "500000.01", "--dry-run")
        elsewhere.ok("rule", "adopt", str(PACKS / "luanchuan.toml"), "--date", "2018-01-01")
        exit_code, error = elsewhere.refused(*self.PAY, "500000.01")
        assert exit_code == 1
        assert "payment_progress_margin_points" in error["rule"]
        assert "[S23]" in error["rule"]
        elsewhere.ok(*self.PAY, "500000")

    def test_accepted_works_are_paid_to_four_fifths_until_they_are_settled(self, elsewhere: Program) -> None:
        run_all(
            elsewhere,
            *self.BUILT,
            "project progress P1 --percent 100 --date 2018-05-01",
            "project complete P1 --date 2018-05-02",
            "project accept P1 --date 2018-05-03",
        )
        pay = ("payment", "pay", "P1", "--date", "2018-05-04", "--amount")
        elsewhere.ok(*pay, "800000.01", "--dry-run")
        elsewhere.ok("rule", "adopt", str(PACKS / "luanchuan.toml"), "--date", "2018-01-01")
        _, error = elsewhere.refused(*pay, "800000.01")
        assert "payment_before_settlement_percent" in error["rule"]
        elsewhere.ok(*pay, "800000")


class TestAdopting:
    def own(self, folder: Path, version: str = "1", days: int = 3) -> str:
        file = folder / "own.toml"
        file.write_text(OWN.format(version=version, days=days), "utf-8")
        return str(file)

    def test_the_text_of_the_base_is_stored_with_what_extends_it(self, program: Program, tmp_path: Path) -> None:
        program.ok("rule", "adopt", self.own(tmp_path), "--date", "2022-01-01")
        event = program.json("audit", "show", str(program.position()))
        data = json.dumps(event, ensure_ascii=False)
        assert json.dumps(shipped_packs()["base"], ensure_ascii=False) in data

    def test_history_says_what_replaced_what(self, program: Program, tmp_path: Path) -> None:
        program.ok("rule", "adopt", self.own(tmp_path), "--date", "2022-01-01", "--doc", "县〔2022〕1号")
        program.ok("rule", "adopt", self.own(tmp_path, "2", 5), "--date", "2023-01-01", "--doc", "县〔2023〕1号")
        program.ok("rule", "adopt", str(PACKS / "liupanshui-2022-targets.toml"), "--date", "2022-04-08")
        rows = program.json("rule", "history")
        assert [(row["pack"], row["version"], row["document"]) for row in rows] == [
            ("base", "2026.1", ""),
            ("own", "1", "县〔2022〕1号"),
            ("own", "2", "县〔2023〕1号"),
            ("liupanshui-2022-targets", "2022.1", ""),
        ]
        assert [row["replaced"] for row in rows] == [
            None,
            {"pack": "base", "version": "2026.1"},
            {"pack": "own", "version": "1"},
            None,
        ]
        assert "取代" in program.ok("rule", "history")
        assert [row["purpose"] for row in program.json("rule", "list")] == [
            "rules",
            "rules",
            "rules",
            "targets",
            "rules",
        ]

    def test_show_prints_every_table_of_the_pack_as_adopted(self, program: Program, tmp_path: Path) -> None:
        program.ok("rule", "adopt", self.own(tmp_path), "--date", "2022-01-01")
        shown = program.ok("rule", "show", "own")
        for title in (
            "产业占比",
            "比率",
            "限时目标",
            "期限",
            "报送日",
            "公开要求",
            "重点帮扶县",
            "参数",
            "负面清单",
            "项目类型",
        ):
            assert f"\n{title}\n" in shown
        assert "收到资金后分解下达" in shown
        data = program.json("rule", "show", "own")
        assert data["extends"] == "base"
        assert {"share_pairs", "due_days", "disclosures", "key_areas", "calendar", "indicators"} <= set(data)
        days = [each for each in data["parameters"] if each["name"] == "ownership_notice_days"]
        assert [(each["jurisdiction"], each["value"]) for each in days] == [("000000", 7), ("520203", 3)]

    def test_targets_are_shown_with_their_clauses(self, program: Program) -> None:
        shown = program.ok("rule", "check", str(PACKS / "liupanshui-2022-targets.toml"))
        assert "(九)完成新(改)建农村户厕2.7万户" in shown
        assert "项目类型" not in shown


class TestChecking:
    @pytest.mark.parametrize("verb", ["check", "adopt"])
    @pytest.mark.parametrize(
        ("old", "new", "code", "line"),
        [
            ('source = "县文件"\n', "", "rule.no_source", 8),
            ('unit = "日"', 'unti = "日"', "rule.missing", 8),
            ("value = 3", "value = ", "rule.not_toml", 10),
            ('extends = "base"', 'extends = "bass"', "rule.unknown_base", 6),
            (
                'jurisdiction = "520203"\nsource',
                'jurisdiction = "000000"\nvalid_from = 2024-01-01\nsource',
                "rule.overlap",
                8,
            ),
        ],
    )
    def test_a_fault_is_named_by_file_and_line(
        self, program: Program, tmp_path: Path, *, verb: str, old: str, new: str, code: str, line: int
    ) -> None:
        file = tmp_path / "本县.toml"
        text = OWN.format(version="1", days=3)
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")
        exit_code, error = program.refused("rule", verb, str(file))
        assert (exit_code, error["code"]) == (1, code)
        assert error["where"].split(" ")[0] == (f"本县.toml:{line}" if line else "本县.toml")

    def test_checking_records_nothing(self, program: Program) -> None:
        before = program.position()
        for path in sorted(PACKS.glob("*.toml")):
            program.ok("rule", "check", str(path))
        assert program.position() == before


def test_a_shipped_pack_can_be_read_before_there_is_a_ledger(program: Program, tmp_path: Path) -> None:
    nowhere = replace(program, url=str(tmp_path / "none.db"))
    assert "规则包 base" in nowhere.ok("rule", "show", "base")
    assert nowhere.run("rule", "show", "mine").exit_code == 6

"""Today's desk: what waits when ``xianjie`` is asked nothing, and how to begin where there is no ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from cli.main import xianjie

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

OVERDUE = (
    "finding open F1 --area 520203 --source 省级 --kind 审计 --unit 农业农村局 --deadline 2022-03-01"
    " --title 未及时报账 --date 2022-02-01"
)


def test_an_empty_folder_is_told_how_to_begin(tmp_path: Path) -> None:
    done = CliRunner().invoke(xianjie, ["--db", str(tmp_path / "none.db")])
    assert done.exit_code == 0
    assert "xianjie init --area" in done.stdout
    assert "xianjie demo" in done.stdout
    assert not (tmp_path / "none.db").exists()


def test_a_ledger_in_which_nothing_waits_says_so(program: Program) -> None:
    lines = {line["what"] for line in program.json()["lines"]}
    assert all("季度报告" in what for what in lines)  # the only thing that is due by the calendar alone
    assert program.ok().startswith("六盘水市 今日(")


def test_an_overdue_finding_and_idle_money_wait_with_the_command_to_look_closer(funded: Program) -> None:
    funded.ok(*OVERDUE.split())
    lines = {(line["state"], line["command"]): line for line in funded.json()["lines"]}
    finding = lines["late", "xianjie report findings"]
    assert (finding["count"], finding["first"]) == (1, "F1,2022-03-01 到期")
    money = lines["late", "xianjie report aging"]
    idle = sum(row["idle_fen"] for row in funded.json("report", "aging")["rows"])
    assert money["amount_fen"] == idle == 10_000_000_00


def test_what_is_late_stands_before_what_is_due(funded: Program) -> None:
    funded.ok(*OVERDUE.split())
    states = [line["state"] for line in funded.json()["lines"]]
    assert states == sorted(states, key=["late", "due", "open"].index)
    assert "late" in states


def test_every_command_that_the_desk_names_answers(funded: Program) -> None:
    funded.ok(*OVERDUE.split())
    for line in funded.json()["lines"]:
        assert json.loads(funded.ok("-f", "json", *line["command"].split()[1:]))

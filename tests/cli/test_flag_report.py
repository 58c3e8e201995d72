"""Red flags on the command line: what is printed, one explained, all listed, and the exit code of ``--check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Program

ASKED = ("report", "flags", "--area", "520203", "--as-of", "2022-12-31")


def test_flags_are_printed_with_both_numbers_and_checked(built: Program) -> None:
    said = built.ok(*ASKED, "--id", "R12", "--id", "R9", "--id", "RF02")
    assert "疑点清单" in said
    assert "验收后未入账 213 天 超过 期限 180 天" in said
    assert built.run(*ASKED, "--id", "RF02", "--check").exit_code == 0, "not serious"
    over = built.run(*ASKED, "--id", "R4", "--check")
    assert over.exit_code == 0, "nothing raised"


def test_a_serious_flag_ends_a_check_with_one(funded: Program) -> None:
    assert funded.run(*ASKED, "--id", "R4").exit_code == 0
    assert funded.run(*ASKED, "--id", "R4", "--check").exit_code == 1


def test_a_flag_is_explained_down_to_its_events(built: Program) -> None:
    said = built.ok(*ASKED, "--explain", "RF02", "A1")
    for words in ("如何消除", "算法", "所依据的记录", "asset:A1", "资产登记"):
        assert words in said
    answer = built.json(*ASKED, "--explain", "RF02", "A1")
    assert [event["topic"] for event in answer["flags"][0]["events"]] == ["project.accepted", "asset.identified"]
    exit_code, error = built.refused(*ASKED, "--explain", "R11", "A1")
    assert (exit_code, error["code"]) == (3, "flag.not_raised")


def test_every_flag_is_listed_with_its_source(built: Program) -> None:
    said = built.ok("report", "flags", "--list")
    assert {f"R{number}" for number in range(1, 36)} <= set(said.split())
    assert {f"RF{number:02}" for number in range(1, 38)} <= set(said.split())
    assert "暂定" in said
    assert "资产状态矛盾" in built.ok("rule", "show", "base")


def test_an_unknown_flag_says_which_there_are(built: Program) -> None:
    exit_code, error = built.refused(*ASKED, "--id", "R99")
    assert (exit_code, error["code"]) == (1, "flag.unknown")
    assert "R1 至 R34" in error["hint"]


def test_the_body_that_decided_a_right_is_recorded(built: Program) -> None:
    built.ok(*["asset", "confirm", "A1", "--date", "2022-06-11"])
    right = "right set A1 --right 收益权 --holder H-36SCB6C2ZO7FOPUT2J2FO3VR57:农户:1 --date 2022-07-01"
    built.ok(*right.split(), "--body", "representatives", "--reason", "章程授权")
    (flag,) = built.json(*ASKED, "--id", "RF36")["flags"]
    assert (flag["left"]["value"], flag["right"]["value"]) == ("成员代表大会", "成员大会")

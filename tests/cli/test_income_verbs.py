"""Income as an office types it: an account, its rule, the half year's accounts, the plan, the vote, the payment."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from cli.payees import parse_amount_line, parse_least, parse_share_line
from cli.words import field_text
from ledger.errors import ValueRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

OPEN = "income open S1 --name 大棚收益 --asset A1 --date 2022-07-01"
RULE = (
    "income rule S1 --version 2022-1 --base 净收益 --cost om --cost site --line posts:公益岗位:至少80%"
    " --line village:村集体:1/5 --approval village_vote --approval town_check --doc 办法1号 --date 2022-07-01"
)
ACCOUNTS = (
    "income post S1 --period 2022H2 --amount 1.2万元 --asset A1 --voucher 记-1 --date 2022-12-30",
    "income cost S1 --period 2022Q4 --cost om --amount 600 --date 2022-12-30",
    "income cost S1 --period 2022-12 --cost site --amount 肆佰元整 --date 2022-12-30",
)
PLAN = "income plan S1 F1 --period 2022H2 --doc 方案1号 --date 2023-01-10"
APPROVED = (
    (
        "income resolve S1 F1 --step village_vote --body 甲村成员代表会议 --members 45 --in-favour 40"
        " --notice-to 2023-01-27 --date 2023-01-20"
    ),
    "income resolve S1 F1 --step town_check --body 某镇政府 --date 2023-01-25",
)
PAY = "income pay S1 F1 --payee posts --amount 8000 --voucher 记-9 --date 2023-02-01"


def told(program: Program, *commands: str) -> Program:
    for command in commands:
        program.ok(*command.split())
    return program


def test_income_goes_from_the_account_to_the_payees_on_every_database(year: Program) -> None:
    told(year, OPEN, RULE, *ACCOUNTS, PLAN, *APPROVED, PAY)
    shown = year.json("income", "show", "S1")
    assert {each["period"]: each["amount_fen"] for each in shown["accounts"]} == {
        "2022H2": 12_000_00,
        "2022Q4": 600_00,
        "2022-12": 400_00,
    }
    (rule,) = shown["rules"]
    assert (rule["version"], rule["base"], rule["costs"]) == ("2022-1", "net", ["om", "site"])
    (plan,) = shown["plans"]
    assert (plan["base_fen"], plan["undistributed_fen"], plan["notice_to_on"]) == (11_000_00, 0, "2023-01-27")
    assert plan["lines"] == [
        {"payee": "posts", "planned_fen": 8_800_00, "paid_fen": 8_000_00},
        {"payee": "village", "planned_fen": 2_200_00, "paid_fen": 0},
    ]
    assert [each["topic"] for each in shown["events"]][-1] == "income.distribution_paid"
    (listed,) = year.json("income", "list")
    assert (listed["scheme"], listed["assets"], listed["area_name"]) == ("S1", 1, "六枝特区")
    assert [listed[f"{name}_fen"] for name in ("income", "cost", "planned", "paid")] == [
        12_000_00,
        1_000_00,
        11_000_00,
        8_000_00,
    ]
    assert year.json("income", "list", "--year", "2023")[0]["paid_fen"] == 0
    assert year.json("income", "list", "--year", "2022")[0]["paid_fen"] == 8_000_00


def test_an_account_is_shown_to_people_in_chinese(built: Program) -> None:
    told(built, OPEN, RULE, *ACCOUNTS, PLAN)
    said = built.ok("income", "show", "S1")
    net = "净收益 − 运维费 − 场地占用费"
    for word in ("大棚收益", net, "公益岗位 至少 4/5", "village_vote、town_check", "11,000.00"):
        assert word in said
    row = list(csv.reader(io.StringIO(built.ok("income", "list", "-f", "csv"))))[1]
    assert row == ["S1", "大棚收益", "六枝特区", "1", "12,000.00", "1,000.00", "11,000.00", "0.00"]
    assert "收益账户" in built.ok("doc", "show", "办法1号")


@pytest.mark.parametrize(
    ("command", "exit_code", "code"),
    [
        (OPEN, 1, "income.scheme_exists"),
        ("income show S9", 3, "income.unknown_scheme"),
        (RULE.replace("1/5", "30%"), 1, "income.rule_over_whole"),
        (RULE.replace("village:村集体:1/5", "village:1/5"), 1, "payee.malformed"),
        (ACCOUNTS[0].replace("2022H2", "下半年"), 1, "period.malformed"),
        (ACCOUNTS[0].replace("A1", "A9"), 1, "income.other_asset"),
        (f"{PLAN} --line posts:8799.99 --line village:2200.01", 1, "income.floor_not_met"),
        (f"{PLAN} --line posts", 1, "payee.malformed"),
        (PAY, 3, "income.unknown_plan"),
    ],
)
def test_a_refusal_has_its_code_and_exit_code(built: Program, command: str, exit_code: int, code: str) -> None:
    told(built, OPEN, RULE, *ACCOUNTS) if "rule" not in command else told(built, OPEN)
    refused = built.refused(*command.split())
    assert (refused[0], refused[1]["code"]) == (exit_code, code)


def test_payment_waits_for_the_chain_and_the_notice(built: Program) -> None:
    told(built, OPEN, RULE, *ACCOUNTS, PLAN)
    assert built.refused(*PAY.split())[1]["code"] == "income.not_approved"
    told(built, *APPROVED)
    early = PAY.replace("2023-02-01", "2023-01-26")
    exit_code, error = built.refused(*early.split())
    assert (exit_code, error["code"], "RF17" in error["rule"]) == (1, "income.notice_running", True)
    told(built, PAY)


SHEET = (
    "类型,账户编号,日期,期间,方案编号,分配明细,环节,审议机构,应到人数,赞成人数,公示截止日,受益方,金额(元)",
    "方案,S1,2023-01-10,2022H2,F1,posts:9000;village:2000,,,,,,,",
    "审议,S1,2023-01-20,,F1,,village_vote,甲村成员代表会议,45,40,2023-01-27,,",
    "审议,S1,2023-01-25,,F1,,town_check,某镇政府,,,,,",
    "发放,S1,2023-02-01,,F1,,,,,,,posts,9000",
)


def test_plans_votes_and_payments_come_in_a_sheet(built: Program, tmp_path: Path) -> None:
    told(built, OPEN, RULE, *ACCOUNTS)
    file = tmp_path / "收益.csv"
    file.write_text("\n".join(SHEET), encoding="utf-8")
    assert built.json("import", "check", str(file), "--kind", "income")["ok"]
    built.ok("import", "apply", str(file), "--kind", "income")
    (plan,) = built.json("income", "show", "S1")["plans"]
    assert ([each["step"] for each in plan["steps"]], plan["notice_to_on"]) == (
        ["village_vote", "town_check"],
        "2023-01-27",
    )
    assert [(each["payee"], each["planned_fen"], each["paid_fen"]) for each in plan["lines"]] == [
        ("posts", 9_000_00, 9_000_00),
        ("village", 2_000_00, 0),
    ]


@pytest.mark.parametrize("text", ["至少80%", "≥80%", ">=80%", "不低于 80%", "至少 80%"])
def test_a_least_part_is_said_in_several_ways(text: str) -> None:
    assert parse_least(text) == ("80%", True)
    assert parse_share_line(f"posts:公益岗位:{text}") == {
        "payee": "posts",
        "name": "公益岗位",
        "share": "80%",
        "floor": True,
    }


def test_lines_are_read_with_full_width_signs_and_nothing_is_guessed() -> None:
    assert parse_amount_line("posts:0.5万元") == {"payee": "posts", "amount_fen": 5_000_00}
    for text in ("posts", "posts:", "posts:1:2"):
        with pytest.raises(ValueRefusedError, match=r"写法不对"):
            parse_amount_line(text)


def test_lines_of_rules_and_plans_are_read_in_words() -> None:
    rule = [{"payee": "posts", "name": "公益岗位", "numerator": 4, "denominator": 5, "floor": True}]
    assert field_text("lines", rule) == "公益岗位 posts 至少 4/5"
    assert field_text("lines", [{"payee": "posts", "amount_fen": 1_00}]) == "posts 1.00 元"

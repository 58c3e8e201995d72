"""What bad input gets: one message, the right exit code, and nothing recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program

ISSUE = "fund issue --tranche T9 --area 520200 --year 2022 --level 中央 --issuer 省财政厅 --doc 黔9号 --date 2022-02-01"
ALLOCATE = "fund allocate --tranche T2 --project P1 --date 2022-02-01"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0.001", "money.finer_than_fen"),
        ("0.0000001万元", "money.finer_than_fen"),
        ("-5", "money.negative"),
        ("", "money.empty"),
        ("0", "money.zero"),
        ("1.2e9", "money.not_a_number"),
        ("#N/A", "money.not_a_number"),
        ("1,00", "money.bad_grouping"),
        ("99999999999999999", "money.too_large"),
    ],
)
def test_money_that_is_not_exact_is_refused_at_the_flag(funded: Program, amount: str, code: str) -> None:
    exit_code, error = funded.refused(*ISSUE.split(), "--amount", amount)
    assert (exit_code, error["code"], error["where"]) == (1, code, "--amount")


@pytest.mark.parametrize(
    ("command", "exit_code", "code"),
    [
        (f"{ISSUE} --amount 1 --area 999999", 1, "area.unknown"),
        (f"{ISSUE} --amount 1 --area 520221", 1, "area.expired"),
        (f"{ISSUE} --amount 1 --area 52020", 1, "area.malformed"),
        (f"{ISSUE} --amount 1 --date 2022-02-30", 1, "date.no_such_day"),
        (f"{ISSUE} --amount 1 --date 22-02-03", 1, "date.two_digit_year"),
        (f"{ISSUE} --amount 1 --year 1999", 1, "date.plan_year_out_of_range"),
        (f"{ISSUE} --amount 1 --level 镇级", 1, "code.unknown"),
        (f"{ISSUE} --amount 1 --doc 黔财农〔2022〕1号", 1, "document.other_content"),
        (f"{ISSUE} --amount 1 --tranche T1", 1, "tranche.exists"),
        (f"{ALLOCATE} --amount 2000000.01", 1, "tranche.overdrawn"),
        (f"{ALLOCATE} --amount 1 --project P9", 3, "project.unknown"),
        (f"{ALLOCATE} --amount 1 --tranche T9", 3, "tranche.unknown"),
        ("payment release P1 --amount 3000000.01 --date 2022-02-01", 1, "payment.exceeds"),
        ("payment pay P1 --amount 0.01 --date 2022-02-01", 1, "payment.exceeds"),
        ("project complete P1 --date 2022-02-01", 1, "project.stage_order"),
        ("project start P1 --date 2022-01-11", 1, "date.before_cause"),
        ("project add P1 --name x --area 520203 --year 2022 --type 种植业基地", 1, "project.exists"),
        ("project add P2 --name x --area 520203 --year 2022 --type 没有这类", 1, "project.unknown_type"),
        ("project cancel P1 --date 2022-02-01", 1, "project.end_reason"),
        ("asset identify A1 --project P1 --name x --class 经营性 --value 1", 1, "asset.not_accepted"),
        ("correct undo 9999 --reason x --doc y", 3, "event.unknown"),
        ("correct undo 5", 1, "correction.unfounded"),
        ("audit show 9999", 3, "event.unknown"),
        ("project show P9", 3, "project.unknown"),
        ("fund show T9", 3, "tranche.unknown"),
        ("asset show A9", 3, "asset.unknown"),
        ("rule show nothing", 3, "rule.unknown_pack"),
        ("rule adopt no-such-file.toml", 6, "rule.file_unreadable"),
        ("area load no-such-file.csv", 6, "area.file_unreadable"),
        ("report share --area 999999", 1, "area.unknown"),
        ("report share --known-at 9999", 1, "report.position_unknown"),
        ("report rates --year 2022 --set nothing", 3, "rule.no_rate_set"),
    ],
)
def test_a_refusal_has_its_code_and_exit_code(funded: Program, command: str, exit_code: int, code: str) -> None:
    told = funded.refused(*command.split())
    assert (told[0], told[1]["code"]) == (exit_code, code)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("asset confirm A1 --date 2022-06-10", "asset.notice_running"),
        ("asset confirm A1 --date 2022-06-11 --holder V1:村集体:99/100", "share.not_whole"),
        ("asset confirm A1 --date 2022-06-11 --holder V1:村集体", "holder.malformed"),
        ("asset confirm A1 --date 2022-06-11 --holder H-36SCB6C2ZO7FOPUT2J2FO3VR57:农户:1", "right.household_owner"),
        ("asset hand-over A1 --giver 甲 --receiver 乙 --supervisor 丙 --date 2022-06-12", "asset.step_order"),
    ],
)
def test_an_asset_is_confirmed_only_after_its_notice_and_whole(built: Program, command: str, code: str) -> None:
    exit_code, error = built.refused(*command.split())
    assert (exit_code, error["code"]) == (1, code)


@pytest.mark.parametrize("missing", ["giver", "receiver", "supervisor"])
def test_a_hand_over_without_one_of_its_parties_is_refused(built: Program, missing: str) -> None:
    built.ok(*["asset", "confirm", "A1", "--date", "2022-06-11"])
    parties = {"giver": "甲", "receiver": "乙", "supervisor": "丙"}
    flags = [part for name, unit in parties.items() if name != missing for part in (f"--{name}", unit)]
    exit_code, error = built.refused("asset", "hand-over", "A1", "--date", "2022-06-12", *flags)
    assert (exit_code, error["code"]) == (1, "asset.party_missing")


def test_a_key_used_again_with_other_input_is_a_conflict(funded: Program) -> None:
    funded.ok(*f"{ALLOCATE} --amount 1 --key k1".split())
    exit_code, error = funded.refused(*f"{ALLOCATE} --amount 2 --key k1".split())
    assert (exit_code, error["code"]) == (4, "batch.key_reused")


def test_personal_data_is_refused_and_not_repeated(funded: Program) -> None:
    done = funded.run(*f"{ALLOCATE} --amount 1 --reason 收款人13812345678".split())
    assert done.exit_code == 1
    assert "手机号" in done.stderr
    assert "13812345678" not in done.output


def test_a_refused_field_is_named_in_chinese_with_its_flag(funded: Program) -> None:
    exit_code, error = funded.refused(*ISSUE.split(), "--amount", "1", "--issuer", "厅" * 201)
    assert (exit_code, error["message"], error["where"]) == (1, "发文单位 太长", "--issuer")


@pytest.mark.parametrize(
    ("line", "code", "where"),
    [
        (f"{ALLOCATE} --amount 100亿元", "tranche.overdrawn", "--amount"),
        (f"{ALLOCATE.replace('P1', 'P404')} --amount 1", "project.unknown", "--project"),
        ("project add P9 --name 路 --area 520299 --year 2022 --type village_road", "area.unknown", "--area"),
        ("project add P9 --name 路 --area 520203 --year 2022 --type 没有这类", "project.unknown_type", "--type"),
    ],
)
def test_what_the_rules_refuse_is_placed_at_the_flag_that_says_it(
    funded: Program, line: str, code: str, where: str
) -> None:
    exit_code, error = funded.refused(*line.split())
    assert error["code"] == code
    assert error["where"] == where
    assert exit_code in {1, 3}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("fund issue", "缺少选项 --tranche"),
        ("project approve", "缺少参数 项目编号"),
        ("fund list --yeer 2022", "没有选项 --yeer(是否想用 --year)"),
        ("fond list", "没有命令 fond"),
        ("fund lst", "没有命令 lst"),
        ("report share --by colour", "--by 不能是“colour”;可填:area(地区)、town(乡镇)、type(类型)"),
        ("audit log --limit many", "--limit 不能是“many”;应为不小于零的整数"),
        ("project approve P1 P2", "多了参数:P2"),
        ("audit log --limit", "选项 '--limit' 后面要有 1 个值"),
    ],
)
def test_wrong_usage_is_told_in_chinese_with_exit_code_2(program: Program, arguments: str, message: str) -> None:
    exit_code, error = program.refused(*arguments.split())
    assert (exit_code, error["code"], error["message"]) == (2, "usage", message)
    assert error["hint"].startswith("运行 xianjie")

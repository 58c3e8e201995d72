"""Contracts and the use of assets at the command line: 洛浦's lease, revival by two persons, the yearly count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cli.main import xianjie
from cli.words import field_text

if TYPE_CHECKING:
    from tests.cli.conftest import Program

SIGN = (
    "contract sign H1 --asset A1 --mode 租赁 --operator C1 --operator-kind 企业 --operator-name 某公司"
    " --from 2022-07-01 --to 2025-06-30 --return percent --return-share 8% --base-amount 1840万元 --base 决算审定价"
    " --instalments 06-30,12-31 --due 2025-09-01:184万元:回购款 --due 2026-09-01:1656万元:回购款"
    " --clause 风险承担 --doc 合同1号 --date 2022-06-20"
)


def words(line: str) -> list[str]:
    return line.split()


@pytest.fixture
def owned(built: Program) -> Program:
    """A ledger in which the asset belongs to two villages."""
    built.ok(*words("asset confirm A1 --date 2022-06-11"))
    return built


def by(program: Program, name: str, line: str) -> str:
    done = CliRunner().invoke(xianjie, ["--db", program.url, "--as", name, *line.split()])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_lease_of_eight_per_cent_in_two_instalments_is_paid_and_listed(owned: Program) -> None:
    assert "已把资产 A1 的经营权登记给经营者" in owned.ok(*SIGN.split())
    owned.ok(*words("contract receive H1 --amount 73.6万元 --voucher 记1 --date 2022-12-30"))
    code, refusal = owned.refused(*words("contract receive H1 --amount 3680000.01 --date 2023-06-30"))
    assert (code, refusal["code"]) == (1, "contract.receipt_exceeds")
    shown = owned.json("contract", "show", "H1")
    assert (shown["yearly_fen"], shown["received_fen"]) == (1_472_000_00, {"rent": 736_000_00})
    assert [due["amount_fen"] for due in shown["dues"] if due["what"] == "rent"] == [736_000_00] * 6
    said = owned.ok("contract", "show", "H1")
    assert "按基数比例,2/25 (8.00%),基数 决算审定价 18,400,000.00 元,每年 1,472,000.00 元" in said
    assert "2025-09-01 回购款 1,840,000.00" in said
    (listed,) = owned.json("contract", "list", "--due", "0")
    assert (listed["open_since"], listed["state"], listed["assets"]) == ("2023-06-30", "running", ["A1"])
    assert listed["left_fen"] == 5 * 736_000_00 + 18_400_000_00
    assert "租赁" in owned.ok("contract", "list", "--expiring", "0")
    assert owned.json("contract", "list", "--year", "2021") == []


def test_an_ended_contract_leaves_the_list_of_those_that_run(owned: Program) -> None:
    owned.ok(*SIGN.split())
    said = owned.ok(*words("contract end H1 --why 提前终止 --reason 经营不善 --date 2024-01-01"))
    assert "经营权改为未明确,应于 2024-04-01 前明确" in said
    assert owned.json("contract", "list", "--running") == []
    assert owned.json("contract", "list")[0]["state"] == "early"
    assert "提前终止 2024-01-01" in owned.ok("contract", "show", "H1")


def test_terms_are_changed_on_paper_and_the_dues_with_them(owned: Program) -> None:
    owned.ok(*SIGN.split())
    line = "contract amend H1 --base-amount 2000万元 --doc 补充1号 --date 2022-12-01"
    assert owned.refused(*line.split())[1]["code"] == "contract.dues_stale"
    owned.ok(*line.split(), "--instalments", "6-30、12-31")
    shown = owned.json("contract", "show", "H1")
    assert {due["amount_fen"] for due in shown["dues"] if due["what"] == "rent"} == {800_000_00}
    assert sum(due["amount_fen"] for due in shown["dues"] if due["what"] == "buy_back") == 18_400_000_00
    assert shown["clauses"] == ["risk"]


def test_dues_and_clauses_are_read_in_chinese() -> None:
    due = {"on": "2025-09-01", "amount_fen": 100, "what": "buy_back"}
    assert field_text("dues", [due, due]) == "2025-09-01 回购款 1.00 元;2025-09-01 回购款 1.00 元"
    assert field_text("clauses", ["risk", "principal"]) == "风险承担;本金返还"


def test_what_cannot_be_read_is_told_at_its_flag(owned: Program) -> None:
    for wrong in ("2025-09-01", "2025-09-01:1:借款", "a:b:c:d"):
        _, refusal = owned.refused(*SIGN.replace("2025-09-01:184万元:回购款", wrong).split())
        assert (refusal["code"], refusal["where"]) == ("due.malformed", "--due")
    _, refusal = owned.refused(*SIGN.replace("06-30,12-31", "13-01").split())
    assert refusal["code"] == "contract.month_day"
    _, refusal = owned.refused(*SIGN.replace("8%", "百分之八").split())
    assert refusal["code"] == "share.not_a_share"
    assert owned.run("contract", "show", "没有").exit_code == 3
    assert owned.run("contract", "receive", "没有", "--amount", "1").exit_code == 3


def test_an_idle_asset_is_revived_and_struck_off_by_a_second_person(owned: Program) -> None:
    owned.ok(*words("condition assess A1 --condition 闲置 --note 停产一年 --date 2024-02-01"))
    owned.ok(
        *words("revival open A1 --revival P1 --measure 引入新主体 --by 县局 --deadline 2024-10-31 --date 2024-03-01")
    )
    owned.ok(*words("revival submit A1 --revival P1 --result 已投产 --cost 2万元 --date 2024-09-01"))
    owned.ok(*words("condition assess A1 --condition 良好 --date 2024-09-02"))
    close = "revival close A1 --revival P1 --note 已核实 --doc 报告1号 --date 2024-09-10"
    assert owned.refused(*close.split())[1]["code"] == "revival.same_person"
    assert "盘活销号" in by(owned, "李四", close)
    owned.ok(*words("condition classify A1 --year 2024 --batch 盘活一批 --date 2024-12-01"))


def test_upkeep_is_assigned_before_visits_and_a_count_changes_the_value_when_approved(owned: Program) -> None:
    assert owned.refused(*words("upkeep visit A1 --date 2022-08-01"))[1]["code"] == "upkeep.nobody"
    owned.ok(*words("upkeep assign A1 --by 某村 --post 公益岗位 --yearly 6000 --times 4 --date 2022-07-01"))
    owned.ok(*words("upkeep visit A1 --defects 漏水 --repairs 补漏 --cost 50 --date 2022-08-01"))
    owned.ok(*words("count record A1 --year 2022 --outcome 有差异 --loss 2500 --note 少一台 --date 2022-12-15"))
    said = owned.json(*words("count approve A1 --year 2022 --authority 县财政局 --doc 批复1号 --date 2023-01-10"))
    assert said["events"][0]["data"]["value_fen"] == 2_997_500_00
    assert owned.refused(*words("count depreciate A1 --year 2022 --date 2022-12-31"))[1]["code"] == (
        "depreciation.no_rule"
    )

"""The verbs of money as a clerk types them: adjusted, recovered, left over, held back, carried over, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

SECOND = "project add P2 --name 通组路 --area 520203 --year 2022 --type 农村道路 --goal 硬化3公里 --date 2022-01-10"
SETTLE = "project settle P1 --amount 290万元 --auditor 县审计局 --doc 县审〔2022〕1号 --date 2022-07-01"


def topics(recorded: Any) -> list[str]:  # noqa: ANN401 - what the program prints
    return [event["topic"] for event in recorded["events"]]


def tranche(program: Program, code: str) -> Any:  # noqa: ANN401 - what the program prints
    return program.json("fund", "show", code)


def test_marks_codes_and_a_unit_are_recorded(program: Program) -> None:
    issue = (
        "fund issue --tranche T1 --area 520203 --year 2022 --level 中央 --amount 100万元 --issuer 省财政厅 --direct"
        " --incentive --project-code Z155110000004 --income-item 1100231 --expenditure-item 21305 --doc 1号"
        " --date 2022-01-05"
    )
    issued = program.json(*issue.split())["events"][-1]["data"]
    assert (issued["direct"], issued["incentive"], issued["expenditure_item"]) == (True, True, "21305")
    unit = (
        "fund distribute --tranche T1 --child U1 --child-area 520203 --child-unit 农业局 --amount 1 --date 2022-01-06"
    )
    program.ok(*unit.split())
    assert tranche(program, "U1")["unit"] == "农业局"
    assert "农业局" in program.ok("fund", "show", "U1")


def test_money_is_adjusted_between_projects(funded: Program) -> None:
    funded.ok(*SECOND.split())
    adjust = "fund adjust --from P1 --to P2 --amount 100万元 --date 2022-03-01"
    code, error = funded.refused(*adjust.split())
    assert (code, error["code"], error["rule"][:3]) == (1, "adjustment.no_document", "R28")

    recorded = funded.json(*adjust.split(), "--doc", "县批〔2022〕3号")
    assert topics(recorded) == ["project.withdrawn", "tranche.regained", "tranche.allocated", "project.funded"]
    assert tranche(funded, "T2")["allocated_fen"] == 300_000_000


def test_money_is_recovered_from_a_project_or_a_tranche(built: Program) -> None:
    recover = "fund recover --project P1 --amount 1200000 --by 县财政局 --date 2022-10-01"
    recorded = built.json(*recover.split())
    assert topics(recorded) == ["project.release_returned", "project.withdrawn", "tranche.regained"]
    shown = tranche(built, "T2")
    assert shown["regained"] == [{"cause": "recovered", "amount_fen": 120_000_000}]
    assert "收回退回待再安排" in built.ok("fund", "show", "T2")
    built.ok("fund", "recover", "--tranche", "T2", "--amount", "1", "--by", "市财政局", "--date", "2022-10-02")
    code, error = built.refused("fund", "recover", "--amount", "1", "--by", "市财政局", "--date", "2022-10-02")
    assert (code, error["where"]) == (1, "--tranche")


def test_recovered_money_is_allocated_again(built: Program) -> None:
    built.ok("fund", "recover", "--project", "P1", "--amount", "100", "--by", "县财政局", "--date", "2022-10-01")
    built.ok(*SECOND.split())
    again = "fund allocate --tranche T2 --project P2 --cause 收回后再安排 --date 2022-10-05"
    assert built.refused(*again.split(), "--amount", "100.01")[1]["code"] == "allocation.cause_exceeds"
    recorded = built.json(*again.split(), "--amount", "100")
    assert recorded["events"][0]["data"]["cause"] == "reallocated"


def test_a_surplus_is_confirmed_after_settlement(built: Program) -> None:
    surplus = "fund surplus --project P1 --amount 10万元 --doc 县审〔2022〕1号 --date 2022-07-02"
    assert built.refused(*surplus.split())[1]["code"] == "surplus.not_settled"
    built.ok(*SETTLE.split())
    assert topics(built.json(*surplus.split())) == ["project.withdrawn", "tranche.regained"]


def test_a_management_fee_keeps_to_its_cap(funded: Program) -> None:
    fee_project = "project add FEE --name 项目管理费 --area 520203 --year 2022 --type 项目管理费 --date 2022-01-10"
    funded.ok(*fee_project.split())
    fee = "fund fee --tranche T2 --project FEE --date 2022-02-01"
    code, error = funded.refused(*fee.split(), "--amount", "50000.01")
    assert (code, error["code"], "50,000.00" in error["message"]) == (1, "fee.above_cap", True)
    recorded = funded.json(*fee.split(), "--amount", "5万元")
    assert recorded["events"][0]["data"]["fee_percent"] == "1"


def test_payments_go_back_and_forth(built: Program) -> None:
    built.ok("payment", "refund", "P1", "--amount", "0.01", "--voucher", "退-1", "--date", "2022-06-05")
    built.ok("payment", "return", "P1", "--amount", "500000", "--date", "2022-06-06")
    built.ok("payment", "hold-retention", "P1", "--amount", "9万元", "--date", "2022-06-07")
    early = built.refused("payment", "release-retention", "P1", "--amount", "9万元", "--date", "2022-06-08")[1]
    assert early["code"] == "retention.too_early"
    built.ok("payment", "release-retention", "P1", "--amount", "9万元", "--date", "2023-06-01")
    paid = built.json("payment", "release", "P1", "--amount", "100", "--date", "2023-06-02")
    assert topics(paid) == ["project.released"]
    code, error = built.refused(
        "payment", "pay", "P1", "--amount", "1", "--payee-kind", "张某某", "--date", "2023-06-03"
    )
    assert (code, error["code"]) == (1, "code.unknown")


def test_closing_a_year_carries_over_what_is_left_and_shuts_the_books(built: Program) -> None:
    recorded = built.json("fund", "close-year", "--area", "520203", "--year", "2022", "--date", "2022-12-31")
    assert topics(recorded) == ["tranche.carried_over", "year.closed"]
    carried = recorded["events"][0]["data"]
    assert (carried["tranche"], carried["balance_fen"]) == ("T2", 200_000_000)
    assert tranche(built, "T2")["carried_years"] == [2022]

    late = "payment release P1 --amount 1 --date 2022-12-01"
    assert built.refused(*late.split())[1]["code"] == "year.closed"
    built.ok(*late.split(), "--reason", "凭证补录")
    again = built.refused("fund", "close-year", "--area", "520203", "--year", "2022", "--date", "2023-01-05")[1]
    assert again["code"] == "year.closed_twice"


def test_what_was_carried_over_alone_is_not_carried_twice(built: Program) -> None:
    built.ok("fund", "carry-over", "--tranche", "T2", "--year", "2022", "--date", "2022-12-31")
    recorded = built.json("fund", "close-year", "--area", "520203", "--year", "2022", "--date", "2022-12-31")
    assert topics(recorded) == ["year.closed"]


@pytest.mark.parametrize(
    ("kind", "head", "row", "topic"),
    [
        (
            "adjustments",
            "调出项目编号,调入项目编号,金额(元),日期,文号",
            "P1,P2,100,2022-06-10,县批1号",
            "project.withdrawn",
        ),
        (
            "recoveries",
            "类型,项目编号,金额(元),日期,收回单位",
            "收回项目资金,P1,100,2022-06-10,县局",
            "project.withdrawn",
        ),
        (
            "recoveries",
            "类型,批次编号,金额(元),日期,收回单位",
            "收回未安排资金,T2,100,2022-06-10,市局",
            "tranche.recovered",
        ),
        ("payments", "类型,项目编号,金额(元),日期", "预留质保金,P1,100,2022-06-10", "project.retention_held"),
        ("payments", "类型,项目编号,金额(元),日期,收款方类别", "支付,P1,100,2022-06-10,企业", "project.paid"),
    ],
)
def test_every_movement_can_be_imported(  # noqa: PLR0917 - one case
    built: Program, tmp_path: Path, kind: str, head: str, row: str, topic: str
) -> None:
    built.ok(*SECOND.split())
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"{head}\n{row}\n", encoding="utf-8")
    recorded = built.json("import", "apply", str(sheet), "--kind", kind)
    assert topic in topics(recorded)

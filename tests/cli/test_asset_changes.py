"""Rights that end, assets that change hands, are split and go: as a clerk types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.words import topic_name

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

VOTE = "disposal vote A1 --body members --members 300 --present 250 --in-favour {} --notice-days 10 --party-first"
WRITE_OFF = (
    "disposal propose A1 --disposal CZ1 --why 消耗灭失 --way 核销 --date 2023-03-01",
    f"{VOTE.format(200)} --owner V2 --date 2023-03-15",
    "disposal approve A1 --authority 县农业农村局 --doc 批复1号 --date 2023-04-01",
    "disposal carry-out A1 --price 4500 --buyer 企业 --doc 批复1号 --date 2023-04-02",
    "disposal proceeds A1 --amount 4500 --to collective --voucher 记18 --date 2023-04-03",
    "asset close A1 --why 已核销 --date 2023-04-04",
)


def done(program: Program, *commands: str) -> None:
    for command in commands:
        program.ok(*command.split())


@pytest.fixture
def confirmed(built: Program) -> Program:
    """A ledger with a confirmed asset that a company runs."""
    done(
        built,
        "asset confirm A1 --date 2022-06-11",
        "right set A1 --right 经营权 --holder C1:企业:1 --date 2022-06-15",
    )
    return built


def test_who_held_a_right_is_known_for_each_day(confirmed: Program) -> None:
    done(confirmed, "right end A1 --right 经营权 --reason 到期 --due 2023-06-30 --date 2023-01-01")
    assert "C1" in confirmed.ok("right", "who", "A1", "--right", "经营权", "--as-of", "2022-12-31")
    after = confirmed.json("right", "who", "A1", "--right", "operation", "--as-of", "2023-01-01")
    assert [(each["status"], each["due_on"]) for each in after["rights"]] == [("unsettled", "2023-06-30")]
    owners = confirmed.ok("right", "who", "A1", "--as-of", "2022-06-14")
    assert ("1/3" in owners, "2/3" in owners, "C1" in owners) == (True, True, False)

    settings = confirmed.json("right", "history", "A1", "--right", "经营权")
    assert [each["data"]["status"] for each in settings] == ["held", "unsettled"]
    assert "到期" in confirmed.ok("right", "history", "A1")
    assert confirmed.refused("right", "who", "A9")[1]["code"] == "asset.unknown"


def test_an_asset_goes_its_last_way_and_its_file_shows_each_step(year: Program) -> None:
    done(year, *WRITE_OFF)
    shown = year.ok("disposal", "show", "A1")
    for words in ("消耗灭失", "核销", "V2 成员大会", "同意 200", "审批第 1 步", "企业", "4,500.00", "集体 记18"):
        assert words in shown
    (found,) = year.json("disposal", "show", "A1")["disposals"]
    assert (found["price_fen"], found["booked_fen"], len(found["steps"])) == (450000, 450000, 4)
    assert all(each["topic"] != topic_name(each["topic"]) for each in found["steps"])
    assert "(没有)" in year.ok("loss", "show", "A1")
    assert all(each["status"] == "none" for each in year.json("right", "who", "A1", "--as-of", "2023-04-02")["rights"])
    assert year.refused(*WRITE_OFF[0].split())[1]["code"] == "asset.ended"
    year.ok("audit", "verify")


def test_an_asset_is_split_transferred_merged_and_moved(confirmed: Program) -> None:
    done(
        confirmed,
        "asset split A1 --part A2 --name 冷库 --value 100万元 --date 2023-01-01",
        (
            "asset transfer A2 --way 划转 --giver 两村 --receiver 乙乡 --holder T1:乡镇集体:1 --doc 划转1号"
            " --reason 共有人决议 --date 2023-01-02"
        ),
        "asset merge A2 --into A1 --reason 两方决议 --date 2023-01-03",
        "asset relocate A1 --area 520203 --town 520203001 --date 2023-01-04",
        "asset stocktake A3 --origin 老项目 --name 水池 --class 公益性 --area 520203 --year 2014 --value 1万元",
        "asset reinvest A1 --into A3 --money income --amount 5000",
    )
    shown = confirmed.json("asset", "show", "A1")
    assert (shown["value_fen"], shown["town"]) == (300_000_000, "520203001")
    assert confirmed.json("asset", "show", "A2")["life"] == "merged"
    listed = {each["asset"]: (each["value_fen"], each["life"]) for each in confirmed.json("asset", "list")}
    assert listed["A1"] == (300_000_000, "live")
    assert listed["A2"][1] == "merged"
    confirmed.ok("db", "compare")


def test_a_loss_is_followed_to_its_end(confirmed: Program) -> None:
    done(
        confirmed,
        "loss find A1 --loss SS1 --amount 2500 --cause 保管不善 --date 2023-01-01",
        "loss assign A1 --loss SS1 --post 站长 --basis 审计报告 --date 2023-01-02",
        "loss recover A1 --loss SS1 --amount 1500 --date 2023-01-03",
        "loss write-off A1 --loss SS1 --amount 1000 --authority 县政府 --doc 批复1号 --date 2023-01-04",
    )
    (loss,) = confirmed.json("loss", "show", "A1")
    assert (loss["found_fen"], loss["recovered_fen"], loss["written_off_fen"], loss["left_fen"]) == (
        *(250000, 150000, 100000),
        0,
    )
    assert "2,500.00" in confirmed.ok("loss", "show", "A1")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("asset transfer A1 --way 转让 --giver 甲 --receiver 乙 --holder T1:乡镇集体:1", "transfer.no_document"),
        ("asset split A1 --part A2 --name 冷库 --value 300万元", "split.too_much"),
        ("asset merge A1 --into A1", "merge.unlike"),
        ("asset close A1 --why 结束", "asset.not_closable"),
        ("disposal carry-out A1", "disposal.unknown"),
        ("disposal proceeds A1 --amount 1 --to 国库", "disposal.not_done"),
        ("loss recover A1 --loss SS1 --amount 1", "loss.unknown"),
        ("right set A1 --right 分配权 --holder V1:村集体:1", "right.unknown"),
        ("right end A1 --right 收益权 --reason 到期", "right.not_held"),
    ],
)
def test_what_may_not_be_is_refused_with_what_to_do(confirmed: Program, command: str, code: str) -> None:
    exit_code, refusal = confirmed.refused(*command.split())
    assert (exit_code != 0, refusal["code"], bool(refusal["hint"])) == (True, code, True)


def test_a_sheet_records_disposal_and_loss_step_by_step(confirmed: Program, tmp_path: Path) -> None:
    sheets = {
        "disposals": (
            "步骤,资产编号,日期,处置编号,处置原因,处置方式,所有权人,表决主体,应到人数,实到人数,同意人数,"
            "公示天数,经党组织讨论,审批单位,原因\n"
            "提出,A1,2023-03-01,CZ1,消耗灭失,核销,,,,,,,,,\n"
            "表决,A1,2023-03-15,,,,V2,成员大会,300,250,200,10,是,,\n"
            "审批,A1,2023-04-01,,,,,,,,,0,,县农业农村局,\n"
            "处置,A1,2023-04-02,,,,,,,,,,,,\n"
        ),
        "losses": (
            "步骤,资产编号,损失编号,日期,金额(元),损失原因,责任岗位,定责依据\n"
            "发现,A1,SS1,2023-01-01,2500,保管不善,,\n"
            "定责,A1,SS1,2023-01-02,,,站长,审计报告\n"
            "追回,A1,SS1,2023-01-03,2500,,,\n"
        ),
    }
    for kind in ("losses", "disposals"):
        sheet = tmp_path / f"{kind}.csv"
        sheet.write_text(sheets[kind], encoding="utf-8")
        confirmed.ok("import", "apply", str(sheet), "--kind", kind)
    assert confirmed.json("asset", "show", "A1")["life"] == "disposed"
    assert confirmed.json("loss", "show", "A1")[0]["left_fen"] == 0

"""``xianjie asset`` on the way from money to a confirmed, handed over and valued asset, as a clerk types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

ACCEPTED = (
    "project start P1 --date 2022-02-01",
    "project complete P1 --date 2022-05-01",
    "project accept P1 --date 2022-06-01",
)
IDENTIFIED = (
    *ACCEPTED,
    (
        "asset identify A1 --project P1 --name 大棚 --class 经营性 --subclass 农林牧业产业基地 --value 290万元"
        " --quantity 20座 --place 甲村一组 --provisional --date 2022-06-02"
    ),
)


def after(program: Program, *commands: str) -> Program:
    for command in commands:
        program.ok(*command.split())
    return program


def test_an_asset_shows_what_it_is_and_which_money_it_came_from(funded: Program) -> None:
    after(funded, *IDENTIFIED)
    shown = funded.json("asset", "show", "A1")
    assert (shown["subclass"], shown["place"], shown["provisional"]) == ("agri_base", "甲村一组", True)
    assert shown["sources"] == [{"fund_kind": "transition", "level": "central", "amount_fen": 2_900_000_00}]
    assert (shown["life"], shown["objections"]) == ("live", [])
    said = funded.ok("asset", "show", "A1")
    for words in ("2,900,000.00(暂估)", "中央衔接资金 2,900,000.00 元", "在册", "甲村一组"):
        assert words in said


def test_an_asset_goes_through_objection_shares_by_figures_and_final_accounts(funded: Program) -> None:
    after(
        funded,
        *IDENTIFIED,
        (
            "asset notice A1 --holder V1:村集体 --holder V2:村集体 --basis 按出资 --input 30万元 --input 20万元"
            " --place 甲村村口 --from 2022-06-02 --to 2022-06-10 --date 2022-06-02"
        ),
        "asset object A1 --objection Y1 --content 丙村出资未计入 --date 2022-06-05",
    )
    assert "Y1" in funded.ok("asset", "show", "A1")
    exit_code, error = funded.refused("asset", "confirm", "A1", "--date", "2022-06-11")
    assert (exit_code, error["code"]) == (1, "asset.disputed")
    after(
        funded,
        "asset resolve A1 --objection Y1 --outcome 不成立 --authority 乡人民政府 --date 2022-06-09",
        "asset confirm A1 --date 2022-06-11",
        "asset classify A1 --class 公益性 --authority 县农业农村局 --reason 改作公益 --date 2022-06-12",
        (
            "asset hand-over A1 --giver 农业农村局 --receiver 甲村合作社 --supervisor 财政局 --paper 验收报告"
            " --paper 竣工图 --defects 三号棚漏水 --warranty-until 2024-06-01 --debts 15万元 --date 2022-06-13"
        ),
        "asset finalise A1 --value 285万元 --date 2022-12-01",
    )
    shown = funded.json("asset", "show", "A1")
    assert (shown["asset_class"], shown["value_fen"], shown["provisional"]) == ("public", 2_850_000_00, False)
    of = {event["topic"]: event["data"] for event in shown["events"]}
    owners = [(each["holder"], each["numerator"], each["denominator"]) for each in of["right.set"]["holdings"]]
    assert (owners, of["right.set"]["basis"]) == ([("V1", 3, 5), ("V2", 2, 5)], "contribution")
    handed = of["asset.handed_over"]
    assert (handed["documents"], handed["warranty_until"]) == (["验收报告", "竣工图"], "2024-06-01")
    assert (handed["debts_fen"], handed["defects"]) == (150_000_00, "三号棚漏水")


def test_a_project_that_forms_no_asset_is_said_to(funded: Program) -> None:
    after(funded, *ACCEPTED)
    said = funded.ok("asset", "none", "P1", "--why", "消耗灭失", "--reason", "菌种已投产消耗", "--date", "2022-06-02")
    assert "P1" in said
    exit_code, error = funded.refused(*IDENTIFIED[-1].split())
    assert (exit_code, error["code"]) == (1, "asset.formed_none")
    assert "消耗灭失" in error["message"]


def test_an_asset_older_than_the_ledger_is_taken_into_the_register(program: Program) -> None:
    after(
        program,
        "asset stocktake S1 --origin 2013年整村推进 --name 灌溉渠 --area 520203 --year 2013 --class 公益性"
        " --value 9万元 --source 社会帮扶:其他:8万元 --source 自筹:其他:1万元 --date 2022-02-01",
    )
    assert "2013年整村推进" in program.ok("asset", "show", "S1")
    assert "灌溉渠" in program.ok("asset", "list", "--year", "2013")


@pytest.mark.parametrize(
    ("command", "exit_code", "code"),
    [
        ("asset identify A2 --project P1 --name 冷库 --class 经营性 --value 11万元", 1, "asset.worth_more"),
        (
            "asset identify A2 --project P1 --name 大棚 --place 甲村一组 --class 经营性 --value 1",
            1,
            "asset.registered_twice",
        ),
        ("asset none P1 --why 服务 --reason 技术服务", 1, "asset.formed_some"),
        ("asset none P9 --why 服务 --reason 技术服务", 3, "project.unknown"),
        ("asset classify A1 --class 经营性 --authority 局 --reason 无", 1, "asset.classified_same"),
        ("asset finalise A9 --value 1", 3, "asset.unknown"),
        ("asset add-value A1 --project P1 --amount 11万元", 1, "asset.worth_more"),
        ("asset object A1 --objection Y1 --content 份额", 1, "asset.step_order"),
        ("asset resolve A1 --objection Y1 --outcome 成立 --authority 乡", 3, "asset.objection_unknown"),
        ("asset notice A1 --holder V1 --from 2022-06-02 --to 2022-06-10", 1, "holder.malformed"),
        (
            "asset notice A1 --holder V1:村集体 --basis 按容量 --from 2022-06-02 --to 2022-06-10",
            1,
            "right.inputs_missing",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_recorded(
    funded: Program, command: str, exit_code: int, code: str
) -> None:
    after(funded, *IDENTIFIED)
    told = funded.refused(*command.split(), "--date", "2022-06-03")
    assert (told[0], told[1]["code"]) == (exit_code, code)


def test_a_sheet_takes_every_step_of_the_way(funded: Program, tmp_path: Path) -> None:
    after(funded, *ACCEPTED)
    steps: list[dict[str, str | int]] = [
        {"步骤": "登记", "项目编号": "P1", "资产名称": "大棚", "资产类别": "经营性", "原值(元)": 2900000, "暂估": "是"},
        {"步骤": "公示", "所有权人": "V1:村集体;V2:村集体", "份额依据": "按容量", "依据数": "60千瓦;40千瓦"},
        {"步骤": "异议", "异议编号": "Y1", "异议内容": "容量有误"},
        {"步骤": "异议处理", "异议编号": "Y1", "处理结果": "撤回", "决定单位": "乡人民政府"},
        {"步骤": "确权", "日期": "2022-06-11"},
        {"步骤": "分类", "日期": "2022-06-11", "细类": "光伏电站", "决定单位": "局", "原因": "补细类"},
        {
            "步骤": "移交",
            "日期": "2022-06-12",
            "移交单位": "甲",
            "接收单位": "乙",
            "监交单位": "丙",
            "尚欠款项(元)": 100,
        },
        {"步骤": "核定原值", "日期": "2022-06-13", "原值(元)": 2800000},
        {"步骤": "增值", "日期": "2022-06-14", "项目编号": "P1", "原值(元)": 100000},
    ]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    heads = list(
        dict.fromkeys(["资产编号", "日期", "公示起始日", "公示截止日", *(head for step in steps for head in step)])
    )
    sheet.append(heads)
    for step in steps:
        values = {"资产编号": "A1", "日期": "2022-06-02"} | step
        if step["步骤"] == "公示":
            values |= {"公示起始日": "2022-06-02", "公示截止日": "2022-06-10"}
        sheet.append([values.get(head) for head in heads])
    book.save(tmp_path / "assets.xlsx")
    funded.ok("import", "apply", str(tmp_path / "assets.xlsx"), "--kind", "assets")
    shown = funded.json("asset", "show", "A1")
    assert (shown["value_fen"], shown["subclass"], shown["objections"]) == (2_900_000_00, "photovoltaic", [])
    assert list(shown["reached"]) == ["identified", "noticed", "confirmed", "handed_over"]

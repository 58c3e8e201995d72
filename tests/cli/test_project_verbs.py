"""``xianjie project`` as a clerk uses it: the library, the works, the ends, and what is shown of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.params import Choice
from cli.projects.views import list_
from projections.stages import STAGES

if TYPE_CHECKING:
    from tests.cli.conftest import Program

DECLARED = (
    "project declare Q1 --name 冷库 --area 520203 --town 520203102 --year 2022 --type 仓储保鲜冷链 --date 2021-09-01"
    " --content 新建冷库500吨 --unit-name 岩脚镇政府 --build-kind 新建 --place 甲村 --begin 2022-03-01"
    " --finish 2022-09-30 --households 120 --persons 400 --poor-households 60 --poor-persons 200 --linkage 分红"
    " --participation 村民会议通过 --financing 衔接资金:中央:50万元 --financing 自筹:其他:10万元"
    " --goal-item 库容:500:吨 --goal-item 受益户:120"
)
LISTED = (
    DECLARED,
    "project review Q1 --date 2021-09-20",
    "project appraise Q1 --date 2021-10-10",
    "project add Q1 --place 乙村 --date 2021-11-01",
)
STARTED = (
    *LISTED,
    "project approve Q1 --date 2022-01-05",
    "project plan Q1 --amount 60万元 --date 2022-01-10",
    "project contract Q1 --contract H1 --contractor 某建筑公司 --amount 58万元 --date 2022-02-01",
    "project start Q1 --date 2022-03-01",
)


def after(program: Program, *commands: str) -> Program:
    for command in commands:
        program.ok(*command.split())
    return program


def test_a_listed_project_shows_what_was_declared_and_what_was_changed_since(program: Program) -> None:
    after(program, *LISTED)
    program.ok("project", "amend", "Q1", "--content", "新建冷库600吨", "--doc", "六特批2号", "--date", "2022-01-03")
    shown = program.json("project", "show", "Q1")
    record = shown["record"]
    assert (shown["name"], shown["town"], record["place"]) == ("冷库", "520203102", "乙村")
    assert (record["content"], record["build_kind"], record["begin_on"]) == ("新建冷库600吨", "new", "2022-03-01")
    assert (record["estimate_fen"], record["poor_persons"]) == (600_000_00, 200)
    assert record["financing"][1] == {"fund_kind": "self_raised", "level": "other", "amount_fen": 100_000_00}
    assert record["goals"][0] == {"indicator": "库容", "target": "500", "unit": "吨"}
    assert list(shown["reached"]) == ["declared", "reviewed", "appraised", "listed", "amended"]
    said = program.ok("project", "show", "Q1")
    for words in ("建设性质", "新建", "衔接资金", "库容 500吨;受益户 120", "项目变更", "变更 2022-01-03"):
        assert words in said


def test_a_project_goes_through_its_whole_life(program: Program) -> None:
    after(
        program,
        *STARTED,
        "project progress Q1 --percent 40 --date 2022-04-01",
        "project suspend Q1 --reason 汛期 --date 2022-06-01",
        "project resume Q1 --reason 汛期已过 --date 2022-07-01",
        "project progress Q1 --amount 55万元 --percent 100 --date 2022-08-01",
        "project complete Q1 --date 2022-09-01",
        "project accept Q1 --date 2022-09-20",
        "project settle Q1 --amount 57万元 --auditor 县审计局 --doc 审1号 --date 2022-10-10",
        "project conclude Q1 --date 2022-11-01",
        "project hand-over Q1 --receiver 甲村合作社 --date 2022-11-10",
    )
    shown = program.json("project", "show", "Q1")
    assert (shown["percent"], shown["suspended"]) == (100, False)
    assert (shown["contract_fen"], shown["settled_fen"], shown["invested_fen"]) == (
        580_000_00,
        570_000_00,
        550_000_00,
    )
    assert list(shown["reached"])[-3:] == ["settled", "concluded", "handed_over"]
    assert program.json("project", "list")[0]["stage"] == "handed_over"


def test_the_register_shows_a_project_once_as_last_described(program: Program) -> None:
    after(program, *LISTED, "project amend Q1 --name 冷链中心 --doc 六特批2号 --date 2022-01-03")
    assert [(row["project"], row["name"], row["stage"]) for row in program.json("project", "list")] == [
        ("Q1", "冷链中心", "listed")
    ]


@pytest.mark.parametrize(
    ("commands", "stage", "standing"),
    [
        ((DECLARED,), "declared", "申报中"),
        (LISTED, "listed", "储备"),
        (STARTED, "started", "开工"),
        ((*STARTED, "project progress Q1 --percent 5 --date 2022-04-01"), "started", "在建"),
        ((*STARTED, "project suspend Q1 --reason 汛期 --date 2022-04-01"), "started", "停工"),
        ((*LISTED, "project remove Q1 --reason 选址不当 --date 2022-01-01"), "removed", "出库"),
        ((*STARTED, "project cancel Q1 --reason 群众不同意 --date 2022-04-01"), "cancelled", "取消"),
    ],
)
def test_the_register_is_filtered_by_where_projects_stand(
    program: Program, commands: tuple[str, ...], stage: str, standing: str
) -> None:
    after(program, *commands)
    assert [row["stage"] for row in program.json("project", "list", "--stage", standing)] == [stage]
    assert program.json("project", "list", "--stage", "竣工") == []


def test_another_project_takes_its_place(funded: Program) -> None:
    after(funded, *STARTED)
    replaced = "project replace Q1 --by P1 --reason 土地未批 --doc 六特批3号 --date 2022-04-01"
    after(funded, replaced)
    assert [row["stage"] for row in funded.json("project", "list")] == ["planned", "replaced"]
    assert funded.refused("project", "start", "Q1")[1]["code"] == "project.ended"


@pytest.mark.parametrize(
    ("command", "code", "where"),
    [
        ("project add Q2 --name 冷库 --area 520203 --year 2022", "project.incomplete", ""),
        (f"{DECLARED} --financing 衔接资金:中央", "record.malformed", "--financing"),
        (f"{DECLARED} --financing 衔接资金:中央:0.001", "money.finer_than_fen", "--financing"),
        (f"{DECLARED} --goal-item 库容", "record.malformed", "--goal-item"),
        (f"{DECLARED} --financing 衔接资金:乡级:1元", "code.unknown", ""),
        (f"{DECLARED} --estimate 61万元", "project.financing_differs", ""),
        (DECLARED.replace("新建冷库", "购置车辆"), "project.forbidden_word", ""),
        (DECLARED.replace("--poor-households 60", "--poor-households 160"), "project.poor_exceeds", ""),
        ("project progress P1", "project.nothing_reported", ""),
        ("project show Q9", "project.unknown", ""),
    ],
)
def test_a_refusal_names_code_and_flag(funded: Program, command: str, code: str, where: str) -> None:
    _, said = funded.refused(*command.split())
    assert (said["code"], said["where"]) == (code, where)


def test_an_unknown_stage_is_wrong_usage(program: Program) -> None:
    done = program.run("project", "list", "--stage", "完蛋")
    assert (done.exit_code, "储备" in done.stderr) == (2, True)


def test_the_stages_of_the_help_are_those_of_the_pipeline() -> None:
    (option,) = [param for param in list_.params if param.name == "stage"]
    assert isinstance(option.type, Choice)
    assert option.type.words == STAGES

"""The project library: declared, reviewed, appraised, entered, changed; and what must not enter it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import PROJECT
from ledger.domain.control import AdoptRules, ReverseEvent
from ledger.domain.stages import (
    AmendProject,
    AppraiseProject,
    DeclareProject,
    ListProject,
    RemoveProject,
    ReviewProject,
)
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import ProjectAmended, ProjectDeclared, ProjectListed
from ledger.rules import shipped_packs

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

SOURCES = (
    {"fund_kind": "衔接资金", "level": "中央", "amount_fen": 250_000_00},
    {"fund_kind": "自筹", "level": "其他", "amount_fen": 50_000_00},
)
RECORD: dict[str, Any] = {
    "content": "新建大棚30亩",
    "unit": "岩脚镇人民政府",
    "goal": "带动就业",
    "estimate_fen": 300_000_00,
    "build_kind": "新建",
    "place": "岩脚镇甲村",
    "begin_on": "2022-02-01",
    "finish_on": "2022-06-30",
    "households": 120,
    "persons": 400,
    "poor_households": 60,
    "poor_persons": 200,
    "linkage": "土地流转、就近务工、分红",
    "participation": "村民代表会议通过",
    "financing": SOURCES,
    "goals": ({"indicator": "带动户数", "target": "120", "unit": "户"},),
}


def declare(**changes: Any) -> DeclareProject:  # noqa: ANN401 - field values
    place = {"area": "520203", "town": "520203102", "project_year": 2022, "project_type": "crop_base"}
    return DeclareProject.of(
        **{"on": "2021-09-01", "project": "P1", "name": "食用菌基地", **place, **RECORD, **changes}
    )


def review(on: str = "2021-09-20") -> ReviewProject:
    return ReviewProject.of(on=on, project="P1")


def appraise(on: str = "2021-10-10") -> AppraiseProject:
    return AppraiseProject.of(on=on, project="P1")


def enter(on: str = "2021-11-01", **changes: Any) -> ListProject:  # noqa: ANN401 - field values
    return ListProject.of(on=on, project="P1", **changes)


def amend(**changes: Any) -> AmendProject:  # noqa: ANN401 - field values
    return AmendProject.of(**{"on": "2022-04-01", "project": "P1", "document": "六特批〔2022〕9号", **changes})


def test_a_declaration_writes_down_the_whole_record(book: Book) -> None:
    book.up_to("adopt")
    (event,) = book.do(declare())
    assert isinstance(event, ProjectDeclared)
    assert (event.build_kind, event.begin_on, event.finish_on) == ("new", date(2022, 2, 1), date(2022, 6, 30))
    assert (event.households, event.poor_persons, event.linkage) == (120, 200, "土地流转、就近务工、分红")
    assert [(part.fund_kind, part.level, part.amount_fen) for part in event.financing] == [
        ("transition", "central", 250_000_00),
        ("self_raised", "other", 50_000_00),
    ]
    assert [(goal.indicator, goal.target, goal.unit) for goal in event.goals] == [("带动户数", "120", "户")]


def test_a_declared_project_is_listed_as_it_was_declared(book: Book) -> None:
    book.up_to("adopt").given(declare(), review(), appraise())
    (event,) = book.do(enter(estimate_fen=280_000_00, financing=(), place="岩脚镇乙村"))
    assert isinstance(event, ProjectListed)
    assert (event.name, event.area, event.town, event.project_year) == ("食用菌基地", "520203", "520203102", 2022)
    assert (event.estimate_fen, event.financing, event.place) == (280_000_00, (), "岩脚镇乙村")
    assert (event.content, event.goal, event.households) == ("新建大棚30亩", "带动就业", 120)
    assert book.load(PROJECT, "P1").has_goal


def test_a_project_that_was_never_declared_says_everything_itself(book: Book) -> None:
    book.up_to("adopt")
    refusal = book.refuses(enter(name="食用菌基地", area="520203", project_year=2022))
    assert (type(refusal), refusal.code) == (ValueRefusedError, "project.incomplete")
    assert "项目类型" in refusal.message


@pytest.mark.parametrize(
    ("given", "when", "code"),
    [
        ([], review(), "project.unknown"),
        ([declare()], appraise(), "project.stage_order"),
        ([declare()], enter(), "project.not_examined"),
        ([declare()], review("2021-08-31"), "date.before_cause"),
        ([declare(), review()], review(), "project.stage_repeated"),
        ([declare(), review()], enter("2021-09-19"), "date.before_cause"),
        ([declare(), review()], enter(area="520201", town=""), "project.other_area"),
        ([declare()], declare(), "project.exists"),
        ([declare(), review(), enter()], enter(), "project.exists"),
        ([declare(), review(), enter()], appraise(), "project.listed_already"),
        ([declare()], amend(place="丙村"), "project.not_listed"),
    ],
)
def test_the_library_is_entered_step_by_step(book: Book, given: list[Command], when: Command, code: str) -> None:
    book.up_to("adopt").given(*given)
    assert book.refuses(when).code == code


@pytest.mark.parametrize("step", ["approve", "plan"])
def test_a_declared_project_is_neither_approved_nor_planned(book: Book, step: str) -> None:
    book.up_to("adopt").given(declare())
    refusal = book.refuses(book.like(step))
    assert (refusal.code, "尚未入库" in refusal.message) == ("project.stage_order", True)


def test_a_declared_project_is_in_no_library_to_be_funded(book: Book) -> None:
    book.up_to("distribute").given(declare())
    refusal = book.refuses(book.like("allocate"))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "project.not_listed")
    assert "2021-09-01" in refusal.message


def test_an_appraisal_is_needed_where_the_rules_demand_it(book: Book) -> None:
    item = '\n[[parameter]]\nname = "library_needs_appraisal"\nvalue = 1\nunit = "yes"\njurisdiction = "520203"\n'
    text = f'{shipped_packs()["base"]}{item}source = "某县办法第8条"\n'
    book.given("open", AdoptRules.of(on="2012-01-01", text=text), declare(), review())
    refusal = book.refuses(enter())
    assert (refusal.code, "某县办法第8条" in refusal.rule) == ("project.not_examined", True)
    book.given(appraise(), enter())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"finish_on": "2022-01-31"}, "project.term_reversed"),
        ({"poor_households": 121}, "project.poor_exceeds"),
        ({"poor_persons": 401}, "project.poor_exceeds"),
        ({"financing": (*SOURCES, SOURCES[1])}, "project.financing_repeated"),
        ({"financing": ({**SOURCES[0], "fund_kind": "常态化帮扶资金"},)}, "code.not_yet_valid"),
        ({"financing": ({**SOURCES[0], "level": "乡级"},)}, "code.unknown"),
        ({"build_kind": "重建"}, "code.unknown"),
        ({"households": -1}, "command.field"),
    ],
)
def test_a_record_does_not_contradict_itself(book: Book, changes: dict[str, Any], code: str) -> None:
    book.up_to("adopt")
    with pytest.raises(ValueRefusedError) as caught:
        book.do(declare(**changes))
    assert caught.value.code == code


def test_sources_add_up_to_the_estimate_unless_a_reason_is_given(book: Book) -> None:
    book.up_to("adopt")
    refusal = book.refuses(declare(estimate_fen=310_000_00))
    assert refusal.code == "project.financing_differs"
    assert "300,000.00" in refusal.message
    assert "310,000.00" in refusal.message
    book.given(declare(estimate_fen=310_000_00, reason="缺口由县里另行安排"))


def test_an_estimate_that_is_not_given_is_what_the_sources_add_up_to(book: Book) -> None:
    book.up_to("adopt")
    (event,) = book.do(declare(estimate_fen=None))
    assert isinstance(event, ProjectDeclared)
    assert event.estimate_fen == 300_000_00


def test_a_household_project_names_its_beneficiary_households(book: Book) -> None:
    book.up_to("adopt")
    none = {"households": 0, "persons": 0, "poor_households": 0, "poor_persons": 0, "project_type": "housing"}
    assert book.refuses(declare(**none)).code == "project.no_households"
    book.given(declare(**{**none, "households": 3}))


@pytest.mark.parametrize("field", ["name", "content"])
def test_a_word_of_the_negative_list_needs_a_reason(book: Book, field: str) -> None:
    book.up_to("adopt")
    refusal = book.refuses(declare(**{field: "村办公楼改造"}))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "project.forbidden_word")
    assert "“办公楼”" in refusal.message
    assert "R21" in refusal.rule
    assert "财农〔2021〕19号" in refusal.rule
    book.given(declare(**{field: "村办公楼改造"}, reason="将闲置办公楼改作冷库"))


def test_a_type_of_the_negative_list_is_refused_always(book: Book) -> None:
    item = '\n[[forbidden]]\nid = "posts"\nname = "岗位补贴"\ntypes = ["public_post"]\nsource = "某县规定"\n'
    book.given("open", AdoptRules.of(on="2012-01-01", text=shipped_packs()["base"] + item))
    refusal = book.refuses(declare(project_type="public_post", reason="县里同意"))
    assert (refusal.code, "某县规定" in refusal.rule) == ("project.forbidden_type", True)


def test_a_change_writes_the_whole_record_and_the_change_of_the_estimate(book: Book) -> None:
    book.up_to("adopt").given(declare(), review(), enter())
    (event,) = book.do(amend(estimate_fen=260_000_00, financing=SOURCES[:1], reason="缩减规模,差额待定"))
    assert isinstance(event, ProjectAmended)
    assert (event.estimate_fen, event.estimate_change_fen, len(event.financing)) == (260_000_00, -40_000_00, 1)
    assert (event.name, event.content, event.households) == ("食用菌基地", "新建大棚30亩", 120)
    assert book.load(PROJECT, "P1").record.estimate_fen == 260_000_00


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (amend(place="丙村", document=""), "project.amend_unapproved"),
        (amend(place="岩脚镇甲村"), "project.amend_nothing"),
        (amend(content="购置车辆"), "project.forbidden_word"),
        (amend(on="2021-10-31", place="丙村"), "date.before_cause"),
    ],
)
def test_a_change_is_refused(book: Book, command: AmendProject, code: str) -> None:
    book.up_to("adopt").given(declare(), review(), enter())
    assert book.refuses(command).code == code


def test_a_change_of_an_unknown_project_is_not_found(book: Book) -> None:
    book.up_to("adopt")
    assert isinstance(book.refuses(amend(place="丙村")), NotFoundError)


def test_an_earlier_change_is_not_reversed_while_a_later_one_rests_on_it(book: Book) -> None:
    book.up_to("adopt").given(declare(financing=()), review(), enter(), amend(estimate_fen=350_000_00))
    first = book.last("project.amended")
    book.given(amend(estimate_fen=320_000_00))
    undo = {"on": "2022-05-01", "reason": "记错", "document": "更正1号"}
    refusal = book.refuses(ReverseEvent.of(position=first, **undo))
    assert (refusal.code, "270,000.00" in refusal.message) == ("correction.needed_later", True)
    book.given(ReverseEvent.of(position=book.last("project.amended"), **undo))
    assert book.load(PROJECT, "P1").record.estimate_fen == 350_000_00


def test_a_declared_project_that_was_removed_is_not_listed(book: Book) -> None:
    remove = RemoveProject.of(on="2021-10-01", project="P1", reason="选址不当")
    book.up_to("adopt").given(declare(), review(), remove)
    assert book.refuses(enter()).code == "project.ended"

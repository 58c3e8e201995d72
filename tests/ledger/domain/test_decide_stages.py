"""The life of a project: in order, once each, and not before its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import PROJECT
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import ProjectAccepted, ProjectListed, ProjectPlanned, ProjectProgressed

if TYPE_CHECKING:
    from tests.ledger.domain.conftest import Book

STEPS = ["list", "approve", "plan", "start", "complete", "accept"]
_MONEY = "allocate release pay reimburse"


def test_a_listed_project_writes_down_its_place_and_type(book: Book) -> None:
    book.up_to("issue")
    (event,) = book.do(book.like("list", area="520201", town="520201011", industry=False, reason="仅为配套道路"))
    assert isinstance(event, ProjectListed)
    assert (event.area, event.town, event.village) == ("520201", "520201011", "")
    assert (event.project_year, event.project_type, event.industry) == (2022, "crop_base", False)
    assert event.estimate_fen == 320_000_00


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"area": "110101"}, "area.unknown"),
        ({"area": "520221"}, "area.expired"),
        ({"town": "520203999"}, "area.unknown"),
        ({"town": "520201011"}, "area.outside"),
        ({"project_type": "casino"}, "project.unknown_type"),
    ],
)
def test_a_project_has_a_known_place_and_a_known_type(book: Book, changes: dict[str, Any], code: str) -> None:
    book.up_to("issue")
    refusal = book.refuses(book.like("list", **changes))
    assert (type(refusal), refusal.code) == (ValueRefusedError, code)


def test_a_project_code_is_used_once(book: Book) -> None:
    book.up_to("list")
    refusal = book.refuses(book.like("list", name="另一个项目"))
    assert (refusal.code, "食用菌基地" in refusal.message) == ("project.exists", True)


@pytest.mark.parametrize("industry", [True, False])
def test_overriding_what_counts_as_industry_needs_a_reason(book: Book, industry: bool) -> None:  # noqa: FBT001
    book.up_to("issue")
    assert book.refuses(book.like("list", industry=industry)).code == "project.industry_reason"


def test_nothing_is_listed_before_a_rule_pack_is_in_force(book: Book) -> None:
    book.given("open", "issue")
    refusal = book.refuses(book.like("list"))
    assert (type(refusal), refusal.code) == (NotFoundError, "rule.none_in_force")


def test_the_whole_life_in_order(book: Book) -> None:
    book.up_to("accept", without=_MONEY)
    assert isinstance(book.log[-1].event, ProjectAccepted)


def test_planning_takes_the_project_into_the_plan_of_a_year_that_later_events_carry(book: Book) -> None:
    book.up_to("approve")
    (planned,) = book.do(book.like("plan", project_year=2023))
    (started,) = book.do(book.like("start"))
    assert isinstance(planned, ProjectPlanned)
    assert (planned.project_year, planned.planned_fen) == (2023, 300_000_00)
    assert started.model_dump()["project_year"] == 2023


@pytest.mark.parametrize(
    ("given", "step", "missing"),
    [
        ("list", "start", "批复"),
        ("list approve", "start", "列入年度计划"),
        ("list plan", "start", "批复"),
        ("list approve plan", "complete", "开工"),
        ("list approve plan start", "accept", "完工"),
        ("list approve plan", "progress", "开工"),
    ],
)
def test_no_stage_is_skipped(book: Book, given: str, step: str, missing: str) -> None:
    book.up_to("distribute").given(*given.split())
    refusal = book.refuses(book.like(step))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "project.stage_order")
    assert f"尚未{missing}" in refusal.message
    assert "入库→批复、列入年度计划→开工→完工→验收→决算审计→报账完结" in refusal.rule


def test_a_county_may_plan_before_it_approves(book: Book) -> None:
    """牟定 2022 approved projects after they were planned; other counties the other way round (funds.md 7.1)."""
    book.up_to("list").given("plan", book.like("approve", on="2022-01-28"), "start")
    assert list(book.load(PROJECT, "P1").reached) == ["listed", "planned", "approved", "started"]


@pytest.mark.parametrize("step", STEPS[1:])
def test_no_stage_is_reached_twice(book: Book, step: str) -> None:
    book.up_to(step, without=_MONEY)
    refusal = book.refuses(book.like(step))
    assert refusal.code == "project.stage_repeated"
    assert str(book.like(step).on) in refusal.message


@pytest.mark.parametrize(
    ("step", "early"),
    [
        ("approve", "2022-01-14"),
        ("plan", "2022-01-14"),
        ("start", "2022-01-24"),
        ("complete", "2022-02-09"),
        ("accept", "2022-05-31"),
    ],
)
def test_a_stage_dated_before_the_one_it_follows_needs_a_reason(book: Book, step: str, early: str) -> None:
    book.up_to("distribute").given(*STEPS[: STEPS.index(step)])
    refusal = book.refuses(book.like(step, on=early))
    assert (refusal.code, early in refusal.message) == ("date.before_cause", True)
    (event,) = book.do(book.like(step, on=early, reason="补录"))
    assert event.reason == "补录"


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_project_that_is_not_in_the_library_has_no_stages(book: Book, step: str) -> None:
    book.up_to("issue")
    refusal = book.refuses(book.like(step))
    assert (type(refusal), refusal.code) == (NotFoundError, "project.unknown")


def test_progress_is_an_increment_of_a_project_under_way(book: Book) -> None:
    book.up_to("start", without="allocate")
    (event,) = book.do(book.like("progress"))
    assert isinstance(event, ProjectProgressed)
    assert event.invested_fen == 120_000_00
    assert book.refuses(book.like("progress", on="2022-02-09")).code == "date.before_cause"

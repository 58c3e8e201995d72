"""Performance of projects: checked in the course of the year, evaluated with an exact score."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.control import ReverseEvent
from ledger.domain.performance import EvaluateProject, MonitorProject, parse_score
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import PerformanceEvaluated, PerformanceMonitored

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book


def monitor(**changes: Any) -> Command:  # noqa: ANN401 - field values
    return MonitorProject.of(**{"on": "2022-06-30", "project": "P1", "on_track": False, "note": "进度滞后", **changes})


def evaluate(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-12-20", "project": "P1", "score_hundredths": "91.25", "grade": "优", "evaluator": "县财政局"}
    return EvaluateProject.of(**{**fields, **changes})


def test_both_write_down_the_dimensions_of_the_project(book: Book) -> None:
    book.up_to("start")
    (checked,) = book.do(monitor())
    (scored,) = book.do(evaluate())
    assert isinstance(checked, PerformanceMonitored)
    assert isinstance(scored, PerformanceEvaluated)
    assert (checked.area, checked.project_type, checked.on_track, checked.note) == (
        "520203",
        "crop_base",
        False,
        "进度滞后",
    )
    assert (scored.project_year, scored.score_hundredths, scored.grade) == (2022, 9125, "优")
    assert scored.stream == "project:P1"


def test_they_change_nothing_that_may_happen_to_the_project(book: Book) -> None:
    book.up_to("start").given(monitor(), evaluate())
    book.given("progress", "release", "pay", "reimburse", "complete", "accept")


@pytest.mark.parametrize("command", [monitor(project="没有"), evaluate(project="没有")])
def test_an_unknown_project_has_no_performance(book: Book, command: Command) -> None:
    refusal = book.up_to("start").refuses(command)
    assert (type(refusal), refusal.code) == (NotFoundError, "project.unknown")


def test_a_project_is_not_evaluated_before_its_start(book: Book) -> None:
    book.up_to("allocate")
    refusal = book.refuses(evaluate())
    assert (type(refusal), refusal.code) == (RuleRefusedError, "performance.not_started")
    book.given("start")
    assert book.refuses(evaluate(on="2022-02-09")).code == "date.before_cause"
    book.do(evaluate(on="2022-02-10"))


def test_a_start_is_not_reversed_while_an_evaluation_stands(book: Book) -> None:
    book.up_to("start").given(evaluate())
    undo = {"on": "2022-12-31", "reason": "错", "document": "函1号"}
    refusal = book.refuses(ReverseEvent.of(position=book.last("project.started"), **undo))
    assert (refusal.code, "绩效评价" in refusal.message) == ("correction.needed_later", True)
    book.given(ReverseEvent.of(position=book.position, **undo))
    book.given(ReverseEvent.of(position=book.last("project.started"), **undo))


@given(st.integers(0, 100_00))
def test_every_score_of_the_scale_is_read_exactly(hundredths: int) -> None:
    exact = Decimal(hundredths) / 100
    assert parse_score(f"{exact:.2f}") == hundredths
    assert parse_score(f"{exact.normalize():f}") == hundredths


@pytest.mark.parametrize(("text", "hundredths"), [("91.25", 9125), ("100", 10000), ("0", 0), ("90.5分", 9050)])
def test_a_score_is_read_as_people_write_it(text: str, hundredths: int) -> None:
    assert parse_score(text) == hundredths


@pytest.mark.parametrize("text", ["100.01", "101", "-1", "91.255", "优", "", "9e1", "９1.", None, 91, True, "1000"])
def test_what_is_no_score_is_refused(text: object) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        parse_score(text)
    assert caught.value.code == "performance.score"
    with pytest.raises(ValueRefusedError):
        evaluate(score_hundredths=text)

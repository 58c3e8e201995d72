"""Money in a project: allocated, released, paid, reimbursed, tranche by tranche."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.stages import CancelProject
from ledger.errors import NotFoundError, RuleRefusedError
from ledger.events import MoneyAllocated, MoneyPaid, MoneyReimbursed, MoneyReleased, ProjectFunded

if TYPE_CHECKING:
    from tests.ledger.domain.conftest import Book


def test_allocating_is_one_movement_with_two_legs_and_all_dimensions_on_both(book: Book) -> None:
    book.up_to("plan")

    out, into = book.do(book.like("allocate"))

    assert isinstance(out, MoneyAllocated)
    assert isinstance(into, ProjectFunded)
    assert (out.stream, into.stream) == ("tranche:T1-1", "project:P1")
    dimensions = set(ProjectFunded.model_fields)
    assert out.model_dump(include=dimensions) == into.model_dump(include=dimensions)
    assert (out.amount_fen, out.project_type, out.level, out.area) == (300_000_00, "crop_base", "central", "520203")


def test_allocating_more_than_is_left_is_refused_with_the_numbers(book: Book) -> None:
    book.up_to("allocate")
    refusal = book.refuses(book.like("allocate", amount_fen=300_000_01))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "tranche.overdrawn")
    for number in ("300,000.01", "300,000.00", "600,000.00"):
        assert number in refusal.message
    book.given(book.like("allocate", amount_fen=300_000_00))


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"tranche": "T9"}, "tranche.unknown"), ({"project": "P9"}, "project.unknown")],
)
def test_allocating_needs_a_known_tranche_and_a_project_in_the_library(
    book: Book, changes: dict[str, Any], code: str
) -> None:
    book.up_to("plan")
    refusal = book.refuses(book.like("allocate", **changes))
    assert (type(refusal), refusal.code) == (NotFoundError, code)


def test_money_of_another_county_is_not_allocated(book: Book) -> None:
    book.up_to("plan").given(book.like("distribute", child="T1-2", child_area="520201", amount_fen=100_00))
    refusal = book.refuses(book.like("allocate", tranche="T1-2", amount_fen=100_00))
    assert refusal.code == "allocation.other_area"
    assert "520201" in refusal.message
    assert "520203" in refusal.message


def test_city_money_is_first_distributed_to_the_county(book: Book) -> None:
    book.up_to("plan")
    assert book.refuses(book.like("allocate", tranche="T1", amount_fen=1)).code == "allocation.other_area"


def test_money_of_a_direction_that_does_not_fit_the_type_is_not_allocated(book: Book) -> None:
    book.up_to("plan").given(book.like("list", project="P2", project_type="work_relief"))
    refusal = book.refuses(book.like("allocate", project="P2"))
    assert refusal.code == "allocation.wrong_direction"
    assert "巩固拓展" in refusal.message
    assert "以工代赈" in refusal.message
    assert refusal.rule.startswith("R23 ")
    assert "base 2026.1" in refusal.rule


def test_money_of_the_fitting_direction_is_allocated(book: Book) -> None:
    book.given("open", "adopt").given(
        book.like("issue", area="520203", direction="以工代赈"), book.like("list", project_type="work_relief")
    )
    book.given(book.like("allocate", tranche="T1"))


def test_nothing_is_allocated_to_a_cancelled_project(book: Book) -> None:
    book.up_to("distribute").given("list", "approve")
    book.given(CancelProject.of(on="2022-01-31", project="P1", reason="重复立项"))
    refusal = book.refuses(book.like("allocate"))
    assert refusal.code == "project.ended"
    assert "2022-01-31" in refusal.message


def test_money_is_allocated_in_the_library_before_approval_as_counties_do(book: Book) -> None:
    book.up_to("list").given("allocate")


@pytest.mark.parametrize("on", ["2022-01-09", "2022-01-14"], ids=["before the money", "before the library"])
def test_allocating_before_its_causes_needs_a_reason(book: Book, on: str) -> None:
    book.up_to("plan")
    assert book.refuses(book.like("allocate", on=on)).code == "date.before_cause"
    book.given(book.like("allocate", on=on, reason="会议先定,文件后到"))


def test_released_paid_and_reimbursed_carry_the_dimensions_of_project_and_tranche(book: Book) -> None:
    book.up_to("progress")
    kinds = {"release": MoneyReleased, "pay": MoneyPaid, "reimburse": MoneyReimbursed}
    for step, kind in kinds.items():
        (event,) = book.do(book.like(step, voucher="记-1"))
        assert isinstance(event, kind)
        assert (event.tranche, event.level, event.project_type, event.area) == (
            "T1-1",
            "central",
            "crop_base",
            "520203",
        )
        assert event.voucher == "记-1"


@pytest.mark.parametrize(
    ("last", "step", "most", "numbers"),
    [
        ("allocate", "release", 300_000_00, ["300,000.01", "300,000.00"]),
        ("release", "release", 100_000_00, ["100,000.01", "100,000.00", "200,000.00"]),
        ("release", "pay", 200_000_00, ["200,000.01", "200,000.00"]),
        ("pay", "pay", 50_000_00, ["50,000.01", "50,000.00", "150,000.00"]),
        ("allocate", "reimburse", 300_000_00, ["300,000.01", "300,000.00"]),
        ("reimburse", "reimburse", 200_000_00, ["200,000.01", "200,000.00", "100,000.00"]),
    ],
)
def test_paid_stays_within_released_within_allocated_and_reimbursed_within_allocated(
    book: Book, last: str, step: str, most: int, numbers: list[str]
) -> None:
    book.up_to(last)
    refusal = book.refuses(book.like(step, amount_fen=most + 1))
    assert (type(refusal), refusal.code) == (RuleRefusedError, "payment.exceeds")
    for number in [*numbers, "P1"]:
        assert number in refusal.message
    book.given(book.like(step, amount_fen=most))


def test_nothing_is_paid_before_it_is_released(book: Book) -> None:
    book.up_to("allocate")
    assert book.refuses(book.like("pay", amount_fen=1)).code == "payment.exceeds"


@pytest.mark.parametrize("step", ["release", "pay", "reimburse"])
def test_a_project_without_money_has_none_to_move(book: Book, step: str) -> None:
    book.up_to("plan")
    assert book.refuses(book.like(step)).code == "payment.not_allocated"
    assert book.refuses(book.like(step, project="P9")).code == "project.unknown"


@pytest.mark.parametrize(
    ("last", "step", "early"),
    [
        ("allocate", "release", "2022-01-31"),
        ("release", "pay", "2022-03-01"),
        ("allocate", "reimburse", "2022-01-31"),
    ],
)
def test_moving_money_before_its_cause_needs_a_reason(book: Book, last: str, step: str, early: str) -> None:
    book.up_to(last)
    refusal = book.refuses(book.like(step, on=early))
    assert refusal.code == "date.before_cause"
    assert early in refusal.message
    (event,) = book.do(book.like(step, on=early, reason="补记"))
    assert event.reason == "补记"


def test_with_several_tranches_in_one_project_each_keeps_its_own_limits(book: Book) -> None:
    book.up_to("distribute").given("list", book.like("issue", tranche="T2", area="520203", amount_fen=500_00))
    book.given("allocate", book.like("allocate", tranche="T2", amount_fen=500_00))

    which = book.refuses(book.like("release", amount_fen=100_00))
    assert which.code == "payment.which_tranche"
    assert "T1-1" in which.message
    assert "T2" in which.message

    book.given(book.like("release", tranche="T2", amount_fen=500_00))
    over = book.refuses(book.like("release", tranche="T2", amount_fen=1))
    assert (over.code, "0.00" in over.message) == ("payment.exceeds", True)
    assert book.refuses(book.like("pay", tranche="T1-1", amount_fen=1)).code == "payment.exceeds"
    unknown = book.refuses(book.like("release", tranche="T3", amount_fen=1))
    assert (unknown.code, "T3" in unknown.message) == ("payment.not_allocated", True)


def test_later_money_does_not_move_the_day_from_which_earlier_money_may_flow(book: Book) -> None:
    book.up_to("start").given(book.like("allocate", on="2022-05-01", amount_fen=1_00))
    book.given(book.like("release", on="2022-02-15"), book.like("release", on="2022-05-02", amount_fen=1_00))
    book.given(book.like("pay", on="2022-02-16"))

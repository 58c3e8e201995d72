"""Working days: announced holidays, a pack's own days over them, and years that nobody announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.workdays import CalendarYear, Due, WorkCalendar

ANNOUNCED = WorkCalendar()
LOCAL = WorkCalendar((CalendarYear(2022, frozenset({date(2022, 8, 30)}), frozenset({date(2022, 10, 1)}), "s"),))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2022, 9, 30), True),
        (date(2022, 10, 1), False),
        (date(2022, 10, 7), False),
        (date(2022, 10, 8), True),  # a Saturday worked in exchange
        (date(2022, 10, 9), True),  # and a Sunday
        (date(2022, 10, 15), False),
        (date(2004, 1, 1), False),
    ],
)
def test_announced_holidays_and_worked_weekends_count(day: date, *, worked: bool) -> None:
    assert ANNOUNCED.is_workday(day) is worked


def test_a_pack_changes_single_days_and_leaves_the_others() -> None:
    assert not LOCAL.is_workday(date(2022, 8, 30))
    assert LOCAL.is_workday(date(2022, 10, 1))
    assert not LOCAL.is_workday(date(2022, 10, 2))
    assert LOCAL.is_workday(date(2023, 8, 30))


def test_the_day_it_starts_on_is_not_counted() -> None:
    assert ANNOUNCED.add_working_days(date(2022, 9, 30), 1) == Due(date(2022, 10, 8), provisional=False)
    assert ANNOUNCED.add_working_days(date(2022, 1, 4), 20) == Due(date(2022, 1, 30), provisional=False)
    assert ANNOUNCED.add_working_days(date(2022, 1, 4), 0) == Due(date(2022, 1, 4), provisional=False)


def test_a_year_that_nobody_announced_has_weekends_only_and_says_so() -> None:
    assert ANNOUNCED.is_workday(date(2099, 10, 1)) is True
    assert ANNOUNCED.add_working_days(date(2099, 9, 30), 1) == Due(date(2099, 10, 1), provisional=True)
    assert ANNOUNCED.working_days(date(2098, 12, 31), date(2099, 1, 2)) == (2, True)


def test_a_year_that_the_pack_announces_is_no_longer_provisional() -> None:
    days = frozenset(date(2099, 10, day) for day in range(1, 8))
    known = WorkCalendar((CalendarYear(2099, days, frozenset(), "s"),))
    assert known.add_working_days(date(2099, 9, 30), 1) == Due(date(2099, 10, 8), provisional=False)
    assert known.add_working_days(date(2099, 12, 31), 1).provisional


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2004, 1, 1), date(2026, 6, 1)), st.integers(1, 60))
def test_adding_and_counting_are_two_sides_of_one_thing(start: date, count: int) -> None:
    due, provisional = ANNOUNCED.add_working_days(start, count)
    assert ANNOUNCED.is_workday(due)
    assert ANNOUNCED.working_days(start, due) == (count, provisional)
    assert ANNOUNCED.working_days(due, start) == (-count, provisional)
    assert ANNOUNCED.working_days(start, due - timedelta(days=1)) == (count - 1, provisional)

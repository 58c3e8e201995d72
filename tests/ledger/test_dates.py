"""Dates, moments and the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.dates import (
    CHINA,
    check_plan_year,
    days_between,
    format_date,
    from_utc_text,
    months_after,
    now_utc_text,
    parse_date,
    parse_moment,
    to_utc_text,
    today,
)
from ledger.errors import ValueRefusedError


@pytest.mark.parametrize(
    "text",
    [
        "2022-04-08",
        "2022-4-8",
        "2022/4/8",
        "2022.4.8",
        "2022.04.08",
        "20220408",
        "2022年4月8日",
        "2022 年 04 月 08 日",
        "２０２２年４月８日",
        "２０２２－０４－０８",
        "　2022/04/08 ",
    ],
)
def test_dates_as_people_write_them(text: str) -> None:
    assert parse_date(text) == date(2022, 4, 8)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "date.not_a_date", "不是日期"),
        ("昨天", "date.not_a_date", "昨天"),
        ("2022-4/8", "date.not_a_date", "不是日期"),
        ("2022-04", "date.not_a_date", "不是日期"),
        ("44659", "date.not_a_date", "不是日期"),
        ("2022年4月", "date.not_a_date", "不是日期"),
        ("2022-04-08 10:00", "date.not_a_date", "不是日期"),
        ("٢٠٢٢-٠٤-٠٨", "date.not_a_date", "不是日期"),
        ("22-04-08", "date.two_digit_year", "两位"),
        ("22年4月8日", "date.two_digit_year", "两位"),
        ("1989-12-31", "date.year_out_of_range", "1990"),
        ("2101-01-01", "date.year_out_of_range", "2100"),
        ("02022-04-08", "date.not_a_date", "不是日期"),
        ("2022-02-30", "date.no_such_day", "2022 年 2 月只有 1 日至 28 日"),
        ("20240230", "date.no_such_day", "1 日至 29 日"),
        ("2022-04-31", "date.no_such_day", "1 日至 30 日"),
        ("2022-12-32", "date.no_such_day", "1 日至 31 日"),
        ("2022-13-01", "date.no_such_day", "没有 13 月"),
        ("2022-00-01", "date.no_such_day", "没有 0 月"),
        ("2022-04-00", "date.no_such_day", "不存在"),
    ],
)
def test_what_is_not_a_day_is_refused(text: str, code: str, words: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        parse_date(text)
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.hint


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)))
@settings(max_examples=80, deadline=None)
def test_every_day_reads_back(day: date) -> None:
    assert parse_date(format_date(day)) == day
    assert parse_date(f"{day.year}年{day.month}月{day.day}日") == day
    assert parse_date(day.strftime("%Y%m%d")) == day


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2022-03-31", "2022-03-31T15:59:59.999Z"),
        ("2022年3月31日", "2022-03-31T15:59:59.999Z"),
        ("2022-03-31 08:00", "2022-03-31T00:00:00.000Z"),
        ("2022/3/31 8:00:01", "2022-03-31T00:00:01.000Z"),
        ("2022-03-31T08:00:01.5", "2022-03-31T00:00:01.500Z"),
        ("2022年3月31日 08：00", "2022-03-31T00:00:00.000Z"),
        ("2022-03-31T08:00:01.123Z", "2022-03-31T08:00:01.123Z"),
        ("2022-03-31T08:00:01.123456Z", "2022-03-31T08:00:01.123Z"),
        ("2022-03-31 08:00+09:00", "2022-03-30T23:00:00.000Z"),
        ("2022-03-31 08:00-0330", "2022-03-31T11:30:00.000Z"),
    ],
)
def test_moments_are_beijing_time_unless_they_say_otherwise(text: str, utc: str) -> None:
    assert to_utc_text(parse_moment(text)) == utc


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2022-03-31 25:00", "date.not_a_moment"),
        ("2022-03-31 10:60", "date.not_a_moment"),
        ("2022-03-31 10:00+25:00", "date.not_a_moment"),
        ("2022-02-30 10:00", "date.no_such_day"),
        ("2022-02-30", "date.no_such_day"),
        ("下午三点", "date.not_a_date"),
        ("10:00", "date.not_a_date"),
    ],
)
def test_what_is_not_a_moment_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        parse_moment(text)
    assert caught.value.code == code


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 hypothesis wants naive limits
@settings(max_examples=80, deadline=None)
def test_utc_text_reads_back_to_the_millisecond_and_sorts_like_time(naive: datetime) -> None:
    moment = naive.replace(tzinfo=CHINA)
    text = to_utc_text(moment)
    back = from_utc_text(text)
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)
    assert back.tzinfo == UTC
    assert to_utc_text(back + timedelta(milliseconds=1)) > text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T06:51:36Z",
        "2026-11-23T06:51:36.123",
        "2026-11-23 06:51:36.123Z",
        "2026-11-23T06:51:36.123+00:00",
        "2026-11-23T06:51:36.123456Z",
        "2026-02-30T06:51:36.123Z",
        "0001-01-01T00:00:00.000+10:00",
    ],
)
def test_only_the_stored_form_of_a_moment_is_taken_back(text: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        from_utc_text(text)
    assert caught.value.code == "date.bad_utc_text"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueRefusedError) as caught:
        to_utc_text(datetime(2026, 1, 1))  # noqa: DTZ001 that is the mistake under test
    assert caught.value.code == "date.no_zone"


def test_the_clock_tells_now_and_the_day_in_china() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)  # noqa: TID251 the clock itself is under test
    told = from_utc_text(now_utc_text())
    day = today()
    after = datetime.now(UTC)  # noqa: TID251
    assert before <= told <= after
    assert before.astimezone(CHINA).date() <= day <= after.astimezone(CHINA).date()


@pytest.mark.parametrize("year", [2012, 2022, 2100])
def test_plan_years_in_range(year: int) -> None:
    assert check_plan_year(year) == year


@pytest.mark.parametrize("year", [2011, 2101, 22, True, "2022", 2022.0])
def test_other_plan_years_are_refused(year: object) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        check_plan_year(cast("Any", year))
    assert caught.value.code == "date.plan_year_out_of_range"


def test_days_between_counts_calendar_days() -> None:
    assert days_between(date(2024, 2, 28), date(2024, 3, 1)) == 2
    assert days_between(date(2024, 3, 1), date(2024, 3, 1)) == 0
    assert days_between(date(2024, 3, 1), date(2024, 2, 28)) == -2


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2022, 9, 1), 240, date(2042, 9, 1)),
        (date(2022, 12, 15), 1, date(2023, 1, 15)),
        (date(2022, 12, 31), 12, date(2023, 12, 31)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2022, 11, 30), 1, date(2022, 12, 30)),
        (date(2022, 5, 5), 0, date(2022, 5, 5)),
    ],
)
def test_the_same_day_months_later_or_the_last_one_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later

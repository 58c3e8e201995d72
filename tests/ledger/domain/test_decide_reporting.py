"""What areas report: indicators that a target pack asks for, and reports that are due."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import INDICATOR
from ledger.domain.control import AdoptRules, ReverseEvent
from ledger.domain.reporting import ReportIndicator, SubmitReport, first_day_of, parse_decimal, parse_period
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import IndicatorReported, ReportSubmitted

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

TARGETS = """
pack = "liupanshui-targets"
version = "2022"
title = "目标"
purpose = "targets"
jurisdiction = "520200"
source = "六盘水 2022-04-08"

[[indicator]]
id = "water_supply"
name = "农村自来水普及率"
unit = "%"
direction = "at_least"
target = "98.3"
by = 2025-12-31
jurisdiction = "520200"
clause = "(十)"
source = "六盘水 2022-04-08 (十)"
"""


def report(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-07-05", "indicator": "water_supply", "area": "520203", "period": "2022H1", "value": "97.90"}
    return ReportIndicator.of(**{**fields, **changes})


def submit(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-03-24", "report": "quarterly", "area": "520203", "period": "2022Q1", "unit": "县乡村振兴局"}
    return SubmitReport.of(**{**fields, **changes})


@pytest.fixture
def asked(book: Book) -> Book:
    """A ledger with the base rules and a pack of targets."""
    return book.given("open", "adopt", AdoptRules.of(on="2022-04-08", text=TARGETS))


def test_a_value_is_kept_digit_for_digit_in_the_unit_of_its_indicator(asked: Book) -> None:
    (event,) = asked.do(report(unit="%"))
    assert event == IndicatorReported(
        effective_on=date(2022, 7, 5),
        indicator="water_supply",
        area="520203",
        period="2022H1",
        value="97.90",
        unit="%",
    )
    assert event.stream == "indicator:520203:water_supply"


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"indicator": "没有"}, NotFoundError, "indicator.unknown"),
        ({"on": "2022-04-07"}, NotFoundError, "indicator.unknown"),
        ({"area": "999999"}, ValueRefusedError, "area.unknown"),
        ({"unit": "户"}, RuleRefusedError, "indicator.unit"),
        ({"period": "2023"}, RuleRefusedError, "date.before_cause"),
    ],
)
def test_a_value_is_of_an_indicator_in_force_in_its_unit(
    asked: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    refusal = asked.refuses(report(**changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_a_second_value_for_a_period_needs_a_reason_and_replaces_the_first(asked: Book) -> None:
    asked.given(report())
    refusal = asked.refuses(report(value="98"))
    assert refusal.code == "indicator.repeated"
    assert [value in refusal.message for value in ("97.90%", "98%", "2022-07-05")] == [True] * 3
    asked.given(report(period="2022"), report(value="98", reason="数据核实"))
    assert asked.load(INDICATOR, "520203:water_supply").periods["2022H1"] == ("98", date(2022, 7, 5))
    undo = {"on": "2022-08-01", "position": asked.position, "reason": "错", "document": "函1号"}
    asked.given(ReverseEvent.of(**undo))
    assert asked.load(INDICATOR, "520203:water_supply").periods["2022H1"][0] == "97.90"


def test_a_report_is_handed_in_once_for_a_period(asked: Book) -> None:
    (event,) = asked.do(submit())
    assert isinstance(event, ReportSubmitted)
    assert (event.year, event.period, event.stream) == (2022, "2022Q1", "submission:520203:quarterly")
    refusal = asked.refuses(submit(on="2022-03-26"))
    assert (refusal.code, "2022-03-24" in refusal.message) == ("submission.repeated", True)
    asked.given(
        submit(on="2022-03-26", reason="退回修改"), submit(area="520281"), submit(on="2022-06-24", period="2022Q2")
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"report": "没有这种报告"}, "submission.unknown_report"),
        ({"period": "2022Q2"}, "date.before_cause"),
        ({"area": "999999"}, "area.unknown"),
    ],
)
def test_a_report_is_one_that_is_asked_for_of_a_period_that_has_begun(
    asked: Book, changes: dict[str, Any], code: str
) -> None:
    assert asked.refuses(submit(**changes)).code == code


def test_a_report_that_no_rule_asks_for_needs_a_reason(asked: Book) -> None:
    refusal = asked.refuses(submit(report="annual"))
    assert "quarterly" in refusal.hint
    asked.do(submit(report="annual", reason="市里另行要求"))


@pytest.mark.parametrize(
    ("text", "period", "first"),
    [
        ("2022", "2022", date(2022, 1, 1)),
        ("2022q1", "2022Q1", date(2022, 1, 1)),
        ("２０２２Q4", "2022Q4", date(2022, 10, 1)),
        ("2022H2", "2022H2", date(2022, 7, 1)),
        ("2022-03", "2022-03", date(2022, 3, 1)),
    ],
)
def test_a_period_is_a_year_quarter_half_year_or_month(text: str, period: str, first: date) -> None:
    assert parse_period(text) == period
    assert first_day_of(period) == first


@pytest.mark.parametrize("text", ["2022Q5", "2022H3", "2022-13", "22Q1", "2022年", "", "1999", "2022Q1Q2"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueRefusedError):
        parse_period(text)


@pytest.mark.parametrize("text", ["98.3%", "1,000", "1e3", "", "0.1234567", "01", ".5", "-", "9" * 19, "2.7万"])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        parse_decimal(text)
    assert caught.value.code == "indicator.not_a_number"


@pytest.mark.parametrize("text", ["98.3", "0", "-1.50", "13812345678", "186345678.90"])
def test_a_plain_number_is_kept_as_written_also_where_its_digits_could_be_a_telephone(text: str) -> None:
    assert parse_decimal(text) == text
    assert report(value=text).model_dump()["value"] == text

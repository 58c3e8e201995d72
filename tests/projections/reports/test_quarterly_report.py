"""The quarterly report: every figure of it, and who handed in when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.errors import NotFoundError, ValueRefusedError
from projections.reports.quarterly import quarterly
from projections.reports.rates import rates
from projections.reports.share import share
from projections.scope import Question

if TYPE_CHECKING:
    from projections.reports.quarterly import QuarterlyRow
    from tests.projections.conftest import History

END = date(2024, 6, 30)


def submit(history: History, area: str, on: date, period: str = "2024Q2") -> int:
    report: dict[str, Any] = {"report": "quarterly", "area": area, "year": int(period[:4]), "period": period}
    return history.record(e.ReportSubmitted(effective_on=on, unit="农业农村局", **report))


def by_area(history: History, question: Question, quarter: int | None = None) -> dict[str, QuarterlyRow]:
    return {row.place.area: row for row in quarterly(history.engine, question, quarter).rows}


def filled(history: History) -> None:
    history.adopt()
    history.issue("CITY", 1000, area="520200")
    history.distribute("CITY", "T", 600, "520201")
    history.distribute("CITY", "U", 100, "520203")
    for project, money in (("A", 400), ("B", 50)):
        history.project(project)
        history.allocate("T", project, money)
    history.reach(e.ProjectStarted, "A")
    history.spend(e.MoneyReleased, "T", "A", 300)
    history.spend(e.MoneyPaid, "T", "A", 200)
    history.spend(e.MoneyReimbursed, "T", "A", 100)
    history.asset("X", 200)
    history.asset("Y", 200)
    owner = (e.Holding(holder="V", kind="village_collective", numerator=1, denominator=1),)
    history.of_asset(e.AssetConfirmed, "X", owners=owner, confirmation_id="C")
    history.finding("OPEN", deadline=date(2024, 5, 1))
    history.finding("CLOSED", on=date(2023, 1, 1))
    history.of_finding(e.FindingClosed, "CLOSED", date(2024, 5, 1), by="乙")


def test_every_figure_of_a_county_and_of_the_city(history: History) -> None:
    filled(history)

    answer = quarterly(history.engine, Question("520200", 2024, as_of=END))
    found = {row.place.area if row.place.row == "part" else "total": row for row in answer.rows}
    assert list(found) == ["520200", "520201", "520203", "520204", "520281", "total"]
    county, total = found["520201"], found["total"]
    assert (county.arrived_fen, county.allocated_fen, county.released_fen, county.paid_fen, county.reimbursed_fen) == (
        600, 450, 300, 200, 100,
    )  # fmt: skip
    assert (total.issued_fen, total.distributed_fen, total.arrived_fen) == (1000, 700, 1000)
    assert found["520204"].arrived_fen == 0
    assert (county.pipeline["reserve"], county.pipeline["started"], total.pipeline["started"]) == (1, 1, 1)
    assert (county.assets_identified, county.assets_confirmed, county.assets_handed_over) == (2, 1, 0)
    assert (county.findings_open, county.findings_overdue, county.findings_closed) == (1, 1, 1)
    levels: Any = answer.more["levels"]
    assert [(each["fund_kind"], each["level"], each["paid_fen"]) for each in levels] == [("transition", "central", 200)]


def test_share_and_rates_are_those_of_their_own_reports(history: History) -> None:
    filled(history)
    question = Question("520200", 2024, as_of=END)

    for place in ("520201", "520200"):
        row = quarterly(history.engine, question).rows[-1] if place == "520200" else by_area(history, question)[place]
        wanted = next(
            each for each in reversed(share(history.engine, question).rows) if each.place.area == place and each.default
        )
        assert (row.share["numerator_fen"], row.share["denominator_fen"], row.share["percent"], row.share["met"]) == (
            wanted.numerator_fen, wanted.denominator_fen, wanted.percent, wanted.met,
        )  # fmt: skip
        same = [each for each in rates(history.engine, question).rows if each.place == row.place]
        assert [(each["rate"], each["numerator"], each["denominator"], each["percent"]) for each in row.rates] == [
            (each.rate, each.numerator, each.denominator, each.percent) for each in same
        ]


def test_reports_are_on_time_late_missing_or_not_due(history: History) -> None:
    history.adopt()
    submit(history, "520201", date(2024, 6, 25))
    submit(history, "520203", date(2024, 6, 27))
    submit(history, "520203", date(2024, 6, 29))
    submit(history, "520204", date(2024, 3, 20), "2024Q1")

    def submissions(as_of: date) -> dict[str, tuple[str | None, int]]:
        found = by_area(history, Question("520200", as_of=as_of))
        return {area: (row.submission, row.days_late) for area, row in found.items()}

    assert submissions(END) == {
        "520201": ("on_time", 0),
        "520203": ("late", 2),
        "520204": ("missing", 5),
        "520281": ("missing", 5),
        "520200": ("missing", 5),
    }
    assert submissions(date(2024, 6, 25))["520204"] == ("not_due", 0)
    assert submissions(date(2024, 3, 31))["520204"] == ("on_time", 0)


def test_a_quarter_is_asked_about_as_it_stood_on_its_last_day(history: History) -> None:
    history.adopt()

    def asked(question: Question, quarter: int | None) -> tuple[str, object, object]:
        answer = quarterly(history.engine, question, quarter)
        return answer.scope.as_of.isoformat(), answer.more["quarter"], answer.more["due_on"]

    assert asked(Question("520201", 2022), 1) == ("2022-03-31", "2022Q1", "2022-03-25")
    assert asked(Question("520201", 2022), 4) == ("2022-12-31", "2022Q4", "2022-12-25")
    assert asked(Question("520201", 2022, as_of=date(2023, 2, 1)), 4) == ("2023-02-01", "2022Q4", "2022-12-25")
    assert asked(Question("520201", as_of=date(2024, 7, 1)), None) == ("2024-07-01", "2024Q3", "2024-09-25")


def test_a_county_alone_has_its_total_and_its_own_report(history: History) -> None:
    filled(history)
    submit(history, "520201", date(2024, 6, 20))

    (row,) = quarterly(history.engine, Question("520201", 2024, as_of=END)).rows
    assert (row.place.row, row.paid_fen, row.submitted_on, row.submission) == ("total", 200, "2024-06-20", "on_time")


def test_what_cannot_be_asked_is_refused(history: History) -> None:
    with pytest.raises(NotFoundError) as without_rules:
        quarterly(history.engine, Question("520201"))
    assert without_rules.value.code == "rule.none_in_force"
    history.adopt()
    for question, quarter, code in (
        (Question("520201"), 5, "report.no_quarter"),
        (Question("520201", by="town"), 1, "report.only_areas"),
    ):
        with pytest.raises(ValueRefusedError) as refused:
            quarterly(history.engine, question, quarter)
        assert refused.value.code == code

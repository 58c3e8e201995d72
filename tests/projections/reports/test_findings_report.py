"""The register of findings: states, deadlines, totals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from ledger.errors import ValueRefusedError
from projections.reports.findings import findings
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

OPENED, DUE, AFTER = date(2024, 3, 4), date(2024, 6, 30), date(2024, 7, 2)


def listed(
    history: History, as_of: date, *, year: int | None = None, known_at: int | None = None
) -> dict[str, tuple[object, ...]]:
    question = Question("520201", year, as_of=as_of, known_at=known_at)
    found: Any = findings(history.engine, question).more["findings"]
    return {each["finding"]: (each["state"], each["days_overdue"], each["closed_on"]) for each in found}


def test_a_finding_goes_from_open_over_submitted_to_closed_and_back(history: History) -> None:
    history.finding("F", on=OPENED)
    history.of_finding(e.FindingProgressed, "F", date(2024, 4, 1), note="整改中")
    history.of_finding(e.FindingSubmitted, "F", date(2024, 5, 1), note="已整改", by="甲")
    history.of_finding(e.FindingProgressed, "F", date(2024, 5, 2), note="补充材料")
    history.of_finding(e.FindingClosed, "F", date(2024, 5, 8), by="乙")
    history.of_finding(e.FindingReopened, "F", date(2024, 8, 1), note="反弹", deadline=date(2024, 8, 31))

    assert listed(history, date(2024, 4, 30))["F"] == ("open", 0, None)
    assert listed(history, date(2024, 5, 2))["F"] == ("submitted", 0, None)
    assert listed(history, date(2024, 7, 31))["F"] == ("closed", 0, "2024-05-08")
    assert listed(history, date(2024, 8, 31))["F"] == ("open", 0, None)
    assert listed(history, date(2024, 9, 1))["F"] == ("open", 1, None)


def test_totals_by_source_kind_and_unit(history: History) -> None:
    for code in ("IN_TIME", "LATE", "OPEN", "BACK"):
        history.finding(code, on=OPENED)
    history.finding("OTHER", on=OPENED, source="central", kind="assessment", unit="水务局", deadline=AFTER)
    history.of_finding(e.FindingClosed, "IN_TIME", DUE, by="乙")
    history.of_finding(e.FindingClosed, "LATE", date(2024, 7, 1), by="乙")
    history.of_finding(e.FindingClosed, "BACK", OPENED, by="乙")
    history.of_finding(e.FindingReopened, "BACK", date(2024, 6, 1), note="反弹", deadline=date(2024, 12, 31))

    other, audit, every = findings(history.engine, Question("520201", as_of=AFTER)).rows
    assert (other.source, other.kind, other.unit, other.opened, other.overdue) == (
        "central", "assessment", "水务局", 1, 0,
    )  # fmt: skip
    assert (audit.opened, audit.closed, audit.open, audit.overdue, audit.reopened) == (4, 2, 2, 1, 1)
    assert (audit.closed_on_time, audit.closed_percent, audit.on_time_percent) == (1, "50.00", "50.00")
    assert (every.source, every.opened, every.closed, every.closed_percent) == (None, 5, 2, "40.00")


def test_a_reversed_closing_opens_and_a_reversed_opening_removes(history: History) -> None:
    opened = history.finding("F", on=OPENED)
    closed = history.of_finding(e.FindingClosed, "F", DUE, by="乙")
    history.reverse(closed)
    assert listed(history, AFTER)["F"] == ("open", 2, None)
    assert listed(history, AFTER, known_at=closed)["F"] == ("closed", 0, "2024-06-30")

    history.reverse(opened)
    assert listed(history, AFTER) == {}


def test_the_year_is_that_of_the_opening_and_counties_add_up_to_the_city(history: History) -> None:
    history.finding("OLD", on=date(2023, 1, 1))
    history.finding("A", on=OPENED)
    history.finding("B", on=OPENED, area="520203", town="520203100")

    assert set(listed(history, AFTER, year=2023)) == {"OLD"}
    rows = findings(history.engine, Question("520200", 2024, as_of=AFTER)).rows
    assert [(row.place.row, row.place.area, row.opened) for row in rows if row.source is None] == [
        ("part", "520201", 1),
        ("part", "520203", 1),
        ("total", "520200", 2),
    ]
    towns = findings(history.engine, Question("520200", 2024, by="town", as_of=AFTER)).rows
    assert [row.place.town for row in towns if row.source is None] == ["", "520203100", None]


def test_findings_have_no_types_and_none_is_no_percentage(history: History) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        findings(history.engine, Question("520201", by="type"))
    assert refused.value.code == "report.no_types"
    (row,) = findings(history.engine, Question("520201")).rows
    assert (row.opened, row.closed_percent, row.on_time_percent) == (0, None, None)

"""Published figures beside what the ledger says of the same day, the same area, the same definition."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from ledger.rules.pack import shipped_packs
from projections.reports.discrepancies import discrepancies
from projections.reports.flow import flow
from projections.reports.rates import rates
from projections.scope import Question

if TYPE_CHECKING:
    from projections.reports.discrepancies import DiscrepancyRow
    from tests.projections.conftest import History

COUNTY, CITY = "520201", "520200"
APRIL, MAY, LATER = date(2024, 4, 30), date(2024, 5, 11), date(2024, 12, 31)


def published(history: History, kind: str, measure: str, value: str, unit: str, **more: Any) -> int:  # noqa: ANN401
    """Take in a figure of April that was published in May; return its position."""
    fields: dict[str, Any] = {"area": COUNTY, "as_of": APRIL, "year": 2024, "document": "通报", "effective_on": MAY}
    return history.record(e.FigureReported(**{**fields, **more}, kind=kind, measure=measure, value=value, unit=unit))  # type: ignore[arg-type]  # a kind of figure


def worked(history: History) -> None:
    """Three projects of which two are started, 300,000,001 fen arrived and 100,000,000 paid by the end of April."""
    history.adopt()
    history.issue("T", 300_000_001, on=date(2024, 1, 5))
    for number in range(3):
        history.project(f"P{number}", on=date(2024, 1, 6))
        history.allocate("T", f"P{number}", 100_000_000, on=date(2024, 1, 7))
    for number in range(2):
        history.reach(e.ProjectStarted, f"P{number}", on=date(2024, 2, 1))
    history.spend(e.MoneyReleased, "T", "P0", 100_000_000, on=date(2024, 3, 1))
    history.spend(e.MoneyPaid, "T", "P0", 100_000_000, on=date(2024, 3, 2))


def rows(history: History, area: str = COUNTY, **asked: Any) -> list[DiscrepancyRow]:  # noqa: ANN401
    question = Question(area, **{"year": 2024, "as_of": LATER, **asked})
    return list(discrepancies(history.engine, question).rows)


def test_every_kind_of_figure_is_recomputed_in_its_unit_with_both_integers(history: History) -> None:
    worked(history)
    for kind, measure, value, unit in (
        ("rate", "kezhou-2021/start", "66.67", "percent"),
        ("rest", "kezhou-2021/start", "1", "count"),
        ("quantity", "projects_planned", "4", "count"),
        ("quantity", "paid", "100", "wan"),
        ("quantity", "arrived", "0.03", "yi"),
        ("rate", "kezhou-2021/payment", "33.3", "percent"),
        ("rest", "kezhou-2021/payment", "2000000.01", "yuan"),
        ("share", "N1/D1", "100", "percent"),
    ):
        published(history, kind, measure, value, unit)

    assert [
        (row.recomputed, row.difference, row.verdict, row.recomputed_numerator, row.recomputed_denominator)
        for row in rows(history)
    ] == [
        ("66.67", "0.00", "rounded", 2, 3),
        ("1", "0", "match", 2, 3),
        ("3", "1", "inconsistent", 3, None),
        ("100", "0", "match", 100_000_000, None),
        ("0.03", "0.00", "rounded", 300_000_001, None),
        ("33.3", "0.0", "rounded", 100_000_000, 300_000_001),
        ("2000000.01", "0.00", "match", 100_000_000, 300_000_001),
        ("100", "0", "rounded", 300_000_000, 300_000_001),
    ]


def test_a_figure_is_compared_with_its_own_day_and_what_is_known_now(history: History) -> None:
    worked(history)
    published(history, "quantity", "paid", "100", "wan")
    claims = published(history, "quantity", "paid", "100", "wan", cut_from=2, document="另一份")
    history.spend(e.MoneyReleased, "T", "P1", 5_000_000, on=date(2024, 4, 2))
    history.spend(e.MoneyPaid, "T", "P1", 5_000_000, on=date(2024, 4, 2))  # entered late
    history.spend(e.MoneyPaid, "T", "P1", 1, on=date(2024, 5, 1))  # after the day of the figures

    first, second = rows(history)
    assert (first.recomputed, first.difference, first.verdict) == ("105", "-5", "inconsistent")
    # What the ledger had at position 2 is not what the second claims, whatever came afterwards.
    assert (second.figure, second.recomputed, second.cut_from) == (claims, "0", 2)
    assert rows(history, known_at=claims)[0].verdict == "match"


def test_what_was_not_published_yet_or_is_of_another_year_or_place_is_not_shown(history: History) -> None:
    worked(history)
    own = published(history, "quantity", "paid", "100", "wan")
    other_year = published(history, "quantity", "paid", "1", "wan", year=2023, as_of=date(2023, 4, 30))
    stock = published(history, "quantity", "registered", "1", "count", year=None)
    neighbour = published(history, "quantity", "paid", "0", "wan", area="520203")

    assert [row.figure for row in rows(history)] == [own]
    assert [row.figure for row in rows(history, year=None)] == [own, other_year, stock]
    assert [row.figure for row in rows(history, area=CITY)] == [own, neighbour]
    assert rows(history, as_of=date(2024, 5, 10)) == []


def test_a_figure_that_was_taken_back_is_gone(history: History) -> None:
    worked(history)
    position = published(history, "quantity", "paid", "99", "wan")
    history.reverse(position)
    assert rows(history) == []


def test_over_nothing_or_without_a_rule_there_is_no_verdict(history: History) -> None:
    history.adopt()
    published(history, "rate", "kezhou-2021/start", "97.93", "percent")
    published(history, "rate", "own/unknown", "97.93", "percent")

    nothing, unknown = rows(history)
    assert (nothing.verdict, nothing.recomputed, nothing.recomputed_denominator) == ("no_base", None, 0)
    assert (unknown.verdict, unknown.name, unknown.recomputed_numerator) == ("undefined", "own/unknown", None)


def test_no_published_figure_enters_the_books(history: History) -> None:
    worked(history)
    question = Question(COUNTY, 2024, as_of=LATER)
    before = [report(history.engine, question).as_json()["rows"] for report in (rates, flow)]
    published(history, "quantity", "paid", "999", "yi")
    assert [report(history.engine, question).as_json()["rows"] for report in (rates, flow)] == before


def test_the_measure_is_that_of_the_rules_that_the_question_stands_on(history: History) -> None:
    worked(history)
    published(history, "rate", "kezhou-2021/start", "66.67", "percent")
    renamed = shipped_packs()["base"].replace('id = "kezhou-2021"', 'id = "kezhou"')
    history.adopt(renamed.replace('set = "kezhou-2021"', 'set = "kezhou"'), on=date(2024, 6, 1))
    assert rows(history, as_of=date(2024, 5, 31))[0].verdict == "rounded"
    assert rows(history)[0].verdict == "undefined"

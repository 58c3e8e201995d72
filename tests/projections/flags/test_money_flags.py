"""Flags of money: each has a history in which it is raised and a near miss in which it is not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from tests.projections.flags.scenes import END, RECORD, TOWN, VILLAGE, build, fund, hits, pay, says

if TYPE_CHECKING:
    from tests.projections.conftest import History


@pytest.mark.parametrize(("passed_on", "raised"), [(date(2024, 2, 1), False), (date(2024, 2, 3), True)])
def test_r1_a_tranche_passed_on_after_thirty_days_is_late(
    sqlite_history: History, *, passed_on: date, raised: bool
) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 10, date(2024, 1, 3), area="520200")
    sqlite_history.distribute("T", "C", 10, "520201", passed_on)
    found = hits(sqlite_history, "R1", area="520200")
    assert bool(found) is raised
    if raised:
        assert says(found[0]) == ("2024-02-03", "晚于", "2024-02-02")
        assert found[0]["positions"] == [2, 3]


@pytest.mark.parametrize(("allocated", "raised"), [(10, False), (9, True)])
def test_r2_money_not_all_allocated_after_ninety_days_is_idle(
    sqlite_history: History, *, allocated: int, raised: bool
) -> None:
    fund(sqlite_history, 10)
    if allocated < 10:
        sqlite_history.withdraw("T", "P", 10 - allocated)
    assert [says(each) for each in hits(sqlite_history, "R2")] == ([(9, "少于", 10)] if raised else [])


@pytest.mark.parametrize(("paid", "raised"), [(40, False), (39, True)])
def test_r3_spending_ten_points_behind_the_months_passed_is_behind(
    sqlite_history: History, *, paid: int, raised: bool
) -> None:
    fund(sqlite_history, 100)
    pay(sqlite_history, paid, date(2024, 5, 1))
    found = hits(sqlite_history, "R3", date(2024, 6, 30))
    assert [says(each) for each in found] == ([(39, "少于", 40)] if raised else [])


def test_r4_a_funded_project_that_never_starts_is_late_after_half_a_year(sqlite_history: History) -> None:
    fund(sqlite_history)
    assert not hits(sqlite_history, "R4", date(2024, 7, 8))
    assert says(hits(sqlite_history, "R4", date(2024, 7, 9))[0]) == (181, "超过", 180)
    sqlite_history.withdraw("T", "P", 1000, date(2024, 7, 1), cause="recovered")
    assert not hits(sqlite_history, "R4", date(2024, 7, 9)), "the money was taken back"


def test_r5_work_without_news_for_sixty_days_is_stalled(sqlite_history: History) -> None:
    build(sqlite_history, until="started")
    sqlite_history.of_project(e.ProjectProgressed, "P", date(2024, 4, 1), percent=20)
    assert not hits(sqlite_history, "R5", date(2024, 5, 31))
    assert says(hits(sqlite_history, "R5", date(2024, 6, 1))[0]) == (61, "超过", 60)


def test_r6_money_unspent_two_years_after_its_budget_year_is_idle(sqlite_history: History) -> None:
    fund(sqlite_history, 10)
    pay(sqlite_history, 9, date(2024, 5, 1))
    assert not hits(sqlite_history, "R6", date(2026, 12, 31))
    assert says(hits(sqlite_history, "R6", date(2027, 1, 1))[0]) == (1, "多于", 0)
    pay(sqlite_history, 1, date(2026, 5, 1))
    assert not hits(sqlite_history, "R6", date(2027, 1, 1))


def test_r7_a_surplus_is_confirmed_within_sixty_days_of_settlement(sqlite_history: History) -> None:
    build(sqlite_history)
    sqlite_history.of_project(e.ProjectSettled, "P", date(2024, 4, 1), settled_fen=900)
    assert not hits(sqlite_history, "R7", date(2024, 5, 31))
    assert says(hits(sqlite_history, "R7", date(2024, 6, 1))[0]) == (1000, "多于", 900)
    sqlite_history.withdraw("T", "P", 100, date(2024, 5, 1), cause="surplus")
    assert not hits(sqlite_history, "R7", date(2024, 6, 1))


def sign(
    history: History, fen: int = 1000, on: date = date(2024, 2, 1), project: str = "P", firm: str = "甲公司"
) -> int:
    words = {"contract": f"HT{project}", "contractor": firm, "contract_fen": fen}
    return history.of_project(e.ProjectContracted, project, on, **words)


@pytest.mark.parametrize(("paid", "raised"), [(500, False), (501, True)])
def test_r8_payment_above_progress_is_ahead(sqlite_history: History, *, paid: int, raised: bool) -> None:
    build(sqlite_history, until="started")
    sign(sqlite_history)
    sqlite_history.of_project(e.ProjectProgressed, "P", date(2024, 4, 1), percent=50)
    pay(sqlite_history, paid, date(2024, 4, 2))
    assert [says(each) for each in hits(sqlite_history, "R8")] == ([(501, "多于", 500)] if raised else [])


@pytest.mark.parametrize(("advance", "raised"), [(300, False), (301, True)])
def test_r9_more_than_the_advance_before_the_start_is_too_early(
    sqlite_history: History, *, advance: int, raised: bool
) -> None:
    build(sqlite_history, until="started")
    sign(sqlite_history)
    pay(sqlite_history, advance, date(2024, 2, 28))
    assert [says(each) for each in hits(sqlite_history, "R9")] == ([(301, "多于", 300)] if raised else [])


def test_r9_any_payment_before_approval_is_too_early(sqlite_history: History) -> None:
    build(sqlite_history, until="started")
    pay(sqlite_history, 1, date(2024, 1, 9))
    assert says(hits(sqlite_history, "R9")[0]) == ("2024-01-09", "早于", "2024-01-10")


@pytest.mark.parametrize(("paid", "raised"), [(800, False), (801, True)])
def test_r10_four_fifths_may_be_paid_before_settlement(sqlite_history: History, *, paid: int, raised: bool) -> None:
    build(sqlite_history)
    sign(sqlite_history)
    pay(sqlite_history, paid, date(2024, 4, 1))
    assert [says(each) for each in hits(sqlite_history, "R10")] == ([(801, "多于", 800)] if raised else [])
    sqlite_history.of_project(e.ProjectSettled, "P", date(2024, 4, 1), settled_fen=900)
    assert not hits(sqlite_history, "R10"), "settled"


@pytest.mark.parametrize(("paid", "raised"), [(870, False), (871, True)])
def test_r11_payment_and_retention_stay_within_the_audited_price(
    sqlite_history: History, *, paid: int, raised: bool
) -> None:
    build(sqlite_history)
    sqlite_history.of_project(e.ProjectSettled, "P", date(2024, 4, 1), settled_fen=900)
    sqlite_history.spend(e.RetentionHeld, "T", "P", 30, date(2024, 4, 1))
    pay(sqlite_history, paid, date(2024, 4, 1))
    assert [says(each) for each in hits(sqlite_history, "R11")] == ([(901, "多于", 900)] if raised else [])


@pytest.mark.parametrize(("held", "raised"), [(30, False), (29, True)])
def test_r12_three_per_cent_of_the_price_are_held_back(sqlite_history: History, *, held: int, raised: bool) -> None:
    build(sqlite_history)
    sign(sqlite_history)
    sqlite_history.of_project(e.ProjectSettled, "P", date(2024, 4, 1), settled_fen=1000)
    sqlite_history.spend(e.RetentionHeld, "T", "P", held, date(2024, 4, 1))
    assert [says(each) for each in hits(sqlite_history, "R12")] == ([(29, "少于", 30)] if raised else [])


@pytest.mark.parametrize(("on", "raised"), [(date(2025, 3, 1), False), (date(2025, 2, 28), True)])
def test_r12_retention_is_released_after_the_defect_period(sqlite_history: History, *, on: date, raised: bool) -> None:
    build(sqlite_history)
    sqlite_history.spend(e.RetentionHeld, "T", "P", 30, date(2024, 4, 1))
    sqlite_history.spend(e.RetentionReleased, "T", "P", 30, on)
    found = hits(sqlite_history, "R12", date(2025, 12, 31))
    assert [says(each) for each in found] == ([("2025-02-28", "早于", "2025-03-01")] if raised else [])


@pytest.mark.parametrize(("released", "raised"), [(10, False), (9, True)])
def test_r13_no_more_is_paid_than_released(sqlite_history: History, *, released: int, raised: bool) -> None:
    fund(sqlite_history, 10)
    pay(sqlite_history, 10, date(2024, 4, 1), released=released)
    assert [says(each) for each in hits(sqlite_history, "R13")] == ([(10, "多于", 9)] if raised else [])


def test_r13_no_more_is_released_than_allocated(sqlite_history: History) -> None:
    fund(sqlite_history, 10)
    sqlite_history.spend(e.MoneyReleased, "T", "P", 11, date(2024, 4, 1))
    assert says(hits(sqlite_history, "R13")[0]) == (11, "多于", 10)


@pytest.mark.parametrize(("more", "raised"), [(0, False), (1, True)])
def test_r14_no_more_is_allocated_than_arrived(sqlite_history: History, *, more: int, raised: bool) -> None:
    fund(sqlite_history, 10)
    if more:
        sqlite_history.allocate("T", "P", more)
    assert [says(each) for each in hits(sqlite_history, "R14")] == ([(11, "多于", 10)] if raised else [])


@pytest.mark.parametrize(("fee", "raised"), [(10, False), (11, True)])
def test_r22_the_fee_is_one_per_cent_of_the_main_task(sqlite_history: History, *, fee: int, raised: bool) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 1000)
    sqlite_history.issue("W", 1000, direction="work_relief")
    sqlite_history.project("F", project_type="management_fee")
    sqlite_history.allocate("T", "F", fee)
    assert [says(each) for each in hits(sqlite_history, "R22")] == ([(11, "多于", 10)] if raised else [])


@pytest.mark.parametrize(("direction", "raised"), [("work_relief", False), ("consolidation", True)])
def test_r23_work_relief_projects_take_work_relief_money(
    sqlite_history: History, *, direction: str, raised: bool
) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 10, direction=direction)
    sqlite_history.project("P", project_type="work_relief")
    sqlite_history.allocate("T", "P", 10)
    assert [says(each) for each in hits(sqlite_history, "R23")] == ([(10, "多于", 0)] if raised else [])


@pytest.mark.parametrize(("industry", "raised"), [(60, False), (59, True)])
def test_r24_the_industry_share_reaches_its_threshold(sqlite_history: History, *, industry: int, raised: bool) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 100, date(2023, 2, 1), plan_year=2023)
    sqlite_history.project("P", on=date(2023, 2, 1), project_year=2023)
    sqlite_history.allocate("T", "P", industry, date(2023, 2, 1))
    found = hits(sqlite_history, "R24", date(2023, 12, 31))
    assert [says(each) for each in found] == ([(59, "少于", 60)] if raised else [])


@pytest.mark.parametrize(("now", "raised"), [(100, False), (99, True)])
def test_r25_a_county_puts_in_no_less_than_last_year(sqlite_history: History, *, now: int, raised: bool) -> None:
    sqlite_history.adopt()
    for year, fen in ((2023, 100), (2024, now)):
        sqlite_history.issue(f"T{year}", fen, date(year, 2, 1), plan_year=year, level="county")
    assert [says(each) for each in hits(sqlite_history, "R25")] == ([(99, "少于", 100)] if raised else [])


def adjust(history: History, document: str) -> None:
    fund(history)
    history.project("N", record=RECORD)
    moved: dict[str, Any] = {"effective_on": date(2024, 6, 1), "amount_fen": 100, "document": document}
    old = {**moved, **history.place("tranche:T", "project:P"), "transfer_id": "Y1", "cause": "adjusted"}
    new = {**moved, **history.place("tranche:T", "project:N"), "transfer_id": "Y2"}
    history.record(e.MoneyWithdrawn(**old), e.MoneyRegained(**old))
    history.record(e.MoneyAllocated(**new, cause="adjusted"), e.ProjectFunded(**new))
    history.spend(e.MoneyPaid, "T", "N", 50, date(2024, 6, 10))


@pytest.mark.parametrize(("dated", "raised"), [(date(2024, 6, 10), False), (date(2024, 6, 11), True)])
def test_r28_the_approval_is_dated_before_the_new_project_is_paid(
    sqlite_history: History, *, dated: date, raised: bool
) -> None:
    adjust(sqlite_history, "调1号")
    words: dict[str, Any] = {"number": "调1号", "issuer": "县政府", "dated": dated, "kind": "approval", "title": "批复"}
    sqlite_history.record(e.DocumentRegistered(effective_on=date(2024, 6, 1), **words))
    found = hits(sqlite_history, "R28")
    assert [says(each) for each in found] == ([("2024-06-11", "晚于", "2024-06-10")] if raised else [])


def test_r28_an_adjustment_stands_on_a_document(sqlite_history: History) -> None:
    adjust(sqlite_history, "")
    assert says(hits(sqlite_history, "R28")[0]) == (0, "少于", 1)


def test_r29_what_is_completed_is_paid_within_sixty_days(sqlite_history: History) -> None:
    build(sqlite_history)
    assert not hits(sqlite_history, "R29", date(2024, 4, 30))
    assert says(hits(sqlite_history, "R29", date(2024, 5, 1))[0]) == (0, "少于", 1000)
    pay(sqlite_history, 1, date(2024, 4, 1))
    assert not hits(sqlite_history, "R29", date(2024, 5, 1))


@pytest.mark.parametrize(("paid", "raised"), [(999, False), (1000, True)])
def test_r29_what_is_paid_in_full_was_started(sqlite_history: History, *, paid: int, raised: bool) -> None:
    fund(sqlite_history)
    pay(sqlite_history, paid, date(2024, 4, 1))
    assert [says(each) for each in hits(sqlite_history, "R29")] == ([(1000, "达到", 1000)] if raised else [])


@pytest.mark.parametrize(("other", "raised"), [("regular", False), ("bond", True)])
def test_r33_transition_money_has_a_document_of_its_own(sqlite_history: History, *, other: str, raised: bool) -> None:
    sqlite_history.adopt()
    place: dict[str, Any] = {"area": "520201", "plan_year": 2026, "level": "central", "direction": "unspecified"}
    for tranche, kind, fen in (("A", "transition", 10), ("B", other, 5)):
        told: dict[str, Any] = {
            "tranche": tranche,
            "fund_kind": kind,
            "amount_fen": fen,
            "issuer": "省厅",
            "document": "黔1号",
        }
        sqlite_history.record(e.TrancheIssued(effective_on=date(2024, 1, 2), **place, **told))
    assert [says(each) for each in hits(sqlite_history, "R33")] == ([(10, "同文下达", 5)] if raised else [])


@pytest.mark.parametrize(("december", "raised"), [(400, False), (401, True)])
def test_r34_two_fifths_may_be_paid_in_december(sqlite_history: History, *, december: int, raised: bool) -> None:
    fund(sqlite_history)
    pay(sqlite_history, 1000 - december, date(2024, 6, 1))
    pay(sqlite_history, december, date(2024, 12, 1))
    assert [says(each) for each in hits(sqlite_history, "R34")] == ([(401, "多于", 400)] if raised else [])


@pytest.mark.parametrize(("many", "raised"), [(4, False), (5, True)])
def test_r34_many_projects_paid_whole_on_one_day_are_worth_a_look(
    sqlite_history: History, *, many: int, raised: bool
) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 100)
    for number in range(many):
        sqlite_history.project(f"P{number}")
        sqlite_history.allocate("T", f"P{number}", 10)
        sqlite_history.spend(e.MoneyPaid, "T", f"P{number}", 10, date(2024, 6, 1))
    assert [says(each) for each in hits(sqlite_history, "R34")] == ([(5, "达到", 5)] if raised else [])


@pytest.mark.parametrize(
    ("pieces", "last", "raised"),
    [
        ((499_000_00, 499_000_00, 499_000_00), 17, True),
        ((250_000_00, 250_000_00), 22, True),
        ((250_000_00, 250_000_00), 23, False),  # more than a week apart
        ((250_000_00, 249_999_99), 17, False),
        ((500_000_00, 1_00), 17, False),  # that one was checked
    ],
)
def test_r35_money_in_pieces_below_what_is_checked_is_worth_a_look(
    sqlite_history: History, *, pieces: tuple[int, ...], last: int, raised: bool
) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 2_000_000_00)
    sqlite_history.project("P")
    *first, end = pieces
    positions = [sqlite_history.allocate("T", "P", fen, date(2024, 1, 15)) for fen in first]
    positions.append(sqlite_history.allocate("T", "P", end, date(2024, 1, last)))
    found = hits(sqlite_history, "R35")
    assert [says(each) for each in found] == ([(sum(pieces), "达到", 500_000_00)] if raised else [])
    assert [each["positions"] for each in found] == ([[each - 1 for each in positions]] if raised else [])


@pytest.mark.parametrize(("reason", "raised"), [("批准补记", False), ("", True)])
def test_rf34_money_in_a_closed_year_has_a_reason(sqlite_history: History, *, reason: str, raised: bool) -> None:
    fund(sqlite_history)
    sqlite_history.record(e.YearClosed(effective_on=date(2025, 1, 5), area="520201", year=2024))
    place = sqlite_history.place("tranche:T", "project:P")
    late = sqlite_history.record(e.MoneyReleased(effective_on=date(2024, 5, 1), amount_fen=1, reason=reason, **place))
    found = hits(sqlite_history, "RF34", date(2025, 12, 31))
    assert [each["positions"] for each in found] == ([[late - 1, late]] if raised else [])


def test_a_village_and_a_year_are_kept(sqlite_history: History) -> None:
    fund(sqlite_history, 10)
    sqlite_history.withdraw("T", "P", 1)
    assert hits(sqlite_history, "R2", END, year=2024)
    assert not hits(sqlite_history, "R2", END, year=2023)
    assert (TOWN, VILLAGE) == ("520201101", "520201101201")

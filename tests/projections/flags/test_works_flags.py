"""Flags of works and of openness: each with a history in which it is raised and a near miss in which it is not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger import events as e
from tests.projections.flags.scenes import RECORD, TOWN, VILLAGE, build, fund, hits, pay, register, says

if TYPE_CHECKING:
    from tests.projections.conftest import History


@pytest.mark.parametrize(("listed", "raised"), [(date(2024, 1, 10), False), (date(2024, 1, 11), True)])
def test_r15_a_project_is_in_the_library_before_it_is_funded(
    sqlite_history: History, *, listed: date, raised: bool
) -> None:
    sqlite_history.adopt()
    sqlite_history.issue("T", 10)
    sqlite_history.project("P", on=listed, record=RECORD)
    sqlite_history.allocate("T", "P", 10, date(2024, 1, 10))
    found = hits(sqlite_history, "R15")
    assert [says(each) for each in found] == ([("2024-01-10", "早于", "2024-01-11")] if raised else [])


def test_r15_a_funded_project_has_a_goal(sqlite_history: History) -> None:
    fund(sqlite_history, record={**RECORD, "goal": " "})
    assert [says(each) for each in hits(sqlite_history, "R15")] == [(0, "少于", 1)]


@pytest.mark.parametrize(("kind", "raised"), [("crop_base", True), ("management_fee", False)])
def test_r4_nothing_is_built_with_a_management_fee(sqlite_history: History, *, kind: str, raised: bool) -> None:
    fund(sqlite_history, project_type=kind)
    assert bool(hits(sqlite_history, "R4")) is raised


@pytest.mark.parametrize(
    ("name", "village", "raised"),
    [
        ("2025年食用菌大棚", VILLAGE, True),
        ("食用菌大棚二期", VILLAGE, False),
        ("食用菌大棚", f"{TOWN}202", False),
        ("生猪养殖小区", VILLAGE, False),
    ],
)
def test_r16_nearly_one_name_in_one_village_and_type_is_declared_twice(
    sqlite_history: History, *, name: str, village: str, raised: bool
) -> None:
    fund(sqlite_history)
    about: dict[str, Any] = {"town": TOWN, "village": village, "project_year": 2025}
    sqlite_history.project("Q", record={**RECORD, "name": name}, **about)
    found = hits(sqlite_history, "R16")
    assert [says(each) for each in found] == ([(100, "达到", 80)] if raised else [])


@pytest.mark.parametrize(
    ("second", "on", "raised"),
    [
        (200_000_001, date(2024, 5, 1), True),
        (200_000_000, date(2024, 5, 1), False),
        (200_000_001, date(2024, 5, 2), False),
        (400_000_000, date(2024, 5, 1), False),
    ],
)
def test_r17_contracts_of_one_firm_below_the_line_add_up_to_it(
    sqlite_history: History, *, second: int, on: date, raised: bool
) -> None:
    fund(sqlite_history)
    sqlite_history.project("Q", record=RECORD)
    for project, fen, day in (("P", 199_999_999, date(2024, 2, 1)), ("Q", second, on)):
        signed = {"contract": f"HT{project}", "contractor": "甲公司", "contract_fen": fen}
        sqlite_history.of_project(e.ProjectContracted, project, day, **signed)
    found = hits(sqlite_history, "R17")
    assert [says(each) for each in found] == ([(400_000_000, "达到", 400_000_000)] if raised else [])


@pytest.mark.parametrize(("accepted", "raised"), [(date(2024, 3, 1), False), (date(2024, 2, 29), True)])
def test_r18_acceptance_comes_after_completion(sqlite_history: History, *, accepted: date, raised: bool) -> None:
    build(sqlite_history, until="completed")
    sqlite_history.reach(e.ProjectAccepted, "P", on=accepted)
    found = hits(sqlite_history, "R18")
    assert [says(each) for each in found] == ([("2024-02-29", "早于", "2024-03-01")] if raised else [])


@pytest.mark.parametrize(("done", "raised"), [(100, False), (99, True)])
def test_r18_what_is_accepted_is_done(sqlite_history: History, *, done: int, raised: bool) -> None:
    build(sqlite_history)
    sqlite_history.of_project(e.ProjectProgressed, "P", date(2024, 3, 1), percent=done)
    assert [says(each) for each in hits(sqlite_history, "R18")] == ([(99, "少于", 100)] if raised else [])


@pytest.mark.parametrize(("many", "on", "raised"), [(5, 2, True), (4, 2, False), (5, 1, False)])
def test_r18_nobody_accepts_five_projects_on_a_saturday(
    sqlite_history: History, *, many: int, on: int, raised: bool
) -> None:
    sqlite_history.adopt()
    for number in range(many):
        sqlite_history.project(f"P{number}")
        sqlite_history.reach(e.ProjectCompleted, f"P{number}", on=date(2024, 3, 1))
        sqlite_history.reach(e.ProjectAccepted, f"P{number}", on=date(2024, 3, on))
    assert [says(each) for each in hits(sqlite_history, "R18")] == ([(5, "达到", 5)] if raised else [])


def test_r19_what_was_accepted_has_an_owner_after_ninety_days(sqlite_history: History) -> None:
    build(sqlite_history)
    assert not hits(sqlite_history, "R19", date(2024, 5, 30))
    assert says(hits(sqlite_history, "R19", date(2024, 5, 31))[0]) == (91, "超过", 90)
    sqlite_history.asset("A", 1000)
    owner = e.Holding(holder="V", kind="village_collective", numerator=1, denominator=1)
    confirmed: dict[str, Any] = {"owners": (owner,), "confirmation_id": "K1"}
    sqlite_history.of_asset(e.AssetConfirmed, "A", date(2024, 5, 1), **confirmed)
    assert not hits(sqlite_history, "R19", date(2024, 5, 31))


@pytest.mark.parametrize(("name", "raised"), [("村委会文化广场", False), ("镇政府办公楼维修", True)])
def test_r21_words_of_the_negative_list_are_found(sqlite_history: History, *, name: str, raised: bool) -> None:
    fund(sqlite_history, record={**RECORD, "name": name})
    found = hits(sqlite_history, "R21")
    assert [says(each) for each in found] == ([("办公楼", "属于", "修建楼堂馆所")] if raised else [])


@pytest.mark.parametrize(
    ("linkage", "kind", "raised"),
    [("", "crop_base", True), ("", "village_road", False), ("分红", "crop_base", False)],
)
def test_r30_an_industry_project_says_how_farmers_share(
    sqlite_history: History, *, linkage: str, kind: str, raised: bool
) -> None:
    fund(sqlite_history, record={**RECORD, "linkage": linkage}, project_type=kind)
    assert [says(each) for each in hits(sqlite_history, "R30")] == ([(0, "少于", 1)] if raised else [])


def publish(
    history: History,
    template: str,
    on: date,
    to: date | None = None,
    *,
    channel: str = "website",
    of: str = "project:P",
    at: int = 0,
) -> int:
    kind, _, code = of.partition(":")
    place = history.place(of)
    about = e.Subject(
        kind=kind,  # type: ignore[arg-type]  # the two kinds of the tests are two of its words
        code=code,
        area=place["area"],
        year=place["project_year"],
        type=place.get("project_type", "operating"),
    )
    said: dict[str, Any] = {"notice": f"N{on}{template}", "template": template, "title": "公告", "area": "520201"}
    shown: dict[str, Any] = {"channel": channel, "from_on": on, "to_on": to, "position": at, "subjects": (about,)}
    return history.record(e.NoticePublished(effective_on=on, **said, **shown))


def show_all(history: History, on: date, *, plan_on: date | None = None) -> None:
    """Publish what is due of a project that was listed, planned and funded on 10 January 2024."""
    for template in ("allocation", "library"):
        publish(history, template, on)
    publish(history, "plan", plan_on or on)
    for channel in ("township_board", "village_board"):
        publish(history, "before_start", on, date(2024, 1, 20), channel=channel)


@pytest.mark.parametrize(("plan_on", "raised"), [(date(2024, 2, 6), False), (date(2024, 2, 7), True)])
def test_r26_the_plan_is_published_within_twenty_working_days(
    sqlite_history: History, *, plan_on: date, raised: bool
) -> None:
    fund(sqlite_history)
    show_all(sqlite_history, date(2024, 1, 11), plan_on=plan_on)
    found = hits(sqlite_history, "R26")
    assert [says(each) for each in found] == ([("2024-02-07", "晚于", "2024-02-06")] if raised else [])


def test_r26_what_was_never_published_is_late_after_its_day(sqlite_history: History) -> None:
    fund(sqlite_history)
    assert not hits(sqlite_history, "R26", date(2024, 1, 30))
    assert hits(sqlite_history, "R26", date(2024, 2, 7))[0]["left"]["value"] == "2024-02-07"


@pytest.mark.parametrize(("last", "raised"), [(date(2024, 1, 19), False), (date(2024, 1, 18), True)])
def test_r26_a_board_shows_for_ten_days(sqlite_history: History, *, last: date, raised: bool) -> None:
    fund(sqlite_history)
    for template in ("allocation", "library", "plan"):
        publish(sqlite_history, template, date(2024, 1, 10))
    for channel in ("township_board", "village_board"):
        publish(sqlite_history, "before_start", date(2024, 1, 10), last, channel=channel)
    assert [says(each) for each in hits(sqlite_history, "R26")] == ([(9, "少于", 10)] if raised else [])


def test_r27_what_was_published_stays_what_the_ledger_says(sqlite_history: History) -> None:
    fund(sqlite_history)
    sqlite_history.issue("U", 10)
    cut = sqlite_history.issue("V", 10)
    publish(sqlite_history, "allocation", date(2024, 2, 1), at=cut)
    sqlite_history.allocate("U", "P", 10, date(2024, 2, 2))
    assert not hits(sqlite_history, "R27"), "money of a later day was not published"
    sqlite_history.allocate("V", "P", 10, date(2024, 2, 1))
    assert says(hits(sqlite_history, "R27")[0]) == (1000, "不等于", 1010)


def test_r31_a_finding_is_closed_by_its_deadline(sqlite_history: History) -> None:
    sqlite_history.adopt()
    sqlite_history.finding("F")
    assert not hits(sqlite_history, "R31", date(2024, 6, 30))
    assert says(hits(sqlite_history, "R31", date(2024, 7, 1))[0]) == ("2024-07-01", "晚于", "2024-06-30")


@pytest.mark.parametrize(("evidence", "raised"), [("a" * 64, False), ("", True)])
def test_r31_a_finding_is_closed_on_evidence(sqlite_history: History, *, evidence: str, raised: bool) -> None:
    sqlite_history.adopt()
    sqlite_history.finding("F")
    place, on = sqlite_history.place("finding:F"), date(2024, 6, 1)
    sqlite_history.record(
        e.FindingSubmitted(effective_on=on, note="已改", by="甲", evidence=evidence, **place),
        e.FindingClosed(effective_on=on, by="乙", **place),
    )
    assert [says(each) for each in hits(sqlite_history, "R31")] == ([(0, "少于", 1)] if raised else [])


@pytest.mark.parametrize(("on", "raised"), [(date(2024, 3, 25), False), (date(2024, 3, 26), True)])
def test_r32_a_quarterly_report_comes_by_the_twenty_fifth(sqlite_history: History, *, on: date, raised: bool) -> None:
    fund(sqlite_history)
    handed_in: dict[str, Any] = {
        "report": "quarterly",
        "area": "520201",
        "year": 2024,
        "period": "2024Q1",
        "unit": "乡村振兴局",
    }
    sqlite_history.record(e.ReportSubmitted(effective_on=on, **handed_in))
    found = hits(sqlite_history, "R32", date(2024, 3, 31))
    assert [says(each) for each in found] == ([("2024-03-26", "晚于", "2024-03-25")] if raised else [])


def test_r32_a_report_that_never_came_is_late_on_the_next_day(sqlite_history: History) -> None:
    fund(sqlite_history)
    assert not hits(sqlite_history, "R32", date(2024, 3, 25))
    assert hits(sqlite_history, "R32", date(2024, 3, 26))


def test_rf32_what_changes_of_an_asset_is_published_in_twenty_working_days(sqlite_history: History) -> None:
    register(sqlite_history)
    words = {"giver": "乡", "receiver": "村", "supervisor": "县", "documents": ("清单",)}
    sqlite_history.of_asset(e.AssetHandedOver, "A", date(2024, 3, 1), **words)
    assert not hits(sqlite_history, "RF32", date(2024, 3, 29))
    assert says(hits(sqlite_history, "RF32", date(2024, 3, 30))[0]) == ("2024-03-30", "晚于", "2024-03-29")
    publish(sqlite_history, "asset", date(2024, 3, 29), of="asset:A")
    assert not hits(sqlite_history, "RF32", date(2024, 3, 30))


def test_rf01_what_was_accepted_is_registered_in_sixty_days(sqlite_history: History) -> None:
    build(sqlite_history)
    assert not hits(sqlite_history, "RF01", date(2024, 4, 30))
    assert says(hits(sqlite_history, "RF01", date(2024, 5, 1))[0]) == (61, "超过", 60)
    sqlite_history.of_project(e.ProjectFormedNone, "P", date(2024, 4, 1), why="service")
    assert not hits(sqlite_history, "RF01", date(2024, 5, 1))


@pytest.mark.parametrize(("fen", "raised"), [(1010, False), (1011, True)])
def test_rf04_assets_are_worth_what_was_put_into_them(sqlite_history: History, *, fen: int, raised: bool) -> None:
    build(sqlite_history)
    pay(sqlite_history, 1000, date(2024, 4, 1))
    sqlite_history.asset("A", 1000)
    sqlite_history.asset("B", fen - 1000)
    assert [says(each) for each in hits(sqlite_history, "RF04")] == ([(1011, "多于", 1010)] if raised else [])

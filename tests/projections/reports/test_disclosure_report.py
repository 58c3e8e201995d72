"""The duties to publish: what is owed, late, too short, in time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger import events as e
from projections.reports.disclosure import disclosure
from projections.scope import Question

if TYPE_CHECKING:
    from tests.projections.conftest import History

PLANNED = date(2024, 3, 4)


def states(history: History, as_of: date, duty: str) -> list[tuple[str, str, int]]:
    answer = disclosure(history.engine, Question("520201", 2024, as_of=as_of), everything=True)
    return [(row.subject, row.state, row.days_late) for row in answer.rows if row.duty == duty]


def publish(
    history: History, template: str, on: date, to: date | None = None, *, channel: str = "website", notice: str = "N"
) -> None:
    subject = e.Subject(kind="project", code="P", area="520201", year=2024, type="crop_base")
    history.record(
        e.NoticePublished(
            effective_on=on,
            template=template,
            title="公告",
            area="520201",
            subjects=(subject,),
            from_on=on,
            to_on=to,
            position=1,
            notice=notice,
            channel=channel,
        )
    )


def planned(history: History) -> None:
    history.adopt()
    history.project("P", on=PLANNED)


def test_a_plan_must_be_public_within_twenty_working_days(history: History) -> None:
    planned(history)
    assert states(history, date(2024, 4, 1), "plan-county") == [("P", "waiting", 0)]
    # 20 working days from 4 March 2024 end on 1 April: no holiday lies between.
    assert states(history, date(2024, 4, 2), "plan-county") == [("P", "missing", 1)]
    publish(history, "plan", date(2024, 4, 1))
    assert states(history, date(2024, 4, 2), "plan-county") == [("P", "met", 0)]


def test_a_publication_after_its_day_is_late_for_ever(history: History) -> None:
    planned(history)
    publish(history, "plan", date(2024, 4, 10))
    assert states(history, date(2024, 12, 31), "plan-county") == [("P", "late", 9)]


def test_another_channel_does_not_meet_the_duty(history: History) -> None:
    planned(history)
    publish(history, "plan", date(2024, 3, 5), channel="village_board")
    assert states(history, date(2024, 4, 2), "plan-county") == [("P", "missing", 1)]


def test_ten_days_on_the_village_board_are_asked_for_and_nine_are_short(history: History) -> None:
    planned(history)
    publish(history, "before_start", date(2024, 3, 6), date(2024, 3, 14), channel="village_board")
    assert states(history, date(2024, 3, 10), "before-start-village") == [("P", "met", 0)]
    assert states(history, date(2024, 3, 20), "before-start-village") == [("P", "short", 0)]


def test_a_notice_taken_down_early_was_up_only_until_then(history: History) -> None:
    planned(history)
    publish(history, "before_start", date(2024, 3, 6), date(2024, 3, 15), channel="village_board", notice="N")
    assert states(history, date(2024, 3, 20), "before-start-village") == [("P", "met", 0)]
    history.record(e.NoticeWithdrawn(effective_on=date(2024, 3, 9), notice="N", area="520201", why="有错"))
    assert states(history, date(2024, 3, 20), "before-start-village") == [("P", "short", 0)]


def test_what_was_not_known_then_does_not_count(history: History) -> None:
    planned(history)
    before = history.project("R", on=PLANNED)
    publish(history, "plan", date(2024, 4, 1))
    answer = disclosure(history.engine, Question("520201", 2024, as_of=date(2024, 4, 2), known_at=before))
    assert {(row.subject, row.state) for row in answer.rows if row.duty == "plan-county"} == {
        ("P", "missing"),
        ("R", "missing"),
    }


def test_the_counts_by_duty_hold_all_of_them(history: History) -> None:
    planned(history)
    history.project("R", on=PLANNED)
    publish(history, "plan", date(2024, 4, 1))
    answer = disclosure(history.engine, Question("520201", 2024, as_of=date(2024, 4, 2)))
    found: Any = answer.more["states"]
    (counts,) = [each for each in found if each["duty"] == "plan-county"]
    assert (counts["met"], counts["missing"]) == (1, 1)
    assert "met" not in {row.state for row in answer.rows}

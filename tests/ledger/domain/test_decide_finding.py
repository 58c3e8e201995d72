"""Findings: entered, worked on, handed in, struck off by a second person with evidence, perhaps come back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import FINDING
from ledger.domain.control import ReverseEvent
from ledger.domain.finding import CloseFinding, OpenFinding, ProgressFinding, ReopenFinding, SubmitFinding
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import FindingClosed, FindingOpened, FindingReopened, FindingSubmitted

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

FILE = "ab" * 32


def opening(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-05-01", "finding": "W1", "area": "520203", "source": "中央", "kind": "考核评估"}
    told = {"unit": "县农业农村局", "deadline": "2022-08-31", "title": "资金拨付慢"}
    return OpenFinding.of(**{**fields, **told, **changes})


def work(day: str = "2022-06-01", **changes: Any) -> Command:  # noqa: ANN401 - field values
    return ProgressFinding.of(**{"on": day, "finding": "W1", "note": "已拨付一半", **changes})


def submit(day: str = "2022-07-01", **changes: Any) -> Command:  # noqa: ANN401 - field values
    return SubmitFinding.of(**{"on": day, "finding": "W1", "note": "已整改", "evidence": FILE, **changes})


def close(day: str = "2022-07-10", **changes: Any) -> Command:  # noqa: ANN401 - field values
    return CloseFinding.of(**{"on": day, "finding": "W1", "note": "已核实", **changes})


def reopen(day: str = "2022-09-01", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": day, "finding": "W1", "deadline": "2022-12-31", "reason": "又出现滞留"}
    return ReopenFinding.of(**{**fields, **changes})


def by(book: Book, name: str) -> Book:
    book.actor = name
    return book


def struck_off(book: Book) -> Book:
    by(book.given(opening()), "甲").given(submit())
    return by(book, "乙").given(close())


def test_a_finding_writes_down_where_it_belongs_in_every_step(book: Book) -> None:
    (opened,) = book.do(opening(town="520203001", measures="限期拨付", document="黔审〔2022〕3号"))
    assert isinstance(opened, FindingOpened)
    assert (opened.source, opened.kind, opened.town, opened.measures) == (
        "central",
        "assessment",
        "520203001",
        "限期拨付",
    )
    (submitted,) = by(book, "甲").do(submit())
    assert submitted == FindingSubmitted(
        effective_on=date(2022, 7, 1),
        finding="W1",
        area="520203",
        town="520203001",
        source="central",
        kind="assessment",
        unit="县农业农村局",
        deadline=date(2022, 8, 31),
        note="已整改",
        evidence=FILE,
        by="甲",
    )


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({}, RuleRefusedError, "finding.exists"),
        ({"finding": "W2", "deadline": "2022-04-30"}, ValueRefusedError, "finding.deadline"),
        ({"finding": "W2", "area": "520299"}, ValueRefusedError, "area.unknown"),
        ({"finding": "W2", "town": "520281001"}, ValueRefusedError, "area.outside"),
        ({"finding": "W2", "project": "没有"}, NotFoundError, "project.unknown"),
        ({"finding": "W2", "project": "P1", "area": "520281"}, ValueRefusedError, "finding.project_elsewhere"),
    ],
)
def test_a_finding_is_new_and_of_a_known_place_and_project(
    book: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    refusal = book.up_to("list").given(opening()).refuses(opening(**changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_a_city_may_find_something_about_a_project_of_its_county(book: Book) -> None:
    (event,) = book.up_to("list").do(opening(area="520200", project="P1"))
    assert isinstance(event, FindingOpened)
    assert event.project == "P1"


def test_a_finding_is_struck_off_by_a_second_person(book: Book) -> None:
    by(book.given(opening()), "甲").given(submit())
    refusal = book.refuses(close())
    assert refusal.code == "finding.same_person"
    assert "由 甲 申请销号" in refusal.message
    assert "--as" in refusal.hint
    assert refusal.rule.startswith("R31")
    assert by(book, " 甲 ").refuses(close()).code == "finding.same_person"
    (event,) = by(book, "乙").do(close())
    assert isinstance(event, FindingClosed)
    assert (event.by, book.load(FINDING, "W1").standing) == ("乙", "已销号")


def test_whoever_handed_it_in_once_does_not_strike_it_off_after_another_did_too(book: Book) -> None:
    by(book.given(opening()), "甲").given(submit())
    by(book, "丙").given(submit("2022-07-02"))
    assert by(book, "甲").refuses(close()).code == "finding.same_person"
    by(book, "乙").do(close())


def test_evidence_may_be_added_to_what_was_handed_in(book: Book) -> None:
    by(book.given(opening()), "甲").given(submit(evidence=""))
    assert by(book, "乙").refuses(close()).code == "finding.no_evidence"
    by(book, "甲").given(work("2022-07-02", note="补充佐证", evidence=FILE))
    assert book.load(FINDING, "W1").standing == "待销号"
    by(book, "乙").do(close())


@pytest.mark.parametrize("step", [submit, close])
def test_nobody_hands_in_or_strikes_off_without_a_name(book: Book, step: Any) -> None:  # noqa: ANN401 - a function of this file
    by(book.given(opening()), "甲").given(submit())
    for nobody in ("", " ", "甲" * 201):
        assert by(book, nobody).refuses(step("2022-07-11")).code == "finding.no_actor"


@pytest.mark.parametrize(
    ("steps", "closing", "refused"),
    [
        ((submit(evidence=""),), {}, True),
        ((submit(evidence=""),), {"document": "整改报告1号"}, False),
        ((submit(evidence="", document="整改报告1号"),), {}, False),
        ((work(evidence=FILE), submit(evidence="")), {}, False),
        ((work(), submit(evidence="")), {}, True),
    ],
)
def test_a_finding_is_struck_off_only_with_a_file_or_a_document(
    book: Book, steps: tuple[Command, ...], closing: dict[str, str], *, refused: bool
) -> None:
    by(book.given(opening(document="审计报告1号")), "甲").given(*steps)
    by(book, "乙")
    if refused:
        refusal = book.refuses(close(**closing))
        assert (refusal.code, refusal.rule[:3]) == ("finding.no_evidence", "R31")
    else:
        book.do(close(**closing))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ((), close()),
        ((work(),), close()),
        ((), reopen()),
        ((submit(),), reopen()),
    ],
)
def test_a_step_out_of_turn_is_refused(book: Book, given: tuple[Command, ...], then: Command) -> None:
    by(book.given(opening()), "甲").given(*given)
    refusal = by(book, "乙").refuses(then)
    assert (refusal.code, bool(refusal.hint)) == ("finding.step_order", True)


@pytest.mark.parametrize("then", [work("2022-08-01"), submit("2022-08-01"), close("2022-08-01")])
def test_a_finding_struck_off_takes_no_step_but_coming_back(book: Book, then: Command) -> None:
    assert struck_off(book).refuses(then).code == "finding.step_order"


def test_a_finding_that_came_back_has_a_new_deadline_and_needs_everything_again(book: Book) -> None:
    (event,) = struck_off(book).do(reopen())
    assert isinstance(event, FindingReopened)
    assert (event.deadline, event.note) == (date(2022, 12, 31), "又出现滞留")
    assert book.refuses(close("2022-09-02")).code == "finding.step_order"
    by(book, "乙").given(submit("2022-09-03", evidence=""))
    assert by(book, "甲").refuses(close("2022-09-04")).code == "finding.no_evidence"
    by(book, "甲").do(close("2022-09-04", document="整改报告2号"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"reason": ""}, "finding.reopen_reason"), ({"deadline": "2022-08-31"}, "finding.deadline")],
)
def test_a_finding_comes_back_with_a_reason_and_a_later_deadline(
    book: Book, changes: dict[str, str], code: str
) -> None:
    assert struck_off(book).refuses(reopen(**changes)).code == code


@pytest.mark.parametrize("step", [work, submit, close, reopen])
def test_an_unknown_finding_takes_no_step(book: Book, step: Any) -> None:  # noqa: ANN401 - a function of this file
    refusal = book.refuses(step())
    assert (type(refusal), refusal.code) == (NotFoundError, "finding.unknown")


def test_a_step_dated_before_the_one_it_follows_needs_a_reason(book: Book) -> None:
    book.given(opening())
    assert book.refuses(work("2022-04-30")).code == "date.before_cause"
    book.do(work("2022-04-30", reason="补记"))


@pytest.mark.parametrize(
    ("topic", "words"),
    [("finding.opened", "前一环节"), ("finding.submitted", "前一环节"), ("finding.closed", "前一环节")],
)
def test_a_step_is_not_reversed_while_a_later_one_rests_on_it(book: Book, topic: str, words: str) -> None:
    struck_off(book).given(reopen())
    undo = ReverseEvent.of(on="2022-10-01", position=book.last(topic), reason="错", document="函1号")
    refusal = book.refuses(undo)
    assert (refusal.code, words in refusal.message) == ("correction.needed_later", True)


def test_a_submission_is_not_reversed_when_its_evidence_closed_the_finding(book: Book) -> None:
    by(book.given(opening()), "甲").given(submit(evidence=""), submit("2022-07-02"))
    by(book, "乙").given(close())
    undo = ReverseEvent.of(on="2022-10-01", position=book.last("finding.submitted"), reason="错", document="函1号")
    refusal = book.refuses(undo)
    assert (refusal.code, "佐证" in refusal.message) == ("correction.needed_later", True)


def test_a_closing_that_was_reversed_leaves_the_finding_handed_in(book: Book) -> None:
    struck_off(book)
    book.given(ReverseEvent.of(on="2022-10-01", position=book.position, reason="核实有误", document="函1号"))
    assert book.load(FINDING, "W1").standing == "待销号"
    book.do(close("2022-07-20"))

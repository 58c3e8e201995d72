"""An asset in use: how it runs, its yearly class, who cares for it, how it is revived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import ASSET
from ledger.domain.control import ReverseEvent
from ledger.domain.objection import FileObjection
from ledger.domain.revival import CloseRevival, OpenRevival, SubmitRevival
from ledger.domain.upkeep import AssessCondition, AssignUpkeep, ClassifyBatch, VisitAsset
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import BatchClassified, ConditionAssessed, RevivalClosed, UpkeepAssigned, UpkeepVisited

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book


def assess(day: str, condition: str, **changes: Any) -> Command:  # noqa: ANN401 - field values
    return AssessCondition.of(**{"on": day, "asset": "A1", "condition": condition, **changes})


def classify(year: int, batch: str, **changes: Any) -> Command:  # noqa: ANN401 - field values
    return ClassifyBatch.of(**{"on": "2024-10-01", "asset": "A1", "year": year, "batch": batch, **changes})


def assign(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-08-01", "asset": "A1", "unit": "甲村村委会", "post": "公益岗位", "times_per_year": 4}
    return AssignUpkeep.of(**{**fields, **changes})


def visit(day: str = "2022-09-01", **changes: Any) -> Command:  # noqa: ANN401 - field values
    return VisitAsset.of(**{"on": day, "asset": "A1", "defects": "棚膜破损", **changes})


def opening(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2024-03-01", "asset": "A1", "revival": "PH1", "measure": "引入新主体", "unit": "县农业农村局"}
    return OpenRevival.of(**{**fields, "deadline": "2024-10-31", **changes})


def submit(day: str = "2024-09-20", **changes: Any) -> Command:  # noqa: ANN401 - field values
    return SubmitRevival.of(**{"on": day, "asset": "A1", "revival": "PH1", "result": "已投产", **changes})


def close(day: str = "2024-10-10", **changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": day, "asset": "A1", "revival": "PH1", "note": "现场核实"}
    return CloseRevival.of(**{**fields, "document": "核实报告1号", **changes})


def public(book: Book) -> Book:
    return book.up_to("accept").given(book.like("identify", asset_class="公益性"))


def by(book: Book, name: str) -> Book:
    book.actor = name
    return book


@pytest.fixture
def standing(book: Book) -> Book:
    """An asset that was assessed as idle."""
    return book.up_to("confirm").given(assess("2024-02-01", "闲置", note="停产两年"))


def test_an_assessment_writes_down_what_was_seen(book: Book) -> None:
    (event,) = book.up_to("identify").do(assess("2022-09-01", "良好", note="运行正常"))
    assert isinstance(event, ConditionAssessed)
    assert (event.condition, event.note, event.value_fen) == ("good", "运行正常", 280_000_00)
    assert book.load(ASSET, "A1").condition == "good"


def test_idle_needs_evidence_and_the_months_since_it_was_last_in_use(book: Book) -> None:
    book.up_to("identify")
    assert book.refuses(assess("2023-07-01", "闲置")).code == "condition.no_evidence"
    refusal = book.refuses(assess("2023-06-30", "闲置", note="停产"))
    assert (refusal.code, "idle_months=12月" in refusal.rule) == ("condition.not_idle_yet", True)
    book.given(assess("2022-12-31", "一般"))
    assert "2022-12-31 评定为在用" in book.refuses(assess("2023-12-30", "闲置", note="停产")).message
    book.do(assess("2023-12-31", "闲置", note="停产"))


def test_an_asset_idle_for_long_before_it_was_registered_is_so_for_a_reason(book: Book) -> None:
    book.up_to("identify").do(assess("2022-08-01", "闲置", note="停产", reason="自2019年起停用"))


def test_an_earlier_assessment_is_entered_later_only_for_a_reason(book: Book) -> None:
    book.up_to("identify").given(assess("2022-09-01", "良好"))
    assert book.refuses(assess("2022-08-01", "一般")).code == "date.before_cause"


def test_each_year_keeps_its_own_class(book: Book) -> None:
    book.up_to("identify").given(classify(2023, "巩固一批"))
    (event,) = book.do(classify(2024, "升级一批"))
    assert isinstance(event, BatchClassified)
    assert book.load(ASSET, "A1").care.batches == {2023: "consolidate", 2024: "upgrade"}
    assert book.refuses(classify(2024, "调整一批")).code == "batch.repeated"
    book.do(classify(2024, "调整一批", reason="复核"))


@pytest.mark.parametrize(("year", "code"), [(2021, "asset.year_out_of_range"), (2025, "asset.year_out_of_range")])
def test_a_year_before_the_asset_or_not_begun_is_refused(book: Book, year: int, code: str) -> None:
    refusal = book.up_to("identify").refuses(classify(year, "巩固一批"))
    assert (type(refusal), refusal.code) == (ValueRefusedError, code)


def test_only_operating_assets_have_a_class_and_only_running_ones_are_consolidated(book: Book) -> None:
    assert public(book).refuses(classify(2024, "巩固一批", reason="x")).code == "batch.not_operating"


def test_what_does_not_run_is_not_consolidated(standing: Book) -> None:
    refusal = standing.refuses(classify(2024, "巩固一批"))
    assert (refusal.code, "闲置" in refusal.message) == ("batch.does_not_run", True)
    standing.do(classify(2024, "盘活一批"))


def test_somebody_answers_for_upkeep_and_visits(book: Book) -> None:
    refusal = public(book).refuses(visit())
    assert (refusal.code, "RF20" in refusal.rule) == ("upkeep.nobody", True)
    (event,) = book.do(assign(money_from="村集体经济收入", yearly_fen=12_000_00))
    assert isinstance(event, UpkeepAssigned)
    assert (event.unit, event.post, event.times_per_year, event.yearly_fen) == (
        "甲村村委会",
        "公益岗位",
        4,
        12_000_00,
    )
    (event,) = book.do(visit(repairs="更换棚膜", cost_fen=300_00))
    assert isinstance(event, UpkeepVisited)
    assert event.cost_fen == 300_00
    assert book.refuses(visit(cost_fen=1)).code == "upkeep.cost_without_repair"
    assert book.refuses(assign(on="2022-07-31", unit="乙村村委会")).code == "date.before_cause"


def test_a_dispute_does_not_stop_the_upkeep(book: Book) -> None:
    book.up_to("notice")
    book.given(FileObjection.of(on="2022-07-03", asset="A1", objection="Y1", content="份额有误"))
    book.given(assign(), visit(), assess("2022-09-01", "良好"))


def test_households_keep_their_own_assets(book: Book) -> None:
    book.up_to("accept").given(book.like("identify", asset_class="到户类"))
    book.do(visit())
    refusal = book.refuses(assign(yearly_fen=100))
    assert (refusal.code, refusal.rule[:4]) == ("upkeep.household_money", "RF21")
    book.do(assign())


def test_nothing_is_cared_for_that_nobody_registered(book: Book) -> None:
    for command in (assess("2022-09-01", "良好"), classify(2024, "巩固一批"), assign(), visit(), opening()):
        refusal = book.up_to("accept", without="").refuses(command) if not book.log else book.refuses(command)
        assert (type(refusal), refusal.code) == (NotFoundError, "asset.unknown")


def test_a_revival_is_struck_off_by_a_second_person_after_a_new_assessment(standing: Book) -> None:
    by(standing, "甲").given(opening(), submit())
    refusal = standing.refuses(close())
    assert (refusal.code, "由 甲 申请销号" in refusal.message) == ("revival.same_person", True)
    assert by(standing, "乙").refuses(close()).code == "revival.still_idle"
    standing.given(assess("2024-10-01", "良好"))
    assert standing.refuses(close(document="")).code == "revival.no_evidence"
    (event,) = standing.do(close())
    assert isinstance(event, RevivalClosed)
    assert event.by == "乙"
    assert standing.refuses(submit("2024-11-01")).code == "revival.closed"
    assert standing.refuses(opening(on="2024-11-01", deadline="2025-01-01")).code == "revival.not_idle"


def test_an_attempt_that_failed_is_struck_off_with_a_reason(standing: Book) -> None:
    by(standing, "甲").given(opening(), submit(document="报告1号"))
    by(standing, "乙").do(close(document="", reason="未能盘活,转处置"))


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({}, RuleRefusedError, "revival.exists"),
        ({"revival": "PH2"}, RuleRefusedError, "revival.open_already"),
        ({"asset": "没有"}, NotFoundError, "asset.unknown"),
    ],
)
def test_one_plan_at_a_time(standing: Book, changes: dict[str, Any], kind: type[Exception], code: str) -> None:
    refusal = standing.given(opening()).refuses(opening(**changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_only_what_stands_is_revived_by_a_day_to_come(book: Book) -> None:
    book.up_to("identify")
    assert "尚未评定" in book.refuses(opening()).message
    assert book.given(assess("2024-01-01", "良好")).refuses(opening()).code == "revival.not_idle"
    book.given(assess("2024-02-01", "停用"))
    assert book.refuses(opening(deadline="2024-02-29")).code == "revival.deadline"
    book.do(opening())


def test_a_plan_takes_its_steps_in_order(standing: Book) -> None:
    assert standing.refuses(submit()).code == "revival.unknown"
    standing.given(opening())
    assert standing.refuses(close()).code == "revival.not_submitted"
    assert by(standing, " ").refuses(submit()).code == "revival.no_actor"
    assert by(standing, "甲").refuses(submit("2024-02-28")).code == "date.before_cause"


@pytest.mark.parametrize(
    ("topic", "words"), [("asset.revival_opened", "立项却没有了"), ("asset.revival_submitted", "另一人的申请")]
)
def test_a_step_of_a_revival_is_not_reversed_while_a_later_one_rests_on_it(
    standing: Book, topic: str, words: str
) -> None:
    by(standing, "甲").given(opening(), submit(), assess("2024-10-01", "良好"))
    by(standing, "乙").given(close())
    undo = ReverseEvent.of(on="2024-12-01", position=standing.last(topic), reason="错", document="函1号")
    refusal = standing.refuses(undo)
    assert (refusal.code, words in refusal.message) == ("correction.needed_later", True)

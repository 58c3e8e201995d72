"""Publications, and what the ledger says about itself: opened, areas listed, rules adopted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.control import ListAreas
from ledger.domain.notice import ApproveNotice, PublishNotice, WithdrawNotice
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import LedgerOpened, NoticeApproved, NoticePublished, RulePackAdopted

if TYPE_CHECKING:
    from tests.ledger.domain.conftest import Book

TOWN = {"code": "520203901", "name": "新设镇", "valid_from": "2022-01-01"}


def test_a_notice_writes_down_its_subjects_with_their_dimensions_and_the_position_it_is_cut_from(book: Book) -> None:
    book.up_to("identify")
    before = book.position
    (event,) = book.do(book.like("publish"))
    assert isinstance(event, NoticePublished)
    assert [(each.kind, each.code, each.area, each.year, each.type) for each in event.subjects] == [
        ("project", "P1", "520203", 2022, "crop_base"),
        ("tranche", "T1-1", "520203", 2022, "consolidation"),
        ("asset", "A1", "520203", 2022, "operating"),
    ]
    assert (event.position, event.channel) == (before, "website")
    assert event.effective_on == date(2022, 8, 2)


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"subjects": ()}, RuleRefusedError, "notice.empty"),
        ({"subjects": ("P1", "没有")}, NotFoundError, "notice.unknown_subject"),
        ({"to_on": "2022-08-01"}, ValueRefusedError, "notice.period"),
        ({"area": "520221"}, ValueRefusedError, "area.expired"),
        ({"area": "999999"}, ValueRefusedError, "area.unknown"),
    ],
)
def test_a_notice_is_about_things_that_exist_in_a_known_area(
    book: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    book.up_to("identify")
    refusal = book.refuses(book.like("publish", **changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_a_notice_code_is_used_once(book: Book) -> None:
    book.up_to("publish")
    refusal = book.refuses(book.like("publish"))
    assert (refusal.code, "资金分配结果公告" in refusal.message) == ("notice.exists", True)


CONTENT: dict[str, Any] = {
    "notice": "N1",
    "template": "allocation",
    "title": "资金分配结果公告",
    "area": "520203",
    "subjects": ("P1",),
    "content_hash": "a" * 64,
    "cut_from": 1,
}
APPROVE = ApproveNotice.of(on="2022-08-02", **CONTENT)
PUBLISH = PublishNotice.of(on="2022-08-02", **CONTENT, channel="website", from_on="2022-08-02")


def test_one_person_approves_in_a_trial_ledger_and_only_what_he_approved_is_published(book: Book) -> None:
    book.up_to("identify")
    (event,) = book.do(APPROVE)
    assert isinstance(event, NoticeApproved)
    assert book.refuses(APPROVE).code == "notice.approved_already"
    other = PUBLISH.model_copy(update={"content_hash": "b" * 64})
    assert book.refuses(other).code == "notice.not_as_approved"
    book.given(PUBLISH, WithdrawNotice.of(on="2022-08-02", notice="N1", reason="撤"))
    assert book.refuses(APPROVE.model_copy(update={"content_hash": "b" * 64})).code == "notice.withdrawn"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subjects": ()}, "notice.empty"),
        ({"cut_from": 10**6}, "notice.position"),
        ({"area": "999999"}, "area.unknown"),
    ],
)
def test_a_draft_that_could_not_be_published_is_not_approved(book: Book, changes: dict[str, Any], code: str) -> None:
    assert book.up_to("identify").refuses(APPROVE.model_copy(update=changes)).code == code


def test_a_ledger_is_opened_once_as_its_first_event(book: Book) -> None:
    (event,) = book.do(book.like("open"))
    assert isinstance(event, LedgerOpened)
    assert (event.area, event.stream) == ("520200", "ledger")
    assert book.refuses(book.like("open")).code == "ledger.opened"


def test_a_ledger_is_opened_for_a_known_area(book: Book) -> None:
    assert book.refuses(book.like("open", area="110101")).code == "area.unknown"


def test_adopting_rules_records_their_whole_text(book: Book) -> None:
    book.given("open")
    (event,) = book.do(book.like("adopt"))
    assert isinstance(event, RulePackAdopted)
    assert event.pack == "base"
    assert "ownership_notice_days" in event.text


def test_a_rule_pack_with_a_fault_is_not_adopted(book: Book) -> None:
    refusal = book.given("open").refuses(book.like("adopt", text="pack = "))
    assert isinstance(refusal, ValueRefusedError)
    assert refusal.code == "rule.not_toml"


def test_areas_that_were_listed_are_accepted_afterwards(book: Book) -> None:
    book.up_to("issue")
    assert book.refuses(book.like("list", town="520203901")).code == "area.unknown"
    book.given(ListAreas.of(on="2022-01-01", areas=(TOWN,)))
    book.given(book.like("list", town="520203901"))


@pytest.mark.parametrize(
    ("areas", "code"),
    [
        ((), "area.none"),
        ((TOWN | {"code": "110101001"},), "area.no_parent"),
        ((TOWN | {"valid_to": "2021-12-31"},), "area.bad_period"),
        ((TOWN, TOWN), "area.overlap"),
    ],
)
def test_areas_that_do_not_fit_together_are_not_listed(
    book: Book, areas: tuple[dict[str, str], ...], code: str
) -> None:
    refusal = book.given("open").refuses(ListAreas.of(on="2022-01-01", areas=areas))
    assert (type(refusal), refusal.code) == (ValueRefusedError, code)

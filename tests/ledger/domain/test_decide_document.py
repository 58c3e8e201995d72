"""Documents: one number is one document; it may be registered, mended, attached, and issues money once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.commands.work import DOCUMENT
from ledger.domain.control import ReverseEvent
from ledger.domain.document import AmendDocument, AttachDocument, RegisterDocument
from ledger.domain.finding import OpenFinding
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import DocumentAmended, DocumentAttached, DocumentRegistered, DocumentUsed

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from tests.ledger.domain.conftest import Book

NUMBER = "黔财农〔2022〕1号"
CONTENT = {"issuer": "贵州省财政厅", "dated": "2022-01-05", "kind": "资金指标文件", "title": "关于下达衔接资金的通知"}


def register(**changes: Any) -> Command:  # noqa: ANN401 - field values
    return RegisterDocument.of(**{"on": "2022-01-06", "number": NUMBER, **CONTENT, **changes})


def amend(**changes: Any) -> Command:  # noqa: ANN401 - field values
    fields = {"on": "2022-03-01", "reason": "登记有误", "number": NUMBER, **CONTENT, **changes}
    return AmendDocument.of(**fields)


def attach(**changes: Any) -> Command:  # noqa: ANN401 - field values
    return AttachDocument.of(**{"on": "2022-02-01", "number": NUMBER, "subject": "P1", "role": "实施方案", **changes})


def test_a_document_is_registered_from_its_own_day_and_cites_itself(book: Book) -> None:
    (event,) = book.do(register(file_hash="ab" * 32, document="别的文号"))
    assert event == DocumentRegistered(
        effective_on=date(2022, 1, 5),
        document=NUMBER,
        number=NUMBER,
        issuer="贵州省财政厅",
        dated=date(2022, 1, 5),
        title="关于下达衔接资金的通知",
        kind="indicator",
        file_hash="ab" * 32,
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "document.repeated"),
        ({"on": "2022-02-02"}, "document.repeated"),
        ({"issuer": "财政部"}, "document.other_content"),
        ({"dated": "2022-01-04"}, "document.other_content"),
        ({"title": "另一标题"}, "document.other_content"),
        ({"kind": "批复"}, "document.other_content"),
        ({"file_hash": "cd" * 32}, "document.other_content"),
    ],
)
def test_a_number_is_registered_once_and_the_refusal_says_whether_it_is_the_same_document(
    book: Book, changes: dict[str, Any], code: str
) -> None:
    refusal = book.given(register()).refuses(register(**changes))
    assert (type(refusal), refusal.code) == (RuleRefusedError, code)
    assert NUMBER in refusal.message


def test_a_document_of_a_later_day_than_today_needs_a_reason(book: Book) -> None:
    early = {"on": "2022-01-04"}
    assert book.refuses(register(**early)).code == "date.before_cause"
    book.do(register(**early, reason="预先登记"))


def test_a_registered_document_issues_money_as_one_first_seen_does(book: Book) -> None:
    book.given("open", "adopt", register())
    used, issued = book.do(book.like("issue"))
    assert isinstance(used, DocumentUsed)
    assert (used.number, used.tranche, issued.TOPIC) == (NUMBER, "T1", "tranche.issued")
    again = book.refuses(book.like("issue", tranche="T2"))
    assert again.code == "document.used_twice"


def test_a_registered_document_does_not_issue_money_under_another_issuer(book: Book) -> None:
    book.given("open", "adopt", register())
    refusal = book.refuses(book.like("issue", issuer="财政部"))
    assert refusal.code == "document.other_content"
    assert "贵州省财政厅" in refusal.message
    assert "财政部" in refusal.message
    assert "xianjie doc amend" in refusal.hint


def test_an_amendment_mends_what_the_first_use_registered_from_the_same_day_on(book: Book) -> None:
    book.given("open", "adopt", book.like("issue", issuer="省财政厅"))
    (event,) = book.do(amend(on="2022-03-01"))
    assert isinstance(event, DocumentAmended)
    assert (event.effective_on, event.issuer, event.reason) == (date(2022, 1, 5), "贵州省财政厅", "登记有误")
    state = book.load(DOCUMENT, NUMBER)
    assert (state.issuer, state.title, state.kind) == ("贵州省财政厅", CONTENT["title"], "indicator")
    # What it issued is remembered: the same money is still entered once.
    assert book.refuses(book.like("issue", tranche="T2")).code == "document.used_twice"


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"reason": ""}, RuleRefusedError, "document.amend_reason"),
        ({}, RuleRefusedError, "document.unchanged"),
        ({"number": "没有〔2022〕1号"}, NotFoundError, "document.unknown"),
    ],
)
def test_an_amendment_needs_a_document_a_reason_and_a_change(
    book: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    refusal = book.given(register()).refuses(amend(**changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_a_document_is_attached_to_each_kind_of_thing(book: Book) -> None:
    opening = {"area": "520203", "source": "中央", "kind": "审计", "unit": "县财政局", "deadline": "2022-12-31"}
    book.up_to("identify").given(
        register(number="乡报〔2022〕1号"), OpenFinding.of(on="2022-07-01", finding="W1", title="资金闲置", **opening)
    )
    for subject, kind in (("P1", "project"), ("T1-1", "tranche"), ("A1", "asset"), ("W1", "finding")):
        (event,) = book.do(attach(number="乡报〔2022〕1号", subject=subject, note="附件二"))
        assert isinstance(event, DocumentAttached)
        assert (event.subject_kind, event.subject, event.role, event.note) == (kind, subject, "实施方案", "附件二")


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"subject": "没有"}, NotFoundError, "document.unknown_subject"),
        ({"number": "没有〔2022〕1号"}, NotFoundError, "document.unknown"),
        ({"on": "2022-01-04", "role": "评审意见"}, RuleRefusedError, "date.before_cause"),
        ({}, RuleRefusedError, "document.attached_already"),
    ],
)
def test_an_attachment_is_of_a_known_document_to_a_known_thing_once(
    book: Book, changes: dict[str, Any], kind: type[Exception], code: str
) -> None:
    book.up_to("list").given(attach())
    refusal = book.refuses(attach(**changes))
    assert (type(refusal), refusal.code) == (kind, code)


def test_an_attachment_that_was_reversed_can_be_made_again(book: Book) -> None:
    book.up_to("list").given(attach())
    undo = {"on": "2022-03-01", "reason": "关联错误", "document": "市函1号"}
    book.given(ReverseEvent.of(position=book.position, **undo))
    book.do(attach())


@pytest.mark.parametrize("step", [register, amend])
def test_a_registration_is_amended_and_not_reversed(book: Book, step: Any) -> None:  # noqa: ANN401 - a function of this file
    book.given(register(), *([amend(title="改")] if step is amend else []))
    undo = ReverseEvent.of(on="2022-04-01", position=book.position, reason="错", document="函1号")
    refusal = book.refuses(undo)
    assert refusal.code == "correction.irreversible"
    assert "xianjie doc amend" in refusal.hint


@pytest.mark.parametrize("change", [{"file_hash": "xyz"}, {"kind": "没有这种"}, {"title": ""}, {"number": " "}])
def test_a_document_is_described_whole(change: dict[str, str]) -> None:
    with pytest.raises(ValueRefusedError):
        register(**change)

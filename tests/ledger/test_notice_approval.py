"""A draft is agreed to by two persons before it is published, and what is published is that very content."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.application import Submission
from ledger.auditing import check_authority
from ledger.domain.control import AdoptRules
from ledger.domain.notice import AmendNotice, ApproveNotice, PublishNotice
from ledger.errors import ConflictError, LedgerError, RuleRefusedError
from ledger.events import Event, NoticeApproved, NoticePublished, registry
from ledger.log.appending import BatchHeader
from ledger.log.verify import verify
from tests.ledger.signed import ADMIN, APPROVER, CHECKER, MAKER, PUBLISHER, SECOND, County, issue, signer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.domain.command import Command

DAY = date(2022, 8, 2)
SEEN, OTHER = "a" * 64, "b" * 64
CONTENT: dict[str, Any] = {
    "notice": "N1",
    "template": "allocation",
    "title": "资金分配结果公告",
    "area": "520203",
    "content_hash": SEEN,
    "cut_from": 1,
}
SHOWN = {"channel": "政府网站", "from_on": DAY}


def asked(**changes: object) -> Command:
    return ApproveNotice.of(on=DAY, **{**CONTENT, "subjects": ("T1",), **changes})


def published(**changes: object) -> Command:
    return PublishNotice.of(on=DAY, **{**CONTENT, "subjects": ("T1",), **SHOWN, **changes})


def amended(**changes: object) -> Command:
    return AmendNotice.of(on=DAY, **{**CONTENT, "subjects": ("T1",), **SHOWN, "reason": "更正", **changes})


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed ledger with everybody in his role, and a tranche to publish; to copy."""
    folder = tmp_path_factory.mktemp("county")
    made = County(str(folder / "ledger.db")).staffed()
    made.approve(APPROVER, made.propose(MAKER, issue("T1")))
    made.close()
    return folder


@pytest.fixture
def county(prepared: Path, tmp_path: Path) -> Iterator[County]:
    """That ledger, for one test."""
    folder = shutil.copytree(prepared, tmp_path / "county")
    made = County(str(folder / "ledger.db"), exists=True)
    yield made
    made.close()


def refused(county: County, person: str, command: Command) -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        county.do(person, command)
    return caught.value


def smuggle(county: County, *events: Event) -> None:
    """Append events that nobody decided, truly hashed and signed by the publisher."""
    header = BatchHeader(None, "", PUBLISHER, "x", "")
    with county.program(ADMIN).appender.open(header, signer=signer(PUBLISHER)) as append:
        append.write([(event.stream, None, event.TOPIC, registry.encode(event)) for event in events])


def found(county: County) -> list[str]:
    engine = county.program(ADMIN).appender.engine
    assert verify(engine).ok
    return [each.message for each in check_authority(engine).findings]


def test_what_nobody_approved_is_not_published_and_the_refusal_names_the_rule(county: County) -> None:
    error = refused(county, PUBLISHER, published())
    assert (type(error), error.code) == (RuleRefusedError, "notice.unapproved")
    assert "base" in error.rule
    assert "政府信息公开条例" in error.rule


def test_the_publisher_asks_another_agrees_and_then_it_is_published(county: County) -> None:
    assert refused(county, PUBLISHER, asked()).code == "approval.needed"
    code = county.propose(PUBLISHER, asked())
    done = county.approve(APPROVER, code)
    assert [event.TOPIC for event in done.events] == ["proposal.approved", "notice.approved"]
    county.do(PUBLISHER, published())
    assert found(county) == []


def test_nobody_approves_his_own_draft_whatever_his_roles(county: County) -> None:
    code = county.propose(PUBLISHER, asked())
    with pytest.raises(RuleRefusedError) as caught:
        county.approve(PUBLISHER, code)
    assert caught.value.code in {"role.missing", "proposal.same_person"}


@pytest.mark.parametrize("person", [ADMIN, SECOND, MAKER, CHECKER])
def test_only_an_approver_agrees(county: County, person: str) -> None:
    code = county.propose(PUBLISHER, asked())
    with pytest.raises(RuleRefusedError):
        county.approve(person, code)


def test_other_content_than_was_seen_is_not_agreed_to(county: County) -> None:
    code = county.propose(PUBLISHER, asked())
    with pytest.raises(ConflictError):
        county.approve(APPROVER, code, seen=OTHER)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"content_hash": OTHER}, "内容指纹"),
        ({"content_hash": ""}, "内容指纹"),
        ({"title": "另一个标题"}, "标题"),
        ({"template": "plan"}, "种类"),
        ({"area": "520200"}, "地区"),
        ({"cut_from": 2}, "账本位置"),
    ],
)
def test_what_is_published_is_what_was_approved(county: County, changes: dict[str, str], words: str) -> None:
    county.approve(APPROVER, county.propose(PUBLISHER, asked()))
    error = refused(county, PUBLISHER, published(**changes))
    assert (error.code, words in error.message) == ("notice.not_as_approved", True)


def test_other_things_than_were_approved_are_not_published(county: County) -> None:
    county.approve(APPROVER, county.propose(MAKER, issue("T2")))
    county.approve(APPROVER, county.propose(PUBLISHER, asked()))
    error = refused(county, PUBLISHER, published(subjects=("T2",)))
    assert (error.code, "公开的对象" in error.message) == ("notice.not_as_approved", True)


def test_content_that_was_changed_after_the_approval_is_approved_again(county: County) -> None:
    county.approve(APPROVER, county.propose(PUBLISHER, asked()))
    county.do(PUBLISHER, published())
    assert refused(county, PUBLISHER, amended(content_hash=OTHER)).code == "notice.not_as_approved"
    county.approve(APPROVER, county.propose(PUBLISHER, asked(content_hash=OTHER)))
    county.do(PUBLISHER, amended(content_hash=OTHER))
    assert found(county) == []


def test_the_approval_of_one_notice_is_none_of_another(county: County) -> None:
    county.approve(APPROVER, county.propose(PUBLISHER, asked()))
    assert refused(county, PUBLISHER, published(notice="N2")).code == "notice.unapproved"


def test_an_approval_in_the_batch_of_the_publication_comes_too_late(county: County) -> None:
    with pytest.raises(LedgerError) as caught:
        county.propose(PUBLISHER, asked(), published())
    assert caught.value.code == "notice.unapproved"


def test_what_was_shown_before_there_was_the_ledger_needs_no_approval(county: County) -> None:
    county.do(PUBLISHER, published(from_on=date(2011, 12, 31), content_hash=""))
    assert found(county) == []


def test_a_county_that_asks_for_no_approval_publishes_without(county: County) -> None:
    own = (
        'pack = "own"\nversion = "1"\ntitle = "本县"\nsource = "assumed"\njurisdiction = "520200"\nextends = "base"\n'
        '[[approval]]\nid = "notice"\ntopics = ["rule.adopted"]\nsource = "assumed:公开不另行批准"\n'
    )
    county.approve(APPROVER, county.propose(MAKER, AdoptRules.of(on=date(2012, 1, 1), text=own)))
    county.do(PUBLISHER, published())
    assert found(county) == []


# ── Past the program ────────────────────────────────────────────────────────────────────────────────────────────────


def shown_without_the_program(county: County, **changes: object) -> NoticePublished:
    shown = published(notice=changes.get("notice", "N1"))
    (event,) = county.program(PUBLISHER).execute([shown], Submission(PUBLISHER, "x"), dry_run=True).events
    assert isinstance(event, NoticePublished)
    return event.model_copy(update=changes)


def test_the_audit_finds_a_publication_that_nobody_approved(county: County) -> None:
    smuggle(county, shown_without_the_program(county))
    (message,) = found(county)
    assert "没有经过批准" in message


def test_the_audit_finds_a_publication_of_other_content_than_was_approved(county: County) -> None:
    county.approve(APPROVER, county.propose(PUBLISHER, asked()))
    smuggle(county, shown_without_the_program(county, content_hash=OTHER))
    (message,) = found(county)
    assert "没有经过批准" in message


def test_the_audit_finds_a_publication_cut_from_a_state_that_the_ledger_never_had(county: County) -> None:
    county.approve(APPROVER, county.propose(PUBLISHER, asked()))
    county.do(PUBLISHER, published())
    assert found(county) == []
    smuggle(county, shown_without_the_program(county, notice="N2", root=OTHER))
    assert any("写明的根值不是账本第 1 号时的根值" in message for message in found(county))


def test_the_audit_finds_an_approval_by_the_publisher_alone(county: County) -> None:
    event = shown_without_the_program(county)
    fields = {name: getattr(event, name) for name in NoticeApproved.model_fields if name in type(event).model_fields}
    smuggle(county, NoticeApproved.model_validate(fields))
    assert any("须经他人批准" in message for message in found(county))

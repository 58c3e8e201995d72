"""What the audit of authority reports, exactly: each finding with its place, and each batch counted once."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ledger import auditing
from ledger.application import Submission
from ledger.auditing import check_authority
from ledger.dates import today
from ledger.domain.enrolment import GrantRole, RevokeKey
from ledger.domain.proposal import CheckProposal
from ledger.domain.stages import ApproveProject
from ledger.errors import ConflictError, NotFoundError, RuleRefusedError
from ledger.events import DocumentRegistered, TrancheIssued, registry
from ledger.log.appending import BatchHeader
from tests.ledger.signed import (
    ADMIN,
    APPROVER,
    CHECKER,
    DAY,
    MAKER,
    PUBLISHER,
    County,
    issue,
    public,
    signer,
)
from tests.ledger.test_notice_makers import notice, project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.signing import Signer


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed ledger with everybody in his role, closed, to copy."""
    folder = tmp_path_factory.mktemp("county")
    County(str(folder / "ledger.db")).staffed().close()
    return folder


@pytest.fixture
def county(prepared: Path, tmp_path: Path) -> Iterator[County]:
    """That ledger, for one test."""
    made = County(str(shutil.copytree(prepared, tmp_path / "county") / "ledger.db"), exists=True)
    yield made
    made.close()


def smuggle(county: County, actor: str, number: str, by: Signer | None) -> str:
    """Write an entry past the rules; return the checkpoint under it."""
    paper = DocumentRegistered(effective_on=DAY, number=number, issuer="县", dated=DAY, kind="notice", title="通知")
    with county.program(ADMIN).appender.open(BatchHeader(None, "", actor, "x", ""), signer=by) as append:
        append.write([(paper.stream, None, paper.TOPIC, registry.encode(paper))])
    return append.receipt.checkpoint


def test_every_batch_is_counted_once_as_signed(county: County) -> None:
    before = check_authority(county.program(ADMIN).appender.engine)
    assert (before.mode, before.unsigned, before.findings, before.total, before.in_doubt) == ("signed", 0, [], 0, [])
    county.do(MAKER, project("P1"))
    county.propose(MAKER, issue("T1"))
    assert check_authority(county.program(ADMIN).appender.engine).signed == before.signed + 2


def test_a_finding_says_which_batch_under_which_checkpoint_and_by_which_rule(county: County) -> None:
    engine = county.program(ADMIN).appender.engine
    before, start = check_authority(engine), county.position()
    unsigned = smuggle(county, MAKER, "甲1号", None)
    stranger = smuggle(county, MAKER, "甲2号", signer(CHECKER))
    wrong_role = smuggle(county, CHECKER, "甲3号", signer(CHECKER))
    report = check_authority(engine)
    assert [(one.kind, one.position, one.found) for one in report.findings] == [
        ("signature", start + 1, unsigned),
        ("signature", start + 2, stranger),
        ("authority", start + 3, wrong_role),
    ]
    assert report.total == 3
    # Only what stands under its actor's true signature is counted as signed, whether he might record it or not.
    assert (report.signed, report.unsigned) == (before.signed + 1, 0)
    assert f"第 {start + 1} 至 {start + 1} 号,经办 {MAKER}" in report.findings[0].message


def test_money_without_agreement_names_the_rule_that_asks_for_it(county: County) -> None:
    paid = TrancheIssued(
        effective_on=DAY, document="文1号", tranche="T9", area="520200", plan_year=2022, fund_kind="transition",
        level="central", direction="consolidation", amount_fen=1, issuer="省厅",
    )  # fmt: skip
    with county.program(ADMIN).appender.open(BatchHeader(None, "", MAKER, "x", ""), signer=signer(MAKER)) as append:
        append.write([(paid.stream, None, paid.TOPIC, registry.encode(paid))])
    [one] = check_authority(county.program(ADMIN).appender.engine).findings
    assert one.kind == "authority"
    assert one.expected.startswith("base ")
    assert " money,出处 " in one.expected


def test_the_pages_of_the_log_make_no_difference(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    county.agreed(issue("T1"), issue("T2"))
    smuggle(county, CHECKER, "甲3号", signer(CHECKER))
    engine = county.program(ADMIN).appender.engine
    whole = check_authority(engine)
    for page in (1, 2, 7):
        monkeypatch.setattr(auditing, "_PAGE", page)
        assert check_authority(engine) == whole
    assert len(whole.findings) == 1


def test_a_batch_in_doubt_is_named_with_its_person_key_and_reason(county: County) -> None:
    county.do(MAKER, project("P1"))
    since = county.position() + 1
    county.do(MAKER, project("P2"))
    last = county.position()
    county.do(ADMIN, RevokeKey.of(on=today(), key=signer(MAKER).name, reason="失窃", not_trusted_since=since))
    report = check_authority(county.program(ADMIN).appender.engine)
    [doubt] = report.in_doubt
    assert (doubt.first, doubt.last, doubt.person, doubt.reason) == (since, last, MAKER, "失窃")
    assert doubt.key == signer(MAKER).name == public(MAKER).partition("+")[0]
    assert report.findings == []


def test_everybody_who_made_entries_of_a_thing_is_kept_from_publishing_it(county: County) -> None:
    for person in (MAKER, PUBLISHER):
        role = "publisher" if person == MAKER else "maker"
        county.administer(GrantRole.of(on=today(), person=person, role=role, area="520200"))
    county.do(MAKER, project("P1"))
    county.do(PUBLISHER, ApproveProject.of(on=DAY, project="P1"))
    for person in (MAKER, PUBLISHER):
        with pytest.raises(RuleRefusedError) as caught:
            county.do(person, notice("P1"))
        assert caught.value.code == "notice.same_person"
        start = county.position()
        [published] = (
            county.program(ADMIN)
            .execute([notice("P1", code=f"N-{person}")], Submission(person, "x"), dry_run=True)
            .events
        )
        with county.program(ADMIN).appender.open(
            BatchHeader(None, "", person, "x", ""), signer=signer(person)
        ) as append:
            append.write([(published.stream, None, published.TOPIC, registry.encode(published))])
        messages = [
            each.message
            for each in check_authority(county.program(ADMIN).appender.engine).findings
            if each.position == start + 1
        ]
        assert any(f"{person} 经办过“P1”" in each for each in messages)


def test_a_checker_agrees_once(county: County) -> None:
    code = county.propose(MAKER, issue("T1"))
    county.check(CHECKER, code)
    with pytest.raises(RuleRefusedError) as caught:
        county.do(CHECKER, CheckProposal.of(on=today(), proposal=code, seen_hash=county.seen(code)))
    assert caught.value.code == "proposal.checked_already"
    county.approve(APPROVER, code)


def test_a_proposal_that_is_not_there_is_neither_checked_nor_approved(county: County) -> None:
    with pytest.raises(NotFoundError) as caught:
        county.do(CHECKER, CheckProposal.of(on=today(), proposal="S-999999", seen_hash="0" * 64))
    assert caught.value.code == "proposal.unknown"
    with pytest.raises(NotFoundError) as caught:
        county.approve(APPROVER, "S-999999", seen="0" * 64)
    assert caught.value.code == "proposal.unknown"


def test_a_proposal_keeps_its_document_and_others_content_is_not_agreed_to(county: County) -> None:
    by = Submission(MAKER, "fund issue", "黔财农〔2022〕9号")
    code = county.program(MAKER).propose([issue("T1")], by).proposal
    assert county.stored(f"proposal:{code}")[0]["document"] == "黔财农〔2022〕9号"
    with pytest.raises(ConflictError) as caught:
        county.do(CHECKER, CheckProposal.of(on=today(), proposal=code, seen_hash="0" * 64))
    assert (caught.value.code, bool(caught.value.hint)) == ("proposal.other_content", True)

"""What an insider with the database and his own key could write past the program, and what ``audit verify`` finds.

Each attack is written through the log itself, with true hashes and true signatures: only the meaning is wrong.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ledger.application import Ledger, Submission
from ledger.auditing import check_authority, true_keys
from ledger.commands import handle
from ledger.database import read_transaction
from ledger.dates import today
from ledger.domain.control import AdoptRules, OpenLedger
from ledger.domain.document import RegisterDocument
from ledger.domain.enrolment import EnrolKey, GrantRole, RevokeKey
from ledger.domain.seen import SeenHash
from ledger.errors import ConflictError, RuleRefusedError
from ledger.events import (
    DocumentRegistered,
    Event,
    KeyEnrolled,
    LedgerConfirmed,
    ProposalApproved,
    ProposalChecked,
    ProposalMade,
    ProposalPart,
    RoleDelegated,
    RoleGranted,
    TrancheIssued,
    registry,
)
from ledger.log.appending import BatchHeader
from ledger.log.reading import read_stream
from ledger.log.signatures import batches
from ledger.log.verify import verify
from ledger.rules import shipped_packs
from tests.ledger.memory import Memory
from tests.ledger.signed import (
    ADMIN,
    APPROVER,
    CHECKER,
    DAY,
    MAKER,
    ORIGIN,
    SECOND,
    County,
    enrol,
    issue,
    opening,
    public,
    signer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.command import Command
    from ledger.signing import Signer


@pytest.fixture
def county(sqlite_url: str) -> Iterator[County]:
    """A confirmed ledger with everybody in his role."""
    made = County(sqlite_url).staffed()
    yield made
    made.close()


def smuggle(county: County, actor: str, *events: Event, by: Signer | None) -> None:
    """Append events that nobody decided."""
    header = BatchHeader(None, "", actor, "x", "")
    with county.program(ADMIN).appender.open(header, signer=by) as append:
        append.write([(event.stream, None, event.TOPIC, registry.encode(event)) for event in events])


def found(county: County) -> list[tuple[str, str]]:
    """What the audit says, as kinds and messages; the bytes themselves are as they were recorded."""
    engine = county.program(ADMIN).appender.engine
    assert verify(engine).ok
    return [(each.kind, each.message) for each in check_authority(engine).findings]


def must_find(county: County, kind: str, words: str) -> None:
    assert any(each == kind and words in message for each, message in found(county)), found(county)


def money(code: str = "T1", fen: int = 900_00) -> TrancheIssued:
    return TrancheIssued(
        effective_on=DAY,
        document="文1号",
        tranche=code,
        area="520200",
        plan_year=2022,
        fund_kind="transition",
        level="central",
        direction="consolidation",
        amount_fen=fen,
        issuer="省厅",
    )


def paper() -> DocumentRegistered:
    return DocumentRegistered(effective_on=DAY, number="甲1号", issuer="县", dated=DAY, kind="notice", title="通知")


def approved(county: County, code: str, person: str, seen: str = "") -> ProposalApproved:
    return ProposalApproved(effective_on=today(), proposal=code, person=person, seen_hash=seen or county.seen(code))


def stored(county: County, code: str) -> list[Event]:
    """The events that a proposal of one tranche leads to, taken from a dry run of its maker."""
    return list(county.program(MAKER).execute([issue(code)], Submission(MAKER, "x"), dry_run=True).events)


def test_an_untouched_ledger_gives_no_alarm(county: County) -> None:
    county.agreed(issue())
    assert found(county) == []


def test_money_recorded_by_one_person(county: County) -> None:
    smuggle(county, MAKER, money(), by=signer(MAKER))
    must_find(county, "authority", "须经他人批准")


def test_money_recorded_by_one_administrator(county: County) -> None:
    smuggle(county, ADMIN, money(), by=signer(ADMIN))
    must_find(county, "authority", "没有经办岗位")


def test_an_approval_moved_to_another_proposal(county: County) -> None:
    small, other = county.propose(MAKER, issue("T1")), county.propose(MAKER, issue("T2"))
    smuggle(county, APPROVER, approved(county, small, APPROVER), *stored(county, "T2"), by=signer(APPROVER))
    must_find(county, "authority", "情况已变")
    assert county.seen(small) != county.seen(other)


def test_an_approval_of_other_money_under_the_same_hash(county: County) -> None:
    code = county.propose(MAKER, issue("T1"))
    events = stored(county, "T1")
    raised = [
        each.model_copy(update={"amount_fen": 9_000_00}) if isinstance(each, TrancheIssued) else each for each in events
    ]
    smuggle(county, APPROVER, approved(county, code, APPROVER), *raised, by=signer(APPROVER))
    must_find(county, "authority", "情况已变")


def test_an_approval_used_twice(county: County) -> None:
    code = county.propose(MAKER, issue("T1"))
    county.approve(APPROVER, code)
    again = [
        each.model_copy(update={"tranche": "T9"}) for each in stored(county, "T8") if isinstance(each, TrancheIssued)
    ]
    smuggle(county, APPROVER, approved(county, code, APPROVER), *again, by=signer(APPROVER))
    must_find(county, "authority", "不在待批状态")


def test_one_person_with_two_keys(county: County) -> None:
    county.administer(
        key_of(MAKER, 2),
        role_of(MAKER, "approver"),
    )
    code = county.propose(MAKER, issue("T1"))
    smuggle(county, MAKER, approved(county, code, MAKER), *stored(county, "T1"), by=signer(MAKER, 2))
    must_find(county, "authority", "须是不同的人")


def test_an_approval_in_the_name_of_an_absent_approver(county: County) -> None:
    code = county.propose(MAKER, issue("T1"))
    smuggle(county, APPROVER, approved(county, code, APPROVER), *stored(county, "T1"), by=signer(MAKER))
    must_find(county, "signature", "没有经办人")


def test_a_check_by_the_maker_and_a_check_in_anothers_name(county: County) -> None:
    code = county.propose(MAKER, issue("T1", 900_000_00))
    said = ProposalChecked(effective_on=today(), proposal=code, person=CHECKER, seen_hash=county.seen(code))
    smuggle(county, MAKER, said, by=signer(MAKER))
    must_find(county, "authority", "不是以本人名义")
    must_find(county, "authority", "没有审核岗位")


def test_large_money_approved_without_a_check(county: County) -> None:
    code = county.propose(MAKER, issue("T1", 900_000_00))
    events = county.program(MAKER).execute([issue("T1", 900_000_00)], Submission(MAKER, "x"), dry_run=True).events
    smuggle(county, APPROVER, approved(county, code, APPROVER), *events, by=signer(APPROVER))
    must_find(county, "authority", "须先经审核")


def test_a_revoked_key(county: County) -> None:
    county.do(ADMIN, RevokeKey.of(on=today(), key=signer(MAKER).name, reason="失窃"))
    smuggle(county, MAKER, paper(), by=signer(MAKER))
    must_find(county, "signature", "没有经办人")


def test_a_key_used_before_it_was_enrolled(county: County) -> None:
    smuggle(county, MAKER, paper(), by=signer(MAKER, 2))
    county.administer(key_of(MAKER, 2))
    must_find(county, "signature", "没有经办人")


def test_a_key_that_enrols_itself(county: County) -> None:
    event = KeyEnrolled(effective_on=today(), person=ADMIN, key=public(ADMIN, 2))
    smuggle(county, ADMIN, event, by=signer(ADMIN, 2))
    must_find(county, "signature", "没有经办人")


def test_a_key_enrolled_by_one_administrator(county: County) -> None:
    event = KeyEnrolled(effective_on=today(), person=APPROVER, key=public(MAKER, 2))
    smuggle(county, ADMIN, event, by=signer(ADMIN))
    must_find(county, "authority", "须经他人批准")


def test_a_back_dated_role(county: County) -> None:
    smuggle(county, CHECKER, paper(), by=signer(CHECKER))
    county.administer(role_of(CHECKER, "maker"))
    must_find(county, "authority", "没有经办岗位")


def test_a_role_that_one_administrator_gave(county: County) -> None:
    event = RoleGranted(effective_on=today(), person=MAKER, role="approver", area="520200", from_on=DAY)
    smuggle(county, ADMIN, event, by=signer(ADMIN))
    must_find(county, "authority", "须经他人批准")


def test_a_batch_without_signature(county: County) -> None:
    smuggle(county, MAKER, paper(), by=None)
    must_find(county, "signature", "没有经办人")


def test_a_replayed_signature(county: County) -> None:
    """The signature of another head under this one: the text differs, so the key did not sign it."""
    county.do(MAKER, RegisterDocument.of(on=DAY, number="甲", issuer="县", dated=DAY, kind="notice", title="通知"))
    with read_transaction(county.program(ADMIN).appender.engine) as connection:
        *_, before, last = batches(connection)
    assert true_keys(last, county.people()) == [public(MAKER)]
    text, _, _ = last.checkpoint.partition("\n\n")
    _, _, line = before.checkpoint.partition("\n\n")
    replayed = replace(last, actor=before.actor, checkpoint=f"{text}\n\n{line}")
    assert true_keys(before, county.people())
    assert true_keys(replayed, county.people()) == []


def test_a_proposal_in_the_name_of_another_maker(county: County) -> None:
    made = ProposalMade(
        effective_on=today(),
        proposal="S-999999",
        maker=CHECKER,
        command="x",
        count=1,
        seen_hash="0" * 64,
        commands="[]",
    )
    smuggle(county, MAKER, made, by=signer(MAKER))
    must_find(county, "authority", "不是以本人名义")


def test_a_ledger_confirmed_by_its_founder(sqlite_url: str) -> None:
    county = County(sqlite_url)
    county.do(ADMIN, *opening())
    smuggle(county, ADMIN, LedgerConfirmed(effective_on=today(), person=ADMIN, root=county.root()), by=signer(ADMIN))
    must_find(county, "authority", "两个人")
    county.close()


def test_a_signed_ledger_that_opens_late_on_top_of_other_entries(sqlite_url: str) -> None:
    county = County(sqlite_url)
    unsigned = Ledger(sqlite_url)
    unsigned.execute([AdoptRules.of(on=DAY, text=shipped_packs()["base"])], Submission("张", "x"))
    unsigned.close()
    smuggle(county, ADMIN, *_decided_opening(), by=signer(ADMIN))
    must_find(county, "authority", "第一批")
    county.close()


def test_an_opening_with_only_one_administrator(sqlite_url: str) -> None:
    county = County(sqlite_url)
    events = [each for each in _decided_opening() if getattr(each, "person", ADMIN) == ADMIN]
    smuggle(county, ADMIN, *events, by=signer(ADMIN))
    must_find(county, "authority", "两名系统管理员")
    county.close()


def test_a_trial_ledger_is_not_turned_into_a_signed_one_by_a_second_opening(sqlite_url: str) -> None:
    county = County(sqlite_url)
    trial = Ledger(sqlite_url)
    trial.execute([OpenLedger.of(on=DAY, area="520200", name="试用", origin=ORIGIN)], Submission("张", "init"))
    trial.close()
    smuggle(county, ADMIN, *_decided_opening(), by=signer(ADMIN))
    assert check_authority(county.program(ADMIN).appender.engine).mode == "trial"
    county.close()


def made_by_hand(county: County, code: str, **claims: object) -> str:
    """A maker's changed client: his proposal once more, with a true hash and true commands, and other claims."""
    with read_transaction(county.program(ADMIN).appender.engine) as connection:
        row = read_stream(connection, f"proposal:{code}")[0]
    made = registry.decode(row.topic, row.state).model_copy(update={"proposal": "S-900000", **claims})
    smuggle(county, MAKER, made, by=signer(MAKER))
    return "S-900000"


CLAIMS = [("total_fen", 1_00, "须批准的金额"), ("subject", "document:甲1号", "对象"), ("checked", True, "须先审核")]


@pytest.mark.parametrize(("claim", "value", "words"), CLAIMS)
def test_a_proposal_that_tells_its_approver_something_else_than_its_commands_do(
    county: County, claim: str, value: object, words: str
) -> None:
    code = made_by_hand(county, county.propose(MAKER, issue()), **{claim: value})
    if value is True:
        county.check(CHECKER, code)
    with pytest.raises(ConflictError, match=words):
        county.program(APPROVER).review(code, lambda _event: None)
    with pytest.raises(ConflictError, match=words):
        county.approve(APPROVER, code)
    smuggle(county, APPROVER, approved(county, code, APPROVER), *stored(county, "T1"), by=signer(APPROVER))
    must_find(county, "authority", words)


@pytest.mark.parametrize("claims", [{"count": 2}, {"parts": 2}, {"commands": "[]"}])
def test_a_proposal_with_more_or_fewer_commands_than_it_says(county: County, claims: dict[str, object]) -> None:
    made_by_hand(county, county.propose(MAKER, issue()), **claims)
    must_find(county, "authority", "条数、段数不符")


def test_a_command_added_to_a_proposal_after_it_was_made(county: County) -> None:
    code = county.propose(MAKER, issue())
    more = ProposalPart(effective_on=today(), proposal=code, number=2, commands="[]")
    smuggle(county, MAKER, more, by=signer(MAKER))
    must_find(county, "authority", "条数、段数不符")


def test_a_proposal_put_in_the_place_of_another(county: County) -> None:
    first, second = county.propose(MAKER, issue("T1")), county.propose(MAKER, issue("T2"))
    made_by_hand(county, second, proposal=first)
    must_find(county, "authority", "不是以本人名义")


def past_the_program(county: County, maker: str, approver: str, *events: Event) -> None:
    """Two persons whose programs decide nothing: one proposes, the other approves, and the log says so in order."""
    seen, code = SeenHash(), "S-900001"
    for each in events:
        seen.take(each, registry.encode(each))
    made = ProposalMade(
        effective_on=today(),
        proposal=code,
        maker=maker,
        command="x",
        subject=events[0].stream,
        count=1,
        seen_hash=seen.hexdigest(),
        commands="[{}]",
    )
    smuggle(county, maker, made, by=signer(maker))
    smuggle(county, approver, approved(county, code, approver, seen.hexdigest()), *events, by=signer(approver))


@pytest.mark.parametrize(("person", "role"), [(ADMIN, "maker"), (MAKER, "auditor")])
def test_two_administrators_give_one_person_roles_that_exclude_each_other(
    county: County, person: str, role: str
) -> None:
    event = RoleGranted(effective_on=today(), person=person, role=role, area="520200", from_on=today())
    past_the_program(county, ADMIN, SECOND, event)
    must_find(county, "authority", "不能同时有")


def test_two_holders_lend_one_person_roles_that_exclude_each_other(county: County) -> None:
    county.administer(*enrol("P-0007", role="auditor"), *enrol("P-0009"))
    for person, role in ((MAKER, "maker"), ("P-0007", "auditor")):
        lent = RoleDelegated(effective_on=today(), delegator=person, person="P-0009", role=role, until=today())
        smuggle(county, person, lent, by=signer(person))
    must_find(county, "authority", "不能同时有")


def test_money_approved_after_the_key_of_its_maker_was_found_to_be_stolen(county: County) -> None:
    since = county.position() + 1
    code = county.propose(MAKER, issue())
    county.do(ADMIN, RevokeKey.of(on=today(), key=signer(MAKER).name, reason="失窃", not_trusted_since=since))
    with pytest.raises(RuleRefusedError, match="签名已不可信"):
        county.approve(APPROVER, code)
    with pytest.raises(RuleRefusedError, match="签名已不可信"):
        county.check(CHECKER, code)
    smuggle(county, APPROVER, approved(county, code, APPROVER), *stored(county, "T1"), by=signer(APPROVER))
    must_find(county, "authority", "签名已不可信")


def test_money_approved_on_a_check_whose_key_was_found_to_be_stolen(county: County) -> None:
    code = county.propose(MAKER, issue("T1", 900_000_00))
    since = county.position() + 1
    county.check(CHECKER, code)
    county.do(ADMIN, RevokeKey.of(on=today(), key=signer(CHECKER).name, reason="失窃", not_trusted_since=since))
    with pytest.raises(RuleRefusedError, match=f"{CHECKER} 的签名已不可信"):
        county.approve(APPROVER, code)


def _decided_opening() -> list[Event]:
    """The events of a right opening."""
    book = Memory()
    book.actor, book.today = ADMIN, today()
    for command in opening():
        handle(book, command)
    return [each.event for each in book.log]


def key_of(person: str, device: int) -> Command:
    return EnrolKey.of(on=today(), person=person, key=public(person, device))


def role_of(person: str, role: str) -> Command:
    return GrantRole.of(on=today(), person=person, role=role, area="520200")

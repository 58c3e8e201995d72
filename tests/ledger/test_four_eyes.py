"""A signed ledger: nobody in another's name, nobody alone where two are required, and who is asked is rule data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ledger.application import Ledger, Submission
from ledger.auditing import check_authority
from ledger.dates import today
from ledger.domain.control import AdoptRules, ReverseEvent
from ledger.domain.document import RegisterDocument
from ledger.domain.enrolment import ConfirmLedger, DelegateRole, EnrolKey, GrantRole, RevokeKey, RevokeRole
from ledger.domain.proposal import CheckProposal, RejectProposal, WithdrawProposal
from ledger.domain.tranche import DistributeTranche
from ledger.errors import ConflictError, LedgerError, NotFoundError, RuleRefusedError
from ledger.log.verify import verify
from ledger.rules import shipped_packs
from tests.ledger.signed import (
    ADMIN,
    APPROVER,
    CHECKER,
    DAY,
    MAKER,
    ORIGIN,
    PUBLISHER,
    SECOND,
    County,
    enrol,
    issue,
    opening,
    public,
    signer,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.domain.command import Command

SMALL, LARGE = 1_000_00, 500_000_00


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[County]:
    """A database in which nothing was recorded."""
    made = County(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def county(empty: County) -> County:
    """A confirmed ledger with everybody in his role."""
    return empty.staffed()


def refused(act: Callable[..., object], *arguments: object, **named: object) -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        act(*arguments, **named)
    return caught.value


def document(number: str = "文1号") -> Command:
    return RegisterDocument.of(on=DAY, number=number, issuer="县政府", dated=DAY, kind="notice", title="通知")


# ── Genesis ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_ledger_of_two_founders_takes_nothing_before_the_second_has_confirmed_it(empty: County) -> None:
    empty.do(ADMIN, *opening())
    assert refused(empty.do, ADMIN, *enrol(MAKER)).code == "ledger.unconfirmed"
    assert refused(empty.do, ADMIN, ConfirmLedger.of(on=today(), root=empty.root())).code == "ledger.same_founder"
    assert refused(empty.do, SECOND, ConfirmLedger.of(on=today(), root="0" * 64)).code == "ledger.other_root"
    empty.do(SECOND, ConfirmLedger.of(on=today(), root=empty.root()))
    twice = refused(empty.do, SECOND, ConfirmLedger.of(on=today(), root=empty.root()))
    assert twice.code == "ledger.nothing_to_confirm"


@pytest.mark.parametrize("left_out", [1, 3, 4, 5, 6, 7])
def test_an_opening_that_lacks_a_founder_a_key_a_role_or_the_rules_is_refused(empty: County, left_out: int) -> None:
    commands = opening()
    del commands[left_out]
    refused(empty.do, ADMIN, *commands)
    assert empty.position() == 0


def test_an_opening_with_a_third_person_is_refused(empty: County) -> None:
    assert refused(empty.do, ADMIN, *opening(), *enrol(MAKER)).code == "ledger.wrong_opening"


def test_an_opening_must_be_signed_by_a_founder(empty: County) -> None:
    unsigned = Ledger(empty.url)
    assert refused(unsigned.execute, opening(), Submission(ADMIN, "init")).code == "signature.not_actors"
    unsigned.close()
    assert refused(empty.do, MAKER, *opening()).code == "signature.not_actors"


# ── Names and keys ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_without_a_signature_is_refused(county: County) -> None:
    unsigned = Ledger(county.url)
    assert refused(unsigned.execute, [document()], Submission(MAKER, "doc")).code == "signature.not_actors"
    unsigned.close()


def test_nobody_records_in_the_name_of_somebody_else(county: County) -> None:
    program = county.program(MAKER)
    assert refused(program.execute, [document()], Submission(CHECKER, "doc")).code == "signature.not_actors"
    county.do(MAKER, document())


def test_a_key_counts_from_the_batch_after_the_one_that_enrolled_it(county: County) -> None:
    assert refused(county.do, MAKER, document(), device=2).code == "signature.not_actors"
    county.administer(EnrolKey.of(on=today(), person=MAKER, key=public(MAKER, 2), device="备用"))
    county.do(MAKER, document(), device=2)


def test_a_revoked_key_signs_nothing_any_more_and_never_comes_back(county: County) -> None:
    county.do(ADMIN, RevokeKey.of(on=today(), key=signer(MAKER).name, reason="丢失"))
    assert refused(county.do, MAKER, document()).code == "signature.not_actors"
    again = EnrolKey.of(on=today(), person=CHECKER, key=public(MAKER))
    assert refused(county.propose, ADMIN, again).code == "key.exists"


def test_a_key_cannot_be_in_doubt_from_a_position_that_does_not_exist(county: County) -> None:
    ahead = county.position() + 1
    command = RevokeKey.of(on=today(), key=signer(MAKER).name, reason="丢失", not_trusted_since=ahead)
    assert refused(county.do, ADMIN, command).code == "key.doubt_ahead"


def test_two_administrators_who_can_sign_always_remain(county: County) -> None:
    own = RevokeKey.of(on=today(), key=signer(SECOND).name, reason="丢失")
    assert refused(county.do, ADMIN, own).code == "role.too_few_admins"
    out = RevokeRole.of(on=today(), person=SECOND, role="admin", area="520200", reason="调离")
    assert refused(county.do, ADMIN, out).code == "role.too_few_admins"
    county.administer(EnrolKey.of(on=today(), person=SECOND, key=public(SECOND, 2)))
    county.do(ADMIN, own)


# ── Roles ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("person", [ADMIN, CHECKER, APPROVER, PUBLISHER])
def test_only_a_maker_registers_business(county: County, person: str) -> None:
    assert refused(county.do, person, document()).code == "role.missing"


def test_one_administrator_alone_adds_nobody_and_no_key_and_no_role(county: County) -> None:
    for command in enrol("P-0009", role="maker"):
        error = refused(county.do, ADMIN, command)
        assert error.code in {"approval.needed", "person.unknown"}
    key = EnrolKey.of(on=today(), person=MAKER, key=public(MAKER, 3))
    assert refused(county.do, ADMIN, key).code == "approval.needed"
    code = county.propose(ADMIN, key)
    assert refused(county.approve, ADMIN, code).code == "proposal.same_person"


def test_a_role_reaches_its_area_and_what_lies_below_it(empty: County) -> None:
    empty.found()
    grant = GrantRole.of(on=today(), person=MAKER, role="maker", area="520203")
    empty.administer(*enrol(MAKER), grant)
    assert empty.propose(MAKER, issue("T1", area="520203"))
    assert refused(empty.propose, MAKER, issue("T2", area="520281")).code == "role.missing"


def test_a_role_holds_from_its_first_day_to_its_last(empty: County) -> None:
    empty.found()
    on = today()
    grants = [
        GrantRole.of(on=on, person=MAKER, role="maker", area="520200", from_on=on + timedelta(days=1)),
        GrantRole.of(on=on, person=CHECKER, role="maker", area="520200", from_on=on - timedelta(days=9), to_on=on),
        GrantRole.of(
            on=on,
            person=APPROVER,
            role="maker",
            area="520200",
            from_on=on - timedelta(days=9),
            to_on=on - timedelta(days=1),
        ),
    ]
    empty.administer(*enrol(MAKER), *enrol(CHECKER), *enrol(APPROVER), *grants)
    assert refused(empty.do, MAKER, document()).code == "role.missing"
    assert refused(empty.do, APPROVER, document()).code == "role.missing"
    empty.do(CHECKER, document())


@pytest.mark.parametrize("role", ["maker", "checker", "approver", "publisher", "auditor"])
def test_an_administrator_holds_no_other_role_whatever_the_key(county: County, role: str) -> None:
    grant = GrantRole.of(on=today(), person=ADMIN, role=role, area="520200")
    error = refused(county.propose, SECOND, grant)
    assert error.code == "role.incompatible"
    assert "base" in error.rule


def test_a_role_taken_back_is_gone_at_once(county: County) -> None:
    county.do(ADMIN, RevokeRole.of(on=today(), person=MAKER, role="maker", area="520200", reason="调离"))
    assert refused(county.do, MAKER, document()).code == "role.missing"


def test_a_delegate_acts_in_the_role_and_no_longer_than_its_holder(county: County) -> None:
    until = today() + timedelta(days=7)
    county.do(APPROVER, DelegateRole.of(on=today(), person=PUBLISHER, role="approver", until=until))
    county.approve(PUBLISHER, county.propose(MAKER, issue("T1")))
    waiting = county.propose(MAKER, issue("T2"))
    county.do(ADMIN, RevokeRole.of(on=today(), person=APPROVER, role="approver", area="520200", reason="调离"))
    assert refused(county.approve, PUBLISHER, waiting).code == "role.missing"


def test_nobody_delegates_what_is_not_his_or_was_lent_to_him(county: County) -> None:
    until = today() + timedelta(days=7)
    lend = DelegateRole.of(on=today(), person=CHECKER, role="approver", until=until)
    assert refused(county.do, MAKER, lend).code == "role.not_own"
    county.do(APPROVER, DelegateRole.of(on=today(), person=PUBLISHER, role="approver", until=until))
    assert refused(county.do, PUBLISHER, lend).code == "role.not_own"
    own = DelegateRole.of(on=today(), person=MAKER, role="admin", until=until)
    assert refused(county.do, ADMIN, own).code == "role.not_delegable"


# ── Four eyes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_money_is_not_recorded_by_its_maker_alone(county: County) -> None:
    before = county.position()
    error = refused(county.do, MAKER, issue())
    assert error.code == "approval.needed"
    assert "base" in error.rule
    assert "money" in error.rule
    assert county.position() == before


def test_an_approved_proposal_is_one_batch_of_the_approver_with_what_was_seen(county: County) -> None:
    code = county.propose(MAKER, issue("T1", SMALL))
    assert county.stored("tranche:T1") == []
    done = county.approve(APPROVER, code)
    assert [event.TOPIC for event in done.events] == ["proposal.approved", "document.registered", "tranche.issued"]
    assert done.receipt.last - done.receipt.first == 2
    assert f"op/{APPROVER}-1 " in done.receipt.checkpoint


def test_large_money_waits_for_a_checker_and_small_money_does_not(county: County) -> None:
    large = county.propose(MAKER, issue("T1", LARGE))
    assert refused(county.approve, APPROVER, large).code == "proposal.unchecked"
    county.check(CHECKER, large)
    county.approve(APPROVER, large)
    county.approve(APPROVER, county.propose(MAKER, issue("T2", LARGE - 1)))


def test_a_sum_is_not_made_small_by_splitting_it_over_one_file(county: County) -> None:
    halves = county.propose(MAKER, issue("T1", LARGE // 2), issue("T2", LARGE // 2))
    assert county.stored(f"proposal:{halves}")[0]["total_fen"] == LARGE
    assert refused(county.approve, APPROVER, halves).code == "proposal.unchecked"


def test_one_person_does_not_count_twice_whatever_roles_and_keys_he_has(empty: County) -> None:
    empty.found()
    both = [GrantRole.of(on=today(), person=MAKER, role=role, area="520200") for role in ("maker", "approver")]
    empty.administer(*enrol(MAKER), EnrolKey.of(on=today(), person=MAKER, key=public(MAKER, 2)), *both)
    code = empty.propose(MAKER, issue("T1", SMALL))
    assert refused(empty.approve, MAKER, code, device=2).code == "proposal.same_person"


def test_the_checker_is_neither_the_maker_nor_the_approver(empty: County) -> None:
    empty.found()
    roles = {MAKER: ("maker", "checker"), APPROVER: ("checker", "approver")}
    grants = [
        GrantRole.of(on=today(), person=person, role=role, area="520200")
        for person, held in roles.items()
        for role in held
    ]
    empty.administer(*enrol(MAKER), *enrol(APPROVER), *grants)
    code = empty.propose(MAKER, issue("T1", LARGE))
    assert refused(empty.check, MAKER, code).code == "proposal.same_person"
    empty.check(APPROVER, code)
    assert refused(empty.approve, APPROVER, code).code == "proposal.same_person"


def test_a_check_counts_only_while_the_checker_holds_the_role(county: County) -> None:
    code = county.propose(MAKER, issue("T1", LARGE))
    county.check(CHECKER, code)
    county.do(ADMIN, RevokeRole.of(on=today(), person=CHECKER, role="checker", area="520200", reason="调离"))
    assert refused(county.approve, APPROVER, code).code == "proposal.unchecked"


def test_what_no_longer_leads_to_what_was_seen_is_not_recorded(county: County) -> None:
    county.agreed(issue("T1", LARGE, "520200"))
    part = {"on": DAY, "tranche": "T1", "child_area": "520203", "amount_fen": LARGE}
    first = county.propose(MAKER, DistributeTranche.of(**part, child="T1-1"))
    second = county.propose(MAKER, DistributeTranche.of(**part, child="T1-2"))
    for code in (first, second):
        county.check(CHECKER, code)
    county.approve(APPROVER, first)
    error = refused(county.approve, APPROVER, second)
    assert isinstance(error, ConflictError)
    assert (error.code, error.exit_code) == ("proposal.changed", 4)
    assert error.message.startswith("情况已变")


def test_a_changed_dimension_makes_a_proposal_void_though_its_commands_still_pass(county: County) -> None:
    """The document was unknown when the maker saw it and is registered now: fewer events follow."""
    code = county.propose(MAKER, issue("T1", SMALL))
    county.do(MAKER, document("T1号"))
    error = refused(county.approve, APPROVER, code)
    assert error.code == "proposal.changed"


def test_positions_may_move_between_proposal_and_approval(county: County) -> None:
    county.agreed(issue("T1", LARGE, "520200"))
    code = county.propose(
        MAKER, DistributeTranche.of(on=DAY, tranche="T1", child="T2", child_area="520203", amount_fen=1)
    )
    county.do(MAKER, document("别的文件"))
    done = county.approve(APPROVER, code)
    assert [event.TOPIC for event in done.events][1:] == ["tranche.distributed", "tranche.received"]


def test_a_mistake_of_two_persons_takes_two_persons_to_undo(county: County) -> None:
    done = county.agreed(issue("T1", LARGE))
    undo = ReverseEvent.of(on=today(), position=done.receipt.last, reason="重复", document="更正1号")
    assert refused(county.do, MAKER, undo).code == "approval.needed"
    code = county.propose(MAKER, undo)
    assert refused(county.approve, APPROVER, code).code == "proposal.unchecked"
    county.check(CHECKER, code)
    county.approve(APPROVER, code)


def test_what_was_said_of_a_proposal_is_not_reversed(county: County) -> None:
    done = county.agreed(issue("T1", LARGE))
    undo = ReverseEvent.of(on=today(), position=done.receipt.first, reason="后悔", document="更正1号")
    assert refused(county.propose, MAKER, undo).code == "correction.irreversible"


def test_whoever_saw_something_else_approves_and_checks_nothing(county: County) -> None:
    code = county.propose(MAKER, issue("T1", SMALL))
    assert refused(county.approve, APPROVER, code, "0" * 64).code == "proposal.other_content"
    other = CheckProposal.of(on=today(), proposal=code, seen_hash="0" * 64)
    assert refused(county.do, CHECKER, other).code == "proposal.other_content"


def test_a_closed_proposal_stays_closed(county: County) -> None:
    rejected, withdrawn, approved = (county.propose(MAKER, issue(f"T{number}", SMALL)) for number in range(3))
    county.do(APPROVER, RejectProposal.of(on=today(), proposal=rejected, reason="金额不符"))
    county.do(MAKER, WithdrawProposal.of(on=today(), proposal=withdrawn, reason="另办"))
    county.approve(APPROVER, approved)
    for code in (rejected, withdrawn, approved):
        assert refused(county.approve, APPROVER, code).code == "proposal.closed"
        assert refused(county.check, CHECKER, code).code == "proposal.closed"


def test_only_others_reject_and_only_the_maker_withdraws_and_both_say_why(county: County) -> None:
    code = county.propose(MAKER, issue("T1", SMALL))
    assert refused(county.do, MAKER, RejectProposal.of(on=today(), proposal=code, reason="x")).code == "proposal.own"
    taken = WithdrawProposal.of(on=today(), proposal=code, reason="x")
    assert refused(county.do, APPROVER, taken).code == "proposal.not_own"
    assert refused(county.do, APPROVER, RejectProposal.of(on=today(), proposal=code)).code == "proposal.unfounded"
    unknown = RejectProposal.of(on=today(), proposal="S-999999", reason="x")
    assert isinstance(refused(county.do, APPROVER, unknown), NotFoundError)


def test_a_command_that_would_be_refused_is_not_proposed(county: County) -> None:
    impossible = DistributeTranche.of(on=DAY, tranche="T9", child="T10", child_area="520203", amount_fen=1)
    before = county.position()
    refused(county.propose, MAKER, impossible)
    assert county.position() == before


def test_a_retried_proposal_is_the_first_one(county: County) -> None:
    county.propose(MAKER, issue("T1", SMALL), key="k1")
    position = county.position()
    again = county.program(MAKER).propose([issue("T1", SMALL)], Submission(MAKER, "test", key="k1"))
    assert again.receipt.repeated
    assert county.position() == position


def test_a_large_file_is_proposed_in_parts_and_recorded_whole(county: County) -> None:
    papers = [document(f"文{number}号") for number in range(1_200)]
    code = county.propose(MAKER, issue("T1", SMALL), *papers)
    assert [each.get("number", 1) for each in county.stored(f"proposal:{code}")] == [1, 2, 3]
    done = county.approve(APPROVER, code)
    assert done.commands == 1_201
    assert done.receipt.last - done.receipt.first == 1_202


def test_rules_that_leave_nobody_a_duty_are_not_adopted(county: County) -> None:
    text = shipped_packs()["base"]
    bare = text[: text.index("[[duty]]")]
    code = county.propose
    assert refused(code, MAKER, AdoptRules.of(on=today(), text=bare)).code == "rule.no_duties"


def test_new_rules_do_not_excuse_the_batch_that_adopts_them(county: County) -> None:
    text = shipped_packs()["base"]
    lax = text[: text.index("\n[[approval]]") + 1]
    assert refused(county.do, MAKER, AdoptRules.of(on=today(), text=lax), issue()).code == "approval.needed"


# ── Checked again by whoever has the log ────────────────────────────────────────────────────────────────────────────


def test_a_ledger_that_was_kept_by_the_rules_has_nothing_to_find(database_url: str) -> None:
    county = County(database_url).staffed()
    county.agreed(issue("T1", LARGE))
    county.do(MAKER, document())
    rejected = county.propose(MAKER, issue("T2", SMALL))
    county.do(APPROVER, RejectProposal.of(on=today(), proposal=rejected, reason="金额不符"))
    engine = county.program(ADMIN).appender.engine
    report = check_authority(engine)
    assert (report.findings, report.mode, report.unsigned) == ([], "signed", 0)
    assert report.signed == 10
    assert verify(engine).ok
    county.close()


def test_a_trial_ledger_needs_no_signature(sqlite_url: str) -> None:
    from ledger.domain.control import OpenLedger  # noqa: PLC0415 - only here

    county = County(sqlite_url)
    trial = Ledger(sqlite_url)
    opened = OpenLedger.of(on=DAY, area="520200", name="试用", origin=ORIGIN)
    adopted = AdoptRules.of(on=DAY, text=shipped_packs()["base"])
    trial.execute([opened, adopted, issue()], Submission("张三", "init"))
    report = check_authority(trial.appender.engine)
    assert (report.findings, report.mode, report.signed, report.unsigned) == ([], "trial", 0, 1)
    assert refused(trial.propose, [issue("T2")], Submission("张三", "x")).code == "proposal.trial"
    assert refused(trial.execute, enrol(MAKER), Submission("张三", "x")).code == "person.trial"
    trial.close()
    county.close()


def test_what_a_distrusted_key_signed_is_listed_to_be_confirmed_again(county: County) -> None:
    county.do(MAKER, document("甲"))
    since = county.position() + 1
    county.do(MAKER, document("乙"))
    command = RevokeKey.of(on=today(), key=signer(MAKER).name, reason="电脑失窃", not_trusted_since=since)
    county.do(ADMIN, command)
    report = check_authority(county.program(ADMIN).appender.engine)
    assert report.findings == []
    assert [(each.first, each.person, each.reason) for each in report.in_doubt] == [(since, MAKER, "电脑失窃")]


def test_what_was_approved_on_the_word_of_a_distrusted_key_is_listed_too(county: County) -> None:
    since = county.position() + 1
    code = county.propose(MAKER, issue())
    approved = county.approve(APPROVER, code).receipt
    trusted = county.propose(MAKER, issue("T2"))
    county.do(ADMIN, RevokeKey.of(on=today(), key=signer(MAKER).name, reason="失窃", not_trusted_since=since))
    report = check_authority(county.program(ADMIN).appender.engine)
    assert report.findings == []
    assert [(each.first, each.last, each.person, each.proposal) for each in report.in_doubt] == [
        (since, since, MAKER, ""),
        (approved.first, approved.last, MAKER, code),
        (approved.last + 1, approved.last + 1, MAKER, ""),
    ]
    assert refused(county.approve, APPROVER, trusted).code == "proposal.in_doubt"


def test_what_two_holders_lend_one_person_must_be_compatible(county: County) -> None:
    county.administer(*enrol("P-0007", role="auditor"), *enrol("P-0009"))
    lend = {"on": today(), "person": "P-0009", "until": today() + timedelta(days=9)}
    county.do("P-0007", DelegateRole.of(role="auditor", **lend))
    assert refused(county.do, MAKER, DelegateRole.of(role="maker", **lend)).code == "role.incompatible"


def test_a_refusal_names_the_rule_and_its_source(county: County) -> None:
    error = refused(county.do, MAKER, issue())
    assert isinstance(error, RuleRefusedError)
    assert "出处" in error.rule

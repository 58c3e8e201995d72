"""However people, keys, roles and proposals are mixed: nothing is approved by fewer persons than the rule asks."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ledger.auditing import check_authority
from ledger.dates import today
from ledger.domain.control import ReverseEvent
from ledger.domain.enrolment import DelegateRole, EnrolKey, GrantRole, RevokeKey, RevokeRole
from ledger.domain.proposal import RejectProposal, WithdrawProposal
from ledger.errors import LedgerError
from tests.ledger.signed import County, enrol, issue, public, signer

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.domain.command import Command

PERSONS: Final = tuple(f"P-000{number}" for number in range(1, 8))
ROLES: Final = ("maker", "checker", "approver", "publisher", "auditor", "admin")
LARGE: Final = 500_000_00
people = st.sampled_from(PERSONS)
roles = st.sampled_from(ROLES)
devices = st.integers(1, 2)
orders = st.permutations(PERSONS)
rushes = st.none() | orders
"""Whether everybody at once tries to check and approve what was just proposed, and in which order."""


def grant(person: str, role: str) -> Command:
    return GrantRole.of(on=today(), person=person, role=role, area="520200")


class Office(RuleBasedStateMachine):
    """Everybody tries everything; a plain list of who truly did what is kept beside the ledger."""

    proposals: Bundle[str] = Bundle("proposals")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.made = 0
        self.makers: dict[str, str] = {}
        self.large: set[str] = set()
        self.people_business: set[str] = set()
        self.agreed: dict[str, set[str]] = {}
        self.approved: dict[str, str] = {}
        self.recorded: dict[str, int] = {}

    @initialize()
    def open(self) -> None:
        self.county = County(str(Path(self.folder.name) / "ledger.db")).found()
        # Roles overlap on purpose: only the count of persons can then keep one of them from doing everything.
        held = {"P-0003": ROLES[:3], "P-0004": ROLES[1:3], "P-0005": ("maker", "approver"), "P-0006": (), "P-0007": ()}
        enrolled = [command for person in held for command in enrol(person)]
        granted = [grant(person, role) for person, roles in held.items() for role in roles]
        self.county.administer(*enrolled, *granted)

    def tried(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except LedgerError:
            return False
        return True

    @rule(target=proposals, order=orders, rush=rushes, large=st.booleans())
    def propose_money(self, order: list[str], rush: list[str] | None, large: bool) -> str:  # noqa: FBT001 - drawn by hypothesis
        self.made += 1
        return self._proposed(order, rush, issue(f"T{self.made}", LARGE if large else LARGE - 1), large=large)

    @rule(target=proposals, order=orders, rush=rushes, to=people, role=roles)
    def propose_role(self, order: list[str], rush: list[str] | None, to: str, role: str) -> str:
        return self._proposed(order, rush, grant(to, role), business=False)

    @rule(target=proposals, order=orders, rush=rushes, to=people)
    def propose_second_key(self, order: list[str], rush: list[str] | None, to: str) -> str:
        return self._proposed(order, rush, EnrolKey.of(on=today(), person=to, key=public(to, 2)), business=False)

    @rule(target=proposals, order=orders, rush=rushes, code=proposals)
    def propose_correction(self, order: list[str], rush: list[str] | None, code: str) -> str:
        if code not in self.approved or code in self.people_business:
            return ""
        undo = ReverseEvent.of(on=today(), position=self.recorded[code], reason="重复", document="更正1号")
        return self._proposed(order, rush, undo, large=code in self.large)

    def _proposed(
        self, order: list[str], rush: list[str] | None, command: Command, *, large: bool = False, business: bool = True
    ) -> str:
        """Let the first who can propose it."""
        for person in order:
            try:
                code = self.county.propose(person, command)
            except LedgerError:
                continue
            break
        else:
            return ""
        self.makers[code], self.agreed[code] = person, set()
        (self.large if large else set[str]()).add(code)
        (set[str]() if business else self.people_business).add(code)
        if rush:
            self.everybody_tries(rush, code, 1)
        return code

    @rule(person=people, code=proposals)
    def check(self, person: str, code: str) -> None:
        if code and self.tried(lambda: self.county.check(person, code)):
            self.agreed[code].add(person)

    @rule(person=people, code=proposals, device=devices)
    def approve(self, person: str, code: str, device: int) -> None:
        if code:
            self._approve(person, code, device)

    def _approve(self, person: str, code: str, device: int) -> None:
        if self.tried(lambda: self.county.approve(person, code, device=device)):
            assert code not in self.approved, "approved twice"
            self.approved[code] = person
            self.recorded[code] = self.county.position()

    @rule(order=orders, code=proposals, device=devices)
    def rush(self, order: list[str], code: str, device: int) -> None:
        self.everybody_tries(order, code, device)

    def everybody_tries(self, order: list[str], code: str, device: int) -> None:
        """Whoever can will: this is what makes approvals common, and a missing person visible."""
        for person in order if code else ():
            if self.tried(lambda person=person: self.county.check(person, code)):  # type: ignore[misc]  # a default binds it
                self.agreed[code].add(person)
        for person in order if code else ():
            self._approve(person, code, device)

    @rule(person=people, code=proposals)
    def close(self, person: str, code: str) -> None:
        for kind in (RejectProposal, WithdrawProposal):
            if code:
                said = kind.of(on=today(), proposal=code, reason="不妥")
                self.tried(lambda said=said: self.county.do(person, said))  # type: ignore[misc]  # a default binds it

    @rule(person=people, to=people, role=roles)
    def revoke_role(self, person: str, to: str, role: str) -> None:
        self.tried(
            lambda: self.county.do(
                person, RevokeRole.of(on=today(), person=to, role=role, area="520200", reason="调离")
            )
        )

    @rule(person=people, to=people, device=devices)
    def revoke_key(self, person: str, to: str, device: int) -> None:
        gone = RevokeKey.of(on=today(), key=signer(to, device).name, reason="丢失")
        self.tried(lambda: self.county.do(person, gone))

    @rule(person=people, to=people, role=roles)
    def delegate(self, person: str, to: str, role: str) -> None:
        lent = DelegateRole.of(on=today(), person=to, role=role, until=today() + timedelta(days=3))
        self.tried(lambda: self.county.do(person, lent))

    @rule(person=people)
    def record_alone(self, person: str) -> None:
        self.made += 1
        assert not self.tried(lambda: self.county.do(person, issue(f"T{self.made}"))), "money by one person"

    @invariant()
    def enough_different_persons(self) -> None:
        for code, approver in self.approved.items():
            maker = self.makers[code]
            assert maker != approver
            if code in self.large:
                others = self.agreed[code] - {maker, approver}
                assert others, "large money without a third person"

    def teardown(self) -> None:
        if hasattr(self, "county"):
            report = check_authority(self.county.program(PERSONS[0]).appender.engine)
            assert report.findings == []
            self.county.close()
        self.folder.cleanup()


def test_nothing_is_approved_by_fewer_persons_than_the_rule_asks() -> None:
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

"""Who could record this batch: signature, role, and the second person, from the events alone.

The same check stands in the append path (``ledger.application``), where the first problem refuses the batch, and in
``audit verify`` (``ledger.auditing``), which walks the log and reports every problem. It looks at what was known
before the batch, so nobody can make a key or a role count for the batch that brings it.

A batch of a signed ledger is one of four:

* the opening: the ledger, its two founders with their keys, both administrators, and the rules;
* the confirmation by the founder who did not sign the opening; nothing else is accepted before it;
* an approval: ``proposal.approved`` first, then exactly the events that were seen;
* anything else: each event within the signer's own role, and none that the rules want approved.

Source: issue 5 points 3 and 4; reliability.md 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.codes import Role, name_of
from ledger.domain.notice import unlike
from ledger.domain.people import Opening, People, evolve_people
from ledger.domain.proposal import Pages, Proposal, Sketch
from ledger.domain.seen import SeenHash
from ledger.errors import LedgerError
from ledger.events import (
    AreasListed,
    Event,
    EventReversed,
    KeyEnrolled,
    LedgerConfirmed,
    LedgerOpened,
    NoticeAmended,
    NoticeApproved,
    NoticePublished,
    PersonEnrolled,
    ProposalApproved,
    ProposalChecked,
    ProposalMade,
    ProposalPart,
    ProposalRejected,
    ProposalWithdrawn,
    RoleDelegated,
    RoleGranted,
    RulePackAdopted,
    registry,
    streams,
)
from ledger.rules import RulePack, parse_pack
from ledger.rules.duties import Need

__all__ = ["BatchCheck", "Problem", "Seen"]

_OPENING: Final = (LedgerOpened, AreasListed, PersonEnrolled, KeyEnrolled, RoleGranted, RulePackAdopted)
_OF_PROPOSAL: Final = (
    ProposalMade,
    ProposalPart,
    ProposalChecked,
    ProposalApproved,
    ProposalRejected,
    ProposalWithdrawn,
)
_FOUNDERS: Final = 2
_STREAM_OF: Final = {"tranche": streams.tranche, "project": streams.project, "asset": streams.asset}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a batch could not be recorded by whom it names; ``message`` is Chinese and complete."""

    code: str
    message: str
    hint: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the world knew when the batch was decided, and who signed it.

    ``keys`` are those under whose true signature the batch stands; ``root`` is that of the log before it, in
    hexadecimal; ``first`` its first position. ``rules`` raises LedgerError when no pack is in force; ``approved`` gives
    the content of a notice that was approved last; ``makers`` the persons who made the entries of a stream, None
    standing for the maker of this very batch; ``doubted`` those who made or checked a proposal with a key that is no
    longer trusted there.
    """

    keys: Collection[str]
    root: str
    first: int
    rules: Callable[[], RulePack]
    proposal: Callable[[str], Proposal]
    approved: Callable[[str], NoticeApproved | None]
    makers: Callable[[str], Collection[str | None]]
    doubted: Callable[[str], Collection[str]]


class BatchCheck:
    """Takes the events of one batch in order, then says what is wrong with it.

    Memory does not grow with the batch, but for its publications.
    """

    def __init__(self, opening: Opening, people: People, actor: str, day: date) -> None:
        self._opening = opening
        self._people = people
        self._actor = actor
        self._day = day
        self._count = 0
        self._opened: LedgerOpened | None = None
        self._beyond_opening = False
        self._people_after = people
        self._given: list[tuple[str, frozenset[str]]] = []
        self._pages = Pages()
        self._adopts: list[RulePackAdopted] = []
        self._kept: list[Event] = []
        self._shown: list[NoticePublished | NoticeAmended] = []
        self._spoken: Counter[tuple[str, str]] = Counter()
        self._topics: Counter[tuple[str, str]] = Counter()
        self._sums: Counter[str] = Counter()
        self._hash = SeenHash()
        self.subject = ""
        """The stream of the first event that is not about a proposal."""

    def take(self, event: Event, state: bytes) -> None:
        """Count one event of the batch; ``state`` is what ``registry.encode`` makes of it."""
        self._count += 1
        if isinstance(event, LedgerOpened):
            self._opened = self._opened or event
        self._beyond_opening |= not isinstance(event, _OPENING)
        self._people_after = evolve_people(self._people_after, event)
        if isinstance(event, RoleGranted | RoleDelegated):
            first = event.from_on if isinstance(event, RoleGranted) else event.effective_on
            self._given.append((event.person, self._people_after.roles_from(event.person, first)))
        if isinstance(event, _OF_PROPOSAL):
            if isinstance(event, ProposalMade | ProposalPart):
                self._pages.take(event)
            if not isinstance(event, ProposalPart):
                self._kept.append(event)
            self._spoken[event.TOPIC, ""] += 1
            return
        if isinstance(event, RulePackAdopted):
            self._adopts.append(event)
        if isinstance(event, LedgerConfirmed | RoleDelegated):
            self._kept.append(event)
        if isinstance(event, NoticePublished | NoticeAmended):
            self._shown.append(event)
        self.subject = self.subject or event.stream
        self._hash.take(event, state)
        moved = event
        if isinstance(event, EventReversed):
            # What needs two persons to be recorded needs two persons to be undone.
            moved = registry.decode(event.reversed_topic, event.reversed_state.encode())
        self._topics[event.TOPIC, str(getattr(moved, "area", ""))] += 1
        self._sums[moved.TOPIC] += int(getattr(moved, "amount_fen", 0))

    @property
    def seen_hash(self) -> str:
        """The hash of the events so far that are not about a proposal."""
        return self._hash.hexdigest()

    def need(self, rules: RulePack) -> Need:
        """Return whose agreement the events so far need."""
        return Need.of(self._sums, rules.approvals)

    def problems(self, seen: Seen) -> Iterator[Problem]:
        """Yield what is wrong with the batch; nothing in a trial ledger."""
        if self._opening.mode == "signed":
            yield from self._wrong_signer(self._people, seen)
            if not self._opening.confirmed:
                yield from self._wrong_confirmation(seen)
                return
            try:
                yield from self._wrong_duties(seen, seen.rules())
            except LedgerError as error:
                yield Problem(error.code, error.message, error.hint)
        elif not self._opening.mode and self._opened is not None and self._opened.mode == "signed":
            yield from self._wrong_signer(self._people_after, seen)
            yield from self._wrong_opening(self._opened, seen)

    def _wrong_signer(self, people: People, seen: Seen) -> Iterator[Problem]:
        if not set(seen.keys) & set(people.keys_of(self._actor)):
            yield Problem(
                "signature.not_actors",
                f"这一批没有经办人 {self._actor} 在用的密钥的签名",
                "请用本人的密钥登录(xianjie login);密钥已吊销的,请系统管理员登记新的",
            )

    def _wrong_opening(self, opened: LedgerOpened, seen: Seen) -> Iterator[Problem]:
        people = self._people_after
        founders = people.admins(self._day)
        with_rules = any(_duties_of(each) for each in self._adopts)
        if (
            seen.first != 1
            or self._beyond_opening
            or opened.founder != self._actor
            or self._actor not in founders
            or len(founders) != _FOUNDERS
            or set(people.persons) != founders
            or any({each.role for each in held} != {Role.ADMIN} for held in people.grants.values())
            or not with_rules
        ):
            yield Problem(
                "ledger.wrong_opening",
                "签名账本的第一批须恰好写明:启用、规则包、两名系统管理员及其密钥,由其中一人签名",
                "请用 xianjie init --signed 新建",
            )

    def _wrong_confirmation(self, seen: Seen) -> Iterator[Problem]:
        confirmed = self._kept[0] if len(self._kept) == self._count == 1 else None
        if not isinstance(confirmed, LedgerConfirmed):
            yield Problem(
                "ledger.unconfirmed",
                "账本还没有经第二名系统管理员确认,不能记账",
                "请另一名系统管理员运行 xianjie db confirm",
            )
        elif confirmed.person != self._actor or self._actor == self._opening.founder:
            yield Problem("ledger.same_founder", "启用和确认账本的须是两个人", "请另一名系统管理员用自己的密钥确认")
        elif confirmed.root != seen.root:
            yield Problem("ledger.other_root", "所确认的根值不是这本账第一批的", "请核对检查点后再确认")

    def _wrong_duties(self, seen: Seen, rules: RulePack) -> Iterator[Problem]:
        approvals = [each for each in self._kept if isinstance(each, ProposalApproved)]
        needed = self.need(rules)
        maker = self._actor
        if approvals:
            said = approvals[0]
            proposal = seen.proposal(said.proposal)
            maker = proposal.made.maker if proposal.made else ""
            yield from self._wrong_approval(said, proposal, needed, rules)
            yield from _in_doubt(said.proposal, seen)
        elif needed:
            asked = needed.rules[0]
            yield Problem(
                "approval.needed",
                "这些事项须经他人批准才能记账",
                "请提出后等待批准;用 xianjie inbox 查看进展",
                f"{rules.pack} {rules.version} {asked.id},出处 {asked.source}",
            )
        yield from self._beyond_role(self._actor, self._spoken, rules)
        yield from self._beyond_role(maker, self._topics, rules)
        yield from self._wrong_words(seen, rules)
        yield from self._wrong_roles(rules)
        if self._pages.miscounted:
            yield Problem("proposal.miscounted", "提议的命令与它写明的条数、段数不符", "请用 xianjie 重新提出")
        yield from self._wrong_publisher(maker, seen, rules)
        yield from self._wrong_notices(seen, rules)
        if any(not _duties_of(each) for each in self._adopts if parse_pack(each.text, each.base).purpose == "rules"):
            yield Problem(
                "rule.no_duties",
                "规则包没有规定各岗位可以记什么([[duty]]),采用后谁也不能记账",
                "请写明 [[duty]],或用 extends 扩展随程序提供的规则包",
            )

    def _wrong_approval(
        self, said: ProposalApproved, proposal: Proposal, needed: Need, rules: RulePack
    ) -> Iterator[Problem]:
        made = proposal.made
        if made is None or proposal.status != "open" or len(self._kept) != 1 or said.person != self._actor:
            yield Problem("proposal.not_open", f"提议“{said.proposal}”不在待批状态,不能据以记账", "请重新提出")
            return
        if not made.seen_hash == said.seen_hash == self.seen_hash:
            yield Problem(
                "proposal.changed",
                f"情况已变:提议“{said.proposal}”现在会记入的内容,与提出和审核时看到的不同",
                "请经办人撤回后重新提出",
            )
        elif denied := Sketch(self.seen_hash, needed.total_fen, self.subject, needed.checked).denies(made):
            yield Problem(
                "proposal.untrue",
                f"提议“{said.proposal}”写明的{'、'.join(denied)}与它会记入的内容不符",
                "请退回;经办人如无过错(提出后规则有变),请重新提出",
            )
        areas = {area for _, area in self._topics}
        checkers = frozenset(each for each in proposal.checkers if self._holds(each, {Role.CHECKER}, areas))
        if needed.checked and not checkers:
            yield Problem("proposal.unchecked", f"提议“{said.proposal}”须先经审核", "请审核人运行 xianjie check")
        by = needed.by or {Role.APPROVER}
        if not self._holds(self._actor, by, areas):
            names = "、".join(name_of(Role, each) for each in sorted(by))
            yield Problem("role.missing", f"{self._actor} 在有关地区没有{names}岗位,不能批准", "请有该岗位的人批准")
        acts = {Role.MAKER: {made.maker}, Role.CHECKER: set(checkers), Role.APPROVER: {self._actor}}
        yield from _same_person(acts, rules)

    def _holds(self, person: str, roles: Collection[str], areas: Collection[str]) -> bool:
        return all(set(roles) <= self._people.roles(person, area, self._day) for area in areas or {""})

    def _beyond_role(self, person: str, topics: Collection[tuple[str, str]], rules: RulePack) -> Iterator[Problem]:
        for topic, area in topics:
            if topic == RoleDelegated.TOPIC:
                continue
            allowed = {duty.role for duty in rules.duties if duty.covers(topic)}
            if not allowed & self._people.roles(person, area, self._day):
                names = "、".join(name_of(Role, role) for role in sorted(allowed)) or "任何"
                where = f"在 {area} " if area else ""
                yield Problem(
                    "role.missing",
                    f"{person} {where}没有{names}岗位,不能记“{topic}”",
                    "请有该岗位的人办理,或请系统管理员授予",
                )

    def _wrong_words(self, seen: Seen, rules: RulePack) -> Iterator[Problem]:
        """Whoever speaks speaks for himself, and a checker is not the maker."""
        for each in self._kept:
            match each:
                case ProposalMade():
                    own = each.maker == self._actor and seen.proposal(each.proposal).made is None
                case RoleDelegated():
                    roles = self._people.granted(each.delegator, "", self._day)
                    own = each.delegator == self._actor and each.role in roles and each.role != Role.ADMIN
                case ProposalChecked() | ProposalRejected() | ProposalWithdrawn():
                    proposal = seen.proposal(each.proposal)
                    made = proposal.made
                    withdraws = isinstance(each, ProposalWithdrawn)
                    own = each.person == self._actor and made is not None and proposal.status == "open"
                    own = own and (not withdraws or made is None or made.maker == self._actor)
                    if isinstance(each, ProposalChecked) and made is not None:
                        own = own and made.seen_hash == each.seen_hash
                        yield from _same_person({Role.MAKER: {made.maker}, Role.CHECKER: {each.person}}, rules)
                        yield from _in_doubt(each.proposal, seen)
                case _:
                    own = True
            if not own:
                yield Problem("role.not_for_others", f"“{each.TOPIC}”不是以本人名义、就有效事项作出的", "请本人办理")

    def _wrong_roles(self, rules: RulePack) -> Iterator[Problem]:
        """Find who has roles by this batch that exclude each other, whoever agreed to it."""
        for person, roles in self._given:
            for pair in rules.incompatible:
                if pair.forbids(roles):
                    names = "与".join(name_of(Role, role) for role in sorted(pair.roles))
                    yield Problem(
                        "role.incompatible",
                        f"人员“{person}”不能同时有{names}岗位",
                        "请授予另一人,或先收回原有岗位",
                        f"{rules.pack} {rules.version} {pair.id},出处 {pair.source}",
                    )

    def _wrong_publisher(self, publisher: str, seen: Seen, rules: RulePack) -> Iterator[Problem]:
        """Whoever made entries of a subject leaves it to somebody else to publish it."""
        pair = next((each for each in rules.incompatible if each.within == "notice"), None)
        for notice in self._shown if pair else ():
            subjects = ((each.code, _STREAM_OF[each.kind](each.code)) for each in notice.subjects)
            own = [code for code, stream in subjects if not {publisher, None}.isdisjoint(seen.makers(stream))]
            if own and pair:
                yield Problem(
                    "notice.same_person",
                    f"{publisher} 经办过“{'、'.join(own[:3])}”{'等' if own[3:] else ''},不能再由本人公开"
                    f"(公示“{notice.notice}”,与用哪把密钥无关)",
                    "请另一名公开岗人员登记公示",
                    f"{rules.pack} {rules.version} {pair.id},出处 {pair.source}",
                )

    def _wrong_notices(self, seen: Seen, rules: RulePack) -> Iterator[Problem]:
        """Find what is published without the approval that the rules ask for, of that very content."""
        asked = next((each for each in rules.approvals if each.covers(NoticeApproved.TOPIC)), None)
        opened_on = self._opening.opened_on
        for each in self._shown if asked is not None else ():
            if opened_on is not None and each.from_on < opened_on:
                continue  # shown before there was this ledger: nobody could have approved it here
            approved = seen.approved(each.notice)
            if approved is None or unlike(approved, each):
                yield Problem(
                    "notice.unapproved",
                    f"公示“{each.notice}”的这份内容没有经过批准,不能公开",
                    "请先把草稿送另一人批准:xianjie notice approve",
                    f"{rules.pack} {rules.version} {asked.id},出处 {asked.source}" if asked else "",
                )


def _in_doubt(proposal: str, seen: Seen) -> Iterator[Problem]:
    """Find who made or checked a proposal with a key that is no longer trusted there: it is no ground to stand on."""
    for person in sorted(seen.doubted(proposal)):
        yield Problem(
            "proposal.in_doubt",
            f"提议“{proposal}”上 {person} 的签名已不可信(密钥已吊销,自其签名之前起不可信)",
            "请退回,由本人用新的密钥重新提出或审核",
        )


def _same_person(acts: dict[Role, set[str]], rules: RulePack) -> Iterator[Problem]:
    for pair in rules.incompatible:
        if pair.within != "proposal":
            continue
        one, other = sorted(pair.roles)
        both = acts.get(Role(one), set()) & acts.get(Role(other), set())
        if both:
            names = f"{name_of(Role, one)}和{name_of(Role, other)}"
            yield Problem(
                "proposal.same_person",
                f"{'、'.join(sorted(both))} 在同一提议中既{names}:须是不同的人(与用哪把密钥无关)",
                "请另一人办理",
                f"{rules.pack} {rules.version} {pair.id},出处 {pair.source}",
            )


def _duties_of(event: RulePackAdopted) -> bool:
    return bool(parse_pack(event.text, event.base).duties)

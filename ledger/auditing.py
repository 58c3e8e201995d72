"""Walk a log and check again, from the events alone, that everybody could record what stands under his name.

The rules are those of the append path (``ledger.domain.authority``). Run it after ``ledger.log.verify`` found the bytes
to be what was hashed: nothing is decoded from bytes that contradict their hashes. Memory: the people, the proposals
without their commands, the approved notices, who made entries of each subject, and one page of events.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeAlias

from ledger.database import read_transaction
from ledger.dates import CHINA, from_utc_text
from ledger.domain.authority import BatchCheck, Problem, Seen
from ledger.domain.people import Opening, People, evolve_opening, evolve_people
from ledger.domain.proposal import Proposal, evolve_proposal
from ledger.errors import ProofError
from ledger.events import (
    Event,
    NoticeAmended,
    NoticeApproved,
    NoticePublished,
    ProposalApproved,
    ProposalChecked,
    ProposalMade,
    RulePackAdopted,
    registry,
    streams,
)
from ledger.log.finding import Findings, Kind
from ledger.log.reading import Batch, Row, read_page, root_at
from ledger.log.signatures import batches, doubted_signers, signed_note
from ledger.rules import Adoption, in_force, parse_pack
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.merkle import EMPTY_ROOT
from ledger.transparency.note import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from ledger.log.finding import Finding, Kind
    from ledger.rules import RulePack

__all__ = ["AuthorityReport", "InDoubt", "check_authority", "true_keys"]

_PAGE: Final = 2_000
_Shown: TypeAlias = NoticePublished | NoticeAmended
_SHOWN_TOPICS: Final = frozenset({NoticePublished.TOPIC, NoticeAmended.TOPIC})
_SUBJECTS: Final = tuple(name("") for name in (streams.tranche, streams.project, streams.asset))


@dataclass(frozen=True, slots=True)
class InDoubt:
    """A batch signed with a key from a position from which the key is not trusted: to be confirmed again.

    With a ``proposal`` the batch itself is signed by others, who agreed with what such a key made or checked.
    """

    first: int
    last: int
    person: str
    key: str
    reason: str
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class AuthorityReport:
    """``signed`` batches stand under a true signature of their actor, ``unsigned`` need none (a trial ledger)."""

    mode: str
    signed: int
    unsigned: int
    findings: list[Finding]
    total: int
    in_doubt: list[InDoubt]


def check_authority(engine: Engine) -> AuthorityReport:
    """Check every batch of the log. Raises StorageError, TamperedError (events that cannot be read)."""
    findings, counts, known = Findings(), {True: 0, False: 0}, _Known()
    with read_transaction(engine) as connection:
        for batch, rows in _batches_with_rows(connection):
            problems = list[Problem]()
            if known.opening.mode == "trial":
                known.look_over(rows)
            else:
                problems = known.check(batch, rows)
            for each in problems:
                kind: Kind = "signature" if each.code.startswith("signature.") else "authority"
                span = f"第 {batch.id} 批(第 {batch.first} 至 {batch.last} 号,经办 {batch.actor})"
                message = f"{span}:{each.message}"
                findings.add(kind, batch.first, message, expected=each.rule, found=batch.checkpoint)
            for position, event in known.shown:
                _check_root(connection, findings, position, event)
            signed = known.opening.mode == "signed"
            counts[signed] += not any(each.code.startswith("signature.") for each in problems)
        in_doubt = list(_in_doubt(connection, known))
    found = findings.in_order()
    return AuthorityReport(known.opening.mode, counts[True], counts[False], found, findings.total, in_doubt)


@dataclass(slots=True)
class _Known:
    """What the log has said so far."""

    opening: Opening = field(default_factory=Opening)
    people: People = field(default_factory=People)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    makers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Who made the entries of each stream that a notice may be about."""
    approved: dict[str, NoticeApproved] = field(default_factory=dict)
    shown: list[tuple[int, _Shown]] = field(default_factory=list)
    """The publications of the batch that was checked last."""
    adoptions: list[Adoption] = field(default_factory=list)
    spoken: dict[str, list[Batch]] = field(default_factory=dict)
    """The batches in which each proposal was made and checked."""
    resting: dict[int, str] = field(default_factory=dict)
    """The proposal on which each approving batch rests, by the first position of the batch."""
    root: str = EMPTY_ROOT.hex()

    def check(self, batch: Batch, rows: Iterator[Row]) -> list[Problem]:
        """Return what is wrong with the batch, and take its events in."""
        self.shown.clear()
        day = from_utc_text(batch.recorded_at).astimezone(CHINA).date()
        check = BatchCheck(self.opening, self.people, batch.actor, day)
        opening, people, adopted = self.opening, self.people, list[Adoption]()
        proposals: dict[str, Proposal] = {}
        maker = batch.actor
        approved: dict[str, NoticeApproved] = {}
        for row in rows:
            position, event = row.position, _event(row)
            check.take(event, registry.encode(event))
            opening = evolve_opening(opening, event)
            if event.stream == streams.PEOPLE:
                people = evolve_people(people, event)
            elif isinstance(event, RulePackAdopted):
                adopted.append(Adoption(parse_pack(event.text, event.base), event.effective_on, position))
            elif isinstance(event, NoticeApproved):
                approved[event.notice] = event
            elif isinstance(event, _Shown):
                self.shown.append((position, event))
            elif event.stream.startswith("proposal:"):
                maker = self._said(batch, event, proposals) or maker
            elif event.stream.startswith(_SUBJECTS):
                self._made(event.stream, maker)

        def rules() -> RulePack:
            return in_force(self.adoptions, self.opening.area, day)

        def proposal(code: str) -> Proposal:
            return self.proposals.get(code, Proposal())

        keys = true_keys(batch, people if not self.opening.mode else self.people)
        before = rules, proposal, self.approved.get, self._makers_of, self._doubted
        problems = list(check.problems(Seen(keys, self.root, batch.first, *before)))
        self.opening, self.people = opening, people
        self.adoptions += adopted
        self.proposals |= proposals
        self.approved |= approved
        self.root = Checkpoint.parse(batch.checkpoint).root.hex()
        return problems

    def look_over(self, rows: Iterator[Row]) -> None:
        """Take in a batch of a trial ledger: nobody needs leave there, so nothing but publications says anything."""
        shown = (row for row in rows if row.topic in _SHOWN_TOPICS)
        self.shown = [(row.position, event) for row in shown if isinstance(event := _event(row), _Shown)]

    def _made(self, stream: str, maker: str) -> None:
        known = self.makers.get(stream, ())
        if maker not in known:
            self.makers[stream] = (*known, maker)

    def _said(self, batch: Batch, event: Event, proposals: dict[str, Proposal]) -> str:
        """Take in what was said to a proposal; return whose entries follow it in the batch, if any do."""
        code = event.stream.partition(":")[2]
        before = proposals.get(code, self.proposals.get(code, Proposal()))
        proposals[code] = evolve_proposal(before, event).without_commands()
        if isinstance(event, ProposalMade | ProposalChecked):
            self.spoken.setdefault(code, []).append(batch)
        if not isinstance(event, ProposalApproved) or before.made is None:
            return ""
        self.resting[batch.first] = code
        return before.made.maker

    def _doubted(self, proposal: str) -> set[str]:
        said = self.spoken.get(proposal, ())
        return {each.person for batch in said for each in doubted_signers(batch, self.people)}

    def _makers_of(self, stream: str) -> tuple[str, ...]:
        return self.makers.get(stream, ())


def _batches_with_rows(connection: Connection) -> Iterator[tuple[Batch, Iterator[Row]]]:
    grouped = groupby(_rows(connection), key=attrgetter("batch"))
    for batch, (number, rows) in zip(batches(connection), grouped, strict=True):
        if batch.id != number:
            message = "verify must have found the batches to be those of the events"
            raise AssertionError(message)
        yield batch, rows


def _rows(connection: Connection) -> Iterator[Row]:
    done = 0
    while rows := read_page(connection, done, _PAGE):
        yield from rows
        done = rows[-1].position


def _event(row: Row) -> Event:
    return registry.decode(row.topic, row.state)


def _check_root(connection: Connection, findings: Findings, position: int, event: _Shown) -> None:
    """Find a publication that says it was cut from a state which this ledger never had."""
    if not event.root:
        return
    true = root_at(connection, event.position).hex() if event.position < position else ""
    if event.root != true:
        message = f"第 {position} 号:公示“{event.notice}”写明的根值不是账本第 {event.position} 号时的根值"
        findings.add("checkpoint", position, message, expected=true, found=event.root)


def true_keys(batch: Batch, people: People) -> list[str]:
    """Return the keys of the actor that truly signed the batch."""
    try:
        found = signed_note(batch.checkpoint).verify(map(_parsed, people.keys_of(batch.actor)))
    except ProofError:
        return []
    return [str(key) for key, _ in found]


def _in_doubt(connection: Connection, known: _Known) -> Iterator[InDoubt]:
    people = known.people
    if not any(each.not_trusted_since for each in people.revoked.values()):
        return
    for batch in batches(connection):
        for each in doubted_signers(batch, people):
            yield InDoubt(batch.first, batch.last, each.person, _parsed(each.key).name, each.reason)
        proposal = known.resting.get(batch.first, "")
        beneath = [each for said in known.spoken.get(proposal, ()) for each in doubted_signers(said, people)]
        for each in {each.key: each for each in beneath}.values():
            yield InDoubt(batch.first, batch.last, each.person, _parsed(each.key).name, each.reason, proposal)


_parsed = lru_cache(maxsize=1_000)(Key.parse)

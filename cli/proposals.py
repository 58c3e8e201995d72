"""Proposals on the screen: one line each in a list, and everything about one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from cli.context import open_facts, open_ledger, open_log
from cli.event_rows import EventLines
from cli.output import Table, fields_table, show
from cli.recording import bring_facts_up_to_date
from cli.words import THINGS, amount_words
from ledger.errors import NotFoundError
from ledger.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.context import Settings
    from ledger.application import Ledger, Outcome
    from projections.proposals import Waiting

__all__ = [
    "SHOWN_EVENTS",
    "approve_seen",
    "as_json",
    "confirm_seen",
    "find_proposal",
    "proposal_fields",
    "proposal_table",
    "read_proposals",
    "recorded_lines",
    "review_proposal",
    "waiting_totals",
]

_PAGE: Final = 1_000
_STATES: Final = {
    "to_check": "待审核",
    "to_approve": "待审批",
    "approved": "已批准",
    "rejected": "已退回",
    "withdrawn": "已撤回",
}


SHOWN_EVENTS: Final = 50
"""So many events are shown one by one before a proposal is agreed to; all of them are added up."""


class Reviewed(NamedTuple):
    """What a proposal would record: its lines, and the hash that stands for them."""

    seen_hash: str
    lines: EventLines


def read_proposals(settings: Settings) -> list[Waiting]:
    """Return every proposal, to be listed; what is agreed to is read by ``find_proposal``.

    Raises StorageError, TamperedError.
    """
    from ledger.database import read_transaction
    from projections.proposals import proposals

    with open_facts(settings) as engine, read_transaction(engine) as connection:
        return proposals(connection)


def find_proposal(settings: Settings, code: str) -> Waiting:
    """Return one proposal as it stands in the log itself. Raises NotFoundError, StorageError, TamperedError."""
    from ledger.database import read_transaction
    from projections.recorded_proposal import recorded_proposal

    with open_log(settings) as engine, read_transaction(engine) as connection:
        found = recorded_proposal(connection, code)
    if found is None:
        raise NotFoundError("proposal.unknown", f"没有编号为“{code}”的提议", hint="用 xianjie proposal list 查看")
    return found


def review_proposal(settings: Settings, one: Waiting, most: int | None = SHOWN_EVENTS) -> Reviewed:
    """Return what an open proposal would record if it were approved now, by deciding its commands again.

    Raises:
        ConflictError: it would record something else than its maker saw, or says of itself what is not so.
        LedgerError: as ``Ledger.review``.
    """
    lines = EventLines(most)
    with open_ledger(settings, signed=False) as ledger:
        found = ledger.review(one.proposal, lines.take)
    return Reviewed(found.seen_hash, lines)


def recorded_lines(settings: Settings, code: str, most: int | None) -> EventLines:
    """Return what was recorded when a proposal was approved; nothing where it was not. Raises StorageError."""
    from ledger.database import read_transaction
    from ledger.events import ProposalApproved, registry, streams
    from ledger.log.reading import batch_numbered, read_page, read_stream

    lines = EventLines(most)
    with open_log(settings) as engine, read_transaction(engine) as connection:
        for said in read_stream(connection, streams.proposal(code)):
            if said.topic != ProposalApproved.TOPIC:
                continue
            last, done = batch_numbered(connection, said.batch).last, said.position
            while rows := read_page(connection, done, _PAGE, last):
                for row in rows:
                    lines.take(registry.decode(row.topic, row.state))
                done = rows[-1].position
    return lines


def confirm_seen(settings: Settings, one: Waiting, question: str, *, yes: bool) -> str:
    """Show what is about to be signed, and ask; return the hash of what was shown, which is what is signed.

    Raises Abort, and as ``review_proposal``.
    """
    seen = review_proposal(settings, one)
    if settings.format == "table":
        show("table", None, proposal_fields(one), *seen.lines.tables("会记入的内容"))
    if not yes:
        click.confirm(question, abort=True, err=True)
    return seen.seen_hash


def approve_seen(ledger: Ledger, settings: Settings, one: Waiting, seen_hash: str) -> Outcome:
    """Agree with what was shown, as an approver, and record what it leads to. Raises LedgerError."""
    from ledger.application import Submission

    by = Submission(settings.actor, f"approve {one.command}", one.document)
    outcome = ledger.approve(one.proposal, seen_hash, by)
    bring_facts_up_to_date(ledger.appender.engine)
    return outcome


def proposal_table(found: Sequence[Waiting], notes: Sequence[str] = ()) -> Table:
    """Return one line for each proposal."""
    rows = [
        [
            each.proposal,
            _STATES[each.state],
            each.maker,
            each.command,
            _subject(each),
            str(each.count),
            format_yuan(each.total_fen),
            each.made_on,
        ]
        for each in found
    ]
    return Table(("编号", "状态", "提出人", "事项", "对象", ">条数", ">金额(元)", "提出日期"), rows, notes=notes)


def proposal_fields(one: Waiting) -> Table:
    """Return everything about one proposal; the amount in capitals, as it is read before it is approved."""
    pairs = [
        ("编号", one.proposal),
        ("状态", _STATES[one.state]),
        ("提出人", one.maker),
        ("事项", one.command),
        ("对象", _subject(one)),
        ("依据", one.document),
        ("条数", str(one.count)),
        ("须批准的金额", amount_words(one.total_fen) if one.total_fen else ""),
        ("须先审核", "是" if one.checked else "否"),
        ("已审核", "、".join(one.checkers)),
        ("办结人", one.closed_by),
        ("原因", one.reason),
        ("内容散列", one.seen_hash),
    ]
    return fields_table("", pairs)


def waiting_totals(found: Sequence[Waiting]) -> dict[str, int]:
    """Return how many wait, and the money in them."""
    waiting = [each for each in found if each.is_open]
    return {"count": len(waiting), "total_fen": sum(each.total_fen for each in waiting)}


def as_json(one: Waiting) -> dict[str, object]:
    """Return a proposal as ``docs/reference/json.md`` says."""
    return asdict(one)


def _subject(one: Waiting) -> str:
    kind, _, code = one.subject.partition(":")
    return f"{THINGS.get(kind, kind)} {code}".strip()

"""Proposals on the screen: one line each in a list, and everything about one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from cli.context import open_facts
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
    "approve_seen",
    "as_json",
    "confirm_seen",
    "find_proposal",
    "proposal_fields",
    "proposal_table",
    "read_proposals",
    "waiting_totals",
]

_STATES: Final = {
    "to_check": "待审核",
    "to_approve": "待审批",
    "approved": "已批准",
    "rejected": "已退回",
    "withdrawn": "已撤回",
}


def read_proposals(settings: Settings) -> list[Waiting]:
    """Return every proposal. Raises StorageError, TamperedError."""
    from ledger.database import read_transaction
    from projections.proposals import proposals

    with open_facts(settings) as engine, read_transaction(engine) as connection:
        return proposals(connection)


def find_proposal(settings: Settings, code: str) -> Waiting:
    """Return one proposal. Raises NotFoundError."""
    found = next((each for each in read_proposals(settings) if each.proposal == code), None)
    if found is None:
        raise NotFoundError("proposal.unknown", f"没有编号为“{code}”的提议", hint="用 xianjie proposal list 查看")
    return found


def confirm_seen(settings: Settings, one: Waiting, question: str, *, yes: bool) -> None:
    """Show what is about to be signed, and ask; what is shown is what the signature will be about. Raises Abort."""
    if settings.format == "table":
        show("table", None, proposal_fields(one))
    if not yes:
        click.confirm(question, abort=True, err=True)


def approve_seen(ledger: Ledger, settings: Settings, one: Waiting) -> Outcome:
    """Agree with what was shown, as an approver, and record what it leads to. Raises LedgerError."""
    from ledger.application import Submission

    by = Submission(settings.actor, f"approve {one.command}", one.document)
    outcome = ledger.approve(one.proposal, one.seen_hash, by)
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

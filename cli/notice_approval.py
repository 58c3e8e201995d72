"""``xianjie notice approve``: a draft that was checked is agreed to, by two persons where the ledger is signed.

Whoever publishes asks with the draft in hand; that becomes a proposal like any other. The second person says the same
of the same file: what both saw is its content hash, and the ledger itself has cut it again for each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.context import open_ledger, open_log
from cli.notices import with_draft
from cli.proposals import approve_seen, confirm_seen, read_proposals
from cli.recording import Entry, show_outcome
from ledger.errors import ConflictError, RuleRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cli.context import Settings
    from ledger.domain.notice import ApproveNotice
    from projections.proposals import Waiting

__all__ = ["approve_draft"]


def approve_draft(entry: Entry, notice: str, file: Path) -> None:
    """Record the approval, propose it, or agree with the proposal of another, as the ledger and the person ask.

    Raises:
        RuleRefusedError: the draft carries personal data, or the ledger says something else than it.
        ConflictError: what waits for agreement under this code is another draft.
        LedgerError: as recording does.
    """
    from ledger.domain.notice import ApproveNotice

    values = with_draft(entry.settings, file, {"notice": notice})
    # What is agreed to is the content; how it was cut is said when it is published.
    del values["cut"]
    command = entry.build(ApproveNotice, values)
    waiting = [one for one in read_proposals(entry.settings) if one.is_open]
    asked = [(one, draft) for one in waiting for draft in _drafts_in(entry.settings, one) if draft.notice == notice]
    if asked and not entry.dry_run:
        _agree(entry, command, asked)
        return
    outcome = entry.submit([command])
    with open_ledger(entry.settings, signed=False) as ledger:
        trial = ledger.mode == "trial"
    notes = ["试用账本:一人批准,不是两人办理"] if trial else []
    if outcome.proposal and not entry.dry_run:
        notes = [f"请另一人对同一份草稿批准:xianjie notice approve {notice} --file {file.name}"]
    show_outcome(entry, outcome, notes, content_hash=command.content_hash)


def _agree(entry: Entry, command: ApproveNotice, asked: Sequence[tuple[Waiting, ApproveNotice]]) -> None:
    """Agree with what somebody else asked for: the draft in hand must be that one."""
    same = next((one for one, draft in asked if draft.content_hash == command.content_hash), None)
    if same is None:
        one, draft = asked[0]
        raise ConflictError(
            "notice.other_draft",
            f"{one.proposal} 送审的草稿指纹为 {draft.content_hash},这份的是 {command.content_hash}:不是同一份",
            hint=f"请批准送审的那一份;草稿改过的,请 {one.maker} 撤回提议后重新送审",
        )
    with open_ledger(entry.settings) as ledger:
        if same.maker == entry.settings.actor:
            raise RuleRefusedError(
                "notice.asked_already",
                f"这份草稿你已送审({same.proposal})",
                hint="请另一人批准;不送了的用 xianjie proposal withdraw 撤回",
            )
        seen_hash = confirm_seen(entry.settings, same, "这份草稿与账本逐字相符,确认批准", yes=entry.yes)
        outcome = approve_seen(ledger, entry.settings, same, seen_hash)
    show_outcome(entry, outcome, approved=same.proposal, content_hash=command.content_hash)


def _drafts_in(settings: Settings, one: Waiting) -> list[ApproveNotice]:
    from ledger.commands import commands_in
    from ledger.commands.work import PROPOSAL
    from ledger.database import read_transaction
    from ledger.domain.history import fold
    from ledger.domain.notice import ApproveNotice
    from ledger.events import registry
    from ledger.log.reading import read_stream

    if not one.subject.startswith("notice:"):
        return []
    with open_log(settings) as engine, read_transaction(engine) as connection:
        rows = read_stream(connection, PROPOSAL.stream(one.proposal))
    state = fold(PROPOSAL.evolve, PROPOSAL.start, [registry.decode(row.topic, row.state) for row in rows])
    return [each for part in state.parts for each in commands_in(part) if isinstance(each, ApproveNotice)]

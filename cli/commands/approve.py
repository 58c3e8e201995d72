"""``xianjie check``, ``approve`` and ``reject``: what others say to a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.context import Settings, format_option, open_ledger
from cli.help import Verb
from cli.output import show
from cli.params import TEXT
from cli.proposals import find_proposal, proposal_fields
from cli.recording import Entry, bring_facts_up_to_date, show_outcome, write_options
from ledger.dates import today

if TYPE_CHECKING:
    from projections.proposals import Waiting

__all__ = ["approve", "check", "reject"]


@click.command(cls=Verb, help="审核一项提议:先看内容和金额,确认后签名")
@click.argument("code", metavar="提议编号", type=TEXT)
@write_options
def check(entry: Entry, code: str) -> None:
    """Agree as a checker."""
    from ledger.domain.proposal import CheckProposal

    one = _shown(entry.settings, code, yes=entry.yes, question="确认审核无误")
    entry.record(CheckProposal, {"proposal": code, "seen_hash": one.seen_hash})


@click.command(cls=Verb, help="批准一项提议:先看内容和金额,确认后签名并记账")
@click.argument("code", metavar="提议编号", type=TEXT)
@click.option("--yes", is_flag=True, help="不再询问")
@format_option
@click.pass_context
def approve(ctx: click.Context, code: str, *, yes: bool) -> None:
    """Agree as an approver, and record."""
    from ledger.application import Submission

    settings = ctx.ensure_object(Settings)
    one = _shown(settings, code, yes=yes, question="确认批准并记账")
    with open_ledger(settings) as ledger:
        outcome = ledger.approve(
            code, one.seen_hash, Submission(settings.actor, f"approve {one.command}", one.document)
        )
        bring_facts_up_to_date(ledger.appender.engine)
    entry = Entry(settings, "approve", today(), one.document, "", None, dry_run=False)
    show_outcome(entry, outcome, approved=code)


@click.command(cls=Verb, help="退回一项提议(须写 --reason)")
@click.argument("proposal", metavar="提议编号", type=TEXT)
@write_options
def reject(entry: Entry, **values: object) -> None:
    """Refuse as a checker or approver."""
    from ledger.domain.proposal import RejectProposal

    entry.record(RejectProposal, values)


def _shown(settings: Settings, code: str, *, yes: bool, question: str) -> Waiting:
    """Show what is about to be signed, and ask; what is shown is what the signature will be about."""
    one = find_proposal(settings, code)
    if settings.format == "table":
        show("table", None, proposal_fields(one))
    if not yes:
        click.confirm(question, abort=True, err=True)
    return one

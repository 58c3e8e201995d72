"""``xianjie check``, ``approve`` and ``reject``: what others say to a proposal."""

from __future__ import annotations

import click

from cli.context import Settings, format_option, open_ledger
from cli.help import Verb
from cli.params import TEXT
from cli.proposals import approve_seen, confirm_seen, find_proposal
from cli.recording import Entry, show_outcome, write_options
from ledger.dates import today

__all__ = ["approve", "check", "reject"]


@click.command(cls=Verb, help="审核一项提议:先看内容和金额,确认后签名")
@click.argument("code", metavar="提议编号", type=TEXT)
@write_options
def check(entry: Entry, code: str) -> None:
    """Agree as a checker."""
    from ledger.domain.proposal import CheckProposal

    one = find_proposal(entry.settings, code)
    seen_hash = confirm_seen(entry.settings, one, "确认审核无误", yes=entry.yes)
    entry.record(CheckProposal, {"proposal": code, "seen_hash": seen_hash})


@click.command(cls=Verb, help="批准一项提议:先看内容和金额,确认后签名并记账")
@click.argument("code", metavar="提议编号", type=TEXT)
@click.option("--yes", is_flag=True, help="不再询问")
@format_option
@click.pass_context
def approve(ctx: click.Context, code: str, *, yes: bool) -> None:
    """Agree as an approver, and record."""
    settings = ctx.ensure_object(Settings)
    one = find_proposal(settings, code)
    seen_hash = confirm_seen(settings, one, "确认批准并记账", yes=yes)
    with open_ledger(settings) as ledger:
        outcome = approve_seen(ledger, settings, one, seen_hash)
    entry = Entry(settings, "approve", today(), one.document, "", None, dry_run=False)
    show_outcome(entry, outcome, approved=code)


@click.command(cls=Verb, help="退回一项提议(须写 --reason)")
@click.argument("proposal", metavar="提议编号", type=TEXT)
@write_options
def reject(entry: Entry, **values: object) -> None:
    """Refuse as a checker or approver."""
    from ledger.domain.proposal import RejectProposal

    entry.record(RejectProposal, values)

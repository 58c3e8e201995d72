"""``xianjie proposal``: commands that wait for others."""

from __future__ import annotations

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.output import fields_table, show
from cli.params import TEXT
from cli.proposals import (
    SHOWN_EVENTS,
    as_json,
    find_proposal,
    proposal_fields,
    proposal_table,
    read_proposals,
    recorded_lines,
    review_proposal,
)
from cli.recording import Entry, write_options
from ledger.errors import ConflictError, StorageError

__all__ = ["proposal"]


@click.group(cls=Noun, help="提议:列出、查看、撤回")
def proposal() -> None:
    """Proposals."""


@proposal.command("list", help="列出提议,默认只列待批的")
@click.option("--all", "everything", is_flag=True, help="已办结的也列出")
@answer_options
@with_settings
def list_(settings: Settings, *, everything: bool) -> None:
    """List proposals."""
    found = [each for each in read_proposals(settings) if everything or each.is_open]
    show(settings.format, {"proposals": [as_json(each) for each in found]}, proposal_table(found))


@proposal.command("show", help="查看一项提议和其中的每条命令")
@click.argument("code", metavar="提议编号", type=TEXT)
@click.option("--all", "everything", is_flag=True, help="会记入的内容全部列出")
@answer_options
@with_settings
def show_(settings: Settings, code: str, *, everything: bool) -> None:
    """Show one proposal with its commands, and what it would record while it is open."""
    from ledger.commands import commands_in
    from ledger.commands.work import PROPOSAL
    from ledger.database import read_transaction
    from ledger.domain.history import fold
    from ledger.events import registry
    from ledger.log.reading import read_stream

    one = find_proposal(settings, code)
    with open_log(settings) as engine, read_transaction(engine) as connection:
        rows = read_stream(connection, PROPOSAL.stream(code))
    state = fold(PROPOSAL.evolve, PROPOSAL.start, [registry.decode(row.topic, row.state) for row in rows])
    commands = [
        {"kind": type(each).__name__, **each.model_dump(mode="json", exclude_defaults=True)}
        for part in state.parts
        for each in commands_in(part)
    ]
    data = {**as_json(one), "commands": commands}
    most = None if everything else SHOWN_EVENTS
    try:
        lines = review_proposal(settings, one, most).lines if one.is_open else recorded_lines(settings, code, most)
    except (ConflictError, StorageError) as error:
        # It can no longer be agreed to; whoever looks at it is to see that, and why.
        problem = fields_table("不能照原样批准", [("原因", error.message), ("怎么办", error.hint)])
        show(settings.format, {**data, "events": None, "problem": error.message}, proposal_fields(one), problem)
        return
    tables = lines.tables("会记入的内容" if one.is_open else "记入的内容") if lines.data else []
    show(settings.format, {**data, "events": lines.data}, proposal_fields(one), *tables)


@proposal.command(help="撤回自己的提议(须写 --reason)")
@click.argument("proposal", metavar="提议编号", type=TEXT)
@write_options
def withdraw(entry: Entry, **values: object) -> None:
    """Take one's own proposal back."""
    from ledger.domain.proposal import WithdrawProposal

    entry.record(WithdrawProposal, values)

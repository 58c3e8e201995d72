"""``xianjie proposal``: commands that wait for others."""

from __future__ import annotations

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.output import Table, show
from cli.params import TEXT
from cli.proposals import as_json, find_proposal, proposal_fields, proposal_table, read_proposals
from cli.recording import Entry, write_options

__all__ = ["proposal"]

_SHOWN = 50


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
@answer_options
@with_settings
def show_(settings: Settings, code: str) -> None:
    """Show one proposal with its commands."""
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
    lines = [
        [str(number), ",".join(f"{name} {value}" for name, value in each.items() if name != "text")]
        for number, each in enumerate(commands[:_SHOWN], start=1)
    ]
    rest = [f"…… 共 {len(commands)} 条,只列出前 {_SHOWN} 条"] if len(commands) > _SHOWN else []
    table = Table((">条", "内容"), lines, title="内容", notes=rest)
    show(settings.format, {**as_json(one), "commands": commands}, proposal_fields(one), table)


@proposal.command(help="撤回自己的提议(须写 --reason)")
@click.argument("proposal", metavar="提议编号", type=TEXT)
@write_options
def withdraw(entry: Entry, **values: object) -> None:
    """Take one's own proposal back."""
    from ledger.domain.proposal import WithdrawProposal

    entry.record(WithdrawProposal, values)

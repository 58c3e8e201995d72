"""``xianjie inbox``: what waits for whoever is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Verb
from cli.output import show
from cli.proposals import as_json, proposal_table, read_proposals, waiting_totals
from cli.words import amount_words
from ledger.dates import today

if TYPE_CHECKING:
    from ledger.domain.people import People
    from projections.proposals import Waiting

__all__ = ["inbox"]


@click.command(cls=Verb, help="待办:等我审核、审批的提议;没有登录时列出全部待批的")
@answer_options
@with_settings
def inbox(settings: Settings) -> None:
    """Show what waits."""
    from cli.agent import running_agent
    from cli.people import read_people

    agent = running_agent()
    found = [each for each in read_proposals(settings) if each.is_open]
    totals = waiting_totals(found)
    if agent is not None:
        with open_log(settings) as engine:
            people = read_people(engine)
        found = [each for each in found if _waits_for(agent.person, each, people)]
    person = agent.person if agent else None
    own = waiting_totals(found)
    whose = f"等 {person} 办理" if person else "待批"
    notes = [
        f"{whose}:{own['count']} 项,{amount_words(own['total_fen'])}",
        f"全部待批:{totals['count']} 项,{amount_words(totals['total_fen'])},均未计入报表",
    ]
    data = {"person": person, "waiting": totals, "proposals": [as_json(each) for each in found]}
    show(settings.format, data, proposal_table(found, notes))


def _waits_for(person: str, one: Waiting, people: People) -> bool:
    """Say whether the person could take the next step: the right role, and no step taken yet."""
    roles = people.roles(person, "", today())
    wanted = {"checker"} if one.state == "to_check" else {"approver", "admin"}
    return person != one.maker and person not in one.checkers and bool(roles & wanted)

"""``xianjie correct``: history is never edited; a mistake is reversed by a further entry, and recorded anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.context import Settings, answer_options, open_facts, open_log, with_settings
from cli.corrections import (
    balances,
    balances_table,
    entries_at,
    entries_table,
    entry_words,
    fact_rows,
    naming_what_is_later,
    parse_changes,
    reversed_by,
)
from cli.help import Noun
from cli.output import Table, show
from cli.params import FIELD_VALUE, WHOLE
from cli.recording import Entry, write_options
from cli.words import FIELDS, beijing, field_text, topic_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from ledger.domain.command import Command
    from ledger.domain.control import Recorded

__all__ = ["correct"]

_position_argument = click.argument("position", metavar="序号", type=WHOLE)


@click.group(cls=Noun, help="更正:预览、冲销、改记、历次;历史保留")
def correct() -> None:
    """Corrections."""


@correct.command(help="预览冲销:记什么、余额怎么变、哪些后续记录依赖它;不记账")
@_position_argument
@answer_options
@with_settings
def preview(settings: Settings, position: int) -> None:
    """Show what reversing an entry would do; exit code 1 where it would be refused."""
    entry = Entry(settings, "correct preview", None, "", "", None, dry_run=True)
    with naming_what_is_later(entry):
        halves, events = reversed_by(entry, position)
    with open_log(settings) as engine:
        from cli.histories import history_of

        before = {each.stream: [at.event for at in history_of(engine, each.stream).recorded] for each in halves}
    changed, facts = balances(before, events), fact_rows(events)
    data = {
        "position": position,
        "reverses": [
            {
                "position": each.position,
                "topic": each.topic,
                "stream": each.stream,
                "data": each.event.model_dump(mode="json"),
            }
            for each in halves
        ],
        "facts": facts,
        "balances": changed,
        "later": [],
    }
    rows = [
        [each["table"], each["stream"], format_yuan(each["amount_fen"]) if "amount_fen" in each else ""]
        for each in facts
    ]
    show(
        settings.format,
        data,
        entries_table(f"将冲销(未记账):{entry_words(halves)}", [(each.position, each.event) for each in halves]),
        Table(("表", "序列", ">金额(元)"), rows, "抵消的报表数据"),
        balances_table(changed),
        Table((), (), notes=[f"没有后续记录依赖它。冲销:xianjie correct undo {position} --reason 原因 --doc 批准文号"]),
    )


@correct.command(help="冲销一条记录(须写 --reason 和 --doc);成对的另一条一并冲销")
@_position_argument
@write_options
def undo(entry: Entry, position: int) -> None:
    """Reverse the entry at a position, and its other half."""
    from ledger.domain.control import ReverseEvent

    command = entry.build(ReverseEvent, {"position": position})
    with naming_what_is_later(entry):
        halves = _halves(entry, position) if entry.asks else []
        entry.record_asking([command], f"冲销{entry_words(halves)}。确认?" if halves else "")


@correct.command(help="改记:冲销一条记录,并在同一批按改后的内容重新登记(须写 --reason 和 --doc)")
@_position_argument
@click.option(
    "--set",
    "pairs",
    type=FIELD_VALUE,
    multiple=True,
    required=True,
    help="改后的内容,如 金额=50万元、凭证号=记-12;可重复",
)
@write_options
def amend(entry: Entry, position: int, pairs: tuple[str, ...]) -> None:
    """Reverse an entry and record it anew with other values, in one batch."""
    from ledger.commands.amendment import AMENDABLE, amended, cannot_amend, same_entry
    from ledger.domain.control import ReverseEvent

    command = entry.build(ReverseEvent, {"position": position})
    with naming_what_is_later(entry):
        halves = _halves(entry, position)
        unchanged = amended(halves, {})
        # The table of commands is not trusted: unchanged, the command must lead to the very entry it stands for.
        if not same_entry(halves, entry.preview([command, unchanged]).events[len(halves) :]):
            raise cannot_amend(halves)
        fields = next(AMENDABLE[each.topic] for each in halves if each.topic in AMENDABLE).model_fields
        changes = parse_changes(pairs, {name: field.annotation for name, field in fields.items()})
        anew = amended(halves, changes)
        entry.record_asking([command, anew], f"冲销{entry_words(halves)},改为:{_changes_words(anew, changes)}。确认?")


@correct.command("list", help="历次更正:冲销了哪一条,原因、批准文号、由谁更正")
@answer_options
@with_settings
def list_(settings: Settings) -> None:
    """List the corrections in the order of recording."""
    from sqlalchemy import select

    from ledger.database import read_transaction
    from ledger.events import EventReversed
    from ledger.log.reading import batch_of
    from projections.tables import fact_citation

    cited = fact_citation.c
    with open_facts(settings) as engine, read_transaction(engine) as connection:
        # Every reversal names the document that approved it, so the citations know them all.
        wanted = select(cited.position).where(cited.topic == "event.reversed").distinct().order_by(cited.position)
        found = entries_at(connection, [int(position) for (position,) in connection.execute(wanted)])
        batches = {position: batch_of(connection, position) for position, _ in found}
    records = [
        {
            "position": position,
            "reverses": event.reversed_position,
            "topic": event.reversed_topic,
            "stream": event.reversed_stream,
            "effective_on": event.effective_on.isoformat(),
            "corrected_on": event.corrected_on.isoformat(),
            "reason": event.reason,
            "document": event.document,
            "actor": batches[position].actor,
            "command": batches[position].command,
            "batch": batches[position].id,
            "recorded_at": batches[position].recorded_at,
        }
        for position, event in found
        if isinstance(event, EventReversed)
    ]
    rows = [
        [
            str(each["position"]),
            f"第 {each['reverses']} 号",
            topic_name(str(each["topic"])),
            str(each["stream"]),
            "改记" if each["command"] == "correct amend" else "冲销",
            str(each["reason"]),
            str(each["document"]),
            str(each["actor"]),
            beijing(str(each["recorded_at"])),
        ]
        for each in records
    ]
    heads = ("序号", "冲销", "事项", "序列", "方式", "原因", "批准文号", "经办", "记账时间")
    show(settings.format, records, Table(heads, rows, "历次更正"))


def _halves(entry: Entry, position: int) -> list[Recorded]:
    return reversed_by(entry, position)[0]


def _changes_words(command: Command, changes: dict[str, Any]) -> str:
    said = command.model_dump(mode="json")
    return ",".join(f"{FIELDS.get(name, '业务日期')} {field_text(name, said[name])}" for name in changes)

"""What the verbs of ``xianjie correct`` share: an entry with its halves, what rests on it, values typed for a field."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import open_log
from cli.histories import amount_of
from cli.output import Table, table_text
from cli.values import parse_yes_no
from cli.words import FIELDS, amount_words, field_text, topic_name
from ledger.characters import quoted
from ledger.dates import parse_date
from ledger.errors import NeededLaterError, ValueRefusedError
from ledger.money import Unit, format_yuan, parse_positive_money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from cli.recording import Entry
    from ledger.commands.work import Kind
    from ledger.domain.control import Recorded
    from ledger.events import Event

__all__ = [
    "balances",
    "balances_table",
    "entries_at",
    "entries_table",
    "entry_words",
    "fact_rows",
    "naming_what_is_later",
    "parse_changes",
    "reversed_by",
]

_PREVIEW: Final = "预览"
_BALANCES: Final = {
    "tranche": ("net_fen", "allocated_fen", "available_fen"),
    "project": ("allocated_fen", "released_fen", "paid_fen", "reimbursed_fen"),
}
_NAMES: Final = {
    "net_fen": "到账净额",
    "allocated_fen": "已安排",
    "available_fen": "未安排",
    "released_fen": "已核拨",
    "paid_fen": "已支付",
    "reimbursed_fen": "已报账",
}


def reversed_by(entry: Entry, position: int) -> tuple[list[Recorded], list[Event]]:
    """Return an entry with its halves and the events that would reverse them, recording nothing. Raises LedgerError."""
    from ledger.domain.control import Recorded, ReverseEvent
    from ledger.events import EventReversed, registry

    command = ReverseEvent.of(
        on=entry.on, document=entry.document or _PREVIEW, reason=entry.reason or _PREVIEW, position=position
    )
    outcome = entry.preview([command])
    events = [event for event in outcome.events if isinstance(event, EventReversed)]
    halves = [
        Recorded(
            event.reversed_position,
            event.reversed_stream,
            event.reversed_version,
            event.reversed_topic,
            event.reversed_state.encode(),
            registry.decode(event.reversed_topic, event.reversed_state.encode()),
        )
        for event in events
    ]
    return halves, list(events)


def entry_words(halves: Sequence[Recorded]) -> str:
    """Return an entry in one line, with its amount in figures and in words."""
    first = halves[0]
    fen = amount_of(first.event.model_dump(mode="json"))
    amount = f" {amount_words(fen)}" if fen else ""
    return f"第 {'、'.join(str(each.position) for each in halves)} 号 {topic_name(first.topic)}{amount}"


def entries_table(title: str, entries: Iterable[tuple[int, Event]]) -> Table:
    """Return entries with what a person knows them by."""
    rows = []
    for position, event in entries:
        fields = event.model_dump(mode="json")
        fen = amount_of(fields)
        on = field_text("effective_on", fields["effective_on"])
        amount = "" if fen is None else format_yuan(fen)
        rows.append([str(position), on, topic_name(event.TOPIC), event.stream, amount, fields["document"]])
    return Table(("序号", "业务日期", "事项", "序列", ">金额(元)", "文号"), rows, title)


def entries_at(connection: Connection, positions: Iterable[int]) -> list[tuple[int, Event]]:
    """Return the entries at positions, in the order given."""
    from ledger.events import registry
    from ledger.log.reading import event_at

    rows = [event_at(connection, position) for position in positions]
    return [(row.position, registry.decode(row.topic, row.state)) for row in rows if row is not None]


@contextmanager
def naming_what_is_later(entry: Entry) -> Iterator[None]:
    """Say of a refusal which entries come first, by their topics and dates."""
    from ledger.database import read_transaction

    try:
        yield
    except NeededLaterError as error:
        with open_log(entry.settings) as engine, read_transaction(engine) as connection:
            later = entries_at(connection, error.later)
        _tell_later(entry, error, later)
        raise


def _tell_later(entry: Entry, error: NeededLaterError, later: Sequence[tuple[int, Event]]) -> None:
    """Show what rests on an entry in the order in which to reverse it, and say so in the error's hint."""
    if not later:
        return
    named = "、".join(f"第 {at} 号 {topic_name(event.TOPIC)}({event.effective_on})" for at, event in later)
    error.hint = f"请按这个次序先冲销依赖它的后续记录:{named}"
    if entry.settings.format == "table":
        click.echo(table_text(entries_table("依赖它的后续记录(按冲销的先后次序)", later)), err=True)


def fact_rows(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return the facts that reversals would add: the table, the sign, and the amount where the table has one."""
    from projections.facts import facts_of
    from projections.tables import metadata

    found: list[dict[str, Any]] = []
    for event in events:
        for table, row in facts_of(event, 0, ""):
            names = [column.name for column in metadata.tables[table].columns]
            values: dict[str, Any] = dict(zip(names, row, strict=True))
            said: dict[str, Any] = {
                name: values[name] for name in ("measure", "milestone", "amount_fen") if name in values
            }
            found.append({"table": table, "sign": values["sign"], "stream": event.stream, **said})
    return found


def balances(before: Mapping[str, Sequence[Event]], reversals: Sequence[Event]) -> list[dict[str, Any]]:
    """Return the balances of the tranches and projects concerned, before and after, in fen."""
    from ledger.commands.work import PROJECT, TRANCHE
    from ledger.domain.history import fold, live

    kinds: dict[str, Kind[Any]] = {"tranche": TRANCHE, "project": PROJECT}
    rows = []
    for stream, events in before.items():
        kind_name = stream.partition(":")[0]
        if kind_name not in kinds:
            continue
        kind = kinds[kind_name]
        undone = [event for event in reversals if event.stream == stream]
        was, becomes = (fold(kind.evolve, kind.start, live(each)) for each in (events, [*events, *undone]))
        rows += [
            {"stream": stream, "balance": name, "before_fen": _sum(was, name), "after_fen": _sum(becomes, name)}
            for name in _BALANCES[kind_name]
        ]
    return rows


def balances_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Return balances before and after as people read them."""
    shown = [
        [each["stream"], _NAMES[each["balance"]], format_yuan(each["before_fen"]), format_yuan(each["after_fen"])]
        for each in rows
    ]
    return Table(("序列", "项目", ">冲销前(元)", ">冲销后(元)"), shown, "余额")


def parse_changes(pairs: Iterable[str], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``字段=值`` as fields and values of a command; ``known`` are its fields with their kinds of value.

    Raises:
        ValueRefusedError: not of this form, no such field, or a value that cannot be read.
    """
    by_name = {label: name for name in known for label in _labels(name)}
    changes: dict[str, Any] = {}
    for pair in pairs:
        label, equals, text = pair.partition("=")
        name = by_name.get(label.strip())
        if not equals or name is None:
            accepted = "、".join(_labels(each)[-1] for each in known)
            raise ValueRefusedError(
                "correction.field",
                f"{quoted(pair)}不是“字段=值”,或这条记录没有这个字段",
                hint=f"可改:{accepted}",
                where="--set",
            )
        changes[name] = _value(name, text.strip(), known[name])
    return changes


def _labels(name: str) -> list[str]:
    if name == "on":
        return ["on", "date", "业务日期"]
    return [name, name.removesuffix("_fen"), FIELDS.get(name, name).removesuffix("(元)")]


def _value(name: str, text: str, kind: Any) -> Any:  # noqa: ANN401 - a value of a command's field, checked by the command
    try:
        if name.endswith("_fen"):
            return parse_positive_money(text, Unit.YUAN)
        if kind is bool:
            return parse_yes_no(text)
        if name == "on" or name.endswith("_on"):
            return parse_date(text)
    except ValueRefusedError as error:
        raise error.at(f"--set {name}") from None
    return int(text) if kind is int and text.isascii() and text.isdigit() else text


def _sum(state: Any, name: str) -> int:  # noqa: ANN401 - a tranche or a project
    if hasattr(state, name):
        return int(getattr(state, name))
    return sum(int(getattr(line, name)) for line in state.funding.values())

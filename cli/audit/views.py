"""The verbs of ``xianjie audit`` that show what was recorded: the list of entries, and one entry whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Verb
from cli.output import Table, fields_table, show
from cli.params import TEXT, WHOLE
from cli.words import FIELDS, beijing, code_field, field_text, topic_name
from ledger.errors import NotFoundError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ledger.log.reading import Batch, Row

__all__ = ["log", "show_"]


@click.command(cls=Verb, help="列出流水,默认为最近的 50 条")
@click.option("--from", "first", type=WHOLE, help="从第几号起")
@click.option("--to", "last", type=WHOLE, help="到第几号止")
@click.option("--stream", type=TEXT, help="只看这个序列,如 project:P001")
@click.option("--limit", type=WHOLE, default=50, help="最多列出多少条,默认 50")
@answer_options
@with_settings
def log(settings: Settings, first: int | None, last: int | None, stream: str | None, limit: int) -> None:
    """List what was recorded."""
    from ledger.database import read_transaction
    from ledger.log.reading import head, read_page, read_stream

    with open_log(settings) as engine, read_transaction(engine) as connection:
        end = head(connection).position if last is None else last
        start = max(1, end - limit + 1) if first is None else max(1, first)
        if stream is None:
            rows = read_page(connection, start - 1, limit, end)
        else:
            low = 1 if first is None else first
            rows = [row for row in read_stream(connection, stream) if low <= row.position <= end][-limit:]
        batches = _batches_of(connection, rows)
    records = [
        {
            "position": row.position,
            "recorded_at": row.recorded_at,
            "topic": row.topic,
            "stream": row.stream,
            "version": row.version,
            "batch": row.batch,
            "actor": batches[row.batch].actor,
            "command": batches[row.batch].command,
            "document": batches[row.batch].document,
        }
        for row in rows
    ]
    table = [
        [
            str(each["position"]),
            beijing(str(each["recorded_at"])),
            topic_name(str(each["topic"])),
            str(each["stream"]),
            str(each["actor"]),
            str(each["document"]),
            str(each["batch"]),
        ]
        for each in records
    ]
    show(settings.format, records, Table(("序号", "记账时间", "事项", "序列", "经办", "文号", "批次"), table))


def _batches_of(connection: Connection, rows: list[Row]) -> dict[int, Batch]:
    from ledger.log.reading import batch_of

    first_of_each = {row.batch: row.position for row in reversed(rows)}
    return {batch: batch_of(connection, position) for batch, position in first_of_each.items()}


@click.command(cls=Verb, help="查看一条记录的全部内容")
@click.argument("position", metavar="序号", type=WHOLE)
@answer_options
@with_settings
def show_(settings: Settings, position: int) -> None:
    """Show one entry with its batch, its leaf hash, and its other half."""
    from ledger.database import read_transaction
    from ledger.events import registry
    from ledger.log.proving import record_at
    from ledger.log.reading import batch_of, event_at, read_stream
    from ledger.transparency.merkle import leaf_hash

    with open_log(settings) as engine, read_transaction(engine) as connection:
        row = event_at(connection, position)
        if row is None:
            message = f"账本中没有第 {position} 号记录"
            raise NotFoundError("event.unknown", message, hint="用 xianjie audit log 查看序号")
        batch = batch_of(connection, position)
        leaf = leaf_hash(record_at(connection, position))
        event = registry.decode(row.topic, row.state)
        partners = [other for name in event.partners for other in read_stream(connection, name)]
    halves = [
        other.position
        for other in partners
        if event.link and registry.decode(other.topic, other.state).link == event.link
    ]
    fields = event.model_dump(mode="json")
    data = {
        "position": row.position,
        "topic": row.topic,
        "stream": row.stream,
        "version": row.version,
        "data": fields,
        "batch": {
            "id": batch.id,
            "key": batch.key,
            "actor": batch.actor,
            "command": batch.command,
            "document": batch.document,
            "first": batch.first,
            "last": batch.last,
            "recorded_at": batch.recorded_at,
            "checkpoint": batch.checkpoint,
        },
        "other_half": halves,
        "leaf": leaf.hex(),
    }
    show(settings.format, data, _event_table(row, batch, data, halves), Table(("所存内容",), [[row.state.decode()]]))


def _event_table(row: Row, batch: Batch, data: dict[str, Any], halves: list[int]) -> Table:
    values = [
        (_label(row.topic, name), field_text(code_field(row.topic, name), value))
        for name, value in data["data"].items()
        if name != "text"
    ]
    about = [
        ("事项", topic_name(row.topic)),
        *values,
        ("成对的另一条", "、".join(f"第 {half} 号" for half in halves)),
        ("序列", f"{row.stream} 第 {row.version} 版"),
        ("批次", f"{batch.id}(第 {batch.first}-{batch.last} 号)"),
        ("命令", batch.command),
        ("经办", batch.actor),
        ("提交键", batch.key or ""),
        ("记账时间", beijing(batch.recorded_at)),
        ("叶子散列", data["leaf"]),
    ]
    return fields_table(f"第 {row.position} 号记录", about)


def _label(topic: str, name: str) -> str:
    return FIELDS.get(f"{topic.partition('.')[0]}_{name}") or FIELDS.get(name, name)

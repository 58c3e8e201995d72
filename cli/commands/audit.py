"""``xianjie audit``: read only; whether the ledger is what it was, and what is written in it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import Settings, format_option, open_log, with_settings
from cli.help import Noun
from cli.output import Table, fields_table, show
from cli.params import TEXT, WHOLE
from cli.words import FIELDS, beijing, code_field, field_text, topic_name
from ledger.errors import NotFoundError, TamperedError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from ledger.log.reading import Batch, Row
    from ledger.log.verify import VerifyReport

__all__ = ["audit"]

_MOST_FINDINGS: Final = 1_000
_SHOWN_FINDINGS: Final = 50


@click.group(cls=Noun, help="审计:核验账本、查看流水(只读)")
def audit() -> None:
    """Audit."""


@audit.command(help="重算每一条记录的散列、检查点和报表数据;发现问题时退出码为 5")
@click.option("--log-only", is_flag=True, help="只核验账本本身,不比对报表数据")
@format_option
@with_settings
def verify(settings: Settings, *, log_only: bool) -> None:
    """Check the whole ledger."""
    from ledger.log.verify import verify as verify_log

    with open_log(settings) as engine:
        report = verify_log(engine)
        found: list[tuple[int | None, str, str]] = [
            (each.position, each.kind, each.message) for each in report.findings
        ]
        # What contradicts its hashes is not decoded: bytes first, meaning last.
        if report.ok and not log_only:
            found += _facts_that_differ(engine)
        if report.ok:
            found += _events_that_contradict(engine)
    _show_verification(settings, report, found)
    if found:
        first = min((position for position, _, _ in found if position is not None), default=None)
        at = f",最早在第 {first} 号记录" if first is not None else ""
        raise TamperedError(
            "audit.findings",
            f"核验发现 {max(len(found), report.total)} 处问题{at}",
            hint="请停止记账,保留现状,用备份和手中的检查点查明原因",
            where="" if first is None else f"第 {first} 号",
        )


def _facts_that_differ(engine: Engine) -> list[tuple[int | None, str, str]]:
    from projections.catch_up import compare

    return [
        (each.position, "facts", f"第 {each.position} 号记录:报表数据 {each.table} 与账本不一致(可用 db rebuild 重建)")
        for each in compare(engine)
    ]


def _events_that_contradict(engine: Engine) -> list[tuple[int | None, str, str]]:
    from cli.checks import contradictions

    return [(each.position, each.kind, each.message) for each in islice(contradictions(engine), _MOST_FINDINGS)]


def _show_verification(settings: Settings, report: VerifyReport, found: list[tuple[int | None, str, str]]) -> None:
    data = {
        "ok": not found,
        "events": report.events,
        "position": report.head,
        "root": report.root.hex(),
        "checkpoint": report.checkpoint,
        "total": max(len(found), report.total),
        "findings": [{"position": position, "kind": kind, "message": text} for position, kind, text in found],
    }
    pairs = [
        ("已核验", f"{report.events} 条记录"),
        ("根值", report.root.hex()),
        ("检查点", report.checkpoint.strip()),
        ("结论", "未发现问题" if not found else f"发现 {data['total']} 处问题"),
    ]
    rows = [["" if position is None else str(position), text] for position, _, text in found[:_SHOWN_FINDINGS]]
    tables = [fields_table("", pairs)]
    if found:
        tables.append(Table(("序号", "问题"), rows, title="问题"))
    show(settings.format, data, *tables)


@audit.command(help="列出流水,默认为最近的 50 条")
@click.option("--from", "first", type=WHOLE, help="从第几号起")
@click.option("--to", "last", type=WHOLE, help="到第几号止")
@click.option("--stream", type=TEXT, help="只看这个序列,如 project:P001")
@click.option("--limit", type=WHOLE, default=50, help="最多列出多少条,默认 50")
@format_option
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


@audit.command("show", help="查看一条记录的全部内容")
@click.argument("position", metavar="序号", type=WHOLE)
@format_option
@with_settings
def show_(settings: Settings, position: int) -> None:
    """Show one entry with its batch, its leaf hash, and its other half."""
    from ledger.database import read_transaction
    from ledger.events import registry
    from ledger.log.reading import batch_of, event_at, read_stream

    with open_log(settings) as engine, read_transaction(engine) as connection:
        row = event_at(connection, position)
        if row is None:
            message = f"账本中没有第 {position} 号记录"
            raise NotFoundError("event.unknown", message, hint="用 xianjie audit log 查看序号")
        batch = batch_of(connection, position)
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
        "leaf": _leaf_of(row, batch).hex(),
    }
    show(settings.format, data, _event_table(row, batch, data, halves), Table(("所存内容",), [[row.state.decode()]]))


def _event_table(row: Row, batch: Batch, data: dict[str, Any], halves: list[int]) -> Table:
    values = [
        (FIELDS.get(name, name), field_text(code_field(row.topic, name), value))
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


def _leaf_of(row: Row, batch: Batch) -> bytes:
    """Return the hash of the entry's bytes as they stand, which is what the tree must have for it."""
    from ledger.log.merkle import leaf_hash
    from ledger.log.record import batch_frame, framed_text, record_of

    frame = batch_frame(
        batch.id,
        key=batch.key,
        input_hash=batch.input_hash,
        actor=batch.actor,
        command=batch.command,
        document=batch.document,
        recorded_at=batch.recorded_at,
    )
    stream, topic = framed_text(row.stream), framed_text(row.topic)
    return leaf_hash(record_of(row.position, row.version, stream, topic, frame, row.state))

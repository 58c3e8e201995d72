"""Events as an auditor reads them, line by line: when, what, about what, by which document, with what effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.words import beijing, topic_name
from ledger.money import format_yuan

if TYPE_CHECKING:
    from projections.timelines import Entry

__all__ = ["ENTRY_HEADS", "amount_or_count", "entry_cells", "entry_json"]

ENTRY_HEADS = ("序号", "业务日期", "事项", "对象", "文号", "记账时间", "经办")


def entry_cells(entry: Entry) -> list[str]:
    """Return the cells under ``ENTRY_HEADS``."""
    return [
        str(entry.row.position),
        entry.effective_on.isoformat(),
        topic_name(entry.row.topic),
        entry.row.stream,
        entry.event.document or entry.batch.document,
        beijing(entry.row.recorded_at),
        entry.batch.actor,
    ]


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return the entry as ``docs/reference/json.md`` says."""
    return {
        "position": entry.row.position,
        "effective_on": entry.effective_on.isoformat(),
        "recorded_at": entry.row.recorded_at,
        "topic": entry.row.topic,
        "stream": entry.row.stream,
        "document": entry.event.document or entry.batch.document,
        "actor": entry.batch.actor,
    }


def amount_or_count(column: str, number: int) -> str:
    """Return a number of a report as people read it: yuan where its column is of money."""
    return format_yuan(number) if column.endswith("_fen") else str(number)

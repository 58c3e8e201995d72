"""``xianjie audit timeline``: everything that befell one thing."""

from __future__ import annotations

import click

from cli.audit.entries import ENTRY_HEADS, entry_cells, entry_json
from cli.help import Verb
from cli.histories import amount_of
from cli.output import Table, show
from cli.params import TEXT
from cli.reports.asking import Asked, answering, report_options
from ledger.money import format_yuan

__all__ = ["timeline"]


@click.command(cls=Verb, help="一个批次、项目、资产、合同或账户的全部经过,不论记在哪个序列,按业务日期排列")
@click.argument("code", metavar="编号", type=TEXT)
@report_options
def timeline(asked: Asked, code: str) -> None:
    """Show everything about one thing."""
    from projections.scope import open_scope
    from projections.timelines import timeline as timeline_of

    with answering(asked) as (engine, question), open_scope(engine, question) as scope:
        entries = timeline_of(scope, code)
    fields = [entry.event.model_dump(mode="json") for entry in entries]
    data = {
        "code": code,
        "as_of": scope.as_of.isoformat(),
        "position": scope.position,
        "entries": [{**entry_json(entry), "data": each} for entry, each in zip(entries, fields, strict=True)],
    }
    rows = []
    for entry, each in zip(entries, fields, strict=True):
        fen = amount_of(each)
        rows.append([*entry_cells(entry), "" if fen is None else format_yuan(fen), each["reason"]])
    heading = f"{code} 的经过(截至 {scope.as_of},账本第 {scope.position} 号)"
    show(asked.settings.format, data, Table((*ENTRY_HEADS, ">金额(元)", "原因"), rows, heading))

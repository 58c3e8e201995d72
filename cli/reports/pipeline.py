"""``xianjie report``: the library as a pipeline."""

from __future__ import annotations

import click

from cli.help import Verb
from cli.output import Table
from cli.reports.asking import Asked, answering, place_name, report_options, show_answer, title
from ledger.money import format_yuan

__all__ = ["pipeline"]


@click.command(cls=Verb, help="项目库四个一批:储备、开工、在建、竣工各有多少")
@report_options
def pipeline(asked: Asked) -> None:
    """Show how many projects, and how much money, stand at each stage."""
    from projections.reports.pipeline import pipeline as pipeline_report

    with answering(asked) as (engine, question):
        answer = pipeline_report(engine, question)
    rows = [
        [
            place_name(row.place),
            row.stage_name,
            str(row.projects),
            *(format_yuan(fen) for fen in (row.estimated_fen, row.allocated_fen, row.paid_fen)),
        ]
        for row in answer.rows
    ]
    heads = ("范围", "阶段", ">项目数", ">概算(元)", ">安排(元)", ">支付(元)")
    notes = ["每个项目只计入一个阶段;开工:已开工、尚未报告进度;在建:已报告进度、尚未完工"]
    show_answer(asked, answer, Table(heads, rows, title("项目库", answer), notes))

"""``xianjie performance``: whether projects are on the way to their targets, and how they were evaluated."""

from __future__ import annotations

import click

from cli.help import Noun
from cli.params import TEXT, YES_NO
from cli.recording import Entry, write_options

__all__ = ["performance"]

_project_argument = click.argument("project", metavar="项目编号", type=TEXT)


@click.group(cls=Noun, help="项目绩效:监控、评价")
def performance() -> None:
    """Record how projects perform."""


@performance.command(help="登记一次绩效监控")
@_project_argument
@click.option("--on-track", "on_track", type=YES_NO, required=True, help="绩效目标是否达到预期:是、否")
@click.option("--note", type=TEXT, required=True, help="监控情况;未达到预期的写明偏差和措施")
@write_options
def monitor(entry: Entry, **values: object) -> None:
    """Record a check of the performance targets."""
    from ledger.domain.performance import MonitorProject

    entry.record(MonitorProject, values)


@performance.command(help="登记绩效评价得分")
@_project_argument
@click.option("--score", "score_hundredths", type=TEXT, required=True, help="得分,0 至 100,最多两位小数,如 91.25")
@click.option("--grade", type=TEXT, help="评价等次,如 优、良、中、差")
@click.option("--evaluator", type=TEXT, help="评价单位")
@write_options
def evaluate(entry: Entry, **values: object) -> None:
    """Record an evaluation."""
    from ledger.domain.performance import EvaluateProject

    entry.record(EvaluateProject, values)

"""The verbs of ``xianjie project`` about the works: contract, start, progress, stop, complete, accept, settle."""

from __future__ import annotations

from typing import Final

import click

from cli.help import Verb
from cli.params import TEXT, WHOLE, money_option
from cli.recording import Entry, write_options

__all__ = ["VERBS"]

_project_argument = click.argument("project", metavar="项目编号", type=TEXT)


@click.command(cls=Verb, help="登记合同;几份合同的金额相加")
@_project_argument
@click.option("--contract", type=TEXT, required=True, help="合同编号")
@click.option("--contractor", type=TEXT, required=True, help="承包单位")
@money_option("--amount", "contract_fen", "合同金额")
@write_options
def contract(entry: Entry, **values: object) -> None:
    """Record a contract."""
    from ledger.domain.stages import ContractProject

    entry.record(ContractProject, values)


@click.command(cls=Verb, help="登记开工")
@_project_argument
@write_options
def start(entry: Entry, **values: object) -> None:
    """Record that work started."""
    from ledger.domain.stages import StartProject

    entry.record(StartProject, values)


@click.command(cls=Verb, help="填报进度:自上次以来完成的投资、形象进度,至少一项")
@_project_argument
@money_option("--amount", "invested_fen", "完成投资(增加的部分)", required=False)
@click.option("--percent", type=WHOLE, help="形象进度(累计),0 至 100 的整数")
@write_options
def progress(entry: Entry, **values: object) -> None:
    """Record work done."""
    from ledger.domain.stages import ReportProgress

    entry.record(ReportProgress, values)


@click.command(cls=Verb, help="登记停工(须写 --reason)")
@_project_argument
@write_options
def suspend(entry: Entry, **values: object) -> None:
    """Record that work stopped."""
    from ledger.domain.stages import SuspendProject

    entry.record(SuspendProject, values)


@click.command(cls=Verb, help="登记复工(须写 --reason)")
@_project_argument
@write_options
def resume(entry: Entry, **values: object) -> None:
    """Record that work went on."""
    from ledger.domain.stages import ResumeProject

    entry.record(ResumeProject, values)


@click.command(cls=Verb, help="登记完工")
@_project_argument
@write_options
def complete(entry: Entry, **values: object) -> None:
    """Record that the project is complete."""
    from ledger.domain.stages import CompleteProject

    entry.record(CompleteProject, values)


@click.command(cls=Verb, help="登记验收")
@_project_argument
@write_options
def accept(entry: Entry, **values: object) -> None:
    """Record that the project was accepted."""
    from ledger.domain.stages import AcceptProject

    entry.record(AcceptProject, values)


@click.command(cls=Verb, help="登记决算审计审定的金额")
@_project_argument
@money_option("--amount", "settled_fen", "审定金额")
@click.option("--auditor", type=TEXT, help="审计单位")
@write_options
def settle(entry: Entry, **values: object) -> None:
    """Record the audited price."""
    from ledger.domain.stages import SettleProject

    entry.record(SettleProject, values)


@click.command(cls=Verb, help="登记报账完结:安排的资金已全部报账")
@_project_argument
@write_options
def conclude(entry: Entry, **values: object) -> None:
    """Record that all money is reimbursed."""
    from ledger.domain.stages import ConcludeProject

    entry.record(ConcludeProject, values)


@click.command("hand-over", cls=Verb, help="登记项目移交")
@_project_argument
@click.option("--receiver", type=TEXT, required=True, help="接收单位")
@write_options
def hand_over(entry: Entry, **values: object) -> None:
    """Hand the project over."""
    from ledger.domain.stages import HandOverProject

    entry.record(HandOverProject, values)


VERBS: Final = (contract, start, progress, suspend, resume, complete, accept, settle, conclude, hand_over)

"""Handlers of documents, findings, arrears, performance, reports handed in and figures published."""

from __future__ import annotations

from typing import Any

from ledger.commands.dispatch import handles
from ledger.commands.work import (
    ARREAR,
    ASSET,
    DOCUMENT,
    FIGURES,
    FINDING,
    INDICATOR,
    PROJECT,
    SUBMISSION,
    TRANCHE,
    Kind,
    Work,
)
from ledger.domain import arrear, document, figure, finding, performance, reporting
from ledger.domain.project import Project
from ledger.errors import NotFoundError

_ATTACHABLE: dict[document.SubjectKind, Kind[Any]] = {
    "project": PROJECT,
    "tranche": TRANCHE,
    "asset": ASSET,
    "finding": FINDING,
}


@handles(document.RegisterDocument)
def _register(work: Work, command: document.RegisterDocument) -> None:
    work.record(document.decide_register(work.load(DOCUMENT, command.number), command))


@handles(document.AmendDocument)
def _amend(work: Work, command: document.AmendDocument) -> None:
    work.record(document.decide_amend(work.load(DOCUMENT, command.number), command))


@handles(document.AttachDocument)
def _attach(work: Work, command: document.AttachDocument) -> None:
    state = work.load(DOCUMENT, command.number)
    state.must_exist(command.number)
    work.record(document.decide_attach(state, _kind_of(work, command.subject), command))


def _kind_of(work: Work, code: str) -> document.SubjectKind:
    """Find out what the code names; looked for in the order of the table."""
    for name, kind in _ATTACHABLE.items():
        if work.load(kind, code).exists:
            return name
    raise NotFoundError(
        "document.unknown_subject", f"没有编号为“{code}”的项目、资金批次、资产或问题", hint="请核对 --to 的编号"
    )


@handles(finding.OpenFinding)
def _open_finding(work: Work, command: finding.OpenFinding) -> None:
    state = work.load(FINDING, command.finding)
    work.record(finding.decide_open(state, _project_named(work, command.project), command, work.areas()))


@handles(finding.ProgressFinding)
def _progress_finding(work: Work, command: finding.ProgressFinding) -> None:
    work.record(finding.decide_progress(work.load(FINDING, command.finding), command))


@handles(finding.SubmitFinding)
def _submit_finding(work: Work, command: finding.SubmitFinding) -> None:
    work.record(finding.decide_submit(work.load(FINDING, command.finding), command, work.actor))


@handles(finding.CloseFinding)
def _close_finding(work: Work, command: finding.CloseFinding) -> None:
    work.record(finding.decide_close(work.load(FINDING, command.finding), command, work.actor))


@handles(finding.ReopenFinding)
def _reopen_finding(work: Work, command: finding.ReopenFinding) -> None:
    work.record(finding.decide_reopen(work.load(FINDING, command.finding), command))


@handles(arrear.RecordArrear)
def _record_arrear(work: Work, command: arrear.RecordArrear) -> None:
    state = work.load(ARREAR, command.arrear)
    work.record(arrear.decide_record(state, _project_named(work, command.project), command, work.areas()))


@handles(arrear.SettleArrear)
def _settle_arrear(work: Work, command: arrear.SettleArrear) -> None:
    work.record(arrear.decide_settle(work.load(ARREAR, command.arrear), command))


@handles(performance.MonitorProject)
def _monitor(work: Work, command: performance.MonitorProject) -> None:
    work.record(performance.decide_monitor(work.load(PROJECT, command.project), command))


@handles(performance.EvaluateProject)
def _evaluate(work: Work, command: performance.EvaluateProject) -> None:
    work.record(performance.decide_evaluate(work.load(PROJECT, command.project), command))


@handles(reporting.ReportIndicator)
def _report_indicator(work: Work, command: reporting.ReportIndicator) -> None:
    state = work.load(INDICATOR, f"{command.area}:{command.indicator}")
    asked = work.indicators(command.area, command.on)
    work.record(reporting.decide_report_indicator(state, command, asked, work.areas()))


@handles(reporting.SubmitReport)
def _submit_report(work: Work, command: reporting.SubmitReport) -> None:
    state = work.load(SUBMISSION, f"{command.area}:{command.report}")
    rules = work.rules(command.area, command.on)
    work.record(reporting.decide_submit_report(state, command, rules, work.areas()))


@handles(figure.ReportFigures)
def _report_figures(work: Work, command: figure.ReportFigures) -> None:
    area = figure.area_named(work.areas(), command.area, command.as_of)
    rules = work.rules(area, command.on)
    work.record(figure.decide_report_figures(work.load(FIGURES, area), command, area, rules))


def _project_named(work: Work, code: str) -> Project | None:
    return work.load(PROJECT, code) if code else None

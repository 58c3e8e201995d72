"""Facts of everything else: documents, notices, findings, arrears, indicators, reports, and the ledger itself."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from ledger import events as e
from projections.mapping.rows import FactRow, Mapping, Stamp, at_line, nothing

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

__all__ = ["MAPPINGS"]

_FINDING = attrgetter("area", "town", "source", "kind", "unit")


def _of_document(event: e.DocumentRegistered | e.DocumentAmended, stamp: Stamp) -> list[FactRow]:
    words = (event.number, event.issuer, event.dated.isoformat(), event.kind, event.title, event.file_hash)
    return [("fact_document", (*stamp, *words))]


def _attached(event: e.DocumentAttached, stamp: Stamp) -> list[FactRow]:
    return [("fact_citation", (*stamp, event.number, event.TOPIC, event.subject_kind, event.subject, event.role))]


def _published(event: e.NoticePublished | e.NoticeAmended, stamp: Stamp) -> list[FactRow]:
    to_on = event.to_on.isoformat() if event.to_on else ""
    notice = (event.notice, event.template, event.title, event.channel, event.from_on.isoformat(), to_on)
    rows: list[FactRow] = []
    for number, each in enumerate(event.subjects):
        subject = (each.code, each.area, each.town, each.village, each.year, each.type, event.document)
        shown = (*at_line(stamp, 2 * number + 1), each.kind, *subject, *notice, event.content_hash, event.position)
        rows.append(("fact_milestone", (*at_line(stamp, 2 * number), each.kind, "published", *subject)))
        rows.append(("fact_notice", shown))
    return rows


def _withdrawn(event: e.NoticeWithdrawn, stamp: Stamp) -> list[FactRow]:
    return [("fact_notice_end", (*stamp, event.notice, event.area, event.why, event.document))]


def _step(event: Any, stamp: Stamp, step: str, **words: str) -> list[FactRow]:  # noqa: ANN401 - five classes of one base
    """Return the row of one step of a finding, with the words that this step has."""
    told = (words.get(name, "") for name in ("title", "project", "note", "evidence", "by"))
    row = (*stamp, event.finding, step, *_FINDING(event), event.deadline.isoformat(), *told, event.document)
    return [("fact_finding", row)]


def _finding_opened(event: e.FindingOpened, stamp: Stamp) -> list[FactRow]:
    return _step(event, stamp, "opened", title=event.title, project=event.project, note=event.detail)


def _finding_progressed(event: e.FindingProgressed, stamp: Stamp) -> list[FactRow]:
    return _step(event, stamp, "progressed", note=event.note, evidence=event.evidence)


def _finding_submitted(event: e.FindingSubmitted, stamp: Stamp) -> list[FactRow]:
    return _step(event, stamp, "submitted", note=event.note, evidence=event.evidence, by=event.by)


def _finding_closed(event: e.FindingClosed, stamp: Stamp) -> list[FactRow]:
    return _step(event, stamp, "closed", note=event.note, by=event.by)


def _finding_reopened(event: e.FindingReopened, stamp: Stamp) -> list[FactRow]:
    return _step(event, stamp, "reopened", note=event.note)


def _owed(event: e.ArrearRecorded, stamp: Stamp) -> list[FactRow]:
    return _arrear(event, stamp, "recorded", event.debtor, event.due_on.isoformat() if event.due_on else "")


def _paid_off(event: e.ArrearSettled, stamp: Stamp) -> list[FactRow]:
    return _arrear(event, stamp, "settled", "", "")


def _arrear(
    event: e.ArrearRecorded | e.ArrearSettled, stamp: Stamp, measure: str, debtor: str, due_on: str
) -> list[FactRow]:
    place = (event.arrear, event.area, event.town, event.project, event.creditor_kind)
    return [("fact_arrear", (*stamp, event.amount_fen, measure, *place, debtor, due_on, event.document))]


def _indicator(event: e.IndicatorReported, stamp: Stamp) -> list[FactRow]:
    reported = (event.indicator, event.area, event.period, event.value, event.unit, event.document)
    return [("fact_indicator", (*stamp, *reported))]


def _figure(event: e.FigureReported, stamp: Stamp) -> list[FactRow]:
    printed = (event.area, event.kind, event.measure, event.value, event.unit, event.as_of.isoformat())
    where = (event.issuer, event.channel, event.document, event.year, event.cut_from)
    return [("fact_figure", (*stamp, *printed, *where))]


def _submitted(event: e.ReportSubmitted, stamp: Stamp) -> list[FactRow]:
    report = (event.report, event.area, event.year, event.period, event.unit, event.document)
    return [("fact_submission", (*stamp, *report))]


def _year_closed(event: e.YearClosed, stamp: Stamp) -> list[FactRow]:
    return [("fact_year", (*stamp, event.area, event.year, event.document))]


def _areas_listed(event: e.AreasListed, stamp: Stamp) -> list[FactRow]:
    rows: list[FactRow] = []
    for line, area in enumerate(event.areas):
        days = (area.valid_from.isoformat(), area.valid_to.isoformat() if area.valid_to else "")
        rows.append(("fact_area", (*at_line(stamp, line), area.code, area.name, *days, area.successor)))
    return rows


def _rule_adopted(event: e.RulePackAdopted, stamp: Stamp) -> list[FactRow]:
    return [("fact_rule", (*stamp, event.pack, event.version, event.text, event.base))]


def _opened(event: e.LedgerOpened, stamp: Stamp) -> list[FactRow]:
    return [("fact_ledger", (*stamp, event.area, event.name, event.origin, event.mode))]


MAPPINGS: Final[ReadOnly[type[e.Event], Mapping]] = {
    e.DocumentRegistered: _of_document,
    e.DocumentAmended: _of_document,
    e.DocumentAttached: _attached,
    e.DocumentUsed: nothing,  # the tranche that it issued cites the document
    e.NoticeApproved: nothing,  # what counts is what is published
    e.NoticePublished: _published,
    e.NoticeAmended: _published,
    e.NoticeWithdrawn: _withdrawn,
    e.FindingOpened: _finding_opened,
    e.FindingProgressed: _finding_progressed,
    e.FindingSubmitted: _finding_submitted,
    e.FindingClosed: _finding_closed,
    e.FindingReopened: _finding_reopened,
    e.ArrearRecorded: _owed,
    e.ArrearSettled: _paid_off,
    e.FigureReported: _figure,
    e.IndicatorReported: _indicator,
    e.ReportSubmitted: _submitted,
    e.YearClosed: _year_closed,
    e.AreasListed: _areas_listed,
    e.ImportRecorded: nothing,  # the entries of its batch state what its rows say
    e.RulePackAdopted: _rule_adopted,
    e.LedgerOpened: _opened,
    # No report counts them: doctor reads the last backup from its stream, and the vault its subjects.
    e.BackupVerified: nothing,
    e.BackupRestored: nothing,
    e.SubjectRegistered: nothing,
    e.SubjectRead: nothing,
    e.SubjectErased: nothing,
}

"""Events of a finding (整改问题) and of arrears (拖欠).

Source: seed clause (二): problems found by the centre, the province and the city in assessments, inspections and audits
are kept in a register and struck off one by one (整改销号台账).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Code, Event, Fen, Ident, Name, Text, TownCode

__all__ = [
    "ArrearRecorded",
    "ArrearSettled",
    "FindingClosed",
    "FindingOpened",
    "FindingProgressed",
    "FindingReopened",
    "FindingSubmitted",
]

FileHash = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class _OfFinding(Event, abstract=True):
    """What each step of a finding writes down: where it belongs and who answers for it."""

    finding: Ident
    area: AreaCode
    town: TownCode = ""
    source: Code
    kind: Code
    unit: Name
    deadline: date

    @property
    @override
    def stream(self) -> str:
        return streams.finding(self.finding)


class FindingOpened(_OfFinding):
    """A fault was found: by which level and work, in which words, who must mend it until when.

    ``project`` is the project it concerns, or empty; ``measures`` what is to be done.
    """

    TOPIC: ClassVar[str] = "finding.opened"

    title: Name
    detail: Text = ""
    measures: Text = ""
    project: Text = ""


class FindingProgressed(_OfFinding):
    """Work on the finding was reported, with the hash of its evidence where there is a file."""

    TOPIC: ClassVar[str] = "finding.progressed"

    note: Name
    evidence: FileHash = ""


class FindingSubmitted(_OfFinding):
    """The responsible unit says that the fault is mended and asks to strike it off; ``by`` is the actor."""

    TOPIC: ClassVar[str] = "finding.submitted"

    note: Name
    evidence: FileHash = ""
    by: Name


class FindingClosed(_OfFinding):
    """A second person examined the evidence and struck the finding off (销号)."""

    TOPIC: ClassVar[str] = "finding.closed"

    note: Text = ""
    by: Name


class FindingReopened(_OfFinding):
    """A closed finding came back (反弹回潮); ``deadline`` is the new one."""

    TOPIC: ClassVar[str] = "finding.reopened"

    note: Name


class _OfArrear(Event, abstract=True):
    arrear: Ident
    area: AreaCode
    town: TownCode = ""
    project: Text = ""
    creditor_kind: Code
    amount_fen: Fen

    @property
    @override
    def stream(self) -> str:
        return streams.arrear(self.arrear)


class ArrearRecorded(_OfArrear):
    """So much is owed to enterprises or workers and overdue (两拖欠), since ``effective_on``."""

    TOPIC: ClassVar[str] = "arrear.recorded"

    debtor: Name
    due_on: date | None = None


class ArrearSettled(_OfArrear):
    """Part or all of what was owed was paid."""

    TOPIC: ClassVar[str] = "arrear.settled"

    voucher: Text = ""

"""Events of performance (绩效): projects monitored and evaluated, indicators reported, reports handed in.

Source: seed clauses (六) and (十八), funds.md 6.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import AreaCode, Event, Ident, Name, Text, Year
from ledger.events.dimensions import ProjectEvent

__all__ = ["IndicatorReported", "PerformanceEvaluated", "PerformanceMonitored", "ReportSubmitted"]

Decimal = Annotated[str, StringConstraints(pattern=r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?$")]
"""An exact decimal number as text, e.g. ``98.3``."""

Period = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(Q[1-4]|H[12]|-(0[1-9]|1[0-2]))?$")]
"""A year, quarter, half-year or month: ``2022``, ``2022Q1``, ``2022H1``, ``2022-03``."""


class _OfProject(ProjectEvent, abstract=True):
    @property
    @override
    def stream(self) -> str:
        return streams.project(self.project)


class PerformanceMonitored(_OfProject):
    """The project's performance targets were checked in the course of the year (绩效监控)."""

    TOPIC: ClassVar[str] = "project.monitored"

    on_track: bool
    note: Text = ""


class PerformanceEvaluated(_OfProject):
    """The project's performance was evaluated (绩效评价): a score in hundredths of a point, 0 to 10000, and a grade."""

    TOPIC: ClassVar[str] = "project.evaluated"

    score_hundredths: Annotated[int, Field(ge=0, le=10_000, strict=True)]
    grade: Text = ""
    evaluator: Text = ""


class IndicatorReported(Event):
    """An area reported the value of an indicator of a target pack for a period."""

    TOPIC: ClassVar[str] = "indicator.reported"

    indicator: Ident
    area: AreaCode
    period: Period
    value: Decimal
    unit: Text = ""

    @property
    @override
    def stream(self) -> str:
        return streams.indicator(self.area, self.indicator)


class ReportSubmitted(Event):
    """A report that is due by a date was handed in: which, for what period, and by whom."""

    TOPIC: ClassVar[str] = "report.submitted"

    report: Ident
    area: AreaCode
    year: Year
    period: Period
    unit: Name

    @property
    @override
    def stream(self) -> str:
        return streams.submission(self.area, self.report)

"""What areas report: the values of indicators that a target pack asks for, and reports handed in by their due day.

Source: seed clause (十八), reports by the 25th of each quarter; funds.md 8.2 R32.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator

from ledger.areas import AreaList
from ledger.characters import half_width, quoted
from ledger.dates import check_plan_year
from ledger.domain.command import AreaRef, Command, Filled, Ident, Line
from ledger.domain.history import misplaced, not_before
from ledger.errors import NotFoundError, RuleRefusedError, ValueRefusedError
from ledger.events import Event, IndicatorReported, ReportSubmitted
from ledger.rules import Indicator, RulePack

__all__ = [
    "ReportIndicator",
    "Reported",
    "SubmitReport",
    "decide_report_indicator",
    "decide_submit_report",
    "evolve_indicator",
    "evolve_submission",
    "first_day_of",
    "parse_decimal",
    "parse_period",
]

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?")
_PERIOD = re.compile(
    r"(?P<year>[0-9]{4})(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|-(?P<month>0[1-9]|1[0-2]))?", re.IGNORECASE
)
_ON_TIME = "R32 按期报送;出处:六盘水 2022-04-08 实施意见(十八)"


def parse_decimal(text: str) -> str:
    """Return the exact decimal number that ``text`` states, digit for digit. Raises ValueRefusedError."""
    plain = half_width(text)
    if not _DECIMAL.fullmatch(plain):
        raise ValueRefusedError(
            "indicator.not_a_number",
            f"指标数值{quoted(text)}不是数,或多于六位小数",
            hint="只填数字,如 98.3;单位不写在数值里,不用千分号",
        )
    return plain


def parse_period(text: str) -> str:
    """Return the period that ``text`` names: ``2022``, ``2022Q1``, ``2022H1`` or ``2022-03``.

    Raises:
        ValueRefusedError: it is none of these, or no plan can belong to its year.
    """
    plain = half_width(text).upper()
    read = _PERIOD.fullmatch(plain)
    if read is None:
        raise ValueRefusedError(
            "period.malformed", f"{quoted(text)}不是报告期", hint="可填:2022、2022Q1(季)、2022H1(半年)、2022-03(月)"
        )
    check_plan_year(int(read["year"]))
    return plain


def first_day_of(period: str) -> date:
    """Return the day on which a period begins, as ``parse_period`` writes it."""
    read = _PERIOD.fullmatch(period)
    if read is None:
        raise ValueError(period)
    month = int(read["month"] or 1) + 3 * (int(read["quarter"] or 1) - 1) + 6 * (int(read["half"] or 1) - 1)
    return date(int(read["year"]), month, 1)


_Period = Annotated[str, AfterValidator(parse_period)]


class ReportIndicator(Command):
    """Report the value of an indicator for a period; ``unit`` may be left out."""

    indicator: Ident
    area: AreaRef
    period: _Period
    # No search for personal data: eleven digits are a number here, and nothing but digits gets in.
    value: Annotated[str, AfterValidator(parse_decimal)]
    unit: Line = ""


class SubmitReport(Command):
    """Record that a report was handed in, for what period and by which unit."""

    report: Ident
    area: AreaRef
    period: _Period
    unit: Filled


@dataclass(frozen=True, slots=True)
class Reported:
    """What an area reported of one indicator or one kind of report, by period."""

    periods: Mapping[str, tuple[str, date]] = field(default_factory=lambda: MappingProxyType({}))
    """The value that counts, or the unit that handed it in, and the day."""


def evolve_indicator(state: Reported, event: Event) -> Reported:
    """Return the state of an indicator after one more event."""
    if not isinstance(event, IndicatorReported):
        raise misplaced(event)
    return _with(state, event.period, event.value, event.effective_on)


def evolve_submission(state: Reported, event: Event) -> Reported:
    """Return the state of a kind of report after one more event."""
    if not isinstance(event, ReportSubmitted):
        raise misplaced(event)
    return _with(state, event.period, event.unit, event.effective_on)


def _with(state: Reported, period: str, what: str, on: date) -> Reported:
    return Reported(MappingProxyType({**state.periods, period: (what, on)}))


def decide_report_indicator(
    state: Reported, command: ReportIndicator, indicators: Mapping[str, Indicator], areas: AreaList
) -> list[Event]:
    """Report a value of an indicator in force, in its unit; a second value for a period replaces the first.

    Raises:
        NotFoundError: no target pack in force has the indicator.
        RuleRefusedError: another unit, a period reported before and no reason given, or a day before the period.
        ValueRefusedError: unknown area.
    """
    areas.get(command.area, command.on)
    indicator = indicators.get(command.indicator)
    if indicator is None:
        known = "、".join(sorted(indicators))
        raise NotFoundError(
            "indicator.unknown",
            f"{command.area} 在 {command.on} 的目标中没有指标“{command.indicator}”",
            hint=f"可填:{known}" if known else "请先用 xianjie rule adopt 采用含有该指标的目标包",
        )
    if command.unit and command.unit != indicator.unit:
        raise RuleRefusedError(
            "indicator.unit",
            f"指标“{command.indicator}”({indicator.name})的单位是“{indicator.unit}”,本次写作“{command.unit}”",
            hint="请换算成指标的单位;--unit 可不填",
            rule=indicator.source,
        )
    earlier = state.periods.get(command.period)
    if earlier and not command.reason:
        raise RuleRefusedError(
            "indicator.repeated",
            f"{command.area} 的指标“{command.indicator}”在 {command.period} 已报 {earlier[0]}{indicator.unit}"
            f"({earlier[1]}),本次 {command.value}{indicator.unit}",
            hint="确要更新的,用 --reason 说明原因",
        )
    _not_before_period(command.on, command.period, command.reason)
    return [
        IndicatorReported(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            indicator=command.indicator,
            area=command.area,
            period=command.period,
            value=command.value,
            unit=indicator.unit,
        )
    ]


def decide_submit_report(state: Reported, command: SubmitReport, rules: RulePack, areas: AreaList) -> list[Event]:
    """Record that a report was handed in, once for a period.

    Raises:
        RuleRefusedError: handed in before, a report that no rule asks for (a reason lifts both), or a day before the
            period.
        ValueRefusedError: unknown area.
    """
    areas.get(command.area, command.on)
    asked = {each.id: each.name for each in rules.dues}
    if command.report not in asked and not command.reason:
        known = "、".join(f"{code}({name})" for code, name in asked.items())
        raise RuleRefusedError(
            "submission.unknown_report",
            f"规则包“{rules.pack}”{rules.version} 没有要求报送“{command.report}”",
            hint=f"可填:{known or '(没有)'};确要登记其他报告的,用 --reason 说明",
            rule=_ON_TIME,
        )
    earlier = state.periods.get(command.period)
    if earlier and not command.reason:
        raise RuleRefusedError(
            "submission.repeated",
            f"{command.area} {command.period} 的报告“{command.report}”已由 {earlier[0]} 于 {earlier[1]} 报送,"
            f"本次 {command.unit} {command.on}",
            hint="确为重新报送的,用 --reason 说明原因",
            rule=_ON_TIME,
        )
    _not_before_period(command.on, command.period, command.reason)
    return [
        ReportSubmitted(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            report=command.report,
            area=command.area,
            year=first_day_of(command.period).year,
            period=command.period,
            unit=command.unit,
        )
    ]


def _not_before_period(on: date, period: str, reason: str) -> None:
    not_before(on, first_day_of(period), what="报送", cause=f"报告期 {period} 起始", reason=reason)

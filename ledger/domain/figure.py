"""Figures that offices publish or report, taken in as they are printed: evidence, never money.

A figure of the report of a month stands beside what the ledger says of that day; ``report discrepancies`` compares the
two. Source: funds.md 6 (published tables contradict themselves: 克州 2022-04, 延津 2022), ecosystem.md 2.3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ledger.areas import AreaList
from ledger.characters import half_width, quoted
from ledger.codes import FigureUnit, NoticeChannel
from ledger.domain.command import Command, Day, Filled, Line, Year, coded
from ledger.domain.history import misplaced, not_before
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import Event, FigureReported
from ledger.rules import RulePack
from ledger.rules.measures import Measure, measure_named

__all__ = [
    "PrintedFigure",
    "ReportFigures",
    "Reported",
    "area_named",
    "decide_report_figures",
    "evolve_figures",
    "parse_printed",
    "split_printed",
]

_NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})(?:\.(?P<part>[0-9]{1,10}))?")
_EVIDENCE = "公布数只作证据,不入账;须能找到原件"
_UNITS: Mapping[str, tuple[FigureUnit, ...]] = {
    "percent": (FigureUnit.PERCENT,),
    "fen": (FigureUnit.YUAN, FigureUnit.WAN, FigureUnit.YI),
    "count": (FigureUnit.COUNT,),
}


def parse_printed(text: str) -> str:
    """Return a printed number without thousands separators, its decimals kept. Raises ValueRefusedError."""
    read = _NUMBER.fullmatch(half_width(text))
    if read is None:
        raise ValueRefusedError(
            "figure.not_a_number",
            f"公布数{quoted(text)}不是数,或多于十位小数",
            hint="照原件填写数字,如 97.93;单位写在单位列",
        )
    whole = read["whole"].replace(",", "").lstrip("0") or "0"
    return f"{read['sign']}{whole}{'.' + read['part'] if read['part'] else ''}"


def split_printed(text: str) -> tuple[str, FigureUnit | None]:
    """Return a figure without the unit that stands behind it, and that unit: ``5.22亿元``, ``97.93%``, ``142个``."""
    plain = half_width(text)
    for unit in sorted(FigureUnit, key=lambda unit: -len(unit.zh)):
        if plain.endswith(unit.zh):
            return plain.removesuffix(unit.zh).strip(), unit
    return plain, None


class PrintedFigure(BaseModel):
    """One figure as it stands in a document: of what, the digits, the unit.

    ``decimals`` is how many the document prints, where the sheet has lost zeros at the end.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    measure: Filled
    # No search for personal data: nothing but a number gets in.
    value: Annotated[str, AfterValidator(parse_printed)]
    unit: Annotated[Line, coded(FigureUnit)]
    decimals: Annotated[int, Field(ge=0, le=10, strict=True)] | None = None


class ReportFigures(Command):
    """Take in the figures that a document prints of one area and one day; the business date is its publication.

    ``area`` is a code of six digits or a name that only one area of the ledger bears. ``rate_set`` says of which set
    rates are that are named without one.
    """

    area: Filled
    as_of: Day
    figures: tuple[PrintedFigure, ...]
    year: Year | None = None
    rate_set: Line = ""
    issuer: Line = ""
    channel: Annotated[str, coded(NoticeChannel)] | None = None
    cut_from: Annotated[int, Field(ge=1, strict=True)] | None = None


class _Said(NamedTuple):
    kind: str
    measure: str
    year: int | None
    as_of: date
    document: str


@dataclass(frozen=True, slots=True)
class Reported:
    """What was reported of an area: the value and its unit, by what it says and where."""

    figures: Mapping[_Said, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))


def evolve_figures(state: Reported, event: Event) -> Reported:
    """Return the state after one more figure."""
    if not isinstance(event, FigureReported):
        raise misplaced(event)
    said = _Said(event.kind, event.measure, event.year, event.as_of, event.document)
    return Reported(MappingProxyType({**state.figures, said: (event.value, event.unit)}))


def decide_report_figures(state: Reported, command: ReportFigures, area: str, rules: RulePack) -> list[Event]:
    """Keep every figure as printed; what it should be is nobody's concern here.

    Raises:
        RuleRefusedError: no document or no figure is there, a percentage may be a hundredth of what is meant, or the
            same figure of the same document was taken in before; a reason lifts the last two.
        ValueRefusedError: the rules measure nothing of that name, or not in that unit, or a day comes before its cause.
    """
    if not command.document:
        raise RuleRefusedError(
            "figure.no_document", "公布数没有写明出处", hint="填写文号;没有文号的,写文件名称和日期", rule=_EVIDENCE
        )
    if not command.figures:
        raise RuleRefusedError("figure.none", "没有一个公布数", hint="至少填写一个指标的公布数", rule=_EVIDENCE)
    not_before(command.on, command.as_of, what="公布", cause="截至", reason=command.reason)
    events: list[Event] = []
    for figure in command.figures:
        event = _figure(state, command, area, rules, figure)
        state = evolve_figures(state, event)
        events.append(event)
    return events


def _figure(
    state: Reported, command: ReportFigures, area: str, rules: RulePack, figure: PrintedFigure
) -> FigureReported:
    measure = measure_named(rules, figure.measure, command.rate_set)
    if figure.unit not in _UNITS[measure.unit]:
        fitting = "、".join(unit.zh for unit in _UNITS[measure.unit])
        raise ValueRefusedError(
            "figure.unit",
            f"“{measure.name}”的单位不能是“{FigureUnit(figure.unit).zh}”",
            hint=f"可填:{fitting}",
            rule=measure.source,
        )
    if figure.unit == FigureUnit.PERCENT and not command.reason and 0 < abs(Decimal(figure.value)) <= 1:
        raise RuleRefusedError(
            "figure.maybe_hundredfold",
            f"“{measure.name}”的公布数是 {figure.value}%,不超过 1%",
            hint="表格按百分比格式存的数要乘以 100 再填,如 97.93;确实这样小的,写明原因",
            rule=_EVIDENCE,
        )
    said = _Said(measure.kind, measure.id, command.year, command.as_of, command.document)
    if said in state.figures and not command.reason:
        value, unit = state.figures[said]
        raise RuleRefusedError(
            "figure.repeated",
            f"{command.document} 所载 {area} 截至 {command.as_of} 的“{measure.name}”已经登记为"
            f" {value}{FigureUnit(unit).zh}",
            hint="登记错了的先冲销(xianjie correct undo);同一文件确有两处的,用 --reason 说明",
            rule=_EVIDENCE,
        )
    return FigureReported(
        effective_on=command.on,
        document=command.document,
        reason=command.reason,
        area=area,
        kind=measure.kind,
        measure=measure.id,
        value=_with_decimals(figure, measure),
        unit=figure.unit,
        as_of=command.as_of,
        year=command.year,
        issuer=command.issuer,
        channel=command.channel or "",
        cut_from=command.cut_from,
    )


def _with_decimals(figure: PrintedFigure, measure: Measure) -> str:
    """Return the value with the zeros at its end that a spreadsheet drops."""
    whole, _, part = figure.value.partition(".")
    # Things are counted without decimals, whatever the document prints behind its percentages.
    if figure.decimals is None or measure.unit == "count":
        return figure.value
    if len(part) > figure.decimals:
        raise ValueRefusedError(
            "figure.decimals",
            f"公布数 {figure.value} 的小数多于所说的 {figure.decimals} 位",
            hint="请按原件核对公布数和小数位数",
        )
    return f"{whole}.{part.ljust(figure.decimals, '0')}" if figure.decimals else whole


def area_named(areas: AreaList, text: str, on: date) -> str:
    """Return the six-digit code of an area that holds on the day, by its code or its name. Raises ValueRefusedError."""
    plain = half_width(text)
    if plain.isascii() and plain.isdigit():
        return areas.get(plain, on).code
    return areas.named(plain, on).code

"""Reading the items of a pack that concern days and places: one function per kind, one value from one table."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, cast

from ledger.codes import FundLevel, NoticeChannel, NoticeTemplate
from ledger.rules.dated import MOMENTS, PUBLISHERS, Deadline, Disclosure, DueDays, Indicator, KeyArea, Target, Unit
from ledger.rules.reach import covers
from ledger.rules.table import Table
from ledger.workdays import CalendarYear

__all__ = [
    "read_calendar_year",
    "read_deadline",
    "read_disclosure",
    "read_due_days",
    "read_indicator",
    "read_key_area",
    "read_target",
]

_UNITS = ("calendar", "working")
_GRADES = ("national", "provincial")
_DIRECTIONS = ("at_least", "at_most")
_MOST_DAYS = 3_660


def read_target(table: Table, rates: Collection[tuple[str, str]]) -> Target:
    """Read what a rate must reach by a day of the plan year."""
    percent, share = table.percent("percent")
    target = Target(
        id=table.text("id"),
        set=table.choice("set", {name for name, _ in rates}),
        rate=table.text("rate"),
        by=table.month_day("by"),
        percent=percent,
        share=share,
        years=table.years("years"),
        areas=table.areas("areas"),
        jurisdiction=table.jurisdiction(),
        source=table.text("source"),
    )
    if (target.set, target.rate) not in rates:
        raise table.refused("rule.unknown_word", f"的 rate“{target.rate}”不在比率组“{target.set}”中")
    for area in sorted(target.areas):
        if not covers(target.jurisdiction, area):
            raise table.refused("rule.bad_value", f"的 areas 中 {area} 不在 jurisdiction {target.jurisdiction} 内")
    return target


def read_deadline(table: Table) -> Deadline:
    """Read how long may pass between two moments."""
    return Deadline(
        id=table.text("id"),
        name=table.text("name"),
        start=table.choice("start", MOMENTS),
        end=table.choice("end", MOMENTS),
        days=table.whole("days", 1, _MOST_DAYS),
        unit=_unit(table),
        level=table.choice("level", list(FundLevel)) if table.has("level") else "",
        jurisdiction=table.jurisdiction(),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        source=table.text("source"),
    )


def read_calendar_year(table: Table) -> CalendarYear:
    """Read the days off and the days worked of a year."""
    year = CalendarYear(
        year=table.year("year"), off=table.days("off"), work=table.days("work"), source=table.text("source")
    )
    if strange := sorted(day for day in year.off | year.work if day.year != year.year):
        raise table.refused("rule.bad_value", f"含有不在 {year.year} 年的日子 {strange[0]}")
    if both := sorted(year.off & year.work):
        raise table.refused("rule.bad_value", f"把 {both[0]} 既列为 off 又列为 work")
    return year


def read_due_days(table: Table) -> DueDays:
    """Read the days of every year on which something is due."""
    return DueDays(
        id=table.text("id"),
        name=table.text("name"),
        dates=table.month_days("dates"),
        jurisdiction=table.jurisdiction(),
        source=table.text("source"),
    )


def read_key_area(table: Table) -> KeyArea:
    """Read a county that gets preference."""
    return KeyArea(
        area=table.area("area"),
        grade=cast("Literal['national', 'provincial']", table.choice("grade", _GRADES)),
        source=table.text("source"),
    )


def read_disclosure(table: Table) -> Disclosure:
    """Read a duty to publish."""
    duty = Disclosure(
        id=table.text("id"),
        template=table.choice("template", list(NoticeTemplate)),
        by=table.choice("by", PUBLISHERS),
        after=table.choice("after", MOMENTS),
        within_days=table.whole("within_days", 1, _MOST_DAYS) if table.has("within_days") else None,
        min_days=table.whole("min_days", 1, _MOST_DAYS) if table.has("min_days") else None,
        unit=_unit(table),
        channels=table.codes("channels", NoticeChannel),
        fields=table.texts("fields"),
        jurisdiction=table.jurisdiction(),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        source=table.text("source"),
    )
    if duty.within_days is None and duty.min_days is None:
        raise table.refused("rule.missing", "缺少 within_days(多少日内公开)或 min_days(至少公开多少日)")
    return duty


def read_indicator(table: Table) -> Indicator:
    """Read a number that a document asks for."""
    text, target = table.number("target")
    return Indicator(
        id=table.text("id"),
        name=table.text("name"),
        unit=table.text("unit"),
        direction=cast("Literal['at_least', 'at_most']", table.choice("direction", _DIRECTIONS)),
        target=target,
        target_text=text,
        by=table.certain_day("by"),
        jurisdiction=table.jurisdiction(),
        clause=table.text("clause"),
        source=table.text("source"),
    )


def _unit(table: Table) -> Unit:
    return cast("Unit", table.choice("unit", _UNITS))

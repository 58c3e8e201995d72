"""The three times of the ledger, and the only clock of the program.

* **position** — how much the ledger knew: the number of an event in the log. Asking "as known at position 500"
  leaves out everything recorded later, whatever it is about.
* **recorded_at** — when the ledger learnt it: the moment given by the store under its lock, in UTC with milliseconds.
  It never runs backwards, so a moment can always be turned into a position.
* **effective_on** — when it happened in the world: the business date that stands on the document, a calendar day in
  China without a zone.

An entry made in May about a payment of March has a March ``effective_on`` and a May ``recorded_at``. People write and
read the time of Beijing, which is UTC+8 all year round.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TypeAlias

from ledger.characters import half_width, quoted
from ledger.errors import ValueRefusedError

__all__ = [
    "CHINA",
    "PlanYear",
    "check_plan_year",
    "days_between",
    "format_date",
    "from_utc_text",
    "months_after",
    "now_seconds",
    "now_utc_text",
    "parse_date",
    "parse_moment",
    "to_utc_text",
    "today",
]

PlanYear: TypeAlias = int
"""The year of the annual plan that money or a project belongs to; it stays when work runs into the next year."""

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Beijing time. Fixed, because nothing in the ledger is older than the end of summer time in 1991."""

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_FIRST_PLAN_YEAR = 2012
_MONTHS = 12

_DATE = re.compile(
    r"(?P<y>[0-9]{2}|[0-9]{4})(?:"
    r"(?P<mark>[-/.])(?P<m>[0-9]{1,2})(?P=mark)(?P<d>[0-9]{1,2})"
    r"|\s*年\s*(?P<m2>[0-9]{1,2})\s*月\s*(?P<d2>[0-9]{1,2})\s*日)"
    r"|(?P<y3>[0-9]{4})(?P<m3>[0-9]{2})(?P<d3>[0-9]{2})"
)
_MOMENT = re.compile(
    r"(?P<day>.+?)(?:\s*T\s*|\s+)"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?)?"
    r"\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_ACCEPTED = "请填写四位年份的日期,如 2022-04-08、2022/4/8、20220408、2022年4月8日"
_ACCEPTED_MOMENT = "请填写日期或日期加时间,如 2026-11-23、2026-11-23 14:51:36(北京时间)"


def parse_date(text: str) -> date:
    """Return the calendar day that ``text`` states, as people write it: ``2022-04-08``, ``2022.4.8``, ``2022年4月8日``.

    Raises `ValueRefusedError` with ``date.not_a_date``, ``date.two_digit_year``, ``date.year_out_of_range`` or
    ``date.no_such_day``.
    """
    read = _DATE.fullmatch(half_width(text))
    if read is None:
        raise ValueRefusedError("date.not_a_date", f"{quoted(text)}不是日期", hint=_ACCEPTED)
    year_digits = read["y"] or read["y3"]
    year, month = int(year_digits), int(read["m"] or read["m2"] or read["m3"])
    day = int(read["d"] or read["d2"] or read["d3"])
    if len(year_digits) == len("22"):
        raise ValueRefusedError("date.two_digit_year", f"日期{quoted(text)}的年份只有两位", hint=_ACCEPTED)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueRefusedError(
            "date.year_out_of_range",
            f"日期{quoted(text)}的年份不在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间",
            hint="请核对年份",
        )
    if not 1 <= month <= _MONTHS:
        raise ValueRefusedError("date.no_such_day", f"日期{quoted(text)}不存在:没有 {month} 月", hint=_ACCEPTED)
    last = (date(year + month // _MONTHS, month % _MONTHS + 1, 1) - timedelta(days=1)).day
    if not 1 <= day <= last:
        reason = f"{year} 年 {month} 月只有 1 日至 {last} 日"
        raise ValueRefusedError("date.no_such_day", f"日期{quoted(text)}不存在:{reason}", hint=_ACCEPTED)
    return date(year, month, day)


def format_date(day: date) -> str:
    """Return the day as ``2022-04-08``: sorts as text and reads the same in every program."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def parse_moment(text: str) -> datetime:
    """Return the aware moment that ``text`` states, in Beijing time unless it names a zone (``Z``, ``+08:00``).

    A date alone means the end of that day, so that "as known on 31 March" includes what was recorded on it.
    Raises `ValueRefusedError` like `parse_date`, and ``date.not_a_moment`` for a time that does not exist.
    """
    read = _MOMENT.fullmatch(half_width(text))
    if read is None:
        return datetime.combine(parse_date(text), time(23, 59, 59, 999_000), CHINA)
    day = parse_date(read["day"])
    try:
        clock = time(
            int(read["hour"]),
            int(read["minute"]),
            int(read["second"] or 0),
            int((read["fraction"] or "").ljust(6, "0")),
        )
        return datetime.combine(day, clock, _zone(read["zone"]))
    except ValueError:
        message = f"{quoted(text)}不是存在的时间"
        raise ValueRefusedError("date.not_a_moment", message, hint=_ACCEPTED_MOMENT) from None


def to_utc_text(moment: datetime) -> str:
    """Return the moment as ``2026-11-23T06:51:36.123Z``: milliseconds, rounded down, sortable as text.

    Raises `ValueRefusedError` ``date.no_zone`` for a moment without a zone.
    """
    if moment.utcoffset() is None:
        raise ValueRefusedError("date.no_zone", f"时间{quoted(moment)}没有时区", hint=_ACCEPTED_MOMENT)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def from_utc_text(text: str) -> datetime:
    """Return the moment that `to_utc_text` wrote; raises `ValueRefusedError` ``date.bad_utc_text`` for other text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo != UTC or to_utc_text(moment) != text:
        message = f"{quoted(text)}不是账本记录的时间格式"
        raise ValueRefusedError("date.bad_utc_text", message, hint="应形如 2026-11-23T06:51:36.123Z")
    return moment


def now_utc_text() -> str:
    """Return the present moment as `to_utc_text` writes it."""
    return to_utc_text(datetime.now(UTC))


def now_seconds() -> int:
    """Return whole seconds since 1970: the moment that a witness writes into its signature."""
    return int(datetime.now(UTC).timestamp())


def today() -> date:
    """Return the calendar day it is in China now."""
    return datetime.now(CHINA).date()


def check_plan_year(year: int) -> PlanYear:
    """Return ``year`` when a plan can belong to it: 2012, where the oldest asset scopes begin, to 2100.

    Raises `ValueRefusedError` ``date.plan_year_out_of_range``.
    """
    if isinstance(year, bool) or not isinstance(year, int) or not _FIRST_PLAN_YEAR <= year <= _LAST_YEAR:
        message = f"计划年度{quoted(year)}不在 {_FIRST_PLAN_YEAR} 至 {_LAST_YEAR} 之间"
        raise ValueRefusedError("date.plan_year_out_of_range", message, hint="请填写四位年份,如 2024")
    return year


def days_between(start: date, end: date) -> int:
    """Return the number of days from ``start`` to ``end``: 0 for one day, negative when ``end`` is earlier."""
    return (end - start).days


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    last = date(year + (month + 1) // _MONTHS, (month + 1) % _MONTHS + 1, 1) - timedelta(days=1)
    return date(year, month + 1, min(day.day, last.day))


def _zone(text: str | None) -> timezone:
    if text is None:
        return CHINA
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)

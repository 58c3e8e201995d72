"""What is odd about this computer's clock, by the last entry of a ledger: the moment of an entry is for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import click

from cli.words import beijing
from ledger.dates import from_utc_text, now_utc_text

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["clock_oddity", "warn_of_clock"]

_BACKWARDS: Final = timedelta(minutes=5)  # two offices' computers are never quite of one mind
_ONWARDS: Final = timedelta(days=400)  # no bureau leaves its ledger alone for longer than a year


def clock_oddity(engine: Engine) -> str:
    """Return in Chinese how far the clock is from what can be; empty where it is not."""
    from ledger.database import read_transaction
    from ledger.log.reading import head

    with read_transaction(engine) as connection:
        recorded = head(connection).recorded_at
    if not recorded:
        return ""
    now, last = now_utc_text(), from_utc_text(recorded)
    if last - from_utc_text(now) > _BACKWARDS:
        return f"电脑的时间 {beijing(now)} 早于最近一次记账 {beijing(recorded)}"
    if from_utc_text(now) - last > _ONWARDS:
        return f"电脑的时间 {beijing(now)} 比最近一次记账 {beijing(recorded)} 晚了一年多"
    return ""


def warn_of_clock(engine: Engine) -> None:
    """Say before recording what is odd about the clock."""
    odd = clock_oddity(engine)
    if odd:
        click.echo(f"提醒:{odd}。记账时间不会倒退,也改不了:请先核对电脑的时间", err=True)

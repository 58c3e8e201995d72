"""Decisions at the end of a year: balances carried over, books closed, and what is entered after that.

Source: funds.md 7.2 (CarriedOver, YearClosed).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ledger.areas import AreaList
from ledger.domain.command import AreaRef, Command, Ident, Year
from ledger.domain.history import misplaced
from ledger.domain.tranche import Tranche
from ledger.errors import RuleRefusedError
from ledger.events import Event, TrancheCarriedOver, YearClosed
from ledger.money import format_yuan

__all__ = [
    "Books",
    "CarryOverTranche",
    "CloseYear",
    "check_open",
    "decide_carry_over",
    "decide_close",
    "evolve_books",
    "last_day",
]


class CarryOverTranche(Command):
    """Carry over what a tranche had left at the end of a year."""

    tranche: Ident
    from_year: Year


class CloseYear(Command):
    """Close the books of an area for a year."""

    area: AreaRef
    year: Year


@dataclass(frozen=True, slots=True)
class Books:
    """What is known of an area's books of one year."""

    closed_on: date | None = None


def evolve_books(state: Books, event: Event) -> Books:
    """Return the state after one more event."""
    if isinstance(event, YearClosed):
        return replace(state, closed_on=event.effective_on)
    raise misplaced(event)


def last_day(year: int) -> date:
    """Return the day on which the books of a year end."""
    return date(year, 12, 31)


def decide_carry_over(state: Tranche, at_end: Tranche, command: CarryOverTranche) -> list[Event]:
    """Carry over exactly what was left; ``at_end`` is the tranche as of the last day of the year.

    Raises:
        NotFoundError: the tranche is unknown.
        RuleRefusedError: carried over before, the money came later, the year is not over, or more was given out on
            that day than was there.
    """
    state.must_exist(command.tranche)
    if command.from_year in state.carried_years:
        raise RuleRefusedError(
            "carry_over.repeated",
            f"资金批次“{command.tranche}”{command.from_year} 年末的余额已经结转(现余额"
            f" {format_yuan(state.available_fen)} 元)",
            hint="若上次记错,用 xianjie correct 更正",
            rule="一年结转一次;出处 funds.md 7.2",
        )
    if not at_end.exists:
        raise RuleRefusedError(
            "carry_over.not_arrived",
            f"资金批次“{command.tranche}”{state.first_on} 才到账,{command.from_year} 年末没有余额可结转",
            hint="请核对结转年度",
            rule="结转年末余额;出处 funds.md 7.2",
        )
    _check_over(command.from_year, command, "结转")
    if at_end.available_fen < 0:
        raise RuleRefusedError(
            "carry_over.negative",
            f"资金批次“{command.tranche}”{command.from_year} 年末的余额为"
            f" {format_yuan(at_end.available_fen)} 元,不能结转",
            hint="请用 xianjie fund show 核对各笔的业务日期,有误的用 xianjie correct 更正",
            rule="R14 分解+安排+收回≤下达;出处 funds.md 8.2(延津 2022 [S46])",
        )
    return [
        TrancheCarriedOver(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            **state.dimensions(),
            from_year=command.from_year,
            balance_fen=at_end.available_fen,
        )
    ]


def decide_close(state: Books, command: CloseYear, areas: AreaList) -> list[Event]:
    """Close the books of a year, once.

    Raises:
        RuleRefusedError: closed before, or the year is not over and no reason was given.
        ValueRefusedError: unknown area.
    """
    areas.get(command.area, command.on)
    if state.closed_on is not None:
        raise RuleRefusedError(
            "year.closed_twice",
            f"{areas.name(command.area)}({command.area}){command.year} 年度已于 {state.closed_on} 结账",
            hint="若上次记错,用 xianjie correct 更正",
            rule="一年结账一次;出处 funds.md 7.2",
        )
    _check_over(command.year, command, "结账")
    return [
        YearClosed(
            effective_on=command.on,
            document=command.document,
            reason=command.reason,
            area=command.area,
            year=command.year,
        )
    ]


def check_open(state: Books, area: str, command: Command) -> None:
    """Refuse an entry into closed books, unless a reason is given."""
    if state.closed_on is not None and not command.reason:
        raise RuleRefusedError(
            "year.closed",
            f"{area} {command.on.year} 年度已于 {state.closed_on} 结账,不能再登记 {command.on} 的资金业务",
            hint="请核对业务日期;确属补记的,用 --reason 说明原因",
            rule="结账后补记须说明原因;出处 funds.md 7.2",
        )


def _check_over(year: int, command: Command, what: str) -> None:
    if command.on < last_day(year) and not command.reason:
        raise RuleRefusedError(
            "year.not_over",
            f"{command.on} 时 {year} 年度尚未结束({last_day(year)}),不能{what}",
            hint="请核对年度和日期;确须提前的,用 --reason 说明",
            rule="年终结转、结账;出处 funds.md 7.2",
        )

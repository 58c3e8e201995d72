"""What a contract makes due and when: given one by one, or so many instalments of each year's return.

Source: assets.md 4.1 (洛浦: half before 1 July, half before 31 December [A17]).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from ledger.characters import half_width, quoted
from ledger.codes import ContractMoney
from ledger.dates import months_after
from ledger.domain.command import Day, Fen
from ledger.domain.contract import Terms
from ledger.errors import RuleRefusedError, ValueRefusedError
from ledger.events import Due
from ledger.money import apportion

__all__ = ["DuePart", "MonthDay", "check_dues", "instalments", "parse_month_day"]

_MONTH_DAY = re.compile(r"(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])")
_COMMON_YEAR = 2023


def parse_month_day(text: str) -> str:
    """Return the day of every year that ``text`` names, as ``06-30``.

    Raises:
        ValueRefusedError: not a month and a day that every year has.
    """
    found = _MONTH_DAY.fullmatch(half_width(text))
    try:
        day = date(_COMMON_YEAR, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise ValueRefusedError("contract.month_day", f"{quoted(text)}不是每年都有的月日", hint="请写成 月-日,如 06-30")
    return f"{day:%m-%d}"


MonthDay = Annotated[str, AfterValidator(parse_month_day)]


class DuePart(BaseModel):
    """One amount that is due on a day, in a command."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    on: Day
    amount_fen: Fen
    what: Literal["rent", "principal", "buy_back"] = "rent"

    def due(self) -> Due:
        """Return it as an event writes it down."""
        return Due(on=self.on, amount_fen=self.amount_fen, what=self.what)


def instalments(terms: Terms, days: Sequence[str]) -> list[Due]:
    """Return the rent of every year of the term in equal instalments, which add up to the yearly return exactly.

    Each year of the contract, counted from its first day, has each of the days once.

    Raises:
        RuleRefusedError: the yearly return is not known beforehand, or the term is not a number of whole years.
        ValueRefusedError: a day is named twice.
    """
    if len(set(days)) < len(days):
        raise ValueRefusedError("contract.instalment_doubled", "同一个应收日写了两次", hint="请核对 --instalments")
    yearly = terms.yearly_fen
    if not yearly:
        raise RuleRefusedError(
            "contract.return_unknown",
            "一年应收多少还不能确定,不能按年分期",
            hint="收益按基数比例的,请写明 --base-amount;按利润、按单位的,确定之后用 --due 逐笔写明",
        )
    years = _whole_years(terms)
    parts = apportion(yearly, [Fraction(1)] * len(days))
    first = sorted(_first_after(terms.from_on, day) for day in days)
    return [
        Due(on=day.replace(year=day.year + number), amount_fen=fen)
        for number in range(years)
        for day, fen in zip(first, parts, strict=True)
        if fen
    ]


def _whole_years(terms: Terms) -> int:
    after = terms.to_on + timedelta(days=1)
    years = after.year - terms.from_on.year
    if months_after(terms.from_on, 12 * years) not in {terms.to_on, after}:  # people write the anniversary too
        raise RuleRefusedError(
            "contract.part_year",
            f"合同期 {terms.from_on} 至 {terms.to_on} 不是整年,不能按年分期",
            hint="请用 --due 逐笔写明应收日期和金额",
        )
    return years


def _first_after(begin: date, month_day: str) -> date:
    """Return when the day comes for the first time, from a day on."""
    found = date.fromisoformat(f"{begin.year}-{month_day}")
    return found if found >= begin else found.replace(year=begin.year + 1)


def check_dues(terms: Terms, signed_on: date, reason: str) -> None:
    """Refuse dues that nobody could mean.

    Raises:
        ValueRefusedError: something is due before the contract is signed, or one kind of money twice on a day.
        RuleRefusedError: rent is due after the term and no reason is given.
    """
    seen = set()
    for due in terms.dues:
        if due.on < min(signed_on, terms.from_on):
            raise ValueRefusedError(
                "contract.due_early",
                f"应收日期 {due.on} 早于签订日期 {signed_on} 和起始日期 {terms.from_on}",
                hint="请核对 --due",
            )
        if (due.on, due.what) in seen:
            raise ValueRefusedError(
                "contract.due_doubled", f"{due.on} 的{ContractMoney(due.what).zh}写了两次", hint="请合并为一笔"
            )
        seen.add((due.on, due.what))
        if due.what == "rent" and due.on > terms.to_on and not reason:
            raise RuleRefusedError(
                "contract.due_late",
                f"租金或收益的应收日期 {due.on} 晚于合同截止日期 {terms.to_on}",
                hint="请核对日期;约定到期后收取的,用 --reason 说明",
            )

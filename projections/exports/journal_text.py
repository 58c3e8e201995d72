"""A journal as text for two bookkeeping programs: Beancount and hledger (which ``ledger`` reads as well).

Exact and complete: every amount is written out, nothing is padded or left to be inferred, balances are asserted without
tolerance. Accounts are ASCII with code prefixes; Chinese stands in descriptions, where every program takes it.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from projections.exports.journal import Balance, Entry, Journal

__all__ = ["beancount_lines", "hledger_lines"]

_CURRENCY: Final = "CNY"


def beancount_lines(journal: Journal, title: str, topic_name: Callable[[str], str]) -> Iterator[str]:
    """Yield the lines of a Beancount file; a balance there is that of the morning, so month ends stand a day later."""
    yield f'option "title" "{_quoted(title)}"'
    yield f'option "operating_currency" "{_CURRENCY}"'
    if not journal.entries:
        return
    opened = journal.entries[0].on
    yield f"{opened} commodity {_CURRENCY}"
    for account in journal.accounts:
        yield f"{opened} open {account} {_CURRENCY}"
    for entry in journal.entries:
        yield ""
        yield f'{entry.on} * "{_quoted(_description(entry, topic_name))}" "{_quoted(entry.document)}"'
        yield f"  event_id: {entry.position}"
        for account, fen in entry.postings:
            yield f"  {account}  {_yuan(fen)} {_CURRENCY}"
    yield ""
    for day, account, fen in journal.balances:
        yield f"{day + timedelta(days=1)} balance {account}  {_yuan(fen)} ~ 0.00 {_CURRENCY}"


def hledger_lines(journal: Journal, title: str, topic_name: Callable[[str], str]) -> Iterator[str]:
    """Yield the lines of an hledger journal: accounts and commodity declared, balances asserted at each month's end."""
    yield f"; {_plain(title)}"
    yield f"commodity 1000.00 {_CURRENCY}"
    yield ""
    for account in journal.accounts:
        yield f"account {account}"
    balances = {day: list(of_day) for day, of_day in groupby(journal.balances, key=lambda balance: balance.on)}
    days = sorted(balances)
    for entry in journal.entries:
        while days and days[0] < entry.on:
            yield from _asserted(balances, days.pop(0))
        yield ""
        yield f"{entry.on} * ({entry.position}) {_plain(_description(entry, topic_name))} | {_plain(entry.document)}"
        for account, fen in entry.postings:
            yield f"    {account}  {_yuan(fen)} {_CURRENCY}"
    for day in days:
        yield from _asserted(balances, day)


def _asserted(balances: Mapping[date, Sequence[Balance]], day: date) -> Iterator[str]:
    yield ""
    yield f"{day} * 月末核对"
    for _, account, fen in balances[day]:
        yield f"    {account}  0.00 {_CURRENCY} = {_yuan(fen)} {_CURRENCY}"


def _description(entry: Entry, topic_name: Callable[[str], str]) -> str:
    taken_back = f"冲销第 {entry.reverses} 号:" if entry.reverses else ""
    return f"{taken_back}{topic_name(entry.topic)}"


def _yuan(fen: int) -> str:
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _plain(text: str) -> str:
    """Return text for a line of hledger, where ``;`` begins a comment and ``|`` parts the description."""
    return text.replace("\n", " ").replace(";", ",").replace("|", "/")

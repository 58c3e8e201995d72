"""Rates of assets: registered, confirmed, certified, handed over, booked, kept, idle, revived, published, earning.

No document defines one (assets.md 6), so they are rule data marked as assumed, by number and by original value, and
each row shows both integers. Unlike ``rates`` this counts a stock: assets formed in any year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.counting import Counting
from projections.rate_rows import RateRow, rate_answer
from projections.scope import Answer, Question, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["asset_rates"]

_DEFAULT_SET: Final = "assets"


def asset_rates(engine: Engine, question: Question, rate_set: str | None = None) -> Answer[RateRow]:
    """Return the rates of assets by county, town or class, and in total; ``question.year`` is the year formed.

    Rates of income are those of the calendar year of ``as_of``. Income has no year formed, so a question about one
    leaves them out.

    Raises:
        NotFoundError: no rule pack was in force, or it has no such set.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        every = scope.rules.rates(rate_set or _DEFAULT_SET)
        chosen = [rate for rate in every if scope.year is None or rate.subject != "income"]
        return rate_answer("asset_rates", scope, chosen, Counting(scope, chosen, stock=True))

"""Rates by the rule pack's definitions: counts of projects and assets, and sums of money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.counting import Counting
from projections.rate_rows import RateRow, rate_answer
from projections.scope import Answer, Question, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["ALL_SETS", "RateRow", "rates"]

ALL_SETS: Final = "all"
"""The name that asks for every set of the pack."""


def rates(engine: Engine, question: Question, rate_set: str | None = None) -> Answer[RateRow]:
    """Return the rates of a set (None: the pack's default set) by county, town or type, and in total.

    Rates of income are no figures of a plan year: ``asset_rates`` has them.

    Raises:
        NotFoundError: no rule pack was in force, or it has no such set.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        chosen = scope.rules.all_rates if rate_set == ALL_SETS else scope.rules.rates(rate_set)
        of_a_year = [rate for rate in chosen if rate.subject != "income"]
        return rate_answer("rates", scope, of_a_year, Counting(scope, of_a_year))

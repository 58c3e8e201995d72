"""Money by level of government and measure: what the facts sum to, and what one more event would add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy import func, select

from projections.facts import facts_of
from projections.tables import fact_money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from ledger.events import Event

__all__ = ["LevelMeasure", "added_by", "money_by_level"]

LevelMeasure: TypeAlias = tuple[str, str]
"""The level of the money (empty: of several) and what became of it: ``issued``, ``allocated``, ``paid`` …."""

_PLACES: Final = {column.name: index for index, column in enumerate(fact_money.columns)}


def money_by_level(connection: Connection) -> dict[LevelMeasure, int]:
    """Return all money of the ledger in fen, by level and measure."""
    facts = fact_money.c
    sums = select(facts.level, facts.measure, func.sum(facts.amount_fen)).group_by(facts.level, facts.measure)
    return {(level, measure): int(fen) for level, measure, fen in connection.execute(sums)}


def added_by(event: Event) -> Iterator[tuple[LevelMeasure, int]]:
    """Yield what an event that is not recorded yet would add, in fen; negative where it takes away."""
    for table, row in facts_of(event, 0, ""):
        if table == fact_money.name:
            yield (row[_PLACES["level"]], row[_PLACES["measure"]]), row[_PLACES["amount_fen"]]

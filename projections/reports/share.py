"""The industry share: how much of the money went to industry, by every pair of numerator and denominator.

The pair decides the answer (funds.md 2.4: one real notice gives 56.77, 64.66 or 65.31 per cent), so all pairs of the
rule pack are shown, each with both integers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from projections.adjustable import adjustable
from projections.quotients import ShareRow, pair_cells, pair_definitions, share_rows
from projections.scope import Answer, Question, open_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from projections.adjustable import Room

__all__ = ["ShareRow", "share"]


def share(engine: Engine, question: Question) -> Answer[ShareRow]:
    """Return the industry share of an area and plan year, by county, town or project type, and in total.

    Raises:
        NotFoundError: no rule pack was in force.
        ValueRefusedError: the question cannot be answered as put.
    """
    with open_scope(engine, question) as scope:
        rows = share_rows(scope, pair_cells(scope))
        if any(row.short_fen for row in rows):
            rooms = adjustable(scope)
            rows = tuple(_with_rooms(row, rooms) for row in rows)
        return Answer("share", scope, rows, {"definitions": pair_definitions(scope.rules)})


def _with_rooms(row: ShareRow, rooms: list[Room]) -> ShareRow:
    """Return a row that lacks money with the projects of its own area that could take it."""
    if not row.short_fen:
        return row
    here = [room for room in rooms if row.place.row == "total" or room.part == row.place.area]
    return replace(row, adjustable_projects=len(here), adjustable_fen=sum(room.room_fen for room in here))

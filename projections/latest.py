"""Which of several descriptions of one thing counts: the newest that nobody took back.

Facts are append-only: a changed record or a new report of progress is one more row. Of those that were known and had
happened, the one of the greatest day counts, on one day the one that was recorded last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Subquery, Table

    from projections.scope import Scope

__all__ = ["latest", "written_by"]


def latest(scope: Scope, table: Table, keys: Sequence[str], *, wherever: bool = False) -> Subquery:
    """Return a select of the keys and the ``origin`` of the event that last described each of them.

    ``keys`` are the columns of the table that say what is described. Filter by other columns only after joining with
    ``written_by``: before, an older description would take the place of one that is filtered out. So of things that
    may move ask ``wherever`` they are, and by ``scope.inside`` after joining.
    """
    key_columns = [table.c[key] for key in keys]
    living = (
        select(*key_columns, table.c.effective_on, table.c.origin)
        .where(scope.happened(table) if wherever else scope.within(table))
        .group_by(*key_columns, table.c.effective_on, table.c.origin)
        .having(func.sum(table.c.sign) > 0)
        .subquery()
    )
    found = [living.c[key] for key in keys]
    newest_first = (living.c.effective_on.desc(), living.c.origin.desc())
    order = func.row_number().over(partition_by=found, order_by=newest_first).label("nth")
    ranked = select(*found, living.c.origin, order).subquery()
    return select(*(ranked.c[key] for key in keys), ranked.c.origin).where(ranked.c.nth == 1).subquery()


def written_by(newest: Subquery, table: Table) -> ColumnElement[bool]:
    """Return the condition for the rows that the events of ``latest`` wrote: whole rows, all of one event together."""
    same = [table.c[key.name] == key for key in newest.c if key.name != "origin"]
    return and_(table.c.position == newest.c.origin, table.c.sign > 0, *same)
